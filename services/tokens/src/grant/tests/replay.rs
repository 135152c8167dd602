//! Each assertion is used once.

use std::time::Duration;

use axum::http::StatusCode;

use super::*;

#[tokio::test]
async fn an_assertion_is_used_once_also_after_a_restart() {
    let (mut setting, key, _) = world().await;
    let assertion = key.sign(&assertion_claims(CLIENT, &json!({})));
    setting.grant(&assertion).await.token();
    assert_eq!(setting.grant(&assertion).await.code(), "replayed");
    setting.restart();
    assert_eq!(setting.grant(&assertion).await.code(), "replayed");
    // What counts is the id, not the text.
    let jti = json!({ "jti": "the same", "scope": "demo:vat.read" });
    setting.grant(&key.sign(&assertion_claims(CLIENT, &jti))).await.token();
    let jti = json!({ "jti": "the same", "exp": NOW + 100 });
    assert_eq!(setting.grant(&key.sign(&assertion_claims(CLIENT, &jti))).await.code(), "replayed");
}

#[tokio::test]
async fn however_its_client_is_spelled_an_assertion_is_used_once() {
    let (setting, key, _) = world().await;
    let jti = json!({ "jti": "the same" });
    setting.grant(&key.sign(&assertion_claims(CLIENT, &jti))).await.token();
    let shouted = key.sign(&assertion_claims(&CLIENT.to_uppercase(), &jti));
    assert_eq!(setting.grant(&shouted).await.code(), "replayed");
}

#[tokio::test]
async fn two_clients_may_use_the_same_id() {
    let (setting, key, other) = world().await;
    let jti = json!({ "jti": "the same" });
    setting.grant(&key.sign(&assertion_claims(CLIENT, &jti))).await.token();
    setting.grant(&other.sign(&assertion_claims(OTHER_CLIENT, &jti))).await.token();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_many_that_use_an_assertion_at_once_one_succeeds() {
    let (setting, key, _) = world().await;
    let assertion = key.sign(&assertion_claims(CLIENT, &json!({})));
    let setting = std::sync::Arc::new(setting);
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..12 {
        let (setting, assertion) = (std::sync::Arc::clone(&setting), assertion.clone());
        asking.spawn(async move { setting.grant(&assertion).await });
    }
    let answers = asking.join_all().await;
    let (granted, refused): (Vec<_>, Vec<_>) =
        answers.iter().partition(|answer| answer.status == StatusCode::OK);
    assert_eq!((granted.len(), refused.len()), (1, 11));
    assert!(refused.iter().all(|answer| answer.code() == "replayed"));
}

#[tokio::test]
async fn one_that_is_refused_for_another_cause_can_be_sent_again() {
    let (mut setting, key, _) = world().await;
    let assertion = key.sign(&claims_for(CLIENT, OTHER_CUSTOMER, None));
    assert_eq!(setting.grant(&assertion).await.code(), "wrong-organisation");
    setting.commit(&[system_user(2, SYSTEM, OTHER_CUSTOMER, OTHER_CUSTOMER)]).await;
    setting.grant(&assertion).await.token();
}

#[tokio::test]
async fn what_was_used_is_forgotten_only_when_it_is_refused_as_expired() {
    let (setting, key, _) = world().await;
    let first = key.sign(&assertion_claims(CLIENT, &json!({ "jti": "first" })));
    setting.grant(&first).await.token();
    let database = setting.database.client().await;
    let known = async || {
        let row = database.query_one("SELECT count(*) FROM fullmakt.used_assertions", &[]).await;
        row.unwrap().get::<_, i64>(0)
    };
    let another = async |at: i64| {
        let times = json!({ "iat": NOW + at, "exp": NOW + at + 120 });
        setting.grant(&key.sign(&assertion_claims(CLIENT, &times))).await.token();
    };
    // The first is valid for 120 seconds and 10 of skew.
    setting.advance(129);
    another(129).await;
    assert_eq!(known().await, 2);
    assert_eq!(setting.grant(&first).await.code(), "replayed");
    setting.advance(60);
    another(189).await;
    assert_eq!(known().await, 2, "the first is forgotten, the later ones are not");
    assert_eq!(setting.grant(&first).await.code(), "expired");
}

#[tokio::test]
async fn without_the_table_of_used_assertions_no_token_is_issued() {
    let (setting, key, _) = world().await;
    let database = setting.database.client().await;
    let asking = setting.grant(&key.sign(&assertion_claims(CLIENT, &json!({})))).await;
    asking.token();
    database.batch_execute("ALTER TABLE fullmakt.used_assertions RENAME TO lost").await.unwrap();
    let assertion = key.sign(&assertion_claims(CLIENT, &json!({})));
    let answer = tokio::time::timeout(Duration::from_secs(20), setting.grant(&assertion)).await;
    let answer = answer.unwrap();
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{answer:?}");
    assert!(!answer.text.contains("used_assertions"), "{answer:?}");
}
