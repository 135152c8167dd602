//! A small world: two vendors with a system and a client each, and two customers.

use fullmakt_events::{
    ClientId, Event, LocalizedText, OrgNumber, PartyId, PartyNumber, StreamName, SystemId,
    SystemUserId,
    event::{
        AgreementEvent, ClientIdClaimed, ClientIdEvent, ClientIdReleased, PartyChanged, PartyEvent,
        PartyFacts, PartyKind, PartyRegistered, RequestCreated, SystemDefinition, SystemDeleted,
        SystemEvent, SystemRegistered, SystemUserCreated, SystemUserDeleted, SystemUserKind,
        SystemUserPaused, SystemUserResumed, TokenClientDeleted, TokenClientEvent,
        TokenClientRegistered, TokenKey, TokenKeyAdded, TokenKeyRetired,
    },
};
use serde_json::{Value, json};
use uuid::Uuid;

pub(crate) use super::keys::assertion_claims;

pub(crate) type Fact = (StreamName, Event);

pub(crate) const VENDOR: &str = "310010014";
pub(crate) const OTHER_VENDOR: &str = "991825827";
pub(crate) const CUSTOMER: &str = "319900101";
pub(crate) const OTHER_CUSTOMER: &str = "319900128";

pub(crate) const CLIENT: &str = "vendor-client";
pub(crate) const OTHER_CLIENT: &str = "other-client";
pub(crate) const SYSTEM: &str = "310010014_ledger";
pub(crate) const OTHER_SYSTEM: &str = "991825827_cloud";

/// The id of the `n`th system user.
pub(crate) fn user_id(n: u128) -> SystemUserId {
    Uuid::from_u128(0x2000 + n).into()
}

pub(crate) fn party_of(org: &str) -> PartyId {
    Uuid::from_u128(org.parse().unwrap()).into()
}

fn org(text: &str) -> OrgNumber {
    text.parse().unwrap()
}

fn system_id(text: &str) -> SystemId {
    text.parse().unwrap()
}

fn client_id(text: &str) -> ClientId {
    text.parse().unwrap()
}

/// A client with its keys, of an organisation, that may ask for two scopes.
pub(crate) fn token_client(client: &str, owner: &str, keys: &[TokenKey]) -> Vec<Fact> {
    let registered = TokenClientRegistered {
        client_id: client_id(client),
        owner: org(owner),
        scopes: vec!["demo:vat.write".to_owned(), "demo:vat.read".to_owned()],
    };
    let mut facts = vec![token_client_fact(client, TokenClientEvent::Registered(registered))];
    facts.extend(keys.iter().map(|key| key_added(client, key)));
    facts
}

pub(crate) fn key_added(client: &str, key: &TokenKey) -> Fact {
    let added = TokenKeyAdded { client_id: client_id(client), key: key.clone() };
    token_client_fact(client, TokenClientEvent::KeyAdded(added))
}

pub(crate) fn key_retired(client: &str, kid: &str) -> Fact {
    let retired = TokenKeyRetired { client_id: client_id(client), kid: kid.to_owned() };
    token_client_fact(client, TokenClientEvent::KeyRetired(retired))
}

pub(crate) fn token_client_deleted(client: &str) -> Fact {
    let deleted = TokenClientDeleted { client_id: client_id(client) };
    token_client_fact(client, TokenClientEvent::Deleted(deleted))
}

fn token_client_fact(client: &str, event: TokenClientEvent) -> Fact {
    (StreamName::token_client(&client_id(client)), event.into())
}

/// A system that a client acts for.
pub(crate) fn system(system: &str, vendor: &str, client: &str) -> Vec<Fact> {
    let definition = SystemDefinition {
        id: system_id(system),
        vendor: org(vendor),
        name: LocalizedText::default(),
        description: LocalizedText::default(),
        rights: Vec::new(),
        access_packages: Vec::new(),
        client_ids: vec![client_id(client)],
        is_visible: true,
        allowed_redirect_urls: Vec::new(),
    };
    let internal_id = Uuid::from_u128(vendor.parse().unwrap()).into();
    let registered = SystemRegistered { internal_id, system: Box::new(definition) };
    let claimed = ClientIdClaimed { client_id: client_id(client), system: system_id(system) };
    vec![
        (StreamName::system(&system_id(system)), SystemEvent::Registered(registered).into()),
        (StreamName::client_id(&client_id(client)), ClientIdEvent::Claimed(claimed).into()),
    ]
}

pub(crate) fn system_deleted(system: &str, client: &str) -> Vec<Fact> {
    let deleted = SystemDeleted { id: system_id(system) };
    let released = ClientIdReleased { client_id: client_id(client), system: system_id(system) };
    vec![
        (StreamName::client_id(&client_id(client)), ClientIdEvent::Released(released).into()),
        (StreamName::system(&system_id(system)), SystemEvent::Deleted(deleted).into()),
    ]
}

