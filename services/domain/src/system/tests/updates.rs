//! Updates: their order of checks, their rules, and the claims that they move.

use fullmakt_events::event::SystemUpdated;

use super::*;
use crate::scenario::NOW;

fn update_of(submitted: SystemSubmission) -> UpdateSystem {
    let held =
        |id: &str| (id.to_owned(), ClientIdClaim::HeldBy("991825827_smartcloud".parse().unwrap()));
    let claims = BTreeMap::from([held("client-1"), held("client-2")]);
    UpdateSystem {
        authority: Authority::Organization(vendor()),
        submitted,
        facts: SystemFacts { claims, ..facts() },
    }
}

fn command(update: &UpdateSystem) -> SystemCommand {
    SystemCommand::Update(Box::new(update.clone()))
}

fn updated(submitted: SystemSubmission) -> SystemEvent {
    SystemEvent::Updated(SystemUpdated { system: defined(submitted) })
}

/// Another system in all that can be another.
fn another() -> SystemSubmission {
    SystemSubmission {
        name: texts("SmartCloud 2"),
        description: texts("More reports for you"),
        rights: vec![Right::to("tax-report", Some("write"))],
        access_packages: vec![package("regnskapsforer-lonn")],
        client_ids: vec!["client-3".to_owned()],
        is_visible: false,
        allowed_redirect_urls: Vec::new(),
        ..smartcloud()
    }
}

#[track_caller]
fn outcome_of(client_ids: &[&str]) -> Vec<(String, fullmakt_events::Event)> {
    let client_ids = client_ids.iter().map(|id| (*id).to_owned()).collect();
    let update = update_of(SystemSubmission { client_ids, ..smartcloud() });
    let given = scenario::<System>([registered()]);
    let outcome = given.when_all(|system| super::update(system, &update)).unwrap();
    outcome.into_iter().map(|(stream, event)| (stream.into(), event)).collect()
}

fn claimed(client_id: &str) -> fullmakt_events::Event {
    ClientIdEvent::Claimed(ClientIdClaimed {
        client_id: client_id.parse().unwrap(),
        system: "991825827_smartcloud".parse().unwrap(),
    })
    .into()
}

fn released(client_id: &str) -> fullmakt_events::Event {
    ClientIdEvent::Released(ClientIdReleased {
        client_id: client_id.parse().unwrap(),
        system: "991825827_smartcloud".parse().unwrap(),
    })
    .into()
}

#[test]
fn an_update_replaces_all_that_was_held() {
    let given = scenario::<System>([registered()]);
    given.when(&command(&update_of(another()))).then([updated(another())]);
    scenario::<System>([registered(), updated(another())]).when_all(|system| {
        assert_eq!(system.active(), Some(&*defined(another())));
    });
}

#[test]
fn an_update_that_changes_nothing_is_recorded_since_every_call_is_in_the_change_log() {
    let given = scenario::<System>([registered()]);
    given.when(&command(&update_of(smartcloud()))).then([updated(smartcloud())]);
    let again = scenario::<System>([registered(), updated(smartcloud())]);
    again.when(&command(&update_of(smartcloud()))).then([updated(smartcloud())]);
}

#[test]
fn client_ids_are_claimed_and_released_in_the_same_outcome_as_the_update() {
    let outcome = outcome_of(&["client-2", "client-3"]);
    let on_claims: Vec<_> = outcome[1..].to_vec();
    assert_eq!(outcome[0].0, "system/991825827_smartcloud");
    assert_eq!(
        on_claims,
        [
            ("client-id/client-1".to_owned(), released("Client-1")),
            ("client-id/client-3".to_owned(), claimed("client-3")),
        ]
    );
}

#[test]
fn a_client_id_that_stays_is_neither_released_nor_claimed_however_it_is_spelled() {
    assert_eq!(outcome_of(&["CLIENT-1", "Client-2"]).len(), 1);
    assert_eq!(outcome_of(&["client-2", "client-1"]).len(), 1);
}

#[test]
fn an_update_may_leave_no_client_ids() {
    let outcome = outcome_of(&[]);
    let on_claims: Vec<_> = outcome[1..].iter().map(|(_, event)| event.clone()).collect();
    assert_eq!(on_claims, [released("Client-1"), released("client-2")]);
}

#[test]
fn an_update_releases_what_the_last_update_claimed_and_nothing_else() {
    let update = update_of(SystemSubmission { client_ids: Vec::new(), ..smartcloud() });
    let given = scenario::<System>([registered(), updated(another())]);
    let outcome = given.when_all(|system| super::update(system, &update)).unwrap();
    assert_eq!(streams(&outcome), ["system/991825827_smartcloud", "client-id/client-3"]);
}

