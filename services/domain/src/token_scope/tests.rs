use proptest::{collection::vec, prelude::*};

use super::*;
use crate::scenario::{assert_laws, scenario};

const SCOPE: &str = "demo:vat.write";

fn org(number: &str) -> OrgNumber {
    number.parse().unwrap()
}

fn owner() -> OrgNumber {
    org("991825827")
}

fn consumer() -> OrgNumber {
    org("319900101")
}

fn supplier() -> OrgNumber {
    org("319900128")
}

fn by(authority: Authority, change: TokenScopeChange) -> TokenScopeCommand {
    TokenScopeCommand { authority, scope: SCOPE.to_owned(), change }
}

fn by_org(org: OrgNumber, change: TokenScopeChange) -> TokenScopeCommand {
    by(Authority::Organization(org), change)
}

fn register() -> TokenScopeChange {
    TokenScopeChange::Register { owner: owner() }
}

fn grant() -> TokenScopeChange {
    TokenScopeChange::Grant { org: consumer() }
}

fn revoke() -> TokenScopeChange {
    TokenScopeChange::RevokeGrant { org: consumer() }
}

fn delegate() -> TokenScopeChange {
    TokenScopeChange::Delegate { consumer: consumer(), supplier: supplier() }
}

fn end_delegation() -> TokenScopeChange {
    TokenScopeChange::RevokeDelegation { consumer: consumer(), supplier: supplier() }
}

fn registered() -> TokenScopeEvent {
    TokenScopeEvent::Registered(TokenScopeRegistered { scope: SCOPE.to_owned(), owner: owner() })
}

fn granted() -> TokenScopeEvent {
    TokenScopeEvent::Granted(TokenScopeGranted { scope: SCOPE.to_owned(), org: consumer() })
}

fn revoked() -> TokenScopeEvent {
    let (scope, org) = (SCOPE.to_owned(), consumer());
    TokenScopeEvent::GrantRevoked(TokenScopeGrantRevoked { scope, org })
}

fn delegated() -> TokenScopeEvent {
    let (scope, consumer, supplier) = (SCOPE.to_owned(), consumer(), supplier());
    TokenScopeEvent::Delegated(TokenScopeDelegated { scope, consumer, supplier })
}

fn delegation_revoked() -> TokenScopeEvent {
    let (scope, consumer, supplier) = (SCOPE.to_owned(), consumer(), supplier());
    TokenScopeEvent::DelegationRevoked(TokenScopeDelegationRevoked { scope, consumer, supplier })
}

#[test]
fn an_administrator_registers_a_scope_once() {
    let command = by(Authority::Administrator, register());
    scenario::<TokenScope>([]).when(&command).then([registered()]);
    scenario::<TokenScope>([registered()]).when(&command).then_nothing();
    let other = TokenScopeChange::Register { owner: consumer() };
    scenario::<TokenScope>([registered()])
        .when(&by(Authority::Administrator, other))
        .then_refused(TokenScopeError::Exists { scope: Seen::new(SCOPE), owner: owner() });
}

#[test]
fn an_organisation_registers_no_scope_not_even_its_own() {
    for history in [vec![], vec![registered()]] {
        let caller = Authority::Organization(owner());
        scenario::<TokenScope>(history)
            .when(&by(caller, register()))
            .then_refused(TokenScopeError::NotAdministrator { caller });
    }
}

#[test]
fn a_scope_has_a_form() {
    for scope in ["", "a b", "a\"b", "a\\b", "skatt-æ", "of-12838549045", &"a".repeat(256)] {
        let command = by(Authority::Administrator, register());
        scenario::<TokenScope>([])
            .when(&TokenScopeCommand { scope: scope.to_owned(), ..command })
            .then_refused(TokenScopeError::ScopeForm { scope: Seen::new(scope) });
    }
}

#[test]
fn the_owner_grants_and_revokes_and_nobody_else_does() {
    scenario::<TokenScope>([registered()]).when(&by_org(owner(), grant())).then([granted()]);
    let held = scenario::<TokenScope>([registered(), granted()]);
    held.when(&by_org(owner(), grant())).then_nothing();
    held.when(&by_org(owner(), revoke())).then([revoked()]);
    held.when(&by(Authority::Administrator, revoke())).then([revoked()]);
    scenario::<TokenScope>([registered()]).when(&by_org(owner(), revoke())).then_nothing();
    for change in [grant(), revoke()] {
        for org in [consumer(), supplier()] {
            let (scope, caller) = (Seen::new(SCOPE), Authority::Organization(org));
            held.when(&by_org(org, change))
                .then_refused(TokenScopeError::NotOwner { scope, caller });
        }
    }
}

