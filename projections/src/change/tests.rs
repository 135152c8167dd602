use std::collections::HashMap;

use fullmakt_events::{
    ClientId, OrgNumber, PackageUrn, PartyId, PartyNumber, Position, Right, RoleUrn, StreamName,
    SystemId, SystemUserId, Timestamp, Verdict,
    event::{
        AgreementEvent, Catalogue, CatalogueEvent, CataloguePublished, CommandAnswer,
        CommandAnswered, CommandEvent, OrgNumberClaimed, PartyChanged, PartyEvent, PartyFacts,
        PartyKind, PartyRegistered, PolicyPublished, RequestApproved, RequestCreated,
        RequestRejected, RequestWithdrawn, ResourceCreated, ResourceDefinition, ResourceEvent,
        RoleAssigned, RoleEnded, SystemUserChanged, SystemUserCreated, SystemUserDeleted,
        SystemUserKind, SystemUserPaused, SystemUserRenamed, SystemUserResumed, TokenClientDeleted,
        TokenClientEvent, TokenClientRegistered, TokenKey, TokenKeyAdded, TokenKeyRetired,
        TokenScopeDelegated, TokenScopeDelegationRevoked, TokenScopeEvent, TokenScopeGrantRevoked,
        TokenScopeGranted, TokenScopeRegistered,
    },
};
use uuid::Uuid;

mod change_requests;
mod given;

use super::*;
use crate::{
    EntityKey, RequestStatus, ScopeStanding, Version, advance,
    system_user_requests::RequestChange,
    system_users::{SystemUserChange, SystemUserDifference, SystemUserRow},
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
fn whatever_changes_about_a_system_user_moves_it_to_the_end_of_the_feed() {
    let (id, by) = (user(), party(PERSON));
    let integration_title = "till".to_owned();
    let history = vec![
        vec![created()],
        vec![
            AgreementEvent::SystemUserRenamed(SystemUserRenamed { id, integration_title, by })
                .into(),
        ],
        vec![AgreementEvent::SystemUserPaused(SystemUserPaused { id, by }).into()],
        vec![
            AgreementEvent::SystemUserChanged(SystemUserChanged {
                id,
                rights: vec![Right::to("payroll", None)],
                delegated: vec![Right::to("payroll", Some("write"))],
                access_packages: vec![PackageUrn::new("urn:altinn:accesspackage:a-ordning")],
            })
            .into(),
        ],
        vec![AgreementEvent::SystemUserResumed(SystemUserResumed { id, by }).into()],
        vec![user_deleted()],
    ];
    let rows = table::<SystemUsers>(history, |c| c.system_users);
    let of = |what: fn(&SystemUserRow) -> String| -> Vec<String> {
        rows.iter().map(|row| what(&row.row)).collect()
    };
    assert_eq!(
        of(|row| format!("{} {} {}", row.integration_title, row.is_paused, row.is_deleted)),
        [
            "title false false",
            "till false false",
            "till true false",
            "till true false",
            "till false false",
            "till false true",
        ]
    );
    let first = |rights: &[Right]| rights[0].resource_id().unwrap().to_owned();
    assert_eq!(rows[2].access_packages, []);
    assert_eq!((first(&rows[2].rights), first(&rows[3].rights)), ("vat".into(), "payroll".into()));
    assert_eq!(rows[4].delegated, [Right::to("payroll", Some("write"))]);
    assert_eq!(rows[4].access_packages.len(), 1);
    for (row, position) in rows.iter().zip(1..) {
        assert_eq!(row.created_at, Sequence { position: Position::new(1), index: 0 });
        assert_eq!(row.sequence, Sequence { position: Position::new(position), index: 0 });
        assert_eq!(
            row.changed,
            Timestamp::from_micros(1_000_000 * i64::try_from(position).unwrap())
        );
    }
}

#[test]
fn what_happens_to_a_system_user_that_never_was_makes_none() {
    let (id, by) = (user(), party(PERSON));
    let paused = AgreementEvent::SystemUserPaused(SystemUserPaused { id, by }).into();
    assert!(
        table::<SystemUsers>(vec![vec![paused], vec![user_deleted()]], |c| c.system_users)
            .is_empty()
    );
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
fn a_scope_has_an_owner_holders_and_delegations_until_they_are_revoked() {
    let scope = || "demo:vat.write".to_owned();
    let (owner, holder) = (org(), "319900101".parse::<OrgNumber>().unwrap());
    let supplier: OrgNumber = "319900128".parse().unwrap();
    let registered = TokenScopeRegistered { scope: scope(), owner };
    let granted = TokenScopeGranted { scope: scope(), org: holder };
    let delegated = TokenScopeDelegated { scope: scope(), consumer: holder, supplier };
    let ended = TokenScopeDelegationRevoked { scope: scope(), consumer: holder, supplier };
    let revoked = TokenScopeGrantRevoked { scope: scope(), org: holder };
    let history = vec![
        vec![TokenScopeEvent::Registered(registered).into()],
        vec![
            TokenScopeEvent::Granted(granted).into(),
            TokenScopeEvent::Delegated(delegated).into(),
        ],
        vec![TokenScopeEvent::DelegationRevoked(ended).into()],
        vec![TokenScopeEvent::GrantRevoked(revoked).into()],
    ];
    let mut rows = table::<TokenScopes>(history, |c| c.token_scopes);
    rows.sort_by_key(|row| row.standing);
    let all: Vec<_> =
        rows.iter().map(|row| (row.standing, row.holder, row.supplier, interval(row))).collect();
    assert_eq!(
        all,
        [
            (ScopeStanding::Delegates, holder, Some(supplier), (2, Some(3))),
            (ScopeStanding::Has, holder, None, (2, Some(4))),
            (ScopeStanding::Owns, owner, None, (1, None)),
        ]
    );
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

mod systems;
