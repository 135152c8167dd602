//! From the ledger to the read models: following it, and making them again.

use std::{
    error::Error,
    future::ready,
    sync::Arc,
    time::{Duration, Instant},
};

use fullmakt_events::{Folded, LedgerRecord};
use fullmakt_generator::ledger;
use fullmakt_readstore::{
    Projector, ProjectorError, ProjectorLimits, RebuildOptions, RebuildProgress, RecordSource,
    rebuild, testing::TestDatabase,
};

use crate::load::micros;
use fullmakt_measures::{Failed, Measure, Report};

/// What an event may take while the ledger is followed: 50,000 in a second.
const LIVE_MICROS: f64 = 20.0;
/// What an event may take while read models are made again: 300,000 in a second.
const REBUILD_MICROS: f64 = 10.0 / 3.0;
/// About how many events there are for one main unit, its persons and sub-units.
const EVENTS_A_UNIT: u32 = 14;
/// How many records a folder hands on at once.
const RECORDS_A_BATCH: usize = 2_048;

pub(crate) async fn run(report: &mut Report, events: u32) -> Result<(), Failed> {
    let records = records(events)?;
    let events = u32::try_from(records.iter().map(|record| record.events.len()).sum::<usize>())?;
    let batches: Vec<Arc<[Folded]>> = records.chunks(RECORDS_A_BATCH).map(Arc::from).collect();
    eprintln!("  {} records with {events} events", records.len());
    let first = records.first().ok_or("no records")?;
    let Some(LedgerRecord::Genesis(genesis)) = &first.record else {
        return Err("the ledger does not begin with its genesis".into());
    };
    let ledger = genesis.ledger;
    let end = records.last().unwrap_or(first).position.next();
    let end = ready(Ok::<_, ProjectorError>(end));
    drop(records);

    let database = TestDatabase::create();
    let limits = ProjectorLimits::default();
    let mut projector = Projector::open(database.database(), ledger, end, limits).await?;
    let began = Instant::now();
    for batch in &batches {
        projector.apply(batch).await?;
    }
    add(report, "projection live", began.elapsed(), events, LIVE_MICROS)?;

    let mut source = Told { batches: batches.into_iter() };
    let began = Instant::now();
    let mut filled = None;
    let mut progress = |step| match step {
        RebuildProgress::Comparing { .. } => filled = Some(began.elapsed()),
        RebuildProgress::Skipped { .. }
        | RebuildProgress::Folded { .. }
        | RebuildProgress::Swapped { .. } => {}
    };
    let options = RebuildOptions::default();
    let made = rebuild(database.database(), &mut source, options, &mut progress).await?;
    if !made.is_swapped {
        return Err(format!("the rebuilt tables differ: {:?}", made.differences).into());
    }
    let filled = filled.ok_or("the rebuild has compared nothing")?;
    add(report, "projection rebuild", filled, events, REBUILD_MICROS)?;
    let compared = began.elapsed().saturating_sub(filled);
    eprintln!("  then compared and swapped in {:.1} s", compared.as_secs_f64());
    Ok(())
}

/// The ledger of a country that is so large that about so many events happen.
fn records(events: u32) -> Result<Vec<Folded>, Failed> {
    const LEDGER: &str = "bench";
    let units = (events / EVENTS_A_UNIT).max(1);
    let country = crate::country(units, units)?;
    ledger::folded(&country, LEDGER)?.collect()
}

fn add(
    report: &mut Report,
    name: &str,
    elapsed: Duration,
    events: u32,
    goal_micros: f64,
) -> Result<(), Failed> {
    let ours = micros(elapsed) / f64::from(events);
    eprintln!("{name}: {:.0} events a second", 1e6 / ours);
    report.add(&Measure {
        name: name.to_owned(),
        ours,
        anchor: goal_micros,
        anchor_name: format!("goal, {:.0} events a second", 1e6 / goal_micros),
        unit: "µs an event",
    })?;
    Ok(())
}

/// A ledger that is told in batches, as a folder tells it.
struct Told {
    batches: std::vec::IntoIter<Arc<[Folded]>>,
}

impl RecordSource for Told {
    async fn next(&mut self) -> Result<Arc<[Folded]>, Box<dyn Error + Send + Sync>> {
        Ok(self.batches.next().unwrap_or_default())
    }
}
