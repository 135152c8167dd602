use fullmakt_readstore::testing::TestDatabase;
use fullmakt_vault::Person;

use super::*;
use crate::testing::{
    COMPANY_ORG, VAT_RETURN, company, fold, kari, now, party as party_id, system_user,
};

/// Synthetic national identity numbers.
const KNOWN: &str = "12838549045";
const UNKNOWN: &str = "12838549053";

/// A request to read the VAT return with these attributes of the subject and of the resource.
fn request(subject: &[(&str, &str)], resource: &[(&str, &str)]) -> Request {
    let mut request =
        Request::new().with(RESOURCE, RESOURCE_ID, VAT_RETURN).with(ACTION, ACTION_ID, "read");
    for (id, value) in subject {
        request.add(ACCESS_SUBJECT, id, *value);
    }
    for (id, value) in resource {
        request.add(RESOURCE, id, *value);
    }
    request
}

fn identify(request: Request) -> Result<Question, Unidentified> {
    identified(&fold().generations().current(), request, now())
}

fn subject_of(subject: &[(&str, &str)]) -> Result<Option<Subject>, Unidentified> {
    identify(request(subject, &[])).map(|question| question.subject)
}

fn party_of(resource: &[(&str, &str)]) -> Result<Option<PartyId>, Unidentified> {
    identify(request(&[], resource)).map(|question| question.party)
}

#[test]
fn a_party_is_known_by_each_of_its_names() {
    let uuid = company().to_string();
    for (id, value) in [
        (PARTY_ID, "50002"),
        (PARTY_UUID, &uuid),
        (ORG_NUMBER, COMPANY_ORG),
        (OLD_ORG_NUMBER, COMPANY_ORG),
    ] {
        assert_eq!(party_of(&[(id, value)]), Ok(Some(company())), "{id}");
        assert_eq!(subject_of(&[(id, value)]), Ok(Some(Subject::Party(company()))), "{id}");
    }
    let kari = Subject::Party(kari());
    assert_eq!(subject_of(&[(USER_ID, "50001")]), Ok(Some(kari)));
    assert_eq!(subject_of(&[(PARTY_ID, "50001")]), Ok(Some(kari)));
}

#[test]
fn names_that_agree_are_one_party_and_names_that_do_not_are_none() {
    let agreeing = [(PARTY_ID, "50002"), (ORG_NUMBER, COMPANY_ORG)];
    assert_eq!(party_of(&agreeing), Ok(Some(company())));
    let disagreeing = [(PARTY_ID, "50001"), (ORG_NUMBER, COMPANY_ORG)];
    assert_eq!(party_of(&disagreeing), Err(Unidentified::Party));
    assert_eq!(subject_of(&disagreeing), Err(Unidentified::Subject));
    assert_eq!(party_of(&[(PARTY_ID, "50001"), (PARTY_ID, "50002")]), Err(Unidentified::Party));
}

#[test]
fn a_party_that_nobody_knows_is_no_party_rather_than_nobody() {
    let uuid = party_id(9).to_string();
    for (id, value) in [
        (PARTY_ID, "9"),
        (PARTY_ID, "-1"),
        (PARTY_ID, "50002.0"),
        (PARTY_ID, "x"),
        (PARTY_UUID, &uuid),
        (PARTY_UUID, "x"),
        (ORG_NUMBER, "991825827"),
        (ORG_NUMBER, "310010015"),
        (ORG_NUMBER, ""),
        (USER_ID, "9"),
    ] {
        assert_eq!(party_of(&[(id, value)]), Err(Unidentified::Party), "{id} {value}");
        assert_eq!(subject_of(&[(id, value)]), Err(Unidentified::Subject), "{id} {value}");
    }
}

#[test]
fn who_is_not_named_is_nobody() {
    assert_eq!(party_of(&[]), Ok(None));
    assert_eq!(subject_of(&[]), Ok(None));
    assert_eq!(subject_of(&[("urn:altinn:org", "skd")]), Ok(None));
}

#[test]
fn a_system_user_stands_alone() {
    let id = system_user().to_string();
    let user = Ok(Some(Subject::SystemUser(system_user())));
    assert_eq!(subject_of(&[(SYSTEM_USER, &id)]), user);
    for other in [
        (SYSTEM_USER, "00000000-0000-0000-0000-000000000065"),
        (SYSTEM_USER, id.as_str()),
        (ORG_NUMBER, COMPANY_ORG),
        (USER_ID, "50001"),
        ("urn:altinn:org", "skd"),
        ("urn:altinn:rolecode", "dagl"),
    ] {
        for subject in [[(SYSTEM_USER, id.as_str()), other], [other, (SYSTEM_USER, id.as_str())]] {
            assert_eq!(subject_of(&subject), Err(Unidentified::Subject), "{other:?}");
        }
    }
    for wrong in ["", "x", "50001"] {
        assert_eq!(subject_of(&[(SYSTEM_USER, wrong)]), Err(Unidentified::Subject), "{wrong}");
    }
}

