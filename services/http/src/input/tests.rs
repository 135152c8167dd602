use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::*;

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct System {
    external_ref: String,
    vendor: Vendor,
    #[serde(default)]
    rights: Vec<Right>,
    is_visible: Option<bool>,
    count: Option<u32>,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Vendor {
    #[serde(rename = "ID")]
    id: String,
}

#[derive(Debug, PartialEq, Deserialize)]
struct Right {
    action: Option<Action>,
}

#[derive(Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Action {
    Read,
    Write { limit: u8 },
}

fn read(json: &str, rules: Rules) -> Result<System, InputError> {
    from_json(json.as_bytes(), rules).map_err(|error| match error {
        BodyError::Invalid(error) => error,
        BodyError::Malformed(detail) => panic!("{detail}"),
    })
}

fn refusal(json: &str, rules: Rules) -> (String, String) {
    let error = read(json, rules).unwrap_err();
    (error.pointer, error.detail)
}

#[test]
fn a_strict_body_is_read_as_it_is() {
    let json = r#"{"externalRef": " a ", "vendor": {"ID": "0192:1"}, "rights": [{"action": "read"},
        {"action": {"write": {"limit": 3}}}, {"action": null}], "isVisible": true, "count": 7}"#;
    let system = read(json, Rules::STRICT).unwrap();
    let actions: Vec<_> = system.rights.iter().map(|right| &right.action).collect();
    assert_eq!(actions, [&Some(Action::Read), &Some(Action::Write { limit: 3 }), &None]);
    assert_eq!((system.external_ref.as_str(), system.count), (" a ", Some(7)));
}

#[test]
fn a_compatible_body_may_have_names_in_any_case_unknown_ones_and_numbers_as_text() {
    let json = r#"{"EXTERNALREF": "a", "Vendor": {"id": "0192:1", "authority": "x"}, "extra": [1],
        "count": "7", "COUNT": "8"}"#;
    let system = read(json, Rules::COMPAT).unwrap();
    assert_eq!((system.external_ref.as_str(), system.vendor.id.as_str()), ("a", "0192:1"));
    assert_eq!(system.count, Some(8), "of two the last counts");
}

