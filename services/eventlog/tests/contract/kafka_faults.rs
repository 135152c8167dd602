//! What only Kafka, or the way to it, can do wrong.

use std::{
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use fullmakt_eventlog::{
    AppendError, EventLog, OpenError, RECORD_BYTES_MAX, ReadError, ReadLimits,
    kafka::{KafkaLog, KafkaSettings, TopicCreation},
};
use fullmakt_events::Position;
use rdkafka::admin::{NewTopic, TopicReplication};
use tokio::task::JoinSet;

use crate::{
    fixture::{DEADLINE, environment, read_all, record, unique},
    kafka::{Administrator, settings, settings_at},
    postgres_faults::Outcomes,
    proxy::{Framing, Mode, Proxy},
};

/// A ledger whose broker is reached through a proxy, and directly.
struct Proxied {
    proxy: Proxy,
    ledger: String,
    through_proxy: KafkaSettings,
}

impl Proxied {
    async fn start() -> Self {
        let server: SocketAddr = environment("FULLMAKT_TEST_KAFKA")
            .parse()
            .expect("FULLMAKT_TEST_KAFKA is the IP address and port that the broker advertises");
        let proxy = Proxy::start(server, Framing::Length(advertise_proxy)).await;
        let mut through_proxy = settings_at(proxy.address.to_string());
        through_proxy.append_timeout = Duration::from_secs(2);
        Self { proxy, ledger: unique("test"), through_proxy }
    }

    async fn open(&self) -> KafkaLog {
        KafkaLog::open(&self.through_proxy, &self.ledger).await.unwrap()
    }

    async fn open_directly(&self) -> KafkaLog {
        KafkaLog::open(&settings(), &self.ledger).await.unwrap()
    }

    async fn close(self) {
        Administrator::new().delete(&format!("fullmakt.{}.commits", self.ledger)).await;
    }
}

/// Puts the proxy's port where a broker tells its address: the host, then four bytes of port.
fn advertise_proxy(frame: &mut [u8], server: SocketAddr, proxy: SocketAddr) {
    let address = |port: u16| {
        let mut bytes = server.ip().to_string().into_bytes();
        bytes.extend(u32::from(port).to_be_bytes());
        bytes
    };
    let (from, to) = (address(server.port()), address(proxy.port()));
    let mut start = 0;
    while let Some(found) = frame[start..].windows(from.len()).position(|bytes| bytes == from) {
        let end = start + found + from.len();
        frame[start + found..end].copy_from_slice(&to);
        start = end;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_is_lost_is_asked_for_again_and_the_record_is_there_once() {
    let proxied = Proxied::start().await;
    let log = Arc::new(proxied.open().await);
    log.append(record("before")).await.unwrap();
    proxied.proxy.set(Mode::CutAnswer);
    let (cuts, appending) = (proxied.proxy.cuts(), Arc::clone(&log));
    let appending = tokio::spawn(async move { appending.append(record("torn")).await });
    let began = Instant::now();
    while proxied.proxy.cuts() == cuts {
        assert!(began.elapsed() < DEADLINE, "no connection breaks");
        tokio::task::yield_now().await;
    }
    proxied.proxy.set(Mode::Pass);
    let torn = appending.await.unwrap();
    assert!(matches!(torn, Ok(_) | Err(AppendError::Unknown(_))), "{torn:?}");
    log.append(record("after")).await.unwrap();

    let direct = proxied.open_directly().await;
    let mut outcomes = Outcomes::default();
    outcomes.add(torn, record("torn"));
    outcomes.add(Ok(Position::GENESIS), record("before"));
    outcomes.check(&direct).await;
    proxied.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_that_falls_silent_leaves_the_outcome_unknown_in_time() {
    let proxied = Proxied::start().await;
    let log = proxied.open().await;
    log.append(record("before")).await.unwrap();
    proxied.proxy.set(Mode::Swallow);
    let began = Instant::now();
    let unknown = log.append(record("swallowed")).await;
    assert!(matches!(unknown, Err(AppendError::Unknown(_))), "{unknown:?}");
    let limit = proxied.through_proxy.append_timeout * 3;
    assert!(began.elapsed() < limit, "{:?}", began.elapsed());

    proxied.proxy.set(Mode::Pass);
    append_until_acknowledged(&log, "after").await;
    let mut outcomes = Outcomes::default();
    outcomes.add(Ok(Position::GENESIS), record("before"));
    outcomes.add(unknown, record("swallowed"));
    outcomes.check(&proxied.open_directly().await).await;
    proxied.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broker_that_cannot_be_reached_makes_appends_unknown_and_reads_unavailable() {
    let proxied = Proxied::start().await;
    let log = proxied.open().await;
    log.append(record("before")).await.unwrap();
    proxied.proxy.set(Mode::Refuse);
    let unknown = log.append(record("unreachable")).await;
    assert!(matches!(unknown, Err(AppendError::Unknown(_))), "{unknown:?}");
    let end = log.end().await;
    assert!(matches!(end, Err(ReadError::Unavailable(_))), "{end:?}");
    proxied.proxy.set(Mode::Pass);
    append_until_acknowledged(&log, "after").await;
    proxied.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_break_in_the_middle_lose_and_double_nothing_acknowledged() {
    let proxied = Proxied::start().await;
    let log = Arc::new(proxied.open().await);
    let cuts = proxied.proxy.cuts() + 15;
    proxied.proxy.set(Mode::CutAfter(10_000));
    let (began, mut outcomes, mut round) = (Instant::now(), Outcomes::default(), 0_u32);
    while proxied.proxy.cuts() < cuts {
        assert!(began.elapsed() < DEADLINE, "only {} connections broke", proxied.proxy.cuts());
        let mut appends = JoinSet::new();
        for number in 0..16_u32 {
            let (log, bytes) = (Arc::clone(&log), record((round, number, "x".repeat(300))));
            appends.spawn(async move { (log.append(bytes.clone()).await, bytes) });
        }
        for (outcome, bytes) in appends.join_all().await {
            outcomes.add(outcome, bytes);
        }
        round += 1;
    }
    proxied.proxy.set(Mode::Pass);
    append_until_acknowledged(&*log, "last").await;
    outcomes.check(&proxied.open_directly().await).await;
    proxied.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_whose_connections_break_goes_on_or_is_replaced_without_a_gap() {
    let proxied = Proxied::start().await;
    let (log, direct) = (proxied.open().await, proxied.open_directly().await);
    let mut reader = log.reader(Position::GENESIS, ReadLimits::default()).await.unwrap();
    let (began, mut seen) = (Instant::now(), 0);
    for round in 0..6_u64 {
        direct.append(record(round)).await.unwrap();
        if round % 2 == 1 {
            proxied.proxy.set(Mode::Refuse);
            proxied.proxy.set(Mode::Pass);
        }
        while seen <= round {
            assert!(began.elapsed() < DEADLINE, "only {seen} records came");
            match reader.next(Duration::from_millis(500)).await {
                Ok(records) => {
                    for found in records {
                        assert_eq!(found.position, Position::new(seen));
                        assert_eq!(found.bytes, record(seen));
                        seen += 1;
                    }
                }
                Err(ReadError::Unavailable(_)) => {
                    let position = reader.position();
                    match log.reader(position, ReadLimits::default()).await {
                        Ok(another) => reader = another,
                        Err(ReadError::Unavailable(_)) => {}
                        Err(other) => panic!("{other:?}"),
                    }
                }
                Err(other) => panic!("{other:?}"),
            }
        }
    }
    proxied.close().await;
}

async fn append_until_acknowledged(log: &dyn EventLog, name: &str) {
    let began = Instant::now();
    let mut number = 0_u32;
    while log.append(record((name, number))).await.is_err() {
        assert!(began.elapsed() < DEADLINE, "appending never works again");
        number += 1;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_topic_that_would_break_the_promises_is_refused_with_the_reason() {
    const RIGHT: [(&str, &str); 6] = [
        ("message.timestamp.type", "LogAppendTime"),
        ("cleanup.policy", "delete"),
        ("retention.ms", "-1"),
        ("retention.bytes", "-1"),
        ("max.message.bytes", "1048588"),
        ("min.insync.replicas", "1"),
    ];
    let administrator = Administrator::new();
    for (partitions, setting, found) in [
        (2, "partitions", "2"),
        (1, "message.timestamp.type", "CreateTime"),
        (1, "cleanup.policy", "compact"),
        (1, "cleanup.policy", "compact,delete"),
        (1, "retention.ms", "604800000"),
        (1, "retention.bytes", "1000000"),
        (1, "max.message.bytes", "900000"),
    ] {
        let ledger = unique("test");
        let name = format!("fullmakt.{ledger}.commits");
        let mut topic = NewTopic::new(&name, partitions, TopicReplication::Fixed(1));
        for (right, value) in RIGHT {
            topic = topic.set(right, if right == setting { found } else { value });
        }
        administrator.create(&topic).await;
        match KafkaLog::open(&settings(), &ledger).await.map(drop) {
            Err(OpenError::Unfit { name: unfit, setting: wrong, found: value, .. }) => {
                assert_eq!((&*unfit, &*wrong, &*value), (&*name, setting, found));
            }
            other => panic!("{setting}={found}: {other:?}"),
        }
        administrator.delete(&name).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_topic_with_too_few_replicas_is_refused() {
    let ledger = unique("test");
    KafkaLog::open(&settings(), &ledger).await.unwrap();
    let mut production = settings();
    production.replication_factor = 3;
    let refused = KafkaLog::open(&production, &ledger).await.map(drop);
    let is_refused = matches!(
        &refused,
        Err(OpenError::Unfit { setting, .. }) if setting == "replication.factor"
    );
    assert!(is_refused, "{refused:?}");
    Administrator::new().delete(&format!("fullmakt.{ledger}.commits")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_topic_that_is_missing_is_not_created_where_an_administrator_creates_topics() {
    let ledger = unique("test");
    let mut settings = settings();
    settings.creation = TopicCreation::MustExist;
    for _ in 0..2 {
        let refused = KafkaLog::open(&settings, &ledger).await.map(drop);
        let is_refused = matches!(
            &refused,
            Err(OpenError::Unfit { setting, .. }) if setting == "existence"
        );
        assert!(is_refused, "{refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_start_at_the_same_time_create_one_topic() {
    let ledger = unique("test");
    let mut starts = JoinSet::new();
    for number in 0..4 {
        let ledger = ledger.clone();
        starts.spawn(async move {
            let log = KafkaLog::open(&settings(), &ledger).await.unwrap();
            log.append(record(number)).await.unwrap().get()
        });
    }
    let mut positions = starts.join_all().await;
    positions.sort_unstable();
    assert_eq!(positions, [0, 1, 2, 3]);
    Administrator::new().delete(&format!("fullmakt.{ledger}.commits")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_of_the_largest_records_are_read_in_small_batches() {
    let ledger = unique("test");
    let log = KafkaLog::open(&settings(), &ledger).await.unwrap();
    for _ in 0..30 {
        log.append(vec![b'x'; RECORD_BYTES_MAX].into()).await.unwrap();
    }
    let limits = ReadLimits { records_max: 1_000, bytes_max: 2 * RECORD_BYTES_MAX };
    let mut reader = log.reader(Position::GENESIS, limits).await.unwrap();
    let began = Instant::now();
    let mut seen = 0;
    while seen < 30 {
        assert!(began.elapsed() < DEADLINE, "only {seen} records came");
        let batch = reader.next(Duration::from_secs(5)).await.unwrap();
        assert!(batch.len() <= 2, "{}", batch.len());
        seen += batch.len();
    }
    assert_eq!(read_all(&log).await.len(), 30);
    Administrator::new().delete(&format!("fullmakt.{ledger}.commits")).await;
}
