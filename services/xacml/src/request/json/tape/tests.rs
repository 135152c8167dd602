use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::*;

/// What the crate's own value says.
fn as_value(json: Json<'_>) -> Value {
    match json.part() {
        Part::Null => Value::Null,
        Part::Boolean(truth) => (*truth).into(),
        Part::Number(number) => number.clone().into(),
        Part::Text(text) => text.as_ref().into(),
        Part::List(_) => json.as_list().expect("a list").map(as_value).collect(),
        Part::Object(_) => {
            let members = json.as_object().expect("an object").all();
            members.map(|(name, value)| (name.to_owned(), as_value(value))).collect()
        }
    }
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f32>().prop_map(|number| json!(f64::from(number))),
        "[a\"\\\\\n\u{1}æ😀]{0,4}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec(("[ab\"]{0,2}", inner), 0..4)
                .prop_map(|members| Value::from(members.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_read_is_what_was_written(json in any_json()) {
        let text = json.to_string();
        let tape = Tape::read(&text).expect("JSON");
        prop_assert_eq!(as_value(tape.json()), json);
    }
}

#[test]
fn of_members_with_the_same_name_the_last_counts_and_null_is_absent() {
    let tape = Tape::read(r#"{"a":1,"b":2,"a":3,"c":null}"#).expect("JSON");
    let members = tape.json().as_object().expect("an object");
    let told: Vec<_> = members.iter().map(|(name, value)| (name, as_value(value))).collect();
    assert_eq!(told, [("b", json!(2)), ("a", json!(3))]);
    assert_eq!(members.get("a").map(as_value), Some(json!(3)));
    assert!(members.get("c").is_none());
}

#[test]
fn the_exact_name_is_preferred_to_the_same_in_another_case() {
    let tape = Tape::read(r#"{"Name":1,"name":2,"NAME":3}"#).expect("JSON");
    let members = tape.json().as_object().expect("an object");
    assert_eq!(members.get("name").map(as_value), Some(json!(2)));
    assert_eq!(members.get("nAME").map(as_value), Some(json!(3)));
}

#[test]
fn what_is_no_json_or_too_deep_is_refused() {
    let deep = "[".repeat(200) + &"]".repeat(200);
    for text in ["", "{", "[1,]", "{\"a\"}", "1 2", "nul", deep.as_str()] {
        assert!(Tape::read(text).is_err(), "{text}");
    }
}