#[test]
fn a_resource_is_known_by_its_identifier_or_as_an_app() {
    let named = |attributes: &[(&str, &str)]| {
        let mut request = Request::new().with(ACTION, ACTION_ID, "read");
        for (id, value) in attributes {
            request.add(RESOURCE, id, *value);
        }
        identify(request).map(|question| question.resource.to_string())
    };
    assert_eq!(named(&[(RESOURCE_ID, VAT_RETURN)]).unwrap(), VAT_RETURN);
    assert_eq!(named(&[(RESOURCE_ID, "Demo-VAT-Return")]).unwrap(), VAT_RETURN);
    assert_eq!(named(&[(ORG, "skd"), (APP, "mva")]).unwrap(), "app_skd_mva");
    for wrong in [
        &[][..],
        &[(ORG, "skd")],
        &[(APP, "mva")],
        &[(RESOURCE_ID, "")],
        &[(RESOURCE_ID, "no such / thing")],
        &[(RESOURCE_ID, VAT_RETURN), (RESOURCE_ID, "demo-payroll-report")],
        &[(ORG, "skd"), (APP, "mva"), (APP, "skatt")],
    ] {
        assert_eq!(named(wrong), Err(Unidentified::Resource), "{wrong:?}");
    }
}

#[test]
fn there_is_one_action() {
    let with = |actions: &[&str]| {
        let mut request = Request::new().with(RESOURCE, RESOURCE_ID, VAT_RETURN);
        for action in actions {
            request.add(ACTION, ACTION_ID, *action);
        }
        identify(request).map(|question| question.action)
    };
    assert_eq!(with(&["read"]), Ok("read".to_owned()));
    assert_eq!(with(&["read", "read"]), Ok("read".to_owned()));
    assert_eq!(with(&[]), Err(Unidentified::Action));
    assert_eq!(with(&["read", "sign"]), Err(Unidentified::Action));
}

/// A vault that knows one person by number, the database it lies in, and the folder of its keys.
async fn vault() -> (Vault, PartyId, TestDatabase, tempfile::TempDir) {
    let database = TestDatabase::create();
    let keys = tempfile::tempdir().unwrap();
    let vault = Vault::open(database.database().pool().unwrap(), keys.path()).await.unwrap();
    let person = Person { number: KNOWN.parse().unwrap(), name: None, party: None };
    let party = vault.resolve_or_create(&person).await.unwrap();
    (vault, party, database, keys)
}

fn code(outcome: &Result<Question, IdentifyError>) -> &'static str {
    match outcome {
        Ok(_) => "identified",
        Err(IdentifyError::Unidentified(unidentified)) => unidentified.code(),
        Err(IdentifyError::Vault(_)) => "vault",
    }
}

#[tokio::test]
async fn persons_are_named_by_number_from_outside_only() {
    let (vault, person, _database, _keys) = vault().await;
    let mut fold = fold();
    let facts = fullmakt_events::event::PartyFacts {
        kind: fullmakt_events::event::PartyKind::Person,
        org_number: None,
        variant: None,
        name: None,
        parent: None,
        is_deleted: false,
    };
    let number = PartyNumber::new(50_003);
    let registered = fullmakt_events::event::PartyRegistered { party: person, number, facts };
    let event = fullmakt_events::event::PartyEvent::Registered(registered).into();
    fullmakt_ledger::Fold::apply(&mut fold, &crate::testing::records(100, vec![event]));
    let generation = fold.generations().current();
    let ask = async |persons, mut request: Request| {
        question(&generation, &vault, persons, &mut request, now()).await
    };

    let asked = request(&[(PERSON_NUMBER, KNOWN)], &[(PERSON_NUMBER, KNOWN)]);
    let found = ask(Persons::ByNumber, asked.clone()).await.unwrap();
    assert_eq!(found.subject, Some(Subject::Party(person)));
    assert_eq!(found.party, Some(person));
    // Nothing after this sees the number.
    assert!(!format!("{found:?}").contains(KNOWN));

    let refused = "person-number-not-allowed";
    assert_eq!(code(&ask(Persons::ByParty, asked).await), refused);
    let as_party = request(&[], &[(PERSON_NUMBER, UNKNOWN)]);
    assert_eq!(code(&ask(Persons::ByParty, as_party.clone()).await), refused);
    assert_eq!(code(&ask(Persons::ByNumber, as_party).await), "party-not-known");
    for wrong in [UNKNOWN, "", "12838549046", "50001"] {
        let asked = request(&[(PERSON_NUMBER, wrong)], &[]);
        let outcome = code(&ask(Persons::ByNumber, asked).await);
        assert_eq!(outcome, "subject-not-identified", "{wrong}");
    }
    // A number beside another name of somebody else.
    let asked = request(&[(PERSON_NUMBER, KNOWN), (USER_ID, "50001")], &[]);
    assert_eq!(code(&ask(Persons::ByNumber, asked).await), "subject-not-identified");
}
