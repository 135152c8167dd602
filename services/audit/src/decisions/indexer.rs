//! Fills the index of decisions from their topic.
//!
//! Rows and the place up to which the topic was taken in commit together, and a place moves on for
//! one process only: however many servers there are and whenever they stop, the index has each
//! record once.

use std::{collections::BTreeSet, ops::RangeInclusive};

use chrono::NaiveDate;
use deadpool_postgres::Object;
use fullmakt_eventlog::{ReadLimits, TopicReadError, TopicRecord};
use fullmakt_events::PartyId;
use fullmakt_pep::Clock;
use metrics::{counter, gauge};
use tokio::{
    task::JoinSet,
    time::{Duration, interval, sleep},
};
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

use super::{
    entry::Entry,
    index::{DecisionIndex, IndexError},
    partitions,
};

pub use super::partitions::IndexRetention;

const BEGIN: &str = include_str!("../../sql/decision_begin_place.sql");
const MOVE: &str = include_str!("../../sql/decision_move_place.sql");
const INSERT: &str = include_str!("../../sql/decision_insert.sql");

/// What bounds a transaction.
const LIMITS: ReadLimits = ReadLimits { records_max: 2_000, bytes_max: 4 * 1024 * 1024 };
/// How long a read waits for the next record.
const WAIT: Duration = Duration::from_secs(5);
/// How long records are gathered before they are taken in, so that a busy log does not make a
/// transaction of each.
const GATHERING: Duration = Duration::from_millis(50);
/// How long to wait after a failure.
const AGAIN_AFTER: Duration = Duration::from_secs(1);
/// How often it is looked whether partitions have to be made or dropped.
const KEEP_INTERVAL: Duration = Duration::from_mins(10);
/// How often it is measured how far the index is behind.
const MEASURE_INTERVAL: Duration = Duration::from_secs(5);

/// Fills the index, and keeps its partitions.
#[derive(Clone)]
pub struct DecisionIndexer {
    index: DecisionIndex,
    retention: IndexRetention,
    clock: Clock,
}

impl DecisionIndexer {
    /// Fills this index.
    #[must_use]
    pub const fn new(index: DecisionIndex, retention: IndexRetention, clock: Clock) -> Self {
        Self { index, retention, clock }
    }

    /// Fills the index until told to stop, through all outages.
    pub async fn run(self, stopping: CancellationToken) {
        let mut parts = JoinSet::new();
        parts.spawn(self.clone().keep());
        parts.spawn(self.clone().measure());
        for partition in 0..self.index.topic.topic.partitions {
            parts.spawn(self.clone().follow(partition));
        }
        // What is cut off is taken back by the database, and done again by whoever goes on.
        stopping.cancelled().await;
    }

    async fn keep(self) {
        let mut interval = interval(KEEP_INTERVAL);
        loop {
            interval.tick().await;
            while let Err(error) = self.keep_once().await {
                warn!(
                    error = &error as &dyn std::error::Error,
                    "the partitions of the index of decisions cannot be kept; trying again"
                );
                sleep(AGAIN_AFTER).await;
            }
        }
    }

    pub(super) async fn keep_once(&self) -> Result<(), IndexError> {
        let now = (self.clock)();
        let mut client = self.index.pool.get().await?;
        partitions::keep(&mut client, &self.retention.days(now), partitions::day(now)).await
    }

    async fn measure(self) {
        let mut interval = interval(MEASURE_INTERVAL);
        loop {
            interval.tick().await;
            if let Ok(behind) = self.index.behind().await {
                gauge!("decision_index_lag_records").set(u32::try_from(behind).unwrap_or(u32::MAX));
            }
        }
    }

    async fn follow(self, partition: u32) {
        loop {
            if let Err(error) = self.follow_while_it_goes(partition).await {
                warn!(
                    error = &error as &dyn std::error::Error,
                    decisions.partition = partition,
                    "the index of decisions cannot be filled; trying again"
                );
                sleep(AGAIN_AFTER).await;
            }
        }
    }

    async fn follow_while_it_goes(&self, partition: u32) -> Result<(), IndexError> {
        let mut next = self.place(partition).await?;
        loop {
            let taken = self.take_in(partition, next, WAIT).await?;
            if taken != Some(next) {
                sleep(GATHERING).await;
            }
            next = match taken {
                Some(taken) => taken,
                // Another process was quicker.
                None => self.place(partition).await?,
            };
        }
    }

