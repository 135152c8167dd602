//! An index that is slow to answer, or does not answer at all.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use fullmakt_events::StreamName;
use tokio::time::sleep;

use super::chance::Chance;
use crate::{IndexSnapshot, IndexUnavailable, LedgerIndex, MemoryIndex};

/// Asks another index, and lets chance come between.
#[derive(Clone)]
pub(super) struct Unreliable {
    own: MemoryIndex,
    asked: Arc<Mutex<MemoryIndex>>,
    trouble: Arc<Mutex<Option<Trouble>>>,
}

struct Trouble {
    chance: Chance,
    pause_max_millis: u64,
    failed_percent: u64,
}

#[derive(Debug, thiserror::Error)]
#[error("the index does not answer")]
struct NoAnswer;

impl Unreliable {
    pub(super) fn over(index: MemoryIndex) -> Self {
        let asked = Arc::new(Mutex::new(index.clone()));
        Self { own: index, asked, trouble: Arc::default() }
    }

    /// From now on this one is asked, which may be ahead of all that its reader has folded.
    pub(super) fn asks(&self, index: MemoryIndex) {
        *self.asked.lock().unwrap() = index;
    }

    /// From now on half of the questions wait, before they are asked and before they are answered,
    /// and some are not answered.
    pub(super) fn fails(&self, chance: Chance, pause_max_millis: u64, failed_percent: u64) {
        *self.trouble.lock().unwrap() = Some(Trouble { chance, pause_max_millis, failed_percent });
    }

    pub(super) fn heal(&self) {
        self.asks(self.own.clone());
        *self.trouble.lock().unwrap() = None;
    }

    async fn pause(&self) {
        let pause = self.trouble.lock().unwrap().as_mut().map_or(Duration::ZERO, |trouble| {
            if trouble.chance.percent(50) {
                trouble.chance.millis(trouble.pause_max_millis)
            } else {
                Duration::ZERO
            }
        });
        if !pause.is_zero() {
            sleep(pause).await;
        }
    }

    fn is_failing(&self) -> bool {
        let mut trouble = self.trouble.lock().unwrap();
        trouble.as_mut().is_some_and(|trouble| trouble.chance.percent(trouble.failed_percent))
    }
}

#[async_trait]
impl LedgerIndex for Unreliable {
    async fn load(&self, streams: &[StreamName]) -> Result<IndexSnapshot, IndexUnavailable> {
        self.pause().await;
        let index = self.asked.lock().unwrap().clone();
        let loaded = index.load(streams).await;
        self.pause().await;
        if self.is_failing() { Err(IndexUnavailable(Box::new(NoAnswer))) } else { loaded }
    }
}
