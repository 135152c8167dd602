//! What all of these tests need.

use std::{
    future::{Ready, ready},
    sync::Arc,
    time::Duration,
};

use fullmakt_events::{Folded, Position};
use fullmakt_readstore::{
    Checksums, Database, Projector, ProjectorError, ProjectorLimits, ReadSchema, checksums,
    testing::{ENVIRONMENT, TestDatabase, TestLedger},
};
use tokio::time::{Instant, timeout_at};

/// How long a test waits for what must happen.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Tells the position after a ledger's last record.
pub fn end(ledger: &TestLedger) -> Ready<Result<Position, ProjectorError>> {
    ready(Ok(ledger.position().next()))
}

pub async fn open(database: &Database, ledger: &TestLedger) -> Projector {
    Projector::open(database, TestLedger::ID, end(ledger), ProjectorLimits::default())
        .await
        .unwrap()
}

/// A database into which a ledger has been folded.
pub async fn folded(ledger: &TestLedger) -> TestDatabase {
    let database = TestDatabase::create();
    open(database.database(), ledger).await.apply(ledger.records()).await.unwrap();
    database
}

pub async fn live_checksums(database: &TestDatabase) -> Checksums {
    checksums(database.database(), &ReadSchema::live(), None).await.unwrap()
}

/// Records as a folder hands them out.
pub fn batch(records: &[Folded]) -> Arc<[Folded]> {
    records.into()
}

/// Ends all sessions of a database but the one that asks.
pub async fn cut_connections(database: &TestDatabase) {
    let statement = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                     WHERE datname = current_database() AND pid <> pg_backend_pid()";
    database.client().await.execute(statement, &[]).await.unwrap();
}

/// Puts each of two databases in the place of the other.
pub async fn swap(one: &TestDatabase, other: &TestDatabase) {
    let name = async |database: &TestDatabase| -> String {
        let client = database.client().await;
        client.query_one("SELECT current_database()::text", &[]).await.unwrap().get(0)
    };
    let (one, other) = (name(one).await, name(other).await);
    let server = std::env::var(ENVIRONMENT).unwrap();
    let (client, connection) =
        tokio_postgres::connect(&server, tokio_postgres::NoTls).await.unwrap();
    tokio::spawn(connection);
    let between = format!("{one}_swapped");
    for (from, to) in [(one.as_str(), &*between), (&other, &one), (&between, &other)] {
        eventually("nobody uses the database", async || {
            let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1";
            client.execute(cut, &[&from]).await.unwrap();
            client.batch_execute(&format!("ALTER DATABASE {from} RENAME TO {to}")).await.is_ok()
        })
        .await;
    }
}

/// Asks again and again until the answer is yes.
pub async fn eventually(what: &str, mut is_so: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    let asked = async {
        while !is_so().await {
            tokio::task::yield_now().await;
        }
    };
    timeout_at(deadline, asked).await.unwrap_or_else(|_| panic!("not in time: {what}"));
}
