//! Extractors for the query and for parts of the path.

use std::str::FromStr;

use axum::{
    extract::{
        FromRequestParts, RawPathParams,
        path::ErrorKind,
        rejection::{PathRejection, RawPathParamsRejection},
    },
    http::request::Parts,
};
use serde::de::DeserializeOwned;
use url::form_urlencoded;

use crate::{
    AltinnError, InputError, ModelState, Problem, ProblemType,
    input::{Node, Rules, from_node},
};

/// The query of one of our own routes: unknown parameters, and single ones given twice, are
/// refused. A parameter that is a list may be given several times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Query<T>(pub T);

/// The query of a route of the Altinn contract: names in any case, unknown ones ignored, of single
/// ones given twice the first counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompatQuery<T>(pub T);

/// Parts of the path of one of our own routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Path<T>(pub T);

/// Parts of the path of a route of the Altinn contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompatPath<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        query(parts, Rules::QUERY).map(Self).map_err(|error| Problem::invalid(vec![error]))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for CompatQuery<T> {
    type Rejection = AltinnError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, AltinnError> {
        query(parts, Rules::COMPAT_QUERY).map(Self).map_err(|error| ModelState::from(error).into())
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for Path<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        path(parts, state).await.map(Self).map_err(|error| match error {
            PathError::Invalid(error) => Problem::invalid(vec![error]),
            PathError::Ours(problem) => problem,
        })
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for CompatPath<T> {
    type Rejection = AltinnError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, AltinnError> {
        path(parts, state).await.map(Self).map_err(|error| match error {
            PathError::Invalid(error) => ModelState::from(error).into(),
            PathError::Ours(problem) => problem.into(),
        })
    }
}

/// Reads the part of the path with this name, for layers, which do not know the other parts.
/// `needed` says in words what has to stand there.
///
/// # Errors
/// When something else stands there.
pub async fn path_part<T: FromStr>(
    parts: &mut Parts,
    name: &str,
    needed: &str,
) -> Result<T, InputError> {
    let pointer = || format!("{{{name}}}");
    let parameters = RawPathParams::from_request_parts(parts, &()).await;
    let parameters =
        parameters.map_err(|_: RawPathParamsRejection| InputError::at(pointer(), NOT_UTF8))?;
    let found = parameters.iter().find(|(own, _)| *own == name);
    let value = found.map(|(_, value)| value).unwrap_or_default();
    value.parse().map_err(|_| InputError::at(pointer(), stands_where(value, needed)))
}

/// Reads the query as an object; a name given several times becomes a list.
fn query<T: DeserializeOwned>(parts: &Parts, rules: Rules) -> Result<T, InputError> {
    let mut members: Vec<(String, Node)> = Vec::new();
    let text = parts.uri.query().unwrap_or_default();
    for (name, value) in form_urlencoded::parse(text.as_bytes()) {
        let value = Node::Text(value.into_owned());
        match members.iter_mut().find(|(earlier, _)| rules.is_same_name(earlier, &name)) {
            Some((_, Node::List(list))) => list.push(value),
            Some((_, earlier)) => {
                let first = std::mem::replace(earlier, Node::Null);
                *earlier = Node::List(vec![first, value]);
            }
            None => members.push((name.into_owned(), value)),
        }
        if members.len() > PARAMETERS_MAX {
            let detail = format!("more than {PARAMETERS_MAX} different parameters are not taken");
            return Err(InputError::at("?", detail));
        }
    }
    from_node(&Node::Object(members), rules).map_err(|error| InputError {
        pointer: error.pointer.replacen('/', "?", 1),
        detail: error.detail,
    })
}

/// The most different parameters of a query, so that finding the same one again stays cheap.
const PARAMETERS_MAX: usize = 100;

const NOT_UTF8: &str = "it is not UTF-8 when percent-decoded";

fn stands_where(value: &str, needed: &str) -> String {
    format!("`{}` stands where {needed} is needed", InputError::seen(value))
}

enum PathError {
    Invalid(InputError),
    Ours(Problem),
}

async fn path<S: Send + Sync, T: DeserializeOwned + Send>(
    parts: &mut Parts,
    state: &S,
) -> Result<T, PathError> {
    let rejection = match axum::extract::Path::from_request_parts(parts, state).await {
        Ok(axum::extract::Path(value)) => return Ok(value),
        Err(rejection) => rejection,
    };
    let PathRejection::FailedToDeserializePathParams(error) = rejection else {
        return Err(PathError::Ours(Problem::opaque(ProblemType::Internal, &rejection)));
    };
    let needs = |value: &str, needed: &str| stands_where(value, in_words(needed));
    let error = match error.kind() {
        ErrorKind::ParseErrorAtKey { key, value, expected_type } => {
            InputError::at(format!("{{{key}}}"), needs(value, expected_type))
        }
        ErrorKind::DeserializeError { key, message, .. } => {
            InputError::at(format!("{{{key}}}"), message)
        }
        ErrorKind::InvalidUtf8InPathParam { key } => InputError::at(format!("{{{key}}}"), NOT_UTF8),
        ErrorKind::ParseErrorAtIndex { index, value, expected_type } => {
            InputError::at(name_of(parts, state, *index).await, needs(value, expected_type))
        }
        ErrorKind::ParseError { value, expected_type } => {
            InputError::at(name_of(parts, state, 0).await, needs(value, expected_type))
        }
        ErrorKind::Message(message) => InputError::at("{path}", message),
        ErrorKind::WrongNumberOfParameters { .. } | ErrorKind::UnsupportedType { .. } | _ => {
            return Err(PathError::Ours(Problem::opaque(ProblemType::Internal, &error)));
        }
    };
    Err(PathError::Invalid(error))
}

/// The name of the part of the path at this index.
async fn name_of<S: Send + Sync>(parts: &mut Parts, state: &S, index: usize) -> String {
    let parameters: Result<_, RawPathParamsRejection> =
        RawPathParams::from_request_parts(parts, state).await;
    let name = parameters.ok().and_then(|all| {
        let (name, _) = all.iter().nth(index)?;
        Some(name.to_owned())
    });
    name.map_or_else(|| "{path}".to_owned(), |name| format!("{{{name}}}"))
}

/// What a Rust type is for people.
fn in_words(type_name: &str) -> &str {
    match type_name {
        "bool" => "`true` or `false`",
        "f32" | "f64" => "a number",
        "i8" | "i16" | "i32" | "i64" | "i128" => "a whole number",
        "u8" | "u16" | "u32" | "u64" | "u128" => "a whole number from 0",
        "char" => "one character",
        other => other,
    }
}

#[cfg(test)]
mod tests;
