//! A system as its vendor writes it, for registrations and updates alike.

use fullmakt_domain::system::SystemSubmission;
use fullmakt_events::LocalizedText;
use fullmakt_wire::{AccessPackageBody, RightBody};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A system to be registered, or what is to replace all that is held of it.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RegisterSystemRequest {
    /// The vendor's organisation number, `_` and a name.
    #[schema(example = "310010014_smartcloud")]
    #[serde(default)]
    id: String,
    #[serde(default)]
    vendor: VendorRequest,
    #[serde(default)]
    name: TextRequest,
    #[serde(default)]
    description: TextRequest,
    /// The single rights that it may ask customers for.
    #[serde(default)]
    rights: Option<Vec<RightBody>>,
    /// The access packages that it may ask customers for.
    #[serde(default)]
    access_packages: Option<Vec<AccessPackageBody>>,
    /// The token issuer's client ids that act for it.
    #[serde(default)]
    client_id: Option<Vec<String>>,
    /// Whether customers can find it by themselves; true if left out.
    #[serde(default)]
    is_visible: Option<bool>,
    /// Where customers may be sent after a request was answered; absolute, https.
    #[serde(default)]
    allowed_redirect_urls: Option<Vec<String>>,
}

/// The organisation that makes a system.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub(crate) struct VendorRequest {
    /// `0192:` and the organisation number.
    #[serde(rename = "ID", default)]
    #[schema(example = "0192:310010014")]
    id: String,
}

/// A text in three languages.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
pub(crate) struct TextRequest {
    #[serde(default)]
    nb: Option<String>,
    #[serde(default)]
    nn: Option<String>,
    #[serde(default)]
    en: Option<String>,
}

impl From<RegisterSystemRequest> for SystemSubmission {
    fn from(body: RegisterSystemRequest) -> Self {
        let rights = body.rights.unwrap_or_default();
        let access_packages = body.access_packages.unwrap_or_default();
        Self {
            id: body.id,
            vendor: body.vendor.id,
            name: body.name.into(),
            description: body.description.into(),
            rights: rights.into_iter().map(Into::into).collect(),
            access_packages: access_packages.into_iter().map(Into::into).collect(),
            client_ids: body.client_id.unwrap_or_default(),
            is_visible: body.is_visible.unwrap_or(true),
            allowed_redirect_urls: body.allowed_redirect_urls.unwrap_or_default(),
        }
    }
}

impl From<TextRequest> for LocalizedText {
    fn from(body: TextRequest) -> Self {
        Self {
            nb: body.nb.unwrap_or_default(),
            nn: body.nn.unwrap_or_default(),
            en: body.en.unwrap_or_default(),
        }
    }
}
