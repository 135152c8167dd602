//! Rebuilding a schema whose tables get their keys and indexes when they are full.

use fullmakt_readstore::{
    BulkLimits, RebuildOptions, rebuild,
    testing::{TestDatabase, TestLedger},
};
use proptest::{collection::vec, prelude::*};
use tokio_postgres::Client;

use crate::{
    history::{answered, any_ledger, party_changed},
    projector::runtime,
    rebuilding::{Told, folded_by, ledger, rebuilt_up_to},
    support::{eventually, folded, live_checksums},
};

/// Chunks of one batch, from the first record on.
const SMALL: BulkLimits =
    BulkLimits { records_min: 0, records_max: 1, bytes_max: usize::MAX, entries_max: usize::MAX };

fn options(bulk: BulkLimits) -> RebuildOptions {
    RebuildOptions { bulk, ..RebuildOptions::default() }
}

async fn count(client: &Client, question: &str) -> i64 {
    client.query_one(question, &[]).await.unwrap().get(0)
}

/// The indexes of a schema, as PostgreSQL defines them, without the schema's name.
async fn indexes(client: &Client) -> Vec<String> {
    let statement = "SELECT replace(indexdef, schemaname, '') FROM pg_indexes \
                     WHERE schemaname = 'fullmakt_read_3' ORDER BY 1";
    client.query(statement, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..Default::default() })]

    /// However the ledger is cut into chunks, wherever it is stopped, and however little is kept.
    #[test]
    fn what_is_filled_at_once_equals_what_was_live(
        ledger in any_ledger(),
        sizes in vec(1..5_usize, 1..4),
        records_max in 1..6_usize,
        entries_max in prop_oneof![Just(usize::MAX), 0..20_usize],
        stop in proptest::option::of(0..10_u64),
    ) {
        runtime().block_on(async {
            let database = folded(&ledger).await;
            let before = live_checksums(&database).await;
            let bulk = BulkLimits { records_max, entries_max, ..SMALL };
            if let Some(last) = stop.filter(|last| *last < ledger.position().get()) {
                let mut told = Told::new(&ledger, &[1]);
                rebuilt_up_to(database.database(), &mut told, options(SMALL), last).await;
            }
            let mut told = Told::new(&ledger, &sizes);
            let (report, ..) = folded_by(database.database(), &mut told, options(bulk)).await;
            assert_eq!(report.differences, Vec::<&str>::new());
            assert!(report.is_swapped);
            assert_eq!(report.rebuilt, before);
            assert_eq!(live_checksums(&database).await, before);
        });
    }
}

#[tokio::test]
async fn the_schema_is_the_same_as_one_that_was_never_without_indexes() {
    let database = folded(&ledger()).await;
    let client = database.client().await;
    let tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'fullmakt_read_3'";
    let (expected, tables_expected) = (indexes(&client).await, count(&client, tables).await);
    let (report, ..) =
        folded_by(database.database(), &mut Told::new(&ledger(), &[2, 3]), options(SMALL)).await;
    assert!(report.is_swapped);
    assert_eq!(indexes(&client).await, expected);
    assert_eq!(count(&client, tables).await, tables_expected);
    assert!(expected.len() > 30, "{}", expected.len());
}

#[tokio::test]
async fn a_fill_that_was_stopped_goes_on_where_it_was() {
    let ledger = ledger();
    for last in 0..ledger.position().get() {
        let database = folded(&ledger).await;
        let before = live_checksums(&database).await;
        rebuilt_up_to(database.database(), &mut Told::new(&ledger, &[1]), options(SMALL), last)
            .await;
        // A record of a chunk whose checkpoint was not committed.
        let torn = "INSERT INTO fullmakt_read_3_next.ledger_records \
                    SELECT * FROM fullmakt_read_3.ledger_records \
                    WHERE position = (SELECT position + 1 FROM fullmakt_read_3_next.checkpoint)";
        assert_eq!(database.client().await.execute(torn, &[]).await.unwrap(), 1);
        // The records are told in other batches this time.
        let mut told = Told::new(&ledger, &[1, 2]);
        let (report, skipped, folded) =
            folded_by(database.database(), &mut told, options(SMALL)).await;
        assert!(report.is_swapped && report.differences.is_empty(), "{report:?}");
        assert_eq!(skipped.last(), Some(&last));
        assert!(folded.iter().all(|position| *position > last), "{last}: {folded:?}");
        assert_eq!(live_checksums(&database).await, before);
    }
}

#[tokio::test]
async fn a_fill_that_was_stopped_while_it_added_indexes_goes_on_with_the_rest() {
    let ledger = ledger();
    let database = folded(&ledger).await;
    let before = live_checksums(&database).await;
    let last = ledger.position().get() - 1;
    rebuilt_up_to(database.database(), &mut Told::new(&ledger, &[1]), options(SMALL), last).await;
    let client = database.client().await;
    let hold = "BEGIN; LOCK TABLE fullmakt_read_3_next.token_clients IN ACCESS SHARE MODE";
    client.batch_execute(hold).await.unwrap();
    let watching = database.client().await;
    let left = "SELECT count(*) FROM fullmakt_read_3_next.bulk_tables";
    let mut told = Told::new(&ledger, &[1]);
    let mut no_progress = |_| {};
    let rebuilding = rebuild(database.database(), &mut told, options(SMALL), &mut no_progress);
    tokio::select! {
        _ = rebuilding => panic!("done"),
        () = eventually("only one table is left", async || count(&watching, left).await == 1) => {}
    }
    client.batch_execute("COMMIT").await.unwrap();
    let mut told = Told::new(&ledger, &[1]);
    let (report, skipped, folded) = folded_by(database.database(), &mut told, options(SMALL)).await;
    assert!(report.is_swapped && report.differences.is_empty(), "{report:?}");
    // All was folded.
    assert_eq!((skipped, folded), (vec![], vec![]));
    assert_eq!(live_checksums(&database).await, before);
}

/// Commands that were folded by a fill that was stopped, and forgotten by the end of the next.
#[tokio::test]
async fn commands_are_forgotten_as_a_projector_forgets_them() {
    let mut ledger = TestLedger::new();
    ledger.commit(&[answered(0)]);
    ledger.advance_seconds(23 * 3600);
    ledger.commit(&[answered(1), party_changed(0, 1)]);
    let database: TestDatabase = folded(&ledger).await;
    rebuilt_up_to(database.database(), &mut Told::new(&ledger, &[1]), options(SMALL), 1).await;
    ledger.advance_seconds(2 * 3600);
    ledger.commit(&[answered(2)]);
    crate::support::open(database.database(), &ledger).await.apply(ledger.records()).await.unwrap();
    let (report, ..) =
        folded_by(database.database(), &mut Told::new(&ledger, &[1]), options(SMALL)).await;
    assert!(report.is_swapped && report.differences.is_empty(), "{report:?}");
    let rows = "SELECT count(*) FROM fullmakt_read_3.ledger_command_events";
    assert_eq!(count(&database.client().await, rows).await, 2);
}
