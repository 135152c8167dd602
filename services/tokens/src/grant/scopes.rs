//! Which scopes a client gets: those it was registered with, as far as their owners and the
//! organisations that delegate them let it have them now.

use fullmakt_events::OrgNumber;
use fullmakt_projections::{ScopeStanding, TokenClientRow, TokenScopeRow};
use fullmakt_readstore::Reader;

use super::assertion::Assertion;
use crate::{
    oauth_error::{GrantError, seen},
    refusal::Refusal,
};

/// For whom a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Parties {
    /// The organisation whose right to the scopes it is.
    pub(super) consumer: OrgNumber,
    /// The client's own organisation, where that acts for another.
    pub(super) supplier: Option<OrgNumber>,
}

impl Parties {
    pub(super) fn of(client: &TokenClientRow, assertion: &Assertion) -> Self {
        match assertion.consumer {
            Some(consumer) if consumer != client.owner => {
                Self { consumer, supplier: Some(client.owner) }
            }
            Some(_) | None => Self { consumer: client.owner, supplier: None },
        }
    }
}

/// The scopes that are asked for, if the client gets them all.
pub(super) async fn granted(
    reader: &Reader,
    client: &TokenClientRow,
    asked: &[String],
    parties: Parties,
) -> Result<String, GrantError> {
    if asked.is_empty() {
        return Err(Refusal::NoScope.into());
    }
    if let Some(scope) = asked.iter().find(|scope| !client.scopes.contains(scope)) {
        return Err(Refusal::Scope(seen(scope)).into());
    }
    let Parties { consumer, supplier } = parties;
    let rows = reader.token_scopes_of(asked, consumer, supplier, None).await?;
    let rows: Vec<TokenScopeRow> = rows.into_iter().map(|row| row.row).collect();
    for scope in asked {
        check(scope, &rows, parties)?;
    }
    Ok(asked.join(" "))
}

/// Whether a token for these parties may have a scope, by what is known of it.
fn check(scope: &str, rows: &[TokenScopeRow], parties: Parties) -> Result<(), Refusal> {
    let Parties { consumer, supplier } = parties;
    let of_scope = || rows.iter().filter(|row| row.scope == scope);
    let owner = of_scope().find(|row| row.standing == ScopeStanding::Owns).map(|row| row.holder);
    let Some(owner) = owner else {
        // Nobody guards it: the client has it as it was registered, but not for others.
        return match supplier {
            None => Ok(()),
            Some(_) => Err(Refusal::ScopeWithoutOwner(seen(scope))),
        };
    };
    let has = |standing, supplier| {
        let mut rows = of_scope();
        rows.any(|row| {
            row.standing == standing && row.holder == consumer && row.supplier == supplier
        })
    };
    let is_consumers = owner == consumer || has(ScopeStanding::Has, None);
    let scope = seen(scope);
    match supplier {
        None if is_consumers => Ok(()),
        None => Err(Refusal::ScopeNotGranted {
            scope,
            org: consumer.to_string(),
            owner: owner.to_string(),
        }),
        Some(_) if is_consumers && has(ScopeStanding::Delegates, supplier) => Ok(()),
        Some(supplier) => Err(Refusal::ScopeNotDelegated {
            scope,
            consumer: consumer.to_string(),
            supplier: supplier.to_string(),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWNER: &str = "310090018";
    const CONSUMER: &str = "310010022";
    const SUPPLIER: &str = "310010014";

    fn org(text: &str) -> OrgNumber {
        text.parse().unwrap()
    }

    fn row(standing: ScopeStanding, holder: &str, supplier: Option<&str>) -> TokenScopeRow {
        let (scope, supplier) = ("a:b".to_owned(), supplier.map(org));
        TokenScopeRow { scope, standing, holder: org(holder), supplier }
    }

    fn is_given(rows: &[TokenScopeRow], consumer: &str, supplier: Option<&str>) -> bool {
        let parties = Parties { consumer: org(consumer), supplier: supplier.map(org) };
        check("a:b", rows, parties).is_ok()
    }

    #[test]
    fn a_scope_needs_every_link_of_its_chain() {
        let owns = row(ScopeStanding::Owns, OWNER, None);
        let has = row(ScopeStanding::Has, CONSUMER, None);
        let delegates = row(ScopeStanding::Delegates, CONSUMER, Some(SUPPLIER));
        for (rows, own, delegated) in [
            (vec![], true, false),
            (vec![owns.clone()], false, false),
            (vec![owns.clone(), has.clone()], true, false),
            (vec![owns.clone(), delegates.clone()], false, false),
            (vec![owns.clone(), has.clone(), delegates.clone()], true, true),
            // Without an owner nothing that is left over counts for others.
            (vec![has.clone(), delegates.clone()], true, false),
        ] {
            assert_eq!(is_given(&rows, CONSUMER, None), own, "{rows:?}");
            assert_eq!(is_given(&rows, CONSUMER, Some(SUPPLIER)), delegated, "{rows:?}");
        }
        let all = [owns, has, delegates];
        assert!(is_given(&all, OWNER, None), "the owner has it without a grant");
        assert!(!is_given(&all, OWNER, Some(SUPPLIER)), "the owner delegated nothing");
        assert!(!is_given(&all, CONSUMER, Some("310010030")), "another supplier");
        assert!(!is_given(&all, SUPPLIER, None), "a supplier has it for others only");
    }

    #[test]
    fn what_is_known_of_one_scope_says_nothing_of_another() {
        let mut has = row(ScopeStanding::Has, CONSUMER, None);
        has.scope = "a:c".to_owned();
        let rows = [row(ScopeStanding::Owns, OWNER, None), has];
        assert!(!is_given(&rows, CONSUMER, None));
    }
}
