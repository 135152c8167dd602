use axum::{Router, routing};
use serde_json::json;

use super::*;
use crate::{
    ProblemType, identify,
    testing::{Answer, get, send},
};

async fn answer_of(error: impl Into<AltinnError>) -> Answer {
    let error = error.into();
    let routes = Router::new().route("/", routing::get(async move || error));
    let mut request = get("/");
    request.headers_mut().insert("x-request-id", "r-1".parse().unwrap());
    send(identify(routes), request).await
}

#[tokio::test]
async fn a_problem_has_its_code_and_extensions() {
    let problem = AltinnProblem::new("AUTH-00011", "System not found", StatusCode::NOT_FOUND)
        .with_detail("`x` is not yours")
        .with("systemId", "x")
        .with("status", 999);
    let answer = answer_of(problem).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.header("content-type"), "application/problem+json");
    assert_eq!(answer.header("link"), "</problems/AUTH-00011>; rel=\"help\"");
    assert_eq!(
        answer.json(),
        json!({
            "type": "urn:altinn:error:AUTH-00011",
            "title": "System not found",
            "status": 404,
            "code": "AUTH-00011",
            "traceId": "r-1",
            "statusDescription": "Not Found",
            "detail": "`x` is not yours",
            "systemId": "x",
        })
    );
}

#[tokio::test]
async fn a_server_error_has_no_detail() {
    let problem = AltinnProblem::new("AUTH-00055", "Failed", StatusCode::INTERNAL_SERVER_ERROR);
    let answer = answer_of(problem.with_detail("the database said no")).await;
    assert_eq!(answer.json().get("detail"), None);
}

#[tokio::test]
async fn validation_errors_are_std_00000() {
    let mut error =
        AltinnValidationError::new("AUTH.VLD-00003", "Unknown", &["/registersystemrequest/x"]);
    error.extensions.insert("resource".to_owned(), "r".into());
    let answer = answer_of(AltinnValidation { errors: vec![error] }).await;
    assert_eq!(
        answer.json(),
        json!({
            "type": "urn:altinn:error:STD-00000",
            "title": "One or more validation errors occurred.",
            "status": 400,
            "code": "STD-00000",
            "traceId": "r-1",
            "statusDescription": "Bad Request",
            "validationErrors": [{
                "code": "AUTH.VLD-00003",
                "title": "Unknown",
                "paths": ["/registersystemrequest/x"],
                "resource": "r",
            }],
        })
    );
}

#[tokio::test]
async fn model_state_names_fields() {
    let answer = answer_of(ModelState::field("SystemId", "is missing")).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(answer.json()["errors"], json!({"SystemId": ["is missing"]}));
    for (pointer, field) in [
        ("/rights/0/resource", "rights[0].resource"),
        ("", "$"),
        ("?agent", "agent"),
        ("{party}", "party"),
        ("/a~1b", "a/b"),
    ] {
        let state = ModelState::from(InputError::at(pointer, "x"));
        assert_eq!(state.errors.keys().collect::<Vec<_>>(), [field], "{pointer}");
    }
}

#[tokio::test]
async fn plain_shapes_have_no_code() {
    let plain = PlainProblem {
        status: StatusCode::NOT_FOUND,
        title: "System Owner not Found".into(),
        detail: None,
    };
    let answer = answer_of(plain).await;
    assert_eq!(answer.json()["title"], "System Owner not Found");
    assert_eq!(answer.json().get("code"), None);
    let answer = answer_of(AltinnError::PlainText(StatusCode::CONFLICT, "no".into())).await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::CONFLICT, "no"));
    assert_eq!(answer.header("content-type"), "text/plain; charset=utf-8");
    let answer = answer_of(AltinnError::PlainText(StatusCode::BAD_REQUEST, "".into())).await;
    assert_eq!((answer.text.as_str(), answer.header("content-type")), ("", ""));
}

#[tokio::test]
async fn what_the_contract_has_no_shape_for_is_a_problem_of_ours() {
    let answer = answer_of(Problem::bare(ProblemType::Unavailable)).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(answer.json()["type"], "/problems/unavailable");
}
