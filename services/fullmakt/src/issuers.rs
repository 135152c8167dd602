//! Our own token issuers, and those that the configuration trusts besides.

use std::{collections::BTreeSet, str::FromStr, sync::Arc};

use fullmakt_config::{Configuration, IssuerSettings, TokenProfile};
use fullmakt_pep::{Clock, IssuerProfile, KeySource, SignatureAlgorithm, TrustedIssuer};
use fullmakt_tokens::{SigningKeys, TokenState};
use url::Url;

use crate::{
    StartError,
    process::{self, Process},
};

pub(crate) fn token_state(
    configuration: &Configuration,
    process: &Process,
    base: &Url,
    clock: Clock,
) -> Result<TokenState, StartError> {
    let tokens = &configuration.tokens;
    let keys = SigningKeys::open(&tokens.key_dir, Arc::clone(&clock))?;
    let pool = process::database(configuration)?.pool()?;
    let state = TokenState::new(
        process.store.clone(),
        (process.vault.clone(), pool),
        keys,
        tokens.issuer.as_ref().unwrap_or(base),
        (clock, tokens.access_token_seconds),
    );
    Ok(state.with_partner_scopes(&tokens.partner_scopes))
}

/// All issuers that are trusted.
pub(crate) fn trusted(
    configuration: &Configuration,
    tokens: &TokenState,
) -> Result<Vec<TrustedIssuer>, StartError> {
    let mut trusted = tokens.trusted_issuers();
    for settings in &configuration.tokens.trusted_issuers {
        trusted.push(issuer(settings)?);
    }
    Ok(trusted)
}

pub(crate) fn issuer(settings: &IssuerSettings) -> Result<TrustedIssuer, StartError> {
    let keys = match (&settings.keys_url, &settings.keys_file) {
        (Some(url), None) => KeySource::Url(url.clone()),
        (None, Some(file)) => KeySource::File(file.clone()),
        (Some(_), Some(_)) | (None, None) => {
            return Err(StartError::IssuerKeys(settings.issuer.clone()));
        }
    };
    let algorithms: Result<BTreeSet<_>, _> =
        settings.algorithms.iter().map(|name| SignatureAlgorithm::from_str(name)).collect();
    Ok(TrustedIssuer {
        issuer: settings.issuer.clone(),
        profile: match settings.profile {
            TokenProfile::Maskinporten => IssuerProfile::Maskinporten,
            TokenProfile::IdPorten => IssuerProfile::IdPorten,
            TokenProfile::Platform => IssuerProfile::Platform,
            TokenProfile::PlatformAccess => IssuerProfile::PlatformAccess,
        },
        audiences: settings.audiences.clone(),
        keys,
        algorithms: algorithms?,
    })
}
