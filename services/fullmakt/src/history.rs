//! The ledger from its beginning, for what compares the read models with it.

use std::{error::Error, sync::Arc, time::Duration};

use fullmakt_config::Configuration;
use fullmakt_events::{Admission, Folded, Position};
use fullmakt_ledger::{History, LedgerError};
use fullmakt_readstore::{
    Database, ProjectorError, ReadStore, RebuildProgress, RecordSource, check_schema,
};
use tokio::time::Instant;
use tracing::info;

use crate::{StartError, logs, pace::Pace, process};

/// How long the end of the log is waited at.
const WAIT: Duration = Duration::from_millis(100);

/// Tells the ledger from its beginning.
pub(crate) struct Source(History);

impl RecordSource for Source {
    async fn next(&mut self) -> Result<Arc<[Folded]>, Box<dyn Error + Send + Sync>> {
        Ok(self.0.next(WAIT).await?)
    }

    fn admission(&self) -> Option<&Admission> {
        self.0.admission()
    }
}

/// The database, and the ledger that it was folded from: the log reaches at least as far.
pub(crate) async fn open(configuration: &Configuration) -> Result<(Database, Source), StartError> {
    let database = process::database(configuration)?;
    check_schema(&database).await.map_err(StartError::Schema)?;
    let log = logs::existing_log(configuration).await?;
    // In this order: both go on while a server runs, and the log is always ahead.
    let checkpoint = ReadStore::open(&database)?.checkpoint().await?;
    let end = log.end().await.map_err(LedgerError::Log)?;
    if let Some(checkpoint) = checkpoint
        && checkpoint.position >= end
    {
        let checkpoint = checkpoint.position;
        return Err(ProjectorError::LogEndsBefore { checkpoint, end }.into());
    }
    let history = History::open(log.as_ref(), &configuration.ledger.name).await?;
    Ok((database, Source(history)))
}

/// Says how far a fold has come, in log lines.
pub(crate) fn progress() -> impl FnMut(RebuildProgress) + Send {
    let (mut skipping, mut folding) = (Pace::new(), Pace::new());
    // What was skipped last, until it is said.
    let mut unsaid = None;
    move |progress| {
        let now = Instant::now();
        match progress {
            RebuildProgress::Skipped { position, live } => {
                if let Some(line) = skipping.reached(position, live, now) {
                    say_skipped(position, &line);
                    unsaid = None;
                } else {
                    unsaid = Some((position, live));
                }
            }
            RebuildProgress::Folded { position, live } => {
                if let Some((position, live)) = unsaid.take() {
                    say_skipped(position, &skipping.say(position, live, now));
                }
                if let Some(line) = folding.reached(position, live, now) {
                    info!(ledger.position = position.get(), "folded {line}");
                }
            }
            RebuildProgress::Comparing { position } => {
                info!(ledger.position = position.get(), "comparing all tables at {position}");
            }
            RebuildProgress::Swapped { position } => {
                info!(ledger.position = position.get(), "swapped at {position}");
            }
        }
    }
}

fn say_skipped(position: Position, line: &str) {
    info!(ledger.position = position.get(), "folded before: {line}");
}
