//! The parts that every process with a ledger has: log, folder, projector, read models, vault.

use std::{sync::Arc, time::Duration};

use fullmakt_config::Configuration;
use fullmakt_eventlog::EventLog;
use fullmakt_events::Position;
use fullmakt_ledger::{Fold, Folder, Ledger, LedgerError, LedgerSettings, Snapshot, open, open_at};
use fullmakt_readstore::{
    AdmissionSnapshot, CheckpointWatch, Database, DatabaseSettings, Memory, Projector,
    ProjectorError, ProjectorLimits, ReadStore, TlsMode, TlsSettings, admission_snapshot,
    check_schema,
};
use fullmakt_vault::Vault;
use tokio::{sync::mpsc, task::JoinSet};
use tokio_util::sync::CancellationToken;

use crate::{StartError, index::PostgresIndex, logs};

/// How many batches wait for the projector before the folder waits for it.
const PROJECTOR_QUEUE: usize = 1_024;

/// Where a process begins to fold.
pub(crate) enum Start {
    /// At the genesis, with these folds in memory, which need every record.
    Beginning(Vec<Box<dyn Fold>>),
    /// Where the ledger index is; at the genesis while there is none. For a process that keeps
    /// nothing in memory but the state of the admission rule.
    Snapshot,
}

pub(crate) struct Process {
    pub(crate) ledger: Ledger,
    pub(crate) store: ReadStore,
    pub(crate) watch: CheckpointWatch,
    pub(crate) vault: Vault,
    /// The log's end when the process began: what it has to have folded before it is ready.
    pub(crate) end_at_start: Position,
    pub(crate) stopping: CancellationToken,
    /// The folder and the projector. If one ends, so does the process.
    pub(crate) tasks: JoinSet<Result<(), StartError>>,
    folder: Option<Folder>,
}

/// The database of this configuration.
pub(crate) fn database(configuration: &Configuration) -> Result<Database, StartError> {
    let postgres = &configuration.postgres;
    let mut settings = DatabaseSettings::new(postgres.url.reveal());
    let password = &postgres.password;
    settings.password = (!password.is_empty()).then(|| password.reveal().to_owned());
    settings.tls = TlsSettings {
        mode: postgres.tls.map(|mode| match mode {
            fullmakt_config::TlsMode::Off => TlsMode::Off,
            fullmakt_config::TlsMode::Require => TlsMode::Require,
            fullmakt_config::TlsMode::Verify => TlsMode::Verify,
        }),
        ca_file: postgres.tls_ca_file.clone(),
    };
    settings.connections_max = postgres.connections_max;
    settings.statement_timeout = Duration::from_secs(postgres.statement_timeout_seconds);
    settings.lock_timeout = Duration::from_secs(postgres.lock_timeout_seconds);
    Ok(Database::new(settings)?)
}

/// The log of this configuration. Where a ledger has been folded the log has to be there: one that
/// is missing, or empty, is brought back by an operator, and never begun anew.
async fn log(
    configuration: &Configuration,
    store: &ReadStore,
) -> Result<Arc<dyn EventLog>, StartError> {
    let Some(checkpoint) = store.checkpoint().await? else {
        return logs::event_log(configuration).await;
    };
    let log = logs::existing_log(configuration).await?;
    let end = log.end().await.map_err(LedgerError::Log)?;
    if end == Position::GENESIS {
        let checkpoint = checkpoint.position;
        return Err(ProjectorError::LogEndsBefore { checkpoint, end }.into());
    }
    Ok(log)
}

impl Process {
    /// Opens everything. Nothing is folded before [`Self::start`].
    pub(crate) async fn open(
        configuration: &Configuration,
        start: Start,
    ) -> Result<Self, StartError> {
        let database = database(configuration)?;
        check_schema(&database).await.map_err(StartError::Schema)?;
        let store = ReadStore::open(&database)?;
        let log = log(configuration, &store).await?;
        let stopping = CancellationToken::new();
        let settings = LedgerSettings {
            name: configuration.ledger.name.clone(),
            heartbeat: Duration::from_secs(configuration.ledger.heartbeat_seconds),
            is_hashing_state: false,
        };
        let index = Arc::new(PostgresIndex(store.clone()));
        let (folds, snapshot) = match start {
            Start::Beginning(folds) => (folds, None),
            Start::Snapshot => (Vec::new(), admission_snapshot(&database).await?),
        };
        let known = snapshot.as_ref().map(|snapshot| snapshot.checkpoint);
        let stopped = stopping.clone();
        let mut folder = if let Some(AdmissionSnapshot { checkpoint, admission }) = snapshot {
            let snapshot = Snapshot { admission, hash: checkpoint.hash };
            open_at(Arc::clone(&log), index, settings, snapshot, stopped).await?
        } else {
            open(Arc::clone(&log), index, settings, folds, stopped).await?
        };
        let ledger = folder.ledger();
        let end_at_start = log.end().await.map_err(LedgerError::Log)?;

        let (feed, batches) = mpsc::channel(PROJECTOR_QUEUE);
        folder.add_feed(feed);
        let limits = ProjectorLimits::default();
        let end = async { log.end().await.map_err(|error| LedgerError::Log(error).into()) };
        let projector = Projector::open::<StartError>(&database, ledger.id(), end, limits).await?;
        let projector = projector.knowing(known.as_ref());
        let newest = ledger.clone();
        let memory = Memory::new(move |position| newest.newest_since(position));
        let watch = CheckpointWatch::start(&database);
        let mut projector = projector.remembering(memory).telling(watch.clone());
        let mut tasks = JoinSet::new();
        tasks.spawn(async move { Ok(projector.run(batches).await?) });
        let vault = Vault::open(database.pool()?, &configuration.vault.key_dir).await?;
        Ok(Self {
            ledger,
            store,
            watch,
            vault,
            end_at_start,
            stopping,
            tasks,
            folder: Some(folder),
        })
    }

    /// Begins to fold.
    pub(crate) fn start(&mut self) {
        if let Some(folder) = self.folder.take() {
            self.tasks.spawn(async move { Ok(folder.run().await?) });
        }
    }

    /// Ends the process's parts: what is under way is settled or left to the log.
    pub(crate) async fn stop(mut self, patience: Duration) {
        self.ledger.drain(tokio::time::Instant::now() + patience).await;
        self.stopping.cancel();
        let ended = async { while self.tasks.join_next().await.is_some() {} };
        // What has not ended by then is dropped: a batch under way is taken back as a whole.
        let _ = tokio::time::timeout(patience, ended).await;
    }
}