#[test]
fn a_strict_body_may_have_none_of_that() {
    let vendor = r#""vendor": {"ID": "1"}"#;
    for (json, pointer) in [
        (format!(r#"{{"EXTERNALREF": "a", {vendor}}}"#), "/EXTERNALREF"),
        (format!(r#"{{"externalRef": "a", {vendor}, "extra": 1}}"#), "/extra"),
        (format!(r#"{{"externalRef": "a", {vendor}, "count": "7"}}"#), "/count"),
        (format!(r#"{{"externalRef": "a", "externalRef": "b", {vendor}}}"#), "/externalRef"),
        (r#"{"externalRef": "a", "vendor": {"ID": "1", "x/~": 1}}"#.to_owned(), "/vendor/x~1~0"),
    ] {
        assert_eq!(refusal(&json, Rules::STRICT).0, pointer, "{json}");
    }
}

#[test]
fn only_the_trimming_rules_trim() {
    let json = r#"{"externalRef": " a\n", "vendor": {"ID": " b "}}"#;
    let trimmed = read(json, Rules::TRIMMED).unwrap();
    assert_eq!((trimmed.external_ref.as_str(), trimmed.vendor.id.as_str()), ("a", "b"));
    assert_eq!(read(json, Rules::COMPAT).unwrap().external_ref, " a\n");
}

#[test]
fn an_error_names_the_place_the_value_and_what_is_needed() {
    let with = |rest: &str| format!(r#"{{"externalRef": "a", "vendor": {{"ID": "1"}}, {rest}}}"#);
    for (json, pointer, detail) in [
        (with(r#""count": -1"#), "/count", "`-1` stands where a whole number from 0 to 4294967295"),
        (with(r#""count": 1.5"#), "/count", "`1.5` stands where a whole number"),
        (with(r#""count": 4294967296"#), "/count", "`4294967296` stands where"),
        (with(r#""isVisible": "yes""#), "/isVisible", "the text `yes` stands where `true`"),
        (with(r#""rights": {}"#), "/rights", "an object stands where a list is needed"),
        (with(r#""rights": [{}, 3]"#), "/rights/1", "`3` stands where an object is needed"),
        (
            with(r#""rights": [{"action": "delete"}]"#),
            "/rights/0/action",
            "`delete` is not one of `read`, `write`",
        ),
        (
            with(r#""rights": [{"action": {"write": {"limit": 256}}}]"#),
            "/rights/0/action/write/limit",
            "`256` stands where a whole number from 0 to 255 is needed",
        ),
        (with(r#""rights": [{"action": "write"}]"#), "/rights/0/action", "`write` needs a value"),
        (r#"{"externalRef": "a", "vendor": {}}"#.to_owned(), "/vendor/ID", "`ID` is missing"),
        (
            r#"{"externalRef": null}"#.to_owned(),
            "/externalRef",
            "`null` stands where a text is needed",
        ),
        ("[]".to_owned(), "", "a list stands where an object is needed"),
    ] {
        let (seen_pointer, seen_detail) = refusal(&json, Rules::STRICT);
        assert_eq!(seen_pointer, pointer, "{json}");
        assert!(seen_detail.starts_with(detail), "{json}: {seen_detail}");
    }
}

#[test]
fn a_long_value_is_not_repeated_whole() {
    let json = format!(r#"{{"externalRef": "a", "vendor": "{}"}}"#, "æ".repeat(10_000));
    assert!(refusal(&json, Rules::STRICT).1.chars().count() < 200);
}

#[test]
fn what_is_no_json_is_malformed_with_its_place() {
    let malformed = |bytes: &[u8]| match from_json::<Value>(bytes, Rules::COMPAT) {
        Err(BodyError::Malformed(detail)) => detail,
        other => panic!("{other:?}"),
    };
    assert_eq!(malformed(b"{\n\"a\": }"), "the body stops being JSON at line 2, column 6");
    assert_eq!(malformed(b"{\"a\": \"\xff\"}"), "the body is not UTF-8 after 7 bytes");
    assert_eq!(malformed(b" \n"), "the body is empty; JSON is needed");
    assert!(malformed(b"{} x").contains("column 4"));
    assert_eq!(malformed(b"[1e999]"), "the body stops being JSON at line 1, column 6");
}

#[test]
fn what_is_nested_too_deeply_is_malformed_with_its_place_and_what_is_less_deep_is_not() {
    let nested = |levels: usize| {
        let inner = "[".repeat(levels - 1) + &"]".repeat(levels - 1);
        let read = from_json::<Value>(format!("{{\"a\": {inner}}}").as_bytes(), Rules::COMPAT);
        read.map(|_| ())
    };
    assert_eq!(nested(DEPTH_MAX), Ok(()));
    for levels in [DEPTH_MAX + 1, 126, 127, 128, 100_000] {
        let Err(BodyError::Malformed(detail)) = nested(levels) else { panic!("{levels}") };
        // Where the parser is, which may have looked at the next byte.
        assert!(
            detail.starts_with("the body is nested more than 64 levels deep at line 1, column 7")
        );
    }
}

#[test]
fn any_value_and_maps_can_be_read_too() {
    let json = br#"{"a": {"b": [1, -2, 1.5, true, null, "x"]}, "c": 18446744073709551615}"#;
    let value: Value = from_json(json, Rules::STRICT).unwrap();
    assert_eq!(value, serde_json::from_slice::<Value>(json).unwrap());
    let map: BTreeMap<String, u8> = from_json(br#"{"x": 1, "y": 2}"#, Rules::STRICT).unwrap();
    assert_eq!(map.into_iter().collect::<Vec<_>>(), [("x".to_owned(), 1), ("y".to_owned(), 2)]);
    assert!(from_json::<BTreeMap<String, u8>>(br#"{"x": 1, "x": 2}"#, Rules::STRICT).is_err());
}
