//! The schemas that hold the read models and the ledger index, one for each generation of them.

use std::fmt;

use fullmakt_projections::{GENERATION, TABLES, checkpoint, ledger, statements};
use sha2::{Digest, Sha256};
use tokio_postgres::{GenericClient, Transaction};

use crate::DatabaseError;

const CREATE: &str = include_str!("sql/create_schema.sql");
const DROP: &str = include_str!("sql/drop_schema.sql");
const RENAME: &str = include_str!("sql/rename_schema.sql");
const EXISTS: &str = include_str!("sql/schema_exists.sql");
const PLACEHOLDER: &str = "{schema}";

/// A schema with read models of this release's generation.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ReadSchema(String);

impl ReadSchema {
    /// The schema that queries read.
    #[must_use]
    pub fn live() -> Self {
        Self(format!("fullmakt_read_{GENERATION}"))
    }

    /// The schema that a rebuild fills.
    #[must_use]
    pub fn next() -> Self {
        Self(format!("{}_next", Self::live()))
    }

    /// The schema that a rebuild filled, and that differed from the live one.
    #[must_use]
    pub fn differing() -> Self {
        Self(format!("{}_differing", Self::live()))
    }

    /// The schema that a verification fills and drops.
    pub(crate) fn verified() -> Self {
        Self(format!("{}_verified", Self::live()))
    }

    /// The schema that a rebuild has replaced, until it is dropped.
    pub(crate) fn replaced() -> Self {
        Self(format!("{}_replaced", Self::live()))
    }

    /// Fills in the schema's name.
    pub(crate) fn in_text(&self, text: &str) -> String {
        text.replace(PLACEHOLDER, &self.0)
    }

    /// Creates the schema with empty tables, and makes it the transaction's `search_path`.
    pub(crate) async fn create(&self, transaction: &Transaction<'_>) -> Result<(), DatabaseError> {
        let run = async |name: &'static str, text: &str| {
            transaction.batch_execute(text).await.map_err(|error| DatabaseError::of(name, error))
        };
        run("create_schema", &self.in_text(CREATE)).await?;
        run(checkpoint::CREATE.name, checkpoint::CREATE.text).await?;
        run(ledger::CREATE.name, ledger::CREATE.text).await?;
        for (_, create) in TABLES {
            run(create.name, create.text).await?;
        }
        transaction
            .execute(checkpoint::BEGIN.text, &[&shape().as_slice()])
            .await
            .map_err(DatabaseError::from_statement(checkpoint::BEGIN))?;
        Ok(())
    }

    /// Drops the schema, if it is there.
    pub(crate) async fn drop_from(&self, client: &impl GenericClient) -> Result<(), DatabaseError> {
        client
            .batch_execute(&self.in_text(DROP))
            .await
            .map_err(|error| DatabaseError::of("drop_schema", error))
    }

    pub(crate) async fn rename_to(
        &self,
        name: &Self,
        client: &impl GenericClient,
    ) -> Result<(), DatabaseError> {
        let text = self.in_text(RENAME).replace("{name}", &name.0);
        client.batch_execute(&text).await.map_err(|error| DatabaseError::of("rename_schema", error))
    }

    pub(crate) async fn exists(&self, client: &impl GenericClient) -> Result<bool, DatabaseError> {
        let row = client
            .query_one(EXISTS, &[&self.0])
            .await
            .map_err(|error| DatabaseError::of("schema_exists", error))?;
        crate::column::get(&row, "found")
    }
}

impl fmt::Display for ReadSchema {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What a release knows its schemas by: the SHA-256 of all statements that create tables.
pub(crate) fn shape() -> [u8; 32] {
    let mut hash = Sha256::new();
    for statement in statements().filter(|statement| statement.name.ends_with("/create")) {
        hash.update(statement.name);
        hash.update(statement.text);
    }
    hash.finalize().into()
}
