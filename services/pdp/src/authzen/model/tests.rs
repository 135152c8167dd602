use serde_json::json;

use super::*;

fn read(body: &Value) -> Result<Evaluation, InputError> {
    Place::body(body.as_object().unwrap()).evaluation()
}

fn whole() -> Value {
    json!({
        "subject": { "type": "user", "id": "alice", "properties": { "a": 1 }, "later": true },
        "resource": { "type": "record", "id": "1" },
        "action": { "name": "read" },
        "context": { "time": "now" },
        "later": [],
    })
}

#[test]
fn a_question_is_read_and_what_is_not_known_is_passed_over() {
    let read = read(&whole()).unwrap();
    assert_eq!((read.subject.kind.as_str(), read.subject.id.as_str()), ("user", "alice"));
    assert_eq!(read.subject.properties["a"], 1);
    assert_eq!(read.action.name, "read");
    assert_eq!(read.context["time"], "now");
}

#[test]
fn what_is_missing_empty_or_of_another_type_is_named_by_its_place() {
    for (pointer, value) in [
        ("/subject", json!("alice")),
        ("/subject", json!(null)),
        ("/subject/id", json!("")),
        ("/subject/id", json!(7)),
        ("/subject/type", json!(null)),
        ("/subject/properties", json!([])),
        ("/resource/type", json!({})),
        ("/action/name", json!(true)),
        ("/action/properties", json!("x")),
        ("/context", json!("x")),
    ] {
        let mut body = whole();
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        body.pointer_mut(parent).unwrap()[name] = value;
        assert_eq!(read(&body).unwrap_err().pointer, pointer);
    }
}

#[test]
fn null_is_as_nothing() {
    let mut body = whole();
    body["context"] = Value::Null;
    body["subject"]["properties"] = Value::Null;
    let read = read(&body).unwrap();
    assert!(read.context.is_empty() && read.subject.properties.is_empty());
}

#[test]
fn a_property_cannot_say_what_type_and_id_say() {
    for name in [
        "urn:altinn:systemuser:uuid",
        "urn:altinn:party:uuid",
        "urn:altinn:resource",
        "urn:oasis:names:tc:xacml:1.0:subject:subject-id",
        "urn:fullmakt:authzen:subject:type",
    ] {
        for at in ["subject", "resource", "action"] {
            let mut body = whole();
            body[at]["properties"] = json!({ name: "x" });
            let error = read(&body).unwrap_err();
            assert_eq!(error.pointer, format!("/{at}/properties"));
            assert!(error.detail.contains(name), "{error}");
        }
    }
    let mut body = whole();
    body["resource"]["properties"] = json!({ "urn:altinn:task": "Task_1" });
    assert!(read(&body).is_ok());
}

#[test]
fn properties_have_no_more_values_than_the_limit() {
    let mut body = whole();
    body["context"] = json!({ "many": vec![1; VALUES_MAX - 2] });
    assert!(read(&body).is_ok());
    body["context"] = json!({ "many": vec![1; VALUES_MAX - 1] });
    assert_eq!(read(&body).unwrap_err().pointer, "/context");
}

#[test]
fn an_item_takes_whole_entities_from_the_body_where_it_has_none() {
    let body = whole();
    let body = body.as_object().unwrap();
    let read =
        |item: &Value| Place::item(item.as_object().unwrap(), "/evaluations/0", body).evaluation();
    let own = read(&json!({ "subject": { "type": "user", "id": "bob" } })).unwrap();
    assert_eq!((own.subject.id.as_str(), own.resource.id.as_str()), ("bob", "1"));
    assert!(own.subject.properties.is_empty(), "nothing of the default is left");
    let half = read(&json!({ "resource": { "id": "2" } })).unwrap_err();
    assert_eq!(half.pointer, "/evaluations/0/resource/type");
    assert_eq!(read(&json!({})).unwrap().subject.id, "alice");
}
