//! Organisations that have a system of their own, with a client of the token endpoint and its key.

use serde_json::{Value, json};

use crate::{Answer, Client, ClientKey, Customer, System};

/// The resource that systems ask for.
pub const VAT_RETURN: &str = "demo-vat-return";

/// The scope that clients of systems ask for.
const SCOPE: &str = "demo:vat.write";

/// An organisation with a system of its own, with a client of the token endpoint that acts for it,
/// and with the client's key, which nobody else has.
pub struct Provider {
    /// The organisation, with the scopes of its work.
    pub organisation: Client,
    /// The organisation's number.
    pub org: &'static str,
    /// The system.
    pub system_id: String,
    /// The client of the token endpoint.
    pub client_id: String,
    /// The client's key. All providers name theirs alike.
    pub key: ClientKey,
}

impl Provider {
    /// An organisation registers a client, its key and a system with the single right to VAT
    /// returns. The system's id and the client's begin with the organisation's number.
    pub async fn register(system: &System, org: &'static str, name: &str) -> Self {
        let provider = Self {
            organisation: system.vendor(org).await,
            org,
            system_id: format!("{org}_{name}"),
            client_id: format!("{org}-{name}-client"),
            key: ClientKey::generate("key-1"),
        };
        register_client(&provider.organisation, &provider.client_id, &provider.key).await;
        let definition = system_definition(org, &provider.system_id, &provider.client_id);
        provider.register_system(&definition).await.expect(200);
        provider
    }

    /// The organisation registers a system.
    pub async fn register_system(&self, definition: &Value) -> Answer {
        self.organisation.post("/authentication/api/v1/systemregister/vendor", definition).await
    }

    /// The organisation asks a customer, which may be itself, for a system user that may read VAT
    /// returns.
    pub async fn ask(&self, customer: Customer) -> Answer {
        let request = request_to_read(&self.system_id, customer);
        self.organisation.post("/authentication/api/v1/systemuser/request/vendor", &request).await
    }

    /// The organisation asks a customer, and has the request's id.
    pub async fn asked(&self, customer: Customer) -> String {
        let answer = self.ask(customer).await.expect(201);
        answer.json()["id"].as_str().expect("an id").to_owned()
    }

    /// What the client says to get a token as a customer's system user, for tests that bend it.
    pub fn claims(&self, system: &System, customer: Customer) -> Value {
        let details = json!([system_user_of(customer)]);
        ClientKey::claims(&self.client_id, system.base(), SCOPE, Some(details))
    }

    /// The client asks for a token as a customer's system user.
    pub async fn token(&self, system: &System, customer: Customer) -> Answer {
        system.grant(&self.key.sign(&self.claims(system, customer))).await
    }
}

/// Registers a client of the token endpoint with its key.
pub(crate) async fn register_client(organisation: &Client, client_id: &str, key: &ClientKey) {
    let client = json!({ "clientId": client_id, "scopes": [SCOPE] });
    organisation.post("/fullmakt/v1/token-clients", &client).await.expect(201);
    let path = format!("/fullmakt/v1/token-clients/{client_id}/keys");
    let key = json!({ "kid": key.kid(), "jwk": key.jwk() });
    organisation.post(&path, &key).await.expect(201);
}

/// A system with the single right to read and write VAT returns, that a client acts for.
pub fn system_definition(org: &str, system_id: &str, client_id: &str) -> Value {
    let texts = json!({ "nb": "Smartsky", "nn": "Smartsky", "en": "Smartcloud" });
    json!({
        "id": system_id,
        "vendor": { "ID": format!("0192:{org}") },
        "name": texts,
        "description": texts,
        "rights": [right("read"), right("write")],
        "accessPackages": [],
        "clientId": [client_id],
        "isVisible": true,
        "allowedRedirectUrls": [],
    })
}

/// A request for a system user that may read VAT returns.
pub(crate) fn request_to_read(system_id: &str, customer: Customer) -> Value {
    json!({
        "systemId": system_id,
        "partyOrgNo": customer.org,
        "rights": [right("read")],
    })
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

fn right(action: &str) -> Value {
    json!({
        "action": action,
        "resource": [{ "id": "urn:altinn:resource", "value": VAT_RETURN }],
    })
}
