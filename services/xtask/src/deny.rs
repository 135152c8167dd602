//! cargo-deny, which looks at the dependencies' licences and sources.

use crate::console::say;
use crate::failure::Outcome;
use crate::folder::remove;
use crate::shell::{self, announce_and_run, capture, find_program, is_program};
use crate::workspace;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The release whose rules `deny.toml` is written for.
const VERSION: &str = "0.20.2";

const INSTALL_LIMIT: Duration = Duration::from_mins(30);
const PROBE_LIMIT: Duration = Duration::from_secs(30);

/// The program: in PATH where it is the right release, or else one that is built once and kept.
pub fn ensure() -> Outcome<PathBuf> {
    if let Some(program) = find_program("cargo-deny", &[]).filter(|program| is_right(program)) {
        return Ok(program);
    }
    let tools = workspace::tools()?;
    let root = tools.join(format!("cargo-deny-{VERSION}"));
    let program = root.join("bin").join("cargo-deny");
    if !is_program(&program) {
        say(format!("Building cargo-deny {VERSION}, once for this account."));
        let scratch = tools.join("cargo-deny-build");
        // Unoptimised: the build takes a minute instead of ten, a run a second either way.
        let mut install = shell::cargo();
        install.args(["install", "cargo-deny", "--locked", "--version", VERSION, "--debug"]);
        install.arg("--root").arg(&root).current_dir(workspace::root()?);
        install.env("CARGO_TARGET_DIR", &scratch).env("CARGO_PROFILE_DEV_DEBUG", "false");
        announce_and_run(&mut install, INSTALL_LIMIT)?;
        remove(&scratch)?;
    }
    Ok(program)
}

fn is_right(program: &Path) -> bool {
    capture(Command::new(program).arg("--version"), PROBE_LIMIT)
        .is_ok_and(|text| text.split_whitespace().nth(1) == Some(VERSION))
}
