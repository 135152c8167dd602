//! Positions on the wire: what an answer rests on, and what a reader insists on.

use std::{convert::Infallible, fmt, str::FromStr};

use axum::{
    extract::FromRequestParts,
    http::{HeaderName, HeaderValue, request::Parts},
    response::{IntoResponseParts, ResponseParts},
};
use fullmakt_events::{LedgerId, Position, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{InputError, Problem, ProblemType};

/// The header that says which position an answer was computed at.
pub const FULLMAKT_POSITION: HeaderName = HeaderName::from_static("fullmakt-position");
/// The header by which a reader insists on a position.
pub const FULLMAKT_MIN_POSITION: HeaderName = HeaderName::from_static("fullmakt-min-position");

/// A position of one ledger, written `<ledger uuid>:<position>`. Put into an answer's tuple, it
/// becomes the `Fullmakt-Position` header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ConsistencyToken {
    /// The ledger.
    pub ledger: LedgerId,
    /// The position in it.
    pub position: Position,
}

/// Why a text is not a consistency token.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a position: give the `Fullmakt-Position` of an earlier answer as it was")]
pub struct TokenError(String);

impl ConsistencyToken {
    /// The token of this position of this ledger.
    #[must_use]
    pub const fn new(ledger: LedgerId, position: Position) -> Self {
        Self { ledger, position }
    }

    /// The position, if it is one of this ledger that exists.
    ///
    /// `last` is the last position known to exist in `ledger`.
    ///
    /// # Errors
    /// When the token is of another ledger, or beyond the end.
    pub fn within(self, ledger: LedgerId, last: Position) -> Result<Position, FreshnessError> {
        if self.ledger != ledger {
            return Err(FreshnessError::AnotherLedger { asked: self.ledger, ledger });
        }
        if self.position > last {
            return Err(FreshnessError::BeyondEnd { asked: self.position, last });
        }
        Ok(self.position)
    }
}

impl FromStr for ConsistencyToken {
    type Err = TokenError;

    fn from_str(text: &str) -> Result<Self, TokenError> {
        let read = || {
            let (ledger, position) = text.split_once(':')?;
            let is_canonical = ledger.len() == 36 && position.bytes().all(|b| b.is_ascii_digit());
            let ledger: uuid::Uuid = ledger.parse().ok().filter(|_| is_canonical)?;
            Some(Self::new(ledger.into(), Position::new(position.parse().ok()?)))
        };
        read().ok_or_else(|| TokenError(InputError::seen(text)))
    }
}

impl TryFrom<String> for ConsistencyToken {
    type Error = TokenError;

    fn try_from(text: String) -> Result<Self, TokenError> {
        text.parse()
    }
}

impl From<ConsistencyToken> for String {
    fn from(token: ConsistencyToken) -> Self {
        token.to_string()
    }
}

impl fmt::Display for ConsistencyToken {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.ledger, self.position)
    }
}

impl IntoResponseParts for ConsistencyToken {
    type Error = Infallible;

    fn into_response_parts(self, mut parts: ResponseParts) -> Result<ResponseParts, Infallible> {
        if let Ok(value) = HeaderValue::try_from(self.to_string()) {
            parts.headers_mut().insert(FULLMAKT_POSITION, value);
        }
        Ok(parts)
    }
}

/// Why a reader does not get the position it insists on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FreshnessError {
    /// The token is of another ledger.
    #[error("the position is of ledger `{asked}`, but this is ledger `{ledger}`")]
    AnotherLedger {
        /// The token's ledger.
        asked: LedgerId,
        /// The ledger here.
        ledger: LedgerId,
    },
    /// The position does not exist yet.
    #[error("position `{asked}` does not exist; the last is `{last}`")]
    BeyondEnd {
        /// The position asked for.
        asked: Position,
        /// The last that exists.
        last: Position,
    },
    /// The position exists but was not reached here in time.
    #[error("position `{asked}` was not reached in time")]
    NotReached {
        /// The position asked for.
        asked: Position,
    },
}

impl From<FreshnessError> for Problem {
    fn from(error: FreshnessError) -> Self {
        let kind = match error {
            FreshnessError::AnotherLedger { .. } => ProblemType::AnotherLedger,
            FreshnessError::BeyondEnd { .. } => ProblemType::PositionBeyondEnd,
            FreshnessError::NotReached { .. } => {
                return Self::opaque(ProblemType::NotFresh, &error);
            }
        };
        Self::of(kind, error.to_string())
    }
}

/// What the reader insists on in `Fullmakt-Min-Position`; nothing if the header is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MinPosition(pub Option<ConsistencyToken>);

impl MinPosition {
    /// The position insisted on, if any, checked to be one of this ledger that exists.
    ///
    /// # Errors
    /// When the token is of another ledger, or beyond the end.
    pub fn within(
        self,
        ledger: LedgerId,
        last: Position,
    ) -> Result<Option<Position>, FreshnessError> {
        self.0.map(|token| token.within(ledger, last)).transpose()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for MinPosition {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let mut highest: Option<ConsistencyToken> = None;
        for value in parts.headers.get_all(FULLMAKT_MIN_POSITION) {
            let text = String::from_utf8_lossy(value.as_bytes());
            let refused = |detail: String| {
                Problem::invalid(vec![InputError::at("Fullmakt-Min-Position", detail)])
            };
            let token: ConsistencyToken =
                text.trim().parse().map_err(|error: TokenError| refused(error.to_string()))?;
            highest = match highest {
                Some(other) if other.ledger != token.ledger => {
                    return Err(refused("positions of two ledgers are given".to_owned()));
                }
                Some(other) if other.position > token.position => Some(other),
                Some(_) | None => Some(token),
            };
        }
        Ok(Self(highest))
    }
}

/// The moment of history that a question is about: a position, a consistency token, or a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum AsOf {
    /// A position of the ledger asked.
    Position(Position),
    /// A position that names its ledger.
    Token(ConsistencyToken),
    /// The last position whose ledger time is not after this.
    Time(Timestamp),
}

/// Why a text is not a moment of history.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a moment: give a position, or a time such as `2026-11-21T21:13:00Z`")]
pub struct AsOfError(String);

impl FromStr for AsOf {
    type Err = AsOfError;

    fn from_str(text: &str) -> Result<Self, AsOfError> {
        if text.bytes().all(|byte| byte.is_ascii_digit())
            && let Ok(number) = text.parse()
        {
            return Ok(Self::Position(Position::new(number)));
        }
        if let Ok(token) = text.parse() {
            return Ok(Self::Token(token));
        }
        serde_json::from_value(text.into())
            .map(Self::Time)
            .map_err(|_: serde_json::Error| AsOfError(InputError::seen(text)))
    }
}

impl TryFrom<String> for AsOf {
    type Error = AsOfError;

    fn try_from(text: String) -> Result<Self, AsOfError> {
        text.parse()
    }
}

#[cfg(test)]
mod tests;
