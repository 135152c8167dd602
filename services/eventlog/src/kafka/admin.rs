//! Creating topics and checking that they are what the log needs.

use std::{sync::Arc, time::Duration};

use rdkafka::{
    admin::{
        AdminClient, AdminOptions, AlterConfig, ConfigResource, ConfigSource, NewTopic,
        ResourceSpecifier, TopicReplication,
    },
    config::FromClientConfigAndContext,
    error::KafkaError,
    metadata::Metadata,
    types::RDKafkaErrorCode,
};
use thiserror::Error;
use tokio::time::Instant;

use super::{
    client::{Aside, Context},
    inspect::TopicSetting,
    settings::{KafkaSettings, TopicCreation},
};
use crate::error::{Cause, OpenError};

/// How often to look whether a topic that was just created has a leader, or one that was just
/// changed has changed.
const LEADER_CHECK: Duration = Duration::from_millis(20);

/// What a topic must be like.
pub(super) struct TopicForm<'a> {
    pub(super) name: &'a str,
    pub(super) partitions: u32,
    /// Settings it is created with.
    pub(super) created_with: Vec<(&'static str, String)>,
    /// Settings it must have when it is used.
    pub(super) required: Vec<Requirement>,
}

/// What one setting of a topic must be.
pub(super) enum Requirement {
    Exactly(&'static str, &'static str),
    AtLeast(&'static str, u64),
}

/// The side of a cluster that topics are managed through.
pub(super) struct Admin {
    client: Arc<Aside<AdminClient<Context>>>,
    settings: KafkaSettings,
}

impl Admin {
    pub(super) fn new(settings: &KafkaSettings) -> Result<Self, OpenError> {
        let client = AdminClient::from_config_and_context(&settings.client(), Context::default())
            .map_err(OpenError::unavailable)?;
        Ok(Self { client: Arc::new(Aside::new(client)), settings: settings.clone() })
    }

    /// Creates the topic if it is missing and that is allowed, then checks it.
    pub(super) async fn ensure(&self, form: &TopicForm<'_>) -> Result<(), OpenError> {
        let partitions = match self.partitions(form.name).await.map_err(OpenError::Unavailable)? {
            Some(partitions) => partitions,
            None => match self.settings.creation {
                TopicCreation::CreateMissing => self.create(form).await?,
                TopicCreation::MustExist => {
                    return Err(unfit(form.name, "existence", "missing", "present"));
                }
            },
        };
        self.check(form, &partitions).await
    }

    /// As [`replicas_in`], of what the cluster says now.
    pub(super) async fn partitions(&self, topic: &str) -> Result<Option<Vec<usize>>, Cause> {
        replicas_in(&self.metadata(Some(topic)).await?, topic)
    }

    /// What the cluster says of a topic, or of all.
    pub(super) async fn metadata(&self, topic: Option<&str>) -> Result<Metadata, Cause> {
        let client = Arc::clone(&self.client);
        let timeout = self.settings.request_timeout;
        let topic = topic.map(str::to_owned);
        let asked = tokio::task::spawn_blocking(move || {
            client.inner().fetch_metadata(topic.as_deref(), timeout)
        });
        let asked = asked.await.map_err(|error| -> Cause { Arc::new(error) })?;
        asked.map_err(|error| -> Cause { Arc::new(error) })
    }

    /// The settings of a topic or broker.
    pub(super) async fn describe(
        &self,
        resource: &ResourceSpecifier<'_>,
    ) -> Result<ConfigResource, OpenError> {
        let described = self.client.describe_configs([resource], &self.options()).await;
        let described = described.map_err(OpenError::unavailable)?.into_iter().next();
        let described = described.unwrap_or(Err(RDKafkaErrorCode::Unknown));
        described.map_err(|code| OpenError::unavailable(KafkaError::AdminOp(code)))
    }

    /// The settings of a topic.
    async fn describe_topic(&self, topic: &str) -> Result<ConfigResource, OpenError> {
        let resource = ResourceSpecifier::Topic(topic);
        until_described(self.settings.request_timeout, || self.describe(&resource)).await
    }

    fn options(&self) -> AdminOptions {
        AdminOptions::new().request_timeout(Some(self.settings.request_timeout))
    }

