//! Scopes that somebody owns: the owner grants them, who has them delegates them to suppliers, and
//! every link of the chain ends at once.

#![expect(clippy::indexing_slicing, reason = "who tells a story fails by panicking")]

use fullmakt_scenarios::{
    Answer, Client, ClientKey, FJORDTORG, Log, NORDVIK, SERVICE_OWNER, System, VENDOR,
};
use serde_json::{Value, json};

const SCOPE: &str = "agency:reports/vat.write";
const PATH: &str = "/fullmakt/v1/token-scopes/agency%3Areports%2Fvat.write";

/// An agency that owns a scope, a supplier with a client for it, and a consumer.
struct Story {
    system: System,
    administrator: Client,
    agency: Client,
    consumer: Client,
    supplier: Client,
    key: ClientKey,
}

impl Story {
    async fn begin() -> Self {
        let system = System::start(Log::Postgres).await;
        let admin = ["fullmakt:tokenscopes.admin", "fullmakt:tokenclients.admin"];
        let write = ["fullmakt:tokenscopes.write", "fullmakt:tokenclients.write"];
        Self {
            administrator: system.organisation(SERVICE_OWNER, &admin).await,
            agency: system.organisation(SERVICE_OWNER, &write).await,
            consumer: system.organisation(FJORDTORG.org, &write).await,
            supplier: system.organisation(VENDOR, &write).await,
            key: ClientKey::generate("key-1"),
            system,
        }
    }

    /// The administrator registers the scope, and the agency grants it to the consumer.
    async fn granted(&self) {
        let scope = json!({ "scope": SCOPE, "owner": SERVICE_OWNER });
        self.administrator.post("/fullmakt/v1/token-scopes", &scope).await.expect(201);
        put(&self.agency, &grant_to(FJORDTORG.org)).await.expect(204);
    }

    async fn register_client(&self, owner: &Client, client_id: &str, scope: &str) -> Answer {
        let client = json!({ "clientId": client_id, "scopes": [scope] });
        owner.post("/fullmakt/v1/token-clients", &client).await
    }

    /// The supplier registers a client with its key.
    async fn supplier_client(&self) {
        self.register_client(&self.supplier, "supplier-client", SCOPE).await.expect(201);
        let keys = json!({ "keys": [self.key.jwk()] });
        let path = "/fullmakt/v1/token-clients/supplier-client/keys";
        self.supplier.post(path, &keys).await.expect(201);
    }

    /// The supplier's client asks for a token, for a consumer or for itself.
    async fn token(&self, consumer: Option<&str>) -> Answer {
        let mut claims = ClientKey::claims("supplier-client", self.system.base(), SCOPE, None);
        if let Some(consumer) = consumer {
            claims["consumer_org"] = json!(consumer);
        }
        self.system.grant(&self.key.sign(&claims)).await
    }
}

async fn put(client: &Client, path: &str) -> Answer {
    client.send(client.request(reqwest::Method::PUT, path)).await
}

fn grant_to(org: &str) -> String {
    format!("{PATH}/grants/{org}")
}

fn delegation() -> String {
    format!("{PATH}/delegations/{}/{VENDOR}", FJORDTORG.org)
}

fn claims_of(answer: &Value) -> Value {
    let token = answer["access_token"].as_str().unwrap_or_default();
    jsonwebtoken::dangerous::insecure_decode(token).map(|token| token.claims).unwrap_or_default()
}

/// Contract: T1, T2
#[tokio::test]
async fn a_supplier_acts_for_a_consumer_with_a_delegated_scope_until_any_link_is_revoked() {
    let story = Story::begin().await;
    story.granted().await;
    put(&story.consumer, &delegation()).await.expect(204);
    story.supplier_client().await;

    let token = story.token(Some(FJORDTORG.org)).await.expect(200).json();
    let claims = claims_of(&token);
    assert_eq!(claims["consumer"]["ID"], json!(format!("0192:{}", FJORDTORG.org)));
    assert_eq!(claims["supplier"]["ID"], json!(format!("0192:{VENDOR}")));
    assert_eq!(story.token(None).await.refusal(), "scope-not-granted-to-organisation");
    assert_eq!(story.token(Some(NORDVIK.org)).await.refusal(), "scope-not-delegated");

    // The consumer ends it, and begins it again.
    story.consumer.delete(&delegation()).await.expect(204);
    assert_eq!(story.token(Some(FJORDTORG.org)).await.refusal(), "scope-not-delegated");
    put(&story.consumer, &delegation()).await.expect(204);
    story.token(Some(FJORDTORG.org)).await.expect(200);

    // The owner revokes the grant that all of it came from.
    story.agency.delete(&grant_to(FJORDTORG.org)).await.expect(204);
    assert_eq!(story.token(Some(FJORDTORG.org)).await.refusal(), "scope-not-delegated");
    put(&story.consumer, &delegation()).await.expect(422);
    put(&story.agency, &grant_to(FJORDTORG.org)).await.expect(204);
    story.token(Some(FJORDTORG.org)).await.expect(200);

    // The supplier gives back what it was given.
    story.supplier.delete(&delegation()).await.expect(204);
    assert_eq!(story.token(Some(FJORDTORG.org)).await.refusal(), "scope-not-delegated");
    story.system.end();
}