    /// Takes in what comes next in a partition, and says where it goes on; nothing where another
    /// process has moved on from there.
    pub(super) async fn take_in(
        &self,
        partition: u32,
        next: u64,
        wait: Duration,
    ) -> Result<Option<u64>, IndexError> {
        let topic = &self.index.topic;
        let read = topic.topics.read(&topic.topic.name, partition, next, LIMITS, wait).await;
        let (records, end) = match read {
            Ok(records) => {
                let end = records.last().map_or(next, |last| last.place.number.saturating_add(1));
                (records, end)
            }
            // Retention of the topic was quicker than the index.
            Err(TopicReadError::TruncatedBelow { from, start }) => {
                error!(
                    from,
                    start, "the topic of decisions has lost records before they were indexed"
                );
                (Vec::new(), start)
            }
            // A topic that was made anew. What is known already does no harm.
            Err(TopicReadError::BeyondEnd { from, end }) => {
                warn!(from, end, "the topic of decisions is shorter than it was; reading it again");
                (Vec::new(), 0)
            }
            Err(error) => return Err(error.into()),
        };
        if end == next {
            return Ok(Some(next));
        }
        let is_moved = self.store(partition, next..=end, &records).await?;
        Ok(is_moved.then_some(end))
    }

    /// How far a partition was taken in. It begins at 0.
    pub(super) async fn place(&self, partition: u32) -> Result<u64, IndexError> {
        let topic = &self.index.topic;
        let client = self.index.pool.get().await?;
        let name = topic.topic.name.as_str();
        client.execute(BEGIN, &[&topic.log, &name, &stored(partition)]).await?;
        let places = self.index.places(&client).await?;
        Ok(places.get(&partition).copied().unwrap_or_default())
    }

    /// Moves a place on and adds the records on the way, unless another process has.
    async fn store(
        &self,
        partition: u32,
        way: RangeInclusive<u64>,
        records: &[TopicRecord],
    ) -> Result<bool, IndexError> {
        let kept = self.retention.days((self.clock)());
        let entries: Vec<Entry> =
            records.iter().filter_map(|record| readable(record, &kept)).collect();
        let mut client = self.index.pool.get().await?;
        make_partitions(&mut client, &entries).await?;
        let topic = &self.index.topic;
        let transaction = client.transaction().await?;
        let moved = transaction
            .execute(
                MOVE,
                &[
                    &topic.log,
                    &topic.topic.name.as_str(),
                    &stored(partition),
                    &stored_number(*way.start()),
                    &stored_number(*way.end()),
                ],
            )
            .await?;
        if moved == 0 {
            return Ok(false);
        }
        if !entries.is_empty() {
            insert(&transaction, &entries).await?;
        }
        transaction.commit().await?;
        counter!("decision_index_records_total")
            .increment(u64::try_from(entries.len()).unwrap_or(0));
        Ok(true)
    }
}

/// What a record says, if this release can read it and its day is kept.
fn readable(record: &TopicRecord, kept: &RangeInclusive<NaiveDate>) -> Option<Entry> {
    match Entry::read(record) {
        Ok(entry) if kept.contains(&partitions::day(entry.evaluated_at)) => Some(entry),
        Ok(_) => {
            counter!("decision_index_skipped_total", "why" => "not_kept").increment(1);
            None
        }
        Err(error) => {
            counter!("decision_index_skipped_total", "why" => "unreadable").increment(1);
            warn!(
                error = &error as &dyn std::error::Error,
                decisions.partition = record.place.partition,
                decisions.number = record.place.number,
                "a record of the topic of decisions cannot be read, and is not in the index"
            );
            None
        }
    }
}

async fn make_partitions(client: &mut Object, entries: &[Entry]) -> Result<(), IndexError> {
    let mut days: BTreeSet<NaiveDate> =
        entries.iter().map(|entry| partitions::day(entry.evaluated_at)).collect();
    let present = partitions::present(client).await?;
    days.retain(|day| !present.contains(day));
    partitions::make(client, days).await
}

async fn insert(
    transaction: &deadpool_postgres::Transaction<'_>,
    entries: &[Entry],
) -> Result<(), IndexError> {
    fn column<'a, T>(entries: &'a [Entry], of: impl Fn(&'a Entry) -> T) -> Vec<T> {
        entries.iter().map(of).collect()
    }
    let statement = transaction.prepare_cached(INSERT).await?;
    transaction
        .execute(
            &statement,
            &[
                &column(entries, |entry| entry.evaluated_at.to_datetime()),
                &column(entries, |entry| entry.id.uuid()),
                &column(entries, |entry| entry.kind.name()),
                &column(entries, |entry| entry.subject),
                &column(entries, |entry| entry.party.map(PartyId::uuid)),
                &column(entries, |entry| entry.resource.as_ref().map(ToString::to_string)),
                &column(entries, |entry| entry.outcome.clone()),
                &column(entries, |entry| entry.owner.map(|owner| owner.to_string())),
                &column(entries, |entry| stored(entry.place.partition)),
                &column(entries, |entry| stored_number(entry.place.number)),
                &column(entries, |entry| entry.append_time.to_datetime()),
                &column(entries, |entry| entry.record.as_str()),
            ],
        )
        .await?;
    Ok(())
}

fn stored(partition: u32) -> i32 {
    i32::try_from(partition).unwrap_or(i32::MAX)
}

fn stored_number(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
