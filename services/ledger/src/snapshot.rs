//! Beginning at a snapshot, so that what was folded before is not folded again.

use std::sync::Arc;

use fullmakt_eventlog::{EventLog, ReadError, ReadLimits, Record};
use fullmakt_events::{Admission, Position, folded::record_hash};
use tokio_util::sync::CancellationToken;
use tracing::info;

use crate::{
    Folder, LedgerError, LedgerIndex, LedgerSettings,
    folder::{Beginning, READ_WAIT, first_of},
};

/// The state of the admission rule after a record, and what that record is known by.
#[derive(Debug, Clone)]
pub struct Snapshot {
    /// The state, with the ledger and the position.
    pub admission: Admission,
    /// The SHA-256 of the record at that position.
    pub hash: [u8; 32],
}

/// Opens the ledger in this log at a snapshot: the first record that is folded is the one after it.
///
/// Feeds are given the records from there on. There are no folds in memory, since none has what came
/// before.
///
/// # Errors
/// When the log holds another ledger, ends before the snapshot, or holds another record where it
/// was taken. Nothing was folded or appended then.
pub async fn open_at(
    log: Arc<dyn EventLog>,
    index: Arc<dyn LedgerIndex>,
    settings: LedgerSettings,
    snapshot: Snapshot,
    stopping: CancellationToken,
) -> Result<Folder, LedgerError> {
    let genesis = record_at(log.as_ref(), Position::GENESIS, &stopping).await?;
    let found =
        Admission::begin(genesis.position, genesis.append_time, &genesis.bytes, &settings.name)
            .map_err(LedgerError::Genesis)?;
    let Snapshot { admission, hash } = snapshot;
    if found.ledger() != admission.ledger() {
        return Err(LedgerError::OtherLedger {
            checkpoint: admission.ledger(),
            log: found.ledger(),
        });
    }
    let position = admission.position();
    let record = record_at(log.as_ref(), position, &stopping).await?;
    if record_hash(&record.bytes) != hash {
        return Err(LedgerError::HashMismatch { position });
    }
    info!(
        ledger.position = position.get(),
        "the ledger is folded from position {} on: what came before is in the snapshot",
        position.next()
    );
    let beginning = Beginning::Snapshot(record.bytes.as_ref().into());
    Ok(Folder::new(log, index, settings, admission, beginning, stopping))
}

/// The record at a position that somebody has folded, so that the log has to hold it.
async fn record_at(
    log: &dyn EventLog,
    position: Position,
    stopping: &CancellationToken,
) -> Result<Record, LedgerError> {
    loop {
        let read = match log.end().await {
            Ok(end) if end <= position => Err(ReadError::BeyondEnd { from: position, end }),
            Ok(_) => log.read(position, ReadLimits::ONE, READ_WAIT).await,
            Err(error) => Err(error),
        };
        if let Some(record) = first_of(read, stopping).await? {
            return Ok(record);
        }
    }
}
