//! Scenario 4 with several servers on one ledger: whoever is asked, the answers are those of one
//! system. Nobody is told something that did not come to pass, and nobody waits in vain.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "who tells a story fails by panicking"
)]

use std::collections::BTreeSet;

use fullmakt_scenarios::{
    Answer, Client, FJORDTORG, KARI, Log, Scenario4, Server, System, VAT_RETURN, VENDOR,
    decision_request, on_both_logs, system_user_of,
};
use reqwest::Method;
use serde_json::{Value, json};

/// What all servers are known as.
const PUBLIC_ADDRESS: &str = "https://fullmakt.example.no";
const SERVERS: usize = 3;
const SYSTEMS: &str = "/authentication/api/v1/systemregister/vendor";
const REQUESTS: &str = "/authentication/api/v1/systemuser/request/vendor";

on_both_logs! {
    scenario_4_one_of_several_answers_to_a_request_counts_whichever_server_takes_it;
    scenario_4_one_of_many_registrations_through_several_servers_counts;
    scenario_4_no_server_starves_where_all_write_to_one_stream;
    scenario_4_a_key_counts_once_whichever_server_is_asked;
    scenario_4_every_server_knows_what_another_one_did;
}

/// Servers beside the story's own.
struct Several {
    story: Scenario4,
    further: Vec<Server>,
}

impl Several {
    async fn begin(log: Log) -> Self {
        let mut system = System::prepare(log).await;
        system.set("FULLMAKT_HTTP__PUBLIC_ADDRESS", PUBLIC_ADDRESS);
        system.serve().await;
        let story = Scenario4::on(system).await;
        let mut further = Vec::new();
        while further.len() + 1 < SERVERS {
            further.push(story.system.another_server().await);
        }
        Self { story, further }
    }

    /// Somebody as a caller of each server.
    fn everywhere(&self, client: &Client) -> Vec<Client> {
        let further = self.further.iter().map(|server| server.with_token(client.token()));
        [client.clone()].into_iter().chain(further).collect()
    }

    /// The vendor as a caller of each server.
    fn vendors(&self) -> Vec<Client> {
        self.everywhere(&self.story.vendor)
    }

    fn request(&self, reference: &str) -> Value {
        json!({
            "systemId": self.story.system_id,
            "partyOrgNo": FJORDTORG.org,
            "externalRef": reference,
            "rights": [{
                "action": "read",
                "resource": [{ "id": "urn:altinn:resource", "value": VAT_RETURN }],
            }],
        })
    }

    async fn asked(&self, reference: &str) -> String {
        let answer = self.story.vendor.post(REQUESTS, &self.request(reference)).await;
        id_of(&answer.expect(201))
    }

    /// What each server decides, on what it knows at this position.
    async fn decisions(&self, system_user: &str, position: &str) -> Vec<String> {
        let question = decision_request(system_user, "read", VAT_RETURN, FJORDTORG.org);
        let mut decisions = Vec::new();
        for api in self.everywhere(&self.story.system.public_api().await) {
            let post = api.request(Method::POST, "/authorization/api/v1/authorize").json(&question);
            let answer = api.send(post.header("Fullmakt-Min-Position", position)).await;
            let decision = answer.expect(200).json()["response"][0]["decision"].clone();
            decisions.push(decision.as_str().unwrap().to_owned());
        }
        decisions
    }

    /// The types of all events that counted on the stream of the vendor's system and the customer,
    /// as each server tells them.
    async fn history(&self) -> Vec<String> {
        let stream = format!("agreement%2F{}%2F{}", self.story.system_id, FJORDTORG.org);
        let mut told = Vec::new();
        for auditor in self.everywhere(&self.story.system.auditor().await) {
            let mut types = Vec::new();
            let query = format!("stream={stream}&verdict=admitted&order=oldest");
            let mut next = Some(format!("/fullmakt/v1/commits?{query}"));
            while let Some(path) = next {
                let page = auditor.get(&path).await.expect(200).json();
                for commit in page["data"].as_array().unwrap() {
                    let events = commit["record"]["events"].as_array().unwrap();
                    types.extend(events.iter().map(|e| e["type"].as_str().unwrap().to_owned()));
                }
                next = page["links"]["next"]
                    .as_str()
                    .map(|link| link.strip_prefix(PUBLIC_ADDRESS).unwrap_or(link).to_owned());
            }
            told.push(types);
        }
        assert!(told.iter().all(|types| *types == told[0]), "{told:?}");
        told.swap_remove(0)
    }

