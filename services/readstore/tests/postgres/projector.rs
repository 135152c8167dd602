use std::{future::ready, sync::Arc};

use fullmakt_events::{Folded, LedgerId, Position};
use fullmakt_readstore::{
    Memory, Projector, ProjectorError, ProjectorLimits, ReadStore,
    testing::{TestDatabase, TestLedger},
};
use proptest::{collection::vec, prelude::*};
use tokio::{sync::mpsc, time::timeout};
use uuid::Uuid;

use crate::{
    history::{
        answered, any_ledger, approved, command_stream, cut, key_added, party_registered,
        registered, request, requested, role_assigned, token_client_registered, user_created,
    },
    support::{
        PATIENCE, batch, cut_connections, end, eventually, folded, live_checksums, open, swap,
    },
};

/// A ledger of ten commits.
fn ledger() -> TestLedger {
    let mut ledger = TestLedger::new();
    ledger.commit(&[registered(0, &[1]), registered(1, &[])]);
    ledger.commit(&[requested(0)]);
    ledger.commit(&[approved(0), user_created(0), answered(0)]);
    for n in 0..7 {
        ledger.commit(&[party_registered(n), role_assigned(n, 0, n)]);
    }
    ledger
}

#[tokio::test]
async fn a_batch_and_its_checkpoint_are_folded_together() {
    let ledger = ledger();
    let database = TestDatabase::create();
    let mut projector = open(database.database(), &ledger).await;
    assert!(projector.checkpoint().is_none());
    let reached = projector.apply(ledger.records()).await.unwrap();
    assert_eq!(reached, Some(ledger.position()));
    let store = ReadStore::open(database.database()).unwrap();
    let checkpoint = store.checkpoint().await.unwrap().unwrap();
    assert_eq!(Some(&checkpoint), projector.checkpoint());
    assert_eq!(checkpoint.ledger, TestLedger::ID);
    assert_eq!(checkpoint.ledger_time, ledger.ledger_time());
    assert_eq!(checkpoint.hash, ledger.records().last().unwrap().hash());
    let tables = live_checksums(&database).await.tables;
    assert_eq!(tables["ledger_records"].rows, 11);
    assert_eq!(tables["systems"].rows, 2);
    assert_eq!(tables["system_user_requests"].rows, 2);
    assert_eq!(tables["party_roles"].rows, 7);
}

#[tokio::test]
async fn what_was_folded_before_is_skipped_after_a_restart() {
    let ledger = ledger();
    let database = TestDatabase::create();
    let (before, after) = ledger.records().split_at(5);
    open(database.database(), &ledger).await.apply(before).await.unwrap();
    let mut projector = open(database.database(), &ledger).await;
    assert_eq!(projector.checkpoint().unwrap().position, Position::new(4));
    assert_eq!(projector.apply(before).await.unwrap(), None);
    assert_eq!(projector.apply(after).await.unwrap(), Some(ledger.position()));
    assert_eq!(live_checksums(&database).await, live_checksums(&folded(&ledger).await).await);
}

#[tokio::test]
async fn another_record_at_the_checkpoint_stops_the_projector() {
    let database = folded(&ledger()).await;
    let mut other = ledger();
    let (_, last) = other.records().split_last().map(|(last, rest)| (rest, last)).unwrap();
    let mut forged = last.clone();
    forged.bytes = b"{}".as_slice().into();
    other.tick();
    let mut projector = open(database.database(), &other).await;
    let stopped = projector.apply(&[forged]).await.unwrap_err();
    assert!(
        matches!(stopped, ProjectorError::OtherRecord { position } if position == Position::new(10)),
        "{stopped}"
    );
    // The right record at the same place does not.
    assert_eq!(projector.apply(other.records()).await.unwrap(), Some(Position::new(11)));
}

#[tokio::test]
async fn another_ledger_stops_the_projector() {
    let database = folded(&ledger()).await;
    let id = LedgerId::new(Uuid::from_u128(99));
    let other = TestLedger::with_id(id);
    let end = ready(Ok::<_, ProjectorError>(Position::new(100)));
    let stopped = Projector::open(database.database(), id, end, ProjectorLimits::default());
    let stopped = stopped.await.unwrap_err();
    assert!(matches!(stopped, ProjectorError::OtherLedger { found, .. } if found == id));
    assert_eq!(other.position(), Position::GENESIS);
}

