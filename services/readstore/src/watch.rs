//! Waiting for the read models to reach a position.

use std::{sync::Arc, time::Duration};

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
    checkpoint: watch::Receiver<Option<Checkpoint>>,
    _task: Arc<Task>,
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
        let (sender, checkpoint) = watch::channel(None);
        let task = tokio::spawn(watch_for_ever(database.clone(), sender));
        Self { checkpoint, _task: Arc::new(Task(task.abort_handle())) }
    }

    /// The position that is known to be reached.
    #[must_use]
    pub fn position(&self) -> Option<Position> {
        self.checkpoint().map(|checkpoint| checkpoint.position)
    }

    /// The checkpoint that is known to be reached.
    #[must_use]
    pub fn checkpoint(&self) -> Option<Checkpoint> {
        *self.checkpoint.borrow()
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
        let mut watched = self.checkpoint.clone();
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

async fn watch_for_ever(database: Database, sender: watch::Sender<Option<Checkpoint>>) {
    loop {
        let Err(error) = watch_connected(&database, &sender).await;
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "the checkpoint cannot be watched; connecting again"
        );
        tokio::time::sleep(RECONNECT_AFTER).await;
    }
}

/// Follows the checkpoint until the connection breaks.
///
/// An announcement only says that it is time to look: the position is always read from the table.
async fn watch_connected(
    database: &Database,
    sender: &watch::Sender<Option<Checkpoint>>,
) -> Result<std::convert::Infallible, DatabaseError> {
    let (client, mut connection) = database.open(Session::Reading(&ReadSchema::live())).await?;
    let mut messages = stream::poll_fn(move |context| connection.poll_message(context));
    let (announce, mut announced) = watch::channel(());
    // Whoever polls the connection drives the statements, too.
    let drive = async move {
        while let Some(message) = messages.next().await {
            match message {
                Ok(AsyncMessage::Notification(_)) => announce.send_replace(()),
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
            let row = CheckpointRow::fetch(&client).await?;
            let checkpoint = row.and_then(|row| row.checkpoint);
            sender.send_if_modified(|known| std::mem::replace(known, checkpoint) != checkpoint);
            // Either an announcement or the time to look without one.
            let _ = timeout(POLL_INTERVAL, announced.changed()).await;
        }
    };
    tokio::select! {
        error = drive => Err(error),
        outcome = look => outcome,
    }
}
