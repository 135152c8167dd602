use fullmakt_events::{
    Event, LocalizedText, OrgNumber, PartyId, PartyNumber, Position, Right, RoleUrn, SystemId,
    SystemUserId,
    event::{
        PartyEvent, PartyFacts, PartyKind, PartyRegistered, RoleAssigned, RoleEnded,
        SystemDefinition, SystemDeleted, SystemEvent, SystemRegistered,
    },
};
use uuid::Uuid;

use super::*;

fn party(number: u128) -> PartyId {
    PartyId::new(Uuid::from_u128(number))
}

fn registered(number: u32) -> Event {
    PartyEvent::Registered(PartyRegistered {
        party: party(number.into()),
        number: PartyNumber::new(number),
        facts: PartyFacts {
            kind: PartyKind::Organization,
            org_number: None,
            variant: None,
            name: None,
            parent: None,
            is_deleted: false,
        },
    })
    .into()
}

fn assigned(role: &str) -> Event {
    PartyEvent::RoleAssigned(RoleAssigned {
        party: party(1),
        role: RoleUrn::new(role),
        holder: party(2),
    })
    .into()
}

fn ended(role: &str) -> Event {
    let (party, holder) = (party(1), party(2));
    PartyEvent::RoleEnded(RoleEnded { party, role: RoleUrn::new(role), holder }).into()
}

fn graph(events: &[Event]) -> AccessGraph {
    let mut graph = AccessGraph::default();
    for (number, event) in (1..).zip(events) {
        graph.fold(event, Position::new(number));
    }
    graph
}

#[test]
fn a_role_is_found_from_both_sides_until_it_ends() {
    let given = [registered(1), assigned("urn:a:b"), assigned("urn:a:c")];
    let both = graph(&given);
    let roles: Vec<_> =
        both.party(party(1)).unwrap().roles.iter().map(|held| held.since.get()).collect();
    assert_eq!(roles, [2, 3]);
    assert_eq!(both.parties_of_holder(party(2)), [party(1)]);

    let one = graph(&[given.as_slice(), &[ended("urn:a:b")]].concat());
    assert_eq!(one.party(party(1)).unwrap().roles.len(), 1);
    assert_eq!(one.parties_of_holder(party(2)), [party(1)]);

    let none = graph(&[given.as_slice(), &[ended("urn:a:b"), ended("urn:a:c")]].concat());
    assert!(none.party(party(1)).unwrap().roles.is_empty());
    assert!(none.parties_of_holder(party(2)).is_empty());
}

#[test]
fn a_generation_does_not_change_when_the_next_one_is_made() {
    let before = graph(&[registered(1), assigned("urn:a:b")]);
    let mut after = before.clone();
    after.fold(&ended("urn:a:b"), Position::new(3));
    assert_eq!(before.party(party(1)).unwrap().roles.len(), 1);
    assert!(after.party(party(1)).unwrap().roles.is_empty());
}

#[test]
fn a_deleted_system_declares_nothing() {
    let id: SystemId = "310010014_smart".parse().unwrap();
    let right = Right::to("my-resource", None);
    let system = SystemDefinition {
        id: id.clone(),
        vendor: "310010014".parse::<OrgNumber>().unwrap(),
        name: LocalizedText::default(),
        description: LocalizedText::default(),
        rights: vec![right.clone()],
        access_packages: Vec::new(),
        client_ids: Vec::new(),
        is_visible: true,
        allowed_redirect_urls: Vec::new(),
    };
    let internal_id = Uuid::from_u128(9).into();
    let registered =
        SystemEvent::Registered(SystemRegistered { internal_id, system: Box::new(system) });
    let live = graph(&[registered.clone().into()]);
    assert!(live.system(&id).unwrap().declares_right(&right));
    assert!(!live.system(&id).unwrap().declares_right(&Right::to("other", None)));

    let deleted = SystemEvent::Deleted(SystemDeleted { id: id.clone() });
    let gone = graph(&[registered.into(), deleted.into()]);
    assert!(!gone.system(&id).unwrap().declares_right(&right));
    assert!(gone.system_user(SystemUserId::new(Uuid::from_u128(1))).is_none());
}
