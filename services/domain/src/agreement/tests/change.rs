//! Change requests: asked in the order of the wire contract's checks, and approved as a whole.

use fullmakt_events::{
    ChangeRequestId,
    event::{
        ChangeApproved, ChangeRejected, ChangeRequestClaimed, ChangeRequestEvent, ChangeRequested,
        ChangeWithdrawn, SystemUserChanged,
    },
};

use super::*;

mod approve;
mod request;
mod unwanted;

pub(in super::super) fn change_id(number: u128) -> ChangeRequestId {
    ChangeRequestId::new(Uuid::from_u128(number))
}

/// A change that asks for another right and takes a package, of the system user of `creation()`.
pub(in super::super) fn change() -> RequestChange {
    RequestChange {
        id: change_id(900),
        at: NOW,
        vendor: Some(vendor()),
        system_user: id(1),
        submitted: ChangeSubmission {
            required_rights: vec![Right::to("vat-report", Some("submit"))],
            unwanted_rights: vec![],
            required_access_packages: vec![],
            unwanted_access_packages: vec![tax()],
            redirect_url: Some("https://smartcloud.example/done?id=8".to_owned()),
        },
        facts: ChangeFacts {
            system: active(definition()),
            customer_party: Some(PartyFact { party: customer_party(), is_deleted: false }),
            packages: packages(),
            claim: ChangeRequestClaim::Free,
        },
    }
}

pub(in super::super) fn change_approval() -> ApproveChange {
    ApproveChange {
        id: change_id(900),
        at: NOW,
        party: customer_party(),
        by: manager(),
        facts: approval().facts,
    }
}

fn request(how: impl FnOnce(&mut RequestChange)) -> AgreementCommand {
    let mut command = change();
    how(&mut command);
    AgreementCommand::RequestChange(Box::new(command))
}

fn approve(how: impl FnOnce(&mut ApproveChange)) -> AgreementCommand {
    let mut command = change_approval();
    how(&mut command);
    AgreementCommand::ApproveChange(Box::new(command))
}

fn requested() -> ChangeRequested {
    let ChangeSubmission {
        required_rights,
        unwanted_rights,
        required_access_packages,
        unwanted_access_packages,
        redirect_url,
    } = change().submitted;
    ChangeRequested {
        id: change_id(900),
        system_user: id(1),
        system: system_id(),
        vendor: vendor(),
        customer: customer(),
        customer_party: customer_party(),
        external_ref: "shop".to_owned(),
        required_rights,
        unwanted_rights,
        required_access_packages,
        unwanted_access_packages,
        redirect_url,
    }
}

fn change_requested() -> AgreementEvent {
    AgreementEvent::ChangeRequested(requested())
}

fn change_approved() -> AgreementEvent {
    AgreementEvent::ChangeApproved(ChangeApproved { id: change_id(900), by: manager() })
}

fn change_rejected() -> AgreementEvent {
    AgreementEvent::ChangeRejected(ChangeRejected { id: change_id(900), by: manager() })
}

fn change_withdrawn() -> AgreementEvent {
    AgreementEvent::ChangeWithdrawn(ChangeWithdrawn { id: change_id(900) })
}

fn standard() -> AgreementEvent {
    user(SystemUserKind::Standard)
}
