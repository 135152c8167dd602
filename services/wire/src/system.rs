//! Systems of the register.

use fullmakt_events::{LocalizedText, event::SystemDefinition};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{AccessPackageBody, RightBody};

/// The organisation that makes a system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct VendorBody {
    /// `0192:` and the organisation number.
    #[serde(rename = "ID")]
    #[schema(example = "0192:310010014")]
    pub id: String,
}

/// A text in three languages.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TextBody {
    nb: String,
    nn: String,
    en: String,
}

impl From<&LocalizedText> for TextBody {
    fn from(text: &LocalizedText) -> Self {
        Self { nb: text.nb.clone(), nn: text.nn.clone(), en: text.en.clone() }
    }
}

/// A system as its vendor sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegisteredSystemResponse {
    id: String,
    vendor: VendorBody,
    name: TextBody,
    description: TextBody,
    rights: Vec<RightBody>,
    access_packages: Vec<AccessPackageBody>,
    is_deleted: bool,
    client_id: Vec<String>,
    is_visible: bool,
    allowed_redirect_urls: Vec<String>,
}

impl RegisteredSystemResponse {
    /// The system as its vendor sees it.
    #[must_use]
    pub fn new(system: &SystemDefinition, is_deleted: bool) -> Self {
        Self {
            id: system.id.to_string(),
            vendor: VendorBody { id: system.vendor.to_iso6523() },
            name: (&system.name).into(),
            description: (&system.description).into(),
            rights: system.rights.iter().map(Into::into).collect(),
            access_packages: system.access_packages.iter().map(Into::into).collect(),
            is_deleted,
            client_id: system.client_ids.iter().map(ToString::to_string).collect(),
            is_visible: system.is_visible,
            allowed_redirect_urls: system.allowed_redirect_urls.clone(),
        }
    }
}

/// A system as customers see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RegisteredSystemDto {
    system_id: String,
    system_vendor_org_number: String,
    /// Always an empty text.
    system_vendor_org_name: &'static str,
    name: TextBody,
    description: TextBody,
    rights: Vec<RightBody>,
    access_packages: Vec<AccessPackageBody>,
    is_visible: bool,
}

impl From<&SystemDefinition> for RegisteredSystemDto {
    fn from(system: &SystemDefinition) -> Self {
        Self {
            system_id: system.id.to_string(),
            system_vendor_org_number: system.vendor.to_string(),
            system_vendor_org_name: "",
            name: (&system.name).into(),
            description: (&system.description).into(),
            rights: system.rights.iter().map(Into::into).collect(),
            access_packages: system.access_packages.iter().map(Into::into).collect(),
            is_visible: system.is_visible,
        }
    }
}
