use fullmakt_events::Position;
use fullmakt_readstore::{
    CheckpointWatch, Database, DatabaseSettings, ReadError, ReadStore,
    testing::{TestDatabase, TestLedger},
};
use futures::{FutureExt, StreamExt};
use tokio::time::{Instant, timeout};
use tokio_postgres::AsyncMessage;

use crate::support::{PATIENCE, cut_connections, eventually, folded, open, swap};

#[tokio::test]
async fn who_waits_for_a_position_is_told_when_it_is_reached() {
    let mut ledger = TestLedger::new();
    ledger.tick();
    ledger.tick();
    let database = TestDatabase::create();
    let watch = CheckpointWatch::start(database.database());
    let mut projector = open(database.database(), &ledger).await;
    projector.apply(&ledger.records()[..1]).await.unwrap();
    let wait = watch.wait_for(Position::new(2), Instant::now() + PATIENCE);
    let (reached, _) = tokio::join!(wait, projector.apply(ledger.records()));
    assert_eq!(reached, Ok(Position::new(2)));
    // What is reached already is answered at once, whatever the deadline.
    assert_eq!(watch.wait_for(Position::new(1), Instant::now()).await, Ok(Position::new(2)));
}

#[tokio::test]
async fn who_waits_is_told_at_the_deadline_that_it_is_not_reached() {
    let ledger = TestLedger::new();
    let database = TestDatabase::create();
    let watch = CheckpointWatch::start(database.database());
    open(database.database(), &ledger).await.apply(ledger.records()).await.unwrap();
    watch.wait_for(Position::GENESIS, Instant::now() + PATIENCE).await.unwrap();
    let missed = watch.wait_for(Position::new(1), Instant::now()).await.unwrap_err();
    assert_eq!((missed.asked, missed.reached), (Position::new(1), Some(Position::GENESIS)));
}

#[tokio::test]
async fn a_watch_goes_on_after_its_connection_broke() {
    let mut ledger = TestLedger::new();
    ledger.tick();
    let database = TestDatabase::create();
    let watch = CheckpointWatch::start(database.database());
    let mut projector = open(database.database(), &ledger).await;
    projector.apply(&ledger.records()[..1]).await.unwrap();
    watch.wait_for(Position::GENESIS, Instant::now() + PATIENCE).await.unwrap();
    cut_connections(&database).await;
    let mut projector = open(database.database(), &ledger).await;
    projector.apply(ledger.records()).await.unwrap();
    watch.wait_for(Position::new(1), Instant::now() + PATIENCE).await.unwrap();
}

#[tokio::test]
async fn the_session_of_a_watch_ends_with_its_last_clone() {
    let database = TestDatabase::create();
    let sessions = async || {
        let statement = "SELECT count(*) FROM pg_stat_activity \
                         WHERE datname = current_database() AND pid <> pg_backend_pid()";
        let row = database.client().await.query_one(statement, &[]).await.unwrap();
        row.get::<_, i64>(0)
    };
    let watch = CheckpointWatch::start(database.database());
    eventually("the watch is connected", async || sessions().await == 1).await;
    drop(watch.clone());
    drop(watch);
    eventually("the watch is disconnected", async || sessions().await == 0).await;
}

/// Issue 4: after a crash of PostgreSQL a read could be older than its caller insisted on.
#[tokio::test]
async fn what_a_crash_took_back_is_not_shown_as_if_it_were_there() {
    let mut ledger = TestLedger::new();
    let before = folded(&ledger).await;
    ledger.tick();
    let database = folded(&ledger).await;
    let watch = CheckpointWatch::start(database.database());
    let seen = watch.wait_for(Position::new(1), Instant::now() + PATIENCE).await.unwrap();
    swap(&database, &before).await;
    let store = ReadStore::open(database.database()).unwrap();
    let refused = store.reader_at_least(seen).await.unwrap_err();
    assert!(matches!(refused, ReadError::NotYet { asked, .. } if asked == seen), "{refused}");
    assert_eq!(store.reader_at_least(Position::GENESIS).await.unwrap().position().get(), 0);
}

/// Issue 4: the session of whoever was gone too early went on to show that moment to others.
#[tokio::test]
async fn who_is_gone_before_reading_begins_leaves_no_moment_behind() {
    let mut ledger = TestLedger::new();
    let database = folded(&ledger).await;
    let settings = DatabaseSettings { connections_max: 1, ..DatabaseSettings::new(database.url()) };
    let store = ReadStore::open(&Database::new(settings).unwrap()).unwrap();
    drop(store.reader().await.unwrap());
    // Polled once: the transaction is begun, and nobody waits for that.
    assert!(store.reader().now_or_never().is_none());
    let observer = database.client().await;
    eventually("the session is at rest", async || {
        let statement = "SELECT bool_and(state IN ('idle', 'idle in transaction')) \
                         FROM pg_stat_activity \
                         WHERE datname = current_database() AND pid <> pg_backend_pid()";
        observer.query_one(statement, &[]).await.unwrap().get(0)
    })
    .await;
    ledger.tick();
    open(database.database(), &ledger).await.apply(ledger.records()).await.unwrap();
    assert_eq!(store.reader().await.unwrap().position(), Position::new(1));
}

/// The poll that a watch falls back on would hide that nothing was announced.
#[tokio::test]
async fn every_batch_is_announced() {
    let ledger = TestLedger::new();
    let database = TestDatabase::create();
    let (client, mut connection) =
        tokio_postgres::connect(database.url(), tokio_postgres::NoTls).await.unwrap();
    let mut messages = futures::stream::poll_fn(move |context| connection.poll_message(context));
    let listened = client.batch_execute("LISTEN fullmakt_checkpoint");
    let heard = async {
        loop {
            let message = messages.next().await.unwrap().unwrap();
            if let AsyncMessage::Notification(notification) = message {
                return notification.payload().to_owned();
            }
        }
    };
    let folded = async {
        listened.await.unwrap();
        open(database.database(), &ledger).await.apply(ledger.records()).await.unwrap();
    };
    let (payload, ()) = timeout(PATIENCE, async { tokio::join!(heard, folded) }).await.unwrap();
    assert_eq!(payload, "0");
}
