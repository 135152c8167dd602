//! Commands over HTTP, from the request to an answer that can be read back.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use fullmakt_scenarios::{Client, Log, Scenario4, System};
use serde_json::{Value, json};

use crate::{
    load::{Load, load, micros},
    postgres::Inserter,
};
use fullmakt_measures::{Effort, Failed, Measure, Names, Report, in_turns, percentile};

/// How many clients give commands at once.
const CLIENTS: [usize; 3] = [1, 16, 64];
/// The goal of the slowest one in a hundred, in milliseconds, at [`RATE`].
const GOAL_MILLIS: f64 = 25.0;
/// Commands a second at which the goal holds.
const RATE: u32 = 1_000;
/// How many clients saturate.
const SATURATING: usize = 64;

const SYSTEMS: &str = "/authentication/api/v1/systemregister/vendor";
const MILLIS: &str = "ms a command";

pub(crate) async fn run(report: &mut Report, effort: Effort) -> Result<(), Failed> {
    for (log, name) in [(Log::Postgres, "postgres"), (Log::Kafka, "kafka")] {
        let mut system = System::prepare(log).await;
        system.set("FULLMAKT_LIMITS__REQUESTS_PER_SECOND", "0");
        system.serve().await;
        let story = Scenario4::on(system).await;
        let commands = Commands { vendor: story.vendor.clone(), definition: story.definition() };
        let commands = Arc::new(commands);
        let numbers = Arc::default();
        for clients in CLIENTS {
            let all = times(&commands, clients, effort, &numbers).await?;
            for percent in [50, 99] {
                let measure = format!("command {name}, {clients} p{percent}");
                report.add(&beside_the_goal(measure, percentile(&all, percent)))?;
            }
        }
        let (paced, rate) = at_rate(&commands, effort, &numbers).await?;
        eprintln!("  {rate:.0} commands a second, of {RATE} asked for");
        for percent in [50, 99] {
            let measure = format!("command {name}, {RATE} a second p{percent}");
            report.add(&beside_the_goal(measure, percentile(&paced, percent)))?;
        }
        beside_inserts(report, effort, &commands, name, &numbers).await?;
    }
    Ok(())
}

/// Somebody who registers systems, each command on streams of its own.
struct Commands {
    vendor: Client,
    definition: Value,
}

impl Commands {
    async fn give(self: Arc<Self>, number: u64) -> Result<(), Failed> {
        let mut definition = self.definition.clone();
        if let Some(definition) = definition.as_object_mut() {
            definition.insert("id".to_owned(), json!(format!("310010014_bench{number}")));
            definition.insert("clientId".to_owned(), json!([]));
        }
        let answer = self.vendor.post(SYSTEMS, &definition).await;
        if answer.status == 200 { Ok(()) } else { Err(format!("{answer:?}").into()) }
    }
}

async fn load_of(
    commands: &Arc<Commands>,
    clients: usize,
    effort: Effort,
    numbers: &Arc<AtomicU64>,
) -> Result<Load, Failed> {
    load(&vec![Arc::clone(commands); clients], effort.time(), numbers, Commands::give).await
}

/// How long each command took, in all rounds.
async fn times(
    commands: &Arc<Commands>,
    clients: usize,
    effort: Effort,
    numbers: &Arc<AtomicU64>,
) -> Result<Vec<f64>, Failed> {
    load_of(commands, clients, effort, numbers).await?;
    let mut all = Vec::new();
    for _ in 0..effort.rounds {
        all.extend(load_of(commands, clients, effort, numbers).await?.all());
    }
    Ok(all)
}

/// Commands given at a rate, whether those before are answered or not; and the rate that came of
/// it. Times count from when a command was due.
async fn at_rate(
    commands: &Arc<Commands>,
    effort: Effort,
    numbers: &Arc<AtomicU64>,
) -> Result<(Vec<f64>, f64), Failed> {
    let count = effort.rounds * effort.millis * RATE / 1_000;
    let began = Instant::now();
    let mut under_way = Vec::new();
    for place in 0..count {
        let due = began + Duration::from_secs(1) / RATE * place;
        tokio::time::sleep_until(due.into()).await;
        let (commands, number) = (Arc::clone(commands), numbers.fetch_add(1, Ordering::Relaxed));
        under_way.push(tokio::spawn(async move {
            commands.give(number).await?;
            Ok::<_, Failed>(micros(due.elapsed()))
        }));
    }
    let mut times = Vec::new();
    for command in under_way {
        times.push(command.await??);
    }
    Ok((times, f64::from(count) / began.elapsed().as_secs_f64()))
}

fn beside_the_goal(name: String, micros: f64) -> Measure {
    Measure {
        name,
        ours: micros / 1_000.0,
        anchor: GOAL_MILLIS,
        anchor_name: format!("goal of the p99 at {RATE} commands a second"),
        unit: MILLIS,
    }
}

async fn beside_inserts(
    report: &mut Report,
    effort: Effort,
    commands: &Arc<Commands>,
    log: &str,
    numbers: &Arc<AtomicU64>,
) -> Result<(), Failed> {
    let inserters = Inserter::several(SATURATING).await?;
    let inserted = Arc::default();
    let ours =
        async || Ok(load_of(commands, SATURATING, effort, numbers).await?.time_an_operation());
    let anchor = async || {
        let load = load(&inserters, effort.time(), &inserted, Inserter::insert).await?;
        Ok(load.time_an_operation())
    };
    let names = Names {
        measure: format!("vs insert, {log}"),
        anchor: format!("durable inserts by {SATURATING} clients"),
        unit: "µs an operation",
    };
    report.add(&in_turns(names, effort, ours, anchor).await?)?;
    Ok(())
}
