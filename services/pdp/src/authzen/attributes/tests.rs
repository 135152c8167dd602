use fullmakt_access::Subject;
use fullmakt_events::{PartyId, SystemUserId};
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::testing::now;

fn properties(json: &serde_json::Value) -> Properties {
    json.as_object().unwrap().clone()
}

fn asked(subject: Option<Subject>, party: Option<PartyId>) -> Question {
    let subject = KnownSubject {
        kind: "user".to_owned(),
        id: "alice".to_owned(),
        subject,
        properties: properties(&json!({ "role": "admin", "age": 7, "urn:my:own": "x" })),
    };
    let resource = KnownResource {
        kind: "record".to_owned(),
        id: "record-1".to_owned(),
        registered: "record".parse().unwrap(),
        party,
        properties: properties(&json!({ "tags": ["a", "b", null], "at": { "lat": 1.5 } })),
    };
    let action =
        Action { name: "read".to_owned(), properties: properties(&json!({ "soft": true })) };
    question(&subject, &resource, &action, &properties(&json!({ "ip": "::1" })), now())
}

fn values(question: &Question, category: &str, id: &str) -> Vec<Value> {
    question.request.values(category, id).cloned().collect()
}

#[test]
fn everything_becomes_an_attribute_of_its_type() {
    let asked = asked(None, None);
    let double = Value::parse(DataType::Double, "1.5").unwrap();
    for (category, id, expected) in [
        (ACCESS_SUBJECT, SUBJECT_ID, vec![Value::string("alice")]),
        (ACCESS_SUBJECT, SUBJECT_TYPE, vec![Value::string("user")]),
        (
            ACCESS_SUBJECT,
            "urn:fullmakt:authzen:subject:property:role",
            vec![Value::string("admin")],
        ),
        (ACCESS_SUBJECT, "urn:fullmakt:authzen:subject:property:age", vec![Value::integer(7)]),
        (ACCESS_SUBJECT, "urn:my:own", vec![Value::string("x")]),
        (RESOURCE, RESOURCE_ID, vec![Value::string("record-1")]),
        (RESOURCE, RESOURCE_TYPE, vec![Value::string("record")]),
        (RESOURCE, "urn:altinn:resource", vec![Value::string("record")]),
        (
            RESOURCE,
            "urn:fullmakt:authzen:resource:property:tags",
            vec![Value::string("a"), Value::string("b")],
        ),
        (RESOURCE, "urn:fullmakt:authzen:resource:property:at.lat", vec![double]),
        (ACTION, ACTION_ID, vec![Value::string("read")]),
        (ACTION, "urn:fullmakt:authzen:action:property:soft", vec![Value::Boolean(true)]),
        (ENVIRONMENT, "urn:fullmakt:authzen:context:ip", vec![Value::string("::1")]),
    ] {
        assert_eq!(values(&asked, category, id), expected, "{id}");
    }
    assert!(values(&asked, ACCESS_SUBJECT, SYSTEM_USER).is_empty());
    assert!(values(&asked, ACCESS_SUBJECT, PARTY_UUID).is_empty());
    assert!(values(&asked, RESOURCE, PARTY_UUID).is_empty());
}

#[test]
fn those_of_the_registers_have_the_names_of_the_wire_contract_too() {
    let (user, party) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let of_user =
        asked(Some(Subject::SystemUser(SystemUserId::new(user))), Some(PartyId::new(party)));
    assert_eq!(values(&of_user, ACCESS_SUBJECT, SYSTEM_USER), [Value::string(user.to_string())]);
    assert_eq!(values(&of_user, RESOURCE, PARTY_UUID), [Value::string(party.to_string())]);
    let of_party = asked(Some(Subject::Party(PartyId::new(party))), None);
    assert_eq!(values(&of_party, ACCESS_SUBJECT, PARTY_UUID), [Value::string(party.to_string())]);
    assert_eq!(of_party.party, None);
}

#[test]
fn large_numbers_are_kept_as_they_were_sent() {
    let read = |text: &str| {
        let number: serde_json::Number = serde_json::from_str(text).unwrap();
        number_text(&number)
    };
    assert_eq!(read("-3"), "-3");
    assert_eq!(read("18446744073709551615"), "18446744073709551615");
    assert!(read("1e3").parse::<f64>().is_ok_and(|number| (number - 1000.0).abs() < 1e-9));
}

fn number_text(number: &serde_json::Number) -> String {
    super::number(number).unwrap().to_string()
}
