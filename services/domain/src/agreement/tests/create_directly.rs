//! A customer makes a system user itself.

use super::*;
use crate::{AuthCode, Seen, scenario::scenario};

fn create_directly(change: impl FnOnce(&mut CreateSystemUser)) -> AgreementCommand {
    let mut command = direct_creation();
    change(&mut command);
    AgreementCommand::CreateSystemUser(Box::new(command))
}

fn made() -> SystemUserCreated {
    SystemUserCreated {
        id: id(1),
        kind: SystemUserKind::Standard,
        system: system_id(),
        vendor: vendor(),
        owner: customer(),
        owner_party: customer_party(),
        external_ref: customer().to_string(),
        integration_title: "Our shop".to_owned(),
        rights: vec![Right::to("tax-report", Some("read")), Right::to("vat-report", None)],
        delegated: vec![
            Right::to("tax-report", Some("read")),
            Right::to("vat-report", Some("read")),
            Right::to("vat-report", Some("submit")),
        ],
        access_packages: vec![tax()],
    }
}

#[track_caller]
fn refused(
    history: &[AgreementEvent],
    change: impl FnOnce(&mut CreateSystemUser),
    expected: AgreementError,
    code: AuthCode,
) {
    assert_eq!(expected.code(), Some(code));
    scenario::<Agreement>(history.to_vec()).when(&create_directly(change)).then_refused(expected);
}

fn with_system(change: impl FnOnce(&mut SystemDefinition)) -> System {
    let mut system = SystemDefinition { access_packages: vec![tax()], ..definition() };
    change(&mut system);
    active(system)
}

#[test]
fn a_system_user_has_all_that_its_system_has_and_its_owners_number_as_reference() {
    scenario::<Agreement>([])
        .when(&create_directly(|_| ()))
        .then([AgreementEvent::SystemUserCreated(made())]);
}

#[test]
fn a_creation_reads_all_that_it_depends_on() {
    assert_eq!(
        direct_creation().reads().into_iter().map(String::from).collect::<Vec<_>>(),
        [
            "agreement/991825827_smartcloud/319900128".to_owned(),
            "system/991825827_smartcloud".to_owned(),
            format!("party/{}", customer_party()),
            "catalogue/access-packages".to_owned(),
        ]
    );
}

#[test]
fn a_system_user_without_a_title_is_called_as_its_system() {
    for title in [None, Some(String::new()), Some("  ".to_owned())] {
        let named = SystemUserCreated { integration_title: "SmartCloud nb".to_owned(), ..made() };
        scenario::<Agreement>([])
            .when(&create_directly(|command| command.integration_title = title))
            .then([AgreementEvent::SystemUserCreated(named)]);
    }
}

#[test]
fn an_owner_has_one_system_user_of_a_system_under_its_own_number() {
    let there = AgreementEvent::SystemUserCreated(SystemUserCreated { id: id(2), ..made() });
    refused(
        &[there],
        |_| (),
        AgreementError::SystemUserExists { external_ref: Seen::new("319900128") },
        AuthCode::SystemUserExists,
    );
    // Another reference is another system user.
    scenario::<Agreement>([user(SystemUserKind::Standard)])
        .when(&create_directly(|command| command.id = id(2)))
        .then([AgreementEvent::SystemUserCreated(SystemUserCreated { id: id(2), ..made() })]);
}

#[test]
fn what_a_vendor_asked_for_under_the_same_reference_cannot_be_approved_beside_it() {
    let request = RequestCreated {
        id: id(2),
        external_ref: customer().to_string(),
        ..request(SystemUserKind::Standard)
    };
    let history =
        [AgreementEvent::RequestCreated(request), AgreementEvent::SystemUserCreated(made())];
    scenario::<Agreement>(history)
        .when(&approve(|command| command.id = id(2)))
        .then_refused(AgreementError::SystemUserExists { external_ref: Seen::new("319900128") });
}

#[test]
fn the_system_must_be_there_and_have_something() {
    let not_found = || AgreementError::SystemNotFound { system: system_id() };
    let unknown = |command: &mut CreateSystemUser| command.facts.system = System::default();
    refused(&[], unknown, not_found(), AuthCode::SystemNotFound);
    let deleted = |command: &mut CreateSystemUser| command.facts.system = gone(definition());
    refused(&[], deleted, not_found(), AuthCode::SystemNotFound);
    let empty = |command: &mut CreateSystemUser| {
        command.facts.system = with_system(|system| {
            system.rights.clear();
            system.access_packages.clear();
        });
    };
    refused(&[], empty, AgreementError::NothingRequested, AuthCode::NothingRequested);
}

#[test]
fn a_system_with_a_package_that_cannot_be_given_directly_is_not_for_owners_themselves() {
    let lonn = package("regnskapsforer-lonn");
    refused(
        &[],
        |command| command.facts.system = active(definition()),
        AgreementError::PackagesNotAssignable { packages: vec![Seen::new(lonn.as_str())] },
        AuthCode::PackageNotForStandard,
    );
}

#[test]
fn nobody_gives_what_it_may_not_give_on() {
    refused(
        &[],
        |command| command.facts.delegation.packages.clear(),
        AgreementError::PackagesNotDelegable { packages: vec![Seen::new(tax().as_str())] },
        AuthCode::PackageNotDelegable,
    );
    refused(
        &[],
        |command| {
            let refused = ResourceDelegation::Refused(DelegationRefusal::ResourceNotDelegable);
            command.facts.delegation.resources.insert("vat-report".to_owned(), refused);
        },
        AgreementError::RightNotDelegable {
            resource: Seen::new("vat-report"),
            action: None,
            reason: DelegationRefusal::ResourceNotDelegable,
        },
        AuthCode::ResourceNotDelegable,
    );
}

#[test]
fn a_deleted_party_makes_nothing() {
    refused(
        &[],
        |command| command.owner_party.is_deleted = true,
        AgreementError::CustomerNotFound { customer: customer() },
        AuthCode::CustomerNotFound,
    );
}

#[test]
fn a_title_keeps_the_rules_of_titles() {
    let named = |title: String| create_directly(|command| command.integration_title = Some(title));
    scenario::<Agreement>([])
        .when(&named("x".repeat(256)))
        .then_refused(AgreementError::TitleLength { chars: 256 });
    scenario::<Agreement>([])
        .when(&named(NUMBER.to_owned()))
        .then_refused(AgreementError::NationalNumber { field: "integrationTitle" });
}

#[test]
fn a_spent_id_is_not_given_again() {
    refused(
        &[created(), withdrawn()],
        |_| (),
        AgreementError::IdSpent { id: id(1) },
        AuthCode::RequestNotStored,
    );
}
