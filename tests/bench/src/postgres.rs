//! Clients that insert single rows durably, beside which the log in PostgreSQL and commands are
//! measured.

use std::sync::Arc;

use bytes::Bytes;
use fullmakt_readstore::testing::ENVIRONMENT;
use tokio_postgres::{Client, NoTls, Statement};

use crate::{Failed, service};

/// A row as long as the record of an ordinary commit.
pub(crate) fn record() -> Bytes {
    Bytes::from(vec![b'x'; 640])
}

/// A client with a session of its own.
#[derive(Clone)]
pub(crate) struct Inserter {
    client: Arc<Client>,
    statement: Statement,
}

impl Inserter {
    /// As many clients as asked for, all on one fresh table.
    pub(crate) async fn several(count: usize) -> Result<Vec<Self>, Failed> {
        let table = crate::kafka::fresh_name();
        let client = connect(&service(ENVIRONMENT)?).await?;
        let create = format!(
            "CREATE TABLE {table} (position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY
                , append_time timestamptz NOT NULL DEFAULT clock_timestamp()
                , bytes bytea NOT NULL)"
        );
        client.batch_execute(&create).await?;
        let mut inserters = Vec::new();
        while inserters.len() < count {
            let client = connect(&service(ENVIRONMENT)?).await?;
            let insert = format!("INSERT INTO {table} (bytes) VALUES ($1)");
            let statement = client.prepare(&insert).await?;
            inserters.push(Self { client: Arc::new(client), statement });
        }
        Ok(inserters)
    }

    /// Inserts a row, and waits until it is on disk.
    pub(crate) async fn insert(self, _number: u64) -> Result<(), Failed> {
        self.client.execute(&self.statement, &[&record().as_ref()]).await?;
        Ok(())
    }
}

/// A session.
pub(crate) async fn connect(url: &str) -> Result<Client, Failed> {
    let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
    tokio::spawn(connection);
    Ok(client)
}
