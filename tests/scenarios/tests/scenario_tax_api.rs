//! A public API of another organisation, guarded by this product: the reference service in
//! `tests/reference`, asked with real tokens and asking a running system.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "who tells a story fails by panicking"
)]

use std::{collections::BTreeSet, sync::Arc};

use fullmakt_events::Timestamp;
use fullmakt_pep::{Clock, system_clock};
use fullmakt_reference::{Settings, routes};
use fullmakt_scenarios::{
    Answer, Client, ClientKey, Customer, FJORDTORG, KARI, Log, NORDVIK, SERVICE_OWNER, Scenario4,
    VAT_RETURN, on_both_logs,
};
use reqwest::{Method, multipart};
use serde_json::{Value, json};
use tokio::sync::watch;
use uuid::Uuid;

const AUTHORIZE: &str = "altinn:authorization/authorize";
const POLICY: &str = include_str!("../../../services/fullmakt/demo/policies/demo-vat-return.xml");

on_both_logs! {
    a_system_user_reads_what_it_may_read_and_nothing_else;
    a_return_is_filed_by_one_that_may_and_names_the_decision;
    power_that_was_taken_back_ends_with_the_next_request;
    a_token_that_does_not_hold_is_refused_before_anything_is_asked;
    a_permit_for_a_surer_authentication_is_not_enough;
    without_a_decision_nobody_is_let_in;
}

/// The tax API on a port of this machine, with its own token for the running system.
struct TaxApi {
    base: String,
    token: watch::Sender<String>,
}

impl TaxApi {
    /// The service as its organisation runs it.
    async fn open(story: &Scenario4) -> Self {
        Self::with(story, |_| {}).await
    }

    /// The service with other settings.
    async fn with(story: &Scenario4, change: impl FnOnce(&mut Settings)) -> Self {
        let system = &story.system;
        let own = system.organisation(SERVICE_OWNER, &[AUTHORIZE]).await;
        let (token, read) = watch::channel(own.token().to_owned());
        let at = |path: &str| format!("{}{path}", system.base()).parse().unwrap();
        let mut settings = Settings {
            issuer: format!("{}/", system.base()),
            keys: at("/jwks"),
            audience: None,
            fullmakt: at("/"),
            token: read,
            clock: system_clock(),
        };
        change(&mut settings);
        let routes = routes(settings).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { base, token }
    }

    /// Somebody with this token.
    fn caller(&self, token: &str) -> Client {
        Client::new(&self.base, Some(token))
    }
}

fn returns_of(customer: Customer) -> String {
    format!("/vat-returns/{}", customer.org)
}

/// The token of the system user of [`FJORDTORG`].
async fn token(story: &Scenario4) -> String {
    let answer = story.token(FJORDTORG).await.expect(200);
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

fn decision(answer: &Answer) -> Uuid {
    answer.header("fullmakt-decision").parse().unwrap()
}

#[track_caller]
fn assert_problem(answer: &Answer, slug: &str) {
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.json()["type"], format!("/problems/{slug}"), "{answer:?}");
}

async fn a_system_user_reads_what_it_may_read_and_nothing_else(log: Log) -> Scenario4 {
    let story = Scenario4::begin(log).await;
    story.approved().await;
    let tax = TaxApi::open(&story).await;
    let system_user = tax.caller(&token(&story).await);
    let mut decisions = BTreeSet::new();

    let read = system_user.get(&returns_of(FJORDTORG)).await.expect(200);
    assert_eq!(read.json(), json!([]));
    decisions.insert(decision(&read));

    let of_another = system_user.get(&returns_of(NORDVIK)).await.expect(403);
    assert_problem(&of_another, "forbidden");
    decisions.insert(decision(&of_another));

    let filed = json!({ "term": "2026-06", "payable": 100 });
    let written = system_user.post(&returns_of(FJORDTORG), &filed).await.expect(403);
    assert_problem(&written, "forbidden");
    decisions.insert(decision(&written));
    assert_eq!(decisions.len(), 3, "each request has a decision of its own");

    let nobodys = system_user.get("/vat-returns/310010023").await.expect(400);
    assert_eq!(nobodys.json()["errors"][0]["pointer"], "{organisation}");
    system_user.delete(&returns_of(FJORDTORG)).await.expect(405);
    story
}

