//! The index of decisions: what is there, and how far it has come.

use std::{collections::BTreeMap, sync::Arc};

use deadpool_postgres::{Object, Pool};
use fullmakt_access::record::{GapRecord, RecordKind};
use fullmakt_eventlog::{Topic, TopicReadError, Topics};
use fullmakt_events::{DecisionId, OrgNumber, Timestamp};
use fullmakt_http::{Problem, ProblemType};
use tokio::time::{Duration, Instant, sleep_until};
use tokio_postgres::{
    Row,
    types::{ToSql, Type},
};

use super::filter::Search;

const FIND: &str = include_str!("../../sql/decision_find.sql");
const SEARCH: &str = include_str!("../../sql/decision_search.sql");
const GAPS: &str = include_str!("../../sql/decision_gaps.sql");
const PLACES: &str = include_str!("../../sql/decision_places.sql");

/// How long a decision that is in the log is waited for, and how often one looks.
const INDEXED_WITHIN: Duration = Duration::from_secs(2);
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// The most gaps that one answer tells.
const GAPS_MAX: i64 = 100;

/// Where decisions are logged.
#[derive(Clone)]
pub struct DecisionTopic {
    /// The log that has the topic, by name. The index of one log is not gone on with in another.
    pub log: &'static str,
    /// Reads it.
    pub topics: Arc<dyn Topics>,
    /// The topic.
    pub topic: Topic,
}

impl DecisionTopic {
    /// The numbers that the next record of each partition gets.
    async fn ends(&self) -> Result<BTreeMap<u32, u64>, TopicReadError> {
        let mut ends = BTreeMap::new();
        for partition in 0..self.topic.partitions {
            ends.insert(partition, self.topics.end(&self.topic.name, partition).await?);
        }
        Ok(ends)
    }
}

/// The index of decisions. Cheap to clone.
#[derive(Clone)]
pub struct DecisionIndex {
    pub(super) pool: Pool,
    pub(super) topic: DecisionTopic,
}

