//! Small ledgers: the events of a small world, and random histories of it.

mod given;

use fullmakt_events::{
    ChangeRequestId, ClientId, Event, LocalizedText, OrgNumber, PackageUrn, PartyId, PartyNumber,
    ResourceId, Right, RoleUrn, StreamName, SystemId, SystemUserId,
    event::{
        AgreementEvent, Catalogue, CatalogueEvent, CataloguePublished, ChangeApproved,
        ChangeRejected, ChangeRequested, ChangeWithdrawn, ClientIdClaimed, ClientIdEvent,
        ClientIdReleased, CommandAnswer, CommandAnswered, CommandEvent, PartyChanged, PartyEvent,
        PartyFacts, PartyKind, PartyRegistered, PolicyPublished, RegistryRequired, RegistryWaived,
        RequestApproved, RequestCreated, RequestEscalated, RequestRejected, RequestWithdrawn,
        ResourceCreated, ResourceDefinition, ResourceEvent, RoleAssigned, RoleEnded,
        SystemAccessPackagesReplaced, SystemDefinition, SystemDeleted, SystemEvent,
        SystemRegistered, SystemRightsReplaced, SystemUpdated, SystemUserChanged,
        SystemUserCreated, SystemUserDeleted, SystemUserKind, SystemUserPaused, SystemUserRenamed,
        SystemUserResumed, TokenClientDeleted, TokenClientEvent, TokenClientRegistered, TokenKey,
        TokenKeyAdded, TokenKeyRetired, TokenScopeDelegated, TokenScopeDelegationRevoked,
        TokenScopeEvent, TokenScopeGrantRevoked, TokenScopeGranted, TokenScopeRegistered,
    },
};
use fullmakt_readstore::testing::TestLedger;
pub use given::*;
use proptest::{collection::vec, prelude::*};
use serde_json::json;
use uuid::Uuid;

pub type Fact = (StreamName, Event);

pub const ORGS: [&str; 3] = ["991825827", "319900128", "319900101"];

pub fn org(n: usize) -> OrgNumber {
    ORGS[n % ORGS.len()].parse().unwrap()
}

pub fn system(n: usize) -> SystemId {
    format!("{}_system-{n}", org(n)).parse().unwrap()
}

pub fn client(n: usize) -> ClientId {
    format!("Client-{n}").parse().unwrap()
}

pub fn party(n: usize) -> PartyId {
    Uuid::from_u128(0x1000 + n as u128).into()
}

pub fn user(n: usize) -> SystemUserId {
    Uuid::from_u128(0x2000 + n as u128).into()
}

pub fn change(n: usize) -> ChangeRequestId {
    Uuid::from_u128(0x3000 + n as u128).into()
}

pub fn resource(n: usize) -> ResourceId {
    format!("resource-{n}").parse().unwrap()
}

pub fn role(n: usize) -> RoleUrn {
    RoleUrn::new(format!("urn:altinn:external-role:ccr:role-{n}"))
}

pub fn kind(n: usize) -> SystemUserKind {
    if n.is_multiple_of(2) { SystemUserKind::Standard } else { SystemUserKind::Agent }
}

pub fn reference(n: usize) -> String {
    format!("ref-{n}")
}

fn definition(n: usize, clients: &[usize]) -> SystemDefinition {
    SystemDefinition {
        id: system(n),
        vendor: org(n),
        name: LocalizedText { nb: "navn".into(), nn: "namn".into(), en: "name".into() },
        description: LocalizedText::default(),
        rights: vec![Right::to("vat", Some("read"))],
        access_packages: vec![PackageUrn::new("urn:altinn:accesspackage:skatt-naering")],
        client_ids: clients.iter().map(|n| client(*n)).collect(),
        is_visible: n.is_multiple_of(2),
        allowed_redirect_urls: vec!["https://example.no/".into()],
    }
}

fn of_system(n: usize, event: SystemEvent) -> Fact {
    (StreamName::system(&system(n)), event.into())
}

pub fn registered(n: usize, clients: &[usize]) -> Fact {
    let registered = SystemRegistered {
        internal_id: Uuid::from_u128(0x3000 + n as u128).into(),
        system: Box::new(definition(n, clients)),
    };
    of_system(n, SystemEvent::Registered(registered))
}

