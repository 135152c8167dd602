//! Scopes that somebody owns.

use fullmakt_events::{
    StreamName,
    event::{
        TokenScopeDelegated, TokenScopeDelegationRevoked, TokenScopeEvent, TokenScopeGrantRevoked,
        TokenScopeGranted, TokenScopeRegistered,
    },
};

use super::{Fact, org};

/// A scope, its owner, those it is granted to, and those who delegated it to suppliers.
pub(crate) fn token_scope(
    scope: &str,
    owner: &str,
    granted: &[&str],
    delegated: &[(&str, &str)],
) -> Vec<Fact> {
    let name = || scope.to_owned();
    let registered = TokenScopeRegistered { scope: name(), owner: org(owner) };
    let mut events = vec![TokenScopeEvent::Registered(registered)];
    events.extend(granted.iter().map(|holder| {
        TokenScopeEvent::Granted(TokenScopeGranted { scope: name(), org: org(holder) })
    }));
    events.extend(delegated.iter().map(|(consumer, supplier)| {
        let (consumer, supplier) = (org(consumer), org(supplier));
        TokenScopeEvent::Delegated(TokenScopeDelegated { scope: name(), consumer, supplier })
    }));
    let on = |event: TokenScopeEvent| (StreamName::token_scope(scope), event.into());
    events.into_iter().map(on).collect()
}

/// An organisation may have a scope no more.
pub(crate) fn scope_grant_revoked(scope: &str, holder: &str) -> Fact {
    let revoked = TokenScopeGrantRevoked { scope: scope.to_owned(), org: org(holder) };
    (StreamName::token_scope(scope), TokenScopeEvent::GrantRevoked(revoked).into())
}

/// A supplier may have a scope for a consumer no more.
pub(crate) fn scope_delegation_revoked(scope: &str, consumer: &str, supplier: &str) -> Fact {
    let stream = StreamName::token_scope(scope);
    let (scope, consumer, supplier) = (scope.to_owned(), org(consumer), org(supplier));
    let revoked = TokenScopeDelegationRevoked { scope, consumer, supplier };
    (stream, TokenScopeEvent::DelegationRevoked(revoked).into())
}
