//! The parameters of the generator of test tokens.

use axum::{extract::FromRequestParts, http::request::Parts};
use fullmakt_http::{AltinnError, CompatQuery, InputError, Problem, ProblemType};
use serde::{Deserialize, de::DeserializeOwned};
use uuid::Uuid;

/// A query as the generator of the contract reads it: names in any case, and those that mean
/// nothing here (such as `env`) ignored. What is wrong is said of each parameter by its name.
pub(crate) struct GeneratorQuery<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for GeneratorQuery<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match CompatQuery::from_request_parts(parts, state).await {
            Ok(CompatQuery(query)) => Ok(Self(query)),
            Err(error) => Err(problem(error)),
        }
    }
}

/// For an organisation's token.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EnterpriseQuery {
    /// The organisation number.
    pub(crate) org_no: String,
    /// The short code of a service owner.
    pub(crate) org: Option<String>,
    /// The scopes, separated by spaces or commas.
    pub(crate) scopes: Option<String>,
    /// For how many seconds the token is valid.
    pub(crate) ttl: Option<u64>,
}

/// For a person's token: one of the first three.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PersonalQuery {
    /// The national identity number.
    pub(crate) pid: Option<String>,
    /// The party.
    pub(crate) party_uuid: Option<Uuid>,
    /// The integer party id.
    pub(crate) party_id: Option<u32>,
    /// The scopes, separated by spaces or commas; `altinn:portal/enduser` if left out.
    pub(crate) scopes: Option<String>,
    /// How surely the person is authenticated, 0 to 4.
    pub(crate) auth_lvl: Option<u8>,
    /// For how many seconds the token is valid.
    pub(crate) ttl: Option<u64>,
}

/// For a component's token.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PlatformAccessQuery {
    /// The component's name.
    pub(crate) app: String,
    /// For how many seconds the token is valid.
    pub(crate) ttl: Option<u64>,
}

/// The problem of a query that cannot be read.
fn problem(error: AltinnError) -> Problem {
    match error {
        AltinnError::ModelState(state) => {
            let wrong = state.errors.into_iter().flat_map(|(field, details)| {
                details.into_iter().map(move |detail| InputError::at(format!("?{field}"), detail))
            });
            Problem::invalid(wrong.collect())
        }
        AltinnError::Ours(problem) => problem,
        AltinnError::Problem(_)
        | AltinnError::Validation(_)
        | AltinnError::PlainProblem(_)
        | AltinnError::PlainText(..) => Problem::bare(ProblemType::MalformedRequest),
    }
}

/// Scopes as a token has them, separated by spaces.
pub(crate) fn scopes(text: &str) -> String {
    let scopes = text.split([' ', ',']).filter(|scope| !scope.is_empty());
    scopes.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_separated_by_spaces_or_commas() {
        assert_eq!(scopes("a:b, c:d e:f,"), "a:b c:d e:f");
        assert_eq!(scopes(""), "");
    }
}
