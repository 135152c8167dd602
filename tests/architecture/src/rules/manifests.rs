//! What every crate takes from the workspace.

use toml::Value;

use crate::{Fault, House, Manifest};

/// The fields of a package that the workspace says once for all.
const SHARED: [&str; 5] = ["version", "edition", "rust-version", "license", "publish"];

/// Every crate takes its lints, its edition and the like from the workspace, and its dependencies'
/// versions too.
#[must_use]
pub fn every_crate_inherits_from_the_workspace(house: &House) -> Vec<Fault> {
    let mut faults = Vec::new();
    for manifest in &house.manifests {
        if !inherits(manifest.table.get("lints")) {
            faults.push(Fault::of(&manifest.path, "does not inherit the workspace's lints"));
        }
        for field in SHARED {
            let package = manifest.table.get("package");
            if !inherits(package.and_then(|package| package.get(field))) {
                let what = format!("does not inherit `{field}` from the workspace");
                faults.push(Fault::of(&manifest.path, what));
            }
        }
        for name in own_versions(manifest) {
            let what = format!("`{name}` has a version of its own; name it in the workspace");
            faults.push(Fault::of(&manifest.path, what));
        }
    }
    faults
}

fn inherits(field: Option<&Value>) -> bool {
    field.and_then(|field| field.get("workspace")).and_then(Value::as_bool) == Some(true)
}

/// The dependencies for which the crate itself says a version.
fn own_versions(manifest: &Manifest) -> Vec<&str> {
    let tables = ["dependencies", "dev-dependencies", "build-dependencies"];
    let sections = tables.iter().filter_map(|table| manifest.table.get(*table)?.as_table());
    let has_version =
        |how: &Value| how.is_str() || how.get("version").is_some() || how.get("git").is_some();
    sections.flatten().filter(|(_, how)| has_version(how)).map(|(name, _)| name.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{house, manifest};

    const GOOD: &str = "version.workspace = true\nedition.workspace = true\n\
        rust-version.workspace = true\nlicense.workspace = true\npublish.workspace = true\n\
        [lints]\nworkspace = true\n";

    fn faults(lines: &str) -> usize {
        let text = manifest("x", lines);
        every_crate_inherits_from_the_workspace(&house(&[("x/Cargo.toml", &text)])).len()
    }

    #[test]
    fn a_crate_that_inherits_is_good() {
        assert_eq!(faults(GOOD), 0);
        let own = format!("{GOOD}[dependencies]\na.workspace = true\nb = {{ path = \"../b\" }}\n");
        assert_eq!(faults(&own), 0);
    }

    #[test]
    fn a_crate_with_ways_of_its_own_is_found() {
        assert_eq!(faults(&GOOD.replace("[lints]\nworkspace = true\n", "")), 1);
        assert_eq!(faults(&GOOD.replace("[lints]\nworkspace = true", "[lints.clippy]")), 1);
        assert_eq!(faults(&GOOD.replace("edition.workspace = true", "edition = \"2021\"")), 1);
        assert_eq!(faults(&format!("{GOOD}[dev-dependencies]\na = \"1\"\n")), 1);
    }
}