async fn a_return_is_filed_by_one_that_may_and_names_the_decision(log: Log) -> Scenario4 {
    let story = Scenario4::begin(log).await;
    let right = |action: &str| {
        let resource = json!([{ "id": "urn:altinn:resource", "value": VAT_RETURN }]);
        json!({ "action": action, "resource": resource })
    };
    let request = json!({ "systemId": story.system_id, "partyOrgNo": FJORDTORG.org,
        "rights": [right("read"), right("write")] });
    let path = "/authentication/api/v1/systemuser/request/vendor";
    let asked = story.vendor.post(path, &request).await.expect(201).json();
    story.answer(KARI, FJORDTORG, asked["id"].as_str().unwrap(), "approve").await.expect(200);

    let tax = TaxApi::open(&story).await;
    let system_user = tax.caller(&token(&story).await);
    let body = json!({ "term": "2026-06", "payable": 100 });
    let filed = system_user.post(&returns_of(FJORDTORG), &body).await.expect(201);
    let by = decision(&filed).to_string();
    assert_eq!(filed.json(), json!({ "term": "2026-06", "payable": 100, "decision": by }));
    let read = system_user.get(&returns_of(FJORDTORG)).await.expect(200);
    assert_eq!(read.json(), json!([filed.json()]));
    assert_ne!(decision(&read).to_string(), by);
    story
}

async fn power_that_was_taken_back_ends_with_the_next_request(log: Log) -> Scenario4 {
    let story = Scenario4::begin(log).await;
    let user = story.approved().await;
    let kari = story.system.person(KARI).await;
    let tax = TaxApi::open(&story).await;
    let system_user = tax.caller(&token(&story).await);
    let reading = async |position: &str| {
        let request = system_user.request(Method::GET, &returns_of(FJORDTORG));
        system_user.send(request.header("Fullmakt-Min-Position", position)).await
    };
    system_user.get(&returns_of(FJORDTORG)).await.expect(200);

    let path = |verb: &str| format!("/fullmakt/v1/system-users/{user}/{verb}");
    let paused = kari.post_nothing(&path("pause")).await.expect(204);
    assert_problem(&reading(paused.position()).await.expect(403), "forbidden");
    let resumed = kari.post_nothing(&path("resume")).await.expect(204);
    reading(resumed.position()).await.expect(200);
    let deleted = story.delete(&user).await.expect(202);
    assert_problem(&reading(deleted.position()).await.expect(403), "forbidden");

    // A position that does not exist is the caller's mistake, and not waited for.
    let (ledger, _) = deleted.position().split_once(':').unwrap();
    let beyond = reading(&format!("{ledger}:1000000000")).await.expect(400);
    assert_problem(&beyond, "position-beyond-end");
    let of_another = reading(&format!("{}:1", Uuid::new_v4())).await.expect(400);
    assert_problem(&of_another, "position-beyond-end");
    story
}

