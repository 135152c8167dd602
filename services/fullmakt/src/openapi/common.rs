//! What is the same for many operations: the answers that the layers around them give, and the
//! shapes of problems.

use fullmakt_domain::{AuthCode, ValidationCode};
use fullmakt_http::{HEAD_BYTES_MAX, HEADERS_MAX, ProblemType};
use serde_json::{Value, json};
use utoipa::openapi::{
    ContentBuilder, Header, ObjectBuilder, OpenApi, Ref, RefOr, Response, ResponseBuilder, Type,
    path::Operation,
    schema::{ArrayBuilder, Schema},
};

const PROBLEM_JSON: &str = "application/problem+json";
const PROBLEM: &str = "Problem";

/// Adds what is the same for many operations.
pub(super) fn complete(document: &mut OpenApi) {
    let components = document.components.get_or_insert_default();
    components.schemas.insert(PROBLEM.to_owned(), RefOr::T(problem()));
    for kind in [ALWAYS, FOR_BODIES, FOR_CALLERS].concat() {
        let response = RefOr::T(response_of(kind));
        components.responses.insert(kind.slug().to_owned(), response);
    }
    let large = RefOr::T(ResponseBuilder::new().description(large_head()).build());
    components.responses.insert(LARGE_HEAD.to_owned(), large);
    super::operations_mut(document).for_each(complete_operation);
}

/// What any operation may answer with.
const ALWAYS: &[ProblemType] =
    &[ProblemType::InvalidInput, ProblemType::Internal, ProblemType::Unavailable];
/// What one that takes a body may answer with besides.
const FOR_BODIES: &[ProblemType] =
    &[ProblemType::RequestTimeout, ProblemType::TooLarge, ProblemType::UnsupportedMediaType];
const NOTHING: &[ProblemType] = &[];
/// What one that knows its caller may answer with besides.
const FOR_CALLERS: &[ProblemType] = &[ProblemType::TooManyRequests];

/// What the server answers before any route sees the request, without a body.
const LARGE_HEAD: &str = "large-head";

fn large_head() -> String {
    format!(
        "The line and headers of the request have more than {HEAD_BYTES_MAX} bytes, or there are \
         more than {HEADERS_MAX} headers. Nothing was done."
    )
}

fn complete_operation(operation: &mut Operation) {
    let of_body = operation.request_body.as_ref().map_or(NOTHING, |_| FOR_BODIES);
    let of_caller = operation.security.as_ref().map_or(NOTHING, |_| FOR_CALLERS);
    for kind in [ALWAYS, of_body, of_caller].concat() {
        let status = kind.status().as_u16().to_string();
        let common = RefOr::Ref(Ref::from_response_name(kind.slug()));
        operation.responses.responses.entry(status).or_insert(common);
    }
    let common = RefOr::Ref(Ref::from_response_name(LARGE_HEAD));
    operation.responses.responses.insert("431".to_owned(), common);
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response
            && status.starts_with(['4', '5'])
            && status != "431"
        {
            describe_problem(response);
        }
    }
}

/// Says what the body of a refusal is, where the route says nothing or no more than its type.
fn describe_problem(response: &mut Response) {
    if response.content.is_empty() || response.content.contains_key(PROBLEM_JSON) {
        let schema = Ref::from_schema_name(PROBLEM);
        let content = ContentBuilder::new().schema(Some(schema)).build();
        response.content.insert(PROBLEM_JSON.to_owned(), content.into());
    }
}

fn response_of(kind: ProblemType) -> Response {
    let example = json!({
        "type": format!("/problems/{}", kind.slug()),
        "title": kind.title(),
        "status": kind.status().as_u16(),
        "instance": "0197a000-0000-7000-8000-000000000001",
    });
    let schema = Ref::from_schema_name(PROBLEM);
    let content = ContentBuilder::new().schema(Some(schema)).example(Some(example)).build();
    let response = ResponseBuilder::new()
        .description(format!("{}: `/problems/{}`.", kind.title(), kind.slug()))
        .content(PROBLEM_JSON, content);
    if kind.is_temporary() {
        let mut seconds = Header::new(integer());
        seconds.description = Some("After how many seconds to try again.".to_owned());
        response.header("Retry-After", seconds).build()
    } else {
        response.build()
    }
}

fn integer() -> Schema {
    Schema::Object(ObjectBuilder::new().schema_type(Type::Integer).build())
}

fn text(description: &str, example: impl Into<Value>) -> Schema {
    let text = ObjectBuilder::new().schema_type(Type::String).description(Some(description));
    Schema::Object(text.examples([example.into()]).build())
}

/// A code of the wire contract, of these.
fn code(example: &str, all: Vec<String>) -> Schema {
    let code = ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some("The code; `/problems/{code}` explains it."))
        .enum_values(Some(all));
    Schema::Object(code.examples([Value::from(example)]).build())
}

fn codes() -> Vec<String> {
    let validation = std::iter::once("STD-00000".to_owned());
    AuthCode::ALL.iter().map(ToString::to_string).chain(validation).collect()
}

fn validation_codes() -> Vec<String> {
    ValidationCode::ALL.iter().map(ToString::to_string).collect()
}

/// The members that problems have; which ones, depends on the route's contract.
fn problem() -> Schema {
    let list = |items: Schema| Schema::Array(ArrayBuilder::new().items(RefOr::T(items)).build());
    let place = ObjectBuilder::new()
        .property("pointer", text("The place, a JSON pointer.", "/clientId"))
        .property("detail", text("What is wrong there.", "must not be empty"));
    let validation = ObjectBuilder::new()
        .property("code", code("AUTH.VLD-00003", validation_codes()))
        .property("title", text("What it means.", "A resource is not in the resource registry."))
        .property("paths", list(text("A place.", "/registersystemrequest/systemid")))
        .property("detail", text("What was seen.", "`x` is not in the resource registry"));
    Schema::Object(
        ObjectBuilder::new()
            .description(Some(
                "Why a request was refused (RFC 9457). Routes of the Altinn contract give `code`, \
                 `traceId` and `statusDescription`; routes under `/fullmakt/v1` a `type` that is \
                 the address of its explanation.",
            ))
            .property("type", text("Which problem it is.", "urn:altinn:error:AUTH-00011"))
            .property("title", text("What it means.", "The system was not found."))
            .property("status", integer())
            .property("detail", text("This case.", "system `310010014_x` was not found"))
            .property("instance", text("The request's id.", "r-1"))
            .property("code", code("AUTH-00011", codes()))
            .property("traceId", text("The request's id.", "r-1"))
            .property("statusDescription", text("The status in words.", "Not Found"))
            .property("errors", place_list(place.build()))
            .property("validationErrors", list(Schema::Object(validation.build())))
            .build(),
    )
}

/// Our own routes list places; those of the contract have an object from field to texts.
fn place_list(place: utoipa::openapi::Object) -> Schema {
    let by_field = ObjectBuilder::new().description(Some("From field to what is wrong with it."));
    let either =
        utoipa::openapi::OneOfBuilder::new().item(ArrayBuilder::new().items(place)).item(by_field);
    Schema::OneOf(either.build())
}
