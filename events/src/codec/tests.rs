use serde_json::{Value, json, value::RawValue};

use super::*;
use crate::{
    Event, EventError, ResourceId,
    event::{ResourceCreated, ResourceDefinition, ResourceEvent},
    testing::{at, commit, event, genesis, ledger, stream},
};

const LEDGER: &str = "01970000-0000-7000-8000-000000000001";
const ID: &str = "01970000-0000-7000-8000-000000000002";

fn valid_commit() -> Value {
    json!({
        "id": ID, "ledger": LEDGER, "decided_at": "2026-11-21T21:13:00.123456Z",
        "actor": { "kind": "system_provider", "org": "991825827", "party": ID, "system_user": ID,
                   "client_id": "c-1", "scopes": ["a:b"] },
        "authorization": { "decision": ID, "position": 3 },
        "reason": "because", "correlation": "request-1", "causation": 2,
        "as_of": 4, "reads": ["system/a", "system/b"],
        "events": [{ "stream": "system/a", "type": "system.deleted", "schema": 1,
                     "data": { "id": "a" } }],
    })
}

fn valid_tick() -> Value {
    json!({ "kind": "tick", "id": ID, "ledger": LEDGER })
}

fn valid_genesis() -> Value {
    json!({ "kind": "genesis", "ledger": LEDGER, "name": "main", "format": 0 })
}

fn decoded(value: &Value) -> Result<LedgerRecord, GrammarError> {
    decode(value.to_string().as_bytes())
}

/// The commit with the value at this JSON pointer replaced, or added to its object.
fn with(mut record: Value, pointer: &str, value: Value) -> Value {
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    let parent = record.pointer_mut(parent).unwrap();
    if let Value::Array(elements) = parent {
        elements[field.parse::<usize>().unwrap()] = value;
    } else {
        parent.as_object_mut().unwrap().insert(field.to_owned(), value);
    }
    record
}

fn without(mut record: Value, pointer: &str) -> Value {
    let (parent, field) = pointer.rsplit_once('/').unwrap();
    let parent = record.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    parent.remove(field).unwrap();
    record
}

#[test]
fn a_whole_record_of_each_kind_is_read() {
    assert!(matches!(decoded(&valid_commit()), Ok(LedgerRecord::Commit(_))));
    assert!(matches!(decoded(&valid_tick()), Ok(LedgerRecord::Tick(_))));
    assert!(matches!(decoded(&valid_genesis()), Ok(LedgerRecord::Genesis(_))));
}

#[test]
fn what_may_be_absent_may_also_be_null() {
    for pointer in [
        "/authorization",
        "/reason",
        "/correlation",
        "/causation",
        "/actor/org",
        "/actor/party",
        "/actor/system_user",
        "/actor/client_id",
    ] {
        assert!(decoded(&without(valid_commit(), pointer)).is_ok(), "without {pointer}");
        assert!(decoded(&with(valid_commit(), pointer, Value::Null)).is_ok(), "null {pointer}");
    }
    assert!(decoded(&without(valid_commit(), "/actor/scopes")).is_ok());
}

#[test]
fn what_a_record_needs_may_not_be_absent_or_null() {
    let check = |record: fn() -> Value, pointers: &[&str]| {
        for pointer in pointers {
            assert!(decoded(&without(record(), pointer)).is_err(), "without {pointer}");
            assert!(decoded(&with(record(), pointer, Value::Null)).is_err(), "null {pointer}");
        }
    };
    check(
        valid_commit,
        &[
            "/id",
            "/ledger",
            "/decided_at",
            "/actor",
            "/actor/kind",
            "/authorization/decision",
            "/authorization/position",
            "/as_of",
            "/reads",
            "/events",
            "/events/0/stream",
            "/events/0/type",
            "/events/0/schema",
        ],
    );
    assert!(decoded(&without(valid_commit(), "/events/0/data")).is_err());
    check(valid_tick, &["/id", "/ledger"]);
    check(valid_genesis, &["/ledger", "/name", "/format"]);
}

