//! The ledger from its beginning, judged afresh: for replay and rebuild, beside a folder or without
//! one.

use std::{sync::Arc, time::Duration};

use fullmakt_eventlog::{EventLog, LogReader, ReadLimits};
use fullmakt_events::{Admission, Folded, Position};

use crate::LedgerError;

/// Reads a ledger from position 0 on.
pub struct History {
    name: String,
    reader: Box<dyn LogReader>,
    admission: Option<Admission>,
}

impl History {
    /// The history of the ledger of this name in this log.
    ///
    /// # Errors
    /// When the log cannot be read.
    pub async fn open(log: &dyn EventLog, name: &str) -> Result<Self, LedgerError> {
        let reader =
            log.reader(Position::GENESIS, ReadLimits::default()).await.map_err(LedgerError::Log)?;
        Ok(Self { name: name.to_owned(), reader, admission: None })
    }

    /// The state of the admission rule after the last record given; nothing before the first.
    #[must_use]
    pub const fn admission(&self) -> Option<&Admission> {
        self.admission.as_ref()
    }

    /// The next records. Waits for the first of them, and gives none if none comes.
    ///
    /// # Errors
    /// When the log cannot be read, is not this ledger, or holds what this release cannot read.
    pub async fn next(&mut self, wait: Duration) -> Result<Arc<[Folded]>, LedgerError> {
        let records = self.reader.next(wait).await.map_err(LedgerError::Log)?;
        let mut folded = Vec::with_capacity(records.len());
        for record in &records {
            let next = if let Some(admission) = &mut self.admission {
                Folded::fold(admission, record.append_time, &record.bytes)
                    .map_err(LedgerError::Fold)?
            } else {
                let admission = Admission::begin(
                    record.position,
                    record.append_time,
                    &record.bytes,
                    &self.name,
                )
                .map_err(LedgerError::Genesis)?;
                let genesis = Folded::genesis(&admission, record.append_time, &record.bytes);
                self.admission = Some(admission);
                genesis
            };
            folded.push(next);
        }
        Ok(folded.into())
    }
}
