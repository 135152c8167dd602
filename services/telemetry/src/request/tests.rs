use std::future::pending;

use axum::{body::Body, http::StatusCode, routing};
use fullmakt_events::{LedgerId, Position};
use fullmakt_http::{EdgeSettings, Problem, ProblemType, identify, protect};
use serde_json::Value;
use tower::ServiceExt;

use super::*;
use crate::{
    LogForm,
    logs::{subscriber, tests::Lines},
    metrics::recorder,
};

const LEDGER: &str = "0197a000-0000-7000-8000-000000000001";

fn routes() -> Router {
    let position = async || {
        RequestContext::current().unwrap().note_caller("319900101".parse().unwrap());
        let ledger = LedgerId::new(LEDGER.parse().unwrap());
        (ConsistencyToken::new(ledger, Position::new(4711)), "x")
    };
    let routes = Router::new()
        .route("/people/{number}", routing::post(position))
        .route("/panic", routing::get(async || -> &'static str { panic!("secret") }))
        .route("/slow", routing::get(async || pending::<&'static str>().await))
        .route("/health/ready", routing::get(async || "ready"))
        .route("/no", routing::get(async || Problem::bare(ProblemType::Forbidden)));
    identify(observe(protect(routes, &EdgeSettings::default())))
}

struct Observed {
    text: String,
    lines: Vec<Value>,
    metrics: String,
}

/// What is observed of this request.
async fn observed(request: Request, timeout: Option<std::time::Duration>) -> Observed {
    let lines = Lines::default();
    let recorder = recorder().unwrap();
    {
        let subscriber = subscriber(LogForm::Json, "trace", lines.clone()).unwrap();
        let _logs = tracing::subscriber::set_default(subscriber);
        let _metrics = metrics::set_default_local_recorder(&recorder);
        let answer = routes().oneshot(request);
        match timeout {
            Some(timeout) => drop(tokio::time::timeout(timeout, answer).await),
            None => drop(answer.await.unwrap()),
        }
    }
    let text = lines.text();
    let all = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let lines = all.filter(|line| line["target"] == "fullmakt::request").collect();
    Observed { text, lines, metrics: recorder.handle().render() }
}

fn get(path: &str) -> Request {
    Request::get(path).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn a_request_has_one_line_with_what_may_be_said() {
    let request = Request::post("/people/12838549045?name=Kari")
        .header("x-request-id", "r-1")
        .header("authorization", "Bearer to.ke.n")
        .body(Body::from("the body"))
        .unwrap();
    let observed = observed(request, None).await;
    let [line] = observed.lines.as_slice() else { panic!("{}", observed.text) };
    assert_eq!(line["http.method"], "POST");
    assert_eq!(line["http.route"], "/people/{number}");
    assert_eq!(line["http.status"], "200");
    assert_eq!(line["request.id"], "r-1");
    assert_eq!(line["caller.org"], "319900101");
    assert_eq!(line["ledger.position"], 4711);
    assert!(line["duration_ms"].as_f64().unwrap() >= 0.0);
}

#[tokio::test]
async fn probes_have_their_line_for_whoever_debugs_and_nobody_else() {
    let probe = observed(get("/health/ready"), None).await;
    let [line] = probe.lines.as_slice() else { panic!("{}", probe.text) };
    assert_eq!(line["level"], "DEBUG");
    let other = observed(get("/no"), None).await;
    let [line] = other.lines.as_slice() else { panic!("{}", other.text) };
    assert_eq!(line["level"], "INFO");
}

#[tokio::test]
async fn tokens_national_numbers_names_and_bodies_are_not_logged() {
    let request = Request::post("/people/12838549045?name=Kari")
        .header("authorization", "Bearer to.ke.n")
        .header("x-person", "12838549053")
        .body(Body::from("the body"))
        .unwrap();
    let observed = observed(request, None).await;
    assert_eq!(observed.lines.len(), 1);
    for secret in ["12838549045", "12838549053", "Kari", "to.ke.n", "the body"] {
        assert!(!observed.text.contains(secret), "{secret}: {}", observed.text);
        assert!(!observed.metrics.contains(secret), "{secret}: {}", observed.metrics);
    }
}

#[tokio::test]
async fn refusals_unknown_paths_and_panics_have_their_line_too() {
    for (path, route, status) in [
        ("/no", "/no", StatusCode::FORBIDDEN),
        ("/12838549045", "none", StatusCode::NOT_FOUND),
        ("/panic", "/panic", StatusCode::INTERNAL_SERVER_ERROR),
    ] {
        let observed = observed(get(path), None).await;
        let [line] = observed.lines.as_slice() else { panic!("{path}: {}", observed.text) };
        assert_eq!(line["http.route"], route);
        assert_eq!(line["http.status"], status.as_str());
        assert_eq!(line.get("caller.org"), None);
        assert_eq!(line.get("ledger.position"), None);
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_whose_caller_went_away_has_its_line() {
    let observed = observed(get("/slow"), Some(std::time::Duration::from_secs(1))).await;
    assert_eq!(observed.lines.len(), 1, "{}", observed.text);
    assert_eq!(observed.lines[0]["http.status"], "abandoned");
}

#[tokio::test]
async fn requests_are_counted_and_timed_with_labels_from_closed_sets() {
    let request = Request::builder().method("MADEUP").uri("/no").body(Body::empty()).unwrap();
    let observed = observed(request, None).await;
    let counted = "http_requests_total{method=\"other\",route=\"/no\",status=\"405\"} 1";
    assert!(observed.metrics.contains(counted), "{}", observed.metrics);
    let timed = "http_request_seconds_count{method=\"other\",route=\"/no\"} 1";
    assert!(observed.metrics.contains(timed), "{}", observed.metrics);
    assert!(!observed.metrics.contains("MADEUP"), "{}", observed.metrics);
}
