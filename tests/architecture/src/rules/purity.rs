//! What pure crates do not do.

use super::dependencies::pure_crates;
use crate::{Fault, House, Section};

/// Crates that are there to be asynchronous.
const ASYNC_CRATES: [&str; 5] = ["tokio", "futures", "async-trait", "axum", "tower"];
/// What is written where something is asynchronous.
const ASYNC: [&str; 5] = ["async fn", "async move", "async {", ". await", "impl Future"];

/// Crates that are there for input and output.
const IO_CRATES: [&str; 6] =
    ["reqwest", "hyper", "rdkafka", "tokio-postgres", "deadpool-postgres", "tempfile"];
/// Modules of the standard library that reach outside.
const IO_MODULES: [&str; 5] = ["fs", "process", "env", "thread", "os"];
/// Types of the standard library that reach outside. Addresses alone do not.
const IO_TYPES: [&str; 7] =
    ["TcpStream", "TcpListener", "UdpSocket", "ToSocketAddrs", "stdin", "stdout", "stderr"];

/// Where time, chance and identity come from.
const SOURCES_OF_CHANCE: [&str; 8] = [
    "Utc : : now",
    "Local : : now",
    "SystemTime : : now",
    "Instant : : now",
    "Uuid : : now_v7",
    "Uuid : : new_v4",
    "rand : :",
    "getrandom : :",
];

/// Pure crates have no `async`.
#[must_use]
pub fn pure_crates_have_no_async(house: &House) -> Vec<Fault> {
    let mut faults = dependencies(house, &ASYNC_CRATES);
    faults.extend(patterns(house, &ASYNC));
    faults
}

/// Pure crates do no input and output: no files, network, processes or environment.
#[must_use]
pub fn pure_crates_do_no_io(house: &House) -> Vec<Fault> {
    let mut faults = dependencies(house, &IO_CRATES);
    faults.extend(patterns(house, &IO_TYPES));
    for manifest in pure_crates(house) {
        for source in house.sources_of(manifest.folder()) {
            for (line, module) in modules_of_std(source.in_product()) {
                if IO_MODULES.contains(&module) {
                    faults.push(Fault::at(&source.path, line, format!("uses `std::{module}`")));
                }
            }
        }
    }
    faults
}

/// Pure crates are given the time, chance and identities.
#[must_use]
pub fn pure_crates_take_time_chance_and_identity(house: &House) -> Vec<Fault> {
    let mut faults = dependencies(house, &["rand", "getrandom"]);
    faults.extend(patterns(house, &SOURCES_OF_CHANCE));
    faults
}

/// The pure crates that depend on one of these.
fn dependencies(house: &House, crates: &[&str]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for manifest in pure_crates(house) {
        for (section, name) in manifest.dependencies() {
            if section != Section::Dev && crates.contains(&name) {
                let what = format!("`{}` is pure and depends on `{name}`", manifest.name);
                faults.push(Fault::of(&manifest.path, what));
            }
        }
    }
    faults
}

/// Where pure crates have one of these in what is no test.
fn patterns(house: &House, patterns: &[&str]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for manifest in pure_crates(house) {
        for source in house.sources_of(manifest.folder()) {
            for pattern in patterns {
                for token in crate::tokens::find(source.in_product(), pattern) {
                    let shown = pattern.replace(' ', "");
                    let what = format!("`{}` is pure and has `{shown}`", manifest.name);
                    faults.push(Fault::at(&source.path, token.line, what));
                }
            }
        }
    }
    faults
}

/// The modules of the standard library that are named, in a path or in a group of imports.
fn modules_of_std(tokens: &[crate::Token]) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    for window_start in 0..tokens.len() {
        let rest = tokens.get(window_start..).unwrap_or_default();
        let [std, first, second, after @ ..] = rest else { break };
        if !(std.is_word("std") && first.is_sign(':') && second.is_sign(':')) {
            continue;
        }
        let is_group = after.first().is_some_and(|token| token.is_sign('{'));
        let mut depth = 0_usize;
        let mut is_start = true;
        for token in after {
            match &token.kind {
                crate::TokenKind::Sign('{') => depth += 1,
                crate::TokenKind::Sign('}') => depth = depth.saturating_sub(1),
                crate::TokenKind::Sign(',') => is_start = true,
                crate::TokenKind::Word(word) => {
                    if is_start && depth == usize::from(is_group) {
                        found.push((token.line, word.as_str()));
                    }
                    is_start = false;
                }
                crate::TokenKind::Sign(_) | crate::TokenKind::Text(_) => {}
            }
            if depth == 0 {
                break;
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{house, manifest, places};

    fn faults(rule: fn(&House) -> Vec<Fault>, name: &str, code: &str) -> Vec<Option<usize>> {
        let files = [("c/Cargo.toml", &*manifest(name, "")), ("c/src/lib.rs", code)];
        rule(&house(&files)).into_iter().map(|fault| fault.line).collect()
    }

    #[test]
    fn async_code_is_found_where_it_is_not_wanted() {
        let rule = pure_crates_have_no_async;
        let code = "// async fn\nasync fn f() {}\nfn g() { x\n.await }";
        assert_eq!(faults(rule, "fullmakt-domain", code), [Some(2), Some(4)]);
        assert!(faults(rule, "fullmakt-ledger", code).is_empty());
        let in_tests = "#[cfg(test)] mod tests { async fn f() {} }";
        assert!(faults(rule, "fullmakt-domain", in_tests).is_empty());
    }

    #[test]
    fn asynchronous_crates_are_found() {
        let own = manifest("fullmakt-events", "[dependencies]\ntokio.workspace = true\n");
        let found = pure_crates_have_no_async(&house(&[("e/Cargo.toml", &own)]));
        assert_eq!(places(&found), [("e/Cargo.toml", None)]);
        let dev = manifest("fullmakt-events", "[dev-dependencies]\ntokio.workspace = true\n");
        assert!(pure_crates_have_no_async(&house(&[("e/Cargo.toml", &dev)])).is_empty());
    }

    #[test]
    fn input_and_output_are_found_in_paths_and_groups() {
        let rule = pure_crates_do_no_io;
        let code =
            "use std::{\ncollections::{BTreeMap, fs},\nfs,\n};\nfn f() { std::env::var(x); }";
        assert_eq!(faults(rule, "fullmakt-xacml", code), [Some(3), Some(5)]);
        assert_eq!(faults(rule, "fullmakt-xacml", "use std::net::TcpStream;"), [Some(1)]);
        assert!(faults(rule, "fullmakt-xacml", "use std::{net::IpAddr, fmt};").is_empty());
    }

    #[test]
    fn clocks_and_chance_are_found() {
        let rule = pure_crates_take_time_chance_and_identity;
        let code = "fn f() {\nchrono::Utc::now();\nUuid::new_v4();\nUuid::nil(); }";
        assert_eq!(faults(rule, "fullmakt-access", code), [Some(2), Some(3)]);
    }
}
