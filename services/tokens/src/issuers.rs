//! Our own issuers, and what their tokens are believed about.

use std::sync::Arc;

use fullmakt_pep::{InProcessKeys, IssuerProfile, KeySource, SignatureAlgorithm, TrustedIssuer};
use url::Url;

use crate::SigningKeys;

/// The names of our issuers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Issuers {
    /// Of the token endpoint: tokens of organisations and their system users.
    pub(crate) maskinporten: String,
    /// Of exchanged tokens and of persons' tokens.
    pub(crate) platform: String,
    /// Of tokens of the platform's components.
    pub(crate) platform_access: String,
    /// Where the routes are, without a slash at the end.
    pub(crate) base: String,
}

impl Issuers {
    /// The issuers of an installation at this address.
    pub(crate) fn at(address: &Url) -> Self {
        let base = address.as_str().trim_end_matches('/').to_owned();
        Self {
            maskinporten: format!("{base}/"),
            platform: format!("{base}/authentication/api/v1/openid/"),
            platform_access: "platform".to_owned(),
            base,
        }
    }

    /// Whether an assertion with this audience is meant for our token endpoint.
    pub(crate) fn is_audience(&self, audience: &str) -> bool {
        audience.trim_end_matches('/') == self.base || audience == format!("{}/token", self.base)
    }

    pub(crate) fn trusted(&self, keys: &Arc<SigningKeys>) -> Vec<TrustedIssuer> {
        let of = |issuer: &str, profile| TrustedIssuer {
            issuer: issuer.to_owned(),
            profile,
            audiences: Vec::new(),
            keys: KeySource::InProcess(InProcessKeys(Arc::clone(keys) as Arc<_>)),
            algorithms: [SignatureAlgorithm::Rs256].into(),
        };
        vec![
            of(&self.maskinporten, IssuerProfile::Maskinporten),
            of(&self.platform, IssuerProfile::Platform),
            of(&self.platform_access, IssuerProfile::PlatformAccess),
        ]
    }
}