async fn a_token_that_does_not_hold_is_refused_before_anything_is_asked(log: Log) -> Scenario4 {
    let story = Scenario4::begin(log).await;
    story.approved().await;
    let token = token(&story).await;
    let tax = TaxApi::open(&story).await;
    tax.caller(&token).get(&returns_of(FJORDTORG)).await.expect(200);

    let unauthenticated = async |api: &TaxApi, token: &str| {
        let answer = api.caller(token).get(&returns_of(FJORDTORG)).await.expect(401);
        assert_problem(&answer, "unauthenticated");
        assert!(answer.headers.get("fullmakt-decision").is_none());
        answer.json()["detail"].as_str().unwrap().to_owned()
    };
    let anonymous = Client::new(&tax.base, None).get(&returns_of(FJORDTORG)).await.expect(401);
    assert_eq!(anonymous.header("www-authenticate"), "Bearer");

    // Another issuer of the same installation, whose tokens are not for this service.
    let person = story.system.person(KARI).await;
    assert!(unauthenticated(&tax, person.token()).await.contains("issuer"));
    // The right issuer's name, and a key of one's own.
    let details = Value::Null;
    let mut claims = ClientKey::claims("x", "y", "demo:vat.write", Some(details));
    claims["iss"] = json!(format!("{}/", story.system.base()));
    assert!(unauthenticated(&tax, &story.key.sign(&claims)).await.contains("key"));
    let (signed, _) = token.rsplit_once('.').unwrap();
    assert!(unauthenticated(&tax, &format!("{signed}.AAAA")).await.contains("signature"));

    let for_others = "https://tax.example.no/".to_owned();
    let strict = TaxApi::with(&story, |settings| settings.audience = Some(for_others)).await;
    assert!(unauthenticated(&strict, &token).await.contains("aud"));
    let late: Clock = Arc::new(|| {
        let now = system_clock()();
        Timestamp::from_micros(now.as_micros() + 24 * 3_600 * 1_000_000)
    });
    let tomorrow = TaxApi::with(&story, |settings| settings.clock = late).await;
    assert!(unauthenticated(&tomorrow, &token).await.contains("expired"));
    story
}

async fn a_permit_for_a_surer_authentication_is_not_enough(log: Log) -> Scenario4 {
    let story = Scenario4::begin(log).await;
    story.approved().await;
    let tax = TaxApi::open(&story).await;
    let system_user = tax.caller(&token(&story).await);
    system_user.get(&returns_of(FJORDTORG)).await.expect(200);

    publish(&story, &POLICY.replace("#integer\">3<", "#integer\">4<")).await;
    let refused = system_user.get(&returns_of(FJORDTORG)).await.expect(403);
    assert_problem(&refused, "forbidden");
    assert!(refused.json()["detail"].as_str().unwrap().contains("level 4"), "{refused:?}");
    decision(&refused);

    // What a service does not understand it cannot fulfil.
    publish(&story, &POLICY.replace("urn:altinn:minimum-authenticationlevel", "urn:other")).await;
    let refused = system_user.get(&returns_of(FJORDTORG)).await.expect(403);
    assert!(refused.json()["detail"].as_str().unwrap().contains("obligation"), "{refused:?}");

    publish(&story, POLICY).await;
    system_user.get(&returns_of(FJORDTORG)).await.expect(200);
    story
}

async fn without_a_decision_nobody_is_let_in(log: Log) -> Scenario4 {
    let mut story = Scenario4::begin(log).await;
    story.approved().await;
    let tax = TaxApi::open(&story).await;
    let system_user = tax.caller(&token(&story).await);
    system_user.get(&returns_of(FJORDTORG)).await.expect(200);

    // The service's own token lost its scope, or belongs to somebody who owns no such resource.
    let own = tax.token.borrow().clone();
    for (org, scope) in [(SERVICE_OWNER, "altinn:other"), (FJORDTORG.org, AUTHORIZE)] {
        let other = story.system.organisation(org, &[scope]).await;
        tax.token.send(other.token().to_owned()).unwrap();
        let answer = system_user.get(&returns_of(FJORDTORG)).await.expect(503);
        assert_problem(&answer, "unavailable");
    }
    tax.token.send(own).unwrap();
    system_user.get(&returns_of(FJORDTORG)).await.expect(200);

    story.system.stop();
    let answer = system_user.get(&returns_of(FJORDTORG)).await.expect(503);
    assert_problem(&answer, "unavailable");
    assert_eq!(answer.header("retry-after"), "1");
    assert!(answer.headers.get("fullmakt-decision").is_none());
    story
}

/// The service owner publishes a policy of its resource.
async fn publish(story: &Scenario4, policy: &str) {
    let scope = "altinn:resourceregistry/resource.write";
    let owner = story.system.organisation(SERVICE_OWNER, &[scope]).await;
    let path = format!("/resourceregistry/api/v1/resource/{VAT_RETURN}/policy");
    let file = multipart::Part::text(policy.to_owned()).file_name("policy.xml");
    let form = multipart::Form::new().part("policyFile", file);
    owner.send(owner.request(Method::POST, &path).multipart(form)).await.expect(201);
}