pub fn system_updated(n: usize, clients: &[usize], is_visible: bool) -> Fact {
    let system = Box::new(SystemDefinition { is_visible, ..definition(n, clients) });
    of_system(n, SystemEvent::Updated(SystemUpdated { system }))
}

pub fn rights_replaced(n: usize, rights: &[usize]) -> Fact {
    let rights = rights.iter().map(|n| Right::to(resource(*n).to_string(), None)).collect();
    let replaced = SystemRightsReplaced { id: system(n), rights };
    of_system(n, SystemEvent::RightsReplaced(replaced))
}

pub fn packages_replaced(n: usize, packages: &[usize]) -> Fact {
    let urn = |n: &usize| PackageUrn::new(format!("{}package-{n}", PackageUrn::PREFIX));
    let access_packages = packages.iter().map(urn).collect();
    let replaced = SystemAccessPackagesReplaced { id: system(n), access_packages };
    of_system(n, SystemEvent::AccessPackagesReplaced(replaced))
}

pub fn system_deleted(n: usize) -> Fact {
    of_system(n, SystemEvent::Deleted(SystemDeleted { id: system(n) }))
}

pub fn claimed(n: usize, by: usize) -> Fact {
    let claimed = ClientIdClaimed { client_id: client(n), system: system(by) };
    (StreamName::client_id(&client(n)), ClientIdEvent::Claimed(claimed).into())
}

pub fn released(n: usize, by: usize) -> Fact {
    let released = ClientIdReleased { client_id: client(n), system: system(by) };
    (StreamName::client_id(&client(n)), ClientIdEvent::Released(released).into())
}

/// System user `n` is of system `n` and customer `n + 1`, with reference `n`.
fn agreement(n: usize, event: AgreementEvent) -> Fact {
    (StreamName::agreement(&system(n), org(n + 1)), event.into())
}

pub fn request(n: usize) -> RequestCreated {
    RequestCreated {
        id: user(n),
        kind: kind(n),
        system: system(n),
        vendor: org(n),
        customer: org(n + 1),
        customer_party: party(n + 1),
        external_ref: reference(n),
        integration_title: "title".into(),
        rights: vec![Right::to("vat", None)],
        access_packages: Vec::new(),
        redirect_url: (!n.is_multiple_of(3)).then(|| "https://example.no/".into()),
    }
}

pub fn requested(n: usize) -> Fact {
    agreement(n, AgreementEvent::RequestCreated(request(n)))
}

pub fn approved(n: usize) -> Fact {
    agreement(n, AgreementEvent::RequestApproved(RequestApproved { id: user(n), by: party(9) }))
}

pub fn rejected(n: usize) -> Fact {
    agreement(n, AgreementEvent::RequestRejected(RequestRejected { id: user(n), by: party(9) }))
}

pub fn withdrawn(n: usize) -> Fact {
    agreement(n, AgreementEvent::RequestWithdrawn(RequestWithdrawn { id: user(n) }))
}

pub fn escalated(n: usize) -> Fact {
    agreement(n, AgreementEvent::RequestEscalated(RequestEscalated { id: user(n), by: party(9) }))
}

/// Change request `n` of system user `of`.
pub fn change_requested(n: usize, of: usize) -> Fact {
    let requested = ChangeRequested {
        id: change(n),
        system_user: user(of),
        system: system(of),
        vendor: org(of),
        customer: org(of + 1),
        customer_party: party(of + 1),
        external_ref: reference(of),
        required_rights: vec![Right::to("vat", None)],
        unwanted_rights: vec![Right::to("vat", Some("read"))],
        required_access_packages: vec![PackageUrn::new("a")],
        unwanted_access_packages: Vec::new(),
        redirect_url: n.is_multiple_of(2).then(|| "https://example.no/".into()),
    };
    agreement(of, AgreementEvent::ChangeRequested(requested))
}

pub fn change_approved(n: usize, of: usize) -> Fact {
    let approved = ChangeApproved { id: change(n), by: party(9) };
    agreement(of, AgreementEvent::ChangeApproved(approved))
}

pub fn change_rejected(n: usize, of: usize) -> Fact {
    let rejected = ChangeRejected { id: change(n), by: party(9) };
    agreement(of, AgreementEvent::ChangeRejected(rejected))
}

