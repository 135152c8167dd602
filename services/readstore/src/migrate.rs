//! Bringing a database to the schema of this release, and refusing one that is not there.

use std::{collections::BTreeMap, time::Duration};

use refinery::Runner;
use tokio::time::Instant;
use tokio_postgres::Client;

use crate::{
    Database, DatabaseError, ReadSchema, checkpoints::CheckpointRow, column::get, database::Session,
};

const TRY_LOCK: &str = include_str!("sql/try_lock.sql");
const APPLIED: &str = include_str!("sql/applied_migrations.sql");

/// Who migrates, and who rebuilds, holds a lock of this number (`fullmakt` in ASCII).
const LOCK: i64 = 0x6675_6c6c_6d61_6b74;

/// How long one waits for another who migrates, and how often one asks. To *wait* for the lock
/// would hold up the other, should it create an index concurrently.
const LOCK_PATIENCE: Duration = Duration::from_mins(1);
const LOCK_INTERVAL: Duration = Duration::from_millis(200);

/// What was done to a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migrated {
    /// The migrations that were applied, by name.
    pub applied: Vec<String>,
    /// Whether the schema of the read models was created.
    pub is_read_schema_created: bool,
}

/// Why a database is not at the schema of this release.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// Somebody else has been migrating or rebuilding for too long.
    #[error("somebody else migrates or rebuilds this database")]
    Locked,
    /// A migration failed, or the database has one that this release does not know.
    #[error("the migrations cannot be applied")]
    Migration(#[source] Box<refinery::Error>),
    /// The durable tables are not those of this release.
    #[error("migration {version} is {state}")]
    UnknownMigration {
        /// The migration's number.
        version: i32,
        /// What is wrong with it.
        state: &'static str,
    },
    /// The schema of the read models is not there, or was made by another release.
    #[error("schema `{0}` of the read models is missing or was made by another release")]
    UnknownReadSchema(ReadSchema),
    /// The database.
    #[error("the database cannot be migrated")]
    Database(
        #[from]
        #[source]
        DatabaseError,
    ),
}

/// Applies the migrations of the durable tables, and creates the schema of the read models if this
/// release's generation has none. It is filled from the ledger by whoever projects.
///
/// # Errors
/// When the database has migrations, or a schema of the same name, that this release does not know.
pub async fn migrate(database: &Database) -> Result<Migrated, MigrateError> {
    let mut client = lock(database).await?;
    client
        .batch_execute(fullmakt_migrations::CREATE_SCHEMA)
        .await
        .map_err(|error| DatabaseError::of("create_durable_schema", error))?;
    let report = fullmakt_migrations::runner()
        .run_async(&mut client)
        .await
        .map_err(|error| MigrateError::Migration(Box::new(error)))?;
    let schema = ReadSchema::live();
    let is_read_schema_created = !schema.exists(&client).await?;
    if is_read_schema_created {
        create(&mut client, &schema).await?;
    }
    check_read_schema(database, &schema).await?;
    Ok(Migrated {
        applied: report.applied_migrations().iter().map(ToString::to_string).collect(),
        is_read_schema_created,
    })
}

/// Whether the database is at the schema of this release. Services do not start otherwise.
///
/// # Errors
/// When it is not, with the first difference.
pub async fn check_schema(database: &Database) -> Result<(), MigrateError> {
    let client = database.connect(Session::Maintenance).await?;
    let rows = client
        .query(APPLIED, &[])
        .await
        .map_err(|error| DatabaseError::of("applied_migrations", error))?;
    let mut applied = BTreeMap::new();
    for row in &rows {
        applied.insert(get(row, "version")?, (get(row, "name")?, get(row, "checksum")?));
    }
    compare(&fullmakt_migrations::runner(), &applied)?;
    check_read_schema(database, &ReadSchema::live()).await
}

/// Creates a read schema with empty tables.
pub(crate) async fn create(client: &mut Client, schema: &ReadSchema) -> Result<(), DatabaseError> {
    let error = |error| DatabaseError::of("create_schema", error);
    let transaction = client.transaction().await.map_err(error)?;
    schema.create(&transaction).await?;
    transaction.commit().await.map_err(error)
}

/// A session that is the only one to migrate or rebuild, until the client is dropped.
pub(crate) async fn lock(database: &Database) -> Result<Client, MigrateError> {
    let client = database.connect(Session::Maintenance).await?;
    let deadline = Instant::now() + LOCK_PATIENCE;
    loop {
        let row = client
            .query_one(TRY_LOCK, &[&LOCK])
            .await
            .map_err(|error| DatabaseError::of("try_lock", error))?;
        if get(&row, "taken")? {
            return Ok(client);
        }
        if Instant::now() >= deadline {
            return Err(MigrateError::Locked);
        }
        tokio::time::sleep(LOCK_INTERVAL).await;
    }
}

/// Compares migrations that were applied, by number with name and checksum, with this release's.
fn compare(runner: &Runner, applied: &BTreeMap<i32, (String, String)>) -> Result<(), MigrateError> {
    let unknown = |version, state| Err(MigrateError::UnknownMigration { version, state });
    let own: BTreeMap<i32, _> =
        runner.get_migrations().iter().map(|own| (own.version(), own)).collect();
    for (version, migration) in &own {
        match applied.get(version) {
            None => return unknown(*version, "not applied"),
            Some((name, checksum))
                if name != migration.name() || *checksum != migration.checksum().to_string() =>
            {
                return unknown(*version, "another one in the database than in this release");
            }
            Some(_) => {}
        }
    }
    match applied.keys().find(|version| !own.contains_key(version)) {
        Some(version) => unknown(*version, "of a newer release"),
        None => Ok(()),
    }
}

async fn check_read_schema(database: &Database, schema: &ReadSchema) -> Result<(), MigrateError> {
    let unknown = || MigrateError::UnknownReadSchema(schema.clone());
    let client = database.connect(Session::Reading(schema)).await?;
    if !schema.exists(&client).await? {
        return Err(unknown());
    }
    match CheckpointRow::fetch(&client).await {
        Ok(Some(row)) if row.is_known() => Ok(()),
        // A schema without the table was not made by us.
        Ok(_) | Err(DatabaseError::Statement { .. } | DatabaseError::Inconsistency { .. }) => {
            Err(unknown())
        }
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn as_applied(runner: &Runner) -> BTreeMap<i32, (String, String)> {
        runner
            .get_migrations()
            .iter()
            .map(|own| (own.version(), (own.name().to_owned(), own.checksum().to_string())))
            .collect()
    }

    #[test]
    fn a_database_with_exactly_our_migrations_is_accepted() {
        let runner = fullmakt_migrations::runner();
        compare(&runner, &as_applied(&runner)).unwrap();
    }

    #[test]
    fn a_missing_changed_or_newer_migration_is_refused() {
        let runner = fullmakt_migrations::runner();
        let state = |applied: &BTreeMap<i32, (String, String)>| match compare(&runner, applied) {
            Err(MigrateError::UnknownMigration { state, .. }) => state,
            other => panic!("{other:?}"),
        };
        let mut missing = as_applied(&runner);
        missing.remove(&1);
        assert_eq!(state(&missing), "not applied");
        let mut changed = as_applied(&runner);
        changed.get_mut(&1).unwrap().1 = "0".to_owned();
        assert_eq!(state(&changed), "another one in the database than in this release");
        let mut newer = as_applied(&runner);
        newer.insert(100_000, ("newer".to_owned(), "0".to_owned()));
        assert_eq!(state(&newer), "of a newer release");
    }
}
