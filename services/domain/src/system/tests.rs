use std::collections::BTreeMap;

use fullmakt_events::{
    LocalizedText, OrgNumber, PackageUrn, Right, SystemInternalId,
    event::{
        ClientIdClaimed, ClientIdEvent, ClientIdReleased, SystemDefinition, SystemDeleted,
        SystemEvent, SystemRegistered,
    },
};
use uuid::Uuid;

use super::*;
use crate::{
    Seen, ValidationCode as Code,
    facts::{PackageFact, ResourceFact, ResourceType},
    scenario::{scenario, streams},
};

pub(super) fn vendor() -> OrgNumber {
    "991825827".parse().unwrap()
}

fn stranger() -> OrgNumber {
    "319900101".parse().unwrap()
}

fn texts(text: &str) -> LocalizedText {
    LocalizedText { nb: text.to_owned(), nn: text.to_owned(), en: text.to_owned() }
}

fn package(name: &str) -> PackageUrn {
    PackageUrn::new(format!("urn:altinn:accesspackage:{name}"))
}

/// A system that keeps all rules.
pub(super) fn smartcloud() -> SystemSubmission {
    SystemSubmission {
        id: "991825827_smartcloud".to_owned(),
        vendor: "0192:991825827".to_owned(),
        name: texts("SmartCloud"),
        description: texts("Reports for you"),
        rights: vec![
            Right::to("tax-report", Some("read")),
            Right::to("app_skd_flyttemelding", None),
        ],
        access_packages: vec![package("skatt-naering")],
        client_ids: vec!["Client-1".to_owned(), "client-2".to_owned()],
        is_visible: true,
        allowed_redirect_urls: vec!["https://smartcloud.example/done".to_owned()],
    }
}

fn resource(resource_type: ResourceType) -> ResourceFact {
    ResourceFact { resource_type, is_delegable: true }
}

pub(super) fn facts() -> SystemFacts {
    SystemFacts {
        resources: BTreeMap::from([
            ("tax-report".to_owned(), resource(ResourceType::GenericAccessResource)),
            ("app_skd_flyttemelding".to_owned(), resource(ResourceType::AltinnApp)),
            ("a-scope".to_owned(), resource(ResourceType::MaskinportenSchema)),
            ("a-consent".to_owned(), resource(ResourceType::Consent)),
        ]),
        packages: BTreeMap::from([
            (package("skatt-naering"), PackageFact { is_assignable: true, is_delegable: true }),
            (
                package("regnskapsforer-lonn"),
                PackageFact { is_assignable: false, is_delegable: true },
            ),
            (package("for-nobody"), PackageFact { is_assignable: false, is_delegable: false }),
        ]),
        claims: BTreeMap::new(),
    }
}

pub(super) fn internal_id(number: u128) -> SystemInternalId {
    SystemInternalId::new(Uuid::from_u128(number))
}

fn registration(submitted: SystemSubmission) -> RegisterSystem {
    RegisterSystem {
        authority: Authority::Organization(vendor()),
        internal_id: internal_id(1),
        submitted,
        facts: facts(),
    }
}

fn register(submitted: SystemSubmission) -> SystemCommand {
    SystemCommand::Register(Box::new(registration(submitted)))
}

fn delete(authority: Authority) -> SystemCommand {
    SystemCommand::Delete(DeleteSystem { authority })
}

/// The definition that a submission of this vendor becomes.
fn defined(submitted: SystemSubmission) -> Box<SystemDefinition> {
    Box::new(SystemDefinition {
        id: submitted.id.parse().unwrap(),
        vendor: vendor(),
        name: submitted.name,
        description: submitted.description,
        rights: submitted.rights,
        access_packages: submitted.access_packages,
        client_ids: submitted.client_ids.iter().map(|id| id.parse().unwrap()).collect(),
        is_visible: submitted.is_visible,
        allowed_redirect_urls: submitted.allowed_redirect_urls,
    })
}

fn registered() -> SystemEvent {
    SystemEvent::Registered(SystemRegistered {
        internal_id: internal_id(1),
        system: defined(smartcloud()),
    })
}

fn deleted() -> SystemEvent {
    SystemEvent::Deleted(SystemDeleted { id: "991825827_smartcloud".parse().unwrap() })
}

/// The violations that a change to a good system brings about, as (code, paths, values).
#[track_caller]
fn violations_of(command: RegisterSystem, history: &[SystemEvent]) -> Vec<Violation> {
    let command = SystemCommand::Register(Box::new(command));
    violations(scenario::<System>(history.to_vec()).when(&command).refusal())
}

#[track_caller]
fn violations(refusal: SystemError) -> Vec<Violation> {
    match refusal {
        SystemError::Invalid(violations) => violations,
        other @ (SystemError::NotOwner { .. }
        | SystemError::VendorDiffers { .. }
        | SystemError::Deleted { .. }
        | SystemError::Unknown) => panic!("{other}"),
    }
}