    fn end(self) {
        self.story.end();
    }
}

fn id_of(answer: &Answer) -> String {
    answer.json()["id"].as_str().unwrap_or_else(|| panic!("no id: {answer:?}")).to_owned()
}

fn count(types: &[String], event: &str) -> usize {
    types.iter().filter(|own| *own == event).count()
}

/// Carries out what is given all at once, and answers in the same order.
async fn at_once(
    futures: impl IntoIterator<Item = impl Future<Output = Answer> + Send + 'static>,
) -> Vec<Answer> {
    let tasks: Vec<_> = futures.into_iter().map(tokio::spawn).collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    answers
}

async fn scenario_4_one_of_several_answers_to_a_request_counts_whichever_server_takes_it(
    log: Log,
) -> Several {
    const ROUNDS: usize = 12;
    let several = Several::begin(log).await;
    let managers = several.everywhere(&several.story.system.person(KARI).await);
    let vendors = several.vendors();
    let mut won = [0; 2];
    for round in 0..ROUNDS {
        let request = several.asked(&format!("round-{round}")).await;
        let answer = format!("/authentication/api/v1/systemuser/request/{}", FJORDTORG.party);
        // Each round another server takes each of the three.
        let server = |at: usize| (round + at) % SERVERS;
        let (first, second) = (&managers[server(0)], &managers[server(1)]);
        let (approve, reject, withdraw) = (
            format!("{answer}/{request}/approve"),
            format!("{answer}/{request}/reject"),
            format!("{REQUESTS}/{request}"),
        );
        let (approved, rejected, withdrawn) = tokio::join!(
            first.post_nothing(&approve),
            second.post_nothing(&reject),
            vendors[server(2)].delete(&withdraw),
        );
        let withdrawn = withdrawn.expect(202);
        // One of the two counts, unless the request was taken back before.
        let answers = [approved, rejected];
        for (answer, other) in [(&answers[0], &answers[1]), (&answers[1], &answers[0])] {
            match answer.status {
                200 => assert_ne!(other.status, 200, "{answers:?}"),
                404 | 409 => {}
                _ => panic!("{answers:?}"),
            }
        }
        for (count, answer) in won.iter_mut().zip(&answers) {
            *count += usize::from(answer.status == 200);
        }
        // What was approved stands, and is known everywhere.
        let last = latest([&withdrawn, &answers[0], &answers[1]]);
        for decision in several.decisions(&request, &last).await {
            assert_eq!(decision == "Permit", answers[0].status == 200, "{decision} {answers:?}");
        }
    }
    let history = several.history().await;
    let told = ["approved", "rejected", "withdrawn"]
        .map(|verb| count(&history, &format!("system_user_request.{verb}")));
    assert_eq!(told, [won[0], won[1], ROUNDS], "{history:?}");
    assert_eq!(count(&history, "system_user.created"), won[0]);
    several
}

async fn scenario_4_one_of_many_registrations_through_several_servers_counts(log: Log) -> Several {
    let several = Several::begin(log).await;
    let mut definition = several.story.definition();
    definition["id"] = json!(format!("{VENDOR}_contested"));
    definition["clientId"] = json!(["contested-client"]);
    let vendors = several.vendors();
    let posts = (0..12).map(|at| {
        let (vendor, definition) = (vendors[at % SERVERS].clone(), definition.clone());
        async move { vendor.post(SYSTEMS, &definition).await }
    });
    let answers = at_once(posts).await;
    let registered: Vec<&Answer> = answers.iter().filter(|answer| answer.status == 200).collect();
    assert_eq!(registered.len(), 1, "{answers:?}");
    assert!(answers.iter().all(|answer| [200, 400].contains(&answer.status)), "{answers:?}");
    for vendor in &vendors {
        let path = format!("{SYSTEMS}/{VENDOR}_contested");
        let get = vendor.request(Method::GET, &path);
        let get = get.header("Fullmakt-Min-Position", registered[0].position());
        vendor.send(get).await.expect(200);
    }
    several
}

