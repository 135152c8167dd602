//! The ledger index in PostgreSQL, as the writer wants it.

use async_trait::async_trait;
use fullmakt_events::{Position, StreamName};
use fullmakt_ledger::{IndexSnapshot, IndexUnavailable, LedgerIndex, StreamEvent};
use fullmakt_readstore::ReadStore;

pub(crate) struct PostgresIndex(pub(crate) ReadStore);

#[async_trait]
impl LedgerIndex for PostgresIndex {
    async fn load(&self, streams: &[StreamName]) -> Result<IndexSnapshot, IndexUnavailable> {
        let mut found = self
            .0
            .load_streams(streams)
            .await
            .map_err(|error| IndexUnavailable(Box::new(error)))?;
        let events = |stream: &StreamName| {
            let indexed = found.events.remove(stream).unwrap_or_default();
            indexed
                .into_iter()
                .map(|event| StreamEvent {
                    position: event.position,
                    index: usize::try_from(event.index).unwrap_or(usize::MAX),
                    at: event.ledger_time,
                    event: event.event,
                })
                .collect()
        };
        Ok(IndexSnapshot {
            streams: streams.iter().map(events).collect(),
            // Before anything was folded nothing but the genesis can be there.
            checkpoint: found.checkpoint.map_or(Position::GENESIS, |at| at.position),
        })
    }
}
