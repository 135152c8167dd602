//! `fullmakt openapi`, and the routes that it documents.

mod common;
mod examples;

use std::io::Write;

use utoipa::openapi::{
    InfoBuilder, OpenApi, OpenApiBuilder, PathItem,
    path::Operation,
    security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

use crate::StartError;

/// The document of all routes.
pub(crate) fn document() -> OpenApi {
    let mut document = OpenApiBuilder::new()
        .info(
            InfoBuilder::new()
                .title("Fullmakt")
                .version(env!("CARGO_PKG_VERSION"))
                .description(Some("Authorization for machine-to-machine delegation."))
                .build(),
        )
        .build();
    for part in [
        fullmakt_commands::routes().into_openapi(),
        fullmakt_queries::routes().into_openapi(),
        fullmakt_pdp::routes().into_openapi(),
        fullmakt_tokens::routes().into_openapi(),
        fullmakt_audit::routes().into_openapi(),
    ] {
        document.merge(part);
    }
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    document
        .components
        .get_or_insert_default()
        .add_security_scheme("bearer", SecurityScheme::Http(bearer));
    common::complete(&mut document);
    examples::complete(&mut document);
    document
}

/// All operations of a document.
fn operations_mut(document: &mut OpenApi) -> impl Iterator<Item = &mut Operation> {
    document.paths.paths.values_mut().flat_map(|item| {
        let PathItem { get, put, post, delete, patch, .. } = item;
        [get, put, post, delete, patch].into_iter().flatten()
    })
}

pub(crate) fn print() -> Result<(), StartError> {
    let text = document().to_pretty_json().map_err(|error| StartError::Io(error.into()))?;
    writeln!(std::io::stdout(), "{text}").map_err(StartError::Io)
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// Whether there is an example of a schema, or of a part of it.
    fn has_example(schema: &Value, document: &Value) -> bool {
        if let Some(reference) = schema["$ref"].as_str() {
            let found = document.pointer(reference.trim_start_matches('#'));
            return found.is_some_and(|schema| has_example(schema, document));
        }
        let of = |member: &str| {
            let parts = schema[member].as_object().into_iter().flatten().map(|(_, part)| part);
            parts.chain(schema[member].as_array().into_iter().flatten())
        };
        schema.get("example").is_some()
            || schema.get("examples").is_some()
            || (schema["items"].is_object() && has_example(&schema["items"], document))
            || ["properties", "oneOf", "anyOf", "allOf"]
                .iter()
                .any(|member| of(member).any(|part| has_example(part, document)))
    }

    #[test]
    fn every_operation_has_examples_of_what_it_takes_and_gives() {
        let document = serde_json::to_value(super::document()).unwrap();
        let mut without = Vec::new();
        let has = |content: &Value| {
            content.get("example").is_some() || has_example(&content["schema"], &document)
        };
        for (path, item) in document["paths"].as_object().unwrap() {
            for operation in item.as_object().unwrap().values() {
                let id = operation["operationId"].as_str().unwrap();
                for parameter in operation["parameters"].as_array().into_iter().flatten() {
                    let name = parameter["name"].as_str().unwrap();
                    if parameter["in"] != "header" && !has(parameter) {
                        without.push(format!("{id}: {name}"));
                    }
                    let is_in_path = path.contains(&format!("{{{name}}}"));
                    assert_eq!(parameter["in"] == "path", is_in_path, "{id}: {name}");
                }
                let bodies = operation["requestBody"]["content"].as_object().into_iter().flatten();
                let answers = operation["responses"].as_object().unwrap().iter();
                let answers = answers.filter(|(status, _)| status.starts_with('2'));
                let answers = answers.filter_map(|(_, answer)| answer["content"].as_object());
                for (media_type, content) in bodies.chain(answers.flatten()) {
                    if !has(content) {
                        without.push(format!("{id}: {media_type}"));
                    }
                }
            }
        }
        assert!(without.is_empty(), "{without:#?}");
    }

    #[test]
    fn the_committed_document_is_the_one_of_these_routes() {
        let committed = include_str!("../../http/openapi/fullmakt.json");
        let generated = document().to_pretty_json().unwrap();
        assert!(
            committed.trim_end() == generated.trim_end(),
            "write it anew: `fullmakt openapi > services/http/openapi/fullmakt.json`"
        );
    }
}
