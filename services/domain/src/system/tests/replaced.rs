//! Rights and access packages that are replaced.

use fullmakt_events::event::{SystemAccessPackagesReplaced, SystemRightsReplaced};

use super::*;

fn rights_of(rights: Vec<Right>) -> ReplaceRights {
    let authority = Authority::Organization(vendor());
    ReplaceRights { authority, rights, resources: facts().resources }
}

fn packages_of(access_packages: Vec<PackageUrn>) -> ReplaceAccessPackages {
    let authority = Authority::Organization(vendor());
    ReplaceAccessPackages { authority, access_packages, packages: facts().packages }
}

fn rights(rights: Vec<Right>) -> SystemCommand {
    SystemCommand::ReplaceRights(rights_of(rights))
}

fn packages(packages: Vec<PackageUrn>) -> SystemCommand {
    SystemCommand::ReplaceAccessPackages(packages_of(packages))
}

fn rights_replaced(rights: Vec<Right>) -> SystemEvent {
    let id = "991825827_smartcloud".parse().unwrap();
    SystemEvent::RightsReplaced(SystemRightsReplaced { id, rights })
}

fn packages_replaced(access_packages: Vec<PackageUrn>) -> SystemEvent {
    let id = "991825827_smartcloud".parse().unwrap();
    SystemEvent::AccessPackagesReplaced(SystemAccessPackagesReplaced { id, access_packages })
}

fn hidden() -> SystemEvent {
    SystemEvent::Registered(SystemRegistered {
        internal_id: internal_id(1),
        system: defined(SystemSubmission { is_visible: false, ..smartcloud() }),
    })
}

#[track_caller]
fn codes(history: SystemEvent, command: &SystemCommand) -> Vec<Code> {
    let refusal = scenario::<System>([history]).when(command).refusal();
    violations(refusal).iter().map(|violation| violation.code).collect()
}

#[test]
fn rights_are_replaced_and_not_merged() {
    let new = vec![Right::to("tax-report", Some("write"))];
    let replaced = rights_replaced(new.clone());
    scenario::<System>([registered()]).when(&rights(new.clone())).then([replaced.clone()]);
    scenario::<System>([registered(), replaced]).when_all(|system| {
        let expected = SystemSubmission { rights: new, ..smartcloud() };
        assert_eq!(system.active(), Some(&*defined(expected)));
    });
}

#[test]
fn packages_are_replaced_and_not_merged() {
    let new = vec![package("regnskapsforer-lonn")];
    let replaced = packages_replaced(new.clone());
    scenario::<System>([hidden()]).when(&packages(new.clone())).then([replaced.clone()]);
    scenario::<System>([hidden(), replaced]).when_all(|system| {
        let expected = SystemSubmission { access_packages: new, is_visible: false, ..smartcloud() };
        assert_eq!(system.active(), Some(&*defined(expected)));
    });
}

#[test]
fn a_system_may_be_left_without_rights_and_packages() {
    let given = scenario::<System>([registered()]);
    given.when(&rights(vec![])).then([rights_replaced(vec![])]);
    given.when(&packages(vec![])).then([packages_replaced(vec![])]);
}

#[test]
fn what_changes_nothing_is_recorded_since_every_call_is_in_the_change_log() {
    let given = scenario::<System>([registered()]);
    let same = smartcloud();
    given.when(&rights(same.rights.clone())).then([rights_replaced(same.rights)]);
    let same = same.access_packages;
    given.when(&packages(same.clone())).then([packages_replaced(same)]);
}

#[test]
fn replaced_rights_keep_the_rules_of_rights() {
    let command = rights(vec![
        Right::to("nothing", None),
        Right::to("nothing", None),
        Right { action: Some("12838549045".to_owned()), resource: Vec::new() },
        Right::to("a-consent", None),
    ]);
    assert_eq!(
        codes(registered(), &command),
        [
            Code::ResourceUnknown,
            Code::DuplicateRights,
            Code::ResourceAttribute,
            Code::ResourceType,
            Code::NationalNumber,
        ]
    );
    let many = (0..1_001).map(|n| Right::to("tax-report", Some(&format!("a{n}")))).collect();
    assert_eq!(codes(registered(), &rights(many)), [Code::TooMany]);
}

#[test]
fn replaced_packages_keep_the_rules_of_packages() {
    let command = packages(vec![
        package("nothing"),
        package("nothing"),
        package("for-nobody"),
        package("regnskapsforer-lonn"),
        package("12838549045"),
    ]);
    let broken = [Code::DuplicatePackages, Code::PackageInvalid];
    let visible = [&broken[..], &[Code::PackageNotAssignable, Code::NationalNumber]].concat();
    assert_eq!(codes(registered(), &command), visible);
    let invisible = [&broken[..], &[Code::NationalNumber]].concat();
    assert_eq!(codes(hidden(), &command), invisible);
}

#[test]
fn who_does_not_own_the_system_is_told_no_rules() {
    let caller = Authority::Organization(stranger());
    let rights = ReplaceRights {
        authority: caller,
        ..rights_of(vec![Right::to("nothing", None), Right::to("nothing", None)])
    };
    let packages =
        ReplaceAccessPackages { authority: caller, ..packages_of(vec![package("nothing")]) };
    for command in
        [SystemCommand::ReplaceRights(rights), SystemCommand::ReplaceAccessPackages(packages)]
    {
        for history in [vec![registered()], vec![registered(), deleted()]] {
            scenario::<System>(history)
                .when(&command)
                .then_refused(SystemError::NotOwner { vendor: vendor(), caller });
        }
        scenario::<System>([]).when(&command).then_refused(SystemError::Unknown);
    }
}

#[test]
fn nothing_of_a_deleted_system_is_replaced() {
    let id = || "991825827_smartcloud".parse().unwrap();
    for command in [rights(vec![]), packages(vec![])] {
        scenario::<System>([registered(), deleted()])
            .when(&command)
            .then_refused(SystemError::Deleted { id: id() });
    }
}