/// Why the index gives no answer.
#[derive(Debug, thiserror::Error)]
pub enum IndexError {
    /// No connection to the database.
    #[error("the database is not available")]
    Pool(#[from] deadpool_postgres::PoolError),
    /// The database.
    #[error("the database did not answer as it must")]
    Database(#[from] tokio_postgres::Error),
    /// The topic of decisions.
    #[error("the topic of decisions cannot be read")]
    Topic(#[from] TopicReadError),
    /// A number is none that a topic has.
    #[error("the index says that a partition was taken in up to {0}")]
    Place(i64),
}

impl From<IndexError> for Problem {
    fn from(error: IndexError) -> Self {
        Self::opaque(ProblemType::Unavailable, &error)
    }
}

/// A record of the index.
#[derive(Debug, Clone)]
pub(super) struct Indexed {
    pub(super) id: DecisionId,
    pub(super) evaluated_at: Timestamp,
    pub(super) owner: Option<OrgNumber>,
    pub(super) partition: i32,
    pub(super) number: i64,
    pub(super) append_time: Timestamp,
    /// Byte by byte as the topic has it.
    pub(super) record: String,
}

/// What is known of a decision.
pub(super) enum Found {
    Indexed(Box<Indexed>),
    /// There is none up to the end that the log had when it was asked.
    Absent,
    /// So many records of the log are not in the index yet. It may be one of them.
    NotYet {
        behind: u64,
    },
}

impl DecisionIndex {
    /// The index in this database, of this topic.
    #[must_use]
    pub const fn new(pool: Pool, topic: DecisionTopic) -> Self {
        Self { pool, topic }
    }

    /// A decision by its id. One that is not there is waited for while the log has records that are
    /// not in the index, but not long.
    pub(super) async fn find(&self, id: DecisionId) -> Result<Found, IndexError> {
        let client = self.pool.get().await?;
        if let Some(found) = find(&client, id).await? {
            return Ok(Found::Indexed(Box::new(found)));
        }
        let ends = self.topic.ends().await?;
        let deadline = Instant::now() + INDEXED_WITHIN;
        loop {
            // Before it is looked for, so that nothing comes in between.
            let behind = behind(&ends, &self.places(&client).await?);
            if let Some(found) = find(&client, id).await? {
                return Ok(Found::Indexed(Box::new(found)));
            }
            let now = Instant::now();
            if behind == 0 {
                return Ok(Found::Absent);
            } else if now >= deadline {
                return Ok(Found::NotYet { behind });
            }
            sleep_until(deadline.min(now + LOOK_AGAIN)).await;
        }
    }

    /// A page of what answers a search, newest first: at most one more than it has.
    pub(super) async fn search(&self, search: &Search) -> Result<Vec<Indexed>, IndexError> {
        let (until, after) = (search.until.to_datetime(), search.after);
        let since = search.since.to_datetime();
        let last = after.map_or(until, |(time, _)| until.min(time.to_datetime()));
        let filter = &search.filter;
        let parameters: [(&(dyn ToSql + Sync), Type); 11] = [
            (&since, Type::TIMESTAMPTZ),
            (&last, Type::TIMESTAMPTZ),
            (&after.map(|(time, _)| time.to_datetime()), Type::TIMESTAMPTZ),
            (&after.map(|(_, id)| id.uuid()), Type::UUID),
            (&filter.subject, Type::UUID),
            (&filter.party, Type::UUID),
            (&filter.resource.as_ref().map(ToString::to_string), Type::TEXT),
            (&filter.outcome, Type::TEXT),
            (&filter.kind.map(RecordKind::name), Type::TEXT),
            (&filter.owner.map(|owner| owner.to_string()), Type::TEXT),
            (&i64::from(search.limit.saturating_add(1)), Type::INT8),
        ];
        // Planned for these values: which index serves depends on what is asked.
        let rows = self.pool.get().await?.query_typed(SEARCH, &parameters).await?;
        rows.iter().map(Indexed::read).collect()
    }

    /// Records that were left out of the log between these times, newest first.
    pub(super) async fn gaps(
        &self,
        since: Timestamp,
        until: Timestamp,
    ) -> Result<Vec<GapRecord>, IndexError> {
        let client = self.pool.get().await?;
        let (since, until) = (since.to_datetime(), until.to_datetime());
        let rows = client.query(GAPS, &[&since, &until, &GAPS_MAX]).await?;
        let mut gaps = Vec::new();
        for row in &rows {
            gaps.extend(serde_json::from_str::<GapRecord>(row.try_get("record")?));
        }
        Ok(gaps)
    }

    /// How many records of the log are not in the index.
    pub(super) async fn behind(&self) -> Result<u64, IndexError> {
        let ends = self.topic.ends().await?;
        Ok(behind(&ends, &self.places(&*self.pool.get().await?).await?))
    }

    /// How far each partition was taken in.
    pub(super) async fn places(
        &self,
        client: &tokio_postgres::Client,
    ) -> Result<BTreeMap<u32, u64>, IndexError> {
        let topic = self.topic.topic.name.as_str();
        let rows = client.query(PLACES, &[&self.topic.log, &topic]).await?;
        let mut places = BTreeMap::new();
        for row in &rows {
            let partition: i32 = row.try_get("topic_partition")?;
            let next: i64 = row.try_get("next")?;
            let place = |number: i64| u64::try_from(number).map_err(|_| IndexError::Place(number));
            let partition = u32::try_from(partition);
            let partition = partition.map_err(|_| IndexError::Place(next))?;
            places.insert(partition, place(next)?);
        }
        Ok(places)
    }
}

impl Indexed {
    fn read(row: &Row) -> Result<Self, IndexError> {
        let time = |column| row.try_get::<_, chrono::DateTime<chrono::Utc>>(column);
        let owner: Option<String> = row.try_get("owner")?;
        Ok(Self {
            id: DecisionId::new(row.try_get("id")?),
            evaluated_at: time("evaluated_at")?.into(),
            owner: owner.and_then(|owner| owner.parse().ok()),
            partition: row.try_get("topic_partition")?,
            number: row.try_get("topic_number")?,
            append_time: time("append_time")?.into(),
            record: row.try_get("record")?,
        })
    }
}

/// How many records there are between two sets of places.
fn behind(ends: &BTreeMap<u32, u64>, places: &BTreeMap<u32, u64>) -> u64 {
    let missing = ends.iter().map(|(partition, end)| {
        end.saturating_sub(places.get(partition).copied().unwrap_or_default())
    });
    missing.fold(0, u64::saturating_add)
}

/// Looks where the id says that it was made, and then everywhere: ids of others say nothing.
async fn find(client: &Object, id: DecisionId) -> Result<Option<Indexed>, IndexError> {
    const DAY_SECONDS: i64 = 86_400;
    let made = id.uuid().get_timestamp().and_then(|made| {
        let (seconds, nanos) = made.to_unix();
        let micros = seconds.checked_mul(1_000_000)?.checked_add(u64::from(nanos) / 1_000)?;
        Some(Timestamp::from_micros(i64::try_from(micros).ok()?))
    });
    let around = made.map(|made| (made.plus_seconds(-DAY_SECONDS), made.plus_seconds(DAY_SECONDS)));
    let everywhere = (Timestamp::from_micros(0), Timestamp::from_micros(EVER_MICROS));
    for (since, until) in around.into_iter().chain([everywhere]) {
        let times = (since.to_datetime(), until.to_datetime());
        if let Some(row) = client.query_opt(FIND, &[&id.uuid(), &times.0, &times.1]).await? {
            return Indexed::read(&row).map(Some);
        }
    }
    Ok(None)
}

/// The end of the year 9999.
const EVER_MICROS: i64 = 253_402_300_799_999_999;
