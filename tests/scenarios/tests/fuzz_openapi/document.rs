//! What the `OpenAPI` document says of each operation.

use serde_json::Value;

/// The document of the routes under test.
const DOCUMENT: &str = include_str!("../../../../services/http/openapi/fullmakt.json");

/// One operation.
pub struct Operation {
    /// The method, in upper case.
    pub method: String,
    /// The path with its parameters in braces.
    pub path: String,
    /// The parameters.
    pub parameters: Vec<Parameter>,
    /// The media type and schema of the body, if it takes one.
    pub body: Option<(String, Value)>,
    /// The scopes of which one is needed; nothing where nobody is asked who calls.
    pub scopes: Option<Vec<String>>,
    /// The statuses that are documented.
    pub statuses: Vec<u16>,
}

/// One parameter.
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// `path`, `query` or `header`.
    pub place: String,
    /// An example of it.
    pub example: Option<String>,
    /// Whether it has to be there.
    pub is_required: bool,
}

/// All operations.
pub fn operations() -> Vec<Operation> {
    let document: Value = serde_json::from_str(DOCUMENT).expect("the document is JSON");
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            operations.push(read(path, method, operation, &document));
        }
    }
    // What takes things away comes last.
    operations.sort_by_key(|operation| operation.method == "DELETE");
    operations
}

fn read(path: &str, method: &str, operation: &Value, document: &Value) -> Operation {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let parameters = parameters.map(|parameter| Parameter {
        name: parameter["name"].as_str().expect("a name").to_owned(),
        place: parameter["in"].as_str().expect("a place").to_owned(),
        example: parameter["example"].as_str().map(str::to_owned),
        is_required: parameter["required"] == true,
    });
    let content = operation["requestBody"]["content"].as_object();
    let body = content.and_then(|content| content.iter().next()).map(|(media_type, content)| {
        let example = content.get("example").map(|example| serde_json::json!({"example": example}));
        (media_type.clone(), example.unwrap_or_else(|| resolved(&content["schema"], document)))
    });
    let security = operation["security"].as_array();
    let scopes = security.map(|all| {
        let scopes = all.iter().filter_map(|one| one["bearer"].as_array()).flatten();
        scopes.filter_map(|scope| Some(scope.as_str()?.to_owned())).collect()
    });
    let statuses = operation["responses"].as_object().expect("responses").keys();
    Operation {
        method: method.to_uppercase(),
        path: path.to_owned(),
        parameters: parameters.collect(),
        body,
        scopes,
        statuses: statuses.map(|status| status.parse().expect("a status")).collect(),
    }
}

/// A schema with all references in it put in place.
fn resolved(schema: &Value, document: &Value) -> Value {
    match schema {
        Value::Object(members) => match members.get("$ref").and_then(Value::as_str) {
            Some(reference) => {
                let pointer = reference.trim_start_matches('#');
                let found = document.pointer(pointer);
                resolved(found.unwrap_or_else(|| panic!("no {reference}")), document)
            }
            None => members
                .iter()
                .map(|(name, value)| (name.clone(), resolved(value, document)))
                .collect(),
        },
        Value::Array(all) => all.iter().map(|value| resolved(value, document)).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => schema.clone(),
    }
}
