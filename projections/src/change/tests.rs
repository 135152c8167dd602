use std::collections::HashMap;

use fullmakt_events::{
    ClientId, LocalizedText, OrgNumber, PartyId, PartyNumber, Position, Right, RoleUrn, StreamName,
    SystemId, SystemUserId, Timestamp, Verdict,
    event::{
        AgreementEvent, Catalogue, CatalogueEvent, CataloguePublished, ClientIdClaimed,
        ClientIdEvent, ClientIdReleased, CommandAnswer, CommandAnswered, CommandEvent,
        OrgNumberClaimed, PartyChanged, PartyEvent, PartyFacts, PartyKind, PartyRegistered,
        PolicyPublished, RequestApproved, RequestCreated, RequestRejected, RequestWithdrawn,
        ResourceCreated, ResourceDefinition, ResourceEvent, RoleAssigned, RoleEnded,
        SystemDefinition, SystemDeleted, SystemEvent, SystemRegistered, SystemUserCreated,
        SystemUserDeleted, SystemUserKind, TokenClientDeleted, TokenClientEvent,
        TokenClientRegistered, TokenKey, TokenKeyAdded, TokenKeyRetired,
    },
};
use uuid::Uuid;

mod change_requests;

use super::*;
use crate::{
    EntityKey, RequestStatus, Version, advance,
    system_user_requests::RequestChange,
    system_users::{SystemUserChange, SystemUserDifference},
};

const USER: u128 = 1;
const OWNER: u128 = 2;
const PERSON: u128 = 3;

fn org() -> OrgNumber {
    "991825827".parse().unwrap()
}

fn system() -> SystemId {
    "991825827_smartcloud".parse().unwrap()
}

fn client() -> ClientId {
    "Client-1".parse().unwrap()
}

fn user() -> SystemUserId {
    Uuid::from_u128(USER).into()
}

fn party(number: u128) -> PartyId {
    Uuid::from_u128(number).into()
}

/// An admitted commit of these events, appended `position` seconds after 1970.
fn record(position: u64, events: Vec<Event>) -> Folded {
    let time = Timestamp::from_micros(i64::try_from(position).unwrap() * 1_000_000);
    let stream = StreamName::of("test", &["1"]);
    Folded {
        position: Position::new(position),
        append_time: time,
        ledger_time: time,
        bytes: Vec::new().into(),
        verdict: Verdict::Admitted,
        record: None,
        events: events.into_iter().map(|event| (stream.clone(), event)).collect(),
    }
}

/// What a table holds after a history, each commit a batch of its own.
fn table<M: ReadModel>(
    history: Vec<Vec<Event>>,
    select: fn(Changes) -> Vec<Keyed<M::Change>>,
) -> Vec<Version<M::Row>> {
    let mut held: HashMap<EntityKey, M::Row> = HashMap::new();
    let mut rows: Vec<(EntityKey, Version<M::Row>)> = Vec::new();
    for (position, events) in (1..).zip(history) {
        let mut changes = Changes::default();
        for change in project(&record(position, events)) {
            changes.push(change);
        }
        let advance = advance::<M>(held.clone(), &select(changes));
        for (entity, position) in advance.ended {
            held.remove(&entity);
            let (_, row) =
                rows.iter_mut().find(|(key, row)| *key == entity && row.to.is_none()).unwrap();
            row.to = Some(position);
        }
        for (entity, version) in advance.begun {
            held.insert(entity, version.row.clone());
            rows.push((entity, version));
        }
    }
    rows.into_iter().map(|(_, row)| row).collect()
}

fn interval<R>(version: &Version<R>) -> (u64, Option<u64>) {
    (version.from.get(), version.to.map(Position::get))
}

fn registered() -> Event {
    SystemEvent::Registered(SystemRegistered {
        internal_id: Uuid::from_u128(9).into(),
        system: Box::new(SystemDefinition {
            id: system(),
            vendor: org(),
            name: LocalizedText::default(),
            description: LocalizedText::default(),
            rights: vec![Right::to("vat", None)],
            access_packages: Vec::new(),
            client_ids: vec![client()],
            is_visible: true,
            allowed_redirect_urls: Vec::new(),
        }),
    })
    .into()
}

