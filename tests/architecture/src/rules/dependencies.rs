//! Who may depend on whom.

use crate::{Fault, House, Manifest};

/// What a crate is, and so on what it may depend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layer {
    /// Decides, folds or evaluates. Depends on the crates that are named here and no other of ours.
    Pure(&'static [&'static str]),
    /// What services are made with. Depends on pure crates and on plumbing.
    Plumbing,
    /// A service. Depends on pure crates and on plumbing, on no other service.
    Service,
    /// The binary: the one place where everything comes together. Nothing depends on it.
    Binary,
    /// Builds and tests the rest, and depends on nothing of it.
    Tool,
    /// A black box test.
    Test,
}

const EVENTS: &str = "fullmakt-events";
const PROJECTIONS: &str = "fullmakt-projections";
const XACML: &str = "fullmakt-xacml";
/// The only crate of the product that knows Kafka.
const EVENTLOG: &str = "fullmakt-eventlog";
/// Measures the event log beside Kafka's own client.
const BENCH: &str = "fullmakt-bench";

/// Every crate that is no test.
const LAYERS: [(&str, Layer); 23] = [
    (EVENTS, Layer::Pure(&[])),
    ("fullmakt-domain", Layer::Pure(&[EVENTS])),
    (PROJECTIONS, Layer::Pure(&[EVENTS])),
    (XACML, Layer::Pure(&[])),
    ("fullmakt-access", Layer::Pure(&[EVENTS, PROJECTIONS, XACML])),
    ("fullmakt-migrations", Layer::Plumbing),
    ("fullmakt-config", Layer::Plumbing),
    (EVENTLOG, Layer::Plumbing),
    ("fullmakt-http", Layer::Plumbing),
    ("fullmakt-ledger", Layer::Plumbing),
    ("fullmakt-pep", Layer::Plumbing),
    ("fullmakt-reading", Layer::Plumbing),
    ("fullmakt-readstore", Layer::Plumbing),
    ("fullmakt-telemetry", Layer::Plumbing),
    ("fullmakt-vault", Layer::Plumbing),
    ("fullmakt-wire", Layer::Plumbing),
    ("fullmakt-audit", Layer::Service),
    ("fullmakt-commands", Layer::Service),
    ("fullmakt-pdp", Layer::Service),
    ("fullmakt-queries", Layer::Service),
    ("fullmakt-tokens", Layer::Service),
    ("fullmakt", Layer::Binary),
    ("xtask", Layer::Tool),
];

/// Every crate is of a layer, so that no crate escapes the rules by being new.
#[must_use]
pub fn every_crate_has_a_layer(house: &House) -> Vec<Fault> {
    let without = house.manifests.iter().filter(|manifest| layer_of(manifest).is_none());
    without
        .map(|manifest| {
            let what = format!("`{}` is of no layer; name it in `LAYERS`", manifest.name);
            Fault::of(&manifest.path, what)
        })
        .collect()
}

/// Crates depend on the layers below them only: pure crates on named pure crates, plumbing and
/// services on these and on plumbing, and nobody on a service or the binary but the binary and the
/// tests.
#[must_use]
pub fn crates_depend_only_on_the_layers_below(house: &House) -> Vec<Fault> {
    let mut faults = Vec::new();
    for manifest in &house.manifests {
        let Some(own) = layer_of(manifest) else { continue };
        for (section, name) in manifest.dependencies() {
            let Some(other) = house.manifests.iter().find(|other| other.name == name) else {
                continue;
            };
            // A crate names itself to have its own tests turn a feature on.
            let is_itself = other.name == manifest.name;
            let may = layer_of(other).is_none_or(|layer| may_depend(own, layer, name));
            if !is_itself && !may {
                let what = format!("`{}` depends on `{name}` ({section:?})", manifest.name);
                faults.push(Fault::of(&manifest.path, what));
            }
        }
    }
    faults
}

/// Only the event log knows Kafka, and what measures it.
#[must_use]
pub fn only_eventlog_names_kafka(house: &House) -> Vec<Fault> {
    let mut faults = Vec::new();
    let know_it = [EVENTLOG, BENCH];
    for manifest in house.manifests.iter().filter(|own| !know_it.contains(&own.name.as_str())) {
        if manifest.dependencies().iter().any(|(_, name)| name.starts_with("rdkafka")) {
            let what = format!("`{}` depends on `rdkafka`", manifest.name);
            faults.push(Fault::of(&manifest.path, what));
        }
        for source in house.sources_of(manifest.folder()) {
            for line in source.lines_with("rdkafka") {
                faults.push(Fault::at(&source.path, line, "names `rdkafka`"));
            }
        }
    }
    faults
}

/// The crates that are pure.
pub(super) fn pure_crates(house: &House) -> impl Iterator<Item = &Manifest> {
    house.manifests.iter().filter(|manifest| matches!(layer_of(manifest), Some(Layer::Pure(_))))
}

