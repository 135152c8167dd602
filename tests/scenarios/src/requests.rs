//! A vendor that asks customers for system users of both kinds, and for changes of them.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    Answer, Client, Customer, FJORDTORG, KARI, Log, Person, System, VENDOR, decision_request,
};

/// Where a vendor asks for standard system users.
pub const REQUESTS: &str = "/authentication/api/v1/systemuser/request/vendor";
/// Where it asks for those that act for clients.
pub const AGENT_REQUESTS: &str = "/authentication/api/v1/systemuser/request/vendor/agent";
/// Where it asks for changes.
pub const CHANGE_REQUESTS: &str = "/authentication/api/v1/systemuser/changerequest/vendor";

/// The packages of the vendor's system: one that can be given in every way, one that can only be
/// passed on for clients, and one that can only be given directly.
pub const VAT: &str = "urn:altinn:accesspackage:merverdiavgift";
/// Can be passed on for clients only.
pub const PAYROLL: &str = "urn:altinn:accesspackage:regnskapsforer-lonn";
/// Can be given directly only.
pub const EVENTS: &str = "urn:altinn:accesspackage:maskinlesbare-hendelser";

/// A running system with a vendor, whose system has single rights and packages of every sort.
pub struct Requests {
    /// The running system.
    pub system: System,
    /// The vendor.
    pub vendor: Client,
    /// The vendor's system.
    pub system_id: String,
}

/// A right to a resource of the demonstration.
pub fn right(resource: &str, action: Option<&str>) -> Value {
    let resource = json!([{ "id": "urn:altinn:resource", "value": resource }]);
    match action {
        Some(action) => json!({ "action": action, "resource": resource }),
        None => json!({ "resource": resource }),
    }
}

/// Packages as the contract writes them.
pub fn packages(urns: &[&str]) -> Value {
    urns.iter().map(|urn| json!({ "urn": urn })).collect()
}

impl Requests {
    /// A running system where the vendor has registered its system.
    pub async fn begin(log: Log) -> Self {
        let system = System::start(log).await;
        let vendor = system.vendor(VENDOR).await;
        let requests = Self { system, vendor, system_id: format!("{VENDOR}_wide") };
        let path = "/authentication/api/v1/systemregister/vendor";
        requests.vendor.post(path, &requests.definition()).await.expect(200);
        requests
    }

    fn definition(&self) -> Value {
        let texts = json!({ "nb": "Bredsky", "nn": "Breisky", "en": "Widecloud" });
        json!({
            "id": self.system_id,
            "vendor": { "ID": format!("0192:{VENDOR}") },
            "name": texts,
            "description": texts,
            "rights": [
                right("demo-vat-return", None),
                right("demo-payroll-report", Some("read")),
                right("demo-payroll-report", Some("write")),
            ],
            "accessPackages": packages(&[VAT, PAYROLL, EVENTS]),
            "clientId": [],
            "isVisible": false,
            "allowedRedirectUrls": ["https://wide.example.no/done"],
        })
    }

    /// The vendor deletes its system.
    pub async fn system_is_deleted(&self) {
        let path = format!("/authentication/api/v1/systemregister/vendor/{}", self.system_id);
        self.vendor.delete(&path).await.expect(200);
    }

    /// A request for a standard system user that may read VAT returns.
    pub fn standard(&self, customer: Customer, reference: &str) -> Value {
        json!({
            "systemId": self.system_id,
            "partyOrgNo": customer.org,
            "externalRef": reference,
            "rights": [right("demo-vat-return", Some("read"))],
        })
    }

    /// A request for a system user that acts for clients.
    pub fn agent(&self, customer: Customer, reference: &str) -> Value {
        json!({
            "systemId": self.system_id,
            "partyOrgNo": customer.org,
            "externalRef": reference,
            "accessPackages": packages(&[PAYROLL]),
        })
    }

    /// The vendor asks [`FJORDTORG`] for a standard system user, and has the request's id.
    pub async fn asked(&self, reference: &str) -> String {
        id(&self.vendor.post(REQUESTS, &self.standard(FJORDTORG, reference)).await.expect(201))
    }

    /// The vendor asks [`FJORDTORG`] for a system user that acts for clients.
    pub async fn asked_for_agent(&self, reference: &str) -> String {
        id(&self.vendor.post(AGENT_REQUESTS, &self.agent(FJORDTORG, reference)).await.expect(201))
    }

    /// The vendor asks [`FJORDTORG`], and [`KARI`] approves: the system user's id.
    pub async fn approved(&self, reference: &str) -> String {
        let request = self.asked(reference).await;
        self.answer(KARI, FJORDTORG, "request", &request, "approve").await.expect(200);
        request
    }

    /// A person answers in the name of a customer. `what` is `request`, `request/agent` or
    /// `changerequest`; `verb` is `approve`, `reject` or `escalate`.
    pub async fn answer(
        &self,
        person: Person,
        customer: Customer,
        what: &str,
        id: &str,
        verb: &str,
    ) -> Answer {
        let path =
            format!("/authentication/api/v1/systemuser/{what}/{}/{id}/{verb}", customer.party);
        self.system.person(person).await.post_nothing(&path).await
    }

    /// The vendor asks for a change of a system user, under a new correlation id.
    pub async fn change(&self, user: &str, change: &Value) -> Answer {
        self.change_as(&Uuid::new_v4().to_string(), user, change).await
    }

    /// The vendor asks for a change of a system user, under this correlation id.
    pub async fn change_as(&self, correlation: &str, user: &str, change: &Value) -> Answer {
        self.vendor.post(&change_path("", correlation, user), change).await
    }

    /// Whether a public API may let the system user do this for [`FJORDTORG`].
    pub async fn is_permitted(&self, user: &str, action: &str, resource: &str) -> bool {
        let api = self.system.public_api().await;
        let request = decision_request(user, action, resource, FJORDTORG.org);
        let answer = api.post("/authorization/api/v1/authorize", &request).await.expect(200);
        answer.json()["response"][0]["decision"] == "Permit"
    }

    /// The end of a story: every read model is equal to its rebuild.
    pub fn end(self) {
        self.system.verify();
    }
}

/// Where a change is asked for, or `/verify` is.
pub fn change_path(verify: &str, correlation: &str, user: &str) -> String {
    format!("{CHANGE_REQUESTS}{verify}?correlation-id={correlation}&system-user-id={user}")
}

/// What was answered, but for when it was made: whoever asks is told when that was decided, and
/// whoever reads it when the ledger took it.
pub fn undated(answer: &Answer) -> Value {
    let mut seen = answer.json();
    seen.as_object_mut().expect("an object").remove("created");
    seen
}

/// The id of what was answered.
pub fn id(answer: &Answer) -> String {
    answer.json()["id"].as_str().expect("an id").to_owned()
}
