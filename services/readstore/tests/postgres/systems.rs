//! What is asked of the system register.

use fullmakt_events::{ActorKind, Position};
use fullmakt_projections::{Submitted, SystemChangeType};
use fullmakt_readstore::{ReadStore, Reader, testing::TestDatabase, testing::TestLedger};

use crate::{
    history::{
        Fact, claimed, client, org, packages_replaced, registered, released, rights_replaced,
        system, system_deleted, system_updated,
    },
    support::{folded, live_checksums},
};

async fn reader(database: &TestDatabase) -> Reader {
    ReadStore::open(database.database()).unwrap().reader().await.unwrap()
}

#[tokio::test]
async fn the_system_of_a_client_id_follows_updates() {
    let mut ledger = TestLedger::new();
    ledger.commit(&[registered(0, &[0]), claimed(0, 0)]);
    ledger.commit(&[system_updated(0, &[1], true), released(0, 0), claimed(1, 0)]);
    ledger.commit(&[registered(1, &[0]), claimed(0, 1)]);
    // Kept: neither released nor claimed.
    ledger.commit(&[system_updated(1, &[0], false)]);
    ledger.commit(&[system_updated(1, &[], true), released(0, 1)]);
    let database = folded(&ledger).await;
    let reader = reader(&database).await;
    for (at, holders) in [
        (1, [Some(0), None]),
        (2, [None, Some(0)]),
        (3, [Some(1), Some(0)]),
        (4, [Some(1), Some(0)]),
        (5, [None, Some(0)]),
    ] {
        for (n, holder) in holders.into_iter().enumerate() {
            let as_of = Some(Position::new(at));
            let found = reader.system_of_client(&client(n), as_of).await.unwrap();
            assert_eq!(found.map(|found| found.row.system), holder.map(system), "{n} at {at}");
        }
    }
}

fn by_vendor(ledger: &mut TestLedger, facts: &[Fact]) {
    let mut commit = ledger.decided(facts);
    commit.actor.kind = ActorKind::SystemProvider;
    commit.actor.org = Some(org(0));
    commit.actor.client_id = Some(client(7));
    ledger.append_commit(commit);
}

#[tokio::test]
async fn the_change_log_has_every_call_the_newest_first_also_of_a_deleted_system() {
    let mut ledger = TestLedger::new();
    by_vendor(&mut ledger, &[registered(0, &[])]);
    ledger.commit(&[registered(1, &[])]);
    by_vendor(&mut ledger, &[rights_replaced(0, &[1])]);
    by_vendor(&mut ledger, &[rights_replaced(0, &[1])]);
    by_vendor(&mut ledger, &[packages_replaced(0, &[])]);
    by_vendor(&mut ledger, &[system_updated(0, &[], false)]);
    ledger.commit(&[system_deleted(0)]);
    let database = folded(&ledger).await;
    let reader = reader(&database).await;

    let log = reader.changes_of_system(&system(0), None).await.unwrap();
    let types: Vec<_> = log.iter().map(|change| change.submitted.change_type()).collect();
    let expected = [
        SystemChangeType::Delete,
        SystemChangeType::Update,
        SystemChangeType::AccessPackageUpdate,
        SystemChangeType::RightsUpdate,
        SystemChangeType::RightsUpdate,
        SystemChangeType::Create,
    ];
    assert_eq!(types, expected);
    let positions: Vec<u64> = log.iter().map(|change| change.changed.position.get()).collect();
    assert_eq!(positions, [7, 6, 5, 4, 3, 1]);
    assert_eq!(log[2].submitted, Submitted::AccessPackages(Vec::new()));
    for (n, change) in log.iter().enumerate() {
        // The first was made by the installation itself.
        let by = (n > 0).then(|| (org(0), client(7)));
        assert_eq!(change.changed_by.zip(change.client_id.clone()), by, "{n}");
        let record = &ledger.records()[usize::try_from(change.changed.position.get()).unwrap()];
        assert_eq!(change.created, record.ledger_time);
    }

    let before = Some(Position::new(4));
    let log = reader.changes_of_system(&system(0), before).await.unwrap();
    let types: Vec<_> = log.iter().map(|change| change.submitted.change_type()).collect();
    assert_eq!(types, expected[3..]);
    assert_eq!(reader.changes_of_system(&system(1), None).await.unwrap().len(), 1);
    assert!(reader.changes_of_system(&system(2), None).await.unwrap().is_empty());
}

/// The table itself keeps that each entry has what its type says, and nothing else.
#[tokio::test]
async fn an_entry_without_what_was_submitted_cannot_be_stored() {
    let mut ledger = TestLedger::new();
    ledger.commit(&[registered(0, &[])]);
    ledger.commit(&[system_deleted(0)]);
    let database = folded(&ledger).await;
    let before = live_checksums(&database).await;
    let client = database.client().await;
    for broken in [
        "definition = NULL WHERE change_type = 'create'",
        "rights = '[]' WHERE change_type = 'create'",
        "change_type = 'rights_update' WHERE change_type = 'create'",
        "access_packages = '[]' WHERE change_type = 'delete'",
        "change_type = 'other'",
    ] {
        let update = format!("UPDATE fullmakt_read_3.system_changes SET {broken}");
        let refused = client.execute(&update, &[]).await.unwrap_err();
        let code = refused.code().cloned();
        assert_eq!(code, Some(tokio_postgres::error::SqlState::CHECK_VIOLATION), "{broken}");
    }
    assert_eq!(live_checksums(&database).await, before);
}
