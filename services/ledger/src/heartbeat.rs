//! Ticks: what shows that the log is alive while nobody writes.

use std::time::Duration;

use fullmakt_events::{LedgerRecord, Tick, encode};
use tokio::time::{Instant, sleep_until, timeout};
use tracing::warn;
use uuid::Uuid;

use crate::Ledger;

/// How long one tick may take before another is tried.
const APPEND_WAIT: Duration = Duration::from_secs(5);

/// Appends a tick at once, so that the process knows ledger time before its first decision, and
/// then whenever nothing has been folded for `heartbeat`.
pub(crate) async fn run(ledger: Ledger, heartbeat: Duration) {
    tick(&ledger).await;
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

async fn tick(ledger: &Ledger) {
    let tick = Tick { id: Uuid::now_v7().into(), ledger: ledger.id() };
    let Ok(bytes) = encode(&LedgerRecord::Tick(tick)) else { return };
    match timeout(APPEND_WAIT, ledger.shared().log.append(bytes.into())).await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => {
            warn!(error = &error as &dyn std::error::Error, "a tick may not have been appended");
        }
        Err(_) => warn!("a tick was not acknowledged within {APPEND_WAIT:?}"),
    }
}
