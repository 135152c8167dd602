//! Assertions and forms that are refused, each for its own cause.

use axum::http::StatusCode;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};

use super::*;

/// Checks what is common to all refusals, and gives code and error.
pub(super) fn refused(answer: &Answer) -> (String, String) {
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{answer:?}");
    assert_eq!(answer.header("cache-control"), "no-store");
    let body = answer.json();
    let members: Vec<&String> = body.as_object().unwrap().keys().collect();
    assert_eq!(members, ["error", "error_code", "error_description"]);
    let description = body["error_description"].as_str().unwrap();
    // RFC 6749 §5.2.
    let may_stand = |c: char| matches!(c, ' '..='~') && c != '"' && c != '\\';
    assert!(description.len() > 20 && description.chars().all(may_stand), "{description}");
    (answer.code(), body["error"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn claims_that_do_not_hold_are_refused_each_with_its_cause() {
    let (setting, key, _) = world().await;
    for (changes, code, error) in [
        (json!({ "iss": "nobody" }), "unknown-client", "invalid_client"),
        (json!({ "iss": "nobody\"\\\u{e6}\n" }), "unknown-client", "invalid_client"),
        (json!({ "iss": null }), "missing-claim", "invalid_grant"),
        (json!({ "iss": 7 }), "malformed-assertion", "invalid_grant"),
        (json!({ "aud": null }), "wrong-audience", "invalid_grant"),
        (json!({ "aud": "https://maskinporten.no/" }), "wrong-audience", "invalid_grant"),
        (json!({ "aud": ["https://other"] }), "wrong-audience", "invalid_grant"),
        (json!({ "aud": format!("{BASE}.evil") }), "wrong-audience", "invalid_grant"),
        (json!({ "iat": null }), "missing-claim", "invalid_grant"),
        (json!({ "exp": null }), "missing-claim", "invalid_grant"),
        (json!({ "exp": NOW + 121 }), "lifetime-too-long", "invalid_grant"),
        (json!({ "iat": NOW - 100, "exp": NOW - 10 }), "expired", "invalid_grant"),
        (json!({ "iat": NOW + 11, "exp": NOW + 20 }), "not-yet-valid", "invalid_grant"),
        (json!({ "nbf": NOW + 11 }), "not-yet-valid", "invalid_grant"),
        (json!({ "exp": NOW - 1 }), "malformed-assertion", "invalid_grant"),
        (json!({ "iat": -1 }), "malformed-assertion", "invalid_grant"),
        (json!({ "iat": "now" }), "malformed-assertion", "invalid_grant"),
        (json!({ "scope": ["demo:vat.write"] }), "malformed-assertion", "invalid_grant"),
        (json!({ "jti": null }), "missing-claim", "invalid_grant"),
        (json!({ "jti": "" }), "missing-claim", "invalid_grant"),
        (json!({ "scope": null }), "no-scope", "invalid_scope"),
        (json!({ "scope": "  " }), "no-scope", "invalid_scope"),
        (json!({ "scope": "demo:vat.write demo:vat" }), "scope-not-granted", "invalid_scope"),
        (json!({ "scope": "demo:vat.write.all" }), "scope-not-granted", "invalid_scope"),
        (
            json!({ "authorization_details": [] }),
            "malformed-authorization-details",
            "invalid_authorization_details",
        ),
    ] {
        let answer = setting.grant(&key.sign(&assertion_claims(CLIENT, &changes))).await;
        let (found, of) = refused(&answer);
        assert_eq!((found.as_str(), of.as_str()), (code, error), "{changes}");
    }
}

#[tokio::test]
async fn an_assertion_that_the_clients_key_did_not_sign_is_refused() {
    let (setting, key, _) = world().await;
    let claims = assertion_claims(CLIENT, &json!({}));
    let code = async |assertion: &str| refused(&setting.grant(assertion).await).0;

    let stranger = ClientKey::new("own");
    assert_eq!(code(&stranger.sign(&claims)).await, "wrong-signature");

    let good = key.sign(&claims);
    let (signed, signature) = good.rsplit_once('.').unwrap();
    let (header, _) = signed.split_once('.').unwrap();
    let wider = assertion_claims(CLIENT, &json!({ "scope": "demo:vat.read" }));
    let wider = URL_SAFE_NO_PAD.encode(wider.to_string());
    assert_eq!(code(&format!("{header}.{wider}.{signature}")).await, "wrong-signature");
    assert_eq!(code(&format!("{signed}.")).await, "wrong-signature");
    // None of these used it up.
    setting.grant(&good).await.token();
}

#[tokio::test]
async fn a_header_cannot_choose_how_the_signature_is_checked() {
    let (setting, key, _) = world().await;
    let claims = assertion_claims(CLIENT, &json!({}));
    let code = async |assertion: &str| refused(&setting.grant(assertion).await).0;
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());

    let none = json!({ "alg": "none", "kid": "own" });
    assert_eq!(code(&format!("{}.{}.", part(&none), part(&claims))).await, "malformed-assertion");

    // The public key as the secret of a symmetric algorithm.
    let mut header = Header::new(Algorithm::HS256);
    header.kid = Some("own".to_owned());
    let secret = EncodingKey::from_secret(key.jwk.to_string().as_bytes());
    let symmetric = jsonwebtoken::encode(&header, &claims, &secret).unwrap();
    assert_eq!(code(&symmetric).await, "wrong-algorithm");

    for algorithm in ["RS256", "ES384", "EdDSA"] {
        let other = json!({ "alg": algorithm, "kid": "own" });
        let forged = format!("{}.{}.c2ln", part(&other), part(&claims));
        assert_eq!(code(&forged).await, "wrong-algorithm", "{algorithm}");
    }

    let mut header = key.header();
    header.crit = Some(vec!["b64".to_owned()]);
    assert_eq!(code(&key.sign_with(&header, &claims)).await, "critical-extension");

    // A key that the assertion brings along is not looked at.
    let stranger = ClientKey::new("mine");
    let mut header = stranger.header();
    header.jwk = Some(serde_json::from_value(stranger.jwk.clone()).unwrap());
    assert_eq!(code(&stranger.sign_with(&header, &claims)).await, "unknown-key");
    header.kid = None;
    assert_eq!(code(&stranger.sign_with(&header, &claims)).await, "no-key-id");
}

#[tokio::test]
async fn what_is_no_assertion_is_refused() {
    let (setting, _, _) = world().await;
    for text in ["a", "a.b", "a.b.c", "a.b.c.d", "..", "e30.e30.", "%C3%A6", "%00", "%FF"] {
        let (code, _) = refused(&setting.grant(text).await);
        assert!(
            ["malformed-assertion", "missing-claim", "malformed-form"].contains(&code.as_str())
        );
    }
    let long = "a".repeat(16 * 1024 + 1);
    assert_eq!(refused(&setting.grant(&long).await).0, "malformed-assertion");
}

#[tokio::test]
async fn what_is_no_form_of_this_grant_is_refused() {
    let (setting, key, _) = world().await;
    let assertion = key.sign(&assertion_claims(CLIENT, &json!({})));
    let grant = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer";
    let other = format!("grant_type=client_credentials&assertion={assertion}");
    let twice = format!("{grant}&assertion={assertion}&assertion={assertion}");
    for (form, code, error) in [
        (String::new(), "grant-type", "unsupported_grant_type"),
        (format!("assertion={assertion}"), "grant-type", "unsupported_grant_type"),
        (other, "grant-type", "unsupported_grant_type"),
        (grant.to_owned(), "no-assertion", "invalid_request"),
        (format!("{grant}&assertion="), "no-assertion", "invalid_request"),
        (twice, "malformed-form", "invalid_request"),
    ] {
        let (found, of) = refused(&setting.post_form(form.clone(), &[]).await);
        assert_eq!((found.as_str(), of.as_str()), (code, error), "{form}");
    }
    let json = json!({ "grant_type": super::super::JWT_BEARER, "assertion": assertion });
    let json = setting.post_form(json.to_string(), &[("content-type", "application/json")]).await;
    assert_eq!(refused(&json).0, "malformed-form");
    let large = format!("{grant}&assertion={}", "a".repeat(3 * 1024 * 1024));
    let large = setting.post_form(large, &[]).await;
    assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE);
    // None of these used it up.
    setting.grant(&assertion).await.token();
}
