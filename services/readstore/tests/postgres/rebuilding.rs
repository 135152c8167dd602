use std::{error::Error, sync::Arc};

use fullmakt_events::{Admission, Folded, LedgerId, LedgerRecord, Position};
use fullmakt_readstore::{
    CheckpointWatch, Database, OnDifference, Projector, ProjectorError, ProjectorLimits,
    ReadSchema, ReadStore, RebuildError, RebuildOptions, RebuildProgress, RebuildReport,
    RecordSource, checksums, migrate, rebuild,
    testing::{TestDatabase, TestLedger},
};
use proptest::{collection::vec, prelude::*};
use tokio::{
    sync::{mpsc, oneshot},
    time::{Instant, timeout},
};

use uuid::Uuid;

use crate::{
    history::{any_ledger, cut, party, party_changed, party_registered, registered, requested},
    projector::runtime,
    support::{PATIENCE, batch, end, eventually, folded, live_checksums, open},
};

/// A ledger that is told in batches of these sizes.
pub struct Told {
    records: Vec<Folded>,
    ranges: std::vec::IntoIter<std::ops::Range<usize>>,
    /// The rule's state after what was told.
    admission: Option<Admission>,
}

impl Told {
    pub fn new(ledger: &TestLedger, sizes: &[usize]) -> Self {
        let records = ledger.records().to_vec();
        let ranges = cut(&records, sizes).into_iter();
        Self { records, ranges, admission: None }
    }

    fn judge(&mut self, record: &Folded) {
        let (time, bytes) = (record.append_time, &record.bytes);
        if let Some(admission) = &mut self.admission {
            Folded::fold(admission, time, bytes).unwrap();
        } else {
            let genesis = Admission::begin(record.position, time, bytes, "test");
            self.admission = Some(genesis.unwrap());
        }
    }
}

impl RecordSource for Told {
    async fn next(&mut self) -> Result<Arc<[Folded]>, Box<dyn Error + Send + Sync>> {
        let range = self.ranges.next().unwrap_or_default();
        let told = batch(&self.records[range]);
        told.iter().for_each(|record| self.judge(record));
        Ok(told)
    }

