//! The histories of streams that commands were decided on lately.
//!
//! Events never change, so that a history is whole as long as the admission rule knows of no later
//! write: whether it is does not depend on time, and nothing has to be thrown out.

use std::{
    num::NonZeroUsize,
    sync::{Arc, Mutex, PoisonError},
};

use fullmakt_events::{Admission, Position, StreamKey, StreamName};
use lru::LruCache;

use crate::StreamEvent;

/// How many streams are kept. Most have a handful of events.
const STREAMS_MAX: NonZeroUsize = NonZeroUsize::MIN.saturating_add(4_095);

/// Histories by stream, of which those that nobody asked for go first.
pub(crate) struct Histories(Mutex<LruCache<StreamKey, Arc<[StreamEvent]>>>);

impl Default for Histories {
    fn default() -> Self {
        Self(Mutex::new(LruCache::new(STREAMS_MAX)))
    }
}

impl Histories {
    /// The histories of all of these streams as of the position folded, if none has to be asked
    /// for.
    pub(crate) fn of(
        &self,
        streams: &[StreamName],
        admission: &Admission,
    ) -> Option<(Position, Vec<Arc<[StreamEvent]>>)> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let histories: Option<Vec<_>> = streams
            .iter()
            .map(|stream| {
                let Some(written) = admission.last_write(stream) else {
                    return Some(Arc::default());
                };
                let history = kept.get(&stream.key())?;
                let is_whole = history.last().is_some_and(|last| last.position == written);
                is_whole.then(|| Arc::clone(history))
            })
            .collect();
        Some((admission.position(), histories?))
    }

    /// Keeps what was loaded. Streams of idempotency keys are forgotten after a day, and so are not
    /// kept.
    pub(crate) fn keep(&self, stream: &StreamName, history: &Arc<[StreamEvent]>) {
        if history.is_empty() || stream.category() == StreamName::COMMAND {
            return;
        }
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.put(stream.key(), Arc::clone(history));
    }
}
