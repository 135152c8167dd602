//! The suites against a PostgreSQL server.

use std::sync::Arc;

use async_trait::async_trait;
use fullmakt_eventlog::{
    Destination, EventLog, OpenError, Topics,
    postgres::{PostgresDestination, PostgresLog, PostgresSettings, PostgresTopics},
};
use fullmakt_events::Position;
use tokio_postgres::{Client, Config, NoTls};

use crate::{
    copy_suite::{DestinationFixture, copy_suite_tests},
    fixture::{LogFixture, LosingFixture, TopicsFixture, environment, unique},
    folder_suite::{folder_suite_tests, losing_suite_tests},
    log_suite::log_suite_tests,
    replaced_suite::replaced_suite_tests,
    topics_suite::topics_suite_tests,
};

/// A database of its own on the server that the environment names.
pub struct Database {
    pub name: String,
    pub server: Config,
}

impl Database {
    pub async fn create() -> Self {
        let server: Config = environment("FULLMAKT_TEST_POSTGRES").parse().unwrap();
        let name = unique("fullmakt_eventlog_test");
        connect(&server).await.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
        Self { name, server }
    }

    pub async fn drop(&self) {
        let statement = format!("DROP DATABASE {} WITH (FORCE)", self.name);
        connect(&self.server).await.batch_execute(&statement).await.unwrap();
    }

    /// How to reach the database.
    pub fn config(&self) -> Config {
        let mut config = self.server.clone();
        config.dbname(&self.name);
        config
    }

    /// Settings of a log in the database.
    pub fn settings(&self) -> PostgresSettings {
        let mut settings = PostgresSettings::new("postgres://unused").unwrap();
        settings.connection = self.config();
        settings
    }

    /// Runs statements in the database.
    pub async fn execute(&self, statements: &str) {
        connect(&self.config()).await.batch_execute(statements).await.unwrap();
    }
}

pub async fn connect(config: &Config) -> Client {
    let (client, connection) = config.connect(NoTls).await.unwrap();
    // The task ends with the client.
    tokio::spawn(connection);
    client
}

struct PostgresFixture(Database);

#[async_trait]
impl LogFixture for PostgresFixture {
    async fn new() -> Self {
        Self(Database::create().await)
    }

    async fn open(&self) -> Arc<dyn EventLog> {
        Arc::new(PostgresLog::open(&self.0.settings()).await.unwrap())
    }

    async fn truncate_below(&self, position: Position) {
        let statement = format!("DELETE FROM fullmakt_log.records WHERE position < {position}");
        self.0.execute(&statement).await;
    }

    async fn recreate(&self) {
        self.0.execute("DROP SCHEMA fullmakt_log CASCADE").await;
        self.open().await;
    }

    async fn close(&self) {
        self.0.drop().await;
    }
}

#[async_trait]
impl LosingFixture for PostgresFixture {
    async fn lose_from(&self, position: Position) {
        let statements = format!(
            "DELETE FROM fullmakt_log.records WHERE position >= {position};
             UPDATE fullmakt_log.log_end SET next = {position}"
        );
        self.0.execute(&statements).await;
    }
}

#[async_trait]
impl DestinationFixture for PostgresFixture {
    async fn destination(&self) -> Box<dyn Destination> {
        Box::new(PostgresDestination::open(&self.0.settings()).await.unwrap())
    }

    async fn try_open(&self) -> Result<(), OpenError> {
        PostgresLog::open(&self.0.settings()).await.map(drop)
    }
}

struct PostgresTopicsFixture(Database);

#[async_trait]
impl TopicsFixture for PostgresTopicsFixture {
    async fn new() -> Self {
        Self(Database::create().await)
    }

    async fn open(&self) -> Arc<dyn Topics> {
        Arc::new(PostgresTopics::open(&self.0.settings()).await.unwrap())
    }

    fn topic_name(&self, name: &str) -> String {
        name.to_owned()
    }

    async fn close(&self) {
        self.0.drop().await;
    }
}

mod copied {
    super::copy_suite_tests!(super::PostgresFixture);
}

mod log {
    super::log_suite_tests!(super::PostgresFixture);
}

mod replaced {
    super::replaced_suite_tests!(super::PostgresFixture);
}

mod folder {
    super::folder_suite_tests!(super::PostgresFixture);
    super::losing_suite_tests!(super::PostgresFixture);
}

mod topics {
    super::topics_suite_tests!(super::PostgresTopicsFixture);
}
