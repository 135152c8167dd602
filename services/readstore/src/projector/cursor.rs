//! How far the ledger has been folded into a schema, and what may be folded next.

use std::sync::Arc;

use deadpool_postgres::{Pool, Transaction};
use fullmakt_events::{Folded, LedgerId, Position};
use fullmakt_projections::{Checkpoint, checkpoint};

use super::{Memory, ProjectorError};
use crate::{
    DatabaseError,
    checkpoints::{CheckpointRow, stored_position},
    column::Column,
};

/// A fold's place in the ledger.
#[derive(Debug, Clone)]
pub(crate) struct Cursor {
    ledger: LedgerId,
    checkpoint: Option<Checkpoint>,
    /// Whether the record at the checkpoint has been seen, and found to be the one that was folded.
    is_verified: bool,
}

impl Cursor {
    /// The place that the schema of the pool is at.
    pub(crate) async fn read(pool: &Pool, ledger: LedgerId) -> Result<Self, ProjectorError> {
        let checkpoint = stored(pool).await?;
        match &checkpoint {
            Some(checkpoint) if checkpoint.ledger != ledger => {
                Err(ProjectorError::OtherLedger { found: ledger, expected: checkpoint.ledger })
            }
            Some(_) | None => Ok(Self { ledger, is_verified: checkpoint.is_none(), checkpoint }),
        }
    }

    /// Checks that a log reaches at least as far. `end` is the position after its last record, asked
    /// for after the place was read.
    pub(crate) fn check_reached_by(&self, end: Position) -> Result<(), ProjectorError> {
        match self.position() {
            Some(checkpoint) if checkpoint >= end => {
                Err(ProjectorError::LogEndsBefore { checkpoint, end })
            }
            Some(_) | None => Ok(()),
        }
    }

    /// What has been folded last.
    pub(crate) const fn checkpoint(&self) -> Option<&Checkpoint> {
        self.checkpoint.as_ref()
    }

    /// The position there.
    pub(crate) fn position(&self) -> Option<Position> {
        self.checkpoint.map(|checkpoint| checkpoint.position)
    }

    /// The position whose record has to be shown before anything after it is folded.
    pub(crate) fn to_verify(&self) -> Option<Position> {
        self.position().filter(|_| !self.is_verified)
    }

    /// Takes it that somebody has found this record in the log.
    pub(crate) fn is_found(&mut self, found: Option<&Checkpoint>) {
        self.is_verified = self.is_verified || self.checkpoint.as_ref() == found;
    }

    /// The place at this record.
    pub(crate) fn at(&self, last: &Folded) -> Checkpoint {
        Checkpoint::at(self.ledger, last)
    }

    /// Goes to a place that was reached.
    pub(crate) const fn advance(&mut self, reached: Checkpoint) {
        self.checkpoint = Some(reached);
    }

    /// Takes the checkpoint as it is in the database now, which may be further than it was left. It
    /// may also be further back: a database that crashed has lost what it had not yet on its disk.
    /// Then `lost` gets the record at the checkpoint and all that follow, if they are remembered.
    pub(crate) async fn read_again(
        &mut self,
        pool: &Pool,
        memory: &Memory,
        lost: &mut Vec<Arc<[Folded]>>,
    ) -> Result<(), ProjectorError> {
        let found = stored(pool).await?;
        if found == self.checkpoint {
            return Ok(());
        }
        let taken_back = ProjectorError::TakenBack {
            left: self.position(),
            found: found.map(|found| found.position),
        };
        let Some(at) = found.filter(|found| found.ledger == self.ledger) else {
            return Err(taken_back);
        };
        match &self.checkpoint {
            Some(left) if at.position == left.position => return Err(taken_back),
            Some(left) if at.position < left.position => {
                *lost = memory.since(at.position).ok_or(taken_back)?;
                tracing::warn!(
                    ledger.position = at.position.get(),
                    "the database lost what was folded last; it is folded again"
                );
            }
            Some(_) | None => tracing::info!(
                ledger.position = at.position.get(),
                "another projector moved the checkpoint"
            ),
        }
        self.checkpoint = Some(at);
        self.is_verified = false;
        Ok(())
    }

    /// The records after the checkpoint. The one at the checkpoint, if it is among those given, is
    /// compared with the one that was folded.
    pub(crate) fn unseen<'a, 'r>(
        &mut self,
        records: &'a [&'r Folded],
    ) -> Result<&'a [&'r Folded], ProjectorError> {
        for pair in records.windows(2) {
            if let [before, after] = pair
                && before.position.next() != after.position
            {
                return Err(ProjectorError::Discontinuity {
                    expected: before.position.next(),
                    found: after.position,
                });
            }
        }
        let Some(checkpoint) = &self.checkpoint else {
            return match records.first() {
                Some(first) if first.position != Position::GENESIS => {
                    Err(ProjectorError::Discontinuity {
                        expected: Position::GENESIS,
                        found: first.position,
                    })
                }
                Some(_) | None => Ok(records),
            };
        };
        let (seen, unseen) =
            records.split_at(records.partition_point(|r| r.position <= checkpoint.position));
        if let Some(at) = seen.last()
            && at.position == checkpoint.position
        {
            if *checkpoint != **at {
                return Err(ProjectorError::OtherRecord { position: at.position });
            }
            self.is_verified = true;
        }
        match unseen.first() {
            Some(first) if !self.is_verified => Err(ProjectorError::Discontinuity {
                expected: checkpoint.position,
                found: first.position,
            }),
            Some(first) if first.position != checkpoint.position.next() => {
                Err(ProjectorError::Discontinuity {
                    expected: checkpoint.position.next(),
                    found: first.position,
                })
            }
            Some(_) | None => Ok(unseen),
        }
    }
}

/// Moves the checkpoint in the database from where it was left.
pub(crate) async fn move_checkpoint(
    transaction: &Transaction<'_>,
    left: Option<&Checkpoint>,
    reached: &Checkpoint,
) -> Result<(), ProjectorError> {
    let error = DatabaseError::from_statement(checkpoint::ADVANCE);
    let statement = transaction.prepare_cached(checkpoint::ADVANCE.text).await.map_err(&error)?;
    let moved = transaction
        .execute(
            &statement,
            &[
                &stored_position(left),
                &left.map(|checkpoint| checkpoint.hash.as_slice()),
                &reached.position.to_pg(),
                &reached.ledger.to_pg(),
                &reached.ledger_time.to_pg(),
                &reached.hash.as_slice(),
            ],
        )
        .await
        .map_err(&error)?;
    if moved == 1 {
        return Ok(());
    }
    let found = CheckpointRow::fetch(&**transaction).await?.and_then(|row| row.checkpoint);
    Err(ProjectorError::Fenced {
        left: left.map(|checkpoint| checkpoint.position),
        found: found.map(|checkpoint| checkpoint.position),
    })
}

/// The checkpoint in the schema of the pool.
async fn stored(pool: &Pool) -> Result<Option<Checkpoint>, ProjectorError> {
    let client = pool.get().await.map_err(DatabaseError::from)?;
    match CheckpointRow::fetch(&**client).await {
        Ok(Some(row)) if row.is_known() => Ok(row.checkpoint),
        // A schema without the table, or with another one, was not made by this release.
        Ok(_) | Err(DatabaseError::Statement { .. } | DatabaseError::Inconsistency { .. }) => {
            Err(ProjectorError::UnknownSchema)
        }
        Err(error) => Err(error.into()),
    }
}
