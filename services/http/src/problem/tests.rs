use std::{collections::BTreeSet, path::Path};

use axum::{Router, http::StatusCode, routing};
use serde_json::json;

use super::*;
use crate::{
    identify,
    testing::{get, send},
};

#[derive(Debug, thiserror::Error)]
#[error("the pool is closed")]
struct Inner;

#[derive(Debug, thiserror::Error)]
#[error("a query failed")]
struct Outer(#[source] Inner);

#[test]
fn every_slug_has_its_page_and_every_page_its_slug() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("problems");
    let pages: BTreeSet<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let slugs: BTreeSet<String> =
        ProblemType::ALL.iter().map(|kind| format!("{}.md", kind.slug())).collect();
    assert_eq!(pages, slugs);
    assert_eq!(slugs.len(), ProblemType::ALL.len(), "two problems share a slug");
}

#[test]
fn every_page_says_what_happened_why_and_what_to_do() {
    for kind in ProblemType::ALL {
        let page = kind.page();
        assert!(page.starts_with(&format!("# {}\n", kind.title())), "{}", kind.slug());
        for part in ["**What happened.**", "**Why.**", "**What to do.**"] {
            assert!(page.contains(part), "{} lacks {part}", kind.slug());
        }
    }
}

#[tokio::test]
async fn pages_are_served_and_unknown_slugs_are_not() {
    let pages = problem_pages(|code| (code == "A-1").then(|| "why A-1".to_owned()));
    let answer = send(pages.clone(), get("/problems/not-fresh")).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.header("content-type"), "text/markdown; charset=utf-8");
    assert_eq!(answer.text, ProblemType::NotFresh.page());
    assert_eq!(send(pages.clone(), get("/problems/A-1")).await.text, "why A-1");
    let answer = send(pages, get("/problems/no-such")).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.json()["type"], "/problems/not-found");
}

async fn answer_of(problem: Problem) -> crate::testing::Answer {
    let routes = Router::new().route("/", routing::get(async move || problem));
    let mut request = get("/");
    request.headers_mut().insert("x-request-id", "r-1".parse().unwrap());
    send(identify(routes), request).await
}

#[tokio::test]
async fn a_problem_names_its_type_detail_errors_and_request() {
    let errors = vec![InputError::at("/a/0", "`x` is not a number")];
    let answer = answer_of(Problem::invalid(errors)).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(
        answer.json(),
        json!({
            "type": "/problems/invalid-input",
            "title": "The input is not valid",
            "status": 400,
            "instance": "r-1",
            "errors": [{"pointer": "/a/0", "detail": "`x` is not a number"}],
        })
    );
    let answer = answer_of(Problem::of(ProblemType::RuleViolated, "it is `closed`")).await;
    assert_eq!(answer.json()["detail"], "it is `closed`");
    assert_eq!(answer.headers.get("retry-after"), None);
}

#[tokio::test]
async fn a_server_error_says_nothing_of_its_cause() {
    for problem in [
        Problem::opaque(ProblemType::Internal, &Outer(Inner)),
        Problem::of(ProblemType::Internal, "a query failed: the pool is closed"),
    ] {
        let answer = answer_of(problem).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
        let expected = json!({
            "type": "/problems/internal",
            "title": "Something went wrong here",
            "status": 500,
            "instance": "r-1",
        });
        assert_eq!(answer.json(), expected);
    }
}

#[test]
fn the_cause_for_the_log_has_the_whole_chain() {
    let problem = Problem::opaque(ProblemType::Internal, &Outer(Inner));
    assert_eq!(problem.cause(), Some("a query failed: the pool is closed"));
}

#[tokio::test]
async fn a_temporary_problem_says_when_to_try_again() {
    let answer = answer_of(Problem::bare(ProblemType::Unavailable)).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.header("retry-after"), "1");
    let answer = answer_of(Problem::bare(ProblemType::NotFresh).retry_after(7)).await;
    assert_eq!(answer.header("retry-after"), "7");
}
