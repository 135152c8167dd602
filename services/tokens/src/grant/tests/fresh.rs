//! Positions that callers insist on.

use axum::http::StatusCode;
use fullmakt_events::{LedgerId, Position};
use fullmakt_http::ConsistencyToken;
use fullmakt_readstore::testing::TestLedger;
use uuid::Uuid;

use super::*;

async fn grant_at(setting: &Setting, key: &ClientKey, position: &str) -> Answer {
    let assertion = key.sign(&assertion_claims(CLIENT, &json!({})));
    setting.grant_with(&assertion, &[("fullmakt-min-position", position)]).await
}

#[tokio::test]
async fn a_token_says_which_position_it_rests_on() {
    let (mut setting, key, _) = world().await;
    let position = setting.commit(&[system_user(2, SYSTEM, OTHER_CUSTOMER, "2")]).await;
    let token = ConsistencyToken::new(TestLedger::ID, position).to_string();
    let answer = grant_at(&setting, &key, &token).await;
    answer.token();
    assert_eq!(answer.header("fullmakt-position"), token);
}

#[tokio::test]
async fn no_token_is_issued_on_less_than_the_caller_insists_on() {
    let (mut setting, key, _) = world().await;
    let reached = setting.commit(&[]).await;
    let later = Position::new(reached.get() + 1);
    let answer = grant_at(&setting, &key, &format!("{}:{later}", TestLedger::ID)).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{answer:?}");
    assert_eq!(answer.header("retry-after"), "1");

    let another = LedgerId::new(Uuid::from_u128(1));
    let answer = grant_at(&setting, &key, &format!("{another}:0")).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{answer:?}");
    assert!(answer.text.contains("another-ledger"), "{answer:?}");

    let answer = grant_at(&setting, &key, "latest").await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{answer:?}");
}
