use axum::http::StatusCode;
use fullmakt_pep::{KeySource, SignatureAlgorithm, TrustedIssuer};

use super::*;
use crate::testing::*;

const PATH: &str = "/authentication/api/v1/exchange/maskinporten";
const FOREIGN: &str = "https://maskinporten.example/";

/// An installation that trusts its own issuers and a foreign one, which signs with this key.
async fn world() -> (Setting, ClientKey) {
    let key = ClientKey::new("foreign");
    let mut setting = Setting::with(&[]).await;
    let trusted = TrustedIssuer {
        issuer: FOREIGN.to_owned(),
        profile: IssuerProfile::Maskinporten,
        audiences: Vec::new(),
        keys: KeySource::Inline(json!({ "keys": [key.jwk] }).to_string()),
        algorithms: [SignatureAlgorithm::Es256].into(),
    };
    let verifier = setting.verifier(vec![trusted]);
    setting.state = setting.state.with_verifier(verifier);
    (setting, key)
}

/// Claims of a token of the foreign issuer.
fn claims() -> Value {
    json!({
        "iss": FOREIGN,
        "aud": "https://somebody",
        "client_amr": "private_key_jwt",
        "sid": "theirs",
        "client_id": "client",
        "scope": "altinn:demo altinn:serviceowner",
        "iat": NOW,
        "exp": NOW + 60,
        "jti": "1",
        "authorization_details": [{
            "type": "urn:altinn:systemuser",
            "systemuser_org": { "authority": "iso6523-actorid-upis", "ID": format!("0192:{CUSTOMER}") },
            "systemuser_id": ["7d3ee9b2-6c3c-4d0e-9a3f-0b1f2c3d4e5f"],
            "system_id": SYSTEM,
        }],
        "consumer": { "authority": "iso6523-actorid-upis", "ID": format!("0192:{VENDOR}") },
    })
}

async fn exchange(setting: &Setting, token: &str) -> Answer {
    setting.get(PATH, &[("authorization", &format!("Bearer {token}"))]).await
}

#[tokio::test]
async fn a_token_is_exchanged_for_one_of_the_platform_with_the_same_claims() {
    let (setting, key) = world().await;
    let answer = exchange(&setting, &key.sign(&claims())).await;
    assert_eq!(answer.status, StatusCode::OK, "{answer:?}");
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    assert_eq!(answer.header("cache-control"), "no-store");

    let mut exchanged = Value::Object(setting.claims(&answer.text).await);
    let sid = exchanged.as_object_mut().unwrap().remove("sid").unwrap();
    assert!(sid.as_str().is_some_and(|sid| sid.len() == 36), "{sid}");
    let mut expected = claims();
    for (name, value) in [
        ("iss", json!("https://tokens.example/authentication/api/v1/openid/")),
        ("urn:altinn:orgNumber", json!(VENDOR)),
        ("urn:altinn:authenticatemethod", json!("maskinporten")),
        ("urn:altinn:authlevel", json!(3)),
    ] {
        expected[name] = value;
    }
    for name in ["aud", "client_amr", "sid"] {
        expected.as_object_mut().unwrap().remove(name);
    }
    assert_eq!(exchanged, expected);
}

#[tokio::test]
async fn a_token_of_our_own_endpoint_is_exchanged_and_stays_the_same_caller() {
    let key = ClientKey::new("own");
    let facts = [
        token_client(CLIENT, VENDOR, &[key.registered()]),
        system(SYSTEM, VENDOR, CLIENT),
        vec![unit_registered(CUSTOMER), system_user(1, SYSTEM, CUSTOMER, CUSTOMER)],
    ];
    let mut setting = Setting::with(&facts.concat()).await;
    let verifier = setting.verifier(Vec::new());
    setting.state = setting.state.with_verifier(verifier.clone());
    let granted = setting.grant(&key.sign(&claims_for(CLIENT, CUSTOMER, None))).await.token();
    let exchanged = exchange(&setting, &granted).await;
    assert_eq!(exchanged.status, StatusCode::OK, "{exchanged:?}");

    let before = verifier.verify(&granted).await.unwrap();
    let after = verifier.verify(&exchanged.text).await.unwrap();
    assert_eq!(after.system_user.as_ref().unwrap().id, user_id(1));
    assert_eq!(
        (before.kind, before.org, before.system_user, before.scopes, before.client_id),
        (after.kind, after.org, after.system_user, after.scopes, after.client_id)
    );
}

#[tokio::test]
async fn an_exchanged_token_does_not_outlive_the_one_exchanged() {
    let (setting, key) = world().await;
    setting.advance(50);
    let exchanged = exchange(&setting, &key.sign(&claims())).await.text;
    setting.advance(19);
    assert!(setting.verifier(Vec::new()).verify(&exchanged).await.is_ok(), "10 seconds of skew");
    setting.advance(1);
    assert!(setting.verifier(Vec::new()).verify(&exchanged).await.is_err());
    let again = exchange(&setting, &key.sign(&claims())).await;
    assert_eq!(again.status, StatusCode::UNAUTHORIZED);
}

