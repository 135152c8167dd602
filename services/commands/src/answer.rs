//! What commands answer, as far as it is more than what is remembered with their key.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use fullmakt_events::event::CommandAnswer;
use fullmakt_http::{AltinnError, Handling, Problem, ProblemType};
use serde_json::Value;

/// Says whether what is there already is what was asked for. The contract answers 200 either way.
const FULLMAKT_EXISTING: HeaderName = HeaderName::from_static("fullmakt-existing");

/// What a command answers. An answer that is given again is made of what is remembered of it.
pub(crate) trait Answer: Clone + Send + From<CommandAnswer> {
    /// What is remembered of it.
    fn into_remembered(self) -> CommandAnswer;
}

impl Answer for CommandAnswer {
    fn into_remembered(self) -> CommandAnswer {
        self
    }
}

/// The answer to a vendor that asks a customer for something.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub(crate) answer: CommandAnswer,
    /// How what is there already is to what was asked for.
    pub(crate) existing: Option<Existing>,
}

/// How what is there already is to what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Existing {
    Same,
    Different,
}

impl From<CommandAnswer> for Asked {
    fn from(answer: CommandAnswer) -> Self {
        Self { answer, existing: None }
    }
}

impl Answer for Asked {
    fn into_remembered(self) -> CommandAnswer {
        self.answer
    }
}

impl Asked {
    /// The headers of the answer.
    ///
    /// `Content-Location` is where the vendor itself can read what it asked for, below this path;
    /// `Location`, as the contract has it, is where the customer does.
    pub(crate) fn headers(&self, readable_below: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let id = self.answer.body.as_ref().and_then(|body| body.get("id")).and_then(Value::as_str);
        let is_there = self.answer.status == 201 || self.existing.is_some();
        if let Some(id) = id.filter(|_| is_there)
            && let Ok(path) = HeaderValue::try_from(format!("{readable_below}{id}"))
        {
            headers.insert(header::CONTENT_LOCATION, path);
        }
        if let Some(existing) = self.existing {
            let existing = match existing {
                Existing::Same => "same",
                Existing::Different => "different",
            };
            headers.insert(FULLMAKT_EXISTING, HeaderValue::from_static(existing));
        }
        headers
    }
}

impl Existing {
    /// How what is there already is to what was asked for, which differs in these fields.
    ///
    /// # Errors
    /// When they differ, and the caller wants that to be refused.
    pub(crate) fn of(
        what: &str,
        differences: &[&str],
        handling: Handling,
    ) -> Result<Self, AltinnError> {
        if differences.is_empty() {
            return Ok(Self::Same);
        }
        match handling {
            Handling::Lenient => Ok(Self::Different),
            Handling::Strict => {
                let fields: Vec<String> =
                    differences.iter().map(|field| format!("`{field}`")).collect();
                let detail = format!(
                    "{what} is there already and has other {}; ask for the same, or take it back \
                     first",
                    fields.join(", ")
                );
                Err(AltinnError::Ours(Problem::of(ProblemType::AlreadyExists, detail)))
            }
        }
    }
}