    fn admission(&self) -> Option<&Admission> {
        self.admission.as_ref()
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

pub fn ledger() -> TestLedger {
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
        ("UPDATE fullmakt_read_3.parties SET name = 'x' WHERE from_position = 1", "parties"),
        ("DELETE FROM fullmakt_read_3.systems WHERE from_position = 1", "systems"),
        (
            "UPDATE fullmakt_read_3.parties SET to_position = to_position + 1 WHERE to_position = 2",
            "parties",
        ),
        (
            "UPDATE fullmakt_read_3.ledger_events SET data = data || ' ' WHERE position = 1",
            "ledger_events",
        ),
        ("UPDATE fullmakt_read_3.ledger_streams SET version = version + 1", "ledger_streams"),
        (
            "UPDATE fullmakt_read_3.ledger_records SET reason = '' WHERE position = 1",
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

/// Whoever reads is held up by a swap, and then reads what the swap has put in place: also what was
/// written into it while everybody was held up.
#[tokio::test]
async fn a_reader_that_was_held_up_sees_what_was_written_meanwhile() {
    let ledger = ledger();
    let database = folded(&ledger).await;
    let store = ReadStore::open(database.database()).unwrap();
    let before = *store.reader().await.unwrap().checkpoint();
    let client = database.client().await;
    let hold = "BEGIN; LOCK TABLE fullmakt_read_3.checkpoint IN ACCESS EXCLUSIVE MODE";
    client.batch_execute(hold).await.unwrap();
    let reading = tokio::spawn(async move { *store.reader().await.unwrap().checkpoint() });
    eventually("the reader waits", async || {
        let waiting = "SELECT EXISTS (SELECT FROM pg_locks \
                       WHERE NOT granted AND mode = 'AccessShareLock')";
        client.query_one(waiting, &[]).await.unwrap().get(0)
    })
    .await;
    let write = "UPDATE fullmakt_read_3.checkpoint \
                 SET ledger_time = ledger_time + interval '1 s'; COMMIT";
    client.batch_execute(write).await.unwrap();
    let read = timeout(PATIENCE, reading).await.unwrap().unwrap();
    assert_eq!(read.ledger_time, before.ledger_time.plus_seconds(1));
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

/// Rebuilds until `last` is folded, and stops there.
pub async fn rebuilt_up_to(
    database: &Database,
    told: &mut Told,
    options: RebuildOptions,
    last: u64,
) {
    let (reached, is_reached) = oneshot::channel();
    let mut reached = Some(reached);
    let mut progress = |progress| {
        if let RebuildProgress::Folded { position, .. } = progress
            && position >= Position::new(last)
            && let Some(reached) = reached.take()
        {
            reached.send(()).unwrap();
        }
    };
    tokio::select! {
        biased;
        stop = is_reached => stop.unwrap(),
        _ = rebuild(database, told, options, &mut progress) => panic!("done"),
    }
}

/// What a rebuild skips, and what it folds.
pub async fn folded_by(
    database: &Database,
    told: &mut Told,
    options: RebuildOptions,
) -> (RebuildReport, Vec<u64>, Vec<u64>) {
    let (mut skipped, mut folded) = (Vec::new(), Vec::new());
    let mut progress = |progress| match progress {
        RebuildProgress::Skipped { position, .. } => skipped.push(position.get()),
        RebuildProgress::Folded { position, .. } => folded.push(position.get()),
        RebuildProgress::Comparing { .. } | RebuildProgress::Swapped { .. } => {}
    };
    let report = rebuild(database, told, options, &mut progress);
    let report = timeout(PATIENCE, report).await.unwrap().unwrap();
    (report, skipped, folded)
}

#[tokio::test]
async fn a_rebuild_that_was_stopped_goes_on_where_it_was_and_comes_to_the_same() {
    let ledger = ledger();
    for last in 0..ledger.position().get() {
        let database = folded(&ledger).await;
        let before = live_checksums(&database).await;
        rebuilt_up_to(
            database.database(),
            &mut Told::new(&ledger, &[1]),
            RebuildOptions::default(),
            last,
        )
        .await;
        assert_eq!(live_checksums(&database).await, before);
        // The records are told in other batches this time.
        let (report, skipped, folded) = folded_by(
            database.database(),
            &mut Told::new(&ledger, &[1, 2]),
            RebuildOptions::default(),
        )
        .await;
        assert!(report.is_swapped && report.differences.is_empty(), "{report:?}");
        assert!(skipped.iter().all(|position| *position <= last), "{last}: {skipped:?}");
        assert!(folded.iter().all(|position| *position > last), "{last}: {folded:?}");
        assert_eq!(live_checksums(&database).await, before);
    }
}

/// A database of `ledger` with what a rebuild of `other`, stopped at position 1, has left.
async fn left_by_a_rebuild_of(other: &TestLedger, ledger: &TestLedger) -> TestDatabase {
    let database = TestDatabase::create();
    let end = end(other);
    let other_id = match &other.records()[0].record {
        Some(LedgerRecord::Genesis(genesis)) => genesis.ledger,
        other => panic!("{other:?}"),
    };
    let limits = ProjectorLimits::default();
    let mut projector = Projector::open(database.database(), other_id, end, limits).await.unwrap();
    projector.apply(other.records()).await.unwrap();
    rebuilt_up_to(database.database(), &mut Told::new(other, &[1]), RebuildOptions::default(), 1)
        .await;
    let client = database.client().await;
    client.batch_execute("DROP SCHEMA fullmakt_read_3 CASCADE").await.unwrap();
    client.batch_execute("ALTER SCHEMA fullmakt_read_3_next RENAME TO kept").await.unwrap();
    migrate(database.database()).await.unwrap();
    open(database.database(), ledger).await.apply(ledger.records()).await.unwrap();
    client.batch_execute("ALTER SCHEMA kept RENAME TO fullmakt_read_3_next").await.unwrap();
    database
}

#[tokio::test]
async fn what_a_rebuild_of_another_ledger_has_left_is_begun_anew() {
    let ledger = ledger();
    let mut other = TestLedger::with_id(LedgerId::new(Uuid::from_u128(8)));
    for _ in 0..3 {
        other.tick();
    }
    let database = left_by_a_rebuild_of(&other, &ledger).await;
    let (report, skipped, folded) =
        folded_by(database.database(), &mut Told::new(&ledger, &[1]), RebuildOptions::default())
            .await;
    assert!(report.is_swapped && report.differences.is_empty(), "{report:?}");
    assert_eq!((skipped, folded.len()), (vec![], ledger.records().len()));
}

#[tokio::test]
async fn what_a_rebuild_of_another_history_has_left_is_refused_once_and_removed() {
    let ledger = ledger();
    let mut other = TestLedger::new();
    for _ in 0..3 {
        other.tick();
    }
    let database = left_by_a_rebuild_of(&other, &ledger).await;
    let before = live_checksums(&database).await;
    let refused = rebuilt(database.database(), &ledger, RebuildOptions::default()).await;
    let is_other = |error: &RebuildError| {
        matches!(error, RebuildError::Projector(ProjectorError::OtherRecord { .. }))
    };
    assert!(refused.as_ref().is_err_and(is_other), "{refused:?}");
    assert_eq!(live_checksums(&database).await, before);
    let report = rebuilt(database.database(), &ledger, RebuildOptions::default()).await.unwrap();
    assert!(report.is_swapped && report.differences.is_empty());
}

#[tokio::test]
async fn rebuilt_tables_that_differ_are_kept_apart_and_not_gone_on_with() {
    let ledger = ledger();
    let database = folded(&ledger).await;
    let client = database.client().await;
    let tamper = "UPDATE fullmakt_read_3.parties SET name = 'x' WHERE from_position = 1";
    client.batch_execute(tamper).await.unwrap();
    for _ in 0..2 {
        let (report, skipped, _) = folded_by(
            database.database(),
            &mut Told::new(&ledger, &[3]),
            RebuildOptions::default(),
        )
        .await;
        assert_eq!((report.differences, report.is_swapped), (vec!["parties"], false));
        assert_eq!(skipped, Vec::<u64>::new());
        let kept = checksums(database.database(), &ReadSchema::differing(), None).await.unwrap();
        assert_eq!(kept, report.rebuilt);
    }
}
