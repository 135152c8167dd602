//! Looking at what a log rests on, without changing anything.

use rdkafka::{
    admin::ResourceSpecifier,
    metadata::{Metadata, MetadataBroker, MetadataTopic},
};

use super::{
    admin::{Admin, TopicForm, replicas_in, value_of},
    log::{Stamping, form},
    settings::KafkaSettings,
};
use crate::{
    error::OpenError,
    topics::{Topic, TopicName},
};

/// What a log in Kafka rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KafkaInspection {
    /// How many brokers the cluster has.
    pub brokers: usize,
    /// Whether a broker creates topics that clients name; nothing if it does not say.
    pub is_creating_topics: Option<bool>,
    /// The log's topic.
    pub topic: TopicName,
    /// What the topic is like; nothing if there is none.
    pub found: Option<TopicInspection>,
}

/// What a topic is like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicInspection {
    /// How many brokers have all records now, in the partition where they are fewest.
    pub in_sync: usize,
    /// What the topic has to be like, and is or is not.
    pub settings: Vec<TopicSetting>,
}

/// One thing that a topic has to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TopicSetting {
    /// The setting, as Kafka calls it.
    pub name: String,
    /// What it is.
    pub found: String,
    /// What it has to be.
    pub required: String,
    /// Whether it is.
    pub is_met: bool,
}

/// Looks at the cluster and at the topic of a ledger's log.
///
/// # Errors
///
/// [`OpenError::Setting`] for a ledger name or client property that cannot be used, and
/// [`OpenError::Unavailable`].
pub async fn inspect(settings: &KafkaSettings, ledger: &str) -> Result<KafkaInspection, OpenError> {
    settings.check()?;
    let topic = super::log::topic(ledger)?;
    let admin = Admin::new(settings)?;
    let cluster = admin.metadata(None).await.map_err(OpenError::Unavailable)?;
    let brokers: Vec<i32> = cluster.brokers().iter().map(MetadataBroker::id).collect();
    let found = look_at(&admin, &form(topic.as_str(), settings, Stamping::Log)).await?;
    let is_creating_topics = match brokers.first() {
        Some(broker) => is_creating_topics(&admin, *broker).await?,
        None => None,
    };
    Ok(KafkaInspection { brokers: brokers.len(), is_creating_topics, topic, found })
}

/// Looks at a plain topic; nothing if there is none.
///
/// # Errors
///
/// [`OpenError::Setting`] for a client property that cannot be used, and
/// [`OpenError::Unavailable`].
pub async fn inspect_topic(
    settings: &KafkaSettings,
    topic: &Topic,
) -> Result<Option<TopicInspection>, OpenError> {
    settings.check()?;
    look_at(&Admin::new(settings)?, &super::topics::form(topic, settings)).await
}

async fn look_at(
    admin: &Admin,
    form: &TopicForm<'_>,
) -> Result<Option<TopicInspection>, OpenError> {
    let metadata = admin.metadata(Some(form.name)).await.map_err(OpenError::Unavailable)?;
    let replicas = replicas_in(&metadata, form.name).map_err(OpenError::Unavailable)?;
    let Some(replicas) = replicas else { return Ok(None) };
    let settings = admin.settings_of(form, &replicas).await?;
    Ok(Some(TopicInspection { in_sync: in_sync(&metadata, form.name), settings }))
}

fn in_sync(metadata: &Metadata, topic: &str) -> usize {
    let found = metadata.topics().iter().find(|found| found.name() == topic);
    let partitions = found.map(MetadataTopic::partitions).unwrap_or_default();
    partitions.iter().map(|partition| partition.isr().len()).min().unwrap_or_default()
}

async fn is_creating_topics(admin: &Admin, broker: i32) -> Result<Option<bool>, OpenError> {
    let described = admin.describe(&ResourceSpecifier::Broker(broker)).await?;
    let value = value_of(&described, "auto.create.topics.enable");
    Ok(value.and_then(|value| value.parse().ok()))
}
