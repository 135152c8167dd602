use fullmakt_events::event::PartyKind;
use fullmakt_readstore::testing::TestDatabase;
use serde_json::json;

use super::*;
use crate::testing::{COMPANY_ORG, VAT_RETURN, company, fold, kari, system_user};

const NUMBER: &str = "12838549045";

fn entity(json: &serde_json::Value) -> Entity {
    let text = |name: &str| json[name].as_str().unwrap().to_owned();
    let properties = json["properties"].as_object().cloned().unwrap_or_default();
    Entity { kind: text("type"), id: text("id"), properties }
}

struct Setting {
    generation: std::sync::Arc<Generation>,
    vault: Vault,
    _database: TestDatabase,
    _keys: tempfile::TempDir,
}

async fn setting() -> Setting {
    let database = TestDatabase::create();
    let keys = tempfile::tempdir().unwrap();
    let vault = Vault::open(database.database().pool().unwrap(), keys.path()).await.unwrap();
    let generation = fold().generations().current();
    Setting { generation, vault, _database: database, _keys: keys }
}

impl Setting {
    fn lookup(&self, persons: Persons) -> Lookup<'_> {
        Lookup { generation: &self.generation, vault: &self.vault, persons }
    }

    async fn subject(&self, kind: &str, id: &str) -> Result<KnownSubject, &'static str> {
        let entity = entity(&json!({ "type": kind, "id": id }));
        self.lookup(Persons::ByNumber).subject(&entity).await.map_err(code)
    }

    async fn party(&self, named: serde_json::Value) -> Result<Option<PartyId>, &'static str> {
        let resource =
            json!({ "type": "resource", "id": VAT_RETURN, "properties": { "party": named } });
        let (lookup, resource) = (self.lookup(Persons::ByNumber), entity(&resource));
        let found = lookup.resource(&resource, &Properties::new()).await;
        found.map(|resource| resource.party).map_err(code)
    }
}

fn code(error: IdentifyError) -> &'static str {
    match error {
        IdentifyError::Unidentified(unidentified) => unidentified.code(),
        IdentifyError::Vault(error) => panic!("{error}"),
    }
}

#[tokio::test]
async fn subjects_of_the_registers_are_found_by_their_ids() {
    let setting = setting().await;
    let user = setting.subject("system_user", &system_user().to_string()).await.unwrap();
    assert_eq!(user.subject, Some(Subject::SystemUser(system_user())));
    for (kind, id, party) in [
        ("person", kari().to_string(), kari()),
        ("organization", COMPANY_ORG.to_owned(), company()),
        ("organization", company().to_string(), company()),
        ("party", kari().to_string(), kari()),
        ("party", company().to_string(), company()),
    ] {
        let known = setting.subject(kind, &id).await.unwrap();
        assert_eq!(known.subject, Some(Subject::Party(party)), "{kind} {id}");
    }
    let alice = setting.subject("user", "alice").await.unwrap();
    assert_eq!((alice.subject, alice.id.as_str()), (None, "alice"));
}

#[tokio::test]
async fn nobody_is_found_by_what_is_no_id_of_the_type() {
    let setting = setting().await;
    for (kind, id) in [
        ("system_user", "alice"),
        ("person", COMPANY_ORG),
        ("person", company().to_string().as_str()),
        ("person", NUMBER),
        ("organization", kari().to_string().as_str()),
        ("organization", "310020028"),
        ("party", COMPANY_ORG),
        ("party", "nobody"),
    ] {
        let refused = setting.subject(kind, id).await.unwrap_err();
        assert_eq!(refused, "subject-not-identified", "{kind} {id}");
    }
}

#[tokio::test]
async fn a_person_is_named_by_number_from_outside_only_and_known_by_its_party() {
    let setting = setting().await;
    let person =
        fullmakt_vault::Person { number: NUMBER.parse().unwrap(), name: None, party: None };
    let party = setting.vault.resolve_or_create(&person).await.unwrap();
    let mut fold = fold();
    let next = fold.generations().current().graph.position().get() + 1;
    let mut events = crate::testing::registered(9, PartyKind::Person, None);
    events.truncate(1);
    if let fullmakt_events::Event::Party(fullmakt_events::event::PartyEvent::Registered(known)) =
        &mut events[0]
    {
        known.party = party;
    }
    fullmakt_ledger::Fold::apply(&mut fold, &crate::testing::records(next, events));
    let setting = Setting { generation: fold.generations().current(), ..setting };
    let known = setting.subject("person", NUMBER).await.unwrap();
    assert_eq!((known.subject, known.id), (Some(Subject::Party(party)), party.to_string()));
    let entity = entity(&json!({ "type": "person", "id": NUMBER }));
    let refused = setting.lookup(Persons::ByParty).subject(&entity).await.unwrap_err();
    assert_eq!(code(refused), "person-number-not-allowed");
}

#[tokio::test]
async fn the_party_is_named_in_any_of_these_ways() {
    let setting = setting().await;
    for named in [
        json!(COMPANY_ORG),
        json!(company().to_string()),
        json!({ "type": "organization", "id": COMPANY_ORG }),
        json!({ "type": "party", "id": company().to_string() }),
    ] {
        assert_eq!(setting.party(named.clone()).await, Ok(Some(company())), "{named}");
    }
    assert_eq!(setting.party(json!(null)).await, Ok(None));
    for named in [
        json!(7),
        json!("nobody"),
        json!("310020028"),
        json!({ "type": "organization" }),
        json!({ "type": "system_user", "id": system_user().to_string() }),
    ] {
        assert_eq!(setting.party(named.clone()).await, Err("party-not-known"), "{named}");
    }
}

#[tokio::test]
async fn the_party_stands_in_the_context_where_the_resource_has_none_and_entities_have_none() {
    let setting = setting().await;
    let lookup = setting.lookup(Persons::ByNumber);
    let context = json!({ "party": COMPANY_ORG }).as_object().unwrap().clone();
    let bare = entity(&json!({ "type": "resource", "id": "Demo-VAT-Return" }));
    let known = lookup.resource(&bare, &context).await.unwrap();
    assert_eq!((known.party, known.registered.as_str()), (Some(company()), VAT_RETURN));
    assert!(policy_context(&bare, &context).is_empty());

    let record =
        entity(&json!({ "type": "record", "id": "1", "properties": { "party": "birthday" } }));
    let known = lookup.resource(&record, &context).await.unwrap();
    assert_eq!((known.party, known.registered.as_str()), (None, "record"));
    assert_eq!(known.properties["party"], "birthday");
    assert_eq!(policy_context(&record, &context), context);
    let strange = entity(&json!({ "type": "No Such Type", "id": "1" }));
    assert_eq!(
        code(lookup.resource(&strange, &context).await.unwrap_err()),
        "resource-not-identified"
    );
}
