use std::{cell::RefCell, collections::BTreeMap, future::ready};

use fullmakt_access::record::{DecisionRecord, LogRecord};
use fullmakt_events::{LedgerId, Position};
use fullmakt_readstore::{
    Projector, ProjectorError, ProjectorLimits, ReadStore, Reader,
    testing::{TestDatabase, TestLedger},
};
use proptest::{
    prelude::*,
    test_runner::{Config, TestRunner},
};
use serde_json::Value;
use uuid::Uuid;

use super::world::{World, any_history};
use crate::decisions::{
    recompute::{self, Recomputed},
    reproduction::{Obstacle, Reproduction, obstacle_to_decision, obstacle_to_delegation},
};

/// A database into which a ledger has been folded.
async fn folded(ledger: &TestLedger) -> TestDatabase {
    let database = TestDatabase::create();
    let end = ready(Ok::<Position, ProjectorError>(ledger.position().next()));
    let limits = ProjectorLimits::default();
    let projector = Projector::open(database.database(), TestLedger::ID, end, limits).await;
    projector.unwrap().apply(ledger.records()).await.unwrap();
    database
}

async fn reader(database: &TestDatabase) -> Reader {
    ReadStore::open(database.database()).unwrap().reader().await.unwrap()
}

async fn recomputed(reader: &Reader, record: &LogRecord) -> Recomputed {
    let own = TestLedger::ID;
    let obstacle = match record {
        LogRecord::Decision(record) => obstacle_to_decision(record, own),
        LogRecord::Delegation(record) => obstacle_to_delegation(record, own),
        LogRecord::Undecided(_) | LogRecord::Search(_) | LogRecord::Gap(_) => panic!("{record:?}"),
    };
    if let Some(obstacle) = obstacle {
        return obstacle.into();
    }
    let recomputed = match record {
        LogRecord::Decision(record) => recompute::decision(reader, record).await,
        LogRecord::Delegation(record) => recompute::delegation(reader, record).await,
        LogRecord::Undecided(_) | LogRecord::Search(_) | LogRecord::Gap(_) => panic!("{record:?}"),
    };
    recomputed.unwrap()
}

async fn reproduced(reader: &Reader, record: &LogRecord) -> Reproduction {
    recomputed(reader, record).await.reproduction
}

/// As the log has it: written and read again.
fn logged(record: &LogRecord) -> LogRecord {
    LogRecord::read(&serde_json::to_string(record).unwrap()).unwrap()
}

#[test]
fn every_decision_of_a_random_history_is_reproduced() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let reasons = RefCell::new(BTreeMap::<String, usize>::new());
    let mut runner =
        TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
    runner
        .run(&any_history(400), |history| {
            let world = World::after(&history);
            runtime.block_on(async {
                let database = folded(&world.ledger).await;
                let reader = reader(&database).await;
                for (record, facts) in world.records.iter().zip(&world.facts) {
                    let recomputed = recomputed(&reader, &logged(record)).await;
                    prop_assert_eq!(&recomputed.facts, facts, "{:?}", record);
                    prop_assert_eq!(recomputed.reproduction, Reproduction::Match, "{:?}", record);
                    if let LogRecord::Decision(record) = record {
                        *reasons.borrow_mut().entry(record.reason.to_string()).or_default() += 1;
                    }
                }
                Ok(())
            })
        })
        .unwrap();
    let reasons = reasons.into_inner();
    // The histories are such that every kind of answer is given, but for a policy that fails.
    for reason in [
        "policy-permits",
        "right-permits",
        "policy-denies",
        "registry-right-missing",
        "nothing-permits",
        "party-deleted",
        "subject-paused",
        "subject-unknown",
        "no-policy",
    ] {
        assert!(reasons.contains_key(reason), "{reason}: {reasons:?}");
    }
}

