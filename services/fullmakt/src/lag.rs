//! How far the read models are behind what the process has folded.

use std::time::Duration;

use fullmakt_ledger::Ledger;
use fullmakt_readstore::CheckpointWatch;
use metrics::gauge;

/// How often it is measured.
const INTERVAL: Duration = Duration::from_secs(1);

/// Measures for ever.
pub(crate) async fn measure(ledger: Ledger, watch: CheckpointWatch) {
    let mut interval = tokio::time::interval(INTERVAL);
    loop {
        interval.tick().await;
        let folded = ledger.progress();
        let Some(reached) = watch.checkpoint() else { continue };
        let records = folded.position.get().saturating_sub(reached.position.get());
        let micros = folded.ledger_time.micros_since(reached.ledger_time);
        let behind = Duration::from_micros(u64::try_from(micros).unwrap_or_default());
        gauge!("projection_lag_events").set(u32::try_from(records).unwrap_or(u32::MAX));
        gauge!("projection_lag_seconds").set(behind);
    }
}
