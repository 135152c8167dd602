//! What the product costs beside what it is held against, both measured in one run.
//!
//! `cargo xtask bench` starts what this needs, builds it with optimisations and hands it the
//! addresses. Every measure is one line of JSON on standard output; what may help to understand it
//! goes to standard error.

mod commands;
mod decisions;
mod http_cpu;
mod kafka;
mod ledger;
mod load;
mod memory;
mod postgres;
mod projection;
mod snapshot;
mod writer;

use std::{path::PathBuf, process::ExitCode};

use clap::{Parser, ValueEnum};

use fullmakt_generator::{Country, Size};
use fullmakt_measures::{Effort, Failed, Report};

/// Measures what the product costs beside what it is held against.
#[derive(Debug, Parser)]
struct Asked {
    /// What to measure; all if nothing is named.
    groups: Vec<Group>,
    /// Writes the measures to this file as well.
    #[arg(long)]
    json: Option<PathBuf>,
    /// How many rounds each side of a measure has.
    #[arg(long, default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..))]
    rounds: u32,
    /// How long about one side of a round takes, in milliseconds.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..))]
    millis: u32,
    /// How many streams the admission rule's map is filled with.
    #[arg(long, default_value_t = 10_000_000)]
    streams: u64,
    /// How many events projections fold.
    #[arg(long, default_value_t = 1_000_000)]
    events: u32,
    /// How many main units decisions are about; there are three quarters as many sub-units.
    #[arg(long, default_value_t = 1_200_000)]
    units: u32,
    /// How many delegations there are between them.
    #[arg(long, default_value_t = 10_000_000)]
    delegations: u32,
}

/// Measures that belong together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
enum Group {
    /// What the folder has in memory, and how it gets it. It is weighed before anything else has
    /// taken memory, and given it back, in which it would fit unnoticed.
    Folder,
    /// Appends and verdicts.
    Ledger,
    /// Commands over HTTP.
    Commands,
    /// From the ledger to the read models.
    Projection,
    /// Decisions on the facts of a whole country.
    Decisions,
}

fn main() -> ExitCode {
    match run(&Asked::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            let mut cause = error.source();
            while let Some(because) = cause {
                eprintln!("  {because}");
                cause = because.source();
            }
            ExitCode::FAILURE
        }
    }
}

fn run(asked: &Asked) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let groups = if asked.groups.is_empty() { Group::value_variants() } else { &asked.groups };
    let mut groups = groups.to_vec();
    groups.sort_unstable();
    groups.dedup();
    let mut report = Report::to(asked.json.as_deref())?;
    let effort = Effort { rounds: asked.rounds, millis: asked.millis };
    runtime.block_on(async {
        for group in groups {
            match group {
                Group::Ledger => ledger::run(&mut report, effort).await?,
                Group::Folder => {
                    memory::run(&mut report, asked.streams)?;
                    snapshot::run(&mut report, asked.streams).await?;
                }
                Group::Commands => commands::run(&mut report, effort).await?,
                Group::Projection => projection::run(&mut report, asked.events).await?,
                Group::Decisions => {
                    let country = country(asked.units, asked.delegations)?;
                    decisions::run(&mut report, effort, &country).await?;
                    http_cpu::run(&mut report, effort).await?;
                }
            }
        }
        Ok(())
    })
}

/// The country of the same size that is always made up.
fn country(units: u32, delegations: u32) -> Result<Country, Failed> {
    const SEED: u64 = 1;
    let size = Size { units, sub_units: units / 4 * 3, delegations };
    Country::new(SEED, size).ok_or_else(|| "a country of this size cannot be made up".into())
}

/// The address of a service that `cargo xtask bench` has started.
fn service(variable: &str) -> Result<String, Failed> {
    std::env::var(variable)
        .map_err(|_| format!("`{variable}` is not set; `cargo xtask bench` sets it").into())
}
