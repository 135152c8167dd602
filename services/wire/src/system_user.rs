//! System users.

use fullmakt_events::{PartyId, PartyNumber, SystemInternalId, event::SystemUserKind};
use fullmakt_projections::SystemUserRow;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{AccessPackageBody, RightBody};

/// A system user as vendors and the token issuer see it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ExternalSystemUser {
    id: Uuid,
    integration_title: String,
    system_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    product_name: Option<String>,
    reportee_org_no: String,
    created: String,
    is_deleted: bool,
    /// Always an empty text.
    supplier_name: &'static str,
    supplier_orgno: String,
    external_ref: String,
    /// `standard` or `agent`.
    user_type: &'static str,
}

impl ExternalSystemUser {
    /// A system user as vendors see it.
    #[must_use]
    pub fn new(row: &SystemUserRow) -> Self {
        Self {
            id: row.id.uuid(),
            integration_title: row.integration_title.clone(),
            system_id: row.system.to_string(),
            product_name: None,
            reportee_org_no: row.owner.to_string(),
            created: row.created.to_string(),
            is_deleted: row.is_deleted,
            supplier_name: "",
            supplier_orgno: row.vendor.to_string(),
            external_ref: row.external_ref.clone(),
            user_type: match row.kind {
                SystemUserKind::Standard => "standard",
                SystemUserKind::Agent => "agent",
            },
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
    id: Uuid,
    integration_title: String,
    system_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    system_internal_id: Option<Uuid>,
    party_id: String,
    /// The contract's spelling.
    party_uu_id: Uuid,
    reportee_org_no: String,
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
    pub fn new(row: &SystemUserRow, owner: OwnerView) -> Self {
        let external = ExternalSystemUser::new(row);
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
            access_packages: row.access_packages.iter().map(Into::into).collect(),
            rights: None,
            user_type: external.user_type,
        }
    }

    /// The same in detail, with the rights it was given.
    #[must_use]
    pub fn with_rights(mut self, row: &SystemUserRow) -> Self {
        self.rights = Some(row.rights.iter().map(Into::into).collect());
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
