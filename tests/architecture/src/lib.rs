//! The rules of the house, as tests.
//!
//! What is said about crates and their dependencies is read from the manifests and the source text
//! of the workspace itself, so that a sentence that stops being true fails. Each rule is a function
//! from the [`House`] to its [`Fault`]s, and each is shown, beside it, to find a fault in a small
//! sample that has one.

mod house;
mod manifest;
mod rules;
mod source;
mod tokens;

pub use house::{Fault, House, TextFile};
pub use manifest::{Manifest, Section};
pub use rules::{
    dependencies::{
        crates_depend_only_on_the_layers_below, every_crate_has_a_layer, only_eventlog_names_kafka,
    },
    manifests::every_crate_inherits_from_the_workspace,
    manners::{files_are_small, nothing_is_left_undone, tests_do_not_sleep},
    purity::{
        pure_crates_do_no_io, pure_crates_have_no_async, pure_crates_take_time_chance_and_identity,
    },
    sql::sql_lives_in_its_own_files,
    traces::{no_key_files, no_machine_paths, no_registry_hosts},
};
pub use source::Source;
pub use tokens::{Token, TokenKind};

#[cfg(test)]
mod sample;