/// The `n`th system user, of a system for a customer.
pub(crate) fn system_user(n: u128, system: &str, owner: &str, external_ref: &str) -> Fact {
    let vendor = system.split('_').next().unwrap();
    let created = SystemUserCreated {
        id: user_id(n),
        kind: SystemUserKind::Standard,
        system: system_id(system),
        vendor: org(vendor),
        owner: org(owner),
        owner_party: party_of(owner),
        external_ref: external_ref.to_owned(),
        integration_title: "title".to_owned(),
        rights: Vec::new(),
        delegated: Vec::new(),
        access_packages: Vec::new(),
    };
    agreement(system, owner, AgreementEvent::SystemUserCreated(created))
}

pub(crate) fn system_user_deleted(n: u128, system: &str, owner: &str) -> Fact {
    let deleted = SystemUserDeleted { id: user_id(n), by: Some(party_of(owner)) };
    agreement(system, owner, AgreementEvent::SystemUserDeleted(deleted))
}

pub(crate) fn system_user_paused(n: u128, system: &str, owner: &str) -> Fact {
    let paused = SystemUserPaused { id: user_id(n), by: party_of(owner) };
    agreement(system, owner, AgreementEvent::SystemUserPaused(paused))
}

pub(crate) fn system_user_resumed(n: u128, system: &str, owner: &str) -> Fact {
    let resumed = SystemUserResumed { id: user_id(n), by: party_of(owner) };
    agreement(system, owner, AgreementEvent::SystemUserResumed(resumed))
}

pub(crate) fn request(n: u128, system: &str, customer: &str, external_ref: &str) -> Fact {
    let vendor = system.split('_').next().unwrap();
    let created = RequestCreated {
        id: user_id(n),
        kind: SystemUserKind::Standard,
        system: system_id(system),
        vendor: org(vendor),
        customer: org(customer),
        customer_party: party_of(customer),
        external_ref: external_ref.to_owned(),
        integration_title: "title".to_owned(),
        rights: Vec::new(),
        access_packages: Vec::new(),
        redirect_url: None,
    };
    agreement(system, customer, AgreementEvent::RequestCreated(created))
}

fn agreement(system: &str, customer: &str, event: AgreementEvent) -> Fact {
    (StreamName::agreement(&system_id(system), org(customer)), event.into())
}

/// An organisation.
pub(crate) fn unit_registered(number: &str) -> Fact {
    let facts = PartyFacts {
        kind: PartyKind::Organization,
        org_number: Some(org(number)),
        variant: Some("AS".to_owned()),
        name: None,
        parent: None,
        is_deleted: false,
    };
    registered(party_of(number), number.parse::<u32>().unwrap(), facts)
}

/// An organisation that the register has deleted.
pub(crate) fn unit_deleted(number: &str) -> Fact {
    let facts = PartyFacts {
        kind: PartyKind::Organization,
        org_number: Some(org(number)),
        variant: Some("AS".to_owned()),
        name: None,
        parent: None,
        is_deleted: true,
    };
    let changed = PartyChanged { party: party_of(number), facts };
    (StreamName::party(party_of(number)), PartyEvent::Changed(changed).into())
}

/// A person.
pub(crate) fn person_registered(party: PartyId, number: u32) -> Fact {
    let facts = PartyFacts {
        kind: PartyKind::Person,
        org_number: None,
        variant: None,
        name: None,
        parent: None,
        is_deleted: false,
    };
    registered(party, number, facts)
}

/// A person of whom the register says that they are dead.
pub(crate) fn person_died(party: PartyId) -> Fact {
    let facts = PartyFacts {
        kind: PartyKind::Person,
        org_number: None,
        variant: None,
        name: None,
        parent: None,
        is_deleted: true,
    };
    let changed = PartyChanged { party, facts };
    (StreamName::party(party), PartyEvent::Changed(changed).into())
}

fn registered(party: PartyId, number: u32, facts: PartyFacts) -> Fact {
    let registered = PartyRegistered { party, number: PartyNumber::new(number), facts };
    (StreamName::party(party), PartyEvent::Registered(registered).into())
}

/// Claims of an assertion for a customer's system user.
pub(crate) fn claims_for(client: &str, customer: &str, external_ref: Option<&str>) -> Value {
    let mut detail = json!({
        "type": "urn:altinn:systemuser",
        "systemuser_org": { "authority": "iso6523-actorid-upis", "ID": format!("0192:{customer}") },
    });
    if let Some(external_ref) = external_ref {
        detail["externalRef"] = json!(external_ref);
    }
    assertion_claims(client, &json!({ "authorization_details": [detail] }))
}
