//! `fullmakt rebuild`.

use std::{error::Error, sync::Arc, time::Duration};

use fullmakt_config::Configuration;
use fullmakt_events::Folded;
use fullmakt_ledger::History;
use fullmakt_readstore::{
    OnDifference, RebuildOptions, RebuildProgress, RecordSource, check_schema, rebuild,
};
use tracing::info;

use crate::{StartError, cli, logs, process};

/// How long the end of the log is waited at.
const WAIT: Duration = Duration::from_millis(100);

pub(crate) async fn run(
    configuration: &Configuration,
    what: cli::Rebuild,
) -> Result<(), StartError> {
    let database = process::database(configuration)?;
    check_schema(&database).await.map_err(StartError::Schema)?;
    let log = logs::event_log(configuration).await?;
    let mut source = Source(History::open(log.as_ref(), &configuration.ledger.name).await?);
    let options = RebuildOptions {
        on_difference: if what.accept_difference { OnDifference::Swap } else { OnDifference::Keep },
        ..RebuildOptions::default()
    };
    let report = rebuild(&database, &mut source, options, &mut say).await?;
    if report.differences.is_empty() {
        info!("the rebuilt tables are equal to the ones before, and have taken their place");
        Ok(())
    } else if report.is_swapped {
        info!(
            tables = report.differences.join(", "),
            "the rebuilt tables differ from the ones before, and have taken their place"
        );
        Ok(())
    } else {
        Err(StartError::Difference(report.differences.join(", ")))
    }
}

fn say(progress: RebuildProgress) {
    match progress {
        RebuildProgress::Folded { position, live } => {
            info!(ledger.position = position.get(), "folded up to {position} of {live}");
        }
        RebuildProgress::Comparing { position } => {
            info!(ledger.position = position.get(), "comparing all tables at {position}");
        }
        RebuildProgress::Swapped { position } => {
            info!(ledger.position = position.get(), "swapped at {position}");
        }
    }
}

struct Source(History);

impl RecordSource for Source {
    async fn next(&mut self) -> Result<Arc<[Folded]>, Box<dyn Error + Send + Sync>> {
        Ok(self.0.next(WAIT).await?)
    }
}
