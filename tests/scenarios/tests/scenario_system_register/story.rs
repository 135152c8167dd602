//! A vendor with a system.

use fullmakt_scenarios::{Answer, Client, Log, System, VAT_RETURN, VENDOR};
use reqwest::{Method, header::IF_MATCH};
use serde_json::{Value, json};

/// The register.
pub const REGISTER: &str = "/authentication/api/v1/systemregister";
/// The vendors' part of the register.
pub const VENDORS: &str = "/authentication/api/v1/systemregister/vendor";
/// Another vendor.
pub const OTHER_VENDOR: &str = "310020028";
/// A package that can be given directly, and passed on.
pub const VAT: &str = "urn:altinn:accesspackage:merverdiavgift";
/// A package that can only be passed on, to those who act for clients.
pub const PAYROLL: &str = "urn:altinn:accesspackage:regnskapsforer-lonn";
/// A resource of the demonstration beside [`VAT_RETURN`].
pub const PAYROLL_REPORT: &str = "demo-payroll-report";

/// A running system, and a vendor who has registered a system.
pub struct Story {
    pub system: System,
    pub vendor: Client,
    pub id: String,
}

impl Story {
    pub async fn begin() -> Self {
        Self::on(Log::Postgres).await
    }

    pub async fn on(log: Log) -> Self {
        let system = System::start(log).await;
        let vendor = system.vendor(VENDOR).await;
        let story = Self { system, vendor, id: format!("{VENDOR}_smartcloud") };
        story.vendor.post(VENDORS, &story.definition()).await.expect(200);
        story
    }

    /// The system as it was registered.
    pub fn definition(&self) -> Value {
        definition(&self.id)
    }

    /// The path of the vendor's system, and what follows.
    pub fn path(&self, rest: &str) -> String {
        format!("{VENDORS}/{}{rest}", self.id)
    }

    /// The system as its vendor sees it.
    pub async fn seen(&self) -> Value {
        self.vendor.get(&self.path("")).await.expect(200).json()
    }

    /// The version of the system.
    pub async fn version(&self) -> String {
        self.vendor.get(&self.path("")).await.expect(200).header("etag").to_owned()
    }

    pub async fn update(&self, definition: &Value) -> Answer {
        self.vendor.put(&self.path(""), definition).await
    }

    /// `PUT` by somebody who has read this version.
    pub async fn put_if(&self, rest: &str, version: &str, body: &Value) -> Answer {
        let put = self.vendor.request(Method::PUT, &self.path(rest)).json(body);
        self.vendor.send(put.header(IF_MATCH, version)).await
    }

    /// The change log.
    pub async fn log(&self) -> Vec<Value> {
        let answer = self.vendor.get(&self.path("/changelog")).await.expect(200);
        answer.json().as_array().unwrap().clone()
    }

    /// The types of changes in the log, the newest first.
    pub async fn changes(&self) -> Vec<String> {
        let log = self.log().await;
        log.iter().map(|entry| entry["changeType"].as_str().unwrap().to_owned()).collect()
    }

    /// Somebody who may change the systems of all vendors.
    pub async fn administrator(&self) -> Client {
        let scope = "altinn:authentication/systemregister.admin";
        self.system.organisation("310090018", &[scope]).await
    }

    /// The end of a story: every read model is equal to its rebuild.
    pub fn end(self) {
        self.system.verify();
    }
}

/// A system that keeps all rules.
pub fn definition(id: &str) -> Value {
    let vendor = id.split('_').next().unwrap();
    json!({
        "id": id,
        "vendor": { "ID": format!("0192:{vendor}") },
        "name": { "nb": "Smartsky", "nn": "Smartsky (nn)", "en": "Smartcloud" },
        "description": { "nb": "Rapporter", "nn": "Rapportar", "en": "Reports" },
        "rights": [right(VAT_RETURN, Some("read"))],
        "accessPackages": [{ "urn": VAT }],
        "clientId": ["Smartcloud-Client"],
        "isVisible": true,
        "allowedRedirectUrls": ["https://smartcloud.example.no/receipt"],
    })
}

/// The same with some members of its own.
pub fn with(mut definition: Value, members: &Value) -> Value {
    for (name, value) in members.as_object().unwrap() {
        definition[name] = value.clone();
    }
    definition
}

/// A right to a resource.
pub fn right(resource: &str, action: Option<&str>) -> Value {
    let resource = json!([{ "id": "urn:altinn:resource", "value": resource }]);
    match action {
        Some(action) => json!({ "action": action, "resource": resource }),
        None => json!({ "resource": resource }),
    }
}

/// The codes of an answer with validation errors, in order.
#[track_caller]
pub fn codes(answer: Answer) -> Vec<String> {
    let problem = answer.expect(400).json();
    assert_eq!(problem["code"], "STD-00000", "{problem}");
    let errors = problem["validationErrors"].as_array().unwrap();
    errors.iter().map(|error| error["code"].as_str().unwrap().to_owned()).collect()
}

/// A plain text that is a sentence.
#[track_caller]
pub fn sentence(answer: Answer, status: u16) -> String {
    let answer = answer.expect(status);
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    let text = answer.text();
    assert!(text.ends_with('.') && text.starts_with(char::is_uppercase), "{text}");
    text
}

/// That a change was carried out.
#[track_caller]
pub fn succeeded(answer: Answer) {
    assert_eq!(answer.expect(200).json(), json!({ "succeeded": true }));
}
