//! Pages of lists, and the opaque cursors that lead from one to the next.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{InputError, Problem, PublicUrl};

/// A page: `{"links":{"next":…},"data":[…]}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Page<T> {
    /// Where the next page is.
    pub links: Links,
    /// The items.
    pub data: Vec<T>,
}

/// The links of a page.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Links {
    /// The absolute address of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl Links {
    /// The parameter that carries the cursor.
    pub const TOKEN: &'static str = "token";

    /// The link to the page that starts at this cursor, or none after the last page.
    #[must_use]
    pub fn to_next<C: Serialize>(url: &PublicUrl, next: Option<&Cursor<C>>) -> Self {
        Self { next: next.map(|cursor| url.with_parameter(Self::TOKEN, &cursor.encode())) }
    }
}

impl<T> Page<T> {
    /// The page with these items, followed by the page that starts at this cursor, if any.
    #[must_use]
    pub fn new<C: Serialize>(data: Vec<T>, url: &PublicUrl, next: Option<&Cursor<C>>) -> Self {
        Self { links: Links::to_next(url, next), data }
    }
}

impl<T: Serialize> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        Json(self).into_response()
    }
}

/// A place in a list: the base64url form of a JSON value, opaque to clients. Read from a query as a
/// field `token: Option<Cursor<…>>`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String", bound(deserialize = "C: DeserializeOwned"))]
pub struct Cursor<C>(pub C);

/// Why a text is not a cursor of this list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a cursor of this list: follow `links.next` of an earlier page as it was")]
pub struct CursorError(String);

impl From<CursorError> for Problem {
    fn from(error: CursorError) -> Self {
        Self::invalid(vec![InputError::at("?token", error.to_string())])
    }
}

impl<C: Serialize> Cursor<C> {
    /// The cursor as text.
    #[must_use]
    pub fn encode(&self) -> String {
        // Keys of lists are ids and numbers, which always become JSON.
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&self.0).unwrap_or_default())
    }
}

/// The most bytes of a cursor.
const CURSOR_BYTES_MAX: usize = 1024;

impl<C: DeserializeOwned> Cursor<C> {
    /// Reads a cursor, with or without padding.
    ///
    /// # Errors
    /// When the text is none, or one of another list.
    pub fn decode(text: &str) -> Result<Self, CursorError> {
        let read = || {
            let bare = text.trim_end_matches('=');
            let bytes = (bare.len() <= CURSOR_BYTES_MAX).then(|| URL_SAFE_NO_PAD.decode(bare))?;
            serde_json::from_slice(&bytes.ok()?).ok()
        };
        read().map(Self).ok_or_else(|| CursorError(InputError::seen(text)))
    }
}

impl<C: DeserializeOwned> TryFrom<String> for Cursor<C> {
    type Error = CursorError;

    fn try_from(text: String) -> Result<Self, CursorError> {
        Self::decode(&text)
    }
}

#[cfg(test)]
mod tests;
