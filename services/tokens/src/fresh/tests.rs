use std::{future::ready, sync::Arc, time::Duration};

use axum::http::Request;
use fullmakt_eventlog::memory::{MemoryLog, TimeSource};
use fullmakt_events::{Folded, Position, Timestamp};
use fullmakt_http::ProblemType;
use fullmakt_ledger::{Ledger, LedgerSettings, MemoryIndex, open};
use fullmakt_reading::ReadModels;
use fullmakt_readstore::{
    CheckpointWatch, Projector, ProjectorError, ProjectorLimits, ReadStore, testing::TestDatabase,
};
use tokio::{sync::mpsc, time::timeout};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::*;
use crate::testing::Setting;

/// How long a test waits for what must happen.
const PATIENCE: Duration = Duration::from_secs(20);

/// An installation that folds a ledger, whose records are projected when a test says so.
struct Process {
    setting: Setting,
    ledger: Ledger,
    projector: Projector,
    batches: mpsc::Receiver<Arc<[Folded]>>,
    /// The database goes after what uses it.
    _database: TestDatabase,
    _stopping: DropGuard,
}

impl Process {
    async fn begin() -> Self {
        let log = MemoryLog::new(TimeSource::new(|| Timestamp::from_millis(1_800_000_000_000)));
        let settings = LedgerSettings {
            name: "main".to_owned(),
            heartbeat: Duration::from_mins(10),
            is_hashing_state: false,
        };
        let stopping = CancellationToken::new();
        let index = Arc::new(MemoryIndex::default());
        let opened = open(Arc::new(log), index, settings, Vec::new(), stopping.clone()).await;
        let mut folder = opened.unwrap();
        let (feed, batches) = mpsc::channel(64);
        folder.add_feed(feed);
        let ledger = folder.ledger();
        tokio::spawn(folder.run());

        let database = TestDatabase::create();
        let limits = ProjectorLimits::default();
        let end = ready(Ok::<_, ProjectorError>(Position::GENESIS.next()));
        let projector =
            Projector::open(database.database(), ledger.id(), end, limits).await.unwrap();
        let mut setting = Setting::with(&[]).await;
        setting.state = setting.state.with_models(ReadModels {
            ledger: ledger.clone(),
            store: ReadStore::open(database.database()).unwrap(),
            watch: CheckpointWatch::start(database.database()),
        });
        let stopping = stopping.drop_guard();
        Self { setting, ledger, projector, batches, _database: database, _stopping: stopping }
    }

    /// Projects the records up to a position.
    async fn project_to(&mut self, position: Position) {
        while self.projector.checkpoint().is_none_or(|reached| reached.position < position) {
            let batch = timeout(PATIENCE, self.batches.recv()).await.unwrap().unwrap();
            self.projector.apply(&batch).await.unwrap();
        }
    }

    /// The first position after the genesis: the process appends a tick when it begins.
    async fn tick(&self) -> Position {
        let mut progress = self.ledger.follow();
        let ticked = progress.wait_for(|progress| progress.position > Position::GENESIS);
        timeout(PATIENCE, ticked).await.unwrap().unwrap().position
    }
}

async fn open_at(state: &TokenState, min: ConsistencyToken) -> Result<FreshReader, Problem> {
    let request = Request::get("/").header("fullmakt-min-position", min.to_string());
    let (mut parts, ()) = request.body(()).unwrap().into_parts();
    FreshReader::open(state, &mut parts).await
}

#[tokio::test]
async fn a_position_that_is_under_way_is_waited_for() {
    let mut process = Process::begin().await;
    process.project_to(Position::GENESIS).await;
    let min = ConsistencyToken::new(process.ledger.id(), process.tick().await);
    let state = process.setting.state.clone();
    let asking = tokio::spawn(async move { open_at(&state, min).await });
    process.project_to(min.position).await;
    let fresh = timeout(PATIENCE, asking).await.unwrap().unwrap();
    assert_eq!(fresh.map(|fresh| fresh.token).map_err(|problem| problem.kind()), Ok(min));
}

#[tokio::test]
async fn a_position_that_is_not_reached_in_time_is_refused() {
    let mut process = Process::begin().await;
    process.project_to(Position::GENESIS).await;
    let min = ConsistencyToken::new(process.ledger.id(), process.tick().await);
    let refused = timeout(PATIENCE, open_at(&process.setting.state, min)).await.unwrap();
    assert_eq!(refused.map(|fresh| fresh.token).unwrap_err().kind(), ProblemType::NotFresh);
}

#[tokio::test]
async fn a_position_that_does_not_exist_is_refused_at_once() {
    let mut process = Process::begin().await;
    process.project_to(Position::GENESIS).await;
    let beyond = process.tick().await.next();
    let min = ConsistencyToken::new(process.ledger.id(), beyond);
    let refused = open_at(&process.setting.state, min).await;
    let kind = refused.map(|fresh| fresh.token).unwrap_err().kind();
    assert_eq!(kind, ProblemType::PositionBeyondEnd);
}
