//! Why a token is not accepted, in words that its holder can act on.

use fullmakt_http::{AltinnError, Problem, ProblemType};

use crate::KeyError;

/// The most bytes of a token. Servers limit all headers together to about this much anyway.
pub const TOKEN_BYTES_MAX: usize = 16 * 1024;

/// Why a token is not accepted.
#[derive(Debug, Clone, thiserror::Error)]
pub enum TokenError {
    /// There is none.
    #[error("send an access token as `Authorization: Bearer …`")]
    Missing,
    /// The header is there, but is not `Bearer` and a token, or is there twice.
    #[error("the `Authorization` header is not one `Bearer` and one token")]
    NotBearer,
    /// It is larger than the limit.
    #[error("the token has more than {TOKEN_BYTES_MAX} bytes")]
    TooLarge,
    /// It is not a JWT.
    #[error("the token is not a signed JWT")]
    Malformed,
    /// It is signed in a way that its issuer may not use.
    #[error("the token is signed with an algorithm that is not accepted from its issuer")]
    Algorithm,
    /// Its header has extensions that must be understood (RFC 7515 §4.1.11).
    #[error("the token's header has critical extensions, which are not understood here")]
    CriticalExtension,
    /// Its issuer is not trusted, or not for this use.
    #[error("the token's issuer `{0}` is not trusted for this")]
    Issuer(String),
    /// It does not name a key.
    #[error("the token does not name its key (`kid`)")]
    NoKeyId,
    /// It names a key that its issuer does not have.
    #[error("the token names the key `{0}`, which its issuer does not have")]
    UnknownKey(String),
    /// The signature does not hold.
    #[error("the token's signature does not hold")]
    Signature,
    /// It is no longer valid.
    #[error("the token has expired; get a new one")]
    Expired,
    /// It is not valid yet, or was issued in the future.
    #[error("the token is not valid yet; check the clock of its issuer")]
    NotYetValid,
    /// It is meant for others.
    #[error("the token is not meant for this service (`aud`)")]
    Audience,
    /// It says who has logged in, and not yet who that is here.
    #[error(
        "the token is one of ID-porten; exchange it at \
         `/authentication/api/v1/exchange/id-porten`, and use what that gives"
    )]
    NotExchanged,
    /// A claim is missing or cannot be read.
    #[error("the token's `{claim}` {wrong}")]
    Claim {
        /// The claim.
        claim: &'static str,
        /// What is wrong with it.
        wrong: &'static str,
    },
    /// The issuer's keys cannot be had, so nothing can be said about the token.
    #[error("the keys of the token's issuer cannot be read now")]
    Keys(#[source] KeyError),
}

impl From<TokenError> for Problem {
    fn from(error: TokenError) -> Self {
        let detail = error.to_string();
        match &error {
            TokenError::Keys(_) => Self::opaque(ProblemType::Unavailable, &error),
            // RFC 6750 §3.1: a request without credentials gets no error code.
            TokenError::Missing => {
                Self::of(ProblemType::Unauthenticated, detail).challenge("Bearer")
            }
            TokenError::NotBearer => Self::of(ProblemType::Unauthenticated, detail)
                .challenge("Bearer error=\"invalid_request\""),
            TokenError::TooLarge
            | TokenError::Malformed
            | TokenError::Algorithm
            | TokenError::CriticalExtension
            | TokenError::Issuer(_)
            | TokenError::NoKeyId
            | TokenError::UnknownKey(_)
            | TokenError::Signature
            | TokenError::Expired
            | TokenError::NotYetValid
            | TokenError::Audience
            | TokenError::NotExchanged
            | TokenError::Claim { .. } => {
                let challenge = format!(
                    "Bearer error=\"invalid_token\", error_description=\"{}\"",
                    quotable(&detail)
                );
                Self::of(ProblemType::Unauthenticated, detail).challenge(challenge)
            }
        }
    }
}

impl From<TokenError> for AltinnError {
    fn from(error: TokenError) -> Self {
        Problem::from(error).into()
    }
}

/// The text with what may stand in an `error_description` (RFC 6750 §3).
fn quotable(text: &str) -> String {
    text.chars().filter(|c| matches!(c, ' '..='~') && *c != '"' && *c != '\\').collect()
}

/// The start of a text from a token that is not verified, for repeating it in an error.
pub(crate) fn seen(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(80).collect()
}
