//! Requests made from the `OpenAPI` document — valid, nearly valid and hostile ones, with valid
//! tokens — find no 500 and no status that is not documented.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod document;
mod values;

use std::collections::BTreeMap;

use document::{Operation, operations};
use fullmakt_scenarios::{
    Answer, Client, FJORDTORG, KARI, Log, NORDVIK, OLA, SERVICE_OWNER, VAT_RETURN, VENDOR,
    decision_request,
    requests::{PAYROLL, Requests, VAT, id, right},
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::{
    prelude::RngExt as _,
    test_runner::{RngAlgorithm, TestRng},
};
use reqwest::{Method, header::CONTENT_TYPE};
use serde_json::{Value, json};
use uuid::Uuid;
use values::{Facts, Intent, Known, choice, hostile, hostile_body, of_schema, spoil};

/// How many requests are made of each operation.
const REQUESTS_PER_OPERATION: u32 = 60;
/// A client of the token endpoint.
const CLIENT: &str = "fuzz-client";
/// The UUID of [`FJORDTORG`].
const FJORDTORG_UUID: &str = "a1000000-0000-4000-8000-000000000022";
/// Headers that routes read.
const HEADERS: [&str; 6] = [
    "idempotency-key",
    "if-match",
    "fullmakt-min-position",
    "x-request-id",
    "x-forwarded-host",
    "accept",
];

#[tokio::test]
async fn no_request_finds_a_500_or_an_undocumented_status() {
    let seed = std::env::var("FULLMAKT_TEST_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed: u64 = seed.unwrap_or(1);
    eprintln!("FULLMAKT_TEST_SEED={seed}");
    let mut random = random(seed);
    let world = World::begin().await;
    let mut answers = BTreeMap::<String, BTreeMap<u16, u32>>::new();
    let mut wrong = Vec::new();
    for operation in operations() {
        let name = format!("{} {}", operation.method, operation.path);
        let callers = world.callers(&operation).await;
        for _ in 0..REQUESTS_PER_OPERATION {
            let (told, answer) = world.ask(&mut random, &operation, &callers).await;
            *answers.entry(name.clone()).or_default().entry(answer.status).or_default() += 1;
            if let Err(why) = check(&operation, &answer) {
                wrong.push(format!("{why}: {told}: {answer:?}"));
            }
        }
    }
    for (operation, statuses) in &answers {
        eprintln!("{operation}: {statuses:?}");
    }
    assert!(wrong.is_empty(), "{} of seed {seed}:\n{}", wrong.len(), wrong.join("\n"));
    // A request that is valid by the document is also one that can succeed, for most operations:
    // else this test would see the outermost checks only.
    let succeeding = answers.values().filter(|statuses| statuses.keys().any(|s| *s < 300)).count();
    assert!(succeeding * 3 > answers.len() * 2, "{succeeding} of {} ever succeed", answers.len());
    world.story.system.verify();
}

fn random(seed: u64) -> TestRng {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    TestRng::from_seed(RngAlgorithm::ChaCha, &bytes)
}

/// A running system, who calls it, and what is in it.
struct World {
    story: Requests,
    facts: Facts,
}

impl World {
    async fn begin() -> Self {
        let mut story = Requests::begin(Log::Postgres).await;
        story.system.stop();
        story.system.set("FULLMAKT_LIMITS__REQUESTS_PER_SECOND", "0");
        story.system.serve().await;
        story.vendor = story.system.vendor(VENDOR).await;
        let client = json!({ "clientId": CLIENT, "scopes": ["demo:vat.write"] });
        story.vendor.post("/fullmakt/v1/token-clients", &client).await.expect(201);

        let user = story.approved("a").await;
        let other = story.approved("b").await;
        let agent = story.asked_for_agent("c").await;
        story.answer(KARI, FJORDTORG, "request/agent", &agent, "approve").await.expect(200);
        let (mut asked, mut agents, mut changes) = (Vec::new(), Vec::new(), Vec::new());
        for n in 0..5 {
            asked.push(story.asked(&format!("d{n}")).await);
            agents.push(story.asked_for_agent(&format!("e{n}")).await);
        }
        for user in [&user, &other] {
            let change = json!({ "requiredRights": [right("demo-payroll-report", Some("read"))] });
            changes.push(id(&story.change(user, &change).await.expect(201)));
        }
        let facts = facts(&story, (vec![user, other], vec![agent]), (asked, agents), changes);
        Self { story, facts }
    }

    /// Makes a request of an operation, sends it, and tells what was sent.
    async fn ask(
        &self,
        random: &mut TestRng,
        operation: &Operation,
        callers: &[Client],
    ) -> (String, Answer) {
        let intent = *choice(random, &[Intent::Valid, Intent::NearlyValid, Intent::Hostile]);
        let path = self.path(random, operation, intent);
        let client = choice(random, callers);
        let method = Method::from_bytes(operation.method.as_bytes()).expect("a method");
        let mut request = client.request(method, &path);
        let mut told = format!("{intent:?} {} {path}", operation.method);
        if intent != Intent::Valid && random.random_range(0..3) == 0 {
            let (name, value) = (choice(random, &HEADERS), hostile(random));
            // What no client can send is not sent.
            if reqwest::header::HeaderValue::from_str(&value).is_ok() {
                told = format!("{told} {name}: {value}");
                request = request.header(*name, value);
            }
        }
        if let Some((media_type, schema)) = &operation.body {
            let (media_type, body) = self.body(random, operation, (media_type, schema), intent);
            let shown: String = String::from_utf8_lossy(&body).chars().take(600).collect();
            told = format!("{told} {media_type} {shown}");
            request = request.header(CONTENT_TYPE, media_type).body(body);
        }
        (told, client.send(request).await)
    }

    fn path(&self, random: &mut TestRng, operation: &Operation, intent: Intent) -> String {
        let known = Known { facts: &self.facts, path: &operation.path };
        let mut path = operation.path.clone();
        let mut query = Vec::new();
        let spoilt = random.random_range(0..operation.parameters.len().max(1));
        for (index, parameter) in operation.parameters.iter().enumerate() {
            let is_spoilt = intent != Intent::Valid && index == spoilt;
            let mut value = if is_spoilt {
                hostile(random)
            } else {
                let known = known.text(random, &parameter.name).or(parameter.example.clone());
                let is_left_out =
                    !parameter.is_required && (known.is_none() || random.random_range(0..2) == 0);
                if is_left_out {
                    continue;
                }
                known.unwrap_or_else(|| "text".to_owned())
            };
            match &*parameter.place {
                "path" => {
                    // A segment that is empty, or goes up, makes another path.
                    if ["", ".", ".."].contains(&value.as_str()) {
                        "x".clone_into(&mut value);
                    }
                    let encoded = utf8_percent_encode(&value, NON_ALPHANUMERIC).to_string();
                    path = path.replace(&format!("{{{}}}", parameter.name), &encoded);
                }
                "query" => {
                    let encoded = utf8_percent_encode(&value, NON_ALPHANUMERIC);
                    query.push(format!("{}={encoded}", parameter.name));
                }
                _ => {}
            }
        }
        if intent == Intent::Hostile && random.random_range(0..10) == 0 {
            query.push("%ff=%00&&==".to_owned());
        }
        if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
    }

    fn body(
        &self,
        random: &mut TestRng,
        operation: &Operation,
        (media_type, schema): (&str, &Value),
        intent: Intent,
    ) -> (String, Vec<u8>) {
        let known = Known { facts: &self.facts, path: &operation.path };
        let is_decision = operation.path.starts_with("/authorization/");
        let mut value = if is_decision {
            decision_request(
                &known.text(random, "systemuserid").unwrap_or_default(),
                "read",
                VAT_RETURN,
                FJORDTORG.org,
            )
        } else {
            of_schema(random, schema, "", &known)
        };
        if intent == Intent::NearlyValid {
            value = spoil(random, value);
        }
        let bytes = if media_type == "application/x-www-form-urlencoded" {
            let members = value.as_object().cloned().unwrap_or_default();
            let pairs = members.iter().map(|(name, value)| {
                let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                format!("{name}={}", utf8_percent_encode(&text, NON_ALPHANUMERIC))
            });
            pairs.collect::<Vec<_>>().join("&").into_bytes()
        } else if media_type.contains("json") {
            value.to_string().into_bytes()
        } else {
            hostile(random).into_bytes()
        };
        if intent != Intent::Hostile {
            return (media_type.to_owned(), bytes);
        }
        let strange =
            ["text/plain", "application/xml", "application/json", "x", "multipart/form-data"];
        let media_type =
            if random.random_range(0..3) == 0 { choice(random, &strange) } else { media_type };
        (media_type.to_owned(), hostile_body(random, &bytes))
    }

    /// Those who call an operation with valid tokens: mostly whom it is for.
    async fn callers(&self, operation: &Operation) -> Vec<Client> {
        let system = &self.story.system;
        let Some(scopes) = &operation.scopes else { return vec![system.anonymous()] };
        let scopes: Vec<&str> = scopes.iter().map(String::as_str).collect();
        let is_for_persons = scopes.is_empty() || scopes.contains(&"altinn:portal/enduser");
        let mut meant = if is_for_persons {
            vec![system.person(KARI).await]
        } else {
            let vendor = system.organisation(VENDOR, &scopes).await;
            vec![vendor, system.organisation(SERVICE_OWNER, &scopes).await]
        };
        meant = meant.iter().cycle().take(8).cloned().collect();
        let others = [
            system.anonymous(),
            system.organisation(VENDOR, &["demo:none"]).await,
            system.organisation(NORDVIK.org, &scopes).await,
            system.person(OLA).await,
        ];
        meant.extend(others);
        meant
    }
}

/// What there is: users of both kinds, requests for both, and change requests.
fn facts(
    story: &Requests,
    (users, agent_users): (Vec<String>, Vec<String>),
    (asked, asked_for_agents): (Vec<String>, Vec<String>),
    changes: Vec<String>,
) -> Facts {
    let texts = |all: &[&str]| all.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let parties = vec![FJORDTORG.party.to_string()];
    let resources = texts(&[VAT_RETURN]);
    let new_systems = (0..50).map(|n| format!("{VENDOR}_s{n}")).collect();
    let any_user = [users.clone(), agent_users.clone()].concat();
    Facts(vec![
        ("/systemregister/vendor/{", &["id"], vec![story.system_id.clone()]),
        ("/systemregister/vendor", &["id"], new_systems),
        ("/resourceregistry", &["id"], resources.clone()),
        ("/token-clients", &["scopes"], texts(&["demo:vat.write"])),
        ("/token-scopes", &["scope"], texts(&["demo:fuzz.read", "demo:fuzz.write"])),
        ("", &["systemid", "systemidentifier"], vec![story.system_id.clone()]),
        ("", &["party", "partyid", "partynumber"], parties),
        (
            "",
            &["orgno", "partyorgno", "systemuserownerorgno", "reporteeorgno", "customer"],
            texts(&[FJORDTORG.org]),
        ),
        ("", &["org", "consumer", "supplier", "owner"], texts(&[NORDVIK.org, FJORDTORG.org])),
        ("", &["systemproviderorgno", "vendor", "actororg"], texts(&[VENDOR])),
        ("/request/vendor/agent", &["externalref"], texts(&["e0", "e1", "f"])),
        ("/request", &["externalref"], texts(&["d0", "d1", "g"])),
        ("", &["externalref"], texts(&["a"])),
        ("/changerequest", &["requestid", "id"], changes),
        (
            "/changerequest",
            &["correlationid"],
            (0..50).map(|_| Uuid::new_v4().to_string()).collect(),
        ),
        ("/request/vendor/agent", &["requestid", "id"], asked_for_agents.clone()),
        ("/request/agent", &["requestid", "id"], asked_for_agents),
        ("/request", &["requestid", "id"], asked),
        ("/systemuser/agent", &["systemuserid", "id"], agent_users),
        ("/systemuser/{party}", &["systemuserid", "id"], users.clone()),
        ("/changerequest", &["systemuserid"], users),
        ("", &["systemuserid", "id", "agent"], any_user),
        ("", &["facilitatorid"], texts(&[FJORDTORG_UUID])),
        ("", &["clientid"], texts(&[CLIENT])),
        ("", &["redirecturl", "allowedredirecturls"], texts(&["https://wide.example.no/done"])),
        ("", &["value"], resources),
        ("/agent", &["urn"], texts(&[PAYROLL])),
        ("", &["urn"], texts(&[VAT])),
        ("", &["action"], texts(&["read", "write"])),
        ("", &["position", "at", "limit"], texts(&["1", "2", "10"])),
        ("", &["kid"], texts(&["key-1", "key-2"])),
        ("", &["granttype"], texts(&["urn:ietf:params:oauth:grant-type:jwt-bearer"])),
    ])
}

fn check(operation: &Operation, answer: &Answer) -> Result<(), String> {
    let status = answer.status;
    if status >= 500 && status != 503 {
        return Err(format!("a {status}"));
    }
    if !operation.statuses.contains(&status) {
        return Err(format!("{status} is not among {:?}", operation.statuses));
    }
    let text = answer.text();
    for inside in ["panicked", "src/", "postgres://", "SELECT ", "fullmakt_read_"] {
        if status >= 400 && text.contains(inside) {
            return Err(format!("`{inside}` in an answer"));
        }
    }
    let media_type = answer.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is_json = media_type.is_some_and(|media_type| media_type.contains("json"));
    if is_json && serde_json::from_str::<Value>(&text).is_err() {
        return Err("no JSON where it says so".to_owned());
    }
    Ok(())
}
