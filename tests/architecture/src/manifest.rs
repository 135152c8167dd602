//! The manifest of a crate.

use std::io;

use toml::{Table, Value};

/// A crate's `Cargo.toml`.
#[derive(Debug, Clone)]
pub struct Manifest {
    /// Where it lies, from the root of the workspace.
    pub path: String,
    /// The name of the crate.
    pub name: String,
    /// What it says.
    pub table: Table,
}

/// What a dependency is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// The crate itself.
    Normal,
    /// Its tests.
    Dev,
    /// Its build script.
    Build,
}

impl Section {
    const ALL: [(Self, &'static str); 3] = [
        (Self::Normal, "dependencies"),
        (Self::Dev, "dev-dependencies"),
        (Self::Build, "build-dependencies"),
    ];
}

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    ///
    /// If it is no TOML, or names no package.
    pub fn parse(path: &str, text: &str) -> io::Result<Self> {
        let wrong = |what: String| io::Error::new(io::ErrorKind::InvalidData, what);
        let table: Table = text.parse().map_err(|error| wrong(format!("{path}: {error}")))?;
        let name = table
            .get("package")
            .and_then(|package| package.get("name"))
            .and_then(Value::as_str)
            .ok_or_else(|| wrong(format!("{path}: no package is named")))?
            .to_owned();
        Ok(Self { path: path.to_owned(), name, table })
    }

    /// The folder of the crate, from the root of the workspace.
    #[must_use]
    pub fn folder(&self) -> &str {
        self.path.strip_suffix("/Cargo.toml").unwrap_or_default()
    }

    /// The packages that the crate depends on, on whatever platform, each with what it is for.
    ///
    /// A dependency under another name is listed by the package's own.
    #[must_use]
    pub fn dependencies(&self) -> Vec<(Section, &str)> {
        let targets = self.table.get("target").and_then(Value::as_table);
        let platforms = targets.into_iter().flat_map(Table::values).filter_map(Value::as_table);
        let mut found = Vec::new();
        for table in std::iter::once(&self.table).chain(platforms) {
            for (section, key) in Section::ALL {
                let own = table.get(key).and_then(Value::as_table);
                for (name, how) in own.into_iter().flatten() {
                    let package = how.get("package").and_then(Value::as_str);
                    found.push((section, package.unwrap_or(name)));
                }
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dependencies_are_found_in_all_sections_and_under_their_own_names() {
        let text = r#"
            [package]
            name = "x"
            [dependencies]
            a.workspace = true
            renamed = { package = "b", version = "1" }
            [dev-dependencies]
            c = "1"
            [target.'cfg(unix)'.build-dependencies]
            d = "1"
        "#;
        let manifest = Manifest::parse("x/Cargo.toml", text).unwrap();
        assert_eq!(
            manifest.dependencies(),
            [
                (Section::Normal, "a"),
                (Section::Normal, "b"),
                (Section::Dev, "c"),
                (Section::Build, "d")
            ]
        );
        assert_eq!(manifest.folder(), "x");
    }

    #[test]
    fn a_manifest_without_a_package_is_refused() {
        assert!(Manifest::parse("x/Cargo.toml", "[workspace]").is_err());
        assert!(Manifest::parse("x/Cargo.toml", "[").is_err());
    }
}