/// A world in which the general manager was permitted to read.
fn permitted() -> (World, DecisionRecord) {
    let mut world = World::new();
    world.decides(0, 0, 12);
    let Some(LogRecord::Decision(record)) = world.records.last().cloned() else { panic!() };
    assert_eq!(record.decision, "Permit");
    (world, record)
}

fn fields(reproduction: &Reproduction) -> Vec<&str> {
    match reproduction {
        Reproduction::Mismatch(differences) => {
            differences.iter().map(|difference| difference.field.as_str()).collect()
        }
        Reproduction::Match | Reproduction::Unverifiable(_) => panic!("{reproduction:?}"),
    }
}

#[tokio::test]
async fn a_record_that_was_tampered_with_is_a_mismatch_that_says_where() {
    let (world, record) = permitted();
    let database = folded(&world.ledger).await;
    let reader = reader(&database).await;
    let changed = |change: &dyn Fn(&mut DecisionRecord)| {
        let mut record = record.clone();
        change(&mut record);
        LogRecord::Decision(record)
    };
    for (tampered, field) in [
        (changed(&|record| record.decision = "Deny".into()), "decision"),
        (changed(&|record| record.facts = "0".repeat(64)), "facts"),
        (changed(&|record| record.reason = "right-permits".into()), "reason"),
        (changed(&|record| record.obligations = Value::Array(Vec::new())), "obligations"),
        (changed(&|record| record.status = "processing-error".into()), "status"),
        (changed(&|record| record.owner = None), "owner"),
        (changed(&|record| record.policy = None), "policy"),
        (changed(&|record| record.catalogues.clear()), "catalogues"),
    ] {
        let reproduction = reproduced(&reader, &tampered).await;
        assert_eq!(fields(&reproduction), [field]);
    }
    // Before the position there was another answer.
    let earlier = changed(&|record| record.position = Position::new(record.position.get() - 1));
    assert!(fields(&reproduced(&reader, &earlier).await).contains(&"decision"));
}

#[tokio::test]
async fn a_fact_that_was_tampered_with_is_a_mismatch() {
    let (world, record) = permitted();
    let database = folded(&world.ledger).await;
    let client = database.client().await;
    let schema = fullmakt_readstore::ReadSchema::live();
    let role = "UPDATE party_roles SET role = 'urn:altinn:external-role:ccr:styreleder'";
    client.batch_execute(&format!("SET search_path = {schema}; {role}")).await.unwrap();
    let reader = reader(&database).await;
    let reproduction = reproduced(&reader, &LogRecord::Decision(record)).await;
    let fields = fields(&reproduction);
    assert!(fields.contains(&"decision") && fields.contains(&"facts"), "{fields:?}");
}

#[tokio::test]
async fn what_cannot_be_computed_again_is_unverifiable_and_says_why() {
    let (world, record) = permitted();
    let database = folded(&world.ledger).await;
    let reader = reader(&database).await;
    let changed = |change: &dyn Fn(&mut DecisionRecord)| {
        let mut record = record.clone();
        change(&mut record);
        LogRecord::Decision(record)
    };
    let other = LedgerId::new(Uuid::from_u128(8));
    for (record, obstacle) in [
        (changed(&|record| record.engine = "fullmakt-xacml/0".into()), Obstacle::EngineVersion),
        (changed(&|record| record.matching = "altinn".into()), Obstacle::MatchingMode),
        (changed(&|record| record.ledger = other), Obstacle::AnotherLedger),
        (changed(&|record| record.policy = Some("another".into())), Obstacle::PolicyNotAvailable),
        (
            changed(&|record| {
                record.catalogues.insert("roles".into(), "another".into());
            }),
            Obstacle::CatalogueNotAvailable,
        ),
        (changed(&|record| record.withheld = 1), Obstacle::PersonalDataWithheld),
        (changed(&|record| record.request.xacml = Value::Null), Obstacle::RecordNotReadable),
    ] {
        assert_eq!(reproduced(&reader, &record).await, Reproduction::Unverifiable(obstacle));
    }
}
