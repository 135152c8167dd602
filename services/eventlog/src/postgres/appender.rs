//! Group commit: appends that come while one is under way go into the next statement together.

use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};

use super::{
    failure::Failure,
    session::{Connector, Session},
};
use crate::error::AppendError;

/// Most kibibytes that wait to be appended. What exceeds them is refused at once. A record counts
/// for one at least, so this also bounds their number.
const QUEUE_KIBIBYTES_MAX: u32 = 64 * 1024;

/// Most records in one statement.
const BATCH_RECORDS_MAX: usize = 1024;

/// Most bytes in one statement, unless it has one record only.
const BATCH_BYTES_MAX: usize = 4 * 1024 * 1024;

/// What is appended by one kind of statement.
#[async_trait]
pub(super) trait Batch: Send + Sync + 'static {
    /// What is appended.
    type Record: Send + Sync + 'static;
    /// Where it is afterwards.
    type Place: Send + 'static;

    /// The size of a record in bytes.
    fn size_bytes(record: &Self::Record) -> usize;

    /// Prepares what can be prepared before anything is appended.
    async fn prepare(&self, session: &Session) -> Result<(), Failure>;

    /// Appends records with one statement, and answers with the place of each, in order.
    async fn append(
        &self,
        session: &Session,
        records: &[Self::Record],
    ) -> Result<Vec<Self::Place>, Failure>;
}

/// The near end of a task that appends.
pub(super) struct Appender<B: Batch> {
    queue: mpsc::UnboundedSender<Pending<B>>,
    room: Arc<Semaphore>,
}

struct Pending<B: Batch> {
    record: B::Record,
    answer: oneshot::Sender<Result<B::Place, AppendError>>,
    /// Given back when the answer has been sent.
    room: OwnedSemaphorePermit,
}

impl<B: Batch> Appender<B> {
    /// Starts the task. It ends when the appender is dropped and all appends are answered.
    pub(super) fn start(connector: Connector, batch: B) -> Self {
        let (queue, inbox) = mpsc::unbounded_channel();
        tokio::spawn(run(connector, batch, inbox));
        let permits = usize::try_from(QUEUE_KIBIBYTES_MAX).unwrap_or(usize::MAX);
        Self { queue, room: Arc::new(Semaphore::new(permits)) }
    }

    /// Appends a record.
    pub(super) async fn append(&self, record: B::Record) -> Result<B::Place, AppendError> {
        let kibibytes = B::size_bytes(&record).div_ceil(1024).max(1);
        let kibibytes = u32::try_from(kibibytes).unwrap_or(u32::MAX);
        let room = Arc::clone(&self.room)
            .try_acquire_many_owned(kibibytes)
            .map_err(|_| AppendError::unavailable(Failure::QueueFull))?;
        let (answer, answered) = oneshot::channel();
        self.queue
            .send(Pending { record, answer, room })
            .map_err(|_| AppendError::unavailable(Failure::AppenderGone))?;
        answered.await.unwrap_or_else(|_| Err(Failure::AppenderGone.of_append()))
    }
}

async fn run<B: Batch>(
    connector: Connector,
    batch: B,
    mut inbox: mpsc::UnboundedReceiver<Pending<B>>,
) {
    let mut session = None;
    let mut left_over = None;
    loop {
        let first = match left_over.take() {
            Some(pending) => pending,
            None => match inbox.recv().await {
                Some(pending) => pending,
                None => return,
            },
        };
        let mut batch_bytes = B::size_bytes(&first.record);
        let mut records = vec![first.record];
        let mut answers = vec![(first.answer, first.room)];
        while records.len() < BATCH_RECORDS_MAX {
            let Ok(pending) = inbox.try_recv() else { break };
            batch_bytes = batch_bytes.saturating_add(B::size_bytes(&pending.record));
            if batch_bytes > BATCH_BYTES_MAX {
                left_over = Some(pending);
                break;
            }
            records.push(pending.record);
            answers.push((pending.answer, pending.room));
        }
        match append(&connector, &mut session, &batch, &records).await {
            Ok(places) => {
                for ((answer, room), place) in answers.into_iter().zip(places) {
                    // Who no longer waits needs no answer.
                    let _ = answer.send(Ok(place));
                    drop(room);
                }
            }
            Err(error) => {
                for (answer, room) in answers {
                    let _ = answer.send(Err(error.clone()));
                    drop(room);
                }
            }
        }
    }
}

/// Appends one batch on the connection there is, or on a new one.
async fn append<B: Batch>(
    connector: &Connector,
    session: &mut Option<Session>,
    batch: &B,
    records: &[B::Record],
) -> Result<Vec<B::Place>, AppendError> {
    let usable = match session.take() {
        Some(open) if !open.is_closed() => open,
        Some(_) | None => {
            let open = connector.connect().await.map_err(AppendError::unavailable)?;
            batch.prepare(&open).await.map_err(AppendError::unavailable)?;
            open
        }
    };
    let warnings = usable.warnings();
    let appended = batch.append(&usable, records).await;
    // A commit that did not wait for the standbys to the end is announced by a warning only.
    let is_warned = usable.warnings() != warnings;
    match appended {
        Ok(_) if is_warned => Err(Failure::Warned.of_append()),
        Ok(places) => {
            *session = Some(usable);
            Ok(places)
        }
        // The connection is not used again: a statement may still be running on it.
        Err(failure) => Err(failure.of_append()),
    }
}
