//! Reading what callers send: JSON bodies and query strings, with errors that name the place.

mod access;
mod node;
mod reader;
mod rules;

use std::fmt;

use serde::{Serialize, de::DeserializeOwned};
use serde_json::error::Category;

pub(crate) use node::{DEPTH_MAX, Node};
pub(crate) use rules::{Names, Rules, Scalars, Texts, Unknown};

use reader::Reader;

/// What is wrong with one place of the input, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct InputError {
    /// The place: a JSON pointer (RFC 6901) into the body, `?name` for a query parameter,
    /// `{name}` for a part of the path, or a header's name.
    pub pointer: String,
    /// The value seen, what is wrong with it and what would be right.
    pub detail: String,
}

impl InputError {
    /// The most characters of a value that an error repeats.
    const SEEN_CHARS_MAX: usize = 80;

    /// The error at this place.
    #[must_use]
    pub fn at(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), detail: detail.into() }
    }

    /// The same error, seen from the member of this name around it.
    #[must_use]
    pub(crate) fn within(mut self, member: &str) -> Self {
        let escaped = member.replace('~', "~0").replace('/', "~1");
        self.pointer = format!("/{escaped}{}", self.pointer);
        self
    }

    /// The start of a text, for repeating it in an error.
    #[must_use]
    pub fn seen(text: &str) -> String {
        if text.chars().nth(Self::SEEN_CHARS_MAX).is_none() {
            return text.to_owned();
        }
        text.chars().take(Self::SEEN_CHARS_MAX).chain(std::iter::once('…')).collect()
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.pointer.is_empty() {
            return formatter.write_str(&self.detail);
        }
        write!(formatter, "{}: {}", self.pointer, self.detail)
    }
}

impl std::error::Error for InputError {}

/// Why a body could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum BodyError {
    /// It is not JSON at all; the text says where it stops being so.
    Malformed(String),
    /// It is JSON, but not what the route takes.
    Invalid(InputError),
}

/// Reads a JSON body by these rules.
pub(crate) fn from_json<T: DeserializeOwned>(bytes: &[u8], rules: Rules) -> Result<T, BodyError> {
    let text = utf8(bytes).map_err(BodyError::Malformed)?;
    if text.trim().is_empty() {
        return Err(BodyError::Malformed("the body is empty; JSON is needed".to_owned()));
    }
    let node: Node = serde_json::from_str(text).map_err(|error| {
        let what = match error.classify() {
            // A tree takes any JSON, but not of any depth.
            Category::Data => format!("is nested more than {DEPTH_MAX} levels deep"),
            Category::Syntax | Category::Eof | Category::Io => "stops being JSON".to_owned(),
        };
        let (line, column) = (error.line(), error.column());
        BodyError::Malformed(format!("the body {what} at line {line}, column {column}"))
    })?;
    from_node(&node, rules).map_err(BodyError::Invalid)
}

/// The body as text, or what is wrong with it.
pub(crate) fn utf8(bytes: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(bytes)
        .map_err(|error| format!("the body is not UTF-8 after {} bytes", error.valid_up_to()))
}

/// Reads a tree by these rules.
pub(crate) fn from_node<T: DeserializeOwned>(node: &Node, rules: Rules) -> Result<T, InputError> {
    T::deserialize(Reader::new(node, rules))
}

#[cfg(test)]
mod tests;
