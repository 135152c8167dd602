//! What a server of PostgreSQL is.

use fullmakt_events::Timestamp;

use crate::{Database, DatabaseError, column::get, database::Session};

const SERVER_FACTS: &str = include_str!("sql/server_facts.sql");

/// What a server is, and how durable what it has committed is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerFacts {
    /// Its version, for people.
    pub version: String,
    /// Its version as a number, such as `150018`.
    pub version_number: i32,
    /// Whether it waits until the disk has what is committed.
    pub is_syncing: bool,
    /// Whether a page that a crash has torn can be made whole.
    pub is_writing_full_pages: bool,
    /// What a commit waits for, where a session does not say otherwise.
    pub synchronous_commit: String,
    /// How many sessions there can be.
    pub connections_max: i32,
    /// Whether it follows another server, and so cannot be written to.
    pub is_replica: bool,
    /// What its clock says.
    pub now: Timestamp,
}

/// Asks the server what it is.
pub async fn server_facts(database: &Database) -> Result<ServerFacts, DatabaseError> {
    let client = database.connect(Session::Maintenance).await?;
    let row = client
        .query_one(SERVER_FACTS, &[])
        .await
        .map_err(|error| DatabaseError::of("server_facts", error))?;
    Ok(ServerFacts {
        version: get(&row, "version")?,
        version_number: get(&row, "version_number")?,
        is_syncing: get(&row, "is_syncing")?,
        is_writing_full_pages: get(&row, "is_writing_full_pages")?,
        synchronous_commit: get(&row, "synchronous_commit")?,
        connections_max: get(&row, "connections_max")?,
        is_replica: get(&row, "is_replica")?,
        now: get(&row, "now")?,
    })
}