fn layer_of(manifest: &Manifest) -> Option<Layer> {
    if manifest.path.starts_with("tests/") {
        return Some(Layer::Test);
    }
    LAYERS.iter().find(|(name, _)| *name == manifest.name).map(|(_, layer)| *layer)
}

fn may_depend(own: Layer, other: Layer, name: &str) -> bool {
    match (own, other) {
        (Layer::Pure(named), Layer::Pure(_)) => named.contains(&name),
        (Layer::Plumbing | Layer::Service, Layer::Pure(_) | Layer::Plumbing)
        | (Layer::Binary, Layer::Pure(_) | Layer::Plumbing | Layer::Service)
        | (
            Layer::Test,
            Layer::Pure(_) | Layer::Plumbing | Layer::Service | Layer::Binary | Layer::Test,
        ) => true,
        (
            Layer::Pure(_),
            Layer::Plumbing | Layer::Service | Layer::Binary | Layer::Tool | Layer::Test,
        )
        | (
            Layer::Plumbing | Layer::Service,
            Layer::Service | Layer::Binary | Layer::Tool | Layer::Test,
        )
        | (Layer::Binary, Layer::Binary | Layer::Tool | Layer::Test)
        | (
            Layer::Tool,
            Layer::Pure(_)
            | Layer::Plumbing
            | Layer::Service
            | Layer::Binary
            | Layer::Tool
            | Layer::Test,
        )
        | (Layer::Test, Layer::Tool) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{house, manifest};

    /// The faults if the crate `name` in `folder` depends on `on` in this section.
    fn faults(folder: &str, name: &str, section: &str, on: &str) -> usize {
        let own = manifest(name, &format!("[{section}]\n{on}.workspace = true\n"));
        let other = manifest(on, "");
        let files = [(format!("{folder}/Cargo.toml"), own), (format!("o/{on}/Cargo.toml"), other)];
        let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), &**text)).collect();
        crates_depend_only_on_the_layers_below(&house(&files)).len()
    }

    #[test]
    fn a_pure_crate_depends_on_no_other_than_those_it_may() {
        assert_eq!(faults("a", "fullmakt-projections", "dependencies", "fullmakt-events"), 0);
        assert_eq!(faults("a", "fullmakt-projections", "dependencies", "fullmakt-domain"), 1);
        assert_eq!(faults("a", "fullmakt-projections", "dev-dependencies", "fullmakt-domain"), 1);
        assert_eq!(faults("a", "fullmakt-xacml", "dependencies", "fullmakt-events"), 1);
        assert_eq!(faults("a", "fullmakt-events", "build-dependencies", "fullmakt-http"), 1);
    }

    #[test]
    fn a_service_depends_on_no_other_service() {
        assert_eq!(faults("a", "fullmakt-pdp", "dependencies", "fullmakt-pep"), 0);
        assert_eq!(faults("a", "fullmakt-pdp", "dependencies", "fullmakt-queries"), 1);
        assert_eq!(faults("a", "fullmakt-pdp", "dev-dependencies", "fullmakt-commands"), 1);
        assert_eq!(faults("a", "fullmakt-http", "dependencies", "fullmakt-queries"), 1);
    }

    #[test]
    fn nothing_but_tests_depends_on_the_binary() {
        assert_eq!(faults("services/pdp", "fullmakt-pdp", "dependencies", "fullmakt"), 1);
        assert_eq!(faults("a", "xtask", "dependencies", "fullmakt"), 1);
        assert_eq!(faults("tests/x", "fullmakt-x", "dependencies", "fullmakt"), 0);
    }

    #[test]
    fn a_crate_that_nobody_placed_is_found() {
        let own = manifest("fullmakt-new", "");
        let files = [("services/new/Cargo.toml", own.as_str()), ("tests/new/Cargo.toml", &own)];
        let faults = every_crate_has_a_layer(&house(&files));
        assert_eq!(crate::sample::places(&faults), [("services/new/Cargo.toml", None)]);
    }

    #[test]
    fn kafka_is_found_in_manifests_and_in_code() {
        let own = manifest("fullmakt-pdp", "[dependencies]\nrdkafka.workspace = true\n");
        let log = manifest("fullmakt-eventlog", "[dependencies]\nrdkafka.workspace = true\n");
        let files = [
            ("p/Cargo.toml", own.as_str()),
            ("p/src/lib.rs", "// rdkafka\nuse rdkafka::Message;"),
            ("e/Cargo.toml", &log),
            ("e/src/lib.rs", "use rdkafka::Message;"),
        ];
        let faults = only_eventlog_names_kafka(&house(&files));
        assert_eq!(
            crate::sample::places(&faults),
            [("p/Cargo.toml", None), ("p/src/lib.rs", Some(2))]
        );
    }
}
