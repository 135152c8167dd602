//! How to reach the brokers and what topics must be like.

use std::{collections::BTreeMap, fmt, time::Duration};

use rdkafka::{ClientConfig, config::RDKafkaLogLevel, error::KafkaError, types::RDKafkaConfRes};

use crate::error::OpenError;

/// The largest message that producer and topic must agree on, in bytes: the largest record, the
/// framing of a batch, and room to batch several small ones.
pub(super) const MESSAGE_BYTES_MAX: usize = 1_000_000;

/// Most bytes that wait in this process to be sent. What exceeds them is refused at once.
const SEND_QUEUE_KIBIBYTES_MAX: usize = 64 * 1024;

/// Most bytes that one reader holds before somebody asks for them.
const FETCH_QUEUE_KIBIBYTES_MAX: usize = 16 * 1024;

/// How long a record is tried when a topic is filled from another log. Nobody waits for it but the
/// copy, which can do nothing better.
const FILL_TIMEOUT: Duration = Duration::from_mins(1);

/// What to do about a topic that does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TopicCreation {
    /// Create it.
    CreateMissing,
    /// Refuse to open: an administrator creates topics.
    MustExist,
}

/// How to reach the brokers and what topics must be like.
#[derive(Clone)]
pub struct KafkaSettings {
    /// `host:port`, separated by commas.
    pub bootstrap_servers: String,
    /// Further properties of the client library, for TLS and SASL above all
    /// (`security.protocol`, `ssl.ca.location`, `sasl.mechanism`, `sasl.username`, …). Those that
    /// the log's promises rest on are refused.
    pub client_properties: BTreeMap<String, String>,
    /// What to do about a topic that does not exist.
    pub creation: TopicCreation,
    /// How many brokers hold each record; 3 in production.
    pub replication_factor: u16,
    /// How many brokers must have a record before it is acknowledged; 2 in production.
    pub min_insync_replicas: u16,
    /// How long an append is tried before its outcome is unknown.
    pub append_timeout: Duration,
    /// How long a question (the end of a log, the topics there are) may take.
    pub request_timeout: Duration,
}

impl KafkaSettings {
    /// Settings for production with these brokers.
    #[must_use]
    pub fn new(bootstrap_servers: impl Into<String>) -> Self {
        Self {
            bootstrap_servers: bootstrap_servers.into(),
            client_properties: BTreeMap::new(),
            creation: TopicCreation::CreateMissing,
            replication_factor: 3,
            min_insync_replicas: 2,
            append_timeout: Duration::from_secs(5),
            request_timeout: Duration::from_secs(5),
        }
    }

    /// Refuses properties that would break what the log promises.
    pub(super) fn check(&self) -> Result<(), OpenError> {
        let owned = self.producer_properties().into_iter().chain(Self::consumer_properties());
        let mut owned: Vec<&str> = owned.map(|(name, _)| name).collect();
        owned.extend(["bootstrap.servers", "transactional.id"]);
        // Other names the library has for some of the above.
        owned.extend(["metadata.broker.list", "request.required.acks", "delivery.timeout.ms"]);
        owned.extend(["compression.codec", "queue.buffering.max.ms"]);
        match self.client_properties.keys().find(|name| owned.contains(&name.as_str())) {
            Some(name) => Err(OpenError::Setting {
                setting: name.clone(),
                reason: "the promises of the log rest on it, so it is not free to choose"
                    .to_owned(),
            }),
            None => self.client().create_native_config().map(drop).map_err(refused),
        }
    }

    /// What every client has.
    pub(super) fn client(&self) -> ClientConfig {
        let mut config = ClientConfig::new();
        config
            .set("client.id", "fullmakt")
            .set("reconnect.backoff.ms", "50")
            .set("reconnect.backoff.max.ms", "1000")
            .set("socket.keepalive.enable", "true")
            .set("socket.nagle.disable", "true");
        for (name, value) in &self.client_properties {
            config.set(name, value);
        }
        config.set("bootstrap.servers", &self.bootstrap_servers);
        config
    }

    /// A client that appends.
    pub(super) fn producer(&self) -> ClientConfig {
        let mut config = self.client();
        for (name, value) in self.producer_properties() {
            config.set(name, value);
        }
        config
    }

    /// A client that fills a topic from another log: after a record that failed it sends nothing
    /// more.
    pub(super) fn gapless_producer(&self) -> ClientConfig {
        let mut config = self.producer();
        let timeout_millis = FILL_TIMEOUT.as_millis().to_string();
        config
            .set("enable.gapless.guarantee", "true")
            .set("message.timeout.ms", &timeout_millis)
            .set("request.timeout.ms", &timeout_millis);
        config
    }

    /// A client that reads.
    pub(super) fn consumer(&self) -> ClientConfig {
        let mut config = self.client();
        // The library wants a group even of a reader that never joins one.
        if !self.client_properties.contains_key("group.id") {
            config.set("group.id", "fullmakt");
        }
        for (name, value) in Self::consumer_properties() {
            config.set(name, value);
        }
        // What a topic's id is, is said in the library's log only.
        let mut debug = self.client_properties.get("debug").cloned().unwrap_or_default();
        if !debug.is_empty() {
            debug.push(',');
        }
        debug.push_str("topic");
        config.set("debug", debug).set_log_level(RDKafkaLogLevel::Debug);
        config
    }