#[tokio::test]
async fn a_log_that_ends_before_the_checkpoint_stops_the_projector() {
    let ledger = ledger();
    let database = folded(&ledger).await;
    let at = |end| {
        let end = ready(Ok::<_, ProjectorError>(end));
        Projector::open(database.database(), TestLedger::ID, end, ProjectorLimits::default())
    };
    let stopped = at(ledger.position()).await.unwrap_err();
    assert!(matches!(stopped, ProjectorError::LogEndsBefore { .. }), "{stopped}");
    at(ledger.position().next()).await.unwrap();
}

/// Issue 4: the end was asked for first, so that whoever began while another process wrote could
/// believe that the log had lost what was newest.
#[tokio::test]
async fn what_others_fold_meanwhile_is_no_loss_of_the_log() {
    let ledger = ledger();
    let database = TestDatabase::create();
    let mut other = open(database.database(), &ledger).await;
    other.apply(&ledger.records()[..5]).await.unwrap();
    let end = async {
        let end = Position::new(5);
        other.apply(&ledger.records()[5..]).await.unwrap();
        Ok::<_, ProjectorError>(end)
    };
    let limits = ProjectorLimits::default();
    let mut projector =
        Projector::open(database.database(), TestLedger::ID, end, limits).await.unwrap();
    let fenced = projector.apply(&ledger.records()[4..]).await.unwrap_err();
    assert!(matches!(fenced, ProjectorError::Fenced { .. }), "{fenced}");
    assert_eq!(live_checksums(&database).await, live_checksums(&folded(&ledger).await).await);
}

#[tokio::test]
async fn a_schema_that_is_missing_or_of_another_release_stops_the_projector() {
    let ledger = ledger();
    let database = TestDatabase::create();
    let opened = async || {
        let limits = ProjectorLimits::default();
        Projector::open(database.database(), TestLedger::ID, end(&ledger), limits).await
    };
    for change in [
        "UPDATE fullmakt_read_3.checkpoint SET shape = ''",
        "DROP TABLE fullmakt_read_3.checkpoint",
        "DROP SCHEMA fullmakt_read_3 CASCADE",
    ] {
        database.client().await.batch_execute(change).await.unwrap();
        let stopped = opened().await.unwrap_err();
        assert!(matches!(stopped, ProjectorError::UnknownSchema), "{change}: {stopped}");
    }
}

#[tokio::test]
async fn records_that_are_left_out_stop_the_projector() {
    let ledger = ledger();
    let database = TestDatabase::create();
    let records = ledger.records();
    let mut projector = open(database.database(), &ledger).await;
    let gap = |stopped: ProjectorError| {
        let ProjectorError::Discontinuity { expected, found } = stopped else {
            panic!("{stopped}");
        };
        (expected.get(), found.get())
    };
    assert_eq!(gap(projector.apply(&records[1..]).await.unwrap_err()), (0, 1));
    projector.apply(&records[..5]).await.unwrap();
    assert_eq!(gap(projector.apply(&records[6..]).await.unwrap_err()), (5, 6));
    let hole = [&records[5..6], &records[7..]].concat();
    assert_eq!(gap(projector.apply(&hole).await.unwrap_err()), (6, 7));
    // After a restart the record at the checkpoint has to be shown first.
    let mut projector = open(database.database(), &ledger).await;
    assert_eq!(gap(projector.apply(&records[5..]).await.unwrap_err()), (4, 5));
    assert_eq!(projector.apply(&records[4..]).await.unwrap(), Some(ledger.position()));
}

#[tokio::test]
async fn a_projector_that_was_thought_dead_writes_nothing() {
    let ledger = ledger();
    let database = TestDatabase::create();
    let records = ledger.records();
    let mut zombie = open(database.database(), &ledger).await;
    zombie.apply(&records[..3]).await.unwrap();
    let mut other = open(database.database(), &ledger).await;
    other.apply(&records[..6]).await.unwrap();
    let before = live_checksums(&database).await;
    let fenced = zombie.apply(&records[3..8]).await.unwrap_err();
    assert!(
        matches!(
            fenced,
            ProjectorError::Fenced { left: Some(left), found: Some(found) }
                if (left.get(), found.get()) == (2, 5)
        ),
        "{fenced}"
    );
    assert_eq!(live_checksums(&database).await, before);
}

