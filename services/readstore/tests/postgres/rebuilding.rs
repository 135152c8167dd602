use std::{error::Error, sync::Arc};

use fullmakt_events::Folded;
use fullmakt_readstore::{
    CheckpointWatch, Database, OnDifference, ReadSchema, ReadStore, RebuildError, RebuildOptions,
    RebuildProgress, RebuildReport, RecordSource, checksums, rebuild,
    testing::{TestDatabase, TestLedger},
};
use proptest::{collection::vec, prelude::*};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, timeout},
};

use crate::{
    history::{any_ledger, cut, party, party_changed, party_registered, registered, requested},
    projector::runtime,
    support::{PATIENCE, batch, eventually, folded, live_checksums, open},
};

/// A ledger that is told in batches of these sizes.
struct Told {
    records: Vec<Folded>,
    ranges: std::vec::IntoIter<std::ops::Range<usize>>,
}

impl Told {
    fn new(ledger: &TestLedger, sizes: &[usize]) -> Self {
        let records = ledger.records().to_vec();
        let ranges = cut(&records, sizes).into_iter();
        Self { records, ranges }
    }
}

impl RecordSource for Told {
    async fn next(&mut self) -> Result<Arc<[Folded]>, Box<dyn Error + Send + Sync>> {
        let range = self.ranges.next().unwrap_or_default();
        Ok(batch(&self.records[range]))
    }
}

async fn rebuilt(
    database: &Database,
    ledger: &TestLedger,
    options: RebuildOptions,
) -> Result<RebuildReport, RebuildError> {
    let mut told = Told::new(ledger, &[2, 3]);
    timeout(PATIENCE, rebuild(database, &mut told, options, &mut |_| {})).await.unwrap()
}

fn ledger() -> TestLedger {
    let mut ledger = TestLedger::new();
    for n in 0..4 {
        ledger.commit(&[party_registered(n), registered(n, &[])]);
        ledger.commit(&[party_changed(n, 1), requested(n)]);
    }
    ledger
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..Default::default() })]

    #[test]
    fn what_is_rebuilt_equals_what_was_live(
        ledger in any_ledger(),
        sizes in vec(1..9_usize, 1..4),
    ) {
        runtime().block_on(async {
            let database = folded(&ledger).await;
            let before = live_checksums(&database).await;
            let mut told = Told::new(&ledger, &sizes);
            let options = RebuildOptions::default();
            let mut no_progress = |_| {};
            let report = rebuild(database.database(), &mut told, options, &mut no_progress);
            let report = timeout(PATIENCE, report).await.unwrap().unwrap();
            assert_eq!(report.differences, Vec::<&str>::new());
            assert!(report.is_swapped);
            assert_eq!(report.rebuilt, before);
            assert_eq!(live_checksums(&database).await, before);
        });
    }
}

/// By this a rebuild is compared with a live schema that has gone on meanwhile.
#[tokio::test]
async fn the_checksum_at_an_earlier_position_is_the_one_that_was_there() {
    let mut ledger = ledger();
    for n in 0..4 {
        ledger.commit(&[party_changed(n, 2), party_registered(5), requested(n)]);
    }
    let whole = folded(&ledger).await;
    let earlier = TestDatabase::create();
    let mut projector = open(earlier.database(), &ledger).await;
    for folded in ledger.records() {
        projector.apply(std::slice::from_ref(folded)).await.unwrap();
        let at = Some(folded.position);
        let found = checksums(whole.database(), &ReadSchema::live(), at).await.unwrap();
        assert_eq!(found, live_checksums(&earlier).await);
    }
}

/// Every table is compared in every column: a change to any row is found.
#[tokio::test]
async fn a_table_that_was_tampered_with_is_named_and_the_live_one_kept() {
    let ledger = ledger();
    for (tamper, table) in [
        ("UPDATE fullmakt_read_1.parties SET name = 'x' WHERE from_position = 1", "parties"),
        ("DELETE FROM fullmakt_read_1.systems WHERE from_position = 1", "systems"),
        (
            "UPDATE fullmakt_read_1.parties SET to_position = to_position + 1 WHERE to_position = 2",
            "parties",
        ),
        (
            "UPDATE fullmakt_read_1.ledger_events SET data = data || ' ' WHERE position = 1",
            "ledger_events",
        ),
        ("UPDATE fullmakt_read_1.ledger_streams SET version = version + 1", "ledger_streams"),
        (
            "UPDATE fullmakt_read_1.ledger_records SET reason = '' WHERE position = 1",
            "ledger_records",
        ),
    ] {
        let database = folded(&ledger).await;
        database.client().await.batch_execute(tamper).await.unwrap();
        let kept = rebuilt(database.database(), &ledger, RebuildOptions::default()).await.unwrap();
        assert_eq!(kept.differences, [table], "{tamper}");
        assert!(!kept.is_swapped);
        assert_eq!(live_checksums(&database).await.differences(&kept.live), Vec::<&str>::new());
        let options =
            RebuildOptions { on_difference: OnDifference::Swap, ..RebuildOptions::default() };
        let swapped = rebuilt(database.database(), &ledger, options).await.unwrap();
        assert_eq!(swapped.differences, [table]);
        assert!(swapped.is_swapped);
        assert_eq!(live_checksums(&database).await, swapped.rebuilt);
    }
}

