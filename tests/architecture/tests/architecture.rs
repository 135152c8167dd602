//! The rules, held against the workspace as it is.

#![expect(clippy::expect_used, reason = "without the workspace there is nothing to test")]

use std::{path::Path, sync::LazyLock};

use fullmakt_architecture::{
    Fault, House, crates_depend_only_on_the_layers_below, every_crate_has_a_layer,
    every_crate_inherits_from_the_workspace, files_are_small, no_key_files, no_machine_paths,
    no_registry_hosts, nothing_is_left_undone, only_eventlog_names_kafka, pure_crates_do_no_io,
    pure_crates_have_no_async, pure_crates_take_time_chance_and_identity,
    sql_lives_in_its_own_files, tests_do_not_sleep,
};

static HOUSE: LazyLock<House> = LazyLock::new(|| {
    House::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")).expect("the workspace")
});

fn holds(rule: fn(&House) -> Vec<Fault>) {
    let faults: Vec<String> = rule(&HOUSE).iter().map(Fault::to_string).collect();
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

#[test]
fn the_whole_house_is_looked_at() {
    for name in ["fullmakt-events", "fullmakt-xacml", "fullmakt", "fullmakt-architecture"] {
        let manifest = HOUSE.manifests.iter().find(|manifest| manifest.name == name);
        let folder = manifest.expect(name).folder();
        assert!(HOUSE.sources_of(folder).next().is_some(), "{name}");
    }
    assert!(HOUSE.sources.iter().any(|source| source.is_test));
    assert!(HOUSE.sources.iter().any(|source| !source.in_product().is_empty()));
    assert!(HOUSE.texts.iter().any(|file| file.path == "Cargo.toml"));
}

#[test]
fn every_crate_is_of_a_layer() {
    holds(every_crate_has_a_layer);
}

#[test]
fn crates_depend_on_the_layers_below_them_only() {
    holds(crates_depend_only_on_the_layers_below);
}

#[test]
fn only_the_event_log_knows_kafka() {
    holds(only_eventlog_names_kafka);
}

#[test]
fn pure_crates_are_synchronous() {
    holds(pure_crates_have_no_async);
}

#[test]
fn pure_crates_reach_nothing_outside() {
    holds(pure_crates_do_no_io);
}

#[test]
fn pure_crates_are_given_time_chance_and_identity() {
    holds(pure_crates_take_time_chance_and_identity);
}

#[test]
fn every_crate_lives_by_the_lints_of_the_workspace() {
    holds(every_crate_inherits_from_the_workspace);
}

#[test]
fn no_file_is_long() {
    holds(files_are_small);
}

#[test]
fn no_work_is_left_undone_and_no_test_left_out() {
    holds(nothing_is_left_undone);
}

#[test]
fn tests_wait_for_conditions_and_never_for_time() {
    holds(tests_do_not_sleep);
}

#[test]
fn no_file_knows_the_machine_it_was_written_on() {
    holds(no_machine_paths);
}

#[test]
fn no_file_names_a_registry() {
    holds(no_registry_hosts);
}

#[test]
fn sql_is_written_beside_the_code_and_not_in_it() {
    holds(sql_lives_in_its_own_files);
}

#[test]
fn no_secret_key_is_a_file_of_the_house() {
    holds(no_key_files);
}
