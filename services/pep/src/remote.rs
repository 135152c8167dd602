//! A decision point elsewhere, asked over HTTP: `authorize` of the wire contract.

mod document;

use std::time::Duration;

use async_trait::async_trait;
use fullmakt_http::{ConsistencyToken, FULLMAKT_MIN_POSITION, FULLMAKT_POSITION};
use reqwest::{Client, Response, StatusCode, header::HeaderMap};
use tokio::sync::watch;
use url::Url;

use crate::{
    AccessAnswer, AccessQuestion, DecisionPoint, DecisionPointError, FULLMAKT_DECISION,
    issuer::is_protected,
};

const AUTHORIZE: &str = "authorization/api/v1/authorize";
/// How long a decision may take in all. A decision point waits up to two seconds for a position
/// that is insisted on.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(5);
/// The most bytes of an answer; real ones have about a thousand.
const ANSWER_BYTES_MAX: usize = 64 * 1024;

/// A decision point elsewhere, for other organisations' services.
#[derive(Debug, Clone)]
pub struct RemotePoint {
    http: Client,
    authorize: Url,
    token: watch::Receiver<String>,
}

/// Why there is no decision point elsewhere.
#[derive(Debug, thiserror::Error)]
pub enum RemotePointError {
    /// The address cannot have the path of the wire contract.
    #[error("`{0}` is not the address of a decision point")]
    Address(Url),
    /// Everybody on the way could read the token.
    #[error("the decision point at `{0}` needs https: it is beyond this machine")]
    Insecure(Url),
    /// The HTTP client cannot be made.
    #[error("the HTTP client cannot be made")]
    Client(#[source] reqwest::Error),
}

/// Why an answer is none. Whoever asked denies.
#[derive(Debug, thiserror::Error)]
enum AnswerError {
    #[error("the decision point answers with status {0}")]
    Status(StatusCode),
    #[error("the answer has more than {ANSWER_BYTES_MAX} bytes")]
    TooLarge,
    #[error("the answer cannot be read")]
    Malformed(#[source] serde_json::Error),
    #[error("the answer has {0} results, where one decision was asked for")]
    Results(usize),
    #[error("the answer has no `{0}` header that can be read")]
    Header(&'static str),
}

impl RemotePoint {
    /// The decision point of the installation at this address. Each question shows the newest
    /// `token`, which needs the scope `altinn:authorization/authorize`.
    ///
    /// # Errors
    /// When it cannot be asked there.
    pub fn new(address: &Url, token: watch::Receiver<String>) -> Result<Self, RemotePointError> {
        if !is_protected(address) {
            return Err(RemotePointError::Insecure(address.clone()));
        }
        let mut base = address.clone();
        if !base.path().ends_with('/') {
            base.set_path(&format!("{}/", address.path()));
        }
        let authorize =
            base.join(AUTHORIZE).map_err(|_| RemotePointError::Address(address.clone()))?;
        // A redirect could lead the token, and the question, to where the configuration does not.
        let http = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(ANSWER_TIMEOUT)
            .build()
            .map_err(RemotePointError::Client)?;
        Ok(Self { http, authorize, token })
    }

    async fn ask(&self, question: &AccessQuestion) -> Result<Response, reqwest::Error> {
        let token = self.token.borrow().clone();
        let mut request = self
            .http
            .post(self.authorize.clone())
            .bearer_auth(token)
            .header("x-request-id", question.ask_id.to_string())
            .json(&document::request(question));
        if let Some(position) = question.min_position {
            request = request.header(FULLMAKT_MIN_POSITION, position.to_string());
        }
        request.send().await.map_err(reqwest::Error::without_url)
    }
}

#[async_trait]
impl DecisionPoint for RemotePoint {
    async fn decide(&self, question: AccessQuestion) -> Result<AccessAnswer, DecisionPointError> {
        let response = self.ask(&question).await.map_err(unavailable)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = body(response).await?;
        if status != StatusCode::OK {
            return Err(document::no_decision(&body)
                .unwrap_or_else(|| unavailable(AnswerError::Status(status))));
        }
        let result = document::result(&body).map_err(unavailable)?;
        let position: ConsistencyToken =
            header(&headers, FULLMAKT_POSITION.as_str(), "Fullmakt-Position")?;
        let decision_id: uuid::Uuid =
            header(&headers, FULLMAKT_DECISION.as_str(), "Fullmakt-Decision")?;
        Ok(AccessAnswer {
            decision: result.decision,
            decision_id: decision_id.into(),
            position: position.position,
            streams: Vec::new(),
            obligations: result.obligations,
            reason: String::new(),
        })
    }
}

async fn body(mut response: Response) -> Result<Vec<u8>, DecisionPointError> {
    let mut bytes = Vec::new();
    let gone = |error: reqwest::Error| unavailable(error.without_url());
    while let Some(chunk) = response.chunk().await.map_err(gone)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > ANSWER_BYTES_MAX {
            return Err(unavailable(AnswerError::TooLarge));
        }
    }
    Ok(bytes)
}

fn header<T: std::str::FromStr>(
    headers: &HeaderMap,
    name: &str,
    shown: &'static str,
) -> Result<T, DecisionPointError> {
    let value = headers.get(name).and_then(|value| value.to_str().ok()?.parse().ok());
    value.ok_or_else(|| unavailable(AnswerError::Header(shown)))
}

fn unavailable(error: impl std::error::Error + Send + Sync + 'static) -> DecisionPointError {
    DecisionPointError::Unavailable(Box::new(error))
}

#[cfg(test)]
mod tests;
