//! What a request says of how it is to be answered, within its context: for callers whose library
//! for `AuthZEN` sends no headers.

use fullmakt_http::{ConsistencyToken, InputError};
use fullmakt_projections::graph::Properties;
use serde_json::Value;

use super::model::needs;
use crate::explain::Detail;

/// As the header `Fullmakt-Min-Position`.
const MIN_POSITION: &str = "fullmakt_min_position";
/// As the header `Fullmakt-Explain`.
const EXPLAIN: &str = "fullmakt_explain";

/// How a question is to be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Options {
    pub(super) min_position: Option<ConsistencyToken>,
    pub(super) detail: Option<Detail>,
}

impl Options {
    /// Takes what is meant for the decision service out of a context: no policy sees it.
    pub(super) fn take(context: &mut Properties) -> Result<Self, InputError> {
        let min_position = match text(context, MIN_POSITION)? {
            None => None,
            Some((text, pointer)) => {
                let token = text.parse::<ConsistencyToken>();
                Some(token.map_err(|error| InputError::at(pointer, error.to_string()))?)
            }
        };
        let detail = match text(context, EXPLAIN)? {
            None => None,
            Some((text, pointer)) => {
                let detail = Detail::parse(&text);
                Some(detail.ok_or_else(|| InputError::at(pointer, Detail::needed(&text)))?)
            }
        };
        Ok(Self { min_position, detail })
    }
}

fn text(context: &mut Properties, name: &str) -> Result<Option<(String, String)>, InputError> {
    let pointer = format!("/context/{name}");
    match context.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some((text, pointer))),
        Some(other) => Err(needs(pointer, &other, "a text")),
    }
}
