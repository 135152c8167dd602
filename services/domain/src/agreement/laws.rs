use fullmakt_events::{OrgNumber, PartyId, Timestamp, event::SystemUserCreated};
use proptest::{collection::vec, prelude::*};

use super::{tests::*, *};
use crate::scenario::{NOW, assert_laws_at};

/// Anything that vendor, customer and strangers can ask about three ids and two references, each
/// up to 60 days after the one before.
fn any_history() -> impl Strategy<Value = Vec<(Timestamp, AgreementCommand)>> {
    vec((0..60_i64, any_question()), 0..24).prop_map(|questions| {
        let mut at = NOW;
        let mut history = Vec::new();
        for (days, question) in questions {
            at = at.plus_seconds(days * DAY);
            history.push((at, question.asked(at)));
        }
        history
    })
}

/// A command without its time.
#[derive(Debug, Clone)]
struct Question {
    choice: u8,
    id: SystemUserId,
    org: OrgNumber,
    party: PartyId,
    external_ref: Option<String>,
}

fn any_question() -> impl Strategy<Value = Question> {
    let ids = (1..4_u128).prop_map(id);
    let orgs = prop_oneof![5 => Just(vendor()), 1 => Just(stranger())];
    let parties = prop_oneof![5 => Just(customer_party()), 1 => Just(other_party())];
    let references = prop_oneof![Just(None), Just(Some("shop".to_owned()))];
    (0..11_u8, ids, orgs, parties, references).prop_map(|(choice, id, org, party, external_ref)| {
        Question { choice, id, org, party, external_ref }
    })
}

impl Question {
    fn asked(self, at: Timestamp) -> AgreementCommand {
        let Self { choice, id, org, party, external_ref } = self;
        match choice {
            0 | 1 => {
                let mut command = CreateRequest { id, at, vendor: Some(org), ..creation() };
                command.submitted.external_ref = external_ref;
                AgreementCommand::Create(Box::new(command))
            }
            2 => {
                AgreementCommand::Approve(Box::new(ApproveRequest { id, at, party, ..approval() }))
            }
            3 => AgreementCommand::Reject(RejectRequest { id, at, party, by: manager() }),
            4 => AgreementCommand::Withdraw(WithdrawRequest { id, vendor: Some(org) }),
            5 => AgreementCommand::CreateSystemUser(Box::new(CreateSystemUser {
                id,
                ..direct_creation()
            })),
            6 => AgreementCommand::DeleteSystemUser(DeleteSystemUser {
                id,
                by: Deleter::Vendor(org),
            }),
            7 => AgreementCommand::DeleteSystemUser(DeleteSystemUser {
                id,
                by: Deleter::Owner { party, by: manager(), taken_for: TakenFor::Standard },
            }),
            _ => AgreementCommand::Manage(ManageSystemUser {
                id,
                party,
                by: manager(),
                action: match choice {
                    8 => ManagementAction::Pause,
                    9 => ManagementAction::Resume,
                    _ => ManagementAction::Rename(external_ref.unwrap_or("till".to_owned())),
                },
            }),
        }
    }
}

/// A reference names one system user at most, and one live request of each kind.
fn assert_unique(agreement: &Agreement, at: Timestamp) {
    for reference in ["shop", "319900128"] {
        let users =
            agreement.system_users.values().filter(|user| user.created.external_ref == reference);
        assert!(users.count() <= 1, "{agreement:?}");
        for kind in [SystemUserKind::Standard, SystemUserKind::Agent] {
            let live = agreement.live_requests(reference, at);
            assert!(live.filter(|request| request.created.kind == kind).count() <= 1);
        }
    }
}

/// What has vanished does not come back, and no system user is without an owner's yes.
fn assert_lifecycles(before: &Agreement, command: &AgreementCommand, after: &Agreement) {
    for gone in before.spent.iter().filter(|id| !before.requests.contains_key(id)) {
        assert!(!after.requests.contains_key(gone), "request {gone} came back");
        if !before.system_users.contains_key(gone) {
            assert!(!after.system_users.contains_key(gone), "system user {gone} came back");
        }
    }
    for new in after.system_users.keys().filter(|id| !before.system_users.contains_key(id)) {
        match command {
            AgreementCommand::Approve(_) => {
                assert_eq!(before.requests[new].status, RequestStatus::New);
                assert_eq!(after.requests[new].status, RequestStatus::Accepted);
            }
            AgreementCommand::CreateSystemUser(_) => assert!(!before.spent.contains(new)),
            AgreementCommand::Create(_)
            | AgreementCommand::Reject(_)
            | AgreementCommand::Withdraw(_)
            | AgreementCommand::Manage(_)
            | AgreementCommand::DeleteSystemUser(_) => panic!("{command:?} made a system user"),
        }
    }
    assert_managed(before, command, after);
}

/// A system user is changed by its owner only, and keeps what it was given.
fn assert_managed(before: &Agreement, command: &AgreementCommand, after: &Agreement) {
    for (id, user) in &after.system_users {
        let Some(was) = before.system_users.get(id).filter(|was| *was != user) else { continue };
        let AgreementCommand::Manage(ManageSystemUser { id: managed, party, .. }) = command else {
            panic!("{command:?} changed a system user")
        };
        assert_eq!((managed, party), (id, &was.created.owner_party));
        let integration_title = was.created.integration_title.clone();
        let created = SystemUserCreated { integration_title, ..user.created.clone() };
        assert_eq!(created, was.created);
    }
}

proptest! {
    #[test]
    fn an_agreement_keeps_the_laws(history in any_history()) {
        let commands = history.iter().map(|(at, command)| (*at, command));
        assert_laws_at::<Agreement>(commands, |at, before, command, after| {
            assert_unique(after, at);
            assert_lifecycles(before, command, after);
        });
    }
}