#[test]
fn a_system_that_keeps_all_rules_is_registered_as_submitted() {
    scenario::<System>([]).when(&register(smartcloud())).then([registered()]);
}

#[test]
fn a_registration_claims_every_client_id_in_the_same_outcome() {
    let outcome = super::register(&System::default(), &registration(smartcloud())).unwrap();
    assert_eq!(
        streams(&outcome),
        ["system/991825827_smartcloud", "client-id/client-1", "client-id/client-2"]
    );
    let claim = ClientIdEvent::Claimed(ClientIdClaimed {
        client_id: "Client-1".parse().unwrap(),
        system: "991825827_smartcloud".parse().unwrap(),
    });
    assert_eq!(outcome[1].1, claim.into());
}

#[test]
fn a_registration_reads_all_that_it_depends_on() {
    let reads: Vec<_> = smartcloud().reads().into_iter().map(String::from).collect();
    assert_eq!(
        reads,
        [
            "catalogue/access-packages",
            "client-id/client-1",
            "client-id/client-2",
            "resource/app_skd_flyttemelding",
            "resource/tax-report",
            "system/991825827_smartcloud",
        ]
    );
    let nothing = SystemSubmission { id: "a b".to_owned(), ..SystemSubmission::default() };
    assert_eq!(nothing.reads(), []);
}

#[test]
fn a_registration_that_is_decided_again_with_the_same_id_is_already_so() {
    scenario::<System>([registered()]).when(&register(smartcloud())).then_nothing();
    let outcome = super::register(
        &System::replay([Recorded { event: &registered(), at: crate::scenario::NOW }]),
        &registration(smartcloud()),
    );
    assert_eq!(outcome, Ok(vec![]));
}

#[test]
fn only_the_vendor_itself_learns_which_rules_are_broken() {
    let mut command = registration(SystemSubmission { id: "a b".to_owned(), ..smartcloud() });
    command.authority = Authority::Organization(stranger());
    scenario::<System>([]).when(&SystemCommand::Register(Box::new(command.clone()))).then_refused(
        SystemError::NotOwner { vendor: vendor(), caller: Authority::Organization(stranger()) },
    );
    command.submitted.vendor = "nobody".to_owned();
    assert_eq!(violations_of(command, &[])[0].code, Code::VendorIdForm);
}

#[test]
fn an_administrator_registers_and_deletes_for_any_vendor() {
    let command =
        RegisterSystem { authority: Authority::Administrator, ..registration(smartcloud()) };
    scenario::<System>([]).when(&SystemCommand::Register(Box::new(command))).then([registered()]);
    scenario::<System>([registered()]).when(&delete(Authority::Administrator)).then([deleted()]);
}

#[test]
fn a_deletion_releases_all_client_ids_in_the_same_outcome() {
    let command = DeleteSystem { authority: Authority::Organization(vendor()) };
    let outcome =
        scenario::<System>([registered()]).when_all(|system| super::delete(system, command));
    let outcome = outcome.unwrap();
    assert_eq!(
        streams(&outcome),
        ["system/991825827_smartcloud", "client-id/client-1", "client-id/client-2"]
    );
    let released = ClientIdEvent::Released(ClientIdReleased {
        client_id: "client-2".parse().unwrap(),
        system: "991825827_smartcloud".parse().unwrap(),
    });
    assert_eq!(outcome[2].1, released.into());
}

#[test]
fn a_system_deleted_twice_is_already_gone() {
    let gone = scenario::<System>([registered(), deleted()]);
    gone.when(&delete(Authority::Organization(vendor()))).then_nothing();
    let command = DeleteSystem { authority: Authority::Organization(vendor()) };
    assert_eq!(gone.when_all(|system| super::delete(system, command)), Ok(vec![]));
}

#[test]
fn a_stranger_deletes_nothing_and_nothing_unknown_is_deleted() {
    let caller = Authority::Organization(stranger());
    for history in [vec![registered()], vec![registered(), deleted()]] {
        scenario::<System>(history)
            .when(&delete(caller))
            .then_refused(SystemError::NotOwner { vendor: vendor(), caller });
    }
    scenario::<System>([]).when(&delete(caller)).then_refused(SystemError::Unknown);
}

#[test]
fn only_a_registered_system_is_active() {
    let is_active = |history: Vec<SystemEvent>| {
        scenario::<System>(history).when_all(|system| system.active().is_some())
    };
    assert!(is_active(vec![registered()]));
    assert!(!is_active(vec![]));
    assert!(!is_active(vec![registered(), deleted()]));
}

mod claims;
mod replaced;
mod rules;
mod updates;
