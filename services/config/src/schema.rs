//! The JSON schema of the configuration file, for editors and for whoever writes one.

use serde_json::{Map, Value, json};
use utoipa::{PartialSchema, ToSchema};

use crate::Configuration;

/// Where a schema refers to another in an OpenAPI document, and where in one of its own.
const COMPONENTS: &str = "#/components/schemas/";
const DEFINITIONS: &str = "#/$defs/";

impl Configuration {
    /// The JSON schema (draft 2020-12) of the configuration file.
    ///
    /// # Errors
    /// Never, unless the settings hold what JSON does not have.
    pub fn json_schema() -> Result<Value, serde_json::Error> {
        let mut sections = Vec::new();
        Self::schemas(&mut sections);
        let mut definitions = Map::new();
        for (name, schema) in sections {
            definitions.insert(name, serde_json::to_value(schema)?);
        }
        let mut whole = serde_json::to_value(Self::schema())?;
        if let Some(whole) = whole.as_object_mut() {
            whole.insert(
                "$schema".to_owned(),
                json!("https://json-schema.org/draft/2020-12/schema"),
            );
            whole.insert("title".to_owned(), json!("fullmakt.toml"));
            whole.insert("$defs".to_owned(), definitions.into());
        }
        refer_to_definitions(&mut whole);
        Ok(whole)
    }
}

fn refer_to_definitions(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Some(name) = text.strip_prefix(COMPONENTS) {
                *text = format!("{DEFINITIONS}{name}");
            }
        }
        Value::Array(values) => values.iter_mut().for_each(refer_to_definitions),
        Value::Object(fields) => fields.values_mut().for_each(refer_to_definitions),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_schema_is_the_one_of_these_settings() {
        let committed = include_str!("../fullmakt.schema.json");
        let generated = serde_json::to_string_pretty(&Configuration::json_schema().unwrap());
        assert!(
            committed.trim_end() == generated.unwrap(),
            "write it anew: `fullmakt config-schema > services/config/fullmakt.schema.json`"
        );
    }

    #[test]
    fn every_reference_leads_somewhere_and_nothing_unknown_is_allowed() {
        let schema = Configuration::json_schema().unwrap();
        let text = schema.to_string();
        let definitions = schema["$defs"].as_object().unwrap();
        assert!(!text.contains(COMPONENTS));
        for reference in text.split(DEFINITIONS).skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(definitions.contains_key(name), "{name}");
        }
        for (name, section) in definitions.iter().map(|(name, s)| (name.as_str(), s)) {
            let is_closed = section.get("enum").is_some()
                || section.get("oneOf").is_some()
                || section["additionalProperties"] == json!(false);
            assert!(is_closed, "{name}: {section}");
        }
        assert_eq!(schema["additionalProperties"], json!(false));
        assert_eq!(schema.get("required"), None);
    }
}
