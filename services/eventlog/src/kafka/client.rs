//! What all clients of the library have in common.

use std::{
    ops::Deref,
    sync::{
        Arc,
        mpsc::{Sender, channel},
    },
};

use rdkafka::{
    ClientContext, Statistics, config::RDKafkaLogLevel, consumer::ConsumerContext,
    error::KafkaError,
};

use super::identity::Witness;

/// Hands what the library says to the log of the process. Failures are the business of the calls
/// they happen to, so nothing here is an error.
#[derive(Clone, Debug, Default)]
pub(super) struct Context {
    witness: Option<Arc<Witness>>,
}

impl Context {
    /// Lets this witness hear everything as well.
    pub(super) fn with(witness: &Arc<Witness>) -> Self {
        Self { witness: Some(Arc::clone(witness)) }
    }
}

impl ClientContext for Context {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        if let Some(witness) = &self.witness {
            witness.hear(message);
        }
        match level {
            RDKafkaLogLevel::Emerg
            | RDKafkaLogLevel::Alert
            | RDKafkaLogLevel::Critical
            | RDKafkaLogLevel::Error
            | RDKafkaLogLevel::Warning => tracing::warn!(facility, "kafka client: {message}"),
            RDKafkaLogLevel::Notice | RDKafkaLogLevel::Info | RDKafkaLogLevel::Debug => {
                tracing::debug!(facility, "kafka client: {message}");
            }
        }
    }

    fn stats(&self, _statistics: Statistics) {}

    fn error(&self, error: KafkaError, reason: &str) {
        tracing::debug!("kafka client: {error}: {reason}");
    }
}

impl ConsumerContext for Context {}

/// A client that is dropped on a thread of its own. A client takes up to some hundred milliseconds
/// to say goodbye to its brokers, and must not stop a runtime for so long.
pub(super) struct Aside<T: Send + Sync + 'static> {
    client: Arc<T>,
    /// Closes when `client` above has been dropped: fields are dropped in order.
    gone: Option<Sender<()>>,
}

impl<T: Send + Sync + 'static> Aside<T> {
    pub(super) fn new(client: T) -> Self {
        Self { client: Arc::new(client), gone: None }
    }
}

impl<T: Send + Sync + 'static> Deref for Aside<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.client
    }
}

impl<T: Send + Sync + 'static> Drop for Aside<T> {
    fn drop(&mut self) {
        let (gone, wait_until_gone) = channel();
        let client = Arc::clone(&self.client);
        let spawned =
            std::thread::Builder::new().name("kafka-goodbye".to_owned()).spawn(move || {
                // An error says that the other end was closed, which is what this waits for.
                let _ = wait_until_gone.recv();
                drop(client);
            });
        // Without a thread the client is dropped here: slow, but right.
        drop(spawned);
        self.gone = Some(gone);
    }
}
