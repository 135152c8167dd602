use axum::http::StatusCode;
use jsonwebtoken::{DecodingKey, Validation, decode_header, jwk::JwkSet};
use serde_json::Value;

use crate::testing::*;

#[tokio::test]
async fn who_knows_only_the_metadata_can_check_our_tokens() {
    let key = ClientKey::new("own");
    let setting = Setting::with(&token_client(CLIENT, VENDOR, &[key.registered()])).await;
    let claims = assertion_claims(CLIENT, &serde_json::json!({}));
    let token = setting.grant(&key.sign(&claims)).await.token();

    let metadata = setting.get("/.well-known/oauth-authorization-server", &[]).await;
    assert_eq!(metadata.status, StatusCode::OK, "{metadata:?}");
    let metadata = metadata.json();
    assert_eq!(metadata["token_endpoint"], format!("{BASE}/token"));
    let path = metadata["jwks_uri"].as_str().unwrap().strip_prefix(BASE).unwrap().to_owned();
    let keys: JwkSet = serde_json::from_value(setting.get(&path, &[]).await.json()).unwrap();

    let header = decode_header(&token).unwrap();
    let key = DecodingKey::from_jwk(keys.find(&header.kid.unwrap()).unwrap()).unwrap();
    let mut validation = Validation::new(header.alg);
    validation.validate_exp = false;
    validation.set_issuer(&[metadata["issuer"].as_str().unwrap()]);
    validation.set_required_spec_claims(&["iss"]);
    jsonwebtoken::decode::<Value>(&token, &key, &validation).unwrap();
    validation.set_issuer(&["https://somebody.example/"]);
    jsonwebtoken::decode::<Value>(&token, &key, &validation).unwrap_err();
}
