//! The schemas that hold the read models and the ledger index, one for each generation of them.

use std::fmt;

use fullmakt_projections::{
    Definition, GENERATION, Statement, TABLES, checkpoint, ledger, statements,
};
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
        self.create_without_indexes(transaction).await?;
        for (_, index) in indexes() {
            run(transaction, index.name, index.text).await?;
        }
        Ok(())
    }

    /// As [`Self::create`], but for the keys and indexes of all tables that the ledger fills.
    pub(crate) async fn create_without_indexes(
        &self,
        transaction: &Transaction<'_>,
    ) -> Result<(), DatabaseError> {
        run(transaction, "create_schema", &self.in_text(CREATE)).await?;
        run(transaction, checkpoint::CREATE.name, checkpoint::CREATE.text).await?;
        run(transaction, ledger::CREATE.name, ledger::CREATE.text).await?;
        for (_, Definition { create, .. }) in TABLES {
            run(transaction, create.name, create.text).await?;
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

/// The name of every table that the ledger fills, with the statement that adds its indexes.
pub(crate) fn indexes() -> impl Iterator<Item = (&'static str, Statement)> {
    let read_models = TABLES.iter().map(|(table, Definition { index, .. })| (*table, *index));
    ledger::TABLES.iter().copied().chain(read_models)
}

async fn run(
    transaction: &Transaction<'_>,
    name: &'static str,
    text: &str,
) -> Result<(), DatabaseError> {
    transaction.batch_execute(text).await.map_err(|error| DatabaseError::of(name, error))
}

/// What a release knows its schemas by: the SHA-256 of all statements that make tables.
pub(crate) fn shape() -> [u8; 32] {
    let mut hash = Sha256::new();
    let made = |statement: &Statement| {
        statement.name.ends_with("/create") || indexes().any(|(_, index)| index == *statement)
    };
    for statement in statements().filter(made) {
        hash.update(statement.name);
        hash.update(statement.text);
    }
    hash.finalize().into()
}
