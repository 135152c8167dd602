//! The state of the admission rule as it is kept in the database.

use fullmakt_events::{Admission, Folded, decode};
use fullmakt_projections::Checkpoint;
use fullmakt_readstore::{
    DatabaseError, ProjectorError, admission_snapshot,
    testing::{TestDatabase, TestLedger},
};
use proptest::{prelude::*, sample::Index};
use tokio::time::timeout;

use crate::{
    history::{answered, any_ledger, party_changed, party_registered, role_assigned},
    projector::runtime,
    support::{PATIENCE, folded, open},
};

/// The state of the rule after these records, by judging all of them.
fn judged(records: &[Folded]) -> Admission {
    let (genesis, others) = records.split_first().unwrap();
    let mut admission =
        Admission::begin(genesis.position, genesis.append_time, &genesis.bytes, "test").unwrap();
    for record in others {
        admission.judge(record.append_time, &decode(&record.bytes));
    }
    admission
}

/// All of it that verdicts depend on.
fn state(admission: &Admission) -> impl PartialEq + std::fmt::Debug + use<> {
    let mut last_writes: Vec<_> = admission.last_writes().collect();
    last_writes.sort_unstable();
    let command_writes: Vec<_> = admission.command_writes().collect();
    let place = (admission.ledger(), admission.position(), admission.ledger_time());
    (place, last_writes, command_writes)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..Default::default() })]

    #[test]
    fn what_is_kept_is_the_state_that_judging_all_gives_and_judges_the_rest_alike(
        ledger in any_ledger(), cut in any::<Index>(),
    ) {
        let cut = cut.index(ledger.records().len()) + 1;
        let (before, after) = ledger.records().split_at(cut);
        let snapshot = runtime().block_on(async {
            let database = TestDatabase::create();
            open(database.database(), &ledger).await.apply(before).await.unwrap();
            timeout(PATIENCE, admission_snapshot(database.database())).await.unwrap().unwrap()
        });
        let snapshot = snapshot.unwrap();
        let last = before.last().unwrap();
        prop_assert_eq!(snapshot.checkpoint, Checkpoint::at(TestLedger::ID, last));
        prop_assert_eq!(state(&snapshot.admission), state(&judged(before)));
        let mut admission = snapshot.admission;
        for record in after {
            let judged = Folded::fold(&mut admission, record.append_time, &record.bytes).unwrap();
            prop_assert_eq!(&judged.verdict, &record.verdict);
        }
        prop_assert_eq!(state(&admission), state(&judged(ledger.records())));
    }
}

#[tokio::test]
async fn before_anything_is_folded_there_is_nothing_to_begin_at() {
    let database = TestDatabase::create();
    assert!(admission_snapshot(database.database()).await.unwrap().is_none());
}

#[tokio::test]
async fn what_another_release_has_folded_is_not_taken() {
    let database = folded(&TestLedger::new()).await;
    let other = "UPDATE fullmakt_read_3.checkpoint SET shape = 'x'";
    database.client().await.batch_execute(other).await.unwrap();
    assert!(admission_snapshot(database.database()).await.unwrap().is_none());
}

/// The state and its checkpoint are of one moment, whatever is folded meanwhile.
#[tokio::test]
async fn a_state_is_that_at_its_checkpoint_while_the_index_goes_on() {
    let mut ledger = TestLedger::new();
    for n in 0..40 {
        ledger.commit(&[party_registered(n), answered(n)]);
        ledger.commit(&[party_changed(n, n), role_assigned(n, 0, n), answered(n)]);
    }
    let database = TestDatabase::create();
    let mut projector = open(database.database(), &ledger).await;
    let mut taken = 0;
    let growing = async {
        for record in ledger.records() {
            projector.apply(std::slice::from_ref(record)).await.unwrap();
        }
    };
    let reading = async {
        loop {
            if let Some(snapshot) = admission_snapshot(database.database()).await.unwrap() {
                let position = snapshot.checkpoint.position;
                assert_eq!(snapshot.admission.position(), position);
                let records = ledger.records().iter();
                let before: Vec<_> =
                    records.take_while(|r| r.position <= position).cloned().collect();
                assert_eq!(state(&snapshot.admission), state(&judged(&before)));
                taken += 1;
                if position == ledger.position() {
                    break;
                }
            }
        }
    };
    let both = async { tokio::join!(growing, reading) };
    timeout(PATIENCE, both).await.unwrap();
    assert!(taken > 1, "{taken}");
}

#[tokio::test]
async fn what_cannot_be_a_state_of_the_rule_is_refused() {
    let mut ledger = TestLedger::new();
    ledger.commit(&[party_registered(0), answered(0)]);
    for tamper in [
        "UPDATE {s}.ledger_streams SET position = 2",
        "UPDATE {s}.ledger_command_events SET position = 2",
        "UPDATE {s}.ledger_command_events SET ledger_time = ledger_time + interval '1 s'",
    ] {
        let database = folded(&ledger).await;
        let tamper = tamper.replace("{s}", "fullmakt_read_3");
        assert_eq!(database.client().await.execute(&tamper, &[]).await.unwrap(), 1, "{tamper}");
        let refused = admission_snapshot(database.database()).await.unwrap_err();
        assert!(matches!(refused, DatabaseError::Inconsistency { .. }), "{tamper}: {refused:?}");
    }
}

/// A database into which all but the last record was folded, the checkpoint there, and the record.
async fn all_but_the_last() -> (TestDatabase, TestLedger, Checkpoint, Folded) {
    let mut ledger = TestLedger::new();
    ledger.commit(&[party_registered(0)]);
    ledger.commit(&[party_registered(1)]);
    let (last, before) = ledger.records().split_last().unwrap();
    let last = last.clone();
    let database = TestDatabase::create();
    open(database.database(), &ledger).await.apply(before).await.unwrap();
    let snapshot = admission_snapshot(database.database()).await.unwrap().unwrap();
    (database, ledger, snapshot.checkpoint, last)
}

#[tokio::test]
async fn a_projector_that_knows_the_record_at_its_checkpoint_goes_on_after_it() {
    let (database, ledger, checkpoint, last) = all_but_the_last().await;
    let mut projector = open(database.database(), &ledger).await.knowing(Some(&checkpoint));
    assert_eq!(projector.apply(&[last]).await.unwrap(), Some(ledger.position()));
}

#[tokio::test]
async fn a_projector_that_knows_another_record_or_none_does_not_go_on() {
    let (database, ledger, checkpoint, last) = all_but_the_last().await;
    let other = Checkpoint { hash: [0; 32], ..checkpoint };
    for known in [None, Some(other)] {
        let mut projector = open(database.database(), &ledger).await.knowing(known.as_ref());
        let refused = projector.apply(std::slice::from_ref(&last)).await.unwrap_err();
        assert!(matches!(refused, ProjectorError::Discontinuity { .. }), "{refused:?}");
    }
}