    fn producer_properties(&self) -> Vec<(&'static str, String)> {
        let append_timeout_millis = self.append_timeout.as_millis().max(1).to_string();
        vec![
            // No duplicates and no reordering by the client's own retries.
            ("enable.idempotence", "true".to_owned()),
            ("acks", "all".to_owned()),
            ("compression.type", "none".to_owned()),
            // Whoever appends waits for the answer; batches form by themselves under load.
            ("linger.ms", "0".to_owned()),
            ("message.max.bytes", MESSAGE_BYTES_MAX.to_string()),
            ("message.timeout.ms", append_timeout_millis.clone()),
            ("request.timeout.ms", append_timeout_millis),
            ("queue.buffering.max.kbytes", SEND_QUEUE_KIBIBYTES_MAX.to_string()),
        ]
    }

    fn consumer_properties() -> Vec<(&'static str, String)> {
        vec![
            // Checkpoints are kept with what was folded, never at the broker.
            ("enable.auto.commit", "false".to_owned()),
            ("enable.auto.offset.store", "false".to_owned()),
            // A position that is not there is an error, never a reason to begin elsewhere.
            ("auto.offset.reset", "error".to_owned()),
            // Everyone sees the same records, whatever strange producers may have done.
            ("isolation.level", "read_uncommitted".to_owned()),
            ("check.crcs", "true".to_owned()),
            ("enable.partition.eof", "false".to_owned()),
            ("allow.auto.create.topics", "false".to_owned()),
            ("fetch.error.backoff.ms", "50".to_owned()),
            ("fetch.queue.backoff.ms", "5".to_owned()),
            ("queued.max.messages.kbytes", FETCH_QUEUE_KIBIBYTES_MAX.to_string()),
        ]
    }
}

/// What the library says of a property, without the value: its own message repeats that.
fn refused(error: KafkaError) -> OpenError {
    let KafkaError::ClientConfig(result, _, name, _) = error else {
        return OpenError::unavailable(error);
    };
    let reason = match result {
        RDKafkaConfRes::RD_KAFKA_CONF_UNKNOWN => "the client library has no such property",
        RDKafkaConfRes::RD_KAFKA_CONF_INVALID | RDKafkaConfRes::RD_KAFKA_CONF_OK => {
            "the client library refuses its value"
        }
    };
    OpenError::Setting { setting: name, reason: reason.to_owned() }
}

impl fmt::Debug for KafkaSettings {
    /// Names the client properties without their values: some are secrets.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("KafkaSettings")
            .field("bootstrap_servers", &self.bootstrap_servers)
            .field("client_properties", &self.client_properties.keys().collect::<Vec<_>>())
            .field("creation", &self.creation)
            .field("replication_factor", &self.replication_factor)
            .field("min_insync_replicas", &self.min_insync_replicas)
            .field("append_timeout", &self.append_timeout)
            .field("request_timeout", &self.request_timeout)
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_property(name: &str, value: &str) -> KafkaSettings {
        let mut settings = KafkaSettings::new("broker:9092");
        settings.client_properties.insert(name.to_owned(), value.to_owned());
        settings
    }

    #[test]
    fn properties_that_the_promises_rest_on_are_refused() {
        for name in [
            "acks",
            "enable.idempotence",
            "auto.offset.reset",
            "enable.auto.commit",
            "transactional.id",
            "bootstrap.servers",
            "message.timeout.ms",
            "delivery.timeout.ms",
            "metadata.broker.list",
        ] {
            let refused = with_property(name, "other-value").check().unwrap_err();
            assert!(refused.to_string().contains(name), "{refused}");
            assert!(!refused.to_string().contains("other-value"), "{refused}");
        }
    }

    #[test]
    fn properties_that_the_library_refuses_are_named_without_their_values() {
        for (name, said) in [
            ("sasl.pasword", "no such property"),
            ("security.protocol", "refuses its value"),
            ("socket.timeout.ms", "refuses its value"),
        ] {
            let refused = with_property(name, "very-secret").check().unwrap_err();
            let printed = format!("{refused} {refused:?}");
            assert!(printed.contains(name) && printed.contains(said), "{printed}");
            assert!(!printed.contains("very-secret"), "{printed}");
        }
    }

    #[test]
    fn properties_for_tls_and_sasl_reach_every_client() {
        let settings = with_property("sasl.username", "ada");
        settings.check().unwrap();
        for config in [settings.client(), settings.producer(), settings.consumer()] {
            assert_eq!(config.get("sasl.username"), Some("ada"));
        }
    }

    #[test]
    fn what_a_topic_is_is_listened_for_whatever_else_is() {
        for (settings, expected) in [
            (KafkaSettings::new("broker:9092"), "topic"),
            (with_property("debug", "fetch,broker"), "fetch,broker,topic"),
        ] {
            settings.check().unwrap();
            assert_eq!(settings.consumer().get("debug"), Some(expected));
        }
    }

    #[test]
    fn secrets_are_not_printed() {
        let settings = with_property("sasl.password", "very-secret");
        let printed = format!("{settings:?}");
        assert!(printed.contains("sasl.password"), "{printed}");
        assert!(!printed.contains("very-secret"), "{printed}");
    }
}