fn requested() -> RequestCreated {
    RequestCreated {
        id: user(),
        kind: SystemUserKind::Standard,
        system: system(),
        vendor: org(),
        customer: org(),
        customer_party: party(OWNER),
        external_ref: "ref".to_owned(),
        integration_title: "title".to_owned(),
        rights: vec![Right::to("vat", None)],
        access_packages: Vec::new(),
        redirect_url: None,
    }
}

fn created() -> Event {
    AgreementEvent::SystemUserCreated(SystemUserCreated {
        id: user(),
        kind: SystemUserKind::Standard,
        system: system(),
        vendor: org(),
        owner: org(),
        owner_party: party(OWNER),
        external_ref: "ref".to_owned(),
        integration_title: "title".to_owned(),
        rights: vec![Right::to("vat", None)],
        delegated: vec![Right::to("vat", Some("read"))],
        access_packages: Vec::new(),
    })
    .into()
}

fn approved() -> Event {
    AgreementEvent::RequestApproved(RequestApproved { id: user(), by: party(PERSON) }).into()
}

fn user_deleted() -> Event {
    AgreementEvent::SystemUserDeleted(SystemUserDeleted { id: user(), by: Some(party(PERSON)) })
        .into()
}

#[test]
fn a_deleted_system_keeps_its_entry() {
    let deleted = SystemEvent::Deleted(SystemDeleted { id: system() }).into();
    let rows = table::<Systems>(vec![vec![registered()], vec![deleted]], |c| c.systems);
    assert_eq!(rows.iter().map(interval).collect::<Vec<_>>(), [(1, Some(2)), (2, None)]);
    assert_eq!(rows.iter().map(|row| row.is_deleted).collect::<Vec<_>>(), [false, true]);
    assert_eq!(rows[1].created, Timestamp::from_micros(1_000_000));
    assert_eq!(rows[1].definition.client_ids, [client()]);
}

