//! The steps of scenario 4: an organisation reports its own data.

use serde_json::{Value, json};

use crate::{
    Answer, Client, ClientKey, Customer, FJORDTORG, KARI, Log, Person, System, VENDOR,
    decision_request,
};

/// The resource that the system asks for.
pub const VAT_RETURN: &str = "demo-vat-return";

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
        scenario.register_client().await;
        scenario.register().await.expect(200);
        scenario
    }

    async fn register_client(&self) {
        let client = json!({ "clientId": self.client_id, "scopes": ["demo:vat.write"] });
        self.vendor.post("/fullmakt/v1/token-clients", &client).await.expect(201);
        let path = format!("/fullmakt/v1/token-clients/{}/keys", self.client_id);
        let key = json!({ "kid": "key-1", "jwk": self.key.jwk() });
        self.vendor.post(&path, &key).await.expect(201);
    }

    /// The system as the vendor registers it.
    pub fn definition(&self) -> Value {
        let texts = json!({ "nb": "Smartsky", "nn": "Smartsky", "en": "Smartcloud" });
        json!({
            "id": self.system_id,
            "vendor": { "ID": format!("0192:{VENDOR}") },
            "name": texts,
            "description": texts,
            "rights": [right(Some("read")), right(Some("write"))],
            "accessPackages": [],
            "clientId": [self.client_id],
            "isVisible": true,
            "allowedRedirectUrls": ["https://smartcloud.example.no/receipt"],
        })
    }

    /// The vendor registers its system.
    pub async fn register(&self) -> Answer {
        self.vendor.post("/authentication/api/v1/systemregister/vendor", &self.definition()).await
    }

    /// The vendor asks a customer for a system user that may read VAT returns.
    pub async fn ask(&self, customer: Customer) -> Answer {
        let request = json!({
            "systemId": self.system_id,
            "partyOrgNo": customer.org,
            "rights": [right(Some("read"))],
            "redirectUrl": "https://smartcloud.example.no/receipt?done=1",
        });
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
        let path = format!(
            "/authentication/api/v1/systemuser/request/{}/{request}/{verb}",
            customer.party
        );
        self.system.person(person).await.post_nothing(&path).await
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
        let client = self.system.anonymous();
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
            ("assertion", assertion),
        ];
        client.send(client.request(reqwest::Method::POST, "/token").form(&form)).await
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
        let api = self.system.public_api().await;
        let request = decision_request(system_user, action, resource, customer.org);
        let answer = api.post("/authorization/api/v1/authorize", &request).await.expect(200);
        answer.json()["response"][0]["decision"].as_str().expect("a decision").to_owned()
    }
}

/// The authorization details of a grant for a customer's system user.
pub fn system_user_of(customer: Customer) -> Value {
    json!({
        "type": "urn:altinn:systemuser",
        "systemuser_org": {
            "authority": "iso6523-actorid-upis",
            "ID": format!("0192:{}", customer.org),
        },
    })
}

fn right(action: Option<&str>) -> Value {
    let resource = json!([{ "id": "urn:altinn:resource", "value": VAT_RETURN }]);
    match action {
        Some(action) => json!({ "action": action, "resource": resource }),
        None => json!({ "resource": resource }),
    }
}