#[tokio::test]
async fn nobody_gives_what_is_not_theirs_to_give() {
    let story = Story::begin().await;
    let scope = json!({ "scope": SCOPE, "owner": SERVICE_OWNER });
    // Before anybody owns it there is nothing to give.
    put(&story.agency, &grant_to(FJORDTORG.org)).await.expect(404);
    story.agency.get(PATH).await.expect(404);
    for organisation in [&story.agency, &story.supplier] {
        organisation.post("/fullmakt/v1/token-scopes", &scope).await.expect(403);
    }
    story.granted().await;
    let other = json!({ "scope": SCOPE, "owner": VENDOR });
    story.administrator.post("/fullmakt/v1/token-scopes", &other).await.expect(409);

    for organisation in [&story.supplier, &story.consumer] {
        put(organisation, &grant_to(VENDOR)).await.expect(403);
        organisation.delete(&grant_to(FJORDTORG.org)).await.expect(403);
    }
    for organisation in [&story.supplier, &story.agency] {
        put(organisation, &delegation()).await.expect(403);
    }
    put(&story.agency, &grant_to("310010015")).await.expect(400);
    let refused = story.register_client(&story.supplier, "c", SCOPE).await.expect(403);
    assert!(refused.text().contains("grant it"), "{refused:?}");
    story.register_client(&story.consumer, "consumers", SCOPE).await.expect(201);
    let vendor = story.system.organisation(VENDOR, &["fullmakt:tokenclients.write"]).await;
    put(&vendor, &delegation()).await.expect(403);
    story.system.end();
}

#[tokio::test]
async fn a_client_that_had_the_scope_before_somebody_owned_it_has_it_no_more() {
    let story = Story::begin().await;
    story.supplier_client().await;
    story.token(None).await.expect(200);
    assert_eq!(story.token(Some(FJORDTORG.org)).await.refusal(), "scope-without-owner");
    story.granted().await;
    assert_eq!(story.token(None).await.refusal(), "scope-not-granted-to-organisation");
    put(&story.agency, &grant_to(VENDOR)).await.expect(204);
    story.token(None).await.expect(200);
    story.system.end();
}

#[tokio::test]
async fn an_organisation_cannot_give_itself_the_scopes_of_our_own_routes() {
    let story = Story::begin().await;
    for scope in
        ["fullmakt:tokenclients.admin", "altinn:authentication/systemuser.admin", "altinn:x"]
    {
        let refused = story.register_client(&story.supplier, "own", scope).await.expect(403);
        assert!(refused.text().contains("ask an administrator"), "{refused:?}");
    }
    let client = json!({
        "clientId": "own", "owner": VENDOR,
        "scopes": ["altinn:authentication/systemregister.write"],
    });
    story.administrator.post("/fullmakt/v1/token-clients", &client).await.expect(201);
    story.system.end();
}

#[tokio::test]
async fn owner_and_holders_see_of_a_scope_what_is_theirs() {
    let story = Story::begin().await;
    story.granted().await;
    put(&story.agency, &grant_to(NORDVIK.org)).await.expect(204);
    put(&story.consumer, &delegation()).await.expect(204);
    let delegated = json!([{ "consumer": FJORDTORG.org, "supplier": VENDOR }]);
    for (caller, grants, delegations) in [
        (&story.agency, json!([FJORDTORG.org, NORDVIK.org]), &delegated),
        (&story.administrator, json!([FJORDTORG.org, NORDVIK.org]), &delegated),
        (&story.consumer, json!([FJORDTORG.org]), &delegated),
        (&story.supplier, json!([]), &delegated),
    ] {
        let scope = caller.get(PATH).await.expect(200).json();
        let expected = json!({
            "scope": SCOPE, "owner": SERVICE_OWNER, "grants": grants, "delegations": delegations,
        });
        assert_eq!(scope, expected);
    }
    story.system.anonymous().get(PATH).await.expect(401);
    story.system.public_api().await.get(PATH).await.expect(403);
    story.system.end();
}
