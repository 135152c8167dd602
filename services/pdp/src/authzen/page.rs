//! Pages of searches, all from the position of the first.

use fullmakt_events::{LedgerId, Position, Timestamp};
use fullmakt_http::{ConsistencyToken, Cursor, InputError, Problem, ProblemType};
use fullmakt_projections::graph::Properties;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::model::{needs, object};

/// How many results a page has, where the request does not say.
const LIMIT: usize = 100;
/// How many it has at most.
const LIMIT_MAX: usize = 1_000;

/// Where a search goes on: opaque to callers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PageToken {
    /// The ledger.
    pub(super) ledger: LedgerId,
    /// The position of the first page.
    pub(super) position: Position,
    /// The time that the first page was asked at.
    pub(super) at: Timestamp,
    /// The hash of what was asked.
    pub(super) query: String,
    /// How many results a page has.
    pub(super) limit: usize,
    /// The last candidate that was looked at.
    pub(super) after: Option<String>,
}

/// Which page is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PageWanted {
    pub(super) token: Option<PageToken>,
    pub(super) limit: usize,
}

impl PageWanted {
    /// Reads the `page` of a request that asks this.
    pub(super) fn read(body: &Properties, query: &str) -> Result<Self, InputError> {
        let page = match body.get("page") {
            None | Some(Value::Null) => return Ok(Self { token: None, limit: LIMIT }),
            Some(page) => object(page, "/page")?,
        };
        let limit = match page.get("limit") {
            None | Some(Value::Null) => None,
            Some(value) => Some(limit(value)?),
        };
        let token = match page.get("token") {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) if text.is_empty() => None,
            Some(Value::String(text)) => Some(token(text)?),
            Some(other) => return Err(needs("/page/token", other, "a text")),
        };
        let Some(token) = token else { return Ok(Self { token, limit: limit.unwrap_or(LIMIT) }) };
        if token.query != query {
            let detail = "the token is of another search: send the same request with it";
            return Err(InputError::at("/page/token", detail));
        }
        if let Some(limit) = limit
            && limit != token.limit
        {
            let detail =
                format!("`{limit}` is not the `{}` that the search began with", token.limit);
            return Err(InputError::at("/page/limit", detail));
        }
        Ok(Self { limit: token.limit.min(LIMIT_MAX), token: Some(token) })
    }
}

impl PageToken {
    /// The position, if it is of this ledger.
    pub(super) fn position(&self, ledger: LedgerId) -> Result<Position, Problem> {
        let token = ConsistencyToken::new(self.ledger, self.position);
        Ok(token.within(ledger, Position::new(u64::MAX))?)
    }

    /// The token as callers get it.
    pub(super) fn encode(self) -> String {
        Cursor(self).encode()
    }
}

/// The position of a search is no longer at hand. It is not answered from another one instead.
pub(super) fn gone(position: Position) -> Problem {
    Problem::of(
        ProblemType::Gone,
        format!(
            "the search began at position `{position}`, which is no longer kept here; search again \
             without `page.token`"
        ),
    )
}

/// The hash of what a search asks, whatever the order in which it is written.
pub(super) fn hash(query: &Value) -> String {
    // Values that were read from JSON always have a canonical form.
    hex::encode(Sha256::digest(serde_json_canonicalizer::to_vec(query).unwrap_or_default()))
}

fn token(text: &str) -> Result<PageToken, InputError> {
    let cursor: Cursor<PageToken> = Cursor::decode(text).map_err(|_| {
        let detail = "is no token of a search: give the `next_token` of the page before as it was";
        InputError::at("/page/token", format!("`{}` {detail}", InputError::seen(text)))
    })?;
    Ok(cursor.0)
}

/// How many results are asked for, as far as a page can have them.
fn limit(value: &Value) -> Result<usize, InputError> {
    let number =
        value.as_u64().ok_or_else(|| needs("/page/limit", value, "a whole number from 0"))?;
    Ok(usize::try_from(number).unwrap_or(LIMIT_MAX).min(LIMIT_MAX))
}

#[cfg(test)]
mod tests;
