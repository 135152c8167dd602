use axum::{Json, Router, routing};
use fullmakt_events::OrgNumber;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::*;
use crate::testing::{Answer, get, send};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Asked {
    orgno: Option<OrgNumber>,
    limit: Option<u8>,
    #[serde(default)]
    package: Vec<String>,
    is_open: Option<bool>,
}

fn routes() -> Router {
    Router::new()
        .route("/q", routing::get(async |Query(asked): Query<Asked>| Json(asked)))
        .route("/cq", routing::get(async |CompatQuery(asked): CompatQuery<Asked>| Json(asked)))
        .route("/p/{party}", routing::get(async |Path(party): Path<u32>| Json(party)))
        .route("/o/{org}", routing::get(async |Path(org): Path<OrgNumber>| Json(org)))
        .route("/two/{party}/{n}", routing::get(async |Path(both): Path<(u32, u8)>| Json(both)))
        .route("/cp/{party}", routing::get(async |CompatPath(party): CompatPath<u32>| Json(party)))
}

async fn at(uri: &str) -> Answer {
    send(routes(), get(uri)).await
}

#[tokio::test]
async fn a_query_is_typed_and_lists_take_one_or_many() {
    let answer = at("/q?orgno=319900101&limit=7&package=a&package=b%20c&is-open=true").await;
    let expected = json!({"orgno": "319900101", "limit": 7, "package": ["a", "b c"],
        "is-open": true});
    assert_eq!(answer.json(), expected);
    assert_eq!(at("/q?package=a").await.json()["package"], json!(["a"]));
    assert_eq!(at("/q").await.json()["package"], json!([]));
}

#[tokio::test]
async fn a_strict_query_refuses_what_it_does_not_know() {
    for (uri, pointer) in [
        ("/q?limit=256", "?limit"),
        ("/q?limit=1&limit=2", "?limit"),
        ("/q?Limit=1", "?Limit"),
        ("/q?other=1", "?other"),
        ("/q?orgno=319900102", "?orgno"),
        ("/q?is-open=ja", "?is-open"),
    ] {
        let answer = at(uri).await;
        assert_eq!(answer.status, 400, "{uri}");
        assert_eq!(answer.json()["errors"][0]["pointer"], pointer, "{uri}");
    }
}

#[tokio::test]
async fn a_compatible_query_takes_names_in_any_case_and_ignores_others() {
    let answer = at("/cq?LIMIT=1&Package=a&package=b&other=1").await;
    assert_eq!(answer.json()["limit"], 1);
    assert_eq!(answer.json()["package"], json!(["a", "b"]));
    let answer = at("/cq?limit=x").await;
    assert_eq!(answer.status, 400);
    assert!(answer.json()["errors"]["limit"][0].as_str().unwrap().contains("`x`"));
}

#[tokio::test]
async fn of_a_compatible_parameter_given_twice_the_first_counts() {
    assert_eq!(at("/cq?limit=1&LIMIT=2").await.json()["limit"], 1);
}

#[tokio::test]
async fn a_query_of_too_many_parameters_is_refused() {
    let many: Vec<_> = (0..200).map(|index| format!("a{index}=1")).collect();
    assert_eq!(at(&format!("/cq?{}", many.join("&"))).await.status, 400);
}

#[tokio::test]
async fn a_part_of_the_path_is_named_with_its_value() {
    assert_eq!(at("/p/7").await.json(), 7);
    assert_eq!(at("/two/7/8").await.json(), json!([7, 8]));
    for (uri, pointer, detail) in [
        ("/p/x", "{party}", "`x` stands where a whole number from 0 is needed"),
        ("/two/1/y", "{n}", "`y` stands where a whole number from 0 is needed"),
        ("/p/%FF", "{party}", "it is not UTF-8 when percent-decoded"),
    ] {
        let answer = at(uri).await;
        assert_eq!(answer.status, 400, "{uri}");
        let error = &answer.json()["errors"][0];
        assert_eq!((&error["pointer"], &error["detail"]), (&pointer.into(), &detail.into()));
    }
    let answer = at("/o/1").await;
    let detail = answer.json()["errors"][0]["detail"].as_str().unwrap().to_owned();
    assert!(detail.starts_with("`1` is not an organisation number"), "{detail}");
    let answer = at("/cp/x").await;
    assert_eq!(answer.status, 400);
    let text = "`x` stands where a whole number from 0 is needed";
    assert_eq!(answer.json()["errors"], json!({"party": [text]}));
}
