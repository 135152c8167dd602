use fullmakt_readstore::{
    ProjectorLimits, ReadStore, RebuildError, RowState, VerifyOptions, VerifyReport,
    testing::{TestDatabase, TestLedger},
    verify,
};
use proptest::{collection::vec, prelude::*};
use tokio::time::timeout;

use crate::{
    history::any_ledger,
    projector::runtime,
    rebuilding::{Told, ledger},
    support::{PATIENCE, folded, live_checksums, open},
};

const OPTIONS: VerifyOptions = VerifyOptions {
    limits: ProjectorLimits {
        records_max: 3,
        bytes_max: 1 << 20,
        linger: std::time::Duration::ZERO,
    },
    rows_max: 10,
};

async fn verified(
    database: &TestDatabase,
    ledger: &TestLedger,
) -> Result<VerifyReport, RebuildError> {
    let mut told = Told::new(ledger, &[2, 3]);
    let mut no_progress = |_| {};
    let verifying = verify(database.database(), &mut told, OPTIONS, &mut no_progress);
    timeout(PATIENCE, verifying).await.unwrap()
}

/// The rows that are named, with their tables.
fn named(report: &VerifyReport) -> Vec<(&str, &str, RowState, Vec<&str>)> {
    let tables = report.tables.iter();
    tables
        .flat_map(|table| table.rows.iter().map(|row| (table.table, row)))
        .map(|(table, row)| {
            let columns = row.columns.iter().map(String::as_str).collect();
            (table, row.key.as_str(), row.state, columns)
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..Default::default() })]

    #[test]
    fn whatever_was_folded_is_equal_to_its_ledger(
        ledger in any_ledger(),
        sizes in vec(1..9_usize, 1..4),
    ) {
        runtime().block_on(async {
            let database = folded(&ledger).await;
            let mut told = Told::new(&ledger, &sizes);
            let mut no_progress = |_| {};
            let report = verify(database.database(), &mut told, OPTIONS, &mut no_progress);
            let report = timeout(PATIENCE, report).await.unwrap().unwrap();
            assert!(report.is_equal(), "{report:?}");
            assert_eq!(report.position, ledger.position());
            assert!(report.tables.iter().all(|table| table.rows.is_empty() && table.live.is_some()));
            assert!(report.admission.is_some());
        });
    }
}

#[tokio::test]
async fn rows_that_were_changed_removed_or_added_are_named_and_nothing_is_changed() {
    let ledger = ledger();
    for (tamper, table, state, columns) in [
        (
            "UPDATE {s}.parties SET name = 'x', number = 7 WHERE from_position = 1",
            "parties",
            RowState::Different,
            vec!["name", "number"],
        ),
        (
            "UPDATE {s}.parties SET to_position = to_position + 1 WHERE to_position = 2",
            "parties",
            RowState::Different,
            vec!["to_position"],
        ),
        ("DELETE FROM {s}.systems WHERE from_position = 3", "systems", RowState::Missing, vec![]),
        (
            "INSERT INTO {s}.system_client_ids SELECT gen_random_uuid(), 1, 2, 'x', \
             gen_random_uuid(), gen_random_uuid()",
            "system_client_ids",
            RowState::Surplus,
            vec![],
        ),
        (
            "UPDATE {s}.ledger_records SET verdict = 'stale' WHERE position = 1",
            "ledger_records",
            RowState::Different,
            vec!["verdict"],
        ),
        (
            "DELETE FROM {s}.ledger_records WHERE position = 2",
            "ledger_records",
            RowState::Missing,
            vec![],
        ),
        (
            "UPDATE {s}.ledger_events SET data = data || ' ' WHERE position = 1 AND index = 0",
            "ledger_events",
            RowState::Different,
            vec!["data"],
        ),
        (
            "UPDATE {s}.ledger_streams SET position = 0 WHERE stream IN \
             (SELECT min(stream) FROM {s}.ledger_streams)",
            "ledger_streams",
            RowState::Different,
            vec!["position"],
        ),
    ] {
        let database = folded(&ledger).await;
        let tamper = tamper.replace("{s}", "fullmakt_read_3");
        let client = database.client().await;
        assert_eq!(client.execute(&tamper, &[]).await.unwrap(), 1, "{tamper}");
        let before = live_checksums(&database).await;
        let report = verified(&database, &ledger).await.unwrap();
        assert!(!report.is_equal());
        let found = named(&report);
        let [(in_table, _, found_state, in_columns)] = found.as_slice() else {
            panic!("{found:?}")
        };
        assert_eq!((*in_table, *found_state, in_columns), (table, state, &columns), "{tamper}");
        assert_eq!(live_checksums(&database).await, before);
        let left = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'fullmakt_read_%'";
        assert_eq!(client.query_one(left, &[]).await.unwrap().get::<_, i64>(0), 1);
    }
}

#[tokio::test]
async fn a_checkpoint_that_is_not_the_ledgers_is_found() {
    let ledger = ledger();
    let database = folded(&ledger).await;
    let tamper = "UPDATE fullmakt_read_3.checkpoint SET ledger_time = ledger_time + interval '1 s'";
    database.client().await.batch_execute(tamper).await.unwrap();
    let report = verified(&database, &ledger).await.unwrap();
    assert!(!report.is_checkpoint_equal && !report.is_equal());
    assert!(report.tables.iter().all(|table| table.rows.is_empty()));
}

#[tokio::test]
async fn what_is_named_has_a_limit_and_comes_in_the_ledgers_order() {
    let mut ledger = TestLedger::new();
    for _ in 0..30 {
        ledger.tick();
    }
    let database = folded(&ledger).await;
    let tamper = "UPDATE fullmakt_read_3.ledger_records SET reason = 'x'";
    database.client().await.batch_execute(tamper).await.unwrap();
    let report = verified(&database, &ledger).await.unwrap();
    let keys: Vec<&str> = named(&report).iter().map(|(_, key, ..)| *key).collect();
    let expected: Vec<String> = (0..10).map(|position| format!("position {position}")).collect();
    assert_eq!(keys, expected);
}

/// The live tables go on while they are compared.
#[tokio::test]
async fn what_is_folded_meanwhile_is_no_difference() {
    let mut ledger = ledger();
    let database = folded(&ledger).await;
    let begun = ledger.records().len();
    for _ in 0..20 {
        ledger.tick();
    }
    let mut projector = open(database.database(), &ledger).await;
    let (seen, coming) = ledger.records().split_at(begun);
    projector.apply(seen).await.unwrap();
    let growing = async {
        for record in coming {
            projector.apply(std::slice::from_ref(record)).await.unwrap();
        }
    };
    let (report, ()) = tokio::join!(verified(&database, &ledger), growing);
    let report = report.unwrap();
    assert!(report.is_equal(), "{report:?}");
    let store = ReadStore::open(database.database()).unwrap();
    assert_eq!(store.checkpoint().await.unwrap().unwrap().position, ledger.position());
}
