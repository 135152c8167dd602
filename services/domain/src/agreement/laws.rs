use std::collections::BTreeSet;

use fullmakt_events::{
    ChangeRequestId, OrgNumber, PackageUrn, PartyId, Right, Timestamp, event::SystemUserCreated,
};
use proptest::{collection::vec, prelude::*};

use super::{tests::*, *};
use crate::scenario::{NOW, assert_laws_at};

/// Anything that vendor, customer and strangers can ask about three ids of either kind, two
/// references and two change requests, each up to 60 days after the one before.
fn any_history() -> impl Strategy<Value = Vec<(Timestamp, AgreementCommand)>> {
    vec((0..60_i64, any_question()), 0..40).prop_map(|questions| {
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
    kind: SystemUserKind,
    id: SystemUserId,
    change: ChangeRequestId,
    org: OrgNumber,
    party: PartyId,
    external_ref: Option<String>,
    submitted: ChangeSubmission,
}

fn any_question() -> impl Strategy<Value = Question> {
    let kinds = prop_oneof![2 => Just(SystemUserKind::Standard), 1 => Just(SystemUserKind::Agent)];
    let ids = (1..4_u128).prop_map(id);
    let changes = (900..902_u128).prop_map(change_id);
    let orgs = prop_oneof![5 => Just(vendor()), 1 => Just(stranger())];
    let parties = prop_oneof![5 => Just(customer_party()), 1 => Just(other_party())];
    let references = prop_oneof![Just(None), Just(Some("shop".to_owned()))];
    let asked = (0..21_u8, kinds, ids, changes);
    (asked, orgs, parties, references, any_change()).prop_map(
        |((choice, kind, id, change), org, party, external_ref, submitted)| Question {
            choice,
            kind,
            id,
            change,
            org,
            party,
            external_ref,
            submitted,
        },
    )
}

fn any_change() -> impl Strategy<Value = ChangeSubmission> {
    let right = || {
        let actions = prop_oneof![Just(None), Just(Some("read")), Just(Some("submit"))];
        let resources = prop_oneof![Just("tax-report"), Just("vat-report")];
        (resources, actions).prop_map(|(resource, action)| Right::to(resource, action))
    };
    let packages = || prop_oneof![Just(vec![]), Just(vec![tax()])];
    (vec(right(), 0..3), vec(right(), 0..3), packages(), packages()).prop_map(
        |(required_rights, unwanted_rights, required_access_packages, unwanted_access_packages)| {
            ChangeSubmission {
                required_rights,
                unwanted_rights,
                required_access_packages,
                unwanted_access_packages,
                redirect_url: None,
            }
        },
    )
}

impl Question {
    fn asked(self, at: Timestamp) -> AgreementCommand {
        let Self { choice, kind, id, change, org, party, external_ref, submitted } = self;
        let (by, vendor) = (manager(), Some(org));
        match choice {
            0..=2 => {
                let mut command = CreateRequest { id, kind, at, vendor, ..creation() };
                command.submitted.external_ref = external_ref;
                AgreementCommand::Create(Box::new(command))
            }
            3..=5 => {
                let command = ApproveRequest { id, kind, at, party, ..approval() };
                AgreementCommand::Approve(Box::new(command))
            }
            6 => AgreementCommand::Reject(RejectRequest { id, kind, at, party, by }),
            7 => AgreementCommand::Escalate(EscalateRequest { id, kind, at, party, by }),
            8 => AgreementCommand::Withdraw(WithdrawRequest { id, vendor }),
            9..=11 => {
                let asked = RequestChange {
                    id: change,
                    at,
                    vendor,
                    system_user: id,
                    submitted,
                    ..self::change()
                };
                AgreementCommand::RequestChange(Box::new(asked))
            }
            12 | 13 => {
                let approval = ApproveChange { id: change, at, party, ..change_approval() };
                AgreementCommand::ApproveChange(Box::new(approval))
            }
            14 if vendor == Some(self::vendor()) => {
                AgreementCommand::RejectChange(RejectChange { id: change, at, party, by })
            }
            14 => AgreementCommand::WithdrawChange(WithdrawChange { id: change, vendor }),
            15 => AgreementCommand::CreateSystemUser(Box::new(CreateSystemUser {
                id,
                ..direct_creation()
            })),
            16 => AgreementCommand::DeleteSystemUser(DeleteSystemUser {
                id,
                by: Deleter::Vendor(vendor.unwrap_or(stranger())),
            }),
            17 => AgreementCommand::DeleteSystemUser(DeleteSystemUser {
                id,
                by: Deleter::Owner { party, by, taken_for: TakenFor::AnyKind },
            }),
            _ => AgreementCommand::Manage(ManageSystemUser {
                id,
                party,
                by,
                action: match choice {
                    18 => ManagementAction::Pause,
                    19 => ManagementAction::Resume,
                    _ => ManagementAction::Rename("till".to_owned()),
                },
            }),
        }
    }
}

/// A reference names one system user at most, and one live request; a system user has one change
/// request at most that waits.
///
/// Defect 8 of the wire contract's §9: nothing kept a reference unique but a look before writing.
fn assert_unique(agreement: &Agreement, at: Timestamp) {
    for reference in ["shop", "319900128"] {
        let users =
            agreement.system_users.values().filter(|user| user.created.external_ref == reference);
        assert!(users.count() <= 1, "{agreement:?}");
        assert!(agreement.live_requests(reference, at).count() <= 1, "{agreement:?}");
    }
    for user in agreement.system_users.keys() {
        let waiting = agreement.change_requests.values().filter(|request| {
            request.requested.system_user == *user && request.standing(at) == Standing::New
        });
        assert!(waiting.count() <= 1, "{agreement:?}");
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
        if let AgreementCommand::Approve(_) = command {
            assert_eq!(before.requests[new].status, RequestStatus::New);
            assert_eq!(after.requests[new].status, RequestStatus::Accepted);
        } else if let AgreementCommand::CreateSystemUser(_) = command {
            assert!(!before.spent.contains(new));
        } else {
            panic!("{command:?} made a system user");
        }
    }
    assert_managed(before, command, after);
}

/// A system user is changed by its owner only, and keeps what it was given unless a change was
/// approved.
fn assert_managed(before: &Agreement, command: &AgreementCommand, after: &Agreement) {
    for (id, user) in &after.system_users {
        let Some(was) = before.system_users.get(id).filter(|was| *was != user) else { continue };
        if let AgreementCommand::Manage(ManageSystemUser { id: managed, party, .. }) = command {
            assert_eq!((managed, party), (id, &was.created.owner_party));
            let integration_title = was.created.integration_title.clone();
            let created = SystemUserCreated { integration_title, ..user.created.clone() };
            assert_eq!(created, was.created);
        } else if let AgreementCommand::ApproveChange(_) = command {
            assert_eq!(user.is_paused, was.is_paused);
            assert_eq!(user.created.integration_title, was.created.integration_title);
        } else {
            panic!("{command:?} changed a system user");
        }
    }
}

/// Nobody gets what the approver could not give, and only an approval changes what is held.
fn assert_rights(before: &Agreement, command: &AgreementCommand, after: &Agreement) {
    let could = approval().facts.delegation;
    let everything = [Right::to("tax-report", None), Right::to("vat-report", None)];
    let delegable = could.delegated(&everything).unwrap();
    for (id, user) in &after.system_users {
        let own = &user.created;
        if own.kind == SystemUserKind::Agent {
            assert!(own.delegated.is_empty() && own.rights.is_empty(), "{own:?}");
            continue;
        }
        let had = before.system_user(*id).map(|user| &user.created);
        let held = |right: &Right| had.is_some_and(|had| had.delegated.contains(right));
        assert!(own.delegated.iter().all(|right| delegable.contains(right) || held(right)));
        let held =
            |package: &PackageUrn| had.is_some_and(|had| had.access_packages.contains(package));
        let packages = &own.access_packages;
        assert!(packages.iter().all(|package| could.packages.contains(package) || held(package)));
        let distinct: BTreeSet<_> = own.delegated.iter().collect();
        assert_eq!(distinct.len(), own.delegated.len(), "nothing is delegated twice");
        if let (Some(had), false) = (had, matches!(command, AgreementCommand::ApproveChange(_))) {
            assert_eq!(had.delegated, own.delegated, "{command:?} changed what is held");
            assert_eq!(had.access_packages, own.access_packages, "{command:?}");
        }
    }
}

/// What was approved holds: nothing unwanted is there, and all that is required is, as far as
/// nothing of it is unwanted as well.
fn assert_changed(command: &AgreementCommand, after: &Agreement) {
    let AgreementCommand::ApproveChange(approval) = command else { return };
    let requested = &after.change_request(approval.id).unwrap().requested;
    let user = after.system_user(requested.system_user).unwrap();
    let change = Change::of(requested, user);
    assert!(change.surplus_rights.is_empty() && change.surplus_packages.is_empty(), "{change:?}");
    assert!(change.missing_packages.is_empty(), "{change:?}");
    let is_touched = |right: &Right| {
        requested.unwanted_rights.iter().any(|unwanted| unwanted.has_resource_of(right))
    };
    assert!(change.missing_rights.iter().all(is_touched), "{change:?}");
}

proptest! {
    #[test]
    fn an_agreement_keeps_the_laws(history in any_history()) {
        let commands = history.iter().map(|(at, command)| (*at, command));
        assert_laws_at::<Agreement>(commands, |at, before, command, after| {
            assert_unique(after, at);
            assert_lifecycles(before, command, after);
            assert_rights(before, command, after);
            assert_changed(command, after);
        });
    }
}
