//! Fixtures: a vendor, a customer with a manager, and what happens between them.

use fullmakt_events::{
    LocalizedText, OrgNumber, PackageUrn, PartyId, Right, SystemId, SystemInternalId,
    event::{
        RequestApproved, RequestCreated, RequestEscalated, RequestRejected, RequestWithdrawn,
        SystemDefinition, SystemUserChanged, SystemUserCreated, SystemUserDeleted,
        SystemUserPaused, SystemUserResumed,
    },
};
use uuid::Uuid;

use super::*;
use crate::{
    facts::{PackageFact, PackageFacts, PartyFact},
    scenario::NOW,
    system::{RegisteredSystem, System},
};

mod agent;
mod approve;
mod change;
mod create;
mod create_directly;
mod delete;
mod end;
mod escalate;
mod manage;

pub(super) use change::{change, change_approval, change_id};

pub(super) const DAY: i64 = 24 * 60 * 60;
const NUMBER: &str = "12838549045";

pub(super) fn vendor() -> OrgNumber {
    "991825827".parse().unwrap()
}

pub(super) fn stranger() -> OrgNumber {
    "319900101".parse().unwrap()
}

pub(super) fn customer() -> OrgNumber {
    "319900128".parse().unwrap()
}

pub(super) fn id(number: u128) -> SystemUserId {
    SystemUserId::new(Uuid::from_u128(number))
}

fn party(number: u128) -> PartyId {
    PartyId::new(Uuid::from_u128(number))
}

pub(super) fn customer_party() -> PartyId {
    party(100)
}

pub(super) fn manager() -> PartyId {
    party(200)
}

pub(super) fn other_party() -> PartyId {
    party(300)
}

fn package(name: &str) -> PackageUrn {
    PackageUrn::new(format!("urn:altinn:accesspackage:{name}"))
}

pub(super) fn tax() -> PackageUrn {
    package("skatt-naering")
}

fn system_id() -> SystemId {
    "991825827_smartcloud".parse().unwrap()
}

fn definition() -> SystemDefinition {
    let texts = |text: &str| LocalizedText {
        nb: format!("{text} nb"),
        nn: format!("{text} nn"),
        en: format!("{text} en"),
    };
    SystemDefinition {
        id: system_id(),
        vendor: vendor(),
        name: texts("SmartCloud"),
        description: texts("Reports"),
        rights: vec![Right::to("tax-report", Some("read")), Right::to("vat-report", None)],
        access_packages: vec![tax(), package("regnskapsforer-lonn")],
        client_ids: vec![],
        is_visible: false,
        allowed_redirect_urls: vec!["https://smartcloud.example/done".to_owned()],
    }
}

fn active(definition: SystemDefinition) -> System {
    let internal_id = SystemInternalId::new(Uuid::from_u128(1));
    System::Active(RegisteredSystem { internal_id, definition: Box::new(definition) })
}

fn gone(definition: SystemDefinition) -> System {
    let internal_id = SystemInternalId::new(Uuid::from_u128(1));
    System::Deleted(RegisteredSystem { internal_id, definition: Box::new(definition) })
}

fn packages() -> PackageFacts {
    PackageFacts::from([
        (tax(), PackageFact { is_assignable: true, is_delegable: true }),
        (package("regnskapsforer-lonn"), PackageFact { is_assignable: false, is_delegable: true }),
    ])
}

/// A request for one right and one package, under the reference `shop`.
pub(super) fn creation() -> CreateRequest {
    CreateRequest {
        id: id(1),
        kind: SystemUserKind::Standard,
        at: NOW,
        vendor: Some(vendor()),
        system: system_id(),
        customer: customer(),
        submitted: RequestSubmission {
            external_ref: Some("shop".to_owned()),
            integration_title: Some("Our shop".to_owned()),
            rights: Some(vec![Right::to("tax-report", Some("read"))]),
            access_packages: Some(vec![tax()]),
            redirect_url: Some("https://smartcloud.example/done?id=7".to_owned()),
        },
        facts: RequestFacts {
            system: active(definition()),
            customer_party: Some(PartyFact { party: customer_party(), is_deleted: false }),
            packages: packages(),
        },
    }
}