    async fn create(&self, form: &TopicForm<'_>) -> Result<Vec<usize>, OpenError> {
        let replication = TopicReplication::Fixed(i32::from(self.settings.replication_factor));
        let partitions = i32::try_from(form.partitions).unwrap_or(i32::MAX);
        let mut topic = NewTopic::new(form.name, partitions, replication);
        for (name, value) in &form.created_with {
            topic = topic.set(name, value);
        }
        let timeout = self.settings.request_timeout;
        let options =
            AdminOptions::new().request_timeout(Some(timeout)).operation_timeout(Some(timeout));
        let results =
            self.client.create_topics([&topic], &options).await.map_err(OpenError::unavailable)?;
        for result in results {
            match result {
                // Another process was faster. What it made is checked like any other topic.
                Ok(_) | Err((_, RDKafkaErrorCode::TopicAlreadyExists)) => {}
                Err((_, code)) => {
                    return Err(OpenError::unavailable(KafkaError::AdminOp(code)));
                }
            }
        }
        self.led_partitions(form).await
    }

    /// Waits until every partition has a leader.
    async fn led_partitions(&self, form: &TopicForm<'_>) -> Result<Vec<usize>, OpenError> {
        let asked = Instant::now();
        loop {
            let partitions = self.partitions(form.name).await.map_err(OpenError::Unavailable)?;
            match partitions {
                Some(partitions) if partitions.iter().all(|replicas| *replicas > 0) => {
                    return Ok(partitions);
                }
                Some(_) | None if asked.elapsed() < self.settings.request_timeout => {
                    tokio::time::sleep(LEADER_CHECK).await;
                }
                Some(_) | None => return Err(OpenError::unavailable(NoLeader)),
            }
        }
    }

    async fn check(&self, form: &TopicForm<'_>, partitions: &[usize]) -> Result<(), OpenError> {
        let settings = self.settings_of(form, partitions).await?;
        match settings.into_iter().find(|setting| !setting.is_met) {
            Some(TopicSetting { name, found, required, .. }) => {
                Err(unfit(form.name, &name, &found, &required))
            }
            None => Ok(()),
        }
    }

    /// What a topic has to be like, and is or is not.
    pub(super) async fn settings_of(
        &self,
        form: &TopicForm<'_>,
        partitions: &[usize],
    ) -> Result<Vec<TopicSetting>, OpenError> {
        let replication_factor = usize::from(self.settings.replication_factor);
        let replicas = partitions.iter().copied().min().unwrap_or_default();
        let mut settings = vec![
            TopicSetting {
                name: "partitions".to_owned(),
                found: partitions.len().to_string(),
                required: form.partitions.to_string(),
                is_met: u32::try_from(partitions.len()) == Ok(form.partitions),
            },
            TopicSetting {
                name: "replication.factor".to_owned(),
                found: replicas.to_string(),
                required: format!("{replication_factor} or more"),
                is_met: replicas >= replication_factor,
            },
        ];
        let described = self.describe_topic(form.name).await?;
        for requirement in &form.required {
            let found = value_of(&described, requirement.name()).unwrap_or("unknown");
            settings.push(TopicSetting {
                name: requirement.name().to_owned(),
                found: found.to_owned(),
                required: requirement.required(),
                is_met: requirement.is_met_by(found),
            });
        }
        Ok(settings)
    }

