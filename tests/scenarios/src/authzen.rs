//! A decision point that is asked by AuthZEN, with the entities and the policy of its certification.

use std::fs;

use reqwest::Method;
use serde_json::{Value, json};

use crate::{Answer, Client, Log, SERVICE_OWNER, System};

const POLICY: &str = include_str!("../authzen/record.xml");
const ENTITIES: &str = include_str!("../authzen/entities.json");
const REGISTRY: &str = "/resourceregistry/api/v1/resource";
const BOUNDARY: &str = "part";

/// A running system, and somebody who asks its decision point about resources of its own.
pub struct Pdp {
    /// The system.
    pub system: System,
    /// Who asks.
    pub client: Client,
}

impl Pdp {
    /// A system with the fixture of the certification.
    pub async fn begin() -> Self {
        Self::on(System::start(Log::Postgres).await).await
    }

    /// The same on a system that runs already.
    pub async fn on(system: System) -> Self {
        let entities: Value = serde_json::from_str(ENTITIES).expect("the fixture is JSON");
        import_entities(&system, &entities);
        register_resource(&system, "record", POLICY).await;
        let client = system.public_api().await;
        Self { system, client }
    }

    /// Asks one question.
    pub async fn evaluate(&self, body: &Value) -> Answer {
        self.client.post("/access/v1/evaluation", body).await
    }

    /// The answer to one question.
    pub async fn decision(&self, body: &Value) -> bool {
        let answer = self.evaluate(body).await.expect(200).json();
        answer["decision"].as_bool().unwrap_or_else(|| panic!("no decision: {answer}"))
    }

    /// Asks several questions.
    pub async fn evaluations(&self, body: &Value) -> Answer {
        self.client.post("/access/v1/evaluations", body).await
    }

    /// The answers to several questions.
    pub async fn decisions(&self, body: &Value) -> Vec<bool> {
        let answer = self.evaluations(body).await.expect(200).json();
        assert!(answer.get("decision").is_none(), "{answer}");
        let all = answer["evaluations"].as_array().unwrap_or_else(|| panic!("no list: {answer}"));
        all.iter().map(|one| one["decision"].as_bool().expect("a decision")).collect()
    }

    /// Searches for a `subject`, `resource` or `action`.
    pub async fn search(&self, what: &str, body: &Value) -> Answer {
        self.client.post(&format!("/access/v1/search/{what}"), body).await
    }

    /// What a search finds: the ids of subjects and resources, the names of actions.
    pub async fn found(&self, what: &str, body: &Value) -> Vec<String> {
        names(&self.search(what, body).await.expect(200))
    }

    /// The end of a story: every read model is equal to its rebuild.
    pub fn end(self) {
        self.system.end();
    }
}

/// What a page of a search has: the ids of subjects and resources, the names of actions.
pub fn names(page: &Answer) -> Vec<String> {
    let page = page.json();
    let results = page["results"].as_array().unwrap_or_else(|| panic!("no results: {page}"));
    let name =
        |result: &Value| result["id"].as_str().or(result["name"].as_str()).map(str::to_owned);
    results.iter().map(|result| name(result).expect("a name")).collect()
}

/// Makes these the entities of the installation.
pub fn import_entities(system: &System, entities: &Value) {
    let path = system.folder().join("entities.json");
    fs::write(&path, entities.to_string()).expect("the file can be written");
    system.run(&["import", "entities", &path.display().to_string()]);
}

/// The service owner registers a resource and publishes its policy. Answers the position of the
/// policy.
pub async fn register_resource(system: &System, id: &str, policy: &str) -> String {
    let owner =
        system.organisation(SERVICE_OWNER, &["altinn:resourceregistry/resource.write"]).await;
    let texts = json!({ "nb": id, "nn": id, "en": id });
    let resource = json!({
        "identifier": id, "title": texts, "description": texts, "delegable": false,
        "resourceType": "GenericAccessResource",
        "hasCompetentAuthority": { "organization": SERVICE_OWNER, "orgcode": "demo" },
    });
    owner.post(REGISTRY, &resource).await.expect(201);
    publish_policy(&owner, id, policy).await
}

/// Publishes the policy of a resource. Answers its position.
pub async fn publish_policy(owner: &Client, id: &str, policy: &str) -> String {
    let form = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"policyFile\"; \
         filename=\"policy.xml\"\r\nContent-Type: application/xml\r\n\r\n{policy}\r\n--{BOUNDARY}--\r\n"
    );
    let request = owner
        .request(Method::POST, &format!("{REGISTRY}/{id}/policy"))
        .header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"))
        .body(form);
    owner.send(request).await.expect(201).position().to_owned()
}
