//! What only PostgreSQL, or the way to it, can do wrong.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use fullmakt_eventlog::{
    AppendError, EventLog, LogReader, OpenError, ReadError, ReadLimits, Topic, TopicName,
    TopicReadError, Topics,
    postgres::{PostgresLog, PostgresSettings, PostgresTopics},
};
use fullmakt_events::Position;
use fullmakt_ledger::LedgerError;
use tokio::task::JoinSet;
use tokio_postgres::config::Host;

use crate::{
    fixture::{DEADLINE, read_all, read_records, record},
    folder_suite::{folding, reason},
    postgres::{Database, connect},
    proxy::{Framing, Mode, Proxy},
};

fn server_address(database: &Database) -> SocketAddr {
    let config = database.config();
    let port = config.get_ports().first().copied().unwrap_or(5432);
    match &config.get_hosts()[0] {
        Host::Tcp(host) => format!("{host}:{port}").parse().unwrap(),
        other @ Host::Unix(_) => panic!("the server must be reached by its IP address: {other:?}"),
    }
}

/// A log that is reached through a proxy.
async fn through_proxy(database: &Database) -> (Proxy, PostgresSettings) {
    let proxy = Proxy::start(server_address(database), Framing::None).await;
    let (direct, mut settings) = (database.config(), database.settings());
    let mut connection = tokio_postgres::Config::new();
    connection
        .host(proxy.address.ip().to_string())
        .port(proxy.address.port())
        .user(direct.get_user().unwrap())
        .dbname(&database.name);
    if let Some(password) = direct.get_password() {
        connection.password(password);
    }
    settings.connection = connection;
    settings.timeout = Duration::from_secs(2);
    (proxy, settings)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_breaks_before_the_answer_leaves_the_outcome_unknown() {
    let database = Database::create().await;
    let (proxy, settings) = through_proxy(&database).await;
    let log = PostgresLog::open(&settings).await.unwrap();
    log.append(record("before")).await.unwrap();

    proxy.set(Mode::CutAnswer);
    let unknown = log.append(record("answer lost")).await;
    assert!(matches!(unknown, Err(AppendError::Unknown(_))), "{unknown:?}");
    proxy.set(Mode::Pass);
    log.append(record("between")).await.unwrap();

    proxy.set(Mode::CutRequest);
    let unknown = log.append(record("request lost")).await;
    assert!(matches!(unknown, Err(AppendError::Unknown(_))), "{unknown:?}");
    proxy.set(Mode::Pass);
    log.append(record("after")).await.unwrap();

    // Both were unknown, and indeed one is there and the other is not.
    let records: Vec<_> = read_all(&log).await.into_iter().map(|found| found.bytes).collect();
    let expected = ["before", "answer lost", "between", "after"].map(record);
    assert_eq!(records, expected);
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_cannot_be_reached_surely_appended_nothing() {
    let database = Database::create().await;
    let (proxy, settings) = through_proxy(&database).await;
    let log = PostgresLog::open(&settings).await.unwrap();
    proxy.set(Mode::Refuse);
    for number in 0..3 {
        let refused = log.append(record(number)).await;
        assert!(matches!(refused, Err(AppendError::Unavailable(_))), "{refused:?}");
    }
    assert!(matches!(log.end().await, Err(ReadError::Unavailable(_))));
    let opened = PostgresLog::open(&settings).await.map(drop);
    assert!(matches!(opened, Err(OpenError::Unavailable(_))), "{opened:?}");

    proxy.set(Mode::Pass);
    assert_eq!(log.append(record("first")).await.unwrap(), Position::GENESIS);
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_falls_silent_leaves_the_outcome_unknown_in_time() {
    let database = Database::create().await;
    let (proxy, settings) = through_proxy(&database).await;
    let log = PostgresLog::open(&settings).await.unwrap();
    log.append(record("before")).await.unwrap();
    proxy.set(Mode::Swallow);
    let began = Instant::now();
    let unknown = log.append(record("swallowed")).await;
    assert!(matches!(unknown, Err(AppendError::Unknown(_))), "{unknown:?}");
    assert!(began.elapsed() < settings.timeout * 3, "{:?}", began.elapsed());
    proxy.set(Mode::Pass);
    assert_eq!(log.append(record("after")).await.unwrap(), Position::new(2));
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_break_in_the_middle_lose_and_double_nothing_acknowledged() {
    let database = Database::create().await;
    let (proxy, settings) = through_proxy(&database).await;
    let log: Arc<dyn EventLog> = Arc::new(PostgresLog::open(&settings).await.unwrap());
    proxy.set(Mode::CutAfter(20_000));
    let outcomes = append_while_broken(&proxy, &log, 15).await;
    let direct = PostgresLog::open(&database.settings()).await.unwrap();
    outcomes.check(&direct).await;
    database.drop().await;
}

/// Appends through a proxy that breaks connections until it has broken this many, then a last
/// time without faults.
async fn append_while_broken(proxy: &Proxy, log: &Arc<dyn EventLog>, cuts: u64) -> Outcomes {
    let began = Instant::now();
    let mut outcomes = Outcomes::default();
    let mut round = 0_u32;
    while proxy.cuts() < cuts {
        assert!(began.elapsed() < DEADLINE, "only {} connections broke", proxy.cuts());
        let mut appends = JoinSet::new();
        for number in 0..16_u32 {
            let (log, bytes) = (Arc::clone(log), record((round, number, "x".repeat(300))));
            appends.spawn(async move { (log.append(bytes.clone()).await, bytes) });
        }
        for (outcome, bytes) in appends.join_all().await {
            outcomes.add(outcome, bytes);
        }
        round += 1;
    }
    proxy.set(Mode::Pass);
    let last = record("last");
    outcomes.add(Ok(log.append(last.clone()).await.unwrap()), last);
    outcomes
}

/// What appenders were told.
#[derive(Default)]
pub struct Outcomes {
    acknowledged: BTreeMap<Position, Bytes>,
    unknown: Vec<Bytes>,
    unavailable: Vec<Bytes>,
}

impl Outcomes {
    pub fn add(&mut self, outcome: Result<Position, AppendError>, bytes: Bytes) {
        match outcome {
            Ok(position) => assert!(
                self.acknowledged.insert(position, bytes).is_none(),
                "position {position} was acknowledged twice"
            ),
            Err(AppendError::Unknown(_)) => self.unknown.push(bytes),
            Err(AppendError::Unavailable(_)) => self.unavailable.push(bytes),
            Err(other @ AppendError::TooLarge { .. }) => panic!("{other:?}"),
        }
    }

    /// Acknowledged is where it was said to be and once; refused is nowhere; unknown is somewhere
    /// once or nowhere.
    pub async fn check(&self, log: &dyn EventLog) {
        let records = read_all(log).await;
        let mut copies: BTreeMap<&Bytes, usize> = BTreeMap::new();
        for found in &records {
            *copies.entry(&found.bytes).or_default() += 1;
        }
        for (position, bytes) in &self.acknowledged {
            let index = usize::try_from(position.get()).unwrap();
            assert_eq!(&records[index].bytes, bytes, "position {position}");
            assert_eq!(copies[bytes], 1, "position {position}");
        }
        for bytes in &self.unavailable {
            assert_eq!(copies.get(bytes), None, "{bytes:?} was surely not appended");
        }
        for bytes in &self.unknown {
            assert!(copies.get(bytes).is_none_or(|copies| *copies == 1), "{bytes:?}");
        }
        assert!(!self.acknowledged.is_empty(), "nothing was acknowledged");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_whose_connection_breaks_says_so_and_another_goes_on_without_a_gap() {
    let database = Database::create().await;
    let (proxy, settings) = through_proxy(&database).await;
    let log = PostgresLog::open(&settings).await.unwrap();
    let direct = PostgresLog::open(&database.settings()).await.unwrap();
    let mut position = Position::GENESIS;
    for round in 0..5_u64 {
        let mut reader = reader_once_back(&log, position).await;
        direct.append(record(round)).await.unwrap();
        assert_eq!(read_records(&mut *reader, 1).await[0].bytes, record(round));
        proxy.set(Mode::Refuse);
        let broken = reader.next(DEADLINE).await;
        assert!(matches!(broken, Err(ReadError::Unavailable(_))), "{broken:?}");
        position = reader.position();
        assert_eq!(position, Position::new(round + 1));
        proxy.set(Mode::Pass);
    }
    database.drop().await;
}

/// A reader, once the log has noticed that the connection it had is gone.
async fn reader_once_back(log: &PostgresLog, from: Position) -> Box<dyn LogReader> {
    let began = Instant::now();
    loop {
        match log.reader(from, ReadLimits::default()).await {
            Ok(reader) => return reader,
            Err(ReadError::Unavailable(_)) if began.elapsed() < DEADLINE => {
                tokio::task::yield_now().await;
            }
            Err(error) => panic!("{error:?}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_an_append_is_stalled_inside_the_server_nothing_later_is_seen() {
    const STALL: &str = "
        CREATE FUNCTION stall() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF NEW.bytes = convert_to('\"stalled\"', 'UTF8') THEN
                PERFORM pg_advisory_xact_lock(42);
            END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER stall BEFORE INSERT ON fullmakt_log.records
            FOR EACH ROW EXECUTE FUNCTION stall();";
    const STALLED: &str = "
        SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";
    let database = Database::create().await;
    let stalled = Arc::new(PostgresLog::open(&database.settings()).await.unwrap());
    let other = Arc::new(PostgresLog::open(&database.settings()).await.unwrap());
    database.execute(STALL).await;
    let holder = connect(&database.config()).await;
    holder.execute("SELECT pg_advisory_lock(42)", &[]).await.unwrap();

    let mut reader = other.reader(Position::GENESIS, ReadLimits::default()).await.unwrap();
    let first = tokio::spawn(async move { stalled.append(record("stalled")).await });
    let began = Instant::now();
    while holder.query_one(STALLED, &[]).await.unwrap().get::<_, i64>(0) == 0 {
        assert!(began.elapsed() < DEADLINE, "the append does not stall");
    }
    let second = tokio::spawn({
        let other = Arc::clone(&other);
        async move { other.append(record("second")).await }
    });
    assert_eq!(reader.next(Duration::from_millis(300)).await.unwrap(), Vec::new());
    assert_eq!(other.end().await.unwrap(), Position::GENESIS);
    assert!(!second.is_finished());

    holder.execute("SELECT pg_advisory_unlock(42)", &[]).await.unwrap();
    assert_eq!(first.await.unwrap().unwrap(), Position::GENESIS);
    assert_eq!(second.await.unwrap().unwrap(), Position::new(1));
    let records = read_records(&mut *reader, 2).await;
    assert_eq!(records[0].bytes, record("stalled"));
    assert_eq!(records[1].bytes, record("second"));
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_append_that_the_server_gives_up_surely_appended_nothing() {
    let database = Database::create().await;
    let mut settings = database.settings();
    settings.timeout = Duration::from_millis(300);
    let log = PostgresLog::open(&settings).await.unwrap();
    let holder = connect(&database.config()).await;
    holder.batch_execute("BEGIN; SELECT 1 FROM fullmakt_log.log_end FOR UPDATE").await.unwrap();
    let refused = log.append(record("refused")).await;
    assert!(matches!(refused, Err(AppendError::Unavailable(_))), "{refused:?}");
    holder.batch_execute("ROLLBACK").await.unwrap();
    assert_eq!(log.append(record("first")).await.unwrap(), Position::GENESIS);
    assert_eq!(read_all(&log).await[0].bytes, record("first"));
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn appends_are_durable_whatever_the_database_defaults_say() {
    const WITNESS: &str = "
        CREATE TABLE witness (synchronous_commit text, isolation text, timeout text);
        CREATE FUNCTION witness() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            INSERT INTO witness VALUES (
                current_setting('synchronous_commit'), current_setting('transaction_isolation'),
                current_setting('statement_timeout'));
            RETURN NEW;
        END $$;
        CREATE TRIGGER witness BEFORE INSERT ON fullmakt_log.records
            FOR EACH ROW EXECUTE FUNCTION witness();";
    let database = Database::create().await;
    let settings = database.settings();
    PostgresLog::open(&settings).await.unwrap();
    let name = &database.name;
    database
        .execute(&format!(
            "ALTER DATABASE {name} SET synchronous_commit = off;
             ALTER DATABASE {name} SET default_transaction_isolation = 'serializable';
             {WITNESS}"
        ))
        .await;
    let log = PostgresLog::open(&settings).await.unwrap();
    log.append(record("durable")).await.unwrap();
    let row = connect(&database.config()).await.query_one("SELECT * FROM witness", &[]).await;
    let row = row.unwrap();
    assert_eq!(row.get::<_, &str>(0), "on");
    assert_eq!(row.get::<_, &str>(1), "read committed");
    assert_eq!(row.get::<_, &str>(2), "5s");
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hole_in_the_table_is_an_error_and_not_skipped() {
    let database = Database::create().await;
    let log = PostgresLog::open(&database.settings()).await.unwrap();
    for number in 0..5 {
        log.append(record(number)).await.unwrap();
    }
    database.execute("DELETE FROM fullmakt_log.records WHERE position = 2").await;
    match log.read(Position::GENESIS, ReadLimits::default(), DEADLINE).await {
        Err(ReadError::Gap { expected, found }) => {
            assert_eq!((expected.get(), found.get()), (2, 3));
        }
        other => panic!("{other:?}"),
    }
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_record_in_the_place_of_the_last_one_folded_stops_the_folder_on_reconnect() {
    let database = Database::create().await;
    let log = Arc::new(PostgresLog::open(&database.settings()).await.unwrap());
    let running = folding(log).await;
    // One transaction, so that nobody reads on before the connections are gone.
    database
        .execute(
            "UPDATE fullmakt_log.records SET bytes = 'another' WHERE position = 1;
             SELECT pg_terminate_backend(pid) FROM pg_stat_activity
              WHERE datname = current_database() AND pid <> pg_backend_pid();",
        )
        .await;
    let stopped = reason(running).await;
    let is_said = matches!(
        stopped,
        LedgerError::HashMismatch { position } if position == Position::new(1)
    );
    assert!(is_said, "{stopped:?}");
    let log = PostgresLog::open(&database.settings()).await.unwrap();
    assert_eq!(log.end().await.unwrap(), Position::new(2));
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn processes_that_start_at_the_same_time_create_one_log() {
    let database = Database::create().await;
    let mut starts = JoinSet::new();
    for number in 0..8 {
        let settings = database.settings();
        starts.spawn(async move {
            let log = PostgresLog::open(&settings).await.unwrap();
            PostgresTopics::open(&settings).await.unwrap();
            log.append(record(number)).await.unwrap().get()
        });
    }
    let mut positions = starts.join_all().await;
    positions.sort_unstable();
    assert_eq!(positions, (0..8).collect::<Vec<u64>>());
    database.drop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn expired_records_of_a_topic_are_removed_and_their_numbers_are_not_used_again() {
    let database = Database::create().await;
    let settings = database.settings();
    let name = TopicName::new("feed").unwrap();
    let retention = Some(Duration::from_hours(1));
    let topic = Topic { name: name.clone(), partitions: 1, retention };
    let topics = PostgresTopics::open(&settings).await.unwrap();
    topics.ensure(&topic).await.unwrap();
    for number in 0..3 {
        topics.append(&name, record("key"), record(number)).await.unwrap();
    }
    database
        .execute(
            "UPDATE fullmakt_log.topic_records
                SET append_time = append_time - interval '2 hours' WHERE number < 2",
        )
        .await;
    // Another process looks for expired records when it first appends.
    let other = PostgresTopics::open(&settings).await.unwrap();
    let place = other.append(&name, record("key"), record(3)).await.unwrap();
    assert_eq!(place.number, 3);
    let limits = ReadLimits::default();
    let gone = other.read(&name, 0, 1, limits, Duration::ZERO).await;
    let is_gone = matches!(gone, Err(TopicReadError::TruncatedBelow { from: 1, start: 2 }));
    assert!(is_gone, "{gone:?}");
    let kept = other.read(&name, 0, 2, limits, Duration::ZERO).await.unwrap();
    let kept: Vec<_> = kept.into_iter().map(|found| found.bytes).collect();
    assert_eq!(kept, [record(2), record(3)]);
    database.drop().await;
}