#[test]
fn a_system_that_was_never_registered_is_not_made_by_its_deletion() {
    let deleted = SystemEvent::Deleted(SystemDeleted { id: system() }).into();
    assert!(table::<Systems>(vec![vec![deleted]], |c| c.systems).is_empty());
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

#[test]
fn a_request_is_new_then_accepted_then_gone_with_its_system_user() {
    let requested: Event = AgreementEvent::RequestCreated(requested()).into();
    let history = vec![vec![requested], vec![approved(), created()], vec![user_deleted()]];
    let rows = table::<SystemUserRequests>(history, |c| c.system_user_requests);
    assert_eq!(rows.iter().map(interval).collect::<Vec<_>>(), [(1, Some(2)), (2, Some(3))]);
    assert_eq!(
        rows.iter().map(|row| row.status).collect::<Vec<_>>(),
        [RequestStatus::New, RequestStatus::Accepted]
    );
    assert!(rows.iter().all(|row| row.created_at.position == Position::new(1)));
}

#[test]
fn a_rejected_request_stays_and_a_withdrawn_one_vanishes() {
    let requested: Event = AgreementEvent::RequestCreated(requested()).into();
    let rejected =
        AgreementEvent::RequestRejected(RequestRejected { id: user(), by: party(PERSON) });
    let withdrawn = AgreementEvent::RequestWithdrawn(RequestWithdrawn { id: user() });
    let history = vec![vec![requested], vec![rejected.into()], vec![withdrawn.into()]];
    let rows = table::<SystemUserRequests>(history, |c| c.system_user_requests);
    assert_eq!(rows.iter().map(interval).collect::<Vec<_>>(), [(1, Some(2)), (2, Some(3))]);
    assert_eq!(rows[1].status, RequestStatus::Rejected);
}

#[test]
fn a_request_made_and_approved_in_one_commit_is_one_row() {
    let requested: Event = AgreementEvent::RequestCreated(requested()).into();
    let history = vec![vec![requested, approved(), created()]];
    let rows = table::<SystemUserRequests>(history, |c| c.system_user_requests);
    assert_eq!(rows.iter().map(interval).collect::<Vec<_>>(), [(1, None)]);
    assert_eq!(rows[0].status, RequestStatus::Accepted);
}

#[test]
fn a_deleted_system_user_is_a_tombstone_with_a_later_sequence() {
    let history = vec![vec![approved(), created()], vec![user_deleted()]];
    let rows = table::<SystemUsers>(history, |c| c.system_users);
    let sequence = |position, index| Sequence { position: Position::new(position), index };
    assert_eq!(rows.iter().map(interval).collect::<Vec<_>>(), [(1, Some(2)), (2, None)]);
    assert_eq!((rows[0].created_at, rows[0].sequence), (sequence(1, 1), sequence(1, 1)));
    assert_eq!((rows[1].created_at, rows[1].sequence), (sequence(1, 1), sequence(2, 0)));
    assert!(rows[1].is_deleted);
    assert_eq!(rows[1].changed, Timestamp::from_micros(2_000_000));
}

#[test]
fn an_event_of_an_agreement_changes_requests_and_system_users_at_once() {
    let changes = project(&record(7, vec![user_deleted()]));
    let entity = EntityKey::new(user().uuid());
    let position = Position::new(7);
    let place = Place {
        sequence: Sequence { position, index: 0 },
        ledger_time: Timestamp::from_micros(7_000_000),
    };
    assert_eq!(
        changes,
        [
            Change::SystemUserRequest(Keyed { entity, position, change: RequestChange::Ended }),
            Change::SystemUser(Keyed {
                entity,
                position,
                change: SystemUserChange::Changed(place, SystemUserDifference::Deleted)
            }),
        ]
    );
}

fn facts(name: &str) -> PartyFacts {
    PartyFacts {
        kind: PartyKind::Organization,
        org_number: Some(org()),
        variant: Some("AS".to_owned()),
        name: Some(name.to_owned()),
        parent: None,
        is_deleted: false,
    }
}

#[test]
fn a_changed_party_keeps_its_number_and_an_equal_change_makes_no_row() {
    let registered = PartyEvent::Registered(PartyRegistered {
        party: party(OWNER),
        number: PartyNumber::new(50_000_001),
        facts: facts("Old"),
    });
    let changed = |name: &str| -> Event {
        PartyEvent::Changed(PartyChanged { party: party(OWNER), facts: facts(name) }).into()
    };
    let history = vec![vec![registered.into()], vec![changed("New")], vec![changed("New")]];
    let rows = table::<Parties>(history, |c| c.parties);
    assert_eq!(rows.iter().map(interval).collect::<Vec<_>>(), [(1, Some(2)), (2, None)]);
    assert_eq!(rows[1].number, PartyNumber::new(50_000_001));
    assert_eq!(rows[1].facts.name.as_deref(), Some("New"));
}

#[test]
fn each_holder_of_each_role_has_an_interval_of_its_own() {
    let role = |code: &str| RoleUrn::new(format!("urn:altinn:external-role:ccr:{code}"));
    let assigned = |code: &str, holder| -> Event {
        let (party, role, holder) = (party(OWNER), role(code), party(holder));
        PartyEvent::RoleAssigned(RoleAssigned { party, role, holder }).into()
    };
    let ended = PartyEvent::RoleEnded(RoleEnded {
        party: party(OWNER),
        role: role("regnskapsforer"),
        holder: party(5),
    });
    let history = vec![
        vec![assigned("regnskapsforer", 5), assigned("revisor", 5), assigned("regnskapsforer", 6)],
        vec![ended.into()],
    ];
    let rows = table::<PartyRoles>(history, |c| c.party_roles);
    let ended: Vec<_> = rows.iter().filter(|row| row.to.is_some()).collect();
    assert_eq!(rows.len(), 3);
    assert_eq!(ended.len(), 1);
    assert_eq!((ended[0].role.clone(), ended[0].holder), (role("regnskapsforer"), party(5)));
}

#[test]
fn a_new_policy_ends_the_one_before_and_leaves_the_resource_alone() {
    let created = ResourceEvent::Created(ResourceCreated {
        resource: ResourceDefinition {
            id: "vat".parse().unwrap(),
            owner: org(),
            resource_type: "GenericAccessResource".to_owned(),
            is_delegable: true,
            metadata: serde_json::Map::new(),
        },
    });
    let published = |xml: &str| -> Event {
        let (id, hash, xml) = ("vat".parse().unwrap(), format!("hash of {xml}"), xml.to_owned());
        ResourceEvent::PolicyPublished(PolicyPublished { id, hash, xml }).into()
    };
    let history = || vec![vec![created.clone().into(), published("<a/>")], vec![published("<b/>")]];
    let policies = table::<ResourcePolicies>(history(), |c| c.resource_policies);
    assert_eq!(policies.iter().map(interval).collect::<Vec<_>>(), [(1, Some(2)), (2, None)]);
    assert_eq!(policies[1].xml, "<b/>");
    let resources = table::<Resources>(history(), |c| c.resources);
    assert_eq!(resources.iter().map(interval).collect::<Vec<_>>(), [(1, None)]);
}

#[test]
fn a_catalogue_is_replaced_as_a_whole_by_its_name() {
    let published = |hash: &str, content| -> Event {
        CatalogueEvent::Published(CataloguePublished { hash: hash.to_owned(), content }).into()
    };
    let history = vec![
        vec![published("1", Catalogue::Roles(Vec::new()))],
        vec![published("2", Catalogue::Areas(Vec::new()))],
        vec![published("3", Catalogue::Roles(Vec::new()))],
    ];
    let rows = table::<Catalogues>(history, |c| c.catalogues);
    let mut seen: Vec<_> =
        rows.iter().map(|row| (row.name.as_str(), row.hash.as_str(), interval(row))).collect();
    seen.sort_unstable();
    assert_eq!(
        seen,
        [("areas", "2", (2, None)), ("roles", "1", (1, Some(3))), ("roles", "3", (3, None))]
    );
}

#[test]
fn a_token_client_has_its_keys_until_they_are_retired_and_none_when_deleted() {
    let key = |kid: &str| TokenKey {
        kid: kid.to_owned(),
        jwk: serde_json::Map::new(),
        valid_from: Timestamp::default(),
        valid_to: None,
    };
    let added = |kid: &str| -> Event {
        TokenClientEvent::KeyAdded(TokenKeyAdded { client_id: client(), key: key(kid) }).into()
    };
    let registered = TokenClientEvent::Registered(TokenClientRegistered {
        client_id: client(),
        owner: org(),
        scopes: vec!["a".to_owned()],
    });
    let retired =
        TokenClientEvent::KeyRetired(TokenKeyRetired { client_id: client(), kid: "1".to_owned() });
    let deleted = TokenClientEvent::Deleted(TokenClientDeleted { client_id: client() });
    let history = vec![
        vec![registered.into(), added("1"), added("2")],
        vec![retired.into()],
        vec![deleted.into()],
        vec![added("3")],
    ];
    let rows = table::<TokenClients>(history, |c| c.token_clients);
    let kids: Vec<Vec<&str>> =
        rows.iter().map(|row| row.keys.iter().map(|key| key.kid.as_str()).collect()).collect();
    assert_eq!(rows.iter().map(interval).collect::<Vec<_>>(), [(1, Some(2)), (2, Some(3))]);
    assert_eq!(kids, [vec!["1", "2"], vec!["2"]]);
}

#[test]
fn claims_of_numbers_and_remembered_commands_change_no_read_model() {
    let claimed = fullmakt_events::event::OrgNumberEvent::Claimed(OrgNumberClaimed {
        org_number: org(),
        party: party(OWNER),
    });
    let answered = CommandEvent::Answered(CommandAnswered {
        body_hash: String::new(),
        answer: CommandAnswer { status: 200, location: None, body: None },
    });
    assert!(project(&record(1, vec![claimed.into(), answered.into()])).is_empty());
}

#[test]
fn text_that_the_tables_cannot_hold_is_replaced() {
    let mut folded = record(
        1,
        vec![
            AgreementEvent::RequestCreated(RequestCreated {
                external_ref: "a\0b".to_owned(),
                rights: vec![Right::to("vat\0", None)],
                ..requested()
            })
            .into(),
        ],
    );
    folded.bytes = br#"{"data":{"external_ref":"a\u0000b"}}"#.as_slice().into();
    let changes = project(&folded);
    let [Change::SystemUserRequest(Keyed { change: RequestChange::Created(row), .. })] =
        changes.as_slice()
    else {
        panic!("{changes:?}");
    };
    assert_eq!(row.external_ref, "a\u{fffd}b");
    assert_eq!(row.rights, [Right::to("vat\u{fffd}", None)]);
}
