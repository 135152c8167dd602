mod customers;
mod every_refusal;
mod fresh;
mod refusals;
mod replay;

use axum::http::StatusCode;
use fullmakt_events::{ActorKind, event::TokenKey};
use serde_json::{Value, json};

use crate::testing::*;

/// An installation with both vendors' systems and clients, and a system user of [`CUSTOMER`] of
/// [`SYSTEM`]; with the key of [`CLIENT`] and that of [`OTHER_CLIENT`].
async fn world() -> (Setting, ClientKey, ClientKey) {
    let (key, other) = (ClientKey::new("own"), ClientKey::new("others"));
    let facts = [
        token_client(CLIENT, VENDOR, &[key.registered()]),
        token_client(OTHER_CLIENT, OTHER_VENDOR, &[other.registered()]),
        system(SYSTEM, VENDOR, CLIENT),
        system(OTHER_SYSTEM, OTHER_VENDOR, OTHER_CLIENT),
        vec![unit_registered(CUSTOMER), unit_registered(OTHER_CUSTOMER)],
        vec![system_user(1, SYSTEM, CUSTOMER, CUSTOMER)],
    ];
    (Setting::with(&facts.concat()).await, key, other)
}

#[tokio::test]
async fn a_client_gets_a_token_of_its_organisation() {
    let (setting, key, _) = world().await;
    let asked = json!({ "scope": "demo:vat.read demo:vat.write" });
    let answer = setting.grant(&key.sign(&assertion_claims(CLIENT, &asked))).await;

    assert_eq!(answer.header("cache-control"), "no-store");
    let mut body = answer.json();
    let token = body["access_token"].take();
    let expected = json!({
        "access_token": null,
        "token_type": "Bearer",
        "expires_in": LIFETIME,
        "scope": "demo:vat.read demo:vat.write",
    });
    assert_eq!(body, expected);

    let mut claims = setting.claims(token.as_str().unwrap()).await;
    assert!(claims.remove("jti").unwrap().as_str().is_some_and(|jti| jti.len() == 36));
    let expected = json!({
        "scope": "demo:vat.read demo:vat.write",
        "iss": "https://tokens.example/",
        "client_id": CLIENT,
        "client_amr": "private_key_jwt",
        "token_type": "Bearer",
        "iat": NOW,
        "exp": NOW + LIFETIME,
        "consumer": { "authority": "iso6523-actorid-upis", "ID": format!("0192:{VENDOR}") },
    });
    assert_eq!(Value::Object(claims), expected);
}

#[tokio::test]
async fn a_client_gets_a_token_as_a_customers_system_user() {
    let (setting, key, _) = world().await;
    let token = setting.grant(&key.sign(&claims_for(CLIENT, CUSTOMER, None))).await.token();

    let claims = setting.claims(&token).await;
    let org = |number: &str| json!({ "authority": "iso6523-actorid-upis", "ID": format!("0192:{number}") });
    assert_eq!(claims["consumer"], org(VENDOR));
    let expected = json!([{
        "type": "urn:altinn:systemuser",
        "systemuser_org": org(CUSTOMER),
        "systemuser_id": [user_id(1)],
        "system_id": SYSTEM,
    }]);
    assert_eq!(claims["authorization_details"], expected);

    let caller = setting.verifier(Vec::new()).verify(&token).await.unwrap();
    assert_eq!(caller.kind, ActorKind::SystemUser);
    assert_eq!(caller.system_user.unwrap().id, user_id(1));
}

#[tokio::test]
async fn clients_sign_with_rsa_elliptic_curves_or_ed25519() {
    for key in [ClientKey::rsa("a"), ClientKey::new("b"), ClientKey::ed25519("c")] {
        let setting = Setting::with(&token_client(CLIENT, VENDOR, &[key.registered()])).await;
        setting.grant(&key.sign(&assertion_claims(CLIENT, &json!({})))).await.token();
    }
}

#[tokio::test]
async fn the_audience_is_the_issuer_or_the_token_endpoint() {
    let (setting, key, _) = world().await;
    let slash = format!("{BASE}/");
    let endpoint = format!("{BASE}/token");
    for audience in [json!(BASE), json!(slash), json!(endpoint), json!(["https://other", BASE])] {
        let claims = assertion_claims(CLIENT, &json!({ "aud": audience }));
        let answer = setting.grant(&key.sign(&claims)).await;
        assert_eq!(answer.status, StatusCode::OK, "{audience}: {answer:?}");
    }
}

#[tokio::test]
async fn keys_may_overlap_and_each_counts_in_its_time_only() {
    let [old, new, late] = ["old", "new", "late"].map(ClientKey::new);
    let second = |offset: i64| fullmakt_events::Timestamp::from_millis((NOW + offset) * 1_000);
    let keys = [
        TokenKey { valid_to: Some(second(60)), ..old.registered() },
        TokenKey { valid_from: second(30), ..new.registered() },
        TokenKey { valid_from: second(5), ..late.registered() },
    ];
    let setting = Setting::with(&token_client(CLIENT, VENDOR, &keys)).await;
    let grant = async |key: &ClientKey, at: i64| {
        let times = json!({ "iat": NOW + at, "exp": NOW + at + 60 });
        setting.grant(&key.sign(&assertion_claims(CLIENT, &times))).await
    };

    grant(&old, 0).await.token();
    assert_eq!(grant(&new, 0).await.code(), "key-not-yet-valid");
    // A key that begins by a clock a little ahead of ours counts.
    grant(&late, 0).await.token();
    setting.advance(30);
    grant(&old, 30).await.token();
    grant(&new, 30).await.token();
    setting.advance(30);
    assert_eq!(grant(&old, 60).await.code(), "expired-key");
    grant(&new, 60).await.token();
}

#[tokio::test]
async fn a_key_that_was_retired_signs_nothing_any_more() {
    let (mut setting, key, _) = world().await;
    setting.grant(&key.sign(&assertion_claims(CLIENT, &json!({})))).await.token();
    setting.commit(&[key_retired(CLIENT, "own")]).await;
    let answer = setting.grant(&key.sign(&assertion_claims(CLIENT, &json!({})))).await;
    assert_eq!(answer.code(), "unknown-key");
}

#[tokio::test]
async fn a_client_that_was_deleted_gets_nothing_any_more() {
    let (mut setting, key, _) = world().await;
    setting.commit(&[token_client_deleted(CLIENT)]).await;
    let answer = setting.grant(&key.sign(&assertion_claims(CLIENT, &json!({})))).await;
    assert_eq!(answer.code(), "unknown-client");
}
