//! Issuers whose tokens are trusted, and for what.

use std::{collections::BTreeSet, path::PathBuf, str::FromStr, sync::Arc};

use jsonwebtoken::Algorithm;
use url::{Host, Url};

use crate::KeyRing;

/// An issuer whose tokens are trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedIssuer {
    /// The `iss` of its tokens, compared exactly.
    pub issuer: String,
    /// What its tokens may say.
    pub profile: IssuerProfile,
    /// The audiences that are us. Where none is given, `aud` is not looked at: Maskinporten's
    /// tokens have none unless the client asks for one.
    pub audiences: Vec<String>,
    /// Where its keys come from.
    pub keys: KeySource,
    /// The algorithms it may sign with.
    pub algorithms: BTreeSet<SignatureAlgorithm>,
}

/// What an issuer's tokens may say. An issuer is believed no further than this.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IssuerProfile {
    /// Organisations and their system users; nothing about persons.
    Maskinporten,
    /// Persons who have logged in, by their national identity number; nothing about organisations.
    /// Its tokens are for the exchange only.
    IdPorten,
    /// Organisations, system users and persons: the platform's own exchanged tokens.
    Platform,
    /// Components of the platform, in the `PlatformAccessToken` header and nowhere else.
    PlatformAccess,
}

/// Where an issuer's public keys (a JWK set, RFC 7517) come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySource {
    /// The set itself.
    Inline(String),
    /// Keys of this process.
    InProcess(InProcessKeys),
    /// A file.
    File(PathBuf),
    /// An address: `https`, or `http` on this machine.
    Url(Url),
}

/// Keys of this process. Equal to the same keys only, whatever others are.
#[derive(Debug, Clone)]
pub struct InProcessKeys(pub Arc<dyn KeyRing>);

impl PartialEq for InProcessKeys {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl Eq for InProcessKeys {}

/// A signature algorithm (RFC 7518 §3.1, RFC 8037). Asymmetric ones only: whoever can check a
/// token must not be able to make one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SignatureAlgorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
    /// RSASSA-PSS with SHA-256.
    Ps256,
    /// RSASSA-PSS with SHA-384.
    Ps384,
    /// RSASSA-PSS with SHA-512.
    Ps512,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// Ed25519.
    EdDsa,
}

/// A name that is none of a [`SignatureAlgorithm`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not a signature algorithm: RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384 \
     and EdDSA are"
)]
pub struct UnknownAlgorithm(pub String);

impl SignatureAlgorithm {
    /// The name in a token's header.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Ps256 => "PS256",
            Self::Ps384 => "PS384",
            Self::Ps512 => "PS512",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::EdDsa => "EdDSA",
        }
    }

    pub(crate) const fn of(algorithm: Algorithm) -> Option<Self> {
        match algorithm {
            Algorithm::RS256 => Some(Self::Rs256),
            Algorithm::RS384 => Some(Self::Rs384),
            Algorithm::RS512 => Some(Self::Rs512),
            Algorithm::PS256 => Some(Self::Ps256),
            Algorithm::PS384 => Some(Self::Ps384),
            Algorithm::PS512 => Some(Self::Ps512),
            Algorithm::ES256 => Some(Self::Es256),
            Algorithm::ES384 => Some(Self::Es384),
            Algorithm::EdDSA => Some(Self::EdDsa),
            // Symmetric ones, and ones that this release does not know.
            Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512 | _ => None,
        }
    }
}

impl FromStr for SignatureAlgorithm {
    type Err = UnknownAlgorithm;

    fn from_str(text: &str) -> Result<Self, UnknownAlgorithm> {
        text.parse()
            .ok()
            .and_then(Self::of)
            .ok_or_else(|| UnknownAlgorithm(text.chars().take(40).collect()))
    }
}

/// Why an issuer cannot be trusted as configured.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IssuerError {
    /// An issuer without a name.
    #[error("a trusted issuer has an empty `issuer`")]
    Unnamed,
    /// Two entries for one issuer and one use.
    #[error("the issuer `{0}` is configured twice for the same use")]
    Twice(String),
    /// No algorithm.
    #[error("the issuer `{0}` has no algorithm")]
    NoAlgorithm(String),
    /// Keys would be fetched over a connection that anybody on the way can change.
    #[error("the keys of issuer `{issuer}` come from `{url}`: https is needed beyond this machine")]
    Insecure {
        /// The issuer.
        issuer: String,
        /// Its keys' address.
        url: Url,
    },
}

impl TrustedIssuer {
    pub(crate) fn validate(&self) -> Result<(), IssuerError> {
        if self.issuer.is_empty() {
            return Err(IssuerError::Unnamed);
        }
        if self.algorithms.is_empty() {
            return Err(IssuerError::NoAlgorithm(self.issuer.clone()));
        }
        match &self.keys {
            KeySource::Url(url) if !is_protected(url) => {
                Err(IssuerError::Insecure { issuer: self.issuer.clone(), url: url.clone() })
            }
            KeySource::Inline(_)
            | KeySource::InProcess(_)
            | KeySource::File(_)
            | KeySource::Url(_) => Ok(()),
        }
    }
}

/// Whether nobody on the way can change what is fetched, or read what is sent.
pub(crate) fn is_protected(url: &Url) -> bool {
    url.scheme() == "https" || is_loopback(url)
}

fn is_loopback(url: &Url) -> bool {
    url.scheme() == "http"
        && match url.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        }
}
