//! The policy enforcement point: who calls, and whether the decision point lets them.
//!
//! [`Authenticated`] and [`PlatformOrBearer`] are the extractors by which a handler learns who
//! calls; [`enforce`] asks the decision point and denies on anything but a Permit whose obligations
//! are fulfilled.

mod access;
mod caller;
mod claims;
mod clock;
mod delegation;
mod enforce;
mod extract;
mod issuer;
mod keys;
mod token;
mod verified;
mod verifier;

pub use access::{
    AccessAnswer, AccessQuestion, Decision, DecisionPoint, DecisionPointError, PartyRef,
    RepresentationAnswer, Subject,
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
pub use token::{TOKEN_BYTES_MAX, TokenError};
pub use verified::VerifiedToken;
pub use verifier::{SKEW_SECONDS, TokenVerifier};

#[cfg(test)]
mod testing;
