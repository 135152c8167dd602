//! Each endpoint of the wire contract, the tests that hold it, and where the answers differ on
//! purpose: `compatibility/table.md`, made of the tests themselves.
//!
//! A test says in its documentation which endpoints it is about, and what is different there:
//!
//! ```text
//! /// Contract: R9, R10
//! /// Differs: R9, R10: an unknown system is 404, where the original fails with 500.
//! ```

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::Path,
};

use serde_json::Value;

const ENDPOINTS: &str = include_str!("../compatibility/endpoints.csv");
const TABLE: &str = include_str!("../compatibility/table.md");
const DOCUMENT: &str = include_str!("../../../services/http/openapi/fullmakt.json");
/// Set to write the table anew.
const REGENERATE: &str = "FULLMAKT_TEST_REGENERATE";

const HEAD: &str = "# Compatibility\n\n\
    Every endpoint of the wire contract that is offered, the tests that hold it, and where answers \
    differ from the original's on purpose. Made of the tests in [`tests/`](../tests): change their \
    documentation and run them with `FULLMAKT_TEST_REGENERATE=1`.\n\n\
    | | Endpoint | Tests | Differences |\n| --- | --- | --- | --- |\n";

/// What the tests say of one endpoint.
#[derive(Default)]
struct Said {
    tests: BTreeSet<String>,
    differences: Vec<String>,
}

#[test]
fn the_table_is_the_one_of_these_tests() {
    let table = table(&said());
    if std::env::var_os(REGENERATE).is_some() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("compatibility/table.md");
        fs::write(path, table).expect("the table can be written");
    } else {
        assert!(table == TABLE, "run this test with `{REGENERATE}=1`");
    }
}

#[test]
fn every_endpoint_has_a_test() {
    let said = said();
    let has_test = |id: &str| said.get(id).is_some_and(|said| !said.tests.is_empty());
    let without: Vec<_> = ids().into_iter().filter(|id| !has_test(id)).collect();
    assert!(without.is_empty(), "no test is about {without:?}");
    let strange: Vec<_> = said.keys().filter(|id| !ids().contains(id.as_str())).collect();
    assert!(strange.is_empty(), "there is no endpoint {strange:?}");
}

#[test]
fn every_endpoint_is_an_operation_of_the_document() {
    let document: Value = serde_json::from_str(DOCUMENT).expect("the document is JSON");
    let operations: BTreeSet<_> = document["paths"]
        .as_object()
        .expect("paths")
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().expect("operations").keys();
            methods.map(|method| (method.to_uppercase(), shape(path)))
        })
        .collect();
    let missing: Vec<_> = endpoints()
        .filter(|(_, method, path)| !operations.contains(&((*method).to_owned(), shape(path))))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// A path without the names of its parameters.
fn shape(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

/// The endpoints: id, method and path.
fn endpoints() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    ENDPOINTS.lines().map(|line| {
        let mut fields = line.splitn(3, ',');
        let mut next = || fields.next().unwrap_or_else(|| panic!("three fields: {line}"));
        (next(), next(), next())
    })
}

fn ids() -> BTreeSet<&'static str> {
    endpoints().map(|(id, _, _)| id).collect()
}

/// What the documentation of all tests says, by endpoint.
fn said() -> BTreeMap<String, Said> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut said = BTreeMap::new();
    read_folder(&folder, &folder, &mut said);
    said
}

fn read_folder(folder: &Path, root: &Path, said: &mut BTreeMap<String, Said>) {
    let mut paths: Vec<_> = fs::read_dir(folder)
        .expect("the tests are here")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            read_folder(&path, root, said);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root).expect("it is in there").display().to_string();
            read_file(&fs::read_to_string(&path).expect("it is text"), &name, said);
        }
    }
}

fn read_file(source: &str, file: &str, said: &mut BTreeMap<String, Said>) {
    let mut lines = source.lines().peekable();
    let (mut contract, mut differences) = (Vec::new(), Vec::new());
    while let Some(line) = lines.next() {
        let line = line.trim();
        if let Some(ids) = line.strip_prefix("/// Contract: ") {
            contract = list(ids);
        } else if let Some(difference) = line.strip_prefix("/// Differs: ") {
            let mut text = difference.to_owned();
            while let Some(more) = lines.peek().and_then(|line| line.trim().strip_prefix("/// "))
                && !more.starts_with("Differs: ")
            {
                text = format!("{text} {more}");
                lines.next();
            }
            let (ids, text) = text.split_once(": ").unwrap_or_else(|| panic!("no ids: {text}"));
            let mut text = text.to_owned();
            if let Some(first) = text.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            differences.push((list(ids), text));
        } else if let Some(name) = name_of(line) {
            for id in contract.drain(..) {
                let test = format!("[`{name}`](../tests/{file})");
                said.entry(id).or_default().tests.insert(test);
            }
            for (ids, text) in differences.drain(..) {
                for id in ids {
                    said.entry(id).or_default().differences.push(text.clone());
                }
            }
        }
    }
    assert!(contract.is_empty() && differences.is_empty(), "{file}: {contract:?} is of no test");
}

fn list(ids: &str) -> Vec<String> {
    ids.trim_end_matches('.').split(", ").map(|id| id.trim().to_owned()).collect()
}

/// The name of the function that a line begins.
fn name_of(line: &str) -> Option<&str> {
    let line = line.strip_prefix("async ").unwrap_or(line);
    line.strip_prefix("fn ")?.split('(').next()
}

fn table(said: &BTreeMap<String, Said>) -> String {
    let mut table = HEAD.to_owned();
    for (id, method, path) in endpoints() {
        let nothing = Said::default();
        let Said { tests, differences } = said.get(id).unwrap_or(&nothing);
        let tests: Vec<&str> = tests.iter().map(String::as_str).collect();
        let (tests, differences) = (tests.join(", "), differences.join(" "));
        writeln!(table, "| {id} | `{method} {path}` | {tests} | {differences} |")
            .expect("text can be written");
    }
    table
}
