//! `cargo xtask …`: brings the system up, tests it, simulates and measures it, walks the README's tour.
//!
//! It compiles with Rust alone, so that it can install what the rest needs.

mod args;
mod bench;
mod console;
mod deny;
mod expected;
mod failure;
mod folder;
mod fuzz;
mod generate;
mod install;
mod interrupt;
mod java;
mod kafka;
mod ledger;
mod ports;
mod postgres;
mod process;
mod readme;
mod server;
mod services;
mod shell;
mod simulate;
mod suites;
mod tally;
mod test;
mod tour;
mod up;
mod workspace;

use args::Asked;
use console::say;
use failure::{Failure, Outcome};
use std::process::ExitCode;

/// The exit codes of shells: wrong usage, and ended by Ctrl-C.
const USAGE: u8 = 2;
const INTERRUPTED: u8 = 130;

fn main() -> ExitCode {
    let asked = match args::parse(std::env::args().skip(1)) {
        Ok(asked) => asked,
        Err(refusal) => {
            eprintln!("error: {refusal}\n\nSee `cargo xtask --help`.");
            return ExitCode::from(USAGE);
        }
    };
    match run(&asked) {
        Ok(code) => code,
        Err(Failure::Interrupted) => ExitCode::from(INTERRUPTED),
        Err(Failure::Because(reason)) => {
            eprintln!("error: {reason}");
            ExitCode::FAILURE
        }
    }
}

fn run(asked: &Asked) -> Outcome<ExitCode> {
    interrupt::listen()?;
    match asked {
        Asked::Help => say(args::help()),
        Asked::Up(asked) => up::up(asked)?,
        Asked::Test(suites) => return test::test(suites),
        Asked::Bench(arguments) => bench::bench(arguments)?,
        Asked::Fuzz(search) => fuzz::fuzz(search)?,
        Asked::Generate(arguments) => generate::generate(arguments)?,
        Asked::Simulate(seeds) => simulate::simulate(*seeds)?,
        Asked::Tour(base) => tour::tour(base.as_deref())?,
    }
    Ok(ExitCode::SUCCESS)
}
