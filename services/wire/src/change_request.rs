//! Requests to change what a system user has.

use fullmakt_domain::agreement;
use fullmakt_events::{
    ChangeRequestId, OrgNumber, PackageUrn, PartyId, PartyNumber, Right, SystemId, SystemUserId,
    Timestamp,
};
use fullmakt_projections::ChangeRequestRow;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    AccessPackageBody, ApprovalPages, RightBody, is_timed_out,
    request::{status, status_read},
};

/// A change request, from wherever it was read.
#[derive(Debug, Clone)]
pub struct ChangeRequestView {
    /// The change request's id.
    pub id: ChangeRequestId,
    /// The system user that is to change.
    pub system_user: SystemUserId,
    /// The system.
    pub system: SystemId,
    /// The customer.
    pub customer: OrgNumber,
    /// The reference that names the system user.
    pub external_ref: String,
    /// The rights that it is to have.
    pub required_rights: Vec<Right>,
    /// The rights that it is not to have.
    pub unwanted_rights: Vec<Right>,
    /// The packages that it is to have.
    pub required_access_packages: Vec<PackageUrn>,
    /// The packages that it is not to have.
    pub unwanted_access_packages: Vec<PackageUrn>,
    /// Where the approver is sent afterwards.
    pub redirect_url: Option<String>,
    /// `New`, `Accepted`, `Rejected` or `NoChangeNeeded`.
    pub status: &'static str,
    /// When it was created.
    pub created: Timestamp,
}

impl ChangeRequestView {
    /// The status of what asks for nothing that is not so already.
    pub const NO_CHANGE_NEEDED: &'static str = "NoChangeNeeded";
}

impl From<&ChangeRequestRow> for ChangeRequestView {
    fn from(row: &ChangeRequestRow) -> Self {
        Self {
            id: row.id,
            system_user: row.system_user,
            system: row.system.clone(),
            customer: row.customer,
            external_ref: row.external_ref.clone(),
            required_rights: row.required_rights.clone(),
            unwanted_rights: row.unwanted_rights.clone(),
            required_access_packages: row.required_access_packages.clone(),
            unwanted_access_packages: row.unwanted_access_packages.clone(),
            redirect_url: row.redirect_url.clone(),
            status: status_read(row.status),
            created: row.created,
        }
    }
}

impl From<&agreement::ChangeRequest> for ChangeRequestView {
    fn from(request: &agreement::ChangeRequest) -> Self {
        let requested = &request.requested;
        Self {
            id: requested.id,
            system_user: requested.system_user,
            system: requested.system.clone(),
            customer: requested.customer,
            external_ref: requested.external_ref.clone(),
            required_rights: requested.required_rights.clone(),
            unwanted_rights: requested.unwanted_rights.clone(),
            required_access_packages: requested.required_access_packages.clone(),
            unwanted_access_packages: requested.unwanted_access_packages.clone(),
            redirect_url: requested.redirect_url.clone(),
            status: status(request.status),
            created: request.requested_at,
        }
    }
}

/// A change request as its vendor sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ChangeRequestResponse {
    /// The correlation id that the vendor chose.
    id: Uuid,
    external_ref: String,
    system_id: String,
    system_user_id: Uuid,
    party_org_no: String,
    required_rights: Vec<RightBody>,
    unwanted_rights: Vec<RightBody>,
    required_access_packages: Vec<AccessPackageBody>,
    unwanted_access_packages: Vec<AccessPackageBody>,
    /// `New`, `Accepted`, `Rejected` or `NoChangeNeeded`.
    #[schema(example = "New")]
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect_url: Option<String>,
    /// The page on which the customer answers; empty where there is nothing to answer.
    #[schema(
        example = "https://am.ui.example.no/accessmanagement/ui/systemuser/changerequest?id=7b2c4b0e-9f1a-4f0e-8c55-0a5f7d1c9e01&DONTCHOOSEREPORTEE=true"
    )]
    confirm_url: String,
    created: String,
    timed_out: bool,
}

impl ChangeRequestResponse {
    /// The change request as its vendor sees it at a time.
    #[must_use]
    pub fn new(request: &ChangeRequestView, pages: &ApprovalPages, now: Timestamp) -> Self {
        let confirm_url = pages.of_change_request(request.id);
        Self { confirm_url, ..Self::unasked(request, now) }
    }

    /// What a vendor is told of a change that its customer was not asked for.
    #[must_use]
    pub fn unasked(request: &ChangeRequestView, now: Timestamp) -> Self {
        Self {
            id: request.id.uuid(),
            external_ref: request.external_ref.clone(),
            system_id: request.system.to_string(),
            system_user_id: request.system_user.uuid(),
            party_org_no: request.customer.to_string(),
            required_rights: request.required_rights.iter().map(Into::into).collect(),
            unwanted_rights: request.unwanted_rights.iter().map(Into::into).collect(),
            required_access_packages: packages(&request.required_access_packages),
            unwanted_access_packages: packages(&request.unwanted_access_packages),
            status: request.status,
            redirect_url: request.redirect_url.clone(),
            confirm_url: String::new(),
            created: request.created.to_string(),
            timed_out: is_timed_out(request.created, now),
        }
    }
}

/// A change request as the customer's pages see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InternalChangeRequestResponse {
    #[serde(flatten)]
    request: ChangeRequestResponse,
    party_id: u32,
    party_uuid: Uuid,
}

impl InternalChangeRequestResponse {
    /// The change request as the customer's pages see it at a time.
    #[must_use]
    pub fn new(
        request: &ChangeRequestView,
        pages: &ApprovalPages,
        (party, number): (PartyId, PartyNumber),
        now: Timestamp,
    ) -> Self {
        Self {
            request: ChangeRequestResponse::new(request, pages, now),
            party_id: number.get(),
            party_uuid: party.uuid(),
        }
    }
}

fn packages(packages: &[PackageUrn]) -> Vec<AccessPackageBody> {
    packages.iter().map(Into::into).collect()
}
