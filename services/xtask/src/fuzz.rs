//! `cargo xtask fuzz`: searches for inputs that the policy engine cannot bear, guided by coverage.

use crate::console::say;
use crate::failure::{Explain, Failure, Outcome};
use crate::{shell, workspace};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// What is searched.
pub const TARGETS: [&str; 6] =
    ["evaluation", "path", "pattern", "policy", "request_json", "request_xml"];

/// The instruments of the compiler's backend that a stable toolchain has.
const INSTRUMENTS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
     -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares \
     -Ccodegen-units=1";
const BUILD_LIMIT: Duration = Duration::from_hours(1);
/// How much longer a search may take than it was given.
const GRACE: Duration = Duration::from_mins(10);

/// What is searched, and how.
#[derive(Debug, PartialEq, Eq)]
pub struct Search {
    /// The targets.
    pub targets: Vec<&'static str>,
    /// How long each, in seconds.
    pub seconds: u64,
    /// Whether the inputs that reach what no kept one does are kept.
    pub keeps: bool,
}

/// Builds with instruments, and searches each target from its kept corpus on.
pub fn fuzz(search: &Search) -> Outcome {
    let root = workspace::root()?;
    let target = root.join("target/fuzz-xacml");
    let host = host()?;
    say("Building with instruments.");
    let mut build = shell::cargo();
    // For a named target the flags are not those of build scripts too.
    build.args(["build", "--release", "--locked", "--target", &host]);
    build.env("RUSTFLAGS", INSTRUMENTS).env("CARGO_TARGET_DIR", &target);
    shell::run(build.current_dir(root.join("tests/xacml-fuzz")), BUILD_LIMIT)?;
    let programs = target.join(host).join("release");
    let (inputs, fewest) = (fresh(&target.join("inputs"))?, fresh(&target.join("fewest"))?);
    corpora(&root, "FULLMAKT_TEST_UNPACK", &inputs)?;
    for name in &search.targets {
        say(format!("Searching `{name}` for {} s.", search.seconds));
        let mut search_one = Command::new(programs.join(name));
        search_one.arg(format!("-max_total_time={}", search.seconds));
        search_one.args(["-rss_limit_mb=2048", "-timeout=20", "-verbosity=0"]);
        search_one.args(["-print_final_stats=1", "-artifact_prefix=found-"]);
        let limit = Duration::from_secs(search.seconds) + GRACE;
        shell::run(search_one.arg(inputs.join(name)).current_dir(&target), limit)?;
    }
    if !search.keeps {
        return Ok(());
    }
    for name in TARGETS {
        let fewest = fresh(&fewest.join(name))?;
        let mut merge = Command::new(programs.join(name));
        merge.args(["-set_cover_merge=1", "-verbosity=0"]).arg(fewest).arg(inputs.join(name));
        shell::run(merge.current_dir(&target), GRACE)?;
    }
    corpora(&root, "FULLMAKT_TEST_PACK", &fewest)
}

/// Runs the tests of the kept corpora, which unpack them to a folder or pack them from it.
fn corpora(root: &Path, variable: &str, folder: &Path) -> Outcome {
    let mut test = shell::cargo();
    test.args(["test", "--quiet", "--package", "fullmakt-xacml", "--test", "corpus"]);
    shell::run(test.env(variable, folder).current_dir(root), BUILD_LIMIT)
}

/// A folder that is there and empty.
fn fresh(folder: &Path) -> Outcome<PathBuf> {
    let path = || format!("`{}` cannot be made", folder.display());
    if folder.exists() {
        fs::remove_dir_all(folder).explain(path)?;
    }
    fs::create_dir_all(folder).explain(path)?;
    Ok(folder.to_owned())
}

/// The target that the toolchain builds for.
fn host() -> Outcome<String> {
    let output = Command::new("rustc").arg("-vV").output();
    let output = output.explain(|| "`rustc -vV` cannot be run".to_owned())?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| Failure::because("`rustc -vV` names no host"))
}
