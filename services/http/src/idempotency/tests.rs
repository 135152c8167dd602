use super::*;
use crate::testing::parts;

async fn key(values: &[&str]) -> Result<Option<IdempotencyKey>, Problem> {
    let headers: Vec<_> = values.iter().map(|value| ("idempotency-key", *value)).collect();
    let mut parts = parts("/", &headers);
    <IdempotencyKey as OptionalFromRequestParts<()>>::from_request_parts(&mut parts, &()).await
}

#[tokio::test]
async fn a_key_is_read_in_quotes_or_bare() {
    let bare = key(&["8e03978e-40d5"]).await.unwrap().unwrap();
    assert_eq!(bare.as_str(), "8e03978e-40d5");
    assert_eq!(key(&["\"8e03978e-40d5\""]).await.unwrap().unwrap(), bare);
    assert_eq!(key(&[]).await.unwrap(), None);
    assert!(key(&["a".repeat(255).as_str()]).await.unwrap().is_some());
}

#[tokio::test]
async fn what_is_no_key_is_refused() {
    let long = "a".repeat(256);
    for values in [
        vec![""],
        vec!["\"\""],
        vec!["\"a"],
        vec!["a\""],
        vec!["a b"],
        vec!["a\\b"],
        vec!["æ"],
        vec![long.as_str()],
        vec!["a", "a"],
    ] {
        let problem = key(&values).await.unwrap_err();
        assert_eq!(problem.errors()[0].pointer, "Idempotency-Key", "{values:?}");
    }
}

#[tokio::test]
async fn where_a_key_is_needed_its_absence_is_refused() {
    let result =
        <IdempotencyKey as FromRequestParts<()>>::from_request_parts(&mut parts("/", &[]), &())
            .await;
    assert!(result.unwrap_err().errors()[0].detail.contains("missing"));
}
