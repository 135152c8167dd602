//! Those who use the system: the demonstration's organisations and persons.

use reqwest::Method;
use serde_json::{Value, json};

use crate::{Answer, Client, System};

/// A party with its names.
#[derive(Debug, Clone, Copy)]
pub struct Customer {
    /// The organisation number.
    pub org: &'static str,
    /// The integer party id.
    pub party: u32,
}

/// A person with a national identity number (invented).
#[derive(Debug, Clone, Copy)]
pub struct Person {
    /// The number.
    pub number: &'static str,
}

/// A maker of end-user systems.
pub const VENDOR: &str = "310010014";
/// The service owner of the demonstration's resources.
pub const SERVICE_OWNER: &str = "310090018";
/// A customer, whose general manager is [`KARI`].
pub const FJORDTORG: Customer = Customer { org: "310010022", party: 50_010_022 };
/// Another customer, whose general manager is [`OLA`].
pub const NORDVIK: Customer = Customer { org: "310010030", party: 50_010_030 };
/// The general manager of [`FJORDTORG`].
pub const KARI: Person = Person { number: "15837130260" };
/// The general manager of [`FJORDTORG`]'s accountant, who does not manage its access.
pub const EVA: Person = Person { number: "30839930220" };
/// The general manager of [`NORDVIK`].
pub const OLA: Person = Person { number: "03836230123" };

impl System {
    /// An organisation with a token for these scopes.
    pub async fn organisation(&self, org: &str, scopes: &[&str]) -> Client {
        let path = format!(
            "/test-tokens/api/GetEnterpriseToken?orgNo={org}&scopes={}",
            scopes.join("%20")
        );
        let token = self.anonymous().get(&path).await.expect(200).text();
        self.with_token(&token)
    }

    /// A vendor with the scopes of its work.
    pub async fn vendor(&self, org: &str) -> Client {
        let scopes = [
            "altinn:authentication/systemregister.write",
            "altinn:authentication/systemuser.request.write",
            "altinn:authentication/systemuser.request.read",
            "fullmakt:tokenclients.write",
        ];
        self.organisation(org, &scopes).await
    }

    /// A public API of the service owner, which asks for decisions.
    pub async fn public_api(&self) -> Client {
        self.organisation(SERVICE_OWNER, &["altinn:authorization/authorize"]).await
    }

    /// An auditor.
    pub async fn auditor(&self) -> Client {
        self.organisation(SERVICE_OWNER, &["fullmakt:audit.read"]).await
    }

    /// A person who is logged in.
    pub async fn person(&self, person: Person) -> Client {
        let path = format!("/test-tokens/api/GetPersonalToken?pid={}", person.number);
        let token = self.anonymous().get(&path).await.expect(200).text();
        self.with_token(&token)
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
        self.person(person).await.post_nothing(&path).await
    }

    /// The token endpoint's answer to an assertion.
    pub async fn grant(&self, assertion: &str) -> Answer {
        let client = self.anonymous();
        let form = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
            ("assertion", assertion),
        ];
        client.send(client.request(Method::POST, "/token").form(&form)).await
    }

    /// A public API asks whether a system user may do this for a customer.
    pub async fn decision(
        &self,
        system_user: &str,
        action: &str,
        resource: &str,
        customer: Customer,
    ) -> String {
        let api = self.public_api().await;
        let request = decision_request(system_user, action, resource, customer.org);
        let answer = api.post("/authorization/api/v1/authorize", &request).await.expect(200);
        answer.json()["response"][0]["decision"].as_str().expect("a decision").to_owned()
    }
}

/// A question to the decision service: may the system user do this with the resource for the
/// customer?
pub fn decision_request(system_user: &str, action: &str, resource: &str, customer: &str) -> Value {
    json!({ "Request": {
        "AccessSubject": [{ "Attribute": [
            { "AttributeId": "urn:altinn:systemuser:uuid", "Value": system_user }
        ]}],
        "Action": [{ "Attribute": [
            { "AttributeId": "urn:oasis:names:tc:xacml:1.0:action:action-id", "Value": action,
              "DataType": "http://www.w3.org/2001/XMLSchema#string" }
        ]}],
        "Resource": [{ "Attribute": [
            { "AttributeId": "urn:altinn:resource", "Value": resource },
            { "AttributeId": "urn:altinn:organization:identifier-no", "Value": customer }
        ]}],
    }})
}