#[tokio::test]
async fn two_projectors_at_once_fold_each_record_once() {
    let ledger = ledger();
    let database = TestDatabase::create();
    let run = async || {
        let limits = ProjectorLimits { records_max: 1, ..ProjectorLimits::default() };
        let mut projector =
            Projector::open(database.database(), TestLedger::ID, end(&ledger), limits)
                .await
                .unwrap();
        let (sender, receiver) = mpsc::channel(1);
        sender.try_send(batch(ledger.records())).unwrap();
        drop(sender);
        projector.run(receiver).await.unwrap();
    };
    timeout(PATIENCE, async { tokio::join!(run(), run()) }).await.unwrap();
    assert_eq!(live_checksums(&database).await, live_checksums(&folded(&ledger).await).await);
}

#[tokio::test]
async fn a_checkpoint_that_was_taken_back_stops_the_projector() {
    let ledger = ledger();
    let database = TestDatabase::create();
    let mut projector = open(database.database(), &ledger).await;
    projector.apply(&ledger.records()[..5]).await.unwrap();
    let statement = "UPDATE fullmakt_read_3.checkpoint \
                     SET position = -1, ledger = NULL, ledger_time = NULL, hash = NULL";
    database.client().await.execute(statement, &[]).await.unwrap();
    let (sender, receiver) = mpsc::channel(1);
    sender.try_send(batch(ledger.records())).unwrap();
    let stopped = timeout(PATIENCE, projector.run(receiver)).await.unwrap().unwrap_err();
    assert!(matches!(stopped, ProjectorError::TakenBack { found: None, .. }), "{stopped}");
}

/// A projector that has folded eight records, of which its database lost the last five as it
/// crashed: another database has taken its place.
async fn crashed(ledger: &TestLedger, database: &TestDatabase, memory: Memory) -> Projector {
    let before = TestDatabase::create();
    open(before.database(), ledger).await.apply(&ledger.records()[..3]).await.unwrap();
    let mut projector = open(database.database(), ledger).await.remembering(memory);
    projector.apply(&ledger.records()[..8]).await.unwrap();
    swap(database, &before).await;
    projector
}

/// Issue 4: after a crash of PostgreSQL every server stopped.
#[tokio::test]
async fn what_a_database_lost_as_it_crashed_is_folded_again() {
    let ledger = ledger();
    let database = TestDatabase::create();
    let kept: Vec<_> = ledger.records().chunks(2).map(batch).collect();
    let memory = Memory::new(move |position| {
        let is_before = |batch: &Arc<[Folded]>| batch.last().unwrap().position < position;
        Some(kept[kept.partition_point(is_before)..].to_vec())
    });
    let mut projector = crashed(&ledger, &database, memory).await;
    let (sender, receiver) = mpsc::channel(1);
    sender.try_send(batch(&ledger.records()[8..])).unwrap();
    drop(sender);
    timeout(PATIENCE, projector.run(receiver)).await.unwrap().unwrap();
    assert_eq!(live_checksums(&database).await, live_checksums(&folded(&ledger).await).await);
}

#[tokio::test]
async fn what_was_lost_and_is_remembered_by_nobody_stops_the_projector() {
    let ledger = ledger();
    let database = TestDatabase::create();
    let mut projector = crashed(&ledger, &database, Memory::new(|_| None)).await;
    let (sender, receiver) = mpsc::channel(1);
    sender.try_send(batch(&ledger.records()[8..])).unwrap();
    let stopped = timeout(PATIENCE, projector.run(receiver)).await.unwrap().unwrap_err();
    let at = Some(Position::new(2));
    assert!(matches!(stopped, ProjectorError::TakenBack { found, .. } if found == at), "{stopped}");
}

#[tokio::test]
async fn no_batch_is_lost_when_connections_break() {
    let ledger = ledger();
    let database = TestDatabase::create();
    let mut projector = open(database.database(), &ledger).await;
    let store = ReadStore::open(database.database()).unwrap();
    let (sender, receiver) = mpsc::channel(1);
    let feed = async {
        for record in ledger.records() {
            cut_connections(&database).await;
            sender.send(batch(std::slice::from_ref(record))).await.unwrap();
        }
        eventually("everything is folded", async || {
            let checkpoint = store.checkpoint().await.ok().flatten();
            checkpoint.is_some_and(|at| at.position == ledger.position())
        })
        .await;
        drop(sender);
    };
    let (outcome, ()) =
        timeout(PATIENCE, async { tokio::join!(projector.run(receiver), feed) }).await.unwrap();
    outcome.unwrap();
    assert_eq!(live_checksums(&database).await, live_checksums(&folded(&ledger).await).await);
}

