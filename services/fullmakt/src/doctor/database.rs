//! PostgreSQL: whether it is there, durable, encrypted and at this release's schema.

use fullmakt_config::Configuration;
use fullmakt_pep::system_clock;
use fullmakt_readstore::{
    Database, DatabaseError, MigrateError, ServerFacts, TlsMode, check_schema, server_facts,
};

use super::report::Report;
use crate::process;

/// The oldest version that the SQL is written for.
const VERSION_OLDEST: i32 = 140_000;

/// How many pools a process has, and how many sessions besides.
const POOLS: usize = 3;
const SESSIONS_BESIDES: usize = 10;

/// How far clocks may differ (microseconds): beyond the first somebody should look, beyond the
/// second tokens and the decision point's freshness are judged wrongly.
pub(super) const CLOCK_DIFFERENCE_NOTED: i64 = 1_000_000;
pub(super) const CLOCK_DIFFERENCE_MAX: i64 = 5_000_000;

/// Answers with the database if it can be read.
pub(super) async fn examine(
    configuration: &Configuration,
    report: &mut Report,
) -> Option<Database> {
    let database = match process::database(configuration) {
        Ok(database) => database,
        Err(error) => {
            report.failed("database", crate::chain(&error), "correct section `postgres`");
            return None;
        }
    };
    let before = system_clock()();
    let facts = match server_facts(&database).await {
        Ok(facts) => facts,
        Err(error) => {
            unreachable(&error, report);
            return None;
        }
    };
    let after = system_clock()();
    version(&facts, report);
    encryption(&database, report);
    durability(&facts, report);
    sessions(configuration, &facts, report);
    let middle = before.plus_micros(after.micros_since(before) / 2);
    clock(facts.now.micros_since(middle), report);
    schema(&database, report).await;
    Some(database)
}

fn unreachable(error: &DatabaseError, report: &mut Report) {
    let advice = "start the server, or correct `postgres.url` and `postgres.tls`";
    report.failed("database", crate::chain(error), advice);
}

fn version(facts: &ServerFacts, report: &mut Report) {
    let seen = format!("PostgreSQL {}", facts.version);
    if facts.is_replica {
        let advice = "set `postgres.url` to the primary server";
        report.failed("database", format!("{seen}, which follows another server"), advice);
    } else if facts.version_number < VERSION_OLDEST {
        let advice = format!("use PostgreSQL {} or later", VERSION_OLDEST / 10_000);
        report.failed("database", seen, advice);
    } else {
        report.ok("database", seen);
    }
}

fn encryption(database: &Database, report: &mut Report) {
    let name = "database.encryption";
    match (database.tls().mode(), database.is_on_this_machine()) {
        (TlsMode::Verify, _) => report.ok(name, "encrypted, and the server is verified"),
        (TlsMode::Off, true) => report.ok(name, "not encrypted, on this machine"),
        (TlsMode::Require, true) => report.ok(name, "encrypted, on this machine"),
        (TlsMode::Require, false) => report.warning(
            name,
            "encrypted, with whoever answers",
            "set `postgres.tls` to \"verify\", and `postgres.tls_ca_file` where the server's \
             certificate is from somebody that this machine does not know",
        ),
        (TlsMode::Off, false) => report.warning(
            name,
            "not encrypted, over a network",
            "set `postgres.tls` to \"verify\" unless the network is trusted",
        ),
    }
}

fn durability(facts: &ServerFacts, report: &mut Report) {
    let name = "database.durability";
    let off: Vec<&str> =
        [("fsync", facts.is_syncing), ("full_page_writes", facts.is_writing_full_pages)]
            .into_iter()
            .filter_map(|(setting, is_on)| (!is_on).then_some(setting))
            .collect();
    let commit = &facts.synchronous_commit;
    if !off.is_empty() {
        report.failed(
            name,
            format!("{} is off: a crash of the machine loses what was committed", off.join(", ")),
            format!("turn {} on in `postgresql.conf`", off.join(" and ")),
        );
    } else if commit == "off" {
        report.warning(
            name,
            "synchronous_commit is off; our own sessions turn it on where it matters",
            "turn `synchronous_commit` on in `postgresql.conf`",
        );
    } else {
        report.ok(name, format!("fsync and full_page_writes are on, synchronous_commit {commit}"));
    }
}

fn sessions(configuration: &Configuration, facts: &ServerFacts, report: &mut Report) {
    let name = "database.sessions";
    let needed = configuration
        .postgres
        .connections_max
        .saturating_mul(POOLS)
        .saturating_add(SESSIONS_BESIDES);
    let seen = format!("{} can be open, one process opens up to {needed}", facts.connections_max);
    if usize::try_from(facts.connections_max).is_ok_and(|max| max >= needed) {
        report.ok(name, seen);
    } else {
        let advice = "raise the server's `max_connections` or lower `postgres.connections_max`";
        report.warning(name, seen, advice);
    }
}

fn clock(ahead: i64, report: &mut Report) {
    let name = "clock.database";
    let millis = ahead.abs() / 1_000;
    let seen = match ahead {
        ..0 => format!("the database's clock is {millis} ms behind this machine's"),
        0.. => format!("the database's clock is {millis} ms ahead of this machine's"),
    };
    let advice = "let both machines keep time by NTP";
    if ahead.abs() > CLOCK_DIFFERENCE_MAX {
        report.failed(name, seen, advice);
    } else if ahead.abs() > CLOCK_DIFFERENCE_NOTED {
        report.warning(name, seen, advice);
    } else {
        report.ok(name, seen);
    }
}

async fn schema(database: &Database, report: &mut Report) {
    let name = "database.schema";
    let Err(error) = check_schema(database).await else {
        report.ok(name, "the durable tables and the read models are those of this release");
        return;
    };
    let advice = match &error {
        MigrateError::UnknownMigration { state, .. } if state.contains("newer") => {
            "start a release that is as new as the database"
        }
        MigrateError::UnknownMigration { state, .. } if state.contains("another") => {
            "restore the database from a backup: a migration was changed after it was applied"
        }
        MigrateError::UnknownMigration { .. }
        | MigrateError::UnknownReadSchema(_)
        | MigrateError::Migration(_)
        | MigrateError::Locked
        | MigrateError::Database(_) => "run `fullmakt migrate`",
    };
    report.failed(name, crate::chain(&error), advice);
}
