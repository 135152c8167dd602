//! The system register, its change log, and the client ids that systems hold.

use fullmakt_events::{
    Actor, Commit, LedgerRecord, LocalizedText, PackageUrn,
    event::{
        ClientIdClaimed, ClientIdEvent, ClientIdReleased, SystemAccessPackagesReplaced,
        SystemDefinition, SystemDeleted, SystemEvent, SystemRegistered, SystemRightsReplaced,
        SystemUpdated,
    },
};

use super::*;
use crate::{Submitted, SystemChangeType};

fn definition() -> SystemDefinition {
    SystemDefinition {
        id: system(),
        vendor: org(),
        name: LocalizedText::default(),
        description: LocalizedText::default(),
        rights: vec![Right::to("vat", None)],
        access_packages: Vec::new(),
        client_ids: vec![client()],
        is_visible: true,
        allowed_redirect_urls: Vec::new(),
    }
}

fn registered() -> Event {
    SystemEvent::Registered(SystemRegistered {
        internal_id: Uuid::from_u128(9).into(),
        system: Box::new(definition()),
    })
    .into()
}

fn hidden() -> SystemDefinition {
    SystemDefinition { is_visible: false, client_ids: Vec::new(), ..definition() }
}

fn updated() -> Event {
    SystemEvent::Updated(SystemUpdated { system: Box::new(hidden()) }).into()
}

fn rights_replaced() -> Event {
    let rights = vec![Right::to("tax", Some("write"))];
    SystemEvent::RightsReplaced(SystemRightsReplaced { id: system(), rights }).into()
}

fn packages_replaced() -> Event {
    let access_packages = vec![PackageUrn::new("urn:altinn:accesspackage:skatt-naering")];
    let replaced = SystemAccessPackagesReplaced { id: system(), access_packages };
    SystemEvent::AccessPackagesReplaced(replaced).into()
}

fn system_deleted() -> Event {
    SystemEvent::Deleted(SystemDeleted { id: system() }).into()
}

#[test]
fn a_deleted_system_keeps_its_entry() {
    let history = vec![vec![registered()], vec![system_deleted()]];
    let rows = table::<Systems>(history, |c| c.systems);
    assert_eq!(rows.iter().map(interval).collect::<Vec<_>>(), [(1, Some(2)), (2, None)]);
    assert_eq!(rows.iter().map(|row| row.is_deleted).collect::<Vec<_>>(), [false, true]);
    assert_eq!(rows[1].created, Timestamp::from_micros(1_000_000));
    assert_eq!(rows[1].definition.client_ids, [client()]);
}

#[test]
fn a_system_that_was_never_registered_is_not_made_by_what_else_happens_to_it() {
    for event in [system_deleted(), updated(), rights_replaced(), packages_replaced()] {
        assert!(table::<Systems>(vec![vec![event]], |c| c.systems).is_empty());
    }
}

#[test]
fn a_system_is_what_it_was_changed_to_and_its_version_counts_all_changes() {
    // The last two change nothing but the version.
    let history = [
        registered(),
        updated(),
        rights_replaced(),
        packages_replaced(),
        packages_replaced(),
        rights_replaced(),
    ];
    let history = history.into_iter().map(|event| vec![event]).collect();
    let rows = table::<Systems>(history, |c| c.systems);
    let intervals: Vec<_> = rows.iter().map(interval).collect();
    let expected: Vec<_> = (1..6).map(|from| (from, Some(from + 1))).chain([(6, None)]).collect();
    assert_eq!(intervals, expected);
    assert_eq!(rows.iter().map(|row| row.version).collect::<Vec<_>>(), [1, 2, 3, 4, 5, 6]);
    assert!(rows.iter().all(|row| row.created == Timestamp::from_micros(1_000_000)));
    assert!(rows.iter().all(|row| row.internal_id == Uuid::from_u128(9).into()));
    assert_eq!(rows[1].definition, hidden());
    let rights = vec![Right::to("tax", Some("write"))];
    assert_eq!(rows[2].definition, SystemDefinition { rights: rights.clone(), ..hidden() });
    let access_packages = vec![PackageUrn::new("urn:altinn:accesspackage:skatt-naering")];
    let last = SystemDefinition { rights, access_packages, ..hidden() };
    assert!(rows[3..].iter().all(|row| row.definition == last));
}

