use fullmakt_events::{
    AccessListId, Event, LocalizedText, OrgNumber, PackageUrn, PartyId, PartyNumber, Position,
    Right, RoleUrn, SystemId, SystemUserId, Verdict,
    event::{
        AccessListCreated, AccessListDeleted, AccessListEvent, AccessListMembersAdded,
        AccessListResourceConnected, AgreementEvent, Catalogue, CatalogueEvent, CataloguePublished,
        Entity, OrgNumberClaimed, OrgNumberEvent, PartyChanged, PartyEvent, PartyFacts, PartyKind,
        PartyNumberClaimed, PartyNumberEvent, PartyRegistered, PolicyPublished, ResourceCreated,
        ResourceDefinition, ResourceEvent, RoleAssigned, RoleEnded, RoleMapping, RolePackage,
        SystemAccessPackagesReplaced, SystemDefinition, SystemDeleted, SystemEvent,
        SystemRegistered, SystemRightsReplaced, SystemUpdated, SystemUserChanged,
        SystemUserCreated, SystemUserDeleted, SystemUserKind, SystemUserPaused, SystemUserRenamed,
        SystemUserResumed,
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

fn created(id: &str) -> Event {
    let resource = ResourceDefinition {
        id: id.parse().unwrap(),
        owner: "991825827".parse().unwrap(),
        resource_type: "GenericAccessResource".to_owned(),
        is_delegable: true,
        metadata: serde_json::Map::new(),
    };
    ResourceEvent::Created(ResourceCreated { resource }).into()
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
fn a_sub_unit_is_found_below_its_main_unit_until_it_moves() {
    let below = |parent: Option<u128>| PartyFacts {
        kind: PartyKind::SubUnit,
        org_number: None,
        variant: None,
        name: None,
        parent: parent.map(party),
        is_deleted: false,
    };
    let joins = |number: u32, parent: u128| {
        let (party, facts) = (party(number.into()), below(Some(parent)));
        PartyEvent::Registered(PartyRegistered { party, number: PartyNumber::new(number), facts })
    };
    let moves = |number: u128, parent: Option<u128>| {
        PartyEvent::Changed(PartyChanged { party: party(number), facts: below(parent) })
    };
    let mut events = vec![registered(1), registered(2), joins(4, 1).into(), joins(3, 1).into()];
    assert_eq!(graph(&events).sub_units_of(party(1)), [party(3), party(4)]);
    events.push(moves(3, Some(2)).into());
    events.push(moves(4, Some(1)).into());
    let after = graph(&events);
    assert_eq!(after.sub_units_of(party(1)), [party(4)]);
    assert_eq!(after.sub_units_of(party(2)), [party(3)]);
    events.push(moves(3, None).into());
    assert!(graph(&events).sub_units_of(party(2)).is_empty());
    assert!(graph(&events).sub_units_of(party(3)).is_empty());
}

#[test]
fn without_access_lists_nobody_is_authorized_by_one() {
    let resource = |id: &str| id.parse().unwrap();
    let graph = graph(&[registered(1), created("known")]);
    let said = |number, id: &str| graph.list_authorization(party(number), &resource(id), "read");
    assert_eq!(said(1, "known"), ListAuthorization::NotAuthorized);
    assert_eq!(said(1, "other"), ListAuthorization::NotDetermined);
    assert_eq!(said(2, "known"), ListAuthorization::NotDetermined);
}

#[test]
fn a_member_is_authorized_for_what_its_list_is_connected_with() {
    let id = AccessListId::new(Uuid::from_u128(7));
    let by = party(1);
    let known: ResourceId = "known".parse().unwrap();
    let list = |event: AccessListEvent| Event::from(event);
    let mut events = vec![
        registered(1),
        registered(2),
        created("known"),
        list(AccessListEvent::Created(AccessListCreated {
            id,
            owner: "digdir".parse().unwrap(),
            name: "banks".parse().unwrap(),
            title: "Banks".to_owned(),
            description: "All banks".to_owned(),
            by,
        })),
        list(AccessListEvent::MembersAdded(AccessListMembersAdded {
            id,
            members: vec![party(1)],
            by,
        })),
        list(AccessListEvent::ResourceConnected(AccessListResourceConnected {
            id,
            resource: known.clone(),
            actions: vec!["read".to_owned()],
            by,
        })),
    ];
    let said = |events: &[Event], number, action| {
        graph(events).list_authorization(party(number), &known, action)
    };
    assert_eq!(said(&events, 1, "read"), ListAuthorization::Authorized);
    assert_eq!(said(&events, 1, "write"), ListAuthorization::NotAuthorized);
    assert_eq!(said(&events, 2, "read"), ListAuthorization::NotAuthorized);
    events.push(list(AccessListEvent::Deleted(AccessListDeleted { id, by })));
    assert_eq!(said(&events, 1, "read"), ListAuthorization::NotAuthorized);
}

#[test]
fn a_generation_does_not_change_when_the_next_one_is_made() {
    let before = graph(&[registered(1), assigned("urn:a:b")]);
    let mut after = before.clone();
    after.fold(&ended("urn:a:b"), Position::new(3));
    assert_eq!(before.party(party(1)).unwrap().roles.len(), 1);
    assert!(after.party(party(1)).unwrap().roles.is_empty());
}

fn smart(rights: &[Right], access_packages: &[PackageUrn]) -> SystemDefinition {
    SystemDefinition {
        id: "310010014_smart".parse().unwrap(),
        vendor: "310010014".parse::<OrgNumber>().unwrap(),
        name: LocalizedText::default(),
        description: LocalizedText::default(),
        rights: rights.to_vec(),
        access_packages: access_packages.to_vec(),
        client_ids: Vec::new(),
        is_visible: true,
        allowed_redirect_urls: Vec::new(),
    }
}

fn system_registered(system: SystemDefinition) -> Event {
    let internal_id = Uuid::from_u128(9).into();
    SystemEvent::Registered(SystemRegistered { internal_id, system: Box::new(system) }).into()
}

#[test]
fn a_deleted_system_declares_nothing() {
    let right = Right::to("my-resource", None);
    let system = smart(std::slice::from_ref(&right), &[]);
    let id: SystemId = system.id.clone();
    let registered = system_registered(system);
    let live = graph(std::slice::from_ref(&registered));
    assert!(live.system(&id).unwrap().declares_right(&right));
    assert!(!live.system(&id).unwrap().declares_right(&Right::to("other", None)));

    let deleted = SystemEvent::Deleted(SystemDeleted { id: id.clone() });
    let gone = graph(&[registered, deleted.into()]);
    assert!(!gone.system(&id).unwrap().declares_right(&right));
    assert!(gone.system_user(SystemUserId::new(Uuid::from_u128(1))).is_none());
}

#[test]
fn a_system_declares_what_it_was_changed_to_and_nothing_that_was_replaced() {
    let right = |name: &str| Right::to(name, None);
    let package = |name: &str| PackageUrn::new(format!("{}{name}", PackageUrn::PREFIX));
    let before = smart(&[right("old")], &[package("old")]);
    let id = before.id.clone();
    let rights = SystemRightsReplaced { id: id.clone(), rights: vec![right("new")] };
    let packages =
        SystemAccessPackagesReplaced { id: id.clone(), access_packages: vec![package("new")] };
    let updated = SystemUpdated { system: Box::new(smart(&[right("newest")], &[])) };
    let events = [
        system_registered(before),
        SystemEvent::RightsReplaced(rights).into(),
        SystemEvent::AccessPackagesReplaced(packages).into(),
        SystemEvent::Updated(updated).into(),
    ];
    // For each number of events: the rights and packages declared, of old, new and newest.
    for (happened, rights, packages) in [
        (1, [true, false, false], [true, false, false]),
        (2, [false, true, false], [true, false, false]),
        (3, [false, true, false], [false, true, false]),
        (4, [false, false, true], [false, false, false]),
    ] {
        let graph = graph(&events[..happened]);
        let node = graph.system(&id).unwrap();
        let names = ["old", "new", "newest"];
        assert_eq!(names.map(|name| node.declares_right(&right(name))), rights, "{happened}");
        assert_eq!(names.map(|name| node.declares_package(&package(name))), packages, "{happened}");
        assert_eq!(node.since, Position::new(happened as u64));
        assert_eq!(node.provenance().stream, fullmakt_events::StreamName::system(&id));
    }
}

#[test]
fn a_change_neither_makes_a_system_nor_brings_one_back() {
    let right = Right::to("my-resource", None);
    let system = smart(std::slice::from_ref(&right), &[]);
    let id = system.id.clone();
    let updated: Event =
        SystemEvent::Updated(SystemUpdated { system: Box::new(system.clone()) }).into();
    assert!(graph(std::slice::from_ref(&updated)).system(&id).is_none());
    let deleted = SystemEvent::Deleted(SystemDeleted { id: id.clone() }).into();
    let graph = graph(&[system_registered(system), deleted, updated]);
    assert!(!graph.system(&id).unwrap().declares_right(&right));
}

#[test]
fn a_party_is_found_by_its_numbers_and_keeps_its_roles_when_its_facts_change() {
    let (number, org) = (PartyNumber::new(50_001), "310010014".parse().unwrap());
    let claims = [
        registered(1),
        PartyNumberEvent::Claimed(PartyNumberClaimed { number, party: party(1) }).into(),
        OrgNumberEvent::Claimed(OrgNumberClaimed { org_number: org, party: party(1) }).into(),
        assigned("urn:a:b"),
    ];
    let graph = graph(&claims);
    assert_eq!(graph.party_of_number(number), Some(party(1)));
    assert_eq!(graph.party_of_org(org), Some(party(1)));
    assert_eq!(graph.party_of_number(PartyNumber::new(1)), None);
    assert_eq!(graph.party_of_org("991825827".parse().unwrap()), None);

    let mut facts = graph.party(party(1)).unwrap().facts.clone();
    facts.is_deleted = true;
    let mut after = graph.clone();
    let changed = PartyEvent::Changed(PartyChanged { party: party(1), facts }).into();
    after.fold(&changed, Position::new(9));
    let node = after.party(party(1)).unwrap();
    assert!(node.facts.is_deleted);
    assert_eq!((node.since.get(), node.roles.len(), node.roles[0].since.get()), (9, 1, 4));
}

#[test]
fn a_role_that_ends_for_one_party_or_holder_is_still_held_by_and_for_others() {
    let other = |holder: u128, of: u128, is_assigned: bool| -> Event {
        let (party, holder, role) = (party(of), party(holder), RoleUrn::new("urn:a:b"));
        if is_assigned {
            PartyEvent::RoleAssigned(RoleAssigned { party, role, holder }).into()
        } else {
            PartyEvent::RoleEnded(RoleEnded { party, role, holder }).into()
        }
    };
    let events = [
        registered(1),
        registered(3),
        assigned("urn:a:b"),
        other(4, 1, true),
        other(2, 3, true),
        ended("urn:a:b"),
        // Ends what was never held.
        other(2, 1, false),
        other(9, 9, false),
    ];
    let graph = graph(&events);
    let holders: Vec<_> =
        graph.party(party(1)).unwrap().roles.iter().map(|held| held.holder).collect();
    assert_eq!(holders, [party(4)]);
    assert_eq!(graph.parties_of_holder(party(2)), [party(3)]);
    assert_eq!(graph.parties_of_holder(party(4)), [party(1)]);
}

fn published(content: Catalogue) -> Event {
    let hash = format!("{content:?}");
    CatalogueEvent::Published(CataloguePublished { hash, content }).into()
}

#[test]
fn a_new_version_of_a_catalogue_replaces_the_one_before_as_a_whole_and_no_other() {
    let (one, two) = (RoleUrn::new("urn:a:one"), RoleUrn::new("urn:a:two"));
    let gives = |role: &RoleUrn| RolePackage {
        role: role.clone(),
        package: PackageUrn::new("urn:altinn:accesspackage:a"),
        entity_variant: None,
        can_delegate: false,
        has_access: true,
    };
    let map = Catalogue::RoleMap(vec![RoleMapping { has: one.clone(), gets: two.clone() }]);
    let events = [
        published(map),
        published(Catalogue::RolePackages(vec![gives(&one)])),
        published(Catalogue::RolePackages(vec![gives(&two)])),
    ];
    let graph = graph(&events);
    let catalogue = graph.catalogue();
    let node = |role| catalogue.role(role).unwrap();
    assert_eq!((node(&one).packages.len(), node(&one).gets.len()), (0, 1));
    assert_eq!((node(&two).packages.len(), node(&two).gets.len()), (1, 0));
    assert_eq!(catalogue.provenance("role-packages").unwrap().since.get(), 3);
    assert_eq!(catalogue.provenance("role-map").unwrap().since.get(), 1);
    assert!(catalogue.provenance("roles").is_none());
}

#[test]
fn entities_are_those_of_the_newest_version_in_the_order_of_their_identifiers() {
    let entity = |kind: &str, id: &str, status: &str| Entity {
        kind: kind.to_owned(),
        id: id.to_owned(),
        properties: [("status".to_owned(), status.into())].into_iter().collect(),
    };
    let first =
        vec![entity("plan", "9", "old"), entity("plan", "7", "old"), entity("map", "7", "")];
    let second = vec![entity("plan", "8", "new"), entity("plan", "7", "new")];
    let before = graph(&[published(Catalogue::Entities(first.clone()))]);
    let after =
        graph(&[published(Catalogue::Entities(first)), published(Catalogue::Entities(second))]);
    let plans = |graph: &AccessGraph, after: Option<&str>| -> Vec<String> {
        graph.catalogue().entities_after("plan", after).map(str::to_owned).collect()
    };
    assert_eq!(plans(&before, None), ["7", "9"]);
    assert_eq!(plans(&after, None), ["7", "8"]);
    assert_eq!(plans(&after, Some("7")), ["8"]);
    assert_eq!(plans(&after, Some("70")), ["8"]);
    assert!(plans(&after, Some("8")).is_empty());
    let status = |graph: &AccessGraph, kind: &str, id: &str| {
        let properties = graph.catalogue().entity(kind, id)?;
        properties.get("status").and_then(|status| status.as_str()).map(str::to_owned)
    };
    assert_eq!(status(&before, "plan", "7").as_deref(), Some("old"));
    assert_eq!(status(&after, "plan", "7").as_deref(), Some("new"));
    assert_eq!(status(&after, "plan", "9"), None);
    assert_eq!(status(&after, "map", "7"), None);
    assert_eq!(after.catalogue().entities_after("map", None).count(), 0);
}

#[test]
fn a_policy_is_the_newest_one_of_a_resource_that_is_there() {
    let id: fullmakt_events::ResourceId = "my-resource".parse().unwrap();
    let policy = |hash: &str| -> Event {
        let (id, hash) = (id.clone(), hash.to_owned());
        ResourceEvent::PolicyPublished(PolicyPublished { id, hash, xml: String::new() }).into()
    };
    assert!(graph(&[policy("1")]).resource(&id).is_none());
    let created = created("my-resource");
    let bare = graph(std::slice::from_ref(&created));
    assert!(bare.resource(&id).unwrap().policy.is_none());
    let newest = graph(&[created, policy("1"), policy("2")]);
    let found = newest.resource(&id).unwrap().policy.as_ref().unwrap();
    assert_eq!((&*found.hash, found.since.get()), ("2", 3));
}

fn system_user() -> SystemUserId {
    SystemUserId::new(Uuid::from_u128(1))
}

fn user_created() -> Event {
    let org: OrgNumber = "310010014".parse().unwrap();
    AgreementEvent::SystemUserCreated(SystemUserCreated {
        id: system_user(),
        kind: SystemUserKind::Standard,
        system: "310010014_smart".parse().unwrap(),
        vendor: org,
        owner: org,
        owner_party: party(1),
        external_ref: String::new(),
        integration_title: String::new(),
        rights: Vec::new(),
        delegated: Vec::new(),
        access_packages: Vec::new(),
    })
    .into()
}

#[test]
fn a_system_user_is_there_from_its_creation_to_its_deletion() {
    let (id, by) = (system_user(), Some(party(2)));
    let deleted = AgreementEvent::SystemUserDeleted(SystemUserDeleted { id, by }).into();
    let live = graph(&[user_created()]);
    assert_eq!(live.system_user(id).unwrap().since.get(), 1);
    assert!(graph(&[user_created(), deleted]).system_user(id).is_none());
}

#[test]
fn a_system_user_is_paused_until_it_is_resumed_and_keeps_what_it_was_given() {
    let (id, by) = (system_user(), party(2));
    let paused = AgreementEvent::SystemUserPaused(SystemUserPaused { id, by }).into();
    let resumed = AgreementEvent::SystemUserResumed(SystemUserResumed { id, by }).into();
    let node = |events: &[Event]| graph(events).system_user(id).cloned().unwrap();
    let before = node(&[user_created()]);
    let while_paused = node(&[user_created(), paused]);
    assert!(!before.is_paused && while_paused.is_paused);
    assert_eq!(while_paused.created, before.created);
    // The fact that it is paused is where an explanation leads.
    assert_eq!(while_paused.provenance().since.get(), 2);
    let pausing = AgreementEvent::SystemUserPaused(SystemUserPaused { id, by }).into();
    let after = node(&[user_created(), pausing, resumed]);
    assert_eq!((after.is_paused, after.since.get()), (false, 3));
}

#[test]
fn a_changed_system_user_has_what_it_was_given_last_and_a_name_gives_nothing() {
    let (id, by) = (system_user(), party(2));
    let rights = vec![Right::to("vat", Some("read"))];
    let changed = AgreementEvent::SystemUserChanged(SystemUserChanged {
        id,
        rights: rights.clone(),
        delegated: rights.clone(),
        access_packages: Vec::new(),
    });
    let integration_title = "till".to_owned();
    let renamed =
        AgreementEvent::SystemUserRenamed(SystemUserRenamed { id, integration_title, by });
    let graph = graph(&[user_created(), changed.into(), renamed.into()]);
    let node = graph.system_user(id).unwrap();
    assert_eq!((&node.created.delegated, node.since.get()), (&rights, 2));
}

#[test]
fn what_happens_to_a_system_user_that_never_was_makes_none() {
    let (id, by) = (system_user(), party(2));
    let paused = AgreementEvent::SystemUserPaused(SystemUserPaused { id, by }).into();
    assert!(graph(&[paused]).system_user(id).is_none());
}

#[test]
fn a_graph_is_at_the_position_and_time_of_its_last_record_even_where_nothing_counts() {
    let mut graph = AccessGraph::default();
    let time = Timestamp::from_millis(1_795_000_000_000);
    graph.apply(&Folded {
        position: Position::new(7),
        append_time: time,
        ledger_time: time,
        bytes: Arc::from([]),
        verdict: Verdict::Stale,
        record: None,
        events: Vec::new(),
    });
    assert_eq!((graph.position().get(), graph.ledger_time()), (7, time));
}

#[test]
fn a_party_is_deleted_since_the_time_at_which_it_was_first_found_deleted() {
    let mut graph = graph(&[registered(1)]);
    let facts = graph.party(party(1)).unwrap().facts.clone();
    let mut changed = |millis: i64, is_deleted: bool, variant: &str| {
        graph.ledger_time = Timestamp::from_millis(millis);
        let facts = PartyFacts { is_deleted, variant: Some(variant.to_owned()), ..facts.clone() };
        let changed = PartyEvent::Changed(PartyChanged { party: party(1), facts });
        graph.fold(&changed.into(), Position::new(9));
        graph.party(party(1)).unwrap().deleted_at
    };
    assert_eq!(changed(1, false, "AS"), None);
    assert_eq!(changed(2, true, "AS"), Some(Timestamp::from_millis(2)));
    assert_eq!(changed(3, true, "ENK"), Some(Timestamp::from_millis(2)));
    assert_eq!(changed(4, false, "ENK"), None);
    assert_eq!(changed(5, true, "ENK"), Some(Timestamp::from_millis(5)));
}