    /// Changes one setting of a topic, and waits until it is changed.
    pub(super) async fn set(
        &self,
        topic: &str,
        setting: &str,
        value: &str,
    ) -> Result<(), OpenError> {
        let described = self.describe_topic(topic).await?;
        if value_of(&described, setting) == Some(value) {
            return Ok(());
        }
        // The library's call replaces all that was set for the topic.
        let kept = described.entries.iter().filter(|entry| {
            matches!(entry.source, ConfigSource::DynamicTopic) && entry.name != setting
        });
        let mut altered = AlterConfig::new(ResourceSpecifier::Topic(topic)).set(setting, value);
        for entry in kept {
            if let Some(value) = &entry.value {
                altered = altered.set(&entry.name, value);
            }
        }
        let results = self.client.alter_configs([&altered], &self.options()).await;
        for result in results.map_err(OpenError::unavailable)? {
            result.map_err(|(_, code)| OpenError::unavailable(KafkaError::AdminOp(code)))?;
        }
        let asked = Instant::now();
        loop {
            let described = self.describe_topic(topic).await?;
            let found = value_of(&described, setting).unwrap_or("unknown");
            if found == value {
                return Ok(());
            }
            if asked.elapsed() > self.settings.request_timeout {
                return Err(unfit(topic, setting, found, value));
            }
            tokio::time::sleep(LEADER_CHECK).await;
        }
    }
}

/// The replicas of each partition of a topic, or nothing if there is no such topic. Empty replicas
/// stand for a partition without a leader.
pub(super) fn replicas_in(metadata: &Metadata, topic: &str) -> Result<Option<Vec<usize>>, Cause> {
    let found = metadata.topics().iter().find(|found| found.name() == topic);
    let Some(found) = found else { return Ok(None) };
    if let Some(error) = found.error() {
        let error = RDKafkaErrorCode::from(error);
        if error == RDKafkaErrorCode::UnknownTopicOrPartition {
            return Ok(None);
        }
        if error == RDKafkaErrorCode::LeaderNotAvailable {
            return Ok(Some(vec![0]));
        }
        return Err(Arc::new(KafkaError::MetadataFetch(error)));
    }
    let replicas = found
        .partitions()
        .iter()
        .map(|partition| if partition.leader() < 0 { 0 } else { partition.replicas().len() });
    Ok(Some(replicas.collect()))
}

/// Asks for settings until there are some. A broker that has not heard yet of a topic that was just
/// made says nothing of it, whichever broker has said before that it is there.
async fn until_described<D>(
    limit: Duration,
    mut describe: impl FnMut() -> D,
) -> Result<ConfigResource, OpenError>
where
    D: Future<Output = Result<ConfigResource, OpenError>>,
{
    let asked = Instant::now();
    loop {
        let described = describe().await?;
        if !described.entries.is_empty() || asked.elapsed() > limit {
            return Ok(described);
        }
        tokio::time::sleep(LEADER_CHECK).await;
    }
}

/// What a setting is; nothing if the broker does not say.
pub(super) fn value_of<'a>(described: &'a ConfigResource, setting: &str) -> Option<&'a str> {
    described.get(setting).and_then(|entry| entry.value.as_deref())
}

impl Requirement {
    fn name(&self) -> &'static str {
        match self {
            Self::Exactly(name, _) | Self::AtLeast(name, _) => name,
        }
    }

    fn required(&self) -> String {
        match self {
            Self::Exactly(_, value) => (*value).to_owned(),
            Self::AtLeast(_, least) => format!("{least} or more"),
        }
    }

    fn is_met_by(&self, found: &str) -> bool {
        match self {
            Self::Exactly(_, value) => found == *value,
            Self::AtLeast(_, least) => found.parse::<u64>().is_ok_and(|found| found >= *least),
        }
    }
}

pub(super) fn unfit(name: &str, setting: &str, found: &str, required: &str) -> OpenError {
    OpenError::Unfit {
        name: name.to_owned(),
        setting: setting.to_owned(),
        found: found.to_owned(),
        required: required.to_owned(),
    }
}

#[derive(Clone, Copy, Debug, Error)]
#[error("the topic has no leader yet")]
struct NoLeader;

#[cfg(test)]
mod tests {
    use std::future::ready;

    use rdkafka::admin::{ConfigEntry, OwnedResourceSpecifier};

    use super::*;

    const LIMIT: Duration = Duration::from_secs(5);

    fn described(entries: Vec<ConfigEntry>) -> ConfigResource {
        ConfigResource { specifier: OwnedResourceSpecifier::Topic("topic".to_owned()), entries }
    }

    fn entry() -> ConfigEntry {
        ConfigEntry {
            name: "cleanup.policy".to_owned(),
            value: Some("delete".to_owned()),
            source: ConfigSource::DynamicTopic,
            is_read_only: false,
            is_default: false,
            is_sensitive: false,
        }
    }

    /// Issue 4: of two servers that were started at a time on three brokers, one found the topic
    /// that the other had made, and gave up on a setting that was `unknown`.
    #[tokio::test(start_paused = true)]
    async fn a_broker_that_has_not_heard_of_a_topic_is_asked_again() {
        let mut asked = 0;
        let found = until_described(LIMIT, || {
            asked += 1;
            ready(Ok(described(if asked < 3 { Vec::new() } else { vec![entry()] })))
        });
        let found = found.await.unwrap();
        assert_eq!(value_of(&found, "cleanup.policy"), Some("delete"));
        assert_eq!(asked, 3);
    }

    #[tokio::test(start_paused = true)]
    async fn brokers_that_say_nothing_of_a_topic_are_not_asked_for_ever() {
        let began = Instant::now();
        let found = until_described(LIMIT, || ready(Ok(described(Vec::new())))).await.unwrap();
        assert_eq!(value_of(&found, "cleanup.policy"), None);
        assert!(began.elapsed() >= LIMIT && began.elapsed() < 2 * LIMIT);
    }
}
