//! `cargo xtask bench`: measures, on services of its own.

use crate::console::{say, say_aside};
use crate::failure::{Explain, Failure, Outcome};
use crate::folder::DataFolder;
use crate::ledger::Ledger;
use crate::postgres::Durability;
use crate::services::{Plan, Services};
use crate::{shell, workspace};
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

/// The measures of the policy engine, which need no services.
const XACML: &str = "xacml";
const BUILD_LIMIT: Duration = Duration::from_hours(1);
const MEASURE_LIMIT: Duration = Duration::from_hours(2);

/// Builds with optimisations, starts what is needed, and measures.
pub fn bench(arguments: &[String]) -> Outcome {
    say_aside();
    if let Some((XACML, arguments)) = first(arguments) {
        return xacml(arguments);
    }
    let folder = DataFolder::temporary()?;
    let plan = Plan::make(&folder, Some(Ledger::Kafka), Durability::Full)?;
    let programs = build()?;
    let services = Services::start(&folder, &plan)?;
    let mut bench = Command::new(programs.join("fullmakt-bench"));
    bench.args(arguments).env("FULLMAKT_TEST_BINARY", programs.join("fullmakt"));
    services.tell(&mut bench);
    shell::run(&mut bench, MEASURE_LIMIT)
}

fn first(arguments: &[String]) -> Option<(&str, &[String])> {
    arguments.split_first().map(|(first, others)| (first.as_str(), others))
}

/// Measures the policy engine beside others, in a workspace of its own: they are no part of the
/// product.
fn xacml(arguments: &[String]) -> Outcome {
    let root = workspace::root()?;
    let bench = |program: &str| {
        let mut bench = shell::cargo();
        bench.args(["run", "--release", "--locked", "--bin", program, "--"]);
        bench.current_dir(root.join("tests/xacml-bench"));
        bench.env("CARGO_TARGET_DIR", root.join("target/bench-xacml"));
        bench
    };
    say("Building with optimisations, the engines beside ours too.");
    shell::run(&mut bench("allocations"), BUILD_LIMIT)?;
    shell::run(bench("fullmakt-xacml-bench").args(arguments), MEASURE_LIMIT)
}

/// Compiles the server and the bench, and returns the folder that they are in.
fn build() -> Outcome<PathBuf> {
    say("Building with optimisations.");
    let mut build = shell::cargo();
    build.args(["build", "--release", "--package", "fullmakt", "--package", "fullmakt-bench"]);
    shell::run(build.current_dir(workspace::root()?), BUILD_LIMIT)?;
    // This program is in the folder of the other profile, beside that one.
    let own = std::env::current_exe().explain(|| "cannot find this program's folder".to_owned())?;
    let target = own.parent().and_then(|profile| profile.parent());
    target
        .map(|target| target.join("release"))
        .ok_or_else(|| Failure::because("this program is not in a target folder"))
}