/// The contract's order: unknown, not the owner, another vendor, another id, deleted, the rules.
#[test]
fn the_first_check_that_fails_is_the_one_that_is_told() {
    let mut update = update_of(SystemSubmission {
        id: "991825827_other".to_owned(),
        vendor: format!("0192:{}", stranger()),
        rights: vec![Right::to("no-such-resource", None)],
        ..smartcloud()
    });
    update.authority = Authority::Organization(stranger());
    let gone = scenario::<System>([registered(), deleted()]);

    scenario::<System>([]).when(&command(&update)).then_refused(SystemError::Unknown);
    gone.when(&command(&update)).then_refused(SystemError::NotOwner {
        vendor: vendor(),
        caller: Authority::Organization(stranger()),
    });
    update.authority = Authority::Administrator;
    gone.when(&command(&update)).then_refused(SystemError::VendorDiffers {
        vendor: vendor(),
        seen: Seen::new("0192:319900101"),
    });
    update.submitted.vendor = format!("0192:{}", vendor());
    let differs = Violation {
        code: Code::SystemIdsDiffer,
        paths: vec!["/registersystemrequest/systemid".to_owned()],
        values: vec![Seen::new("991825827_other")],
    };
    gone.when(&command(&update)).then_refused(SystemError::Invalid(vec![differs]));
    update.submitted.id = "991825827_smartcloud".to_owned();
    gone.when(&command(&update))
        .then_refused(SystemError::Deleted { id: "991825827_smartcloud".parse().unwrap() });
    let refusal = scenario::<System>([registered()]).when(&command(&update)).refusal();
    assert_eq!(violations(refusal)[0].code, Code::ResourceUnknown);
    update.submitted.rights = Vec::new();
    scenario::<System>([registered()]).when(&command(&update)).events();
}

#[test]
fn what_is_no_vendor_id_is_another_vendors() {
    for vendor in ["", "991825827", "0192:991825828"] {
        let update = update_of(SystemSubmission { vendor: vendor.to_owned(), ..smartcloud() });
        scenario::<System>([registered()]).when(&command(&update)).then_refused(
            SystemError::VendorDiffers { vendor: super::vendor(), seen: Seen::new(vendor) },
        );
    }
}

#[test]
fn an_update_keeps_all_rules_of_a_registration_but_those_of_the_id() {
    let mut submitted = smartcloud();
    submitted.rights = vec![Right::to("nothing", None), Right::to("nothing", None)];
    submitted.rights.push(Right { action: None, resource: Vec::new() });
    submitted.rights.push(Right::to("a-scope", None));
    submitted.access_packages = vec![package("nothing"), package("nothing")];
    submitted.access_packages.push(package("regnskapsforer-lonn"));
    submitted.client_ids = vec!["taken".to_owned(), "a".to_owned(), "A".to_owned(), String::new()];
    submitted.allowed_redirect_urls = vec!["http://a.example".to_owned()];
    submitted.name.en = String::new();
    submitted.description.nn = "of 12838549045".to_owned();
    let mut update = update_of(submitted);
    let taken = ClientIdClaim::HeldBy("319900101_other".parse().unwrap());
    update.facts.claims.insert("taken".to_owned(), taken);
    let refusal = scenario::<System>([registered()]).when(&command(&update)).refusal();
    assert_eq!(
        violations(refusal).iter().map(|violation| violation.code).collect::<Vec<_>>(),
        [
            Code::ResourceUnknown,
            Code::ClientIdTaken,
            Code::RedirectUrlForm,
            Code::DuplicateRights,
            Code::DuplicatePackages,
            Code::PackageInvalid,
            Code::ResourceAttribute,
            Code::DuplicateClientIds,
            Code::ResourceType,
            Code::PackageNotAssignable,
            Code::Required,
            Code::NationalNumber,
            Code::ClientIdForm,
        ]
    );
}

/// Defect 14 of the wire contract's §9: redirect URLs were not checked on update.
#[test]
fn the_redirect_urls_of_an_update_are_absolute_and_https() {
    for url in ["http://a.example", "/done", ""] {
        let allowed_redirect_urls = vec![url.to_owned()];
        let update = update_of(SystemSubmission { allowed_redirect_urls, ..smartcloud() });
        let refusal = scenario::<System>([registered()]).when(&command(&update)).refusal();
        assert_eq!(
            violations(refusal),
            [Violation {
                code: Code::RedirectUrlForm,
                paths: vec!["/registersystemrequest/allowedredirecturls".to_owned()],
                values: vec![Seen::new(url)],
            }]
        );
    }
}

#[test]
fn a_client_id_that_a_deleted_system_released_can_be_added() {
    let mut update = update_of(another());
    update.facts.claims.insert("client-3".to_owned(), ClientIdClaim::Free);
    let given = scenario::<System>([registered()]);
    given.when_all(|system| super::update(system, &update)).unwrap();
    let other = ClientIdClaim::HeldBy("319900101_other".parse().unwrap());
    update.facts.claims.insert("client-3".to_owned(), other);
    let refusal = given.when(&command(&update)).refusal();
    assert_eq!(violations(refusal)[0].code, Code::ClientIdTaken);
}

#[test]
fn a_deletion_after_an_update_releases_the_client_ids_of_the_update() {
    let command = DeleteSystem { authority: Authority::Organization(vendor()) };
    let given = scenario::<System>([registered(), updated(another())]);
    let outcome = given.when_all(|system| crate::system::delete(system, command)).unwrap();
    assert_eq!(streams(&outcome), ["system/991825827_smartcloud", "client-id/client-3"]);
}

#[test]
fn an_update_brings_no_system_into_being_or_back() {
    let event = updated(another());
    let recorded = || Recorded { event: &event, at: NOW };
    assert_eq!(System::Unregistered.evolve(recorded()), System::Unregistered);
    scenario::<System>([registered(), deleted(), updated(another())])
        .when_all(|system| assert_eq!(system.active(), None));
}
