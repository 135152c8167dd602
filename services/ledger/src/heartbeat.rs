//! Ticks: what shows that the log is alive while nobody writes.

use std::time::Duration;

use fullmakt_events::{LedgerRecord, Position, Tick, encode};
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tracing::warn;
use uuid::Uuid;

use crate::Ledger;

/// How long one tick may take before another is tried.
const APPEND_WAIT: Duration = Duration::from_secs(5);
/// How long to wait before the first tick is tried again.
const FIRST_AGAIN_AFTER: Duration = Duration::from_millis(200);

/// Appends a tick at once, so that the process knows ledger time before its first decision, and
/// then whenever nothing has been folded for `heartbeat`.
pub(crate) async fn run(ledger: Ledger, heartbeat: Duration) {
    let first = loop {
        match tick(&ledger).await {
            Some(position) => break position,
            None => sleep(FIRST_AGAIN_AFTER).await,
        }
    };
    ledger.begins_at(first);
    loop {
        let due = ledger.progress().folded_at + heartbeat;
        if due <= Instant::now() {
            tick(&ledger).await;
            sleep_until(Instant::now() + heartbeat / 4).await;
        } else {
            sleep_until(due).await;
        }
    }
}

/// Appends a tick. Answers with its position if the log acknowledged it.
async fn tick(ledger: &Ledger) -> Option<Position> {
    let tick = Tick { id: Uuid::now_v7().into(), ledger: ledger.id() };
    let bytes = encode(&LedgerRecord::Tick(tick)).ok()?;
    match timeout(APPEND_WAIT, ledger.shared().log.append(bytes.into())).await {
        Ok(Ok(position)) => return Some(position),
        Ok(Err(error)) => {
            warn!(error = &error as &dyn std::error::Error, "a tick may not have been appended");
        }
        Err(_) => warn!("a tick was not acknowledged within {APPEND_WAIT:?}"),
    }
    None
}
