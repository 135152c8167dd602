//! A tax API: what a public organisation writes to have its own service guarded by Fullmakt.
//!
//! Companies, and the systems that they have given power to, read and file VAT returns here. Three
//! lines do the guarding. `MAY_READ` and `MAY_WRITE` say what a caller has to be permitted, each
//! around its route; and [`routes`] says once whom the service trusts and whom it asks. Without a
//! token the answer is 401, without a permission 403, and 503 where nobody can say: the handlers in
//! `returns` are reached by nobody else.

mod returns;

use std::sync::Arc;

use axum::{
    Extension, Router,
    routing::{get, post},
};
use fullmakt_pep::{
    Clock, Enforcement, IssuerError, IssuerProfile, KeySource, PartyInPath, Permit, RemotePoint,
    RemotePointError, SignatureAlgorithm, TokenVerifier, TrustedIssuer,
};
use tokio::sync::watch;
use url::Url;

/// The resource that the service has registered, with the policy that says who may do what.
const VAT_RETURN: &str = "demo-vat-return";
/// The company whose returns are asked for.
const COMPANY: PartyInPath = PartyInPath::Org("organisation");
/// What one who reads returns has to be permitted.
const MAY_READ: Permit = Permit::new("read", VAT_RETURN, COMPANY);
/// What one who files a return has to be permitted.
const MAY_WRITE: Permit = Permit::new("write", VAT_RETURN, COMPANY);

/// Whom the service trusts, and whom it asks.
#[derive(Clone)]
pub struct Settings {
    /// The issuer of the tokens that callers show, such as `https://maskinporten.no/`.
    pub issuer: String,
    /// Where its keys are.
    pub keys: Url,
    /// The audience that tokens have to be for; any, where it is not set.
    pub audience: Option<String>,
    /// Where Fullmakt is.
    pub fullmakt: Url,
    /// The service's own token, with the scope `altinn:authorization/authorize`. Whoever renews it
    /// sends the new one here.
    pub token: watch::Receiver<String>,
    /// The time.
    pub clock: Clock,
}

/// Why the service cannot be set up.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The issuer cannot be trusted as it is set.
    #[error("the token issuer cannot be trusted")]
    Issuer(#[from] IssuerError),
    /// Fullmakt cannot be asked there.
    #[error("the decision point cannot be asked")]
    DecisionPoint(#[from] RemotePointError),
}

/// The service.
///
/// # Errors
/// When it cannot be set up safely.
pub fn routes(settings: Settings) -> Result<Router, SetupError> {
    let issuer = TrustedIssuer {
        issuer: settings.issuer,
        profile: IssuerProfile::Maskinporten,
        audiences: settings.audience.into_iter().collect(),
        keys: KeySource::Url(settings.keys),
        algorithms: [SignatureAlgorithm::Rs256].into(),
    };
    let verifier = TokenVerifier::new(vec![issuer], settings.clock)?;
    let decisions = RemotePoint::new(&settings.fullmakt, settings.token)?;
    let enforcement = Enforcement::new(verifier, Arc::new(decisions));

    let file = post(returns::file).route_layer(MAY_WRITE);
    let returns = get(returns::list).route_layer(MAY_READ).merge(file);
    Ok(Router::new()
        .route("/vat-returns/{organisation}", returns)
        .layer(Extension(enforcement))
        .with_state(returns::Filed::default()))
}
