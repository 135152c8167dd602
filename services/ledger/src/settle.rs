//! From a decision to its verdict: append, and append again byte for byte while the outcome is
//! unknown, until one copy is folded or none can be admitted any more.

use std::{future::pending, time::Duration};

use bytes::Bytes;
use fullmakt_eventlog::AppendError;
use fullmakt_events::{CommitId, Timestamp, Verdict};
use tokio::{
    sync::oneshot,
    time::{Instant, sleep},
};
use tracing::warn;

use crate::{Ledger, metering, state::Settled};

/// How long to wait before a commit with unknown outcome is appended again.
const APPEND_AGAIN_AFTER: Duration = Duration::from_millis(50);

/// What became of a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The verdict of its first copy.
    Settled(Settled),
    /// No copy was folded in time, and none can be admitted any more.
    Stale,
    /// It was surely not appended.
    NotAppended,
    /// The process stops before it is known.
    Unknown,
}

/// Settles a commit. Goes on when nobody waits for the outcome any more.
pub(crate) async fn settle(
    ledger: Ledger,
    id: CommitId,
    bytes: Bytes,
    decided_at: Timestamp,
) -> Outcome {
    let mut verdict = ledger.expect(id);
    let began = Instant::now();
    let appending = async {
        match append_until_sure(&ledger, bytes).await {
            Some(not_appended) => not_appended,
            // Appended: the fold will come to it.
            None => pending().await,
        }
    };
    let outcome = tokio::select! {
        biased;
        settled = wait(&mut verdict) => settled,
        outcome = appending => outcome,
        stale = ledger.stale(decided_at) => match stale {
            // The fold has passed the moment until which a copy could be admitted. If one was, its
            // verdict is there: it is sent before the progress that this waited for.
            Ok(()) => verdict.try_recv().map_or(Outcome::Stale, Outcome::Settled),
            Err(_) => Outcome::Unknown,
        },
        () = ledger.shared().stopping.cancelled() => Outcome::Unknown,
    };
    ledger.forget(id);
    if let Outcome::Settled(Settled { verdict: Verdict::Admitted, .. }) = &outcome {
        ledger.measured(began.elapsed());
    }
    outcome
}

async fn wait(verdict: &mut oneshot::Receiver<Settled>) -> Outcome {
    verdict.await.map_or(Outcome::Unknown, Outcome::Settled)
}

/// Appends until a copy is acknowledged (nothing), or it is certain that there is none.
async fn append_until_sure(ledger: &Ledger, bytes: Bytes) -> Option<Outcome> {
    let mut is_in_doubt = false;
    loop {
        let began = Instant::now();
        let appended = ledger.shared().log.append(bytes.clone()).await;
        metering::append(began.elapsed(), &appended);
        match appended {
            Ok(_) => return None,
            Err(AppendError::Unknown(cause)) => {
                is_in_doubt = true;
                warn!(
                    error = cause.as_ref() as &dyn std::error::Error,
                    "the outcome of an append is unknown; it is appended again"
                );
                sleep(APPEND_AGAIN_AFTER).await;
            }
            Err(AppendError::Unavailable(_)) if is_in_doubt => sleep(APPEND_AGAIN_AFTER).await,
            Err(AppendError::Unavailable(_) | AppendError::TooLarge { .. }) => {
                return Some(Outcome::NotAppended);
            }
        }
    }
}
