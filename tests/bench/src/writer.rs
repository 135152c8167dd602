//! A process's worth of ledger: a folder, a writer, and an index in memory.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use fullmakt_eventlog::EventLog;
use fullmakt_events::{
    Actor, ClientId, Event, Folded, Position, StreamName, SystemId,
    event::{ClientIdClaimed, ClientIdEvent},
};
use fullmakt_ledger::{
    Attempt, Command, CommandError, Decided, Fold, IndexSnapshot, IndexUnavailable, Issuer, Ledger,
    LedgerIndex, LedgerSettings, StreamEvent, open,
};
use tokio::time::Instant;
use tokio_util::{sync::CancellationToken, task::AbortOnDropHandle};

use fullmakt_measures::Failed;

/// A ledger as one process has it.
pub(crate) struct Process {
    pub(crate) ledger: Ledger,
    _folder: AbortOnDropHandle<()>,
}

impl Process {
    /// A process on the ledger of this name in this log.
    pub(crate) async fn on(log: Arc<dyn EventLog>, name: &str) -> Result<Self, Failed> {
        let settings = LedgerSettings {
            name: name.to_owned(),
            heartbeat: Duration::from_secs(10),
            is_hashing_state: false,
        };
        let index = LastEvents::default();
        let reads = Arc::new(index.clone());
        let folds: Vec<Box<dyn Fold>> = vec![Box::new(index)];
        let folder = open(log, reads, settings, folds, CancellationToken::new()).await?;
        let ledger = folder.ledger();
        let folder = tokio::spawn(async move {
            if let Err(error) = folder.run().await {
                eprintln!("the folder has stopped: {error}");
            }
        });
        Ok(Self { ledger, _folder: AbortOnDropHandle::new(folder) })
    }
}

/// Claims a client id, whoever has it.
pub(crate) struct Claim {
    client: ClientId,
    system: SystemId,
}

impl Claim {
    pub(crate) fn of(number: u64) -> Result<Self, Failed> {
        let client = format!("client-{number:020}").parse()?;
        Ok(Self { client, system: "310010014_bench".parse()? })
    }

    /// Carries the claim out.
    pub(crate) async fn by(&self, ledger: &Ledger) -> Result<(), Failed> {
        let issuer = Issuer {
            actor: Actor::operator(),
            reason: None,
            correlation: None,
            arrived: Instant::now(),
        };
        match ledger.execute(&issuer, self).await {
            Ok(_) => Ok(()),
            Err(error) => Err(format!("a claim is not carried out: {error:?}").into()),
        }
    }
}

#[async_trait]
impl Command for Claim {
    type Answer = ();
    type Refusal = ();

    fn turn(&self) -> StreamName {
        StreamName::client_id(&self.client)
    }

    async fn decide(&self, attempt: &mut Attempt) -> Result<Decided<()>, CommandError<()>> {
        attempt.load(self.turn()).await?;
        let claimed =
            ClientIdClaimed { client_id: self.client.clone(), system: self.system.clone() };
        let event = Event::ClientId(ClientIdEvent::Claimed(claimed));
        Ok(Decided::Write { events: vec![(self.turn(), event)], answer: () })
    }
}

/// The last event of each stream, which is all that a claim looks at: what is measured is the
/// ledger, not how long streams are loaded.
#[derive(Clone, Default)]
struct LastEvents(Arc<Mutex<Last>>);

#[derive(Default)]
struct Last {
    checkpoint: Position,
    streams: HashMap<StreamName, StreamEvent>,
}

impl Fold for LastEvents {
    fn apply(&mut self, records: &[Folded]) {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for record in records {
            last.checkpoint = record.position;
            for (index, (stream, event)) in record.events.iter().enumerate() {
                let (position, at, event) = (record.position, record.ledger_time, event.clone());
                let event = StreamEvent { position, index, at, event };
                last.streams.insert(stream.clone(), event);
            }
        }
    }
}

#[async_trait]
impl LedgerIndex for LastEvents {
    async fn load(&self, streams: &[StreamName]) -> Result<IndexSnapshot, IndexUnavailable> {
        let last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let event = |stream| last.streams.get(stream).cloned().into_iter().collect();
        Ok(IndexSnapshot {
            checkpoint: last.checkpoint,
            streams: streams.iter().map(event).collect(),
        })
    }
}