#[test]
fn a_deleted_system_stays_deleted_whatever_else_is_recorded() {
    let history = vec![vec![registered()], vec![system_deleted()], vec![updated()]];
    let rows = table::<Systems>(history, |c| c.systems);
    assert_eq!(rows.iter().map(|row| row.is_deleted).collect::<Vec<_>>(), [false, true, true]);
}

/// The record of a commit by this actor.
fn record_by(actor: Actor, position: u64, events: Vec<Event>) -> Folded {
    let ledger = Uuid::from_u128(8).into();
    let commit = Commit::new(Uuid::from_u128(7), ledger, Timestamp::default(), actor);
    Folded { record: Some(LedgerRecord::Commit(Box::new(commit))), ..record(position, events) }
}

#[test]
fn the_change_log_has_one_entry_a_call_and_keeps_equal_ones() {
    let events = [
        registered(),
        updated(),
        updated(),
        rights_replaced(),
        packages_replaced(),
        system_deleted(),
    ];
    let history = events.into_iter().map(|event| vec![event]).collect();
    let rows = table::<SystemChanges>(history, |c| c.system_changes);
    assert_eq!(
        rows.iter().map(|row| row.submitted.change_type()).collect::<Vec<_>>(),
        [
            SystemChangeType::Create,
            SystemChangeType::Update,
            SystemChangeType::Update,
            SystemChangeType::RightsUpdate,
            SystemChangeType::AccessPackageUpdate,
            SystemChangeType::Delete,
        ]
    );
    assert_eq!(rows[0].submitted, Submitted::Registration(Box::new(definition())));
    assert_eq!(rows[1].submitted, Submitted::Update(Box::new(hidden())));
    let positions: Vec<u64> = rows.iter().map(|row| row.changed.position.get()).collect();
    assert_eq!(positions, [1, 2, 3, 4, 5, 6]);
    assert!(rows.iter().all(|row| row.from == row.changed.position));
}

#[test]
fn the_change_log_says_who_called_as_the_commit_does() {
    let caller = Actor { org: Some(org()), client_id: Some(client()), ..Actor::operator() };
    for (actor, org, client_id) in
        [(caller, Some(org()), Some(client())), (Actor::operator(), None, None)]
    {
        let changes = project(&record_by(actor, 3, vec![rights_replaced()]));
        let [Change::System(_), Change::SystemChange(keyed)] = changes.as_slice() else {
            panic!("{changes:?}");
        };
        assert_eq!((keyed.change.changed_by, keyed.change.client_id.clone()), (org, client_id));
        assert_eq!(keyed.change.created, Timestamp::from_micros(3_000_000));
    }
}

#[test]
fn a_client_id_is_held_until_it_is_released_whatever_its_case() {
    let claimed = |client: &str| -> Event {
        let client_id = client.parse().unwrap();
        ClientIdEvent::Claimed(ClientIdClaimed { client_id, system: system() }).into()
    };
    let released = ClientIdEvent::Released(ClientIdReleased {
        client_id: "client-1".parse().unwrap(),
        system: system(),
    });
    let history = vec![vec![claimed("CLIENT-1")], vec![released.into()], vec![claimed("client-1")]];
    let rows = table::<SystemClientIds>(history, |c| c.system_client_ids);
    assert_eq!(rows.iter().map(interval).collect::<Vec<_>>(), [(1, Some(2)), (3, None)]);
    assert_eq!(rows[0].client_id.as_str(), "CLIENT-1");
}