#[tokio::test]
async fn no_text_stops_the_projector() {
    let mut ledger = TestLedger::new();
    let nasty = format!("\0'\"\\{{}}\u{1F600}{}", "x".repeat(100_000));
    let (stream, _) = requested(0);
    let mut created = request(0);
    created.external_ref.clone_from(&nasty);
    created.integration_title.clone_from(&nasty);
    let created = fullmakt_events::event::AgreementEvent::RequestCreated(created);
    ledger.commit(&[(stream, created.into()), token_client_registered(0), key_added(0, 0)]);
    // A commit that is not admitted, with an event whose type nobody knows.
    let mut unknown = ledger.decided(&[registered(0, &[])]);
    unknown.events[0].kind = nasty;
    unknown.as_of = Position::new(50);
    ledger.append_commit(unknown);
    ledger.append(&[0; 3]);
    ledger.append(b"");
    let database = folded(&ledger).await;
    let tables = live_checksums(&database).await.tables;
    assert_eq!(tables["system_user_requests"].rows, 1);
    assert_eq!(tables["ledger_records"].rows, 5);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..Default::default() })]

    /// However the ledger is cut into batches, and wherever the projector is started anew.
    #[test]
    fn any_batches_and_restarts_give_the_same_tables(
        ledger in any_ledger(),
        sizes in vec(1..6_usize, 1..4),
        restarts in vec(any::<bool>(), 1..5),
    ) {
        runtime().block_on(async {
            let database = TestDatabase::create();
            let mut projector = open(database.database(), &ledger).await;
            let ranges = cut(ledger.records(), &sizes);
            for (range, restart) in ranges.into_iter().zip(restarts.iter().cycle()) {
                projector.apply(&ledger.records()[range.clone()]).await.unwrap();
                if *restart {
                    projector = open(database.database(), &ledger).await;
                    projector.apply(&ledger.records()[..range.end]).await.unwrap();
                }
            }
            let whole = folded(&ledger).await;
            let (found, expected) =
                (live_checksums(&database).await, live_checksums(&whole).await);
            assert_eq!(found.differences(&expected), Vec::<&str>::new());
            assert_eq!(found, expected);
        });
    }
}

pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

#[tokio::test]
async fn commands_are_forgotten_after_a_day_of_ledger_time() {
    let mut ledger = TestLedger::new();
    ledger.commit(&[answered(0)]);
    ledger.advance_seconds(23 * 3600);
    ledger.commit(&[answered(1)]);
    let store_rows = async |ledger: &TestLedger| {
        let database = folded(ledger).await;
        live_checksums(&database).await.tables["ledger_command_events"].rows
    };
    assert_eq!(store_rows(&ledger).await, 2);
    ledger.advance_seconds(2 * 3600);
    ledger.tick();
    assert_eq!(store_rows(&ledger).await, 1);
    let database = folded(&ledger).await;
    let store = ReadStore::open(database.database()).unwrap();
    let loaded = store.load_streams(&[command_stream(0), command_stream(1)]).await.unwrap();
    assert_eq!(loaded.events.keys().collect::<Vec<_>>(), [&command_stream(1)]);
}

#[tokio::test]
async fn a_projector_waits_no_longer_than_its_sender_lives() {
    let ledger = ledger();
    let database = TestDatabase::create();
    let mut projector = open(database.database(), &ledger).await;
    let (sender, receiver) = mpsc::channel(4);
    sender.try_send(batch(&ledger.records()[..2])).unwrap();
    sender.try_send(batch(&ledger.records()[2..])).unwrap();
    drop(sender);
    // Services run it as a task of its own.
    let running = tokio::spawn(async move {
        projector.run(receiver).await.unwrap();
        projector
    });
    let projector = timeout(PATIENCE, running).await.unwrap().unwrap();
    assert_eq!(projector.checkpoint().unwrap().position, ledger.position());
}
