//! Examples of what routes do not give one of themselves.

use serde_json::{Map, Value};
use utoipa::openapi::{
    Content, OpenApi, RefOr, Response,
    path::{Operation, ParameterBuilder},
};

const EXAMPLES: &str = include_str!("examples.json");

/// Adds an example to every parameter and body that has none.
pub(super) fn complete(document: &mut OpenApi) {
    // A test reads the file, so that it is an object.
    let examples: Map<String, Value> = serde_json::from_str(EXAMPLES).unwrap_or_default();
    let of = |part: &str| examples.get(part).and_then(Value::as_object);
    let (parameters, requests) = (of("parameters"), of("requests"));
    let responses = of("responses");
    for operation in super::operations_mut(document) {
        complete_parameters(operation, parameters);
        let id = operation.operation_id.clone().unwrap_or_default();
        if let Some(example) = requests.and_then(|requests| requests.get(&id))
            && let Some(RefOr::T(body)) = &mut operation.request_body
        {
            body.content.values_mut().for_each(|content| complete_content(content, example));
        }
        if let Some(example) = responses.and_then(|responses| responses.get(&id)) {
            for (status, response) in &mut operation.responses.responses {
                if let RefOr::T(response) = response
                    && status.starts_with('2')
                {
                    complete_response(response, example);
                }
            }
        }
    }
}

fn complete_parameters(operation: &mut Operation, examples: Option<&Map<String, Value>>) {
    for parameter in operation.parameters.iter_mut().flatten() {
        let RefOr::T(parameter) = parameter else { continue };
        let example = examples.and_then(|examples| examples.get(&parameter.name));
        let written = serde_json::to_value(&*parameter).unwrap_or_default();
        if let (None, Some(example)) = (written.get("example"), example) {
            let builder = ParameterBuilder::from(parameter.clone());
            *parameter = builder.example(Some(example.clone())).build();
        }
    }
}

fn complete_response(response: &mut Response, example: &Value) {
    response.content.values_mut().for_each(|content| complete_content(content, example));
}

fn complete_content(content: &mut RefOr<Content>, example: &Value) {
    if let RefOr::T(content) = content
        && content.example.is_none()
    {
        content.example = Some(example.clone());
    }
}
