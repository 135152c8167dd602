//! What all topics promise.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use bytes::Bytes;
use fullmakt_eventlog::{
    AppendError, OpenError, RECORD_BYTES_MAX, ReadLimits, Topic, TopicName, TopicPlace,
    TopicReadError, TopicRecord, Topics,
};
use tokio::task::JoinSet;

use crate::fixture::{DEADLINE, TopicsFixture, record};

/// Runs the suite against a fixture.
macro_rules! topics_suite_tests {
    ($fixture:ty) => {
        $crate::fixture::suite_tests!($fixture, crate::fixture::TopicsFixture, crate::topics_suite {
            a_record_is_where_its_append_says
            records_of_one_key_are_in_one_partition_and_in_order
            a_key_has_the_partition_that_kafka_gives_it
            a_read_that_waits_is_woken_by_an_append
            a_read_keeps_its_limits_and_goes_on_where_it_ended
            the_end_of_a_partition_is_where_its_next_record_comes
            what_does_not_exist_is_told_apart
            a_topic_is_created_once_and_with_one_number_of_partitions
            key_and_record_together_keep_the_limit
        });
    };
}

pub(crate) use topics_suite_tests;

const NO_WAIT: Duration = Duration::ZERO;

async fn topic(
    fixture: &impl TopicsFixture,
    topics: &Arc<dyn Topics>,
    name: &str,
    partitions: u32,
) -> TopicName {
    let name = TopicName::new(fixture.topic_name(name)).unwrap();
    let topic = Topic { name: name.clone(), partitions, retention: None };
    topics.ensure(&topic).await.unwrap();
    name
}

async fn read_all(
    topics: &Arc<dyn Topics>,
    topic: &TopicName,
    partition: u32,
    count: usize,
) -> Vec<TopicRecord> {
    let mut records: Vec<TopicRecord> = Vec::new();
    while records.len() < count {
        let from = records.last().map_or(0, |record| record.place.number + 1);
        let limits = ReadLimits::default();
        let batch = topics.read(topic, partition, from, limits, DEADLINE).await.unwrap();
        assert!(!batch.is_empty(), "only {} of {count} records came", records.len());
        records.extend(batch);
    }
    records
}

pub async fn a_record_is_where_its_append_says(fixture: &impl TopicsFixture) {
    let topics = fixture.open().await;
    let topic = topic(fixture, &topics, "places", 3).await;
    let mut appends = JoinSet::new();
    for number in 0..120_u32 {
        let (topics, topic) = (Arc::clone(&topics), topic.clone());
        appends.spawn(async move {
            let key = record(number % 10);
            (topics.append(&topic, key.clone(), record(number)).await.unwrap(), (key, number))
        });
    }
    let appended: BTreeMap<TopicPlace, _> = appends.join_all().await.into_iter().collect();
    assert_eq!(appended.len(), 120);
    let other = fixture.open().await;
    for partition in 0..3 {
        let count = appended.keys().filter(|place| place.partition == partition).count();
        for (found, number) in read_all(&other, &topic, partition, count).await.iter().zip(0..) {
            assert_eq!(found.place, TopicPlace { partition, number });
            let (key, number) = &appended[&found.place];
            assert_eq!((&found.key, &found.bytes), (key, &record(number)));
            assert!(found.append_time.as_micros() > 0);
        }
    }
}

pub async fn records_of_one_key_are_in_one_partition_and_in_order(fixture: &impl TopicsFixture) {
    let topics = fixture.open().await;
    let topic = topic(fixture, &topics, "keys", 4).await;
    let key = record("one key");
    let mut places = Vec::new();
    for number in 0..20 {
        places.push(topics.append(&topic, key.clone(), record(number)).await.unwrap());
    }
    let partition = places[0].partition;
    assert!(places.is_sorted());
    assert!(places.iter().all(|place| place.partition == partition));
    for (found, number) in read_all(&topics, &topic, partition, 20).await.iter().zip(0..) {
        assert_eq!(found.bytes, record(number));
    }
}

pub async fn a_key_has_the_partition_that_kafka_gives_it(fixture: &impl TopicsFixture) {
    let topics = fixture.open().await;
    let topic = topic(fixture, &topics, "partitioner", 5).await;
    // Kafka's own hashes of these keys, from its tests, without the sign bit and modulo 5.
    for (key, hash) in [
        ("21", -973_932_308_i32),
        ("foobar", -790_332_482),
        ("a-little-bit-long-string", -985_981_536),
        ("abc", 479_470_107),
    ] {
        let place = topics.append(&topic, Bytes::from(key), record(key)).await.unwrap();
        assert_eq!(place.partition, (hash.cast_unsigned() & 0x7fff_ffff) % 5, "{key}");
    }
}

pub async fn a_read_that_waits_is_woken_by_an_append(fixture: &impl TopicsFixture) {
    let (topics, other) = (fixture.open().await, fixture.open().await);
    let topic = topic(fixture, &topics, "waiting", 1).await;
    let limits = ReadLimits::default();
    assert_eq!(topics.read(&topic, 0, 0, limits, NO_WAIT).await.unwrap(), Vec::new());
    let waiting = tokio::spawn({
        let topic = topic.clone();
        async move { topics.read(&topic, 0, 0, limits, DEADLINE).await }
    });
    other.append(&topic, record("key"), record("wake")).await.unwrap();
    let records = waiting.await.unwrap().unwrap();
    assert_eq!(records.len(), 1);
    assert_eq!(records[0].bytes, record("wake"));
}

