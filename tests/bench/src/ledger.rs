//! The ledger: appends and verdicts beside plain produces and inserts, and streams that many write to.

use std::sync::{Arc, atomic::AtomicU64};

use fullmakt_eventlog::{
    EventLog,
    postgres::{PostgresLog, PostgresSettings},
};
use fullmakt_readstore::testing::TestDatabase;

use crate::{
    kafka::{self, PlainProducer},
    load::load,
    postgres::{Inserter, record},
    writer::{Claim, Process},
};
use fullmakt_measures::{Effort, Failed, Names, Report, in_turns, percentile};

/// How many are under way at once.
const CONCURRENCIES: [usize; 3] = [1, 64, 256];
/// How many clients insert rows beside the log in PostgreSQL.
const INSERTERS: [usize; 3] = [1, 16, 64];
/// How many writers a contested stream has.
const WRITERS: usize = 64;

const PLAIN: &str = "plain idempotent produce";
const MICROS: &str = "µs an operation";

pub(crate) async fn run(report: &mut Report, effort: Effort) -> Result<(), Failed> {
    appends(report, effort).await?;
    verdicts(report, effort).await?;
    postgres_appends(report, effort).await?;
    hot_stream(report, effort).await?;
    for processes in [2, 3] {
        shared_stream(report, effort, processes).await?;
    }
    Ok(())
}

fn names(measure: String, anchor: &str) -> Names {
    Names { measure, anchor: anchor.to_owned(), unit: MICROS }
}

/// The time an operation takes with so many under way.
async fn cost<W, F>(
    workers: &[W],
    effort: Effort,
    numbers: &Arc<AtomicU64>,
    operate: impl Fn(W, u64) -> F + Clone + Send + Sync + 'static,
) -> Result<f64, Failed>
where
    W: Clone + Send + Sync + 'static,
    F: Future<Output = Result<(), Failed>> + Send + 'static,
{
    Ok(load(workers, effort.time(), numbers, operate).await?.time_an_operation())
}

async fn appends(report: &mut Report, effort: Effort) -> Result<(), Failed> {
    let log: Arc<dyn EventLog> = kafka::log(&kafka::fresh_name()).await?;
    let plain = PlainProducer::new().await?;
    let numbers = Arc::default();
    for concurrency in CONCURRENCIES {
        let logs = vec![Arc::clone(&log); concurrency];
        let producers = vec![plain.clone(); concurrency];
        let ours = async || cost(&logs, effort, &numbers, append).await;
        let anchor = async || cost(&producers, effort, &numbers, produce).await;
        let names = names(format!("append, {concurrency}"), PLAIN);
        report.add(&in_turns(names, effort, ours, anchor).await?)?;
    }
    Ok(())
}

async fn append(log: Arc<dyn EventLog>, _number: u64) -> Result<(), Failed> {
    log.append(record()).await?;
    Ok(())
}

async fn produce(producer: PlainProducer, _number: u64) -> Result<(), Failed> {
    producer.produce(&record()).await
}

async fn verdicts(report: &mut Report, effort: Effort) -> Result<(), Failed> {
    let name = kafka::fresh_name();
    let process = Arc::new(Process::on(kafka::log(&name).await?, &name).await?);
    let plain = PlainProducer::new().await?;
    let numbers = Arc::default();
    for concurrency in CONCURRENCIES {
        let processes = vec![Arc::clone(&process); concurrency];
        let producers = vec![plain.clone(); concurrency];
        let ours = async || cost(&processes, effort, &numbers, claim_own).await;
        let anchor = async || cost(&producers, effort, &numbers, produce).await;
        let names = names(format!("verdict, {concurrency}"), PLAIN);
        report.add(&in_turns(names, effort, ours, anchor).await?)?;
    }
    Ok(())
}

/// Each claim is on a stream of its own.
async fn claim_own(process: Arc<Process>, number: u64) -> Result<(), Failed> {
    Claim::of(number)?.by(&process.ledger).await
}

async fn postgres_appends(report: &mut Report, effort: Effort) -> Result<(), Failed> {
    let database = TestDatabase::create();
    let settings = PostgresSettings::new(database.url())?;
    let log: Arc<dyn EventLog> = Arc::new(PostgresLog::open(&settings).await?);
    let numbers = Arc::default();
    for concurrency in INSERTERS {
        let logs = vec![Arc::clone(&log); concurrency];
        let inserters = Inserter::several(concurrency).await?;
        let ours = async || cost(&logs, effort, &numbers, append).await;
        let anchor = async || cost(&inserters, effort, &numbers, Inserter::insert).await;
        let anchor_name = format!("durable inserts by {concurrency} clients");
        let names = names(format!("postgres append, {concurrency}"), &anchor_name);
        report.add(&in_turns(names, effort, ours, anchor).await?)?;
    }
    Ok(())
}

async fn hot_stream(report: &mut Report, effort: Effort) -> Result<(), Failed> {
    let name = kafka::fresh_name();
    let process = Arc::new(Process::on(kafka::log(&name).await?, &name).await?);
    let numbers = Arc::default();
    let (writers, one) = (vec![Arc::clone(&process); WRITERS], [process]);
    let ours = async || cost(&writers, effort, &numbers, claim_contested).await;
    let anchor = async || cost(&one, effort, &numbers, claim_own).await;
    let names = names("hot stream".to_owned(), "round trip to the verdict, idle");
    report.add(&in_turns(names, effort, ours, anchor).await?)?;
    Ok(())
}

/// Every claim is on the same stream.
async fn claim_contested(process: Arc<Process>, _number: u64) -> Result<(), Failed> {
    Claim::of(u64::MAX)?.by(&process.ledger).await
}

/// Processes are ledgers of their own, with a connection each, in this one process of the system.
async fn shared_stream(
    report: &mut Report,
    effort: Effort,
    processes: usize,
) -> Result<(), Failed> {
    let name = kafka::fresh_name();
    let mut writers = Vec::new();
    for _ in 0..processes {
        let process = Arc::new(Process::on(kafka::log(&name).await?, &name).await?);
        writers.extend(vec![process; WRITERS / processes]);
    }
    let one: Vec<_> = writers.iter().take(1).cloned().collect();
    let numbers = Arc::default();
    let mut shares = Vec::new();
    let ours = async || {
        let load = load(&writers, effort.time(), &numbers, claim_contested).await?;
        let per_process = load.times.chunks(WRITERS / processes);
        shares = per_process.map(|of| of.iter().map(Vec::len).sum::<usize>()).collect();
        eprintln!(
            "  commands by process {shares:?}, p99 of one {:.1} ms",
            percentile(&load.all(), 99) / 1_000.0
        );
        Ok(load.time_an_operation())
    };
    let anchor = async || cost(&one, effort, &numbers, claim_own).await;
    let measure = format!("shared stream, {processes} processes");
    let names = names(measure, "round trip to the verdict, idle");
    report.add(&in_turns(names, effort, ours, anchor).await?)?;
    Ok(())
}
