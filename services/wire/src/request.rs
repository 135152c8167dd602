//! Requests for system users.

use fullmakt_domain::agreement::REQUEST_DAYS_MAX;
use fullmakt_events::{
    OrgNumber, PackageUrn, PartyId, PartyNumber, Right, SystemId, SystemUserId, Timestamp,
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
    /// When it was created.
    pub created: Timestamp,
}

impl From<&RequestRow> for RequestView {
    fn from(row: &RequestRow) -> Self {
        Self {
            id: row.id,
            system: row.system.clone(),
            customer: row.customer,
            external_ref: row.external_ref.clone(),
            integration_title: row.integration_title.clone(),
            rights: row.rights.clone(),
            access_packages: row.access_packages.clone(),
            redirect_url: row.redirect_url.clone(),
            status: match row.status {
                RequestStatus::New => "New",
                RequestStatus::Accepted => "Accepted",
                RequestStatus::Rejected => "Rejected",
            },
            created: row.created,
        }
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
    rights: Vec<RightBody>,
    access_packages: Vec<AccessPackageBody>,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    confirm_url: Option<String>,
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
            rights: request.rights.iter().map(Into::into).collect(),
            access_packages: request.access_packages.iter().map(Into::into).collect(),
            status: request.status,
            redirect_url: request.redirect_url.clone(),
            confirm_url: Some(pages.of_request(request.id)),
            // A request for a standard system user is never escalated.
            escalated: false,
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
            confirm_url: pages.of_request(request.id),
            escalated: false,
            user_may_escalate_but_not_approve: false,
            created: request.created.to_string(),
            system_user_type: "Standard",
        }
    }
}
