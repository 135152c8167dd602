//! Why a decision is what it is: in short for everybody who may ask, in full for those who may ask
//! about all.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "who tells a story fails by panicking"
)]

use fullmakt_scenarios::{
    Answer, Client, EVA, FJORDTORG, KARI, Log, SERVICE_OWNER, System, VAT_RETURN, on_both_logs,
};
use reqwest::Method;
use serde_json::{Value, json};

const AUTHORIZE: &str = "/authorization/api/v1/authorize";
const EVALUATION: &str = "/access/v1/evaluation";
const PLAIN: &str = "altinn:authorization/authorize";
const ADMIN: &str = "altinn:authorization/authorize.admin";

on_both_logs! {
    a_decision_is_explained_to_whom_it_may_be;
}

fn request(person: &str, action: &str) -> Value {
    json!({ "Request": {
        "AccessSubject": [{ "Attribute": [
            { "AttributeId": "urn:altinn:person:identifier-no", "Value": person }] }],
        "Action": [{ "Attribute": [
            { "AttributeId": "urn:oasis:names:tc:xacml:1.0:action:action-id", "Value": action }] }],
        "Resource": [{ "Attribute": [
            { "AttributeId": "urn:altinn:resource", "Value": VAT_RETURN },
            { "AttributeId": "urn:altinn:organization:identifier-no", "Value": FJORDTORG.org }] }],
    } })
}

async fn asked(client: &Client, headers: &[(&str, &str)], body: &Value) -> Answer {
    let mut request = client.request(Method::POST, AUTHORIZE).json(body);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    client.send(request).await
}

fn explanation(answer: &Answer) -> Value {
    answer.json()["response"][0]["explanation"].clone()
}

async fn a_decision_is_explained_to_whom_it_may_be(log: Log) -> System {
    let system = System::start(log).await;
    let owner = system.organisation(SERVICE_OWNER, &[PLAIN]).await;
    let admin = system.organisation(SERVICE_OWNER, &[ADMIN]).await;
    let (kari, eva) = (request(KARI.number, "sign"), request(EVA.number, "sign"));

    // Who does not ask for it gets none.
    let answer = asked(&owner, &[], &kari).await.expect(200);
    assert_eq!(explanation(&answer), Value::Null);

    // In short: a code that stays, and words in the reader's language.
    let short = ("Fullmakt-Explain", "short");
    for (language, text) in [
        ("nb", "Reglene for tjenesten gir tilgang."),
        ("nn", "Reglane for tenesta gjev tilgang."),
        ("en", "The rules of the service give access."),
    ] {
        let told = asked(&owner, &[short, ("Accept-Language", language)], &kari).await.expect(200);
        let told = explanation(&told);
        assert_eq!((&told["code"], &told["text"]), (&json!("policy-permits"), &json!(text)));
        assert_eq!(told["language"], language);
        assert!(told["rule"].is_null() && told["facts"].is_null(), "{told}");
    }
    let told = explanation(&asked(&owner, &[short], &eva).await.expect(200));
    assert_eq!(told["code"], "nothing-permits");

    // In full, for those who may ask about all only: the others learn nothing.
    let full = ("Fullmakt-Explain", "full");
    let refused = asked(&owner, &[full], &kari).await.expect(403);
    assert!(!refused.text().contains("policy-permits"), "{refused:?}");
    let answer = asked(&admin, &[full], &kari).await.expect(200);
    let told = explanation(&answer);
    assert_eq!(told["id"], answer.header("fullmakt-decision"));
    assert_eq!(told["rule"]["id"], "urn:altinn:resource:demo-vat-return:ruleid:2");
    let fact = &told["facts"][0];
    assert_eq!((&fact["kind"], &told["facts"][1]), (&json!("role"), &Value::Null));
    let step = &fact["path"][0];
    assert!(step["stream"].as_str().unwrap().starts_with("party/"), "{step}");
    assert!(step["since"].as_u64().unwrap() > 0, "{step}");
    assert!(!answer.text().contains(KARI.number), "{answer:?}");

    let told = explanation(&asked(&admin, &[full], &eva).await.expect(200));
    assert_eq!((&told["rule"], &told["facts"]), (&Value::Null, &json!([])));
    let missing = &told["misses"][0]["missing"][0];
    assert_eq!(missing["id"], "urn:altinn:external-role:ccr");
    assert_eq!(missing["value"], "daglig-leder");

    // What is no way to explain is refused by name.
    let refused = asked(&admin, &[("Fullmakt-Explain", "all")], &kari).await.expect(400);
    assert!(refused.text().contains("`all`"), "{refused:?}");

    in_authzen(&owner, &admin).await;
    system
}

/// The same reasons in the context of AuthZEN's answers.
async fn in_authzen(owner: &Client, admin: &Client) {
    let question = |explain: Option<&str>| {
        json!({
            "subject": { "type": "person", "id": EVA.number },
            "action": { "name": "sign" },
            "resource": { "type": "resource", "id": VAT_RETURN, "properties": { "party": FJORDTORG.org } },
            "context": explain.map_or(json!({}), |detail| json!({ "fullmakt_explain": detail })),
        })
    };
    let context = |answer: &Answer| answer.json()["context"].clone();
    let asked = async |client: &Client, explain, status| {
        client.post(EVALUATION, &question(explain)).await.expect(status)
    };
    let answer = asked(owner, None, 200).await;
    assert_eq!(answer.json()["decision"], false);
    assert!(context(&answer)["reason_user"].is_null(), "{answer:?}");
    let told = context(&asked(owner, Some("short"), 200).await);
    assert!(told["reason_user"]["nothing-permits"].is_string(), "{told}");
    assert!(told["reason_admin"].is_null(), "{told}");
    asked(owner, Some("full"), 403).await;
    let told = context(&asked(admin, Some("full"), 200).await);
    assert!(told["reason_admin"]["nothing-permits"]["misses"].is_array(), "{told}");
}
