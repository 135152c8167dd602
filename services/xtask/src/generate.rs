//! `cargo xtask generate`: makes a country up.

use crate::console::say_aside;
use crate::failure::Outcome;
use crate::{shell, workspace};
use std::time::Duration;

const LIMIT: Duration = Duration::from_hours(2);

/// Builds the generator with optimisations, and runs it.
pub fn generate(arguments: &[String]) -> Outcome {
    say_aside();
    let mut generate = shell::cargo();
    generate.args(["run", "--release", "--quiet", "--package", "fullmakt-generator", "--"]);
    generate.args(arguments).current_dir(workspace::root()?);
    shell::run(&mut generate, LIMIT)
}