#[test]
fn who_may_have_a_scope_delegates_it_and_nobody_does_it_for_another() {
    let held = scenario::<TokenScope>([registered(), granted()]);
    held.when(&by_org(consumer(), delegate())).then([delegated()]);
    held.when(&by(Authority::Administrator, delegate())).then([delegated()]);
    for org in [owner(), supplier()] {
        let (consumer, caller) = (consumer(), Authority::Organization(org));
        held.when(&by_org(org, delegate()))
            .then_refused(TokenScopeError::NotConsumer { consumer, caller });
    }
    let to_itself = TokenScopeChange::Delegate { consumer: consumer(), supplier: consumer() };
    held.when(&by_org(consumer(), to_itself))
        .then_refused(TokenScopeError::ToItself { consumer: consumer() });
    // The owner has its scope without a grant.
    let own = TokenScopeChange::Delegate { consumer: owner(), supplier: supplier() };
    assert_eq!(held.when(&by_org(owner(), own)).events().len(), 1);
}

#[test]
fn what_an_organisation_may_not_have_it_does_not_delegate() {
    let refusal = || TokenScopeError::NotGranted { scope: Seen::new(SCOPE), consumer: consumer() };
    scenario::<TokenScope>([registered()])
        .when(&by_org(consumer(), delegate()))
        .then_refused(refusal());
    scenario::<TokenScope>([registered(), granted(), revoked()])
        .when(&by_org(consumer(), delegate()))
        .then_refused(refusal());
}

#[test]
fn consumer_and_supplier_end_a_delegation_and_nobody_else_does() {
    let held = scenario::<TokenScope>([registered(), granted(), delegated()]);
    held.when(&by_org(consumer(), delegate())).then_nothing();
    for org in [consumer(), supplier()] {
        held.when(&by_org(org, end_delegation())).then([delegation_revoked()]);
    }
    let (consumer, caller) = (consumer(), Authority::Organization(owner()));
    held.when(&by_org(owner(), end_delegation()))
        .then_refused(TokenScopeError::NotConsumer { consumer, caller });
    scenario::<TokenScope>([registered()])
        .when(&by_org(supplier(), end_delegation()))
        .then_nothing();
}

#[test]
fn a_scope_that_nobody_owns_is_not_granted_or_delegated() {
    for change in [grant(), revoke(), delegate(), end_delegation()] {
        scenario::<TokenScope>([])
            .when(&by(Authority::Administrator, change))
            .then_refused(TokenScopeError::Unknown { scope: Seen::new(SCOPE) });
    }
}

#[test]
fn a_delegation_counts_while_its_grant_does() {
    let usable = |history: Vec<TokenScopeEvent>| {
        scenario::<TokenScope>(history).when_all(|scope| {
            let TokenScope::Registered(scope) = scope else { panic!("{scope:?}") };
            [owner(), consumer(), supplier()].map(|org| scope.is_usable_by(org))
        })
    };
    assert_eq!(usable(vec![registered()]), [true, false, false]);
    assert_eq!(usable(vec![registered(), granted()]), [true, true, false]);
    assert_eq!(usable(vec![registered(), granted(), delegated()]), [true, true, true]);
    let ended = vec![registered(), granted(), delegated(), revoked()];
    assert_eq!(usable(ended.clone()), [true, false, false]);
    assert_eq!(usable([ended, vec![granted()]].concat()), [true, true, true]);
}

/// Numbers of organisations, as many as are asked for.
fn consumers() -> impl Iterator<Item = OrgNumber> {
    (310_000_000_u32..).filter_map(|number| number.to_string().parse().ok())
}

#[test]
fn there_is_a_limit_to_grants_and_delegations() {
    let scope = |delegated: usize| RegisteredScope {
        owner: owner(),
        granted: [consumer()].into(),
        delegated: consumers().take(delegated).map(|org| (org, supplier())).collect(),
    };
    assert!(scope(HOLDERS_MAX - 2).grant(SCOPE, supplier()).is_ok());
    let refused = scope(HOLDERS_MAX - 1).grant(SCOPE, supplier());
    assert_eq!(refused, Err(TokenScopeError::TooMany { scope: Seen::new(SCOPE) }));
}

fn any_command() -> impl Strategy<Value = TokenScopeCommand> {
    let authorities = prop_oneof![
        3 => Just(Authority::Administrator),
        1 => Just(Authority::Organization(owner())),
        1 => Just(Authority::Organization(consumer())),
        1 => Just(Authority::Organization(supplier())),
    ];
    let changes = prop_oneof![
        Just(register()),
        Just(grant()),
        Just(revoke()),
        Just(delegate()),
        Just(end_delegation())
    ];
    (authorities, changes).prop_map(|(authority, change)| by(authority, change))
}

proptest! {
    #[test]
    fn a_scope_keeps_the_laws_and_its_owner(commands in vec(any_command(), 0..20)) {
        assert_laws::<TokenScope>(&commands, |before, _, after| {
            if let TokenScope::Registered(before) = before {
                let TokenScope::Registered(after) = after else { panic!("{after:?}") };
                assert_eq!(before.owner, after.owner);
            }
        });
    }
}
