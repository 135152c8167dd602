//! The schema of the durable tables: those that hold what the ledger does not.
//!
//! Forward only: a file that was released is never changed, and a new one gets a number above all
//! released ones, or databases that have those refuse it. The first files are numbered by owner: 1
//! to 99 for what everyone needs, 100 to 199 for the identity vault, 200 to 299 for the token
//! endpoint, 300 to 399 for the decision log. Files name their tables with the schema. Tables that
//! can be made again from the ledger are not here: the projector creates them, a generation at a
//! time.

mod embedded {
    refinery::embed_migrations!("sql");
}

pub use refinery::Runner;

/// The schema of the durable tables.
pub const SCHEMA: &str = "fullmakt";

/// Creates the schema, which has to be there before the table of what was applied.
pub const CREATE_SCHEMA: &str = include_str!("../sql/V0001__schema.sql");

/// The table that says which migrations were applied.
pub const HISTORY_TABLE: &str = "fullmakt.migrations";

/// The migrations, in order. A database with one that is missing here, or that was changed since,
/// is refused.
#[must_use]
pub fn runner() -> Runner {
    let mut runner = embedded::migrations::runner()
        .set_grouped(false)
        .set_abort_divergent(true)
        .set_abort_missing(true);
    runner.set_migration_table_name(HISTORY_TABLE);
    runner
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_migration_says_first_that_it_is_durable_and_why() {
        let runner = runner();
        assert!(!runner.get_migrations().is_empty());
        for migration in runner.get_migrations() {
            let first = migration.sql().unwrap_or_default().lines().next().unwrap_or_default();
            let why = first.strip_prefix("-- durable: ").unwrap_or_default();
            assert!(!why.is_empty(), "{migration}: `{first}`");
        }
    }
}