#[tokio::test]
async fn a_projector_and_its_readers_go_on_through_a_rebuild() {
    let mut ledger = ledger();
    let database = folded(&ledger).await;
    let store = ReadStore::open(database.database()).unwrap();
    let watch = CheckpointWatch::start(database.database());
    let mut projector = open(database.database(), &ledger).await;
    let name = async |store: &ReadStore| {
        let found = store.reader().await.unwrap().party(party(0), None).await.unwrap();
        found.unwrap().row.facts.name.unwrap()
    };
    assert_eq!(name(&store).await, "Name 1");
    // The ledger grows while it is told, and the live schema with it.
    projector.apply(ledger.records()).await.unwrap();
    ledger.commit(&[party_changed(0, 2)]);
    projector.apply(ledger.records()).await.unwrap();
    let (target, told) = (database.database().clone(), ledger.clone());
    let report =
        tokio::spawn(
            async move { rebuilt(&target, &told, RebuildOptions::default()).await.unwrap() },
        );
    assert!(report.await.unwrap().is_swapped);
    assert_eq!(name(&store).await, "Name 2");
    let (sender, receiver) = mpsc::channel(1);
    ledger.commit(&[party_changed(0, 0)]);
    sender.try_send(batch(ledger.records())).unwrap();
    drop(sender);
    timeout(PATIENCE, projector.run(receiver)).await.unwrap().unwrap();
    watch.wait_for(ledger.position(), Instant::now() + PATIENCE).await.unwrap();
    assert_eq!(name(&store).await, "Name 0");
    assert_eq!(live_checksums(&database).await, live_checksums(&folded(&ledger).await).await);
}

#[tokio::test]
async fn nothing_is_swapped_under_a_reader() {
    let ledger = ledger();
    let database = folded(&ledger).await;
    let store = ReadStore::open(database.database()).unwrap();
    let reader = store.reader().await.unwrap();
    let mut told = Told::new(&ledger, &[100]);
    let mut no_progress = |_| {};
    let target = database.database();
    let rebuilding = rebuild(target, &mut told, RebuildOptions::default(), &mut no_progress);
    let client = database.client().await;
    let reading = async {
        eventually("the swap waits for the reader", async || {
            let statement = "SELECT EXISTS (SELECT FROM pg_locks \
                             WHERE NOT granted AND mode = 'AccessExclusiveLock')";
            client.query_one(statement, &[]).await.unwrap().get(0)
        })
        .await;
        for n in 0..4 {
            assert!(reader.party(party(n), None).await.unwrap().is_some());
        }
        drop(reader);
    };
    let (report, ()) =
        timeout(PATIENCE, async { tokio::join!(rebuilding, reading) }).await.unwrap();
    assert!(report.unwrap().is_swapped);
}

#[tokio::test]
async fn a_source_of_another_history_is_refused() {
    let database = folded(&ledger()).await;
    let mut other = TestLedger::new();
    for _ in 0..20 {
        other.tick();
    }
    let refused = rebuilt(database.database(), &other, RebuildOptions::default()).await;
    assert!(matches!(refused, Err(RebuildError::OtherHistory { .. })), "{refused:?}");
}

#[tokio::test]
async fn there_is_nothing_to_rebuild_before_anything_was_folded() {
    let database = TestDatabase::create();
    let refused = rebuilt(database.database(), &ledger(), RebuildOptions::default()).await;
    assert!(matches!(refused, Err(RebuildError::NothingFolded)), "{refused:?}");
}

#[tokio::test]
async fn a_rebuild_that_was_stopped_is_begun_anew() {
    let ledger = ledger();
    let database = folded(&ledger).await;
    let before = live_checksums(&database).await;
    let mut told = Told::new(&ledger, &[1]);
    let (reached, is_reached) = oneshot::channel();
    let mut reached = Some(reached);
    let mut progress = |progress| {
        if let RebuildProgress::Folded { .. } = progress
            && let Some(reached) = reached.take()
        {
            reached.send(()).unwrap();
        }
    };
    let target = database.database();
    tokio::select! {
        _ = rebuild(target, &mut told, RebuildOptions::default(), &mut progress) => panic!("done"),
        stop = is_reached => stop.unwrap(),
    }
    assert_eq!(live_checksums(&database).await, before);
    let report = rebuilt(database.database(), &ledger, RebuildOptions::default()).await.unwrap();
    assert!(report.is_swapped);
}
