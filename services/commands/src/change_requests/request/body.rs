//! What a vendor sends to ask for a change.

use axum::http::StatusCode;
use fullmakt_domain::agreement::{AgreementError, ChangeSubmission};
use fullmakt_events::{ChangeRequestId, SystemUserId};
use fullmakt_http::AltinnError;
use fullmakt_wire::{AccessPackageBody, RightBody};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use crate::refusal;

/// A request to change what a standard system user has. A list that is left out, or null, is empty.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ChangeRequestSystemUser {
    /// The single rights that it is to have.
    #[serde(default)]
    required_rights: Option<Vec<RightBody>>,
    /// The single rights that it is not to have.
    #[serde(default)]
    unwanted_rights: Option<Vec<RightBody>>,
    /// The access packages that it is to have.
    #[serde(default)]
    required_access_packages: Option<Vec<AccessPackageBody>>,
    /// The access packages that it is not to have.
    #[serde(default)]
    unwanted_access_packages: Option<Vec<AccessPackageBody>>,
    /// Where the approver is to be sent afterwards.
    #[schema(example = "https://smartcloud.example.no/receipt?order=3")]
    #[serde(default)]
    redirect_url: Option<String>,
}

/// What a change request is about.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[serde(rename_all = "kebab-case")]
#[into_params(parameter_in = Query)]
pub(crate) struct ChangeQuery {
    /// The id that the change request is to have, a UUID of the caller's choice.
    #[param(required, example = "7b2c4b0e-9f1a-4f0e-8c55-0a5f7d1c9e01")]
    #[serde(default)]
    correlation_id: Option<String>,
    /// The system user.
    #[param(required, example = "0197a3b0-0000-7000-8000-000000000000")]
    #[serde(default)]
    system_user_id: Option<String>,
}

impl ChangeQuery {
    /// The correlation id.
    ///
    /// # Errors
    /// When it is missing, no UUID, or the nil UUID, which names nothing.
    pub(super) fn correlation(&self) -> Result<ChangeRequestId, AltinnError> {
        let id = self.correlation_id.as_deref().and_then(|text| text.parse::<Uuid>().ok());
        let id = id.filter(|id| !id.is_nil()).ok_or_else(|| {
            let text = "the parameter `correlation-id` has to be a UUID of the caller's choice";
            AltinnError::PlainText(StatusCode::BAD_REQUEST, text.into())
        })?;
        Ok(ChangeRequestId::new(id))
    }

    /// The system user. What is no UUID names none.
    pub(super) fn system_user(&self) -> Result<SystemUserId, AltinnError> {
        let id = self.system_user_id.as_deref().and_then(|text| text.parse::<Uuid>().ok());
        let unknown = || {
            let id = SystemUserId::new(Uuid::nil());
            refusal::agreement(&AgreementError::SystemUserNotFound { id })
        };
        id.map(SystemUserId::new).ok_or_else(unknown)
    }
}

impl From<ChangeRequestSystemUser> for ChangeSubmission {
    fn from(body: ChangeRequestSystemUser) -> Self {
        let rights =
            |rights: Option<Vec<RightBody>>| rights.into_iter().flatten().map(Into::into).collect();
        let packages = |packages: Option<Vec<AccessPackageBody>>| {
            packages.into_iter().flatten().map(Into::into).collect()
        };
        Self {
            required_rights: rights(body.required_rights),
            unwanted_rights: rights(body.unwanted_rights),
            required_access_packages: packages(body.required_access_packages),
            unwanted_access_packages: packages(body.unwanted_access_packages),
            redirect_url: body.redirect_url,
        }
    }
}
