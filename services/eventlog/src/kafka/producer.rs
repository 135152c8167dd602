//! Appending to a partition.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use rdkafka::{
    config::FromClientConfigAndContext,
    error::KafkaError,
    producer::{FutureProducer, FutureRecord, Producer as _},
};

use super::{
    client::{Aside, Context},
    delivery::outcome,
    settings::KafkaSettings,
};
use crate::error::{AppendError, OpenError};

type Client = FutureProducer<Context>;

/// An idempotent producer that is replaced when the library declares it broken beyond repair.
pub(super) struct Producer {
    settings: KafkaSettings,
    current: Mutex<Arc<Aside<Client>>>,
}

impl Producer {
    pub(super) fn new(settings: &KafkaSettings) -> Result<Self, OpenError> {
        let client = create(settings).map_err(OpenError::unavailable)?;
        Ok(Self { settings: settings.clone(), current: Mutex::new(Arc::new(Aside::new(client))) })
    }

    /// Sends a record and answers with its partition and offset once it is durable.
    ///
    /// Never waits for room: a full queue means that the brokers do not keep up, and that the
    /// record surely was not sent.
    pub(super) async fn append(
        &self,
        topic: &str,
        partition: i32,
        key: Option<Bytes>,
        bytes: Bytes,
    ) -> Result<(u32, u64), AppendError> {
        let client = self.usable()?;
        let delivery = {
            let mut record = FutureRecord::to(topic).partition(partition).payload(&bytes[..]);
            if let Some(key) = &key {
                record = record.key(&key[..]);
            }
            client.send_result(record).map_err(|(error, _)| AppendError::unavailable(error))?
        };
        // The library has its own copy now.
        drop((key, bytes));
        let report = delivery.await.ok();
        outcome(report.map(|result| result.map_err(|(error, _)| error)))
    }

    /// The current client, or its replacement if it is broken. A broken client's own appends end
    /// with an unknown outcome when the last of them lets go of it.
    fn usable(&self) -> Result<Arc<Aside<Client>>, AppendError> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((code, reason)) = current.client().fatal_error() {
            tracing::warn!("kafka producer is replaced: {code}: {reason}");
            let replacement = create(&self.settings).map_err(AppendError::unavailable)?;
            *current = Arc::new(Aside::new(replacement));
        }
        Ok(Arc::clone(&current))
    }

    #[cfg(test)]
    fn is_broken(&self) -> bool {
        let current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        current.client().fatal_error().is_some()
    }
}

fn create(settings: &KafkaSettings) -> Result<Client, KafkaError> {
    Client::from_config_and_context(&settings.producer(), Context::default())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rdkafka::{mocking::MockCluster, types::RDKafkaApiKey, types::RDKafkaRespErr};

    use super::*;

    const TOPIC: &str = "commits";

    fn producer(cluster: &MockCluster<'_, impl rdkafka::ClientContext>) -> Producer {
        let mut settings = KafkaSettings::new(cluster.bootstrap_servers());
        settings.append_timeout = Duration::from_secs(2);
        Producer::new(&settings).unwrap()
    }

    async fn append(producer: &Producer) -> Result<(u32, u64), AppendError> {
        producer.append(TOPIC, 0, None, Bytes::from_static(b"record")).await
    }

    #[tokio::test]
    async fn a_producer_that_is_broken_beyond_repair_is_replaced() {
        let cluster = MockCluster::new(1).unwrap();
        cluster.create_topic(TOPIC, 1, 1).unwrap();
        let producer = producer(&cluster);
        assert_eq!(append(&producer).await.unwrap(), (0, 0));

        // The broker has lost track of the producer's sequence: nothing can be promised any more.
        cluster.request_errors(
            RDKafkaApiKey::Produce,
            &[RDKafkaRespErr::RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER],
        );
        let failed = append(&producer).await;
        assert!(matches!(failed, Err(AppendError::Unknown(_))), "{failed:?}");
        assert!(producer.is_broken());

        assert_eq!(append(&producer).await.unwrap(), (0, 1));
        assert!(!producer.is_broken());
    }

    #[tokio::test]
    async fn an_append_that_no_broker_answers_is_unknown_in_time_and_later_ones_succeed() {
        let cluster = MockCluster::new(1).unwrap();
        cluster.create_topic(TOPIC, 1, 1).unwrap();
        let producer = producer(&cluster);
        append(&producer).await.unwrap();

        cluster.broker_down(1).unwrap();
        let failed = append(&producer).await;
        assert!(matches!(failed, Err(AppendError::Unknown(_))), "{failed:?}");

        cluster.broker_up(1).unwrap();
        append(&producer).await.unwrap();
    }

    #[tokio::test]
    async fn a_full_queue_refuses_at_once() {
        let cluster = MockCluster::new(1).unwrap();
        cluster.create_topic(TOPIC, 1, 1).unwrap();
        let producer = producer(&cluster);
        append(&producer).await.unwrap();

        cluster.broker_down(1).unwrap();
        let record = Bytes::from(vec![0_u8; 900 * 1024]);
        let mut waiting = Vec::new();
        let refused = loop {
            let mut append = Box::pin(producer.append(TOPIC, 0, None, record.clone()));
            match futures_poll_once(append.as_mut()) {
                Some(outcome) => break outcome,
                None => waiting.push(append),
            }
            assert!(waiting.len() < 1_000, "the queue has no limit");
        };
        assert!(matches!(refused, Err(AppendError::Unavailable(_))), "{refused:?}");
        assert!(waiting.len() > 10, "the queue is full after {}", waiting.len());
    }

    fn futures_poll_once<F: Future>(future: std::pin::Pin<&mut F>) -> Option<F::Output> {
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match future.poll(&mut context) {
            std::task::Poll::Ready(output) => Some(output),
            std::task::Poll::Pending => None,
        }
    }
}
