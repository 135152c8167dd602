//! The decision service is no oracle about everyone: who may ask it what.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "who tells a story fails by panicking"
)]

use fullmakt_scenarios::{
    Answer, Client, FJORDTORG, KARI, Log, NORDVIK, SERVICE_OWNER, System, VAT_RETURN, VENDOR,
    decision_request, on_both_logs,
};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

const AUTHORIZE: &str = "/authorization/api/v1/authorize";
const DECISION: &str = "/authorization/api/v1/decision";
const PLAIN: &str = "altinn:authorization/authorize";
const ADMIN: &str = "altinn:authorization/authorize.admin";
/// A resource of the vendor's, where the others are the service owner's.
const OTHER: &str = "vendors-own-resource";

on_both_logs! {
    who_may_ask_is_told_by_scope_and_by_owner;
}

/// Contract: P1, P2
/// Differs: P1: needs a platform token or the administrator's scope, where the original has no check
/// of its own.
/// Differs: P2: the plain scope asks about resources of its own organisation, where the original
/// answers about all.
async fn who_may_ask_is_told_by_scope_and_by_owner(log: Log) -> System {
    let system = System::start(log).await;
    a_vendor_has_a_resource(&system).await;

    let of = async |org, scopes: &[&str]| system.organisation(org, scopes).await;
    let nobody = system.anonymous();
    let without = of(SERVICE_OWNER, &[]).await;
    let other_scope = of(SERVICE_OWNER, &["altinn:authentication/systemregister.write"]).await;
    let owner = of(SERVICE_OWNER, &[PLAIN]).await;
    let vendor = of(VENDOR, &[PLAIN]).await;
    let stranger = of(NORDVIK.org, &[PLAIN]).await;
    let admin = of(NORDVIK.org, &[ADMIN]).await;
    let person = system.person(KARI).await;

    // What is asked about: the service owner's resource, the vendor's, one of nobody, and both at
    // once in either order.
    let questions = [
        request(&[VAT_RETURN]),
        request(&[OTHER]),
        request(&["no-such-resource"]),
        request(&[VAT_RETURN, OTHER]),
        request(&[OTHER, VAT_RETURN]),
    ];
    for (who, caller, authorize, decision) in [
        ("nobody", &nobody, [401; 5], [401; 5]),
        ("without a scope", &without, [403; 5], [403; 5]),
        ("with another scope", &other_scope, [403; 5], [403; 5]),
        ("a person", &person, [403; 5], [403; 5]),
        ("the service owner", &owner, [200, 403, 200, 403, 403], [403; 5]),
        ("the vendor", &vendor, [403, 200, 200, 403, 403], [403; 5]),
        ("who owns nothing", &stranger, [403, 403, 200, 403, 403], [403; 5]),
        ("an administrator", &admin, [200; 5], [200; 5]),
    ] {
        for (path, expected) in [(AUTHORIZE, authorize), (DECISION, decision)] {
            for (question, status) in questions.iter().zip(expected) {
                let answer = caller.post(path, question).await;
                assert_eq!(answer.status, status, "{who} at {path}: {question}: {answer:?}");
                assert_nothing_is_told(&answer, question);
            }
        }
    }

    let component = async |path: &str, question: &Value| {
        let token = system.anonymous().get("/test-tokens/api/GetPlatformAccessToken?app=web").await;
        let request = nobody.request(Method::POST, path).json(question);
        nobody.send(request.header("PlatformAccessToken", token.expect(200).text())).await
    };
    for question in &questions {
        component(DECISION, question).await.expect(200);
        // It is for the one route, and no bearer token for the other.
        component(AUTHORIZE, question).await.expect(401);
    }
    a_single_decision_is_named(&admin).await;
    system
}

/// A request for one decision, or for several of which each is about another resource.
fn request(resources: &[&str]) -> Value {
    let user = Uuid::nil().to_string();
    let mut request = decision_request(&user, "read", resources[0], FJORDTORG.org);
    let [_, _, ..] = resources else { return request };
    let inner = &mut request["Request"];
    inner["AccessSubject"][0]["Id"] = json!("s");
    inner["Action"][0]["Id"] = json!("a");
    let one = inner["Resource"][0].clone();
    let numbered = resources.iter().enumerate().map(|(number, resource)| {
        let mut named = one.clone();
        named["Id"] = json!(format!("r{number}"));
        named["Attribute"][0]["Value"] = json!(resource);
        named
    });
    inner["Resource"] = numbered.collect();
    let references =
        (0..resources.len()).map(|number| json!({"ReferenceId": ["s", "a", format!("r{number}")]}));
    inner["MultiRequests"] = json!({"RequestReference": references.collect::<Vec<_>>()});
    request
}

/// A refusal decides nothing, also not about those resources that the caller may ask about.
fn assert_nothing_is_told(answer: &Answer, question: &Value) {
    let asked = question["Request"]["MultiRequests"]["RequestReference"].as_array();
    let results = answer.json()["response"].as_array().map_or(0, Vec::len);
    let expected = if answer.status == 200 { asked.map_or(1, Vec::len) } else { 0 };
    assert_eq!(results, expected, "{question}: {answer:?}");
}

/// The contract's answer has no place for the decision's id.
async fn a_single_decision_is_named(admin: &Client) {
    let one = admin.post(AUTHORIZE, &request(&[VAT_RETURN])).await.expect(200);
    let another = admin.post(AUTHORIZE, &request(&[VAT_RETURN])).await.expect(200);
    let id = |answer: &Answer| answer.header("fullmakt-decision").parse::<Uuid>().unwrap();
    assert_ne!(id(&one), id(&another));
    let several = admin.post(AUTHORIZE, &request(&[VAT_RETURN, OTHER])).await.expect(200);
    assert!(several.headers.get("fullmakt-decision").is_none());
}

async fn a_vendor_has_a_resource(system: &System) {
    let texts = json!({ "nb": "Egen", "nn": "Eigen", "en": "Own" });
    let resource = json!({
        "identifier": OTHER, "title": texts, "description": texts, "rightDescription": texts,
        "delegable": true, "resourceType": "GenericAccessResource",
        "hasCompetentAuthority": { "organization": VENDOR, "orgcode": "egen", "name": texts },
    });
    let vendor = system.organisation(VENDOR, &["altinn:resourceregistry/resource.write"]).await;
    vendor.post("/resourceregistry/api/v1/resource", &resource).await.expect(201);
}