#[test]
fn a_key_given_twice_is_refused_at_every_level_of_the_envelope() {
    // Each field is written once more after itself, with its own value.
    let doubled = |text: &str, field: &str| {
        let key = format!("\"{field}\":");
        let (before, after) = text.split_once(&key).unwrap();
        let mut values = serde_json::Deserializer::from_str(after).into_iter::<Box<RawValue>>();
        let value = values.next().unwrap().unwrap();
        format!("{before}{key}{value},{key}{after}")
    };
    let records: [Value; 3] = [valid_commit(), valid_tick(), valid_genesis()];
    let fields: [&[&str]; 3] = [
        &[
            "id",
            "ledger",
            "decided_at",
            "actor",
            "kind",
            "org",
            "party",
            "system_user",
            "client_id",
            "scopes",
            "authorization",
            "decision",
            "position",
            "reason",
            "correlation",
            "causation",
            "as_of",
            "reads",
            "events",
            "stream",
            "type",
            "schema",
            "data",
        ],
        &["kind", "id", "ledger"],
        &["kind", "ledger", "name", "format"],
    ];
    for (record, fields) in records.into_iter().zip(fields) {
        // The names of the data are no part of the envelope.
        let text = record.to_string().replace(r#"{"id":"a"}"#, "{}");
        for field in fields {
            let doubled = doubled(&text, field);
            assert_ne!(doubled, text);
            assert!(decode(doubled.as_bytes()).is_err(), "{doubled}");
        }
    }
}

#[test]
fn a_field_that_the_format_does_not_have_is_refused_at_every_level() {
    for pointer in ["/x", "/kind", "/actor/x", "/authorization/x", "/events/0/x"] {
        let record = with(valid_commit(), pointer, json!(null));
        assert!(decoded(&record).is_err(), "{pointer}");
    }
    assert!(decoded(&with(valid_tick(), "/events", json!([]))).is_err());
    assert!(decoded(&with(valid_genesis(), "/id", json!(ID))).is_err());
    assert!(decoded(&with(valid_tick(), "/kind", json!("tock"))).is_err());
    assert!(decoded(&with(valid_tick(), "/kind", json!(1))).is_err());
}

#[test]
fn what_the_events_hold_is_no_part_of_the_envelope() {
    for data in [json!({ "x": 1 }), json!([]), json!(null), json!(1.5)] {
        assert!(decoded(&with(valid_commit(), "/events/0/data", data)).is_ok());
    }
    let doubled = valid_commit().to_string().replace("{\"id\":\"a\"}", "{\"id\":1,\"id\":2}");
    assert!(decode(doubled.as_bytes()).is_ok());
}

#[test]
fn an_array_in_place_of_an_object_is_refused() {
    let event = json!(["system/a", "system.deleted", 1, { "id": "a" }]);
    for (pointer, value) in
        [("/actor", json!(["operator"])), ("/authorization", json!([ID, 3])), ("/events/0", event)]
    {
        assert!(decoded(&with(valid_commit(), pointer, value)).is_err(), "{pointer}");
    }
    for record in [valid_commit(), valid_tick(), valid_genesis()] {
        let values: Vec<_> = record.as_object().unwrap().values().collect();
        assert!(decoded(&json!(values)).is_err());
    }
    for bytes in ["[]", "[\"tick\"]", "null", "\"tick\"", "1", ""] {
        assert!(decode(bytes.as_bytes()).is_err(), "{bytes}");
    }
}

#[test]
fn numbers_are_whole_not_negative_and_within_bounds() {
    for pointer in ["/as_of", "/causation", "/authorization/position", "/events/0/schema"] {
        for value in [json!(-1), json!(1.0), json!(1.5), json!("1"), json!(true), json!([1])] {
            assert!(decoded(&with(valid_commit(), pointer, value.clone())).is_err(), "{value}");
        }
    }
    let text = valid_commit().to_string();
    for number in ["1e0", "-0", "18446744073709551616", "01", "+1"] {
        let changed = text.replace("\"as_of\":4", &format!("\"as_of\":{number}"));
        assert_ne!(changed, text);
        assert!(decode(changed.as_bytes()).is_err(), "{number}");
    }
    assert!(decoded(&with(valid_commit(), "/as_of", json!(u64::MAX))).is_ok());
    assert!(decoded(&with(valid_commit(), "/events/0/schema", json!(u16::MAX))).is_ok());
    assert!(decoded(&with(valid_commit(), "/events/0/schema", json!(65_536))).is_err());
    assert!(decoded(&with(valid_genesis(), "/format", json!(0.0))).is_err());
}

#[test]
fn ids_have_one_form() {
    let upper = "01970000-0000-7000-8000-00000000000A";
    let forms = [
        upper,
        "0197000000007000800000000000000a",
        "{01970000-0000-7000-8000-00000000000a}",
        "urn:uuid:01970000-0000-7000-8000-00000000000a",
        "01970000",
        "",
    ];
    let pointers =
        ["/id", "/ledger", "/authorization/decision", "/actor/party", "/actor/system_user"];
    for pointer in pointers {
        for form in forms {
            assert!(decoded(&with(valid_commit(), pointer, json!(form))).is_err(), "{form}");
        }
        let lower = json!(upper.to_lowercase());
        assert!(decoded(&with(valid_commit(), pointer, lower)).is_ok());
    }
    for form in forms {
        assert!(decoded(&with(valid_tick(), "/id", json!(form))).is_err(), "{form}");
        assert!(decoded(&with(valid_genesis(), "/ledger", json!(form))).is_err(), "{form}");
    }
}

#[test]
fn a_time_has_one_form() {
    for form in [
        "2026-11-21T22:13:00.123456+01:00",
        "2026-11-21T21:13:00.123456+00:00",
        "2026-11-21T21:13:00Z",
        "2026-11-21T21:13:00.123Z",
        "2026-11-21T21:13:00.123456789Z",
        "2026-11-21t21:13:00.123456z",
        "2026-11-21 21:13:00.123456Z",
        "2026-12-31T23:59:60.000000Z",
        "2026-02-30T00:00:00.000000Z",
        "",
    ] {
        assert!(decoded(&with(valid_commit(), "/decided_at", json!(form))).is_err(), "{form}");
    }
    let form = json!("0000-01-01T00:00:00.000000Z");
    assert!(decoded(&with(valid_commit(), "/decided_at", form)).is_ok());
    assert!(decoded(&with(valid_commit(), "/decided_at", json!(1))).is_err());
}

#[test]
fn a_stream_name_has_one_form() {
    for name in ["system/%61", "system/a%2fb", "System/a", "system", "system/", "", "system/a b"] {
        for pointer in ["/reads/1", "/events/0/stream"] {
            assert!(decoded(&with(valid_commit(), pointer, json!(name))).is_err(), "{name}");
        }
    }
    assert!(decoded(&with(valid_commit(), "/reads/1", json!("system/a%2Fb"))).is_ok());
}

#[test]
fn a_commit_without_events_or_with_one_outside_its_reads_is_refused() {
    let none = with(valid_commit(), "/events", json!([]));
    assert_eq!(decoded(&none).unwrap_err(), GrammarError::NoEvents);
    let outside = with(valid_commit(), "/events/0/stream", json!("system/c"));
    assert_eq!(
        decoded(&outside).unwrap_err(),
        GrammarError::EventOutsideReads("system/c".to_owned())
    );
    let unread = with(valid_commit(), "/reads", json!([]));
    assert!(decoded(&unread).is_err());
}

#[test]
fn bytes_before_and_after_a_record_are_refused_but_white_space() {
    for record in [valid_commit(), valid_tick(), valid_genesis()] {
        let text = record.to_string();
        for more in ["{}", ",", "x", "\0", &text] {
            assert!(decode(format!("{text}{more}").as_bytes()).is_err(), "after: {more}");
            assert!(decode(format!("{more}{text}").as_bytes()).is_err(), "before: {more}");
        }
        assert!(decode(format!(" {text}\n").as_bytes()).is_ok());
        assert!(decode(&text.as_bytes()[..text.len() - 1]).is_err());
        assert!(decode(format!("\u{feff}{text}").as_bytes()).is_err());
    }
}

#[test]
fn invalid_utf_8_is_refused_wherever_it_stands() {
    let text = with(valid_commit(), "/events/0/data", json!({ "id": "in data" })).to_string();
    for place in ["because", "request-1", "c-1", "a:b", "system.deleted", "in data", "reason"] {
        let begin = text.find(place).unwrap();
        for bytes in [&b"\xff"[..], b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80"] {
            let mut broken = text.clone().into_bytes();
            broken.splice(begin..begin, bytes.iter().copied());
            assert!(decode(&broken).is_err(), "{bytes:?} in {place}");
        }
    }
    let lone_surrogate = text.replace("because", "\\ud800");
    assert!(decode(lone_surrogate.as_bytes()).is_err());
}

#[test]
fn a_record_may_have_900_kib_and_not_a_byte_more() {
    let sized = |bytes: usize| {
        let mut commit = commit(at(0), 1, &["system/a"], &["system/a"]);
        let empty = serde_json::to_vec(&commit).unwrap().len();
        // `"reason":"",` and what the reason holds.
        commit.reason = Some("x".repeat(bytes - empty - r#""reason":"","#.len()));
        commit
    };
    let largest = LedgerRecord::Commit(Box::new(sized(900 * 1024)));
    let bytes = encode(&largest).unwrap();
    assert_eq!(bytes.len(), 921_600);
    assert!(decode(&bytes).is_ok());

    let larger = sized(900 * 1024 + 1);
    let bytes = serde_json::to_vec(&larger).unwrap();
    assert_eq!(bytes.len(), 921_601);
    assert_eq!(decode(&bytes).unwrap_err(), GrammarError::TooLarge(921_601));
    let refused = encode(&LedgerRecord::Commit(Box::new(larger)));
    assert!(matches!(refused, Err(EncodeError::TooLarge { bytes: 921_601 })));
}

#[test]
fn what_is_written_is_named_as_the_format_says() {
    let tick = Tick { id: uuid::Uuid::from_u128(7).into(), ledger: ledger() };
    let tick: Value = serde_json::from_slice(&encode(&LedgerRecord::Tick(tick)).unwrap()).unwrap();
    assert_eq!(tick["kind"], "tick");
    let genesis: Value =
        serde_json::from_slice(&encode(&LedgerRecord::Genesis(genesis())).unwrap()).unwrap();
    assert_eq!(genesis["kind"], "genesis");
    let commit = commit(at(0), 1, &["system/a"], &["system/a"]);
    let commit: Value =
        serde_json::from_slice(&encode(&LedgerRecord::Commit(Box::new(commit))).unwrap()).unwrap();
    assert_eq!(commit.get("kind"), None);
    assert_eq!(commit["events"][0]["type"], "system.deleted");
}

fn nested(depth: usize) -> Event {
    let value = (0..depth).fold(json!(1), |value, _| json!([value]));
    let resource = ResourceDefinition {
        id: "nested".parse::<ResourceId>().unwrap(),
        owner: "991825827".parse().unwrap(),
        resource_type: "GenericAccessResource".to_owned(),
        is_delegable: true,
        metadata: [("x".to_owned(), value)].into_iter().collect(),
    };
    ResourceEvent::Created(ResourceCreated { resource }).into()
}

#[test]
fn an_event_that_could_not_be_read_back_is_not_written() {
    let written = crate::RecordedEvent::new(stream("resource/nested"), &nested(100)).unwrap();
    assert_eq!(Event::decode(&written.kind, written.schema, &written.data).unwrap(), nested(100));
    assert!(crate::RecordedEvent::new(stream("resource/nested"), &nested(126)).is_err());
}

#[test]
fn an_event_of_another_name_or_a_newer_schema_is_not_known() {
    let data = event().to_data().unwrap();
    assert_eq!(Event::decode("system.deleted", 1, &data).unwrap(), event());
    for (kind, schema) in
        [("system.deleted", 2), ("system.deleted", 0), ("system.vanished", 1), ("", 1)]
    {
        let error = Event::decode(kind, schema, &data).unwrap_err();
        assert!(
            matches!(&error, EventError::Unknown { kind: k, schema: s } if k == kind && *s == schema),
            "{error}"
        );
    }
}

#[test]
fn data_that_are_not_what_the_schema_says_are_refused() {
    for data in [r#"{"id":"a","x":1}"#, "{}", r#"{"id":1}"#, r#"{"id":"a","id":"a"}"#, "null"] {
        let data = RawValue::from_string(data.to_owned()).unwrap();
        let error = Event::decode("system.deleted", 1, &data).unwrap_err();
        assert!(matches!(error, EventError::Data { .. }), "{data}");
    }
}
