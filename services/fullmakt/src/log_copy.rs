//! `fullmakt log copy`: moves the ledger from one log to another.

use std::io::{self, Write};

use fullmakt_config::Configuration;
use fullmakt_eventlog::{CopyProgress, CopyReport, CopyStep, copy};
use serde_json::json;
use tokio::time::Instant;
use tracing::info;

use crate::{StartError, cli, logs, pace::Pace};

pub(crate) async fn run(
    configuration: &Configuration,
    what: &cli::LogCopy,
) -> Result<(), StartError> {
    let other = Configuration::from_sources(Some(&what.to), [])?;
    // Another name would be another ledger's: the genesis says the one it has.
    if other.ledger.name != configuration.ledger.name {
        return Err(StartError::OtherLedgerName {
            source_name: configuration.ledger.name.clone(),
            destination: other.ledger.name,
        });
    }
    let source = logs::existing_log(configuration).await?;
    let destination = logs::destination(&other).await?;
    let report = copy(source.as_ref(), destination.as_ref(), &mut progress()).await?;
    let mut out = io::stdout().lock();
    if what.json { write_json(&report, &mut out) } else { write_text(&report, &mut out) }
        .map_err(StartError::Io)
}

/// Says how far a copy is, from time to time.
fn progress() -> impl FnMut(CopyProgress) + Send {
    let mut under_way: Option<(CopyStep, Pace)> = None;
    move |progress| {
        let CopyProgress { step, position, end } = progress;
        if under_way.as_ref().is_none_or(|(before, _)| *before != step) {
            under_way = Some((step, Pace::new()));
        }
        let last = |position: fullmakt_events::Position| position.previous().unwrap_or_default();
        if let Some((_, pace)) = &mut under_way
            && let Some(reached) = pace.reached(last(position), last(end), Instant::now())
        {
            info!("{} {reached}", word(step));
        }
    }
}

const fn word(step: CopyStep) -> &'static str {
    match step {
        CopyStep::Comparing => "compared what was there",
        CopyStep::Copying => "copied",
        CopyStep::Verifying => "read back and compared",
    }
}

fn write_text(report: &CopyReport, out: &mut impl Write) -> io::Result<()> {
    let CopyReport { records, bytes, copied, destination, .. } = report;
    writeln!(
        out,
        "equal: both logs hold {records} records of {bytes} bytes, {copied} of them copied now; \
         SHA-256 {destination}"
    )?;
    out.flush()
}

fn write_json(report: &CopyReport, out: &mut impl Write) -> io::Result<()> {
    let json = json!({
        "records": report.records,
        "bytes": report.bytes,
        "copied": report.copied,
        "source": { "sha256": report.source.to_string() },
        "destination": { "sha256": report.destination.to_string() },
    });
    writeln!(out, "{}", serde_json::to_string_pretty(&json)?)?;
    out.flush()
}
