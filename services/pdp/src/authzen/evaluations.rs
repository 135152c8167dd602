//! `POST /access/v1/evaluations`.

use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use fullmakt_http::{InputError, MinPosition, OpenJson, Problem, RequestId};
use fullmakt_pep::PlatformOrBearer;
use fullmakt_projections::graph::Properties;
use futures::future::try_join_all;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    answer::AuthzenDecision,
    evaluate::{Asking, Prepared},
    evaluation::single,
    model::{Place, needs, object},
};
use crate::{Generation, PdpState, explain::Explain, routes::AUTHORIZE};

/// The decisions of a batch.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AuthzenDecisions {
    /// One decision a question, in their order; fewer where a decision ended the batch.
    evaluations: Vec<AuthzenDecision>,
}

/// When a batch ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Semantic {
    /// When all is decided.
    ExecuteAll,
    /// With the first decision that is this one.
    EndOn(bool),
}

/// Decides several questions at once (`AuthZEN`).
///
/// All are answered from one position. A question that cannot be read is denied with an `error`;
/// without `evaluations` the body is one question, as for `/access/v1/evaluation`.
#[utoipa::path(
    post,
    path = "/access/v1/evaluations",
    tag = "decisions",
    operation_id = "access_evaluations",
    request_body(content = Object, content_type = "application/json",
        description = "An Access Evaluations request of the AuthZEN Authorization API 1.0."),
    params(("Fullmakt-Explain" = Option<String>, Header, description =
        "`short` or `full`: explain each decision. The full form is for the administrator's scope.")),
    responses(
        (status = 200, description = "The decisions.", body = AuthzenDecisions),
        (status = 400, description = "The body is no request.", content_type = "application/problem+json"),
        (status = 401, description = "No token, or one that is not trusted.", content_type = "application/problem+json"),
        (status = 403, description = "A scope is missing, or a resource is another's.", content_type = "application/problem+json"),
        (status = 503, description = "Nothing can be decided now.", content_type = "application/problem+json"),
    ),
    security(("bearer" = [AUTHORIZE]))
)]
#[tracing::instrument(name = "handler.decisions.access_evaluations", skip_all)]
pub(crate) async fn evaluations(
    State(state): State<PdpState>,
    PlatformOrBearer(caller): PlatformOrBearer,
    min_position: MinPosition,
    request_id: RequestId,
    explain: Explain,
    OpenJson(body): OpenJson<Properties>,
) -> Result<Response, Problem> {
    let asking = Asking::new(state, caller, request_id, min_position, explain)?;
    let refused = |error| Problem::invalid(vec![error]);
    let items = items(&body, asking.state.batch_max).map_err(refused)?;
    if items.is_empty() {
        return single(&asking, &body).await;
    }
    let semantic = semantic(&body).map_err(refused)?;
    let questions: Vec<_> =
        (0_usize..).zip(items).map(|(index, item)| question(&body, index, item)).collect();
    let readable: Vec<_> = questions.iter().filter_map(|question| question.as_ref().ok()).collect();
    let generation = asking.generation_for(&readable).await?;
    let evaluations = answers(&asking, &generation, &questions, semantic).await?;
    Ok((asking.token(&generation), Json(AuthzenDecisions { evaluations })).into_response())
}

type Question = Result<Prepared, InputError>;

async fn answers(
    asking: &Asking,
    generation: &Generation,
    questions: &[Question],
    semantic: Semantic,
) -> Result<Vec<AuthzenDecision>, Problem> {
    let answer = async |question: &Question| match question {
        Ok(prepared) => asking.answer(generation, prepared).await,
        Err(error) => asking.unreadable(generation, error).await,
    };
    match semantic {
        // Together, so that their records go to the log together.
        Semantic::ExecuteAll => try_join_all(questions.iter().map(answer)).await,
        Semantic::EndOn(last) => {
            let mut answers = Vec::new();
            for question in questions {
                let answer = answer(question).await?;
                let is_last = answer.decision == last;
                answers.push(answer);
                if is_last {
                    break;
                }
            }
            Ok(answers)
        }
    }
}

/// The questions as they were sent; none where the body is a single one.
fn items(body: &Properties, max: usize) -> Result<&[Value], InputError> {
    let pointer = "/evaluations";
    match body.get("evaluations") {
        None | Some(Value::Null) => Ok(&[]),
        Some(Value::Array(items)) if items.len() <= max => Ok(items),
        Some(Value::Array(items)) => {
            let detail = format!("has {} evaluations; ask for at most {max} at once", items.len());
            Err(InputError::at(pointer, detail))
        }
        Some(other) => Err(needs(pointer, other, "a list")),
    }
}

fn question(body: &Properties, index: usize, item: &Value) -> Question {
    let pointer = format!("/evaluations/{index}");
    Prepared::read(Place::item(object(item, &pointer)?, &pointer, body))
}

fn semantic(body: &Properties) -> Result<Semantic, InputError> {
    let pointer = "/options/evaluations_semantic";
    let options = match body.get("options") {
        None | Some(Value::Null) => return Ok(Semantic::ExecuteAll),
        Some(options) => object(options, "/options")?,
    };
    let needed = "`execute_all`, `deny_on_first_deny` or `permit_on_first_permit`";
    match options.get("evaluations_semantic") {
        None | Some(Value::Null) => Ok(Semantic::ExecuteAll),
        Some(value) => match value.as_str() {
            Some("execute_all") => Ok(Semantic::ExecuteAll),
            Some("deny_on_first_deny") => Ok(Semantic::EndOn(false)),
            Some("permit_on_first_permit") => Ok(Semantic::EndOn(true)),
            Some(_) | None => Err(needs(pointer, value, needed)),
        },
    }
}
