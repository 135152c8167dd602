//! Requests for system users.

use fullmakt_domain::agreement::{self, REQUEST_DAYS_MAX};
use fullmakt_events::{
    OrgNumber, PackageUrn, PartyId, PartyNumber, Right, SystemId, SystemUserId, Timestamp,
    event::SystemUserKind,
};
use fullmakt_projections::{RequestRow, RequestStatus};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{AccessPackageBody, ApprovalPages, RightBody};

/// Whether a request created at this time has timed out.
#[must_use]
pub const fn is_timed_out(created: Timestamp, now: Timestamp) -> bool {
    now.micros_since(created) > REQUEST_DAYS_MAX * 24 * 60 * 60 * 1_000_000
}

/// A request, from wherever it was read.
#[derive(Debug, Clone)]
pub struct RequestView {
    /// The request's id.
    pub id: SystemUserId,
    /// Whom the system user is to act for.
    pub kind: SystemUserKind,
    /// The system.
    pub system: SystemId,
    /// The customer.
    pub customer: OrgNumber,
    /// The vendor's reference.
    pub external_ref: String,
    /// What the customer sees it called.
    pub integration_title: String,
    /// The rights asked for.
    pub rights: Vec<Right>,
    /// The packages asked for.
    pub access_packages: Vec<PackageUrn>,
    /// Where the approver is sent afterwards.
    pub redirect_url: Option<String>,
    /// `New`, `Accepted` or `Rejected`.
    pub status: &'static str,
    /// Whether somebody who may not approve it has handed it to those who may.
    pub is_escalated: bool,
    /// When it was created.
    pub created: Timestamp,
}

impl From<&RequestRow> for RequestView {
    fn from(row: &RequestRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            system: row.system.clone(),
            customer: row.customer,
            external_ref: row.external_ref.clone(),
            integration_title: row.integration_title.clone(),
            rights: row.rights.clone(),
            access_packages: row.access_packages.clone(),
            redirect_url: row.redirect_url.clone(),
            status: status_read(row.status),
            is_escalated: row.is_escalated,
            created: row.created,
        }
    }
}

impl From<&agreement::Request> for RequestView {
    fn from(request: &agreement::Request) -> Self {
        let created = &request.created;
        Self {
            id: created.id,
            kind: created.kind,
            system: created.system.clone(),
            customer: created.customer,
            external_ref: created.external_ref.clone(),
            integration_title: created.integration_title.clone(),
            rights: created.rights.clone(),
            access_packages: created.access_packages.clone(),
            redirect_url: created.redirect_url.clone(),
            status: status(request.status),
            is_escalated: request.is_escalated,
            created: request.created_at,
        }
    }
}

/// The contract's name of what was answered.
pub(crate) const fn status(status: agreement::RequestStatus) -> &'static str {
    match status {
        agreement::RequestStatus::New => "New",
        agreement::RequestStatus::Accepted => "Accepted",
        agreement::RequestStatus::Rejected => "Rejected",
    }
}

/// The same for what the read models say.
pub(crate) const fn status_read(status: RequestStatus) -> &'static str {
    match status {
        RequestStatus::New => "New",
        RequestStatus::Accepted => "Accepted",
        RequestStatus::Rejected => "Rejected",
    }
}

/// A request as its vendor sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RequestSystemResponse {
    id: Uuid,
    integration_title: String,
    external_ref: String,
    system_id: String,
    party_org_no: String,
    /// Absent from a request for a system user that acts for clients.
    #[serde(skip_serializing_if = "Option::is_none")]
    rights: Option<Vec<RightBody>>,
    access_packages: Vec<AccessPackageBody>,
    /// `New`, `Accepted` or `Rejected`.
    #[schema(example = "New")]
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect_url: Option<String>,
    /// The page on which the customer answers.
    #[schema(
        example = "https://am.ui.example.no/accessmanagement/ui/systemuser/request?id=0197a3b0-0000-7000-8000-000000000000&DONTCHOOSEREPORTEE=true"
    )]
    confirm_url: String,
    escalated: bool,
    created: String,
    timed_out: bool,
}

impl RequestSystemResponse {
    /// The request as its vendor sees it at a time.
    #[must_use]
    pub fn new(request: &RequestView, pages: &ApprovalPages, now: Timestamp) -> Self {
        Self {
            id: request.id.uuid(),
            integration_title: request.integration_title.clone(),
            external_ref: request.external_ref.clone(),
            system_id: request.system.to_string(),
            party_org_no: request.customer.to_string(),
            rights: match request.kind {
                SystemUserKind::Standard => Some(request.rights.iter().map(Into::into).collect()),
                SystemUserKind::Agent => None,
            },
            access_packages: request.access_packages.iter().map(Into::into).collect(),
            status: request.status,
            redirect_url: request.redirect_url.clone(),
            confirm_url: pages.of_request(request.kind, request.id),
            escalated: request.is_escalated,
            created: request.created.to_string(),
            timed_out: is_timed_out(request.created, now),
        }
    }
}

/// A request as the customer's pages see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InternalRequestResponse {
    id: Uuid,
    integration_title: String,
    external_ref: String,
    system_id: String,
    party_org_no: String,
    party_id: u32,
    party_uuid: Uuid,
    rights: Vec<RightBody>,
    access_packages: Vec<AccessPackageBody>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect_url: Option<String>,
    confirm_url: String,
    escalated: bool,
    user_may_escalate_but_not_approve: bool,
    created: String,
    system_user_type: &'static str,
}

impl InternalRequestResponse {
    /// The request as the customer's pages see it.
    #[must_use]
    pub fn new(
        request: &RequestView,
        pages: &ApprovalPages,
        (party, number): (PartyId, PartyNumber),
    ) -> Self {
        Self {
            id: request.id.uuid(),
            integration_title: request.integration_title.clone(),
            external_ref: request.external_ref.clone(),
            system_id: request.system.to_string(),
            party_org_no: request.customer.to_string(),
            party_id: number.get(),
            party_uuid: party.uuid(),
            rights: request.rights.iter().map(Into::into).collect(),
            access_packages: request.access_packages.iter().map(Into::into).collect(),
            status: request.status,
            redirect_url: request.redirect_url.clone(),
            confirm_url: pages.of_request(request.kind, request.id),
            escalated: request.is_escalated,
            user_may_escalate_but_not_approve: false,
            created: request.created.to_string(),
            system_user_type: match request.kind {
                SystemUserKind::Standard => "Standard",
                SystemUserKind::Agent => "Agent",
            },
        }
    }

    /// The same for somebody who may only hand it to those who may approve it.
    #[must_use]
    pub const fn for_escalation(mut self) -> Self {
        self.user_may_escalate_but_not_approve = true;
        self
    }
}