pub async fn a_read_keeps_its_limits_and_goes_on_where_it_ended(fixture: &impl TopicsFixture) {
    let topics = fixture.open().await;
    let topic = topic(fixture, &topics, "limits", 1).await;
    for number in 0..9 {
        topics.append(&topic, record("key"), record(number)).await.unwrap();
    }
    let limits = ReadLimits { records_max: 2, ..ReadLimits::default() };
    let mut next = 0;
    while next < 9 {
        let batch = topics.read(&topic, 0, next, limits, DEADLINE).await.unwrap();
        assert!((1..=2).contains(&batch.len()), "{}", batch.len());
        for found in batch {
            assert_eq!(found.place.number, next);
            assert_eq!(found.bytes, record(next));
            next += 1;
        }
    }
}

pub async fn the_end_of_a_partition_is_where_its_next_record_comes(fixture: &impl TopicsFixture) {
    let (topics, other) = (fixture.open().await, fixture.open().await);
    let topic = topic(fixture, &topics, "ends", 2).await;
    for partition in 0..2 {
        assert_eq!(topics.end(&topic, partition).await.unwrap(), 0);
    }
    for number in 0..9 {
        let place = topics.append(&topic, record(number), record(number)).await.unwrap();
        assert_eq!(other.end(&topic, place.partition).await.unwrap(), place.number + 1);
    }
    let ends = (topics.end(&topic, 0).await.unwrap(), topics.end(&topic, 1).await.unwrap());
    assert_eq!(ends.0 + ends.1, 9);
}

pub async fn what_does_not_exist_is_told_apart(fixture: &impl TopicsFixture) {
    let topics = fixture.open().await;
    let topic = topic(fixture, &topics, "existing", 2).await;
    let missing = TopicName::new(fixture.topic_name("missing")).unwrap();
    let limits = ReadLimits::default();

    let read = topics.read(&missing, 0, 0, limits, NO_WAIT).await;
    assert!(matches!(read, Err(TopicReadError::UnknownTopic { .. })), "{read:?}");
    let append = topics.append(&missing, record("key"), record("record")).await;
    assert!(matches!(append, Err(AppendError::Unavailable(_))), "{append:?}");

    let end = topics.end(&missing, 0).await;
    assert!(matches!(end, Err(TopicReadError::UnknownTopic { .. })), "{end:?}");
    let end = topics.end(&topic, 2).await;
    assert!(matches!(end, Err(TopicReadError::UnknownPartition { partition: 2, .. })), "{end:?}");

    let read = topics.read(&topic, 2, 0, limits, NO_WAIT).await;
    let is_unknown = matches!(read, Err(TopicReadError::UnknownPartition { partition: 2, .. }));
    assert!(is_unknown, "{read:?}");

    let read = topics.read(&topic, 0, 1, limits, NO_WAIT).await;
    assert!(matches!(read, Err(TopicReadError::BeyondEnd { from: 1, end: 0 })), "{read:?}");
    assert_eq!(topics.read(&topic, 0, 0, limits, NO_WAIT).await.unwrap(), Vec::new());
}

pub async fn a_topic_is_created_once_and_with_one_number_of_partitions(
    fixture: &impl TopicsFixture,
) {
    let (one, other) = (fixture.open().await, fixture.open().await);
    let name = TopicName::new(fixture.topic_name("once")).unwrap();
    let topic = Topic { name, partitions: 3, retention: Some(Duration::from_hours(24)) };
    let (first, second) = tokio::join!(one.ensure(&topic), other.ensure(&topic));
    first.unwrap();
    second.unwrap();
    one.append(&topic.name, record("key"), record("kept")).await.unwrap();
    other.ensure(&topic).await.unwrap();

    let wider = Topic { partitions: 4, ..topic };
    match fixture.open().await.ensure(&wider).await {
        Err(OpenError::Unfit { setting, found, required, .. }) => {
            assert_eq!((&*setting, &*found, &*required), ("partitions", "3", "4"));
        }
        unexpected => panic!("{unexpected:?}"),
    }
}

pub async fn key_and_record_together_keep_the_limit(fixture: &impl TopicsFixture) {
    let topics = fixture.open().await;
    let topic = topic(fixture, &topics, "sizes", 1).await;
    let key = record("key");
    let largest = Bytes::from(vec![b'x'; RECORD_BYTES_MAX - key.len()]);
    let too_large = Bytes::from(vec![b'x'; RECORD_BYTES_MAX - key.len() + 1]);
    let refused = topics.append(&topic, key.clone(), too_large).await;
    assert!(matches!(refused, Err(AppendError::TooLarge { .. })), "{refused:?}");
    topics.append(&topic, key, largest.clone()).await.unwrap();
    let records = read_all(&topics, &topic, 0, 1).await;
    assert_eq!(records[0].bytes, largest);
    assert_eq!(records[0].place.number, 0);
}
