//! The information model as it is sent: entities, actions and context.
//!
//! Read by hand from JSON, because one and the same mistake is an answer of its own within a batch
//! and refuses the whole request elsewhere, and because unknown members are to be ignored.

use fullmakt_http::InputError;
use fullmakt_projections::graph::Properties;
use serde_json::Value;

use super::attributes;

/// The most values that the properties of one entity, action or context may have.
const VALUES_MAX: usize = 1_000;

/// A subject or resource.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entity {
    pub(super) kind: String,
    /// Empty where it is what is searched for.
    pub(super) id: String,
    pub(super) properties: Properties,
}

/// An action.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Action {
    pub(super) name: String,
    pub(super) properties: Properties,
}

/// One question.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Evaluation {
    pub(super) subject: Entity,
    pub(super) resource: Entity,
    pub(super) action: Action,
    pub(super) context: Properties,
}

/// Whether an entity has to say which one it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Identified {
    /// It is asked about.
    ById,
    /// It is what is searched for: an `id` does not count.
    ByTypeOnly,
}

/// An object of the request, and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    object: &'a Properties,
    pointer: &'a str,
    /// What stands for members that the object does not have.
    defaults: Option<&'a Properties>,
}

impl<'a> Place<'a> {
    /// The body of the request.
    pub(super) const fn body(object: &'a Properties) -> Self {
        Self { object, pointer: "", defaults: None }
    }

    /// An object within the body, with the body's own members for those that it lacks.
    pub(super) const fn item(
        object: &'a Properties,
        pointer: &'a str,
        defaults: &'a Properties,
    ) -> Self {
        Self { object, pointer, defaults: Some(defaults) }
    }

    /// A member and where it stands. One that is null is as one that is absent.
    fn member(self, name: &str) -> Option<(&'a Value, String)> {
        let own = self.object.get(name).map(|value| (value, format!("{}/{name}", self.pointer)));
        own.or_else(|| Some((self.defaults?.get(name)?, format!("/{name}"))))
            .filter(|(value, _)| !value.is_null())
    }

    fn needed(self, name: &str) -> Result<(&'a Value, String), InputError> {
        self.member(name).ok_or_else(|| {
            let pointer = format!("{}/{name}", self.pointer);
            InputError::at(pointer, format!("`{name}` is missing"))
        })
    }

    pub(super) fn entity(self, name: &str, identified: Identified) -> Result<Entity, InputError> {
        let (value, pointer) = self.needed(name)?;
        let place = Place { object: object(value, &pointer)?, pointer: &pointer, defaults: None };
        let id = match identified {
            Identified::ById => place.text("id")?,
            Identified::ByTypeOnly => String::new(),
        };
        Ok(Entity { kind: place.text("type")?, id, properties: place.properties("properties")? })
    }

    pub(super) fn action(self) -> Result<Action, InputError> {
        let (value, pointer) = self.needed("action")?;
        let place = Place { object: object(value, &pointer)?, pointer: &pointer, defaults: None };
        Ok(Action { name: place.text("name")?, properties: place.properties("properties")? })
    }

    pub(super) fn context(self) -> Result<Properties, InputError> {
        self.properties("context")
    }

    pub(super) fn evaluation(self) -> Result<Evaluation, InputError> {
        Ok(Evaluation {
            subject: self.entity("subject", Identified::ById)?,
            resource: self.entity("resource", Identified::ById)?,
            action: self.action()?,
            context: self.context()?,
        })
    }

    fn text(self, name: &str) -> Result<String, InputError> {
        let (value, pointer) = self.needed(name)?;
        match value {
            Value::String(text) if !text.is_empty() => Ok(text.clone()),
            Value::String(_) => Err(InputError::at(pointer, format!("`{name}` is empty"))),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Array(_)
            | Value::Object(_) => Err(needs(pointer, value, "a text")),
        }
    }

    fn properties(self, name: &str) -> Result<Properties, InputError> {
        let Some((value, pointer)) = self.member(name) else { return Ok(Properties::new()) };
        let properties = object(value, &pointer)?;
        if let Some(name) = properties.keys().find(|name| attributes::is_reserved(name)) {
            let detail = format!("`{name}` is what type, id or name say; leave it out");
            return Err(InputError::at(pointer, detail));
        }
        if values(value) > VALUES_MAX {
            return Err(InputError::at(pointer, format!("has more than {VALUES_MAX} values")));
        }
        Ok(properties.clone())
    }
}

/// The object that stands here.
pub(super) fn object<'a>(value: &'a Value, pointer: &str) -> Result<&'a Properties, InputError> {
    value.as_object().ok_or_else(|| needs(pointer, value, "an object"))
}

/// What stands here, where something else is needed.
pub(super) fn needs(pointer: impl Into<String>, value: &Value, needed: &str) -> InputError {
    let seen = match value {
        Value::Null => "`null`".to_owned(),
        Value::Bool(value) => format!("`{value}`"),
        Value::Number(number) => format!("`{number}`"),
        Value::String(text) => format!("the text `{}`", InputError::seen(text)),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    };
    InputError::at(pointer, format!("{seen} stands where {needed} is needed"))
}

/// How many values there are, however deep.
fn values(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 1,
        Value::Array(values) => 1 + values.iter().map(self::values).sum::<usize>(),
        Value::Object(members) => 1 + members.values().map(self::values).sum::<usize>(),
    }
}

#[cfg(test)]
mod tests;