pub fn change_withdrawn(n: usize, of: usize) -> Fact {
    agreement(of, AgreementEvent::ChangeWithdrawn(ChangeWithdrawn { id: change(n) }))
}

pub fn user_created(n: usize) -> Fact {
    let created = SystemUserCreated {
        id: user(n),
        kind: kind(n),
        system: system(n),
        vendor: org(n),
        owner: org(n + 1),
        owner_party: party(n + 1),
        external_ref: reference(n),
        integration_title: "title".into(),
        rights: vec![Right::to("vat", None)],
        delegated: vec![Right::to("vat", Some("read")), Right::to("vat", Some("write"))],
        access_packages: Vec::new(),
    };
    agreement(n, AgreementEvent::SystemUserCreated(created))
}

pub fn user_deleted(n: usize) -> Fact {
    let deleted = SystemUserDeleted { id: user(n), by: Some(party(9)) };
    agreement(n, AgreementEvent::SystemUserDeleted(deleted))
}

/// Something happens to a system user that stays.
pub fn user_managed(n: usize, how: usize) -> Fact {
    let (id, by) = (user(n), party(9));
    let event = match how {
        0 => AgreementEvent::SystemUserPaused(SystemUserPaused { id, by }),
        1 => AgreementEvent::SystemUserResumed(SystemUserResumed { id, by }),
        2 => {
            let integration_title = "another title".to_owned();
            AgreementEvent::SystemUserRenamed(SystemUserRenamed { id, integration_title, by })
        }
        _ => AgreementEvent::SystemUserChanged(SystemUserChanged {
            id,
            rights: vec![Right::to("payroll", None)],
            delegated: vec![Right::to("payroll", Some("read"))],
            access_packages: vec![PackageUrn::new("urn:altinn:accesspackage:a-ordning")],
        }),
    };
    agreement(n, event)
}

fn facts(n: usize, name: usize) -> PartyFacts {
    PartyFacts {
        kind: if n.is_multiple_of(2) { PartyKind::Organization } else { PartyKind::SubUnit },
        org_number: Some(org(n)),
        variant: (name > 0).then(|| "AS".into()),
        name: Some(format!("Name {name}")),
        parent: (!n.is_multiple_of(2)).then(|| party(0)),
        is_deleted: name > 2,
    }
}

pub fn party_registered(n: usize) -> Fact {
    let number = PartyNumber::new(50_000_000 + u32::try_from(n).unwrap());
    let registered = PartyRegistered { party: party(n), number, facts: facts(n, 0) };
    (StreamName::party(party(n)), PartyEvent::Registered(registered).into())
}

pub fn party_changed(n: usize, name: usize) -> Fact {
    let changed = PartyChanged { party: party(n), facts: facts(n, name) };
    (StreamName::party(party(n)), PartyEvent::Changed(changed).into())
}

pub fn role_assigned(n: usize, of: usize, holder: usize) -> Fact {
    let assigned = RoleAssigned { party: party(of), role: role(n), holder: party(holder) };
    (StreamName::party(party(of)), PartyEvent::RoleAssigned(assigned).into())
}

pub fn role_ended(n: usize, of: usize, holder: usize) -> Fact {
    let ended = RoleEnded { party: party(of), role: role(n), holder: party(holder) };
    (StreamName::party(party(of)), PartyEvent::RoleEnded(ended).into())
}

pub fn resource_created(n: usize) -> Fact {
    let metadata = json!({ "title": { "nb": "tittel" }, "number": 1.50, "list": [1, null] });
    let definition = ResourceDefinition {
        id: resource(n),
        owner: org(n),
        resource_type: "GenericAccessResource".into(),
        is_delegable: n.is_multiple_of(2),
        metadata: metadata.as_object().unwrap().clone(),
    };
    let created = ResourceCreated { resource: definition };
    (StreamName::resource(&resource(n)), ResourceEvent::Created(created).into())
}

pub fn policy_published(n: usize, version: usize) -> Fact {
    let (hash, xml) = (format!("{version:064x}"), format!("<Policy v='{version}'/>"));
    let published = PolicyPublished { id: resource(n), hash, xml };
    (StreamName::resource(&resource(n)), ResourceEvent::PolicyPublished(published).into())
}

