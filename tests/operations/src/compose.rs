//! What `compose.yaml` says.

use saphyr::{LoadableYamlNode, ScalarOwned, YamlOwned};
use serde_json::{Map, Value};

/// The file.
pub const COMPOSE: &str = include_str!("../../../compose.yaml");

/// What the file says, with its merge keys (`<<`) carried out.
pub fn compose() -> Value {
    let documents = YamlOwned::load_from_str(COMPOSE).expect("it is YAML");
    let [document] = documents.as_slice() else { panic!("{} documents", documents.len()) };
    to_json(document)
}

/// All services.
pub fn services(compose: &Value) -> &Map<String, Value> {
    compose["services"].as_object().expect("there are services")
}

/// The services that run our image.
pub fn ours(compose: &Value) -> Vec<(&str, &Value)> {
    let services = services(compose).iter();
    let ours = services.filter(|(_, service)| service["image"] == "fullmakt");
    ours.map(|(name, service)| (name.as_str(), service)).collect()
}

/// A list of texts; none where there is no list.
pub fn texts(list: &Value) -> Vec<&str> {
    let texts = list.as_array().map(Vec::as_slice).unwrap_or_default().iter();
    texts.map(|text| text.as_str().expect("it is a text")).collect()
}

/// The variables of a service.
pub fn environment(service: &Value) -> Vec<(String, String)> {
    let variables = service["environment"].as_object().expect("it has variables").iter();
    // Values that YAML reads as numbers or as `true` reach a process in another form than written.
    variables.map(|(name, value)| (name.clone(), value.as_str().expect(name).to_owned())).collect()
}

/// A variable of a service.
pub fn variable<'s>(service: &'s Value, name: &str) -> &'s str {
    let value = service["environment"].get(name).and_then(Value::as_str);
    value.unwrap_or_else(|| panic!("{name}: {service}"))
}

fn to_json(yaml: &YamlOwned) -> Value {
    match yaml {
        YamlOwned::Value(scalar) => match scalar {
            ScalarOwned::Null => Value::Null,
            ScalarOwned::Boolean(value) => (*value).into(),
            ScalarOwned::Integer(value) => (*value).into(),
            ScalarOwned::FloatingPoint(value) => value.into_inner().into(),
            ScalarOwned::String(value) => value.clone().into(),
        },
        YamlOwned::Sequence(values) => values.iter().map(to_json).collect(),
        YamlOwned::Mapping(fields) => {
            let mut own = Map::new();
            let mut merged = Map::new();
            for (name, value) in fields {
                match (to_json(name).as_str().expect("names are texts"), to_json(value)) {
                    ("<<", Value::Object(fields)) => merged.extend(fields),
                    (name, value) => drop(own.insert(name.to_owned(), value)),
                }
            }
            merged.extend(own);
            merged.into()
        }
        YamlOwned::Representation(..)
        | YamlOwned::Tagged(..)
        | YamlOwned::Alias(_)
        | YamlOwned::BadValue => panic!("{yaml:?}"),
    }
}
