//! The ledger: whether the log holds the one that the read models were folded from, how far they
//! are behind, and what its clock says.

use std::{sync::Arc, time::Duration};

use fullmakt_config::Configuration;
use fullmakt_eventlog::{EventLog, ReadError, ReadLimits, Record};
use fullmakt_events::{Admission, Position, Timestamp, folded::record_hash};
use fullmakt_pep::system_clock;
use fullmakt_projections::Checkpoint;
use fullmakt_readstore::{Database, ReadStore};

use super::{
    database::{CLOCK_DIFFERENCE_MAX, CLOCK_DIFFERENCE_NOTED},
    report::Report,
};

/// How long one record is waited for.
const READ_WAIT: Duration = Duration::from_secs(5);

/// How many records the read models may be behind without anybody having to look.
const LAG_NOTED: u64 = 10_000;

pub(super) async fn examine(
    configuration: &Configuration,
    database: Option<Database>,
    log: Option<Arc<dyn EventLog>>,
    report: &mut Report,
) {
    let Some(log) = log else {
        let advice = "see `log`";
        report.warning("ledger", "not looked at, since the log cannot be read", advice);
        return;
    };
    // Before the log's end: both go on while a server runs, and the log is always ahead.
    let checkpoint = match &database {
        Some(database) => Some(checkpoint(database).await),
        None => None,
    };
    let bounds = async { Ok::<_, ReadError>((log.start().await?, log.end().await?)) };
    let (start, end) = match bounds.await {
        Ok(bounds) => bounds,
        Err(error) => return report.failed("ledger", crate::chain(&error), "see `log`"),
    };
    if end == Position::GENESIS {
        let advice = "the first start begins a ledger; if there was one, restore the log";
        return report.warning("ledger", "the log is empty", advice);
    }
    if start != Position::GENESIS {
        return report.failed(
            "ledger",
            format!("the log begins at position {start}: its beginning was removed"),
            "restore the log from a copy: a ledger is folded from its beginning",
        );
    }
    let Some(admission) = genesis(configuration, log.as_ref(), report).await else { return };
    clock(configuration, log.as_ref(), end, report).await;
    match checkpoint {
        None => {}
        Some(Ok(Some(checkpoint))) => {
            identity(&admission, &checkpoint, log.as_ref(), end, report).await;
            lag(&checkpoint, end, report);
        }
        Some(Ok(None)) => report.warning(
            "ledger.checkpoint",
            "nothing has been folded into the read models yet",
            "start a server: it folds the ledger from its beginning",
        ),
        Some(Err(error)) => {
            report.warning("ledger.checkpoint", error, "see `database.schema`");
        }
    }
}

async fn genesis(
    configuration: &Configuration,
    log: &dyn EventLog,
    report: &mut Report,
) -> Option<Admission> {
    let record = record_at(log, Position::GENESIS, report).await?;
    let name = &configuration.ledger.name;
    match Admission::begin(record.position, record.append_time, &record.bytes, name) {
        Ok(admission) => {
            report.ok("ledger", format!("ledger `{name}`, id {}", admission.ledger()));
            Some(admission)
        }
        Err(error) => {
            let advice = "correct `ledger.name`, or point the log's settings to the ledger's log";
            report.failed("ledger", crate::chain(&error), advice);
            None
        }
    }
}

/// The record at a position that the log holds.
async fn record_at(log: &dyn EventLog, position: Position, report: &mut Report) -> Option<Record> {
    let read = log.read(position, ReadLimits::ONE, READ_WAIT).await;
    match read.map(|records| records.into_iter().next()) {
        Ok(Some(record)) => Some(record),
        Ok(None) => {
            let seen = format!("the record at {position} was not read within {READ_WAIT:?}");
            report.failed("ledger", seen, "see `log`");
            None
        }
        Err(error) => {
            report.failed("ledger", crate::chain(&error), "see `log`");
            None
        }
    }
}

async fn checkpoint(database: &Database) -> Result<Option<Checkpoint>, String> {
    let store = ReadStore::open(database).map_err(|error| crate::chain(&error))?;
    store.checkpoint().await.map_err(|error| crate::chain(&error))
}

async fn identity(
    admission: &Admission,
    checkpoint: &Checkpoint,
    log: &dyn EventLog,
    end: Position,
    report: &mut Report,
) {
    let name = "ledger.checkpoint";
    let position = checkpoint.position;
    if checkpoint.ledger != admission.ledger() {
        return report.failed(
            name,
            format!(
                "the read models were folded from ledger {}, and the log holds {}",
                checkpoint.ledger,
                admission.ledger()
            ),
            "point `postgres.url` and the log's settings to one installation; to fold another \
             ledger into this database, drop the schema of the read models and migrate",
        );
    }
    if position >= end {
        return report.failed(
            name,
            format!("the read models are at {position}, and the log ends before position {end}"),
            "the log has lost records: stop all servers and restore it from a copy",
        );
    }
    let Some(record) = record_at(log, position, report).await else { return };
    if record_hash(&record.bytes) == checkpoint.hash {
        report.ok(name, format!("the record at {position} is the one that was folded"));
    } else {
        report.failed(
            name,
            format!("the record at {position} is not the one that was folded"),
            "the log is another one or was changed: stop all servers and compare it with a copy",
        );
    }
}

fn lag(checkpoint: &Checkpoint, end: Position, report: &mut Report) {
    let name = "projector.lag";
    let behind = end.get().saturating_sub(checkpoint.position.next().get());
    let seen = format!("the read models are {behind} records behind the log");
    if behind > LAG_NOTED {
        let advice = "if no server runs, start one; if one does, look at its log lines and at \
                      `projection_lag_events`";
        report.warning(name, seen, advice);
    } else {
        report.ok(name, seen);
    }
}

async fn clock(
    configuration: &Configuration,
    log: &dyn EventLog,
    end: Position,
    report: &mut Report,
) {
    let name = "clock.log";
    let Some(last) = end.previous() else { return };
    let Some(record) = record_at(log, last, report).await else { return };
    let now: Timestamp = system_clock()();
    let age = now.micros_since(record.append_time);
    if age < -CLOCK_DIFFERENCE_NOTED {
        let seen = format!("the newest record is {} ms in the future", -age / 1_000);
        let advice = "let this machine and those of the log keep time by NTP";
        return if age < -CLOCK_DIFFERENCE_MAX {
            report.failed(name, seen, advice);
        } else {
            report.warning(name, seen, advice);
        };
    }
    let seen = format!("the newest record is {} s old", age.max(0) / 1_000_000);
    let max = i64::try_from(configuration.ledger.max_staleness_seconds).unwrap_or(i64::MAX);
    if age > max.saturating_mul(1_000_000) {
        report.warning(
            name,
            format!("{seen}; a decision point answers only while it is below {max} s"),
            "start a server, which appends a tick every `ledger.heartbeat_seconds`; if one runs, \
             compare the clocks",
        );
    } else {
        report.ok(name, seen);
    }
}
