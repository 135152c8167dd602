//! The policy enforcement point: who calls, and whether the decision point lets them.
//!
//! [`Permit`] is the layer around a route that lets through only whom the decision point permits it.
//! Where a handler has to load something before it can ask, it calls [`enforce`] itself
//! (`decision.md`). Both deny on anything but a Permit whose obligations are fulfilled.
//! [`Authenticated`] and [`PlatformOrBearer`] are the extractors by which a handler learns who calls.
//! The decision point is in this process, or elsewhere: [`RemotePoint`].

mod access;
mod caller;
mod claims;
mod clock;
mod delegation;
mod enforce;
mod extract;
mod issuer;
mod keys;
mod layer;
mod obligation;
mod remote;
mod token;
mod verified;
mod verifier;

pub use access::{
    AccessAnswer, AccessQuestion, Decision, DecisionPoint, DecisionPointError, PartyRef,
    RepresentationAnswer, RepresentationPoint, Subject,
};
pub use caller::{Caller, PersonCaller, ScopeError, SystemUserCaller};
pub use claims::scopes;
pub use clock::{Clock, system_clock};
pub use delegation::{DelegationAnswer, DelegationPoint, DelegationQuestion, RightAnswer};
pub use enforce::{AccessRefusal, Allowed, enforce, judge};
pub use extract::{Authenticated, PLATFORM_ACCESS_TOKEN, PlatformOrBearer};
pub use issuer::{
    InProcessKeys, IssuerError, IssuerProfile, KeySource, SignatureAlgorithm, TrustedIssuer,
    UnknownAlgorithm,
};
pub use keys::{KeyError, KeyRing, PublicKey};
pub use layer::{Enforcement, FULLMAKT_DECISION, Guarded, PartyInPath, Permit, Permitted};
pub use obligation::Obligation;
pub use remote::{RemotePoint, RemotePointError};
pub use token::{TOKEN_BYTES_MAX, TokenError};
pub use verified::VerifiedToken;
pub use verifier::{SKEW_SECONDS, TokenVerifier};

#[cfg(test)]
mod testing;