/// A right in the rights registry is required to use a resource from now on, or is no more.
pub fn registry_required(n: usize, is_required: bool) -> Fact {
    let id = resource(n);
    let event = if is_required {
        ResourceEvent::RegistryRequired(RegistryRequired { id })
    } else {
        ResourceEvent::RegistryWaived(RegistryWaived { id })
    };
    (StreamName::resource(&resource(n)), event.into())
}

pub fn catalogue_published(version: usize) -> Fact {
    let content =
        if version.is_multiple_of(2) { Catalogue::Roles(vec![]) } else { Catalogue::Areas(vec![]) };
    let stream = StreamName::catalogue(content.name());
    let published = CataloguePublished { hash: version.to_string(), content };
    (stream, CatalogueEvent::Published(published).into())
}

fn token_client(n: usize, event: TokenClientEvent) -> Fact {
    (StreamName::token_client(&client(n)), event.into())
}

pub fn token_client_registered(n: usize) -> Fact {
    let (client_id, owner, scopes) = (client(n), org(n), vec!["a:b".into()]);
    let registered = TokenClientRegistered { client_id, owner, scopes };
    token_client(n, TokenClientEvent::Registered(registered))
}

pub fn key_added(n: usize, kid: usize) -> Fact {
    let key = TokenKey {
        kid: format!("key-{kid}"),
        jwk: json!({ "kty": "EC" }).as_object().unwrap().clone(),
        valid_from: fullmakt_events::Timestamp::from_millis(1_700_000_000_000),
        valid_to: None,
    };
    token_client(n, TokenClientEvent::KeyAdded(TokenKeyAdded { client_id: client(n), key }))
}

pub fn key_retired(n: usize, kid: usize) -> Fact {
    let retired = TokenKeyRetired { client_id: client(n), kid: format!("key-{kid}") };
    token_client(n, TokenClientEvent::KeyRetired(retired))
}

pub fn token_client_deleted(n: usize) -> Fact {
    token_client(n, TokenClientEvent::Deleted(TokenClientDeleted { client_id: client(n) }))
}

pub fn scope(n: usize) -> String {
    format!("demo:scope-{}", n % WORLD)
}

/// The `what`th thing that can happen to a scope and two organisations.
pub fn token_scope(n: usize, what: usize, holder: usize) -> Fact {
    let (scope, org) = (scope(n), org(holder));
    let (consumer, supplier) = (org, self::org(holder + 1));
    let event = match what % 5 {
        0 => TokenScopeEvent::Registered(TokenScopeRegistered { scope, owner: org }),
        1 => TokenScopeEvent::Granted(TokenScopeGranted { scope, org }),
        2 => TokenScopeEvent::GrantRevoked(TokenScopeGrantRevoked { scope, org }),
        3 => TokenScopeEvent::Delegated(TokenScopeDelegated { scope, consumer, supplier }),
        _ => {
            let revoked = TokenScopeDelegationRevoked { scope, consumer, supplier };
            TokenScopeEvent::DelegationRevoked(revoked)
        }
    };
    (StreamName::token_scope(&self::scope(n)), event.into())
}

pub fn command_stream(n: usize) -> StreamName {
    StreamName::command(Uuid::from_u128(0x4000 + n as u128))
}

pub fn answered(n: usize) -> Fact {
    let answer = CommandAnswer { status: 201, location: None, body: Some(json!({ "n": n })) };
    let answered = CommandAnswered { body_hash: n.to_string(), answer };
    (command_stream(n), CommandEvent::Answered(answered).into())
}

/// What can happen to a ledger.
#[derive(Debug, Clone)]
pub enum Happening {
    Commit(Vec<Fact>),
    /// A commit that was decided before the last record.
    Late(Vec<Fact>),
    Tick,
    Garbage,
    Wait {
        seconds: i64,
    },
}

/// How many of each kind of thing there are in random histories.
pub const WORLD: usize = 4;

