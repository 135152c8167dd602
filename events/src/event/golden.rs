//! The golden files: what this release has to be able to read for ever.
//!
//! `events/golden/{wire name}.{schema}.json`, or with a variant's name before `.json`, is an event as
//! it stands in a commit; `genesis`, `tick` and `commit` are whole records.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use serde_json::Value;

use super::*;
use crate::{LedgerRecord, RecordedEvent, StreamName, decode, encode};

fn golden_files() -> BTreeMap<String, String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("golden");
    let text = |path: &Path| fs::read_to_string(path).unwrap();
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    files
        .map(|path| {
            assert_eq!(path.extension().unwrap(), "json", "{}", path.display());
            (path.file_stem().unwrap().to_str().unwrap().to_owned(), text(&path))
        })
        .collect()
}

fn is_record(name: &str) -> bool {
    ["genesis", "tick", "commit"].contains(&name.split('.').next().unwrap())
}

fn events() -> impl Iterator<Item = (String, RecordedEvent)> {
    golden_files().into_iter().filter(|(name, _)| !is_record(name)).map(|(name, text)| {
        let recorded =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        (name, recorded)
    })
}

fn decoded(recorded: &RecordedEvent) -> Event {
    Event::decode(&recorded.kind, recorded.schema, &recorded.data)
        .unwrap_or_else(|error| panic!("{}: {error:?}", recorded.kind))
}

#[test]
fn every_event_has_a_golden_file_of_every_schema_up_to_the_one_that_is_written() {
    let have: BTreeSet<_> =
        events().map(|(_, recorded)| (recorded.kind.clone(), recorded.schema)).collect();
    let need: BTreeSet<_> = Event::names()
        .flat_map(|(name, newest)| (1..=newest).map(move |schema| (name.to_owned(), schema)))
        .collect();
    assert_eq!(have, need);
}

#[test]
fn the_wire_names_are_each_of_one_event() {
    let names: Vec<_> = Event::names().map(|(name, _)| name).collect();
    assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
}

#[test]
fn a_golden_file_is_named_after_its_event_and_schema() {
    for (file, recorded) in events() {
        let name = format!("{}.{}", recorded.kind, recorded.schema);
        let variant = file.strip_prefix(&name).unwrap_or_else(|| panic!("{file} holds {name}"));
        assert!(variant.is_empty() || variant.starts_with('.'), "{file} holds {name}");
    }
}

#[test]
fn golden_events_are_read_and_those_of_the_newest_schema_are_written_alike() {
    for (file, recorded) in events() {
        let event = decoded(&recorded);
        assert_eq!(event.wire_name(), recorded.kind, "{file}");
        if event.schema() == recorded.schema {
            let written: Value = serde_json::from_str(event.to_data().unwrap().get()).unwrap();
            let golden: Value = serde_json::from_str(recorded.data.get()).unwrap();
            assert_eq!(written, golden, "{file}");
        }
    }
}

#[test]
fn golden_events_stand_on_streams_of_their_own_category() {
    let mut categories: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (_, recorded) in events() {
        let family = recorded.kind.split('.').next().unwrap().to_owned();
        categories.entry(family).or_default().insert(recorded.stream.category().to_owned());
    }
    for (family, categories) in categories {
        assert_eq!(categories.len(), 1, "{family} stands on {categories:?}");
    }
}

#[test]
fn every_variant_of_a_catalogue_has_a_golden_file() {
    let mut names = BTreeSet::new();
    for (file, recorded) in events() {
        if let Event::Catalogue(CatalogueEvent::Published(published)) = decoded(&recorded) {
            let name = published.content.name();
            assert_eq!(recorded.stream, StreamName::catalogue(name), "{file}");
            names.insert(name);
        }
    }
    let all = [
        "access-packages",
        "areas",
        "entities",
        "entity-variants",
        "role-map",
        "role-packages",
        "roles",
    ];
    assert_eq!(names, BTreeSet::from(all));
}

#[test]
fn golden_records_are_read_and_written_alike() {
    let mut kinds = BTreeSet::new();
    for (name, text) in golden_files().into_iter().filter(|(name, _)| is_record(name)) {
        let record = decode(text.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let kind = match &record {
            LedgerRecord::Genesis(_) => "genesis",
            LedgerRecord::Tick(_) => "tick",
            LedgerRecord::Commit(commit) => {
                commit.events.iter().for_each(|event| _ = decoded(event));
                "commit"
            }
        };
        assert!(name.starts_with(kind), "{name} holds a {kind}");
        kinds.insert(kind);
        let written: Value = serde_json::from_slice(&encode(&record).unwrap()).unwrap();
        let golden: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(written, golden, "{name}");
    }
    assert_eq!(kinds, BTreeSet::from(["commit", "genesis", "tick"]));
}

#[test]
fn a_field_more_or_less_than_the_schema_says_is_refused() {
    for (file, recorded) in events() {
        let refused = |data: Value| {
            let data = serde_json::value::to_raw_value(&data).unwrap();
            Event::decode(&recorded.kind, recorded.schema, &data).is_err()
        };
        let data: serde_json::Map<String, Value> =
            serde_json::from_str(recorded.data.get()).unwrap();
        let mut more = data.clone();
        more.insert("x-unknown".to_owned(), Value::Null);
        assert!(refused(more.into()), "{file} with a field more");
        assert!(refused(serde_json::json!({})), "{file} without fields");
    }
}
