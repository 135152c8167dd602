//! Waiting for the read models to reach a position.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use fullmakt_events::Position;
use fullmakt_projections::{Checkpoint, checkpoint};
use futures::{StreamExt, stream};
use tokio::{
    sync::watch,
    task::AbortHandle,
    time::{Instant, timeout, timeout_at},
};
use tokio_postgres::AsyncMessage;

use crate::{Database, DatabaseError, ReadSchema, checkpoints::CheckpointRow, database::Session};

/// How long one waits for an announcement before looking oneself. It bounds what a lost
/// announcement costs.
const POLL_INTERVAL: Duration = Duration::from_millis(250);

/// How long one waits before connecting again.
const RECONNECT_AFTER: Duration = Duration::from_millis(200);

/// The checkpoint of the live read models, as it moves on. Clones watch together.
#[derive(Debug, Clone)]
pub struct CheckpointWatch {
    known: Arc<Known>,
    _task: Arc<Task>,
}

/// The checkpoint as it is known, by looking or by being told.
#[derive(Debug)]
struct Known {
    checkpoint: watch::Sender<Option<Checkpoint>>,
    /// How often it was told.
    times_told: AtomicU64,
}

impl Known {
    fn position(&self) -> Option<Position> {
        self.checkpoint.borrow().map(|at| at.position)
    }

    fn tell(&self, reached: Checkpoint) {
        self.checkpoint.send_if_modified(|known| {
            self.times_told.fetch_add(1, Ordering::SeqCst);
            let is_news = known.is_none_or(|known| known.position < reached.position);
            if is_news {
                *known = Some(reached);
            }
            is_news
        });
    }

    /// Takes what was seen by looking, unless something newer was told meanwhile.
    fn see(&self, seen: Option<Checkpoint>, told_before: u64) {
        self.checkpoint.send_if_modified(|known| {
            let is_told_since = self.times_told.load(Ordering::SeqCst) != told_before;
            let position = |at: &Option<Checkpoint>| at.map(|at| at.position);
            if is_told_since && position(&seen) < position(known) {
                return false;
            }
            std::mem::replace(known, seen) != seen
        });
    }
}

/// The position was not reached in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("position {asked} is not reached yet")]
pub struct NotYet {
    /// The position asked for.
    pub asked: Position,
    /// The position reached; nothing where none is known.
    pub reached: Option<Position>,
}

/// Ends the task with the last watch.
#[derive(Debug)]
struct Task(AbortHandle);

impl Drop for Task {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl CheckpointWatch {
    /// Begins to watch, on a connection of its own, through all outages.
    ///
    /// Has to be called within a Tokio runtime.
    #[must_use]
    pub fn start(database: &Database) -> Self {
        let (checkpoint, times_told) = (watch::Sender::new(None), AtomicU64::new(0));
        let known = Arc::new(Known { checkpoint, times_told });
        let task = tokio::spawn(watch_for_ever(database.clone(), Arc::clone(&known)));
        Self { known, _task: Arc::new(Task(task.abort_handle())) }
    }

    /// Makes known what this process has committed itself, so that nobody has to look.
    pub(crate) fn tell(&self, reached: Checkpoint) {
        self.known.tell(reached);
    }

    /// The position that is known to be reached.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        self.checkpoint().map(|checkpoint| checkpoint.position)
    }

    /// The checkpoint that is known to be reached.
    #[must_use]
    pub fn checkpoint(&self) -> Option<Checkpoint> {
        *self.known.checkpoint.borrow()
    }

    /// Waits until the read models are at `position` or beyond, and says where they are.
    ///
    /// # Errors
    /// When that is not so at the deadline.
    pub async fn wait_for(
        &self,
        position: Position,
        deadline: Instant,
    ) -> Result<Position, NotYet> {
        let mut watched = self.known.checkpoint.subscribe();
        let is_there =
            |reached: &Option<Checkpoint>| reached.is_some_and(|at| at.position >= position);
        let reached = match timeout_at(deadline, watched.wait_for(is_there)).await {
            Ok(Ok(reached)) => reached.map(|at| at.position),
            // The task never ends by itself before the watch does.
            Ok(Err(_)) | Err(_) => None,
        };
        reached.ok_or_else(|| NotYet { asked: position, reached: self.position() })
    }
}

async fn watch_for_ever(database: Database, known: Arc<Known>) {
    loop {
        let Err(error) = watch_connected(&database, &known).await;
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "the checkpoint cannot be watched; connecting again"
        );
        tokio::time::sleep(RECONNECT_AFTER).await;
    }
}

/// Follows the checkpoint until the connection breaks.
///
/// An announcement only says that it is time to look, unless what it announces is known: the
/// position is always read from the table.
async fn watch_connected(
    database: &Database,
    known: &Known,
) -> Result<std::convert::Infallible, DatabaseError> {
    let (client, mut connection) = database.open(Session::Reading(&ReadSchema::live())).await?;
    let mut messages = stream::poll_fn(move |context| connection.poll_message(context));
    let (announce, mut announced) = watch::channel(());
    // Whoever polls the connection drives the statements, too.
    let drive = async move {
        while let Some(message) = messages.next().await {
            match message {
                Ok(AsyncMessage::Notification(announced)) => {
                    let position = announced.payload().parse().ok().map(Position::new);
                    if position.is_none() || known.position() < position {
                        announce.send_replace(());
                    }
                }
                Ok(_) => {}
                Err(error) => return DatabaseError::unavailable(error),
            }
        }
        DatabaseError::unavailable(std::io::Error::from(std::io::ErrorKind::ConnectionAborted))
    };
    let look = async {
        client
            .batch_execute(checkpoint::LISTEN.text)
            .await
            .map_err(DatabaseError::from_statement(checkpoint::LISTEN))?;
        loop {
            announced.mark_unchanged();
            let told_before = known.times_told.load(Ordering::SeqCst);
            let row = CheckpointRow::fetch(&client).await?;
            known.see(row.and_then(|row| row.checkpoint), told_before);
            // Either an announcement or the time to look without one.
            let _ = timeout(POLL_INTERVAL, announced.changed()).await;
        }
    };
    tokio::select! {
        error = drive => Err(error),
        outcome = look => outcome,
    }
}

#[cfg(test)]
mod tests {
    use fullmakt_events::{LedgerId, Timestamp};
    use uuid::Uuid;

    use super::*;

    fn at(position: u64) -> Checkpoint {
        Checkpoint {
            ledger: LedgerId::new(Uuid::from_u128(7)),
            position: Position::new(position),
            ledger_time: Timestamp::default(),
            hash: [0; 32],
        }
    }

    fn known() -> Known {
        Known { checkpoint: watch::Sender::new(None), times_told: AtomicU64::new(0) }
    }

    #[test]
    fn what_is_told_is_known_unless_something_newer_is() {
        let known = known();
        known.tell(at(3));
        known.tell(at(2));
        assert_eq!(known.position(), Some(Position::new(3)));
    }

    #[test]
    fn an_old_look_does_not_hide_what_was_told_since() {
        let known = known();
        known.see(Some(at(1)), 0);
        known.tell(at(3));
        known.see(Some(at(2)), 0);
        assert_eq!(known.position(), Some(Position::new(3)));
    }

    #[test]
    fn a_look_after_what_was_told_counts_also_where_the_table_has_gone_back() {
        let known = known();
        known.tell(at(3));
        known.see(Some(at(2)), 1);
        assert_eq!(known.position(), Some(Position::new(2)));
    }
}