/// Or it would outlive the key that it is signed with.
#[tokio::test]
async fn an_exchanged_token_is_not_valid_for_longer_than_any_of_ours() {
    let (setting, key) = world().await;
    let latest = u64::try_from(NOW).unwrap() + crate::TOKEN_SECONDS_MAX;
    for (expires, exchanged) in [
        (json!(latest - 1), json!(latest - 1)),
        (json!(latest), json!(latest)),
        (json!(latest + 1), json!(latest)),
        (json!(4_000_000_000.5), json!(latest)),
    ] {
        let mut claims = claims();
        claims["exp"] = expires.clone();
        let answer = exchange(&setting, &key.sign(&claims)).await;
        assert_eq!(setting.claims(&answer.text).await["exp"], exchanged, "{expires}");
    }
}

#[tokio::test]
async fn an_issuer_of_machines_cannot_say_what_the_platform_alone_may_say() {
    let (setting, key) = world().await;
    let mut claims = claims();
    for (name, value) in [
        ("urn:altinn:userid", json!(20_000_001)),
        ("urn:altinn:partyid", json!(50_000_001)),
        ("urn:altinn:party:uuid", json!("7d3ee9b2-6c3c-4d0e-9a3f-0b1f2c3d4e5f")),
        ("urn:altinn:org", json!("skd")),
        ("urn:altinn:orgNumber", json!(OTHER_VENDOR)),
        ("urn:altinn:authlevel", json!(4)),
        ("urn:altinn:scope", json!("altinn:portal/enduser")),
    ] {
        claims[name] = value;
    }
    let exchanged = exchange(&setting, &key.sign(&claims)).await.text;
    let caller = setting.verifier(Vec::new()).verify(&exchanged).await.unwrap();
    assert_eq!((caller.person, caller.org_code, caller.auth_level), (None, None, Some(3)));
    assert_eq!(caller.org, Some(VENDOR.parse().unwrap()));
    assert_eq!(caller.scopes, ["altinn:demo", "altinn:serviceowner"]);
}

#[tokio::test]
async fn what_is_not_a_token_of_a_trusted_token_issuer_is_refused() {
    let (setting, key) = world().await;
    let changed = |name: &str, value: Value| {
        let mut claims = claims();
        claims[name] = value;
        key.sign(&claims)
    };
    let generated =
        async |uri: &str| setting.get(&format!("/test-tokens/api/{uri}"), &[]).await.text;
    let platform = generated(&format!("GetEnterpriseToken?orgNo={VENDOR}")).await;
    let component = generated("GetPlatformAccessToken?app=web").await;
    for (why, token) in [
        ("another issuer", changed("iss", json!("https://evil.example/"))),
        ("another key", ClientKey::new("foreign").sign(&claims())),
        ("no consumer", changed("consumer", json!(null))),
        ("a consumer of no kind", changed("consumer", json!({ "ID": VENDOR }))),
        ("an invalid number", changed("consumer", json!({ "ID": "0192:310010015" }))),
        ("expired", changed("exp", json!(NOW - 10))),
        ("one of the platform", platform),
        ("one of a component", component),
        ("nothing", String::new()),
        ("no token", "abc".to_owned()),
    ] {
        let answer = exchange(&setting, &token).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{why}: {answer:?}");
        assert!(answer.header("www-authenticate").starts_with("Bearer"), "{why}: {answer:?}");
    }
}

#[tokio::test]
async fn the_header_has_one_token_in_the_bearer_scheme_of_any_case() {
    let (setting, key) = world().await;
    let token = key.sign(&claims());
    let status = async |headers: &[(&str, &str)]| setting.get(PATH, headers).await.status;
    let lower = format!("bearer {token}");
    assert_eq!(status(&[("authorization", &lower)]).await, StatusCode::OK);
    for headers in [
        vec![],
        vec![("authorization", token.as_str())],
        vec![("authorization", "Basic YTpi")],
        vec![("authorization", lower.as_str()), ("authorization", lower.as_str())],
    ] {
        assert_eq!(status(&headers).await, StatusCode::UNAUTHORIZED, "{headers:?}");
    }
}

#[tokio::test]
async fn enterprise_users_are_gone() {
    let (setting, key) = world().await;
    let bearer = format!("Bearer {}", key.sign(&claims()));
    let headers =
        [("authorization", bearer.as_str()), ("x-altinn-enterpriseuser-authentication", "YTpi")];
    assert_eq!(setting.get(PATH, &headers).await.status, StatusCode::GONE);
}