/// A system user of the system, made by the customer itself.
pub(super) fn direct_creation() -> CreateSystemUser {
    CreateSystemUser {
        id: id(1),
        system: system_id(),
        owner: customer(),
        owner_party: PartyFact { party: customer_party(), is_deleted: false },
        integration_title: Some("Our shop".to_owned()),
        facts: ApprovalFacts {
            system: active(SystemDefinition { access_packages: vec![tax()], ..definition() }),
            ..approval().facts
        },
    }
}

fn create(change: impl FnOnce(&mut CreateRequest)) -> AgreementCommand {
    let mut command = creation();
    change(&mut command);
    AgreementCommand::Create(Box::new(command))
}

fn request(kind: SystemUserKind) -> RequestCreated {
    RequestCreated {
        id: id(1),
        kind,
        system: system_id(),
        vendor: vendor(),
        customer: customer(),
        customer_party: customer_party(),
        external_ref: "shop".to_owned(),
        integration_title: "Our shop".to_owned(),
        rights: vec![Right::to("tax-report", Some("read"))],
        access_packages: vec![tax()],
        redirect_url: Some("https://smartcloud.example/done?id=7".to_owned()),
    }
}

fn created() -> AgreementEvent {
    AgreementEvent::RequestCreated(request(SystemUserKind::Standard))
}

/// A request that is for a system user that acts for clients.
fn agent_request() -> RequestCreated {
    RequestCreated { rights: vec![], ..request(SystemUserKind::Agent) }
}

fn agent_created() -> AgreementEvent {
    AgreementEvent::RequestCreated(agent_request())
}

fn approved() -> AgreementEvent {
    AgreementEvent::RequestApproved(RequestApproved { id: id(1), by: manager() })
}

fn rejected() -> AgreementEvent {
    AgreementEvent::RequestRejected(RequestRejected { id: id(1), by: manager() })
}

fn escalated() -> AgreementEvent {
    AgreementEvent::RequestEscalated(RequestEscalated { id: id(1), by: manager() })
}

fn withdrawn() -> AgreementEvent {
    AgreementEvent::RequestWithdrawn(RequestWithdrawn { id: id(1) })
}

fn user(kind: SystemUserKind) -> AgreementEvent {
    AgreementEvent::SystemUserCreated(SystemUserCreated {
        id: id(1),
        kind,
        system: system_id(),
        vendor: vendor(),
        owner: customer(),
        owner_party: customer_party(),
        external_ref: "shop".to_owned(),
        integration_title: "Our shop".to_owned(),
        rights: vec![Right::to("tax-report", Some("read"))],
        delegated: vec![Right::to("tax-report", Some("read"))],
        access_packages: vec![tax()],
    })
}

fn deleted() -> AgreementEvent {
    AgreementEvent::SystemUserDeleted(SystemUserDeleted { id: id(1), by: Some(manager()) })
}

/// A request that was approved, and the system user that came of it.
fn with_user(kind: SystemUserKind) -> Vec<AgreementEvent> {
    let asked = match kind {
        SystemUserKind::Standard => created(),
        SystemUserKind::Agent => agent_created(),
    };
    vec![asked, approved(), user(kind)]
}

/// The manager can read and write tax reports, read VAT reports, and delegate the tax package.
fn delegation() -> DelegationCheck {
    use ActionDelegation::{Delegable, Refused};
    let actions = |actions: &[(&str, ActionDelegation)]| {
        ResourceDelegation::Actions(
            actions.iter().map(|(action, result)| ((*action).to_owned(), *result)).collect(),
        )
    };
    DelegationCheck {
        resources: [
            ("tax-report".to_owned(), actions(&[("read", Delegable), ("write", Delegable)])),
            (
                "vat-report".to_owned(),
                actions(&[
                    ("read", Delegable),
                    ("sign", Refused(DelegationRefusal::MissingRoleAccess)),
                    ("submit", Delegable),
                ]),
            ),
        ]
        .into(),
        packages: [tax()].into(),
    }
}

pub(super) fn approval() -> ApproveRequest {
    ApproveRequest {
        id: id(1),
        kind: SystemUserKind::Standard,
        at: NOW,
        party: customer_party(),
        by: manager(),
        facts: ApprovalFacts {
            system: active(definition()),
            packages: packages(),
            delegation: delegation(),
        },
    }
}

fn approve(change: impl FnOnce(&mut ApproveRequest)) -> AgreementCommand {
    let mut command = approval();
    change(&mut command);
    AgreementCommand::Approve(Box::new(command))
}
