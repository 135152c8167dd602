//! What a vendor sends to ask for a system user.

use fullmakt_domain::{AuthCode, Seen, agreement::RequestSubmission};
use fullmakt_events::{OrgNumber, SystemId};
use fullmakt_http::{AltinnError, ModelState};
use fullmakt_wire::{AccessPackageBody, RightBody, auth_error};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A request for a standard system user.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreateRequestSystemUser {
    /// What the customer is to see it called; the system's name if left out.
    #[schema(example = "Smartcloud for Fjordtorg")]
    #[serde(default)]
    integration_title: Option<String>,
    /// The vendor's own reference; the customer's organisation number if left out.
    #[schema(example = "customer-4711")]
    #[serde(default)]
    external_ref: Option<String>,
    /// The system's id.
    #[schema(example = "310010014_smartcloud")]
    #[serde(default)]
    pub(super) system_id: Option<String>,
    /// The customer's organisation number.
    #[schema(example = "310010022")]
    #[serde(default)]
    pub(super) party_org_no: Option<String>,
    /// The single rights asked for.
    #[serde(default)]
    rights: Option<Vec<RightBody>>,
    /// The access packages asked for.
    #[serde(default)]
    access_packages: Option<Vec<AccessPackageBody>>,
    /// Where the approver is to be sent afterwards.
    #[schema(example = "https://smartcloud.example.no/receipt?order=1")]
    #[serde(default)]
    redirect_url: Option<String>,
}

/// A request for a system user that acts for clients.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CreateAgentRequestSystemUser {
    /// What the customer is to see it called; the system's name if left out.
    #[schema(example = "Smartcloud for Balanse")]
    #[serde(default)]
    integration_title: Option<String>,
    /// The vendor's own reference; the customer's organisation number if left out.
    #[schema(example = "accountant-12")]
    #[serde(default)]
    external_ref: Option<String>,
    /// The system's id.
    #[schema(example = "310010014_smartcloud")]
    #[serde(default)]
    pub(super) system_id: Option<String>,
    /// The customer's organisation number.
    #[schema(example = "310010057")]
    #[serde(default)]
    pub(super) party_org_no: Option<String>,
    /// The access packages asked for, at least one: the most that it can be given for clients.
    #[serde(default)]
    access_packages: Option<Vec<AccessPackageBody>>,
    /// Where the approver is to be sent afterwards.
    #[schema(example = "https://smartcloud.example.no/receipt?order=2")]
    #[serde(default)]
    redirect_url: Option<String>,
}

pub(super) fn system(text: Option<&str>) -> Result<SystemId, AltinnError> {
    let text = text.filter(|text| !text.is_empty()).ok_or_else(|| required("SystemId"))?;
    text.parse().map_err(|_| auth_error(AuthCode::SystemNotFound, "there is no such system"))
}

pub(super) fn customer(text: Option<&str>) -> Result<OrgNumber, AltinnError> {
    let text = text.filter(|text| !text.is_empty()).ok_or_else(|| required("PartyOrgNo"))?;
    text.parse().map_err(|_| {
        let seen = Seen::new(text);
        auth_error(AuthCode::CustomerNotFound, format!("`{seen}` is not an organisation number"))
    })
}

fn required(field: &str) -> AltinnError {
    AltinnError::ModelState(ModelState::field(field, format!("The {field} field is required.")))
}

impl From<CreateRequestSystemUser> for RequestSubmission {
    fn from(body: CreateRequestSystemUser) -> Self {
        Self {
            external_ref: body.external_ref,
            integration_title: body.integration_title,
            rights: body.rights.map(|rights| rights.into_iter().map(Into::into).collect()),
            access_packages: body
                .access_packages
                .map(|packages| packages.into_iter().map(Into::into).collect()),
            redirect_url: body.redirect_url,
        }
    }
}

impl From<CreateAgentRequestSystemUser> for RequestSubmission {
    fn from(body: CreateAgentRequestSystemUser) -> Self {
        Self {
            external_ref: body.external_ref,
            integration_title: body.integration_title,
            rights: None,
            access_packages: body
                .access_packages
                .map(|packages| packages.into_iter().map(Into::into).collect()),
            redirect_url: body.redirect_url,
        }
    }
}
