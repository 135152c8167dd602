//! No cause is without its code: each that the program knows happens here, over HTTP.

use std::collections::BTreeSet;

use fullmakt_events::Timestamp;
use jsonwebtoken::Header;

use super::{refusals::refused, *};

/// The codes in the program's text, so that none is forgotten here.
fn codes_of_the_program() -> BTreeSet<String> {
    let text = include_str!("../../refusal.rs");
    let (_, code) = text.split_once("fn code(&self)").unwrap();
    let (code, _) = code.split_once("    }\n\n").unwrap();
    let arms = code.lines().filter_map(|line| line.split_once("=> \"")?.1.split_once('"'));
    arms.map(|(code, _)| code.to_owned()).collect()
}

/// What clients are refused with who got something wrong in the form or the assertion.
async fn of_forms_and_assertions() -> Vec<Answer> {
    let (setting, key, stranger) = world().await;
    let grant = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer";
    let mut answers = vec![
        setting.post_form("grant_type=password", &[]).await,
        setting.post_form("a=%FF&a", &[("content-type", "text/plain")]).await,
        setting.post_form(grant, &[]).await,
        setting.grant("a.b.c").await,
    ];
    let claims = assertion_claims(CLIENT, &json!({}));
    let no_kid = Header::new(key.algorithm);
    let critical = Header { crit: Some(vec!["b64".to_owned()]), ..key.header() };
    let other_kid = Header { kid: Some("other".to_owned()), ..key.header() };
    for header in [no_kid, critical, other_kid] {
        answers.push(setting.grant(&key.sign_with(&header, &claims)).await);
    }
    let own_kid = Header { kid: Some(key.kid.to_owned()), ..stranger.header() };
    answers.push(setting.grant(&stranger.sign_with(&own_kid, &claims)).await);
    let ed25519 = ClientKey::ed25519("own");
    answers.push(setting.grant(&ed25519.sign(&claims)).await);
    for changes in [
        json!({ "iss": "nobody" }),
        json!({ "aud": "https://other" }),
        json!({ "iat": NOW - 100, "exp": NOW - 50 }),
        json!({ "iat": NOW + 100, "exp": NOW + 150 }),
        json!({ "exp": NOW + 500 }),
        json!({ "jti": null }),
        json!({ "scope": "" }),
        json!({ "scope": "demo:other" }),
        json!({ "authorization_details": {} }),
    ] {
        answers.push(setting.grant(&key.sign(&assertion_claims(CLIENT, &changes))).await);
    }
    setting.grant(&key.sign(&claims)).await.token();
    answers.push(setting.grant(&key.sign(&claims)).await);
    answers
}

/// What clients are refused with whose keys do not count now.
async fn of_keys() -> Vec<Answer> {
    let [over, early] = ["over", "early"].map(ClientKey::new);
    let second = |offset: i64| Timestamp::from_millis((NOW + offset) * 1_000);
    let keys = [
        TokenKey { valid_to: Some(second(0)), ..over.registered() },
        TokenKey { valid_from: second(60), ..early.registered() },
    ];
    let setting = Setting::with(&token_client(CLIENT, VENDOR, &keys)).await;
    let claims = || assertion_claims(CLIENT, &json!({}));
    vec![setting.grant(&over.sign(&claims())).await, setting.grant(&early.sign(&claims())).await]
}

/// What clients are refused with that ask as a system user that they may not be.
async fn of_customers() -> Vec<Answer> {
    let (mut setting, key, other) = world().await;
    let named = "310010022";
    let facts = [
        request(2, SYSTEM, OTHER_CUSTOMER, OTHER_CUSTOMER),
        unit_registered(named),
        system_user(3, SYSTEM, named, "payroll"),
    ];
    setting.commit(&facts).await;
    let mut answers = Vec::new();
    for (customer, external_ref) in
        [(OTHER_VENDOR, None), (OTHER_CUSTOMER, None), (named, None), (named, Some("vat"))]
    {
        let claims = claims_for(CLIENT, customer, external_ref);
        answers.push(setting.grant(&key.sign(&claims)).await);
    }
    let as_customer = || claims_for(CLIENT, CUSTOMER, None);
    setting.commit(&[system_user_paused(1, SYSTEM, CUSTOMER)]).await;
    answers.push(setting.grant(&key.sign(&as_customer())).await);
    setting.commit(&[system_user_resumed(1, SYSTEM, CUSTOMER)]).await;
    setting.commit(&[unit_deleted(CUSTOMER)]).await;
    answers.push(setting.grant(&key.sign(&as_customer())).await);
    setting.commit(&system_deleted(SYSTEM, CLIENT)).await;
    answers.push(setting.grant(&key.sign(&as_customer())).await);
    setting.commit(&[unit_registered(VENDOR), unit_deleted(VENDOR)]).await;
    answers.push(setting.grant(&key.sign(&as_customer())).await);
    setting.commit(&system_deleted(OTHER_SYSTEM, OTHER_CLIENT)).await;
    setting.commit(&system("991825827_next", OTHER_VENDOR, "another")).await;
    setting.commit(&token_client("alone", OTHER_VENDOR, &[other.registered()])).await;
    answers.push(setting.grant(&other.sign(&claims_for("alone", CUSTOMER, None))).await);
    answers
}

/// What clients are refused with whose scopes are not theirs.
async fn of_scopes() -> Vec<Answer> {
    let (mut setting, key, _) = world().await;
    let asked = |consumer: &str| json!({ "scope": "demo:vat.read", "consumer_org": consumer });
    let mut answers = Vec::new();
    for consumer in [CUSTOMER, "310010015"] {
        let claims = assertion_claims(CLIENT, &asked(consumer));
        answers.push(setting.grant(&key.sign(&claims)).await);
    }
    let delegated = [(CUSTOMER, VENDOR)];
    setting.commit(&token_scope("demo:vat.read", OTHER_VENDOR, &[CUSTOMER], &delegated)).await;
    setting.commit(&[unit_deleted(CUSTOMER)]).await;
    for changes in [json!({ "scope": "demo:vat.read" }), asked(OTHER_CUSTOMER), asked(CUSTOMER)] {
        answers.push(setting.grant(&key.sign(&assertion_claims(CLIENT, &changes))).await);
    }
    answers
}

#[tokio::test]
async fn each_refusal_happens_has_its_code_and_says_what_to_do() {
    let answers =
        [of_forms_and_assertions().await, of_keys().await, of_customers().await, of_scopes().await]
            .concat();
    let happened: BTreeSet<String> = answers.iter().map(|answer| refused(answer).0).collect();
    assert_eq!(happened, codes_of_the_program());
    for (code, answer) in answers.iter().map(|answer| (refused(answer).0, answer)) {
        let page = crate::refusal_page(&code).unwrap();
        assert!(page.contains("**What to do.**"), "{page}");
        assert_eq!(answer.header("link"), format!("</problems/{code}>; rel=\"help\""));
    }
    // No two causes say the same.
    let said: BTreeSet<String> = answers
        .iter()
        .map(|answer| answer.json()["error_description"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(said.len(), answers.len());
}
