//! The keys of a client of the token endpoint: one by one or as a JWK set, with overlap and an end.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "who tells a story fails by panicking"
)]

use fullmakt_scenarios::{Answer, ClientKey, FJORDTORG, Log, Provider, System};
use serde_json::{Value, json};

/// An organisation that changes the keys of its client.
struct Story {
    system: System,
    provider: Provider,
}

impl Story {
    async fn begin() -> Self {
        let system = System::start(Log::Postgres).await;
        let provider = Provider::register(&system, FJORDTORG.org, "own").await;
        Self { system, provider }
    }

    fn path(&self) -> String {
        format!("/fullmakt/v1/token-clients/{}", self.provider.client_id)
    }

    async fn add(&self, body: &Value) -> Answer {
        self.provider.organisation.post(&format!("{}/keys", self.path()), body).await
    }

    async fn kids(&self) -> Vec<String> {
        let client = self.provider.organisation.get(&self.path()).await.expect(200).json();
        let keys = client["keys"].as_array().unwrap().iter();
        keys.map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
    }

    /// What the token endpoint says to an assertion that this key signed.
    async fn grant(&self, key: &ClientKey) -> Answer {
        let base = self.system.base();
        let assertion = key.assertion(&self.provider.client_id, base, "demo:vat.write", None);
        self.system.grant(&assertion).await
    }
}

#[tokio::test]
async fn keys_of_a_set_count_together_beside_those_before() {
    let story = Story::begin().await;
    let [second, third] = ["key-2", "key-3"].map(ClientKey::generate);
    assert_eq!(story.grant(&second).await.refusal(), "unknown-key");
    let added = story.add(&json!({ "keys": [second.jwk(), third.jwk()] })).await.expect(201).json();
    let kids: Vec<&Value> =
        added["keys"].as_array().unwrap().iter().map(|key| &key["kid"]).collect();
    assert_eq!(kids, ["key-2", "key-3"]);
    for key in [&story.provider.key, &second, &third] {
        story.grant(key).await.expect(200);
    }
    // The old key is taken away without a gap.
    let old = format!("{}/keys/key-1", story.path());
    story.provider.organisation.delete(&old).await.expect(204);
    assert_eq!(story.grant(&story.provider.key).await.refusal(), "unknown-key");
    story.grant(&second).await.expect(200);
    story.system.end();
}

#[tokio::test]
async fn of_a_set_with_one_key_that_is_refused_none_is_added() {
    let story = Story::begin().await;
    let good = ClientKey::generate("key-2");
    let other = ClientKey::generate("key-1");
    let mut private = ClientKey::generate("key-3").jwk().clone();
    private["d"] = json!("c2VjcmV0");
    let mut nameless = good.jwk().clone();
    nameless.as_object_mut().unwrap().remove("kid");
    for (keys, status, pointer) in [
        (json!([good.jwk(), other.jwk()]), 409, None),
        (json!([good.jwk(), private]), 400, Some("/keys")),
        (json!([good.jwk(), nameless]), 400, Some("/keys/1/kid")),
        (json!([]), 400, Some("/keys")),
    ] {
        let refused = story.add(&json!({ "keys": keys })).await.expect(status);
        if let Some(pointer) = pointer {
            assert_eq!(refused.json()["errors"][0]["pointer"], pointer, "{refused:?}");
        }
        assert_eq!(story.kids().await, ["key-1"]);
    }
    assert_eq!(story.grant(&good).await.refusal(), "unknown-key");
    story.grant(&story.provider.key).await.expect(200);
    story.system.end();
}

#[tokio::test]
async fn a_key_counts_in_its_time_only() {
    let story = Story::begin().await;
    let [early, over] = ["key-2", "key-3"].map(ClientKey::generate);
    let from = "2100-01-01T00:00:00Z";
    story.add(&json!({ "keys": [early.jwk()], "validFrom": from })).await.expect(201);
    assert_eq!(story.grant(&early).await.refusal(), "key-not-yet-valid");
    let past = json!({
        "kid": "key-3", "jwk": over.jwk(),
        "validFrom": "2020-01-01T00:00:00Z", "validTo": "2021-01-01T00:00:00Z",
    });
    story.add(&past).await.expect(201);
    assert_eq!(story.grant(&over).await.refusal(), "expired-key");
    story.grant(&story.provider.key).await.expect(200);
    story.system.end();
}

#[tokio::test]
async fn a_set_sent_again_with_its_idempotency_key_is_added_once() {
    let story = Story::begin().await;
    let [second, third] = ["key-2", "key-3"].map(ClientKey::generate);
    let set = json!({ "keys": [second.jwk(), third.jwk()] });
    let send = async |body: &Value| {
        let path = format!("{}/keys", story.path());
        let organisation = &story.provider.organisation;
        let request = organisation.request(reqwest::Method::POST, &path).json(body);
        organisation.send(request.header("Idempotency-Key", "set-1")).await
    };
    let first = send(&set).await.expect(201);
    let again = send(&set).await.expect(201);
    assert_eq!(first.json(), again.json());
    send(&json!({ "keys": [second.jwk()] })).await.expect(422);
    assert_eq!(story.kids().await, ["key-1", "key-2", "key-3"]);
    story.system.end();
}
