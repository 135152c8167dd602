//! Change requests and escalations.

use fullmakt_events::{
    ChangeRequestId, PackageUrn,
    event::{
        ChangeApproved, ChangeRejected, ChangeRequestClaimed, ChangeRequestEvent, ChangeRequested,
        ChangeWithdrawn, RequestEscalated, SystemUserChanged,
    },
};

use super::*;
use crate::system_user_changes::ChangeRequestChange;

fn change() -> ChangeRequestId {
    Uuid::from_u128(7).into()
}

fn change_requested() -> Event {
    AgreementEvent::ChangeRequested(ChangeRequested {
        id: change(),
        system_user: user(),
        system: system(),
        vendor: org(),
        customer: org(),
        customer_party: party(OWNER),
        external_ref: "ref".to_owned(),
        required_rights: vec![Right::to("vat", Some("write"))],
        unwanted_rights: vec![Right::to("vat", Some("read"))],
        required_access_packages: vec![PackageUrn::new("a")],
        unwanted_access_packages: vec![PackageUrn::new("b")],
        redirect_url: Some("https://a.example".to_owned()),
    })
    .into()
}

fn change_approved() -> Event {
    AgreementEvent::ChangeApproved(ChangeApproved { id: change(), by: party(PERSON) }).into()
}

fn changed() -> Event {
    AgreementEvent::SystemUserChanged(SystemUserChanged {
        id: user(),
        rights: vec![Right::to("vat", Some("write"))],
        delegated: vec![Right::to("vat", Some("write"))],
        access_packages: vec![PackageUrn::new("a")],
    })
    .into()
}

#[test]
fn an_escalated_request_is_new_as_before() {
    let requested: Event = AgreementEvent::RequestCreated(requested()).into();
    let escalated =
        AgreementEvent::RequestEscalated(RequestEscalated { id: user(), by: party(PERSON) });
    let history = vec![vec![requested], vec![escalated.into()]];
    let rows = table::<SystemUserRequests>(history, |c| c.system_user_requests);
    assert_eq!(rows.iter().map(interval).collect::<Vec<_>>(), [(1, Some(2)), (2, None)]);
    assert_eq!(rows.iter().map(|row| row.is_escalated).collect::<Vec<_>>(), [false, true]);
    assert_eq!(rows[1].status, RequestStatus::New);
    assert_eq!(rows[1].created_at.position, Position::new(1));
}

#[test]
fn a_change_request_keeps_what_was_asked_while_it_is_answered() {
    let history =
        vec![vec![created()], vec![change_requested()], vec![change_approved(), changed()]];
    let rows = table::<SystemUserChanges>(history, |c| c.system_user_changes);
    assert_eq!(rows.iter().map(interval).collect::<Vec<_>>(), [(2, Some(3)), (3, None)]);
    let seen: Vec<_> = rows.iter().map(|row| row.status).collect();
    assert_eq!(seen, [RequestStatus::New, RequestStatus::Accepted]);
    for row in &rows {
        assert_eq!((row.id, row.system_user, row.customer_party), (change(), user(), party(OWNER)));
        assert_eq!(row.required_rights, [Right::to("vat", Some("write"))]);
        assert_eq!(row.unwanted_rights, [Right::to("vat", Some("read"))]);
        assert_eq!(row.required_access_packages, [PackageUrn::new("a")]);
        assert_eq!(row.unwanted_access_packages, [PackageUrn::new("b")]);
        assert_eq!(row.created, Timestamp::from_micros(2_000_000));
        assert_eq!(row.created_at.position, Position::new(2));
    }
}

#[test]
fn a_rejected_change_request_stays_and_a_withdrawn_one_vanishes() {
    let rejected =
        AgreementEvent::ChangeRejected(ChangeRejected { id: change(), by: party(PERSON) });
    let withdrawn = AgreementEvent::ChangeWithdrawn(ChangeWithdrawn { id: change() });
    let history = vec![vec![change_requested()], vec![rejected.into()], vec![withdrawn.into()]];
    let rows = table::<SystemUserChanges>(history, |c| c.system_user_changes);
    assert_eq!(rows.iter().map(interval).collect::<Vec<_>>(), [(1, Some(2)), (2, Some(3))]);
    assert_eq!(rows[1].status, RequestStatus::Rejected);
}

#[test]
fn what_was_never_asked_is_not_made_by_its_answer() {
    let rows = table::<SystemUserChanges>(vec![vec![change_approved()]], |c| c.system_user_changes);
    assert!(rows.is_empty());
}

#[test]
fn an_approved_change_changes_the_system_user_in_the_same_commit() {
    let history = vec![vec![created()], vec![change_approved(), changed()]];
    let rows = table::<SystemUsers>(history, |c| c.system_users);
    assert_eq!(rows.iter().map(interval).collect::<Vec<_>>(), [(1, Some(2)), (2, None)]);
    assert_eq!(rows[1].rights, [Right::to("vat", Some("write"))]);
    assert_eq!(rows[1].access_packages, [PackageUrn::new("a")]);
    let sequence = Sequence { position: Position::new(2), index: 1 };
    assert_eq!((rows[1].sequence, rows[1].created_at.position), (sequence, Position::new(1)));
}

#[test]
fn the_claim_of_an_id_changes_no_read_model() {
    let claimed = ChangeRequestEvent::Claimed(ChangeRequestClaimed {
        id: change(),
        system: system(),
        customer: org(),
    });
    let changes = project(&record(1, vec![claimed.into(), change_approved()]));
    let [Change::SystemUserChange(Keyed { entity, change: answered, .. })] = changes.as_slice()
    else {
        panic!("{changes:?}");
    };
    assert_eq!(*entity, EntityKey::new(change().uuid()));
    assert_eq!(*answered, ChangeRequestChange::Answered(RequestStatus::Accepted));
}
