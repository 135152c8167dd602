//! `fullmakt openapi`, and the routes that it documents.

mod common;

use std::io::Write;

use utoipa::openapi::{
    InfoBuilder, OpenApi, OpenApiBuilder,
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
    document
}

pub(crate) fn print() -> Result<(), StartError> {
    let text = document().to_pretty_json().map_err(|error| StartError::Io(error.into()))?;
    writeln!(std::io::stdout(), "{text}").map_err(StartError::Io)
}

#[cfg(test)]
mod tests {
    use super::*;

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
