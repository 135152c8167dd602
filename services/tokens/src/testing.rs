//! An installation for tests: a database into which a ledger is folded, keys, a clock, and requests.

mod facts;
mod keys;

use std::{
    future::ready,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, StatusCode},
};
use fullmakt_events::{Position, Timestamp};
use fullmakt_pep::{Clock, TokenVerifier, TrustedIssuer};
use fullmakt_readstore::{
    Projector, ProjectorError, ProjectorLimits, ReadStore,
    testing::{TestDatabase, TestLedger},
};
use fullmakt_vault::Vault;
use http_body_util::BodyExt;
use serde_json::{Map, Value};
use tempfile::TempDir;
use tower::ServiceExt;
use url::Url;

pub(crate) use facts::*;
pub(crate) use keys::ClientKey;

use crate::{SigningKeys, TokenState, routes, test_token_routes};

/// Where the installation is, without a slash at the end.
pub(crate) const BASE: &str = "https://tokens.example";
/// The time that the clock begins at, in seconds since 1970.
pub(crate) const NOW: i64 = 1_800_000_000;
/// For how long tokens are valid, in seconds.
pub(crate) const LIFETIME: i64 = 600;

/// An installation.
pub(crate) struct Setting {
    pub state: TokenState,
    pub vault: Vault,
    pub database: TestDatabase,
    ledger: TestLedger,
    projector: Projector,
    folded: usize,
    seconds: Arc<AtomicI64>,
    signing_keys: TempDir,
    _vault_keys: TempDir,
}

impl Setting {
    /// An installation whose ledger has these facts.
    pub(crate) async fn with(facts: &[Fact]) -> Self {
        let database = TestDatabase::create();
        let ledger = TestLedger::new();
        let end = ready(Ok::<_, ProjectorError>(ledger.position().next()));
        let limits = ProjectorLimits::default();
        let projector =
            Projector::open(database.database(), TestLedger::ID, end, limits).await.unwrap();
        let (signing_keys, vault_keys) =
            (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let pool = database.database().pool().unwrap();
        let vault = Vault::open(pool, vault_keys.path()).await.unwrap();
        let seconds = Arc::new(AtomicI64::new(NOW));
        let state = state(&database, &vault, &signing_keys, &seconds);
        let mut setting = Self {
            state,
            vault,
            database,
            ledger,
            projector,
            folded: 0,
            seconds,
            signing_keys,
            _vault_keys: vault_keys,
        };
        setting.commit(facts).await;
        setting
    }

    /// Makes facts happen, one commit each, and folds them.
    pub(crate) async fn commit(&mut self, facts: &[Fact]) -> Position {
        for fact in facts {
            self.ledger.commit(std::slice::from_ref(fact));
        }
        self.projector.apply(&self.ledger.records()[self.folded..]).await.unwrap();
        self.folded = self.ledger.records().len();
        self.ledger.position()
    }

    /// The same installation after its process was started again.
    pub(crate) fn restart(&mut self) {
        self.state = state(&self.database, &self.vault, &self.signing_keys, &self.seconds);
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.seconds.fetch_add(seconds, Ordering::SeqCst);
    }

    /// A verifier that trusts our own issuers and these.
    pub(crate) fn verifier(&self, others: Vec<TrustedIssuer>) -> TokenVerifier {
        let trusted = [self.state.trusted_issuers(), others].concat();
        TokenVerifier::new(trusted, clock(&self.seconds)).unwrap()
    }

    /// The claims of a token of ours that holds.
    pub(crate) async fn claims(&self, token: &str) -> Map<String, Value> {
        self.verifier(Vec::new()).verify_claims(token).await.unwrap().claims
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let routes = Router::from(routes()).merge(test_token_routes());
        let response = routes.with_state(self.state.clone()).oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        Answer { status: parts.status, headers: parts.headers, text }
    }

    pub(crate) async fn get(&self, uri: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = Request::get(uri);
        if !headers.iter().any(|(name, _)| *name == "host") {
            request = request.header("host", "127.0.0.1:8080");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// The token endpoint's answer to an assertion.
    pub(crate) async fn grant(&self, assertion: &str) -> Answer {
        self.grant_with(assertion, &[]).await
    }

    pub(crate) async fn grant_with(&self, assertion: &str, headers: &[(&str, &str)]) -> Answer {
        let form = format!(
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer&assertion={assertion}"
        );
        self.post_form(form, headers).await
    }

    pub(crate) async fn post_form(
        &self,
        form: impl Into<Body>,
        headers: &[(&str, &str)],
    ) -> Answer {
        let mut request = Request::post("/token");
        if headers.iter().all(|(name, _)| *name != "content-type") {
            request = request.header("content-type", "application/x-www-form-urlencoded");
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(form.into()).unwrap()).await
    }
}

/// An answer, read to its end.
#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The token of a grant that succeeded.
    pub(crate) fn token(&self) -> String {
        assert_eq!(self.status, StatusCode::OK, "{self:?}");
        self.json()["access_token"].as_str().unwrap().to_owned()
    }

    /// The code of a grant that was refused.
    pub(crate) fn code(&self) -> String {
        assert_eq!(self.status, StatusCode::BAD_REQUEST, "{self:?}");
        assert!(self.json().get("access_token").is_none(), "{self:?}");
        self.json()["error_code"].as_str().unwrap().to_owned()
    }
}

fn state(
    database: &TestDatabase,
    vault: &Vault,
    signing_keys: &TempDir,
    seconds: &Arc<AtomicI64>,
) -> TokenState {
    let store = ReadStore::open(database.database()).unwrap();
    let pool = database.database().pool().unwrap();
    let keys = SigningKeys::open(signing_keys.path(), clock(seconds)).unwrap();
    let issuer = Url::parse(BASE).unwrap();
    let lifetime = u64::try_from(LIFETIME).unwrap();
    TokenState::new(store, (vault.clone(), pool), keys, &issuer, (clock(seconds), lifetime))
}

fn clock(seconds: &Arc<AtomicI64>) -> Clock {
    let seconds = Arc::clone(seconds);
    Arc::new(move || Timestamp::from_millis(seconds.load(Ordering::SeqCst) * 1_000))
}