fn any_fact() -> impl Strategy<Value = Fact> {
    let n = || 0..WORLD;
    prop_oneof![
        (n(), vec(n(), 0..2)).prop_map(|(n, clients)| registered(n, &clients)),
        n().prop_map(system_deleted),
        (n(), vec(n(), 0..2), any::<bool>())
            .prop_map(|(n, clients, is_visible)| system_updated(n, &clients, is_visible)),
        (n(), vec(n(), 0..2)).prop_map(|(n, rights)| rights_replaced(n, &rights)),
        (n(), vec(n(), 0..2)).prop_map(|(n, packages)| packages_replaced(n, &packages)),
        (n(), n()).prop_map(|(n, by)| claimed(n, by)),
        (n(), n()).prop_map(|(n, by)| released(n, by)),
        n().prop_map(requested),
        n().prop_map(approved),
        n().prop_map(rejected),
        n().prop_map(withdrawn),
        n().prop_map(escalated),
        (n(), n()).prop_map(|(n, of)| change_requested(n, of)),
        (n(), n()).prop_map(|(n, of)| change_approved(n, of)),
        (n(), n()).prop_map(|(n, of)| change_rejected(n, of)),
        (n(), n()).prop_map(|(n, of)| change_withdrawn(n, of)),
        n().prop_map(user_created),
        n().prop_map(user_deleted),
        (n(), n()).prop_map(|(n, how)| user_managed(n, how)),
        n().prop_map(party_registered),
        (n(), n()).prop_map(|(n, name)| party_changed(n, name)),
        (n(), n(), n()).prop_map(|(n, of, holder)| role_assigned(n, of, holder)),
        (n(), n(), n()).prop_map(|(n, of, holder)| role_ended(n, of, holder)),
        n().prop_map(resource_created),
        (n(), n()).prop_map(|(n, version)| policy_published(n, version)),
        (n(), any::<bool>()).prop_map(|(n, is_required)| registry_required(n, is_required)),
        (n(), 0..3_usize, n()).prop_map(|(n, what, client)| client_link(n, what, client)),
        (n(), 0..14_usize, n()).prop_map(|(n, what, to)| mandate(n, what, to)),
        (n(), 0..8_usize, n()).prop_map(|(n, what, of)| resource_right(n, what, of)),
        (n(), 0..7_usize, n()).prop_map(|(n, what, of)| access_list(n, what, of)),
        n().prop_map(catalogue_published),
        n().prop_map(token_client_registered),
        (n(), n()).prop_map(|(n, kid)| key_added(n, kid)),
        (n(), n()).prop_map(|(n, kid)| key_retired(n, kid)),
        n().prop_map(token_client_deleted),
        (n(), 0..5_usize, n()).prop_map(|(n, what, holder)| token_scope(n, what, holder)),
        n().prop_map(answered),
    ]
}

fn any_happening() -> impl Strategy<Value = Happening> {
    let facts = || vec(any_fact(), 1..5);
    prop_oneof![
        12 => facts().prop_map(Happening::Commit),
        1 => facts().prop_map(Happening::Late),
        1 => Just(Happening::Tick),
        1 => Just(Happening::Garbage),
        1 => (0..20_i64).prop_map(|hours| Happening::Wait { seconds: hours * 3600 }),
    ]
}

/// A random ledger.
pub fn any_ledger() -> impl Strategy<Value = TestLedger> {
    vec(any_happening(), 1..40).prop_map(|happenings| {
        let mut ledger = TestLedger::new();
        for happening in happenings {
            match happening {
                Happening::Commit(facts) => {
                    ledger.commit(&facts);
                }
                Happening::Late(facts) => {
                    let commit = ledger.decided(&facts);
                    ledger.commit(&facts);
                    ledger.append_commit(commit);
                }
                Happening::Tick => {
                    ledger.tick();
                }
                Happening::Garbage => {
                    ledger.append(b"\xffno record \\u0000");
                }
                Happening::Wait { seconds } => ledger.advance_seconds(seconds),
            }
        }
        ledger
    })
}

/// Cuts records into batches of these sizes, again and again.
pub fn cut<T>(records: &[T], sizes: &[usize]) -> Vec<std::ops::Range<usize>> {
    let mut ranges = Vec::new();
    let mut from = 0;
    for size in sizes.iter().cycle() {
        if from >= records.len() {
            break;
        }
        let to = records.len().min(from + (*size).max(1));
        ranges.push(from..to);
        from = to;
    }
    ranges
}
