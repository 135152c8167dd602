//! Rights and packages.

use fullmakt_events::{PackageUrn, ResourceReference, Right};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A single right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RightBody {
    /// The only action meant; nothing means every action that may be delegated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub action: Option<String>,
    /// The resource, one pair.
    #[serde(default)]
    pub resource: Vec<ResourcePairBody>,
}

/// The reference to a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ResourcePairBody {
    /// `urn:altinn:resource`.
    #[schema(example = "urn:altinn:resource")]
    pub id: String,
    /// The resource's identifier.
    #[schema(example = "demo-vat-return")]
    pub value: String,
}

/// An access package.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccessPackageBody {
    /// The package's URN.
    #[schema(example = "urn:altinn:accesspackage:merverdiavgift")]
    pub urn: String,
}

impl From<RightBody> for Right {
    fn from(body: RightBody) -> Self {
        let pair = |pair: ResourcePairBody| ResourceReference { id: pair.id, value: pair.value };
        Self { action: body.action, resource: body.resource.into_iter().map(pair).collect() }
    }
}

impl From<&Right> for RightBody {
    fn from(right: &Right) -> Self {
        let pair = |pair: &ResourceReference| ResourcePairBody {
            id: pair.id.clone(),
            value: pair.value.clone(),
        };
        Self { action: right.action.clone(), resource: right.resource.iter().map(pair).collect() }
    }
}

impl From<AccessPackageBody> for PackageUrn {
    fn from(body: AccessPackageBody) -> Self {
        Self::new(body.urn)
    }
}

impl From<&PackageUrn> for AccessPackageBody {
    fn from(package: &PackageUrn) -> Self {
        Self { urn: package.to_string() }
    }
}