async fn scenario_4_no_server_starves_where_all_write_to_one_stream(log: Log) -> Several {
    const CLIENTS: usize = 12;
    const EACH: usize = 6;
    let several = Several::begin(log).await;
    let vendors = several.vendors();
    let clients = (0..CLIENTS).map(|client| {
        let vendor = vendors[client % SERVERS].clone();
        let bodies: Vec<Value> =
            (0..EACH).map(|at| several.request(&format!("{client}-{at}"))).collect();
        tokio::spawn(async move {
            let mut ids = Vec::new();
            for body in bodies {
                ids.push(id_of(&vendor.post(REQUESTS, &body).await.expect(201)));
            }
            ids
        })
    });
    let mut ids = BTreeSet::new();
    for client in clients.collect::<Vec<_>>() {
        ids.extend(client.await.unwrap());
    }
    assert_eq!(ids.len(), CLIENTS * EACH);
    let history = several.history().await;
    assert_eq!(count(&history, "system_user_request.created"), CLIENTS * EACH);
    // They were in each other's way, which nobody was told of.
    let auditor = several.story.system.auditor().await;
    let superseded = auditor.get("/fullmakt/v1/commits?verdict=superseded").await.expect(200);
    assert_ne!(superseded.json()["data"], json!([]));
    several
}

async fn scenario_4_a_key_counts_once_whichever_server_is_asked(log: Log) -> Several {
    let several = Several::begin(log).await;
    let vendors = several.vendors();
    for round in 0..4 {
        let body = several.request(&format!("round-{round}"));
        let posts = (0..6).map(|at| {
            let vendor = vendors[at % SERVERS].clone();
            let post = vendor.request(Method::POST, REQUESTS).json(&body);
            let post = post.header("Idempotency-Key", format!("key-{round}"));
            async move { vendor.send(post).await }
        });
        // Without the key, whoever comes later would get 200 for a request that is there already.
        let answers = at_once(posts).await;
        let ids: BTreeSet<String> = answers.iter().map(id_of).collect();
        assert!(answers.iter().all(|answer| answer.status == 201), "{answers:?}");
        assert_eq!(ids.len(), 1, "{answers:?}");
    }
    let history = several.history().await;
    assert_eq!(count(&history, "system_user_request.created"), 4);

    // An assertion is good for one token, wherever it is used.
    several.asked("for-a-token").await;
    let user = several.asked("").await;
    several.story.answer(KARI, FJORDTORG, &user, "approve").await.expect(200);
    let details = json!([system_user_of(FJORDTORG)]);
    let story = &several.story;
    let assertion =
        story.key.assertion(&story.client_id, PUBLIC_ADDRESS, "demo:vat.write", Some(details));
    let grants = vendors.iter().map(|server| {
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer".to_owned()),
            ("assertion", assertion.clone()),
        ];
        let post = server.request(Method::POST, "/token").form(&form);
        let server = server.clone();
        async move { server.send(post).await }
    });
    let mut statuses: Vec<u16> = at_once(grants).await.iter().map(|own| own.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400, 400]);
    several
}

async fn scenario_4_every_server_knows_what_another_one_did(log: Log) -> Several {
    let several = Several::begin(log).await;
    let managers = several.everywhere(&several.story.system.person(KARI).await);
    let vendors = several.vendors();
    for round in 0..6 {
        let [one, two, three] = [0, 1, 2].map(|at| (round + at) % SERVERS);
        let created =
            vendors[one].post(REQUESTS, &several.request(&format!("round-{round}"))).await;
        let request = id_of(&created.expect(201));
        let path = format!("/authentication/api/v1/systemuser/request/{}", FJORDTORG.party);
        // Also a command that does not say a position is decided on all that happened before.
        let approved = managers[two].post_nothing(&format!("{path}/{request}/approve")).await;
        let position = approved.expect(200).position().to_owned();
        let decisions = several.decisions(&request, &position).await;
        assert!(decisions.iter().all(|decision| decision == "Permit"), "{decisions:?}");
        let path = format!("/authentication/api/v1/systemuser/{}/{request}", FJORDTORG.party);
        let deleted = managers[three].delete(&path).await.expect(202);
        let decisions = several.decisions(&request, deleted.position()).await;
        assert!(decisions.iter().all(|decision| decision != "Permit"), "{decisions:?}");
    }
    several
}

/// The latest position that any of these says; one that wrote nothing may say none.
fn latest<'a>(answers: impl IntoIterator<Item = &'a Answer>) -> String {
    let said = answers.into_iter().filter_map(|answer| answer.headers.get("fullmakt-position"));
    let position = |token: &str| token.rsplit_once(':').unwrap().1.parse::<u64>().unwrap();
    let said = said.map(|token| token.to_str().unwrap().to_owned());
    said.max_by_key(|token| position(token)).unwrap()
}
