use std::collections::BTreeMap;

use fullmakt_access::record::{
    DecisionRecord, ENGINE, RecordKind, RecordedRequest, STRICT, SearchMade, SearchRecord,
};
use fullmakt_events::{DecisionId, LedgerId, Position};
use fullmakt_xacml::{Request, ids::ENVIRONMENT};
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use super::*;
use crate::testing::now;

/// Synthetic national identity numbers; the second is one of the rule of 2032.
const NUMBERS: [&str; 2] = ["12838549045", "12838549053"];

fn record(request: &Request, correlation: &str) -> LogRecord {
    LogRecord::Decision(DecisionRecord {
        id: DecisionId::new(Uuid::from_u128(u128::MAX / 7)),
        caller: None,
        correlation: Some(correlation.to_owned()),
        ledger: LedgerId::new(Uuid::from_u128(7)),
        position: Position::new(1),
        evaluated_at: now(),
        engine: ENGINE.into(),
        matching: STRICT.into(),
        request: RecordedRequest { xacml: request.to_json(), ..RecordedRequest::default() },
        owner: None,
        policy: None,
        catalogues: BTreeMap::new(),
        facts: "5e884898da28047151d0e56f8dc62927f52837049016abbdd62a11ef721d1542".to_owned(),
        decision: "Permit".into(),
        status: "ok".into(),
        obligations: json!([]),
        reason: "policy-permits".into(),
        withheld: 0,
    })
}

/// A search in which a number is the name of a property, its value, and part of what was found.
fn search(number: &str) -> LogRecord {
    LogRecord::Search(SearchRecord {
        id: DecisionId::new(Uuid::from_u128(u128::MAX / 7)),
        caller: None,
        correlation: None,
        ledger: LedgerId::new(Uuid::from_u128(7)),
        position: Position::new(1),
        evaluated_at: now(),
        engine: ENGINE.into(),
        catalogues: BTreeMap::new(),
        search: SearchMade {
            request: json!({ "subject": { "properties": { number: [number, { "n": number }] } } }),
            after: Some(number.to_owned()),
            considered: 1,
            found: vec![format!("person:{number}")],
        },
    })
}

#[test]
fn nothing_of_a_search_has_a_number() {
    for number in NUMBERS {
        let json = written(&search(number));
        assert!(!json.to_string().contains(number), "{json}");
        assert_eq!(LogRecord::read(&json.to_string()).unwrap().kind(), RecordKind::Search);
    }
    let plain = search("a person");
    assert_eq!(LogRecord::read(&written(&plain).to_string()).unwrap(), plain);
}

fn written(record: &LogRecord) -> Value {
    serde_json::from_slice(&to_bytes(record).unwrap()).unwrap()
}

#[test]
fn a_record_without_numbers_is_written_as_it_is() {
    let request = Request::new().with(ENVIRONMENT, "urn:example:note", "year 2026, nr 319900101");
    let record = record(&request, "0197a000-0000-7000-8000-000000000002");
    assert_eq!(written(&record), serde_json::to_value(&record).unwrap());
    let read = LogRecord::read(&String::from_utf8(to_bytes(&record).unwrap()).unwrap()).unwrap();
    assert_eq!(read, record);
}

#[test]
fn numbers_in_any_guise_are_withheld_and_counted() {
    for number in NUMBERS {
        let (date, rest) = number.split_at(6);
        for text in [
            number.to_owned(),
            format!("fnr{number}abc"),
            format!("{date} {rest}"),
            format!("{date}-{rest}"),
            format!(" {number}\n"),
            format!("\u{1}{number}"),
            format!("urn:altinn:person:{number}"),
            format!("two of them: {number} {number}"),
            format!("{date}.{rest}"),
        ] {
            let request = Request::new().with(ENVIRONMENT, "urn:example:note", text.as_str());
            let json = written(&record(&request, "x"));
            let shown = json.to_string();
            assert!(!shown.contains(number) && !shown.contains(rest), "{text:?}: {shown}");
            assert_eq!(json["withheld"], 1, "{text:?}");
        }
    }
}

#[test]
fn numbers_are_withheld_wherever_a_caller_can_put_one() {
    let [number, _] = NUMBERS;
    let mut request = Request::new().with(number, number, number);
    request.add(ENVIRONMENT, "urn:example:integer", number.parse::<i64>().unwrap());
    request.categories[0].id = Some(number.to_owned());
    request.categories[0].content = Some(format!("<person nr='{number}'/>").into());
    request.categories[0].attributes[0].issuer = Some(number.to_owned());
    let json = written(&record(&request, number));
    assert!(!json.to_string().contains(number), "{json}");
    assert_eq!(json["withheld"], 7, "all but the correlation, which no answer depends on");
    LogRecord::read(&json.to_string()).unwrap();
}

#[test]
fn what_no_answer_depends_on_is_withheld_and_not_counted() {
    let [number, _] = NUMBERS;
    let json = written(&record(&Request::new(), number));
    assert_eq!(json["correlation"], "*".repeat(11));
    assert!(json.get("withheld").is_none());
}

proptest! {
    /// The quick look never overlooks what the thorough one finds.
    #[test]
    fn whatever_is_written_no_number_is_left(
        before in "[0-9a-f\\-. \u{1}\"\\\\]{0,16}",
        after in "[0-9a-f\\-. \u{1}\"\\\\]{0,16}",
        which in 0_usize..2,
        is_split in any::<bool>(),
    ) {
        let (date, rest) = NUMBERS[which].split_at(6);
        let separator = if is_split { " " } else { "" };
        let text = format!("{before}{date}{separator}{rest}{after}");
        let request = Request::new().with(ENVIRONMENT, "urn:example:note", text.as_str());
        let json = written(&record(&request, "x"));
        let kept = &json["request"]["xacml"]["Request"]["Category"][0]["Attribute"][0]["Value"];
        prop_assert_eq!(national_number::find(kept.as_str().unwrap()), None);
        let has_number = national_number::find(&text).is_some();
        prop_assert!(!has_number || json["withheld"] == 1);
    }
}
