//! System users.

use fullmakt_events::{
    OrgNumber, PackageUrn, PartyId, PartyNumber, Right, SystemId, SystemInternalId, SystemUserId,
    Timestamp,
    event::{SystemUserCreated, SystemUserKind},
};
use fullmakt_projections::SystemUserRow;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{AccessPackageBody, RightBody};

/// A system user, from wherever it was read.
#[derive(Debug, Clone)]
pub struct SystemUserView {
    /// The system user's id.
    pub id: SystemUserId,
    /// Whom it acts for.
    pub kind: SystemUserKind,
    /// The system.
    pub system: SystemId,
    /// The organisation that makes the system.
    pub vendor: OrgNumber,
    /// The organisation that owns it.
    pub owner: OrgNumber,
    /// The vendor's reference.
    pub external_ref: String,
    /// What the owner sees it called.
    pub integration_title: String,
    /// The single rights it was asked for.
    pub rights: Vec<Right>,
    /// The access packages it was given.
    pub access_packages: Vec<PackageUrn>,
    /// When it was created.
    pub created: Timestamp,
    /// Whether it is gone.
    pub is_deleted: bool,
}

impl From<&SystemUserRow> for SystemUserView {
    fn from(row: &SystemUserRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            system: row.system.clone(),
            vendor: row.vendor,
            owner: row.owner,
            external_ref: row.external_ref.clone(),
            integration_title: row.integration_title.clone(),
            rights: row.rights.clone(),
            access_packages: row.access_packages.clone(),
            created: row.created,
            is_deleted: row.is_deleted,
        }
    }
}

impl SystemUserView {
    /// The system user that an event of this time creates.
    #[must_use]
    pub fn created(event: &SystemUserCreated, at: Timestamp) -> Self {
        Self {
            id: event.id,
            kind: event.kind,
            system: event.system.clone(),
            vendor: event.vendor,
            owner: event.owner,
            external_ref: event.external_ref.clone(),
            integration_title: event.integration_title.clone(),
            rights: event.rights.clone(),
            access_packages: event.access_packages.clone(),
            created: at,
            is_deleted: false,
        }
    }
}

/// Whom a system user acts for, as the contract writes it.
#[must_use]
pub const fn user_type(kind: SystemUserKind) -> &'static str {
    match kind {
        SystemUserKind::Standard => "standard",
        SystemUserKind::Agent => "agent",
    }
}

/// A system user as vendors and the token issuer see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalSystemUser {
    #[schema(example = "0192f0c8-3f1c-7b52-a5a3-0c5f2b1d9e77")]
    id: Uuid,
    /// What the owner sees it called.
    #[schema(example = "Our shop")]
    integration_title: String,
    #[schema(example = "310010014_smartcloud")]
    system_id: String,
    /// The system's id, where the token issuer looks the system user up.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "310010014_smartcloud")]
    product_name: Option<String>,
    /// The owner's organisation number.
    #[schema(example = "310010022")]
    reportee_org_no: String,
    #[schema(example = "2026-11-21T21:13:00.123456Z")]
    created: String,
    is_deleted: bool,
    /// Always an empty text.
    supplier_name: &'static str,
    /// The vendor's organisation number.
    #[schema(example = "310010014")]
    supplier_orgno: String,
    /// The vendor's reference.
    #[schema(example = "310010022")]
    external_ref: String,
    /// `standard` or `agent`.
    #[schema(example = "standard")]
    user_type: &'static str,
}

impl ExternalSystemUser {
    /// A system user as vendors see it.
    #[must_use]
    pub fn new(user: &SystemUserView) -> Self {
        Self {
            id: user.id.uuid(),
            integration_title: user.integration_title.clone(),
            system_id: user.system.to_string(),
            product_name: None,
            reportee_org_no: user.owner.to_string(),
            created: user.created.to_string(),
            is_deleted: user.is_deleted,
            supplier_name: "",
            supplier_orgno: user.vendor.to_string(),
            external_ref: user.external_ref.clone(),
            user_type: user_type(user.kind),
        }
    }

    /// The same as the token issuer looks it up: it has the system's id as product name.
    #[must_use]
    pub fn with_product_name(mut self) -> Self {
        self.product_name = Some(self.system_id.clone());
        self
    }
}

/// What the owner's pages know besides.
#[derive(Debug, Clone, Copy)]
pub struct OwnerView {
    /// The register's internal id of the system.
    pub system: Option<SystemInternalId>,
    /// The owner's integer id.
    pub number: PartyNumber,
    /// The owner.
    pub party: PartyId,
}

/// A system user as its owner's pages see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InternalSystemUser {
    #[schema(example = "0192f0c8-3f1c-7b52-a5a3-0c5f2b1d9e77")]
    id: Uuid,
    /// What the owner sees it called.
    #[schema(example = "Our shop")]
    integration_title: String,
    #[schema(example = "310010014_smartcloud")]
    system_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    system_internal_id: Option<Uuid>,
    /// The owner's integer party id.
    #[schema(example = "50010022")]
    party_id: String,
    /// The owner's UUID, in the contract's spelling.
    party_uu_id: Uuid,
    /// The owner's organisation number.
    #[schema(example = "310010022")]
    reportee_org_no: String,
    #[schema(example = "2026-11-21T21:13:00.123456Z")]
    created: String,
    is_deleted: bool,
    /// Always an empty text.
    supplier_name: &'static str,
    supplier_orgno: String,
    external_ref: String,
    access_packages: Vec<AccessPackageBody>,
    /// In the detailed form only.
    #[serde(skip_serializing_if = "Option::is_none")]
    rights: Option<Vec<RightBody>>,
    user_type: &'static str,
}

impl InternalSystemUser {
    /// A system user as its owner's pages list it.
    #[must_use]
    pub fn new(user: &SystemUserView, owner: OwnerView) -> Self {
        let external = ExternalSystemUser::new(user);
        Self {
            id: external.id,
            integration_title: external.integration_title,
            system_id: external.system_id,
            system_internal_id: owner.system.map(SystemInternalId::uuid),
            party_id: owner.number.to_string(),
            party_uu_id: owner.party.uuid(),
            reportee_org_no: external.reportee_org_no,
            created: external.created,
            is_deleted: external.is_deleted,
            supplier_name: external.supplier_name,
            supplier_orgno: external.supplier_orgno,
            external_ref: external.external_ref,
            access_packages: user.access_packages.iter().map(Into::into).collect(),
            rights: None,
            user_type: external.user_type,
        }
    }

    /// The same in detail, with the rights it was given.
    #[must_use]
    pub fn with_rights(mut self, user: &SystemUserView) -> Self {
        self.rights = Some(user.rights.iter().map(Into::into).collect());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_contracts_spellings_are_kept() {
        let names = |json: serde_json::Value| -> Vec<String> {
            json.as_object().unwrap().keys().cloned().collect()
        };
        let user = InternalSystemUser {
            id: Uuid::nil(),
            integration_title: String::new(),
            system_id: String::new(),
            system_internal_id: None,
            party_id: "1".to_owned(),
            party_uu_id: Uuid::nil(),
            reportee_org_no: String::new(),
            created: String::new(),
            is_deleted: false,
            supplier_name: "",
            supplier_orgno: String::new(),
            external_ref: String::new(),
            access_packages: Vec::new(),
            rights: None,
            user_type: "standard",
        };
        let names = names(serde_json::to_value(user).unwrap());
        assert!(names.contains(&"partyUuId".to_owned()), "{names:?}");
        assert!(names.contains(&"supplierOrgno".to_owned()), "{names:?}");
        assert!(!names.contains(&"rights".to_owned()), "{names:?}");
    }
}
