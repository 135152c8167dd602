//! The steps of scenario 4: an organisation reports its own data.

use serde_json::{Value, json};

use crate::{
    Answer, Client, ClientKey, Customer, FJORDTORG, KARI, Log, Person, System, VENDOR,
    provider::{register_client, request_to_read, system_definition, system_user_of},
};

/// A system and those who take part: the vendor has a system with a single right and a client.
pub struct Scenario4 {
    /// The running system.
    pub system: System,
    /// The vendor.
    pub vendor: Client,
    /// The vendor's system.
    pub system_id: String,
    /// The vendor's client of the token endpoint.
    pub client_id: String,
    /// The client's key.
    pub key: ClientKey,
}

impl Scenario4 {
    /// A running system, where the vendor has registered its client and its system.
    pub async fn begin(log: Log) -> Self {
        Self::on(System::start(log).await).await
    }

    /// The same on a system that runs already.
    pub async fn on(system: System) -> Self {
        let vendor = system.vendor(VENDOR).await;
        let client_id = "smartcloud-client".to_owned();
        let key = ClientKey::generate("key-1");
        let scenario =
            Self { system, vendor, system_id: format!("{VENDOR}_smartcloud"), client_id, key };
        register_client(&scenario.vendor, &scenario.client_id, &scenario.key).await;
        scenario.register().await.expect(200);
        scenario
    }

    /// The system as the vendor registers it.
    pub fn definition(&self) -> Value {
        let mut definition = system_definition(VENDOR, &self.system_id, &self.client_id);
        definition["allowedRedirectUrls"] = json!(["https://smartcloud.example.no/receipt"]);
        definition
    }

    /// The vendor registers its system.
    pub async fn register(&self) -> Answer {
        self.vendor.post("/authentication/api/v1/systemregister/vendor", &self.definition()).await
    }

    /// The vendor asks a customer for a system user that may read VAT returns.
    pub async fn ask(&self, customer: Customer) -> Answer {
        let mut request = request_to_read(&self.system_id, customer);
        request["redirectUrl"] = json!("https://smartcloud.example.no/receipt?done=1");
        self.vendor.post("/authentication/api/v1/systemuser/request/vendor", &request).await
    }

    /// The vendor asks [`FJORDTORG`], and has the request's id.
    pub async fn asked(&self) -> String {
        let answer = self.ask(FJORDTORG).await.expect(201);
        answer.json()["id"].as_str().expect("an id").to_owned()
    }

    /// A person answers a request in the name of a customer: `approve` or `reject`.
    pub async fn answer(
        &self,
        person: Person,
        customer: Customer,
        request: &str,
        verb: &str,
    ) -> Answer {
        self.system.answer(person, customer, request, verb).await
    }

    /// The vendor asks [`FJORDTORG`], and [`KARI`] approves: the system user's id.
    pub async fn approved(&self) -> String {
        let request = self.asked().await;
        let answer = self.answer(KARI, FJORDTORG, &request, "approve").await.expect(200);
        assert_eq!(answer.json(), json!(true));
        request
    }

    /// [`KARI`] deletes a system user of [`FJORDTORG`].
    pub async fn delete(&self, system_user: &str) -> Answer {
        let path = format!("/authentication/api/v1/systemuser/{}/{system_user}", FJORDTORG.party);
        self.system.person(KARI).await.delete(&path).await
    }

    /// The vendor's client asks for a token for a customer's system user.
    pub async fn token(&self, customer: Customer) -> Answer {
        let details = json!([system_user_of(customer)]);
        let assertion = self.key.assertion(
            &self.client_id,
            self.system.base(),
            "demo:vat.write",
            Some(details),
        );
        self.grant(&assertion).await
    }

    /// The token endpoint's answer to an assertion.
    pub async fn grant(&self, assertion: &str) -> Answer {
        self.system.grant(assertion).await
    }

    /// The end of a story: every read model is equal to its rebuild.
    pub fn end(self) {
        self.system.verify();
    }

    /// A public API asks whether a system user may do this for [`FJORDTORG`].
    pub async fn decision(&self, system_user: &str, action: &str, resource: &str) -> String {
        self.decision_for(system_user, action, resource, FJORDTORG).await
    }

    /// A public API asks whether a system user may do this for a customer.
    pub async fn decision_for(
        &self,
        system_user: &str,
        action: &str,
        resource: &str,
        customer: Customer,
    ) -> String {
        self.system.decision(system_user, action, resource, customer).await
    }
}
