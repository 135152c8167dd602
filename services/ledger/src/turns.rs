//! Turns within the process: commands on the same stream wait for each other, since all but one of
//! them would be superseded. For economy only; safety is the admission rule's.

use fullmakt_events::StreamKey;
use tokio::sync::{Mutex, MutexGuard};

/// How many turns there are. Streams that share one wait for each other needlessly, but rightly.
const TURNS: usize = 1_024;

#[derive(Debug)]
pub(crate) struct Turns(Vec<Mutex<()>>);

impl Default for Turns {
    fn default() -> Self {
        Self((0..TURNS).map(|_| Mutex::new(())).collect())
    }
}

impl Turns {
    /// Waits for the turn of a stream. It ends when the guard is dropped.
    pub(crate) async fn take(&self, stream: StreamKey) -> Option<MutexGuard<'_, ()>> {
        let [first, second, ..] = *stream.bytes();
        let number = usize::from(u16::from_le_bytes([first, second])) % TURNS;
        match self.0.get(number) {
            Some(turn) => Some(turn.lock().await),
            None => None,
        }
    }
}
