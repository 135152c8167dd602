//! Traces of one machine, which say nothing to whoever has another.

use std::path::Path;

use crate::{Fault, House, TextFile, house::has_extension};

/// Where things lie on one machine. In parts, so that this file has none of them.
const MACHINE_PATHS: [&str; 4] =
    [concat!("/", "work/"), concat!("/", "root/"), concat!("/", "home/"), concat!("/", "Users/")];
/// Where temporary files lie on most machines.
const TEMPORARY: &str = concat!("/", "tmp/");

/// Where packages and images come from.
const REGISTRY_HOSTS: [&str; 9] = [
    concat!("crates", ".io"),
    concat!("registry.npmjs", ".org"),
    concat!("pypi", ".org"),
    concat!("files.pythonhosted", ".org"),
    concat!("docker", ".io"),
    concat!("ghcr", ".io"),
    concat!("quay", ".io"),
    concat!("repo1.maven", ".org"),
    concat!("proxy.golang", ".org"),
];
/// Written by cargo, which names the registry that it knows by default.
const LOCK_FILE: &str = "Cargo.lock";
/// What the first line of a secret key in PEM says.
const SECRET: &str = "PRIVATE KEY";

/// No file knows where it lay on somebody's machine.
#[must_use]
pub fn no_machine_paths(house: &House) -> Vec<Fault> {
    let mut faults = Vec::new();
    for file in &house.texts {
        let source = house.sources.iter().find(|source| source.path == file.path);
        let may_be_temporary = source.is_some_and(|source| source.is_test);
        let mut paths = MACHINE_PATHS.to_vec();
        paths.extend((!may_be_temporary).then_some(TEMPORARY));
        for (line, found) in lines_with(file, &paths) {
            faults.push(Fault::at(&file.path, line, format!("names the machine's path `{found}`")));
        }
    }
    faults
}

/// No file names a registry: which one is used is the machine's configuration.
#[must_use]
pub fn no_registry_hosts(house: &House) -> Vec<Fault> {
    let mut faults = Vec::new();
    let is_lock =
        |file: &&TextFile| Path::new(&file.path).file_name().is_some_and(|own| own == LOCK_FILE);
    for file in house.texts.iter().filter(|file| !is_lock(file)) {
        for (line, host) in lines_with(file, &REGISTRY_HOSTS) {
            faults.push(Fault::at(&file.path, line, format!("names the registry `{host}`")));
        }
    }
    faults
}

/// No file of its own holds a secret key: only Rust sources carry the keys that tests sign with.
#[must_use]
pub fn no_key_files(house: &House) -> Vec<Fault> {
    let holds_a_key = |file: &&TextFile| {
        !has_extension(&file.path, "rs")
            && file.text.lines().any(|line| line.starts_with("-----BEGIN") && line.contains(SECRET))
    };
    let fault = |file: &TextFile| Fault::of(&file.path, "holds a secret key");
    house.texts.iter().filter(holds_a_key).map(fault).collect()
}

/// The lines that have one of these, with no word before it; a path's first part has none.
fn lines_with<'a>(file: &TextFile, parts: &[&'a str]) -> Vec<(usize, &'a str)> {
    let mut found = Vec::new();
    for (line, text) in (1..).zip(file.text.lines()) {
        for part in parts.iter().copied() {
            let mut before = text.match_indices(part).map(|(place, _)| text.get(..place));
            let is_whole = |before: Option<&str>| {
                let last = before.and_then(|before| before.chars().next_back());
                !last.is_some_and(|sign| sign.is_alphanumeric() || matches!(sign, '.' | '-' | '_'))
                    || !part.starts_with('/')
            };
            if before.any(is_whole) {
                found.push((line, part));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{house, places};

    #[test]
    fn paths_of_a_machine_are_found_in_any_text() {
        let text = format!("a\nsee {}x.md, not api{}y\n", MACHINE_PATHS[0], MACHINE_PATHS[0]);
        let faults = no_machine_paths(&house(&[("README.md", &text), ("a/x.rs", &text)]));
        assert_eq!(places(&faults), [("README.md", Some(2)), ("a/x.rs", Some(2))]);
        let inside = format!("https://example.no/api{}y\n", MACHINE_PATHS[0]);
        assert!(no_machine_paths(&house(&[("README.md", &inside)])).is_empty());
    }

    #[test]
    fn temporary_paths_are_for_tests_only() {
        let text = format!("fn f() {{ \"{TEMPORARY}x\" }}");
        let faults = no_machine_paths(&house(&[("a/src/x.rs", &text), ("a/tests/x.rs", &text)]));
        assert_eq!(places(&faults), [("a/src/x.rs", Some(1))]);
    }

    #[test]
    fn key_files_are_found() {
        let text = format!("-----BEGIN {SECRET}-----\nMIIE\n");
        let faults = no_key_files(&house(&[("key.pem", &text), ("a/b.md", "no PRIVATE KEY")]));
        assert_eq!(places(&faults), [("key.pem", None)]);
    }

    #[test]
    fn registries_are_found_but_in_the_lock_file() {
        let text = format!("https://static.{}/x", REGISTRY_HOSTS[0]);
        let apart = format!("a/{LOCK_FILE}");
        let files = [("a/b.toml.txt", text.as_str()), (LOCK_FILE, &text), (&apart, &text)];
        let faults = no_registry_hosts(&house(&files));
        assert_eq!(places(&faults), [("a/b.toml.txt", Some(1))]);
    }
}
