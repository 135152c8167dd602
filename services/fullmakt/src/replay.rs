//! `fullmakt replay`.

use std::{io::Write, time::Duration};

use fullmakt_audit::{ReplayFilter, write_record};
use fullmakt_config::Configuration;
use fullmakt_events::Position;
use fullmakt_ledger::{History, LedgerError};

use crate::{StartError, cli, logs};

/// How long the end of the log is waited at.
const WAIT: Duration = Duration::from_millis(500);

pub(crate) async fn run(
    configuration: &Configuration,
    what: &cli::Replay,
) -> Result<(), StartError> {
    let stream = match &what.stream {
        Some(name) => Some(name.parse().map_err(StartError::NoStreamName)?),
        None => None,
    };
    let filter = ReplayFilter { stream };
    let log = logs::existing_log(configuration).await?;
    let end = log.end().await.map_err(LedgerError::Log)?;
    let newest = end.previous().ok_or(StartError::EmptyLog)?;
    let last = what.to.map_or(newest, Position::new);
    if last > newest {
        return Err(StartError::BeyondEnd { asked: last, newest });
    }
    let mut history = History::open(log.as_ref(), &configuration.ledger.name).await?;
    let mut is_any_printed = false;
    let mut out = std::io::BufWriter::new(std::io::stdout());
    'ledger: loop {
        for record in history.next(WAIT).await?.iter() {
            if record.position > last {
                break 'ledger;
            }
            is_any_printed |= write_record(&mut out, record, &filter).map_err(StartError::Io)?;
            if record.position == last {
                break 'ledger;
            }
        }
    }
    out.flush().map_err(StartError::Io)?;
    match filter.stream {
        Some(stream) if !is_any_printed => Err(StartError::NothingOnStream { stream, last }),
        Some(_) | None => Ok(()),
    }
}
