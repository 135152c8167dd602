//! The change log of a system.

use fullmakt_events::{SystemInternalId, event::SystemDefinition};
use fullmakt_projections::{Submitted, SystemChangeRow, SystemChangeType};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{AccessPackageBody, RightBody, VendorBody, system::TextBody};

/// An entry of a system's change log: one call that changed it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SystemChangeLogEntry {
    /// The register's internal id of the system.
    system_internal_id: Uuid,
    /// The organisation that the caller's token was issued to.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "310010014")]
    changed_by_org_number: Option<String>,
    /// `create`, `update`, `rightsupdate`, `accesspackageupdate` or `delete`.
    #[schema(example = "rightsupdate")]
    change_type: &'static str,
    /// What was submitted; left out where the system was deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    changed_data: Option<ChangedData>,
    /// The client of the token issuer that called.
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<String>,
    /// When, in UTC.
    #[schema(example = "2026-11-21T21:13:00.123456Z")]
    created: String,
}

impl SystemChangeLogEntry {
    /// The entry of a change to the system with this internal id.
    #[must_use]
    pub fn new(internal_id: SystemInternalId, change: &SystemChangeRow) -> Self {
        Self {
            system_internal_id: internal_id.uuid(),
            changed_by_org_number: change.changed_by.map(|org| org.to_string()),
            change_type: match change.submitted.change_type() {
                SystemChangeType::Create => "create",
                SystemChangeType::Update => "update",
                SystemChangeType::RightsUpdate => "rightsupdate",
                SystemChangeType::AccessPackageUpdate => "accesspackageupdate",
                SystemChangeType::Delete => "delete",
            },
            changed_data: ChangedData::of(&change.submitted),
            client_id: change.client_id.as_ref().map(ToString::to_string),
            created: change.created.to_string(),
        }
    }
}

/// What was submitted: the body of the call, as the register took it.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(untagged)]
pub enum ChangedData {
    /// The system that was registered, or that replaced what was held.
    System(Box<SubmittedSystem>),
    /// The rights that replaced those before.
    Rights(Vec<RightBody>),
    /// The access packages that replaced those before.
    AccessPackages(Vec<AccessPackageBody>),
}

impl ChangedData {
    fn of(submitted: &Submitted) -> Option<Self> {
        match submitted {
            Submitted::Registration(system) | Submitted::Update(system) => {
                Some(Self::System(Box::new(SubmittedSystem::from(&**system))))
            }
            Submitted::Rights(rights) => {
                Some(Self::Rights(rights.iter().map(Into::into).collect()))
            }
            Submitted::AccessPackages(packages) => {
                Some(Self::AccessPackages(packages.iter().map(Into::into).collect()))
            }
            Submitted::Deletion => None,
        }
    }
}

/// A system as it was submitted.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SubmittedSystem {
    id: String,
    vendor: VendorBody,
    name: TextBody,
    description: TextBody,
    rights: Vec<RightBody>,
    access_packages: Vec<AccessPackageBody>,
    client_id: Vec<String>,
    is_visible: bool,
    allowed_redirect_urls: Vec<String>,
}

impl From<&SystemDefinition> for SubmittedSystem {
    fn from(system: &SystemDefinition) -> Self {
        Self {
            id: system.id.to_string(),
            vendor: VendorBody { id: system.vendor.to_iso6523() },
            name: (&system.name).into(),
            description: (&system.description).into(),
            rights: system.rights.iter().map(Into::into).collect(),
            access_packages: system.access_packages.iter().map(Into::into).collect(),
            client_id: system.client_ids.iter().map(ToString::to_string).collect(),
            is_visible: system.is_visible,
            allowed_redirect_urls: system.allowed_redirect_urls.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use fullmakt_events::{LocalizedText, PackageUrn, Position, Right, Timestamp};
    use fullmakt_projections::Sequence;
    use serde_json::{Value, json};

    use super::*;

    fn entry(submitted: Submitted) -> Value {
        let row = SystemChangeRow {
            system: "310010014_smart".parse().unwrap(),
            submitted,
            changed_by: Some("310010014".parse().unwrap()),
            client_id: Some("Client-1".parse().unwrap()),
            created: Timestamp::from_millis(1_795_295_580_123),
            changed: Sequence { position: Position::new(7), index: 0 },
        };
        let internal_id = SystemInternalId::new(Uuid::from_u128(9));
        serde_json::to_value(SystemChangeLogEntry::new(internal_id, &row)).unwrap()
    }

    fn system() -> Box<SystemDefinition> {
        let text = |text: &str| LocalizedText {
            nb: text.to_owned(),
            nn: text.to_owned(),
            en: text.to_owned(),
        };
        Box::new(SystemDefinition {
            id: "310010014_smart".parse().unwrap(),
            vendor: "310010014".parse().unwrap(),
            name: text("name"),
            description: text("description"),
            rights: vec![Right::to("vat", None)],
            access_packages: Vec::new(),
            client_ids: vec!["Client-1".parse().unwrap()],
            is_visible: true,
            allowed_redirect_urls: Vec::new(),
        })
    }

    #[test]
    fn each_type_of_change_has_its_name_and_what_was_submitted() {
        let rights = json!([{ "resource": [{ "id": "urn:altinn:resource", "value": "vat" }] }]);
        let submitted = json!({
            "id": "310010014_smart",
            "vendor": { "ID": "0192:310010014" },
            "name": { "nb": "name", "nn": "name", "en": "name" },
            "description": { "nb": "description", "nn": "description", "en": "description" },
            "rights": rights,
            "accessPackages": [],
            "clientId": ["Client-1"],
            "isVisible": true,
            "allowedRedirectUrls": [],
        });
        let urn = "urn:altinn:accesspackage:skatt-naering";
        for (change, name, data) in [
            (Submitted::Registration(system()), "create", Some(submitted.clone())),
            (Submitted::Update(system()), "update", Some(submitted)),
            (Submitted::Rights(vec![Right::to("vat", None)]), "rightsupdate", Some(rights)),
            (
                Submitted::AccessPackages(vec![PackageUrn::new(urn)]),
                "accesspackageupdate",
                Some(json!([{ "urn": urn }])),
            ),
            (Submitted::Deletion, "delete", None),
        ] {
            let mut expected = json!({
                "systemInternalId": Uuid::from_u128(9),
                "changedByOrgNumber": "310010014",
                "changeType": name,
                "clientId": "Client-1",
                "created": "2026-11-21T21:13:00.123000Z",
            });
            if let Some(data) = data {
                expected["changedData"] = data;
            }
            assert_eq!(entry(change), expected);
        }
    }
}
