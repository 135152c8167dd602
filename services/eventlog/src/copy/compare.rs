//! Comparing two logs record by record.

use std::fmt;

use fullmakt_events::Position;
use sha2::{Digest as _, Sha256};

use super::{BATCH, CopyError, CopyProgress, CopyStep, PATIENCE};
use crate::{
    error::ReadError,
    log::{EventLog, LogReader, Record},
};

/// The SHA-256 over the records of a log from position 0 on: of each its position and append time
/// (microseconds since 1970), both as eight bytes, the most significant first, and the SHA-256 of
/// its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordsHash(pub [u8; 32]);

impl fmt::Display for RecordsHash {
    /// As 64 hexadecimal digits.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

/// What two logs have in common.
pub(super) struct Compared {
    pub(super) bytes: u64,
    pub(super) source: RecordsHash,
    pub(super) destination: RecordsHash,
}

/// Reads both logs from position 0 up to `end`, and stops where they differ.
pub(super) async fn compare(
    source: &dyn EventLog,
    destination: &dyn EventLog,
    end: Position,
    step: CopyStep,
    say: &mut (dyn FnMut(CopyProgress) + Send),
) -> Result<Compared, CopyError> {
    let mut source = Side::open(source, CopyError::Source).await?;
    let mut destination = Side::open(destination, CopyError::Destination).await?;
    let mut bytes = 0_u64;
    let mut position = Position::GENESIS;
    while position < end {
        let (ours, theirs) = (source.batch(position).await?, destination.batch(position).await?);
        let mut taken = 0_usize;
        for (our, their) in ours.iter().zip(theirs).take_while(|(our, _)| our.position < end) {
            if our != their {
                return Err(CopyError::Differs { position });
            }
            bytes = bytes.saturating_add(u64::try_from(our.bytes.len()).unwrap_or(u64::MAX));
            position = our.position.next();
            taken = taken.saturating_add(1);
        }
        source.take(taken);
        destination.take(taken);
        say(CopyProgress { step, position, end });
    }
    Ok(Compared { bytes, source: source.hash(), destination: destination.hash() })
}

/// One of the logs, as far as it was read.
struct Side {
    reader: Box<dyn LogReader>,
    failed: fn(ReadError) -> CopyError,
    /// Read and not yet compared.
    ahead: Vec<Record>,
    hash: Sha256,
}

impl Side {
    async fn open(
        log: &dyn EventLog,
        failed: fn(ReadError) -> CopyError,
    ) -> Result<Self, CopyError> {
        let reader = log.reader(Position::GENESIS, BATCH).await.map_err(failed)?;
        Ok(Self { reader, failed, ahead: Vec::new(), hash: Sha256::new() })
    }

    /// The records from this position on, at least one.
    async fn batch(&mut self, position: Position) -> Result<&[Record], CopyError> {
        if self.ahead.is_empty() {
            self.ahead = self.reader.next(PATIENCE).await.map_err(self.failed)?;
        }
        if self.ahead.is_empty() { Err(CopyError::Stalled { position }) } else { Ok(&self.ahead) }
    }

    /// Counts as many records as compared.
    fn take(&mut self, count: usize) {
        for record in self.ahead.drain(..count.min(self.ahead.len())) {
            self.hash.update(record.position.get().to_be_bytes());
            self.hash.update(record.append_time.as_micros().to_be_bytes());
            self.hash.update(Sha256::digest(&record.bytes));
        }
    }

    fn hash(self) -> RecordsHash {
        RecordsHash(self.hash.finalize().into())
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use fullmakt_events::Timestamp;

    use super::*;
    use crate::memory::{ManualClock, MemoryLog};

    async fn log(time: i64, records: &[&'static str]) -> MemoryLog {
        let log = MemoryLog::new(ManualClock::at(Timestamp::from_millis(time)).source());
        for record in records {
            log.append(Bytes::from_static(record.as_bytes())).await.unwrap();
        }
        log
    }

    async fn compared(one: &MemoryLog, other: &MemoryLog, end: u64) -> Result<Compared, CopyError> {
        compare(one, other, Position::new(end), CopyStep::Comparing, &mut |_| {}).await
    }

    #[tokio::test]
    async fn equal_logs_have_the_hash_that_the_documentation_says() {
        let (one, other) = (log(1_000, &["a", "bc"]).await, log(1_000, &["a", "bc", "d"]).await);
        let compared = compared(&one, &other, 2).await.unwrap();
        assert_eq!(compared.bytes, 3);
        assert_eq!(compared.source, compared.destination);
        let mut expected = Sha256::new();
        for (position, bytes) in [(0_u64, "a"), (1, "bc")] {
            expected.update(position.to_be_bytes());
            expected.update(1_000_000_i64.to_be_bytes());
            expected.update(Sha256::digest(bytes));
        }
        assert_eq!(compared.source, RecordsHash(expected.finalize().into()));
        assert_eq!(compared.source.to_string().len(), 64);
    }

    #[tokio::test]
    async fn the_first_record_with_other_bytes_or_another_time_is_named() {
        let one = log(1_000, &["a", "b", "c"]).await;
        for (other, position) in [
            (log(1_000, &["a", "x", "y"]).await, 1),
            (log(1_000, &["a", "b", "cc"]).await, 2),
            (log(2_000, &["a", "b", "c"]).await, 0),
        ] {
            match compared(&one, &other, 3).await.map(|compared| compared.bytes) {
                Err(CopyError::Differs { position: found }) => assert_eq!(found.get(), position),
                other => panic!("{other:?}"),
            }
        }
    }
}
