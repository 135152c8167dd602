use axum::response::IntoResponse;

use super::*;
use crate::testing::parts;

async fn condition(value: &str) -> Result<IfMatch, Problem> {
    let mut parts = parts("/", &[("if-match", value)]);
    <IfMatch as FromRequestParts<()>>::from_request_parts(&mut parts, &()).await
}

#[tokio::test]
async fn a_tag_given_out_is_read_back() {
    let response = (EntityVersion(3), "x").into_response();
    let tag = response.headers()["etag"].to_str().unwrap().to_owned();
    let condition = condition(&tag).await.unwrap();
    assert_eq!(condition.check(Some(EntityVersion(3))), Ok(()));
    let refused = condition.check(Some(EntityVersion(4))).unwrap_err();
    assert_eq!(refused.kind(), ProblemType::PreconditionFailed);
    assert_eq!(refused.detail(), Some("the current version is `\"4\"`"));
    assert!(condition.check(None).is_err());
}

#[tokio::test]
async fn a_list_matches_one_of_it_and_a_star_any_version_that_exists() {
    let list = condition("\"1\", \"3\"").await.unwrap();
    assert!(list.check(Some(EntityVersion(3))).is_ok());
    assert!(list.check(Some(EntityVersion(2))).is_err());
    let star = condition("*").await.unwrap();
    assert!(star.check(Some(EntityVersion(2))).is_ok());
    assert!(star.check(None).is_err());
}

#[tokio::test]
async fn a_weak_or_foreign_tag_is_refused() {
    for value in ["W/\"3\"", "3", "\"x\"", ""] {
        assert!(condition(value).await.is_err(), "{value}");
    }
}
