//! Renaming, pausing and resuming.

use fullmakt_events::event::SystemUserRenamed;

use super::*;
use crate::{
    AuthCode, Seen,
    scenario::{Scenario, scenario},
};

fn manage(action: ManagementAction) -> AgreementCommand {
    manage_as(customer_party(), action)
}

fn manage_as(party: PartyId, action: ManagementAction) -> AgreementCommand {
    AgreementCommand::Manage(ManageSystemUser { id: id(1), party, by: manager(), action })
}

fn rename(title: &str) -> AgreementCommand {
    manage(ManagementAction::Rename(title.to_owned()))
}

fn renamed(title: &str) -> AgreementEvent {
    let integration_title = title.to_owned();
    AgreementEvent::SystemUserRenamed(SystemUserRenamed {
        id: id(1),
        integration_title,
        by: manager(),
    })
}

fn paused() -> AgreementEvent {
    AgreementEvent::SystemUserPaused(SystemUserPaused { id: id(1), by: manager() })
}

fn resumed() -> AgreementEvent {
    AgreementEvent::SystemUserResumed(SystemUserResumed { id: id(1), by: manager() })
}

/// A system user, and what happened to it.
fn given(events: &[AgreementEvent]) -> Scenario<Agreement> {
    scenario(with_user(SystemUserKind::Standard).into_iter().chain(events.iter().cloned()))
}

/// Every action, none of which is so already.
fn actions() -> [ManagementAction; 3] {
    [ManagementAction::Rename("Till".to_owned()), ManagementAction::Pause, ManagementAction::Resume]
}

/// Defect 17 of the wire contract's §9: a system user could not be renamed.
#[test]
fn the_owner_renames_its_system_user_of_either_kind() {
    for kind in [SystemUserKind::Standard, SystemUserKind::Agent] {
        scenario::<Agreement>(with_user(kind)).when(&rename("Till")).then([renamed("Till")]);
    }
    given(&[renamed("Till")]).when_all(|agreement| {
        let user = agreement.system_user(id(1)).unwrap();
        assert_eq!(user.created.integration_title, "Till");
        // The request stays what it was.
        assert_eq!(agreement.request(id(1)).unwrap().created.integration_title, "Our shop");
    });
}

#[test]
fn spaces_around_a_title_are_not_part_of_it() {
    given(&[]).when(&rename("  Till\n")).then([renamed("Till")]);
    given(&[]).when(&rename(" Our shop ")).then_nothing();
}

#[test]
fn a_title_has_between_1_and_255_characters() {
    let longest = "æ".repeat(INTEGRATION_TITLE_CHARS_MAX);
    given(&[]).when(&rename(&longest)).then([renamed(&longest)]);
    for (title, chars) in [(String::new(), 0), ("\t ".to_owned(), 0), (longest + "å", 256)] {
        let refusal = given(&[]).when(&rename(&title)).refusal();
        assert_eq!(refusal, AgreementError::TitleLength { chars });
        assert_eq!(refusal.code(), None);
    }
}

#[test]
fn a_title_holds_no_national_identity_number() {
    let refusal = given(&[]).when(&rename(&format!("Kari {NUMBER}"))).refusal();
    assert_eq!(refusal, AgreementError::NationalNumber { field: "integrationTitle" });
    assert!(!refusal.to_string().contains(NUMBER));
}

#[test]
fn a_paused_system_user_keeps_all_that_it_was_given_until_it_is_resumed() {
    let before = given(&[]).when_all(|agreement| agreement.system_user(id(1)).cloned().unwrap());
    assert!(!before.is_paused);
    given(&[]).when(&manage(ManagementAction::Pause)).then([paused()]);
    given(&[paused()]).when_all(|agreement| {
        let user = agreement.system_user(id(1)).unwrap();
        assert!(user.is_paused);
        assert_eq!(user.created, before.created);
    });
    given(&[paused()]).when(&manage(ManagementAction::Resume)).then([resumed()]);
    given(&[paused(), resumed()])
        .when_all(|agreement| assert_eq!(agreement.system_user(id(1)), Some(&before)));
    given(&[paused(), resumed()]).when(&manage(ManagementAction::Pause)).then([paused()]);
}

#[test]
fn what_is_so_already_does_not_happen_again() {
    given(&[paused()]).when(&manage(ManagementAction::Pause)).then_nothing();
    given(&[]).when(&manage(ManagementAction::Resume)).then_nothing();
    given(&[renamed("Till")]).when(&rename("Till")).then_nothing();
}

#[test]
fn a_paused_system_user_can_be_renamed_and_still_has_its_reference() {
    given(&[paused()]).when(&rename("Till")).then([renamed("Till")]);
    given(&[paused()])
        .when(&create(|command| command.id = id(2)))
        .then_refused(AgreementError::SystemUserExists { external_ref: Seen::new("shop") });
}

#[test]
fn another_party_manages_nothing() {
    for action in actions() {
        let refusal = given(&[paused()]).when(&manage_as(other_party(), action)).refusal();
        assert_eq!(refusal, AgreementError::SystemUserNotOwned { id: id(1) });
        assert_eq!(refusal.code(), Some(AuthCode::SystemUserNotOwned));
    }
}

#[test]
fn what_is_not_there_cannot_be_managed() {
    let gone = [paused(), deleted()];
    for action in actions() {
        for agreement in [scenario([]), scenario([created()]), given(&gone)] {
            let refusal = agreement.when(&manage(action.clone())).refusal();
            assert_eq!(refusal, AgreementError::SystemUserNotFound { id: id(1) });
        }
    }
}
