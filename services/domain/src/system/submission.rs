//! A system as a vendor submits it, and what is known of all that it names.

use std::collections::BTreeMap;

use fullmakt_events::{
    ClientId, LocalizedText, OrgNumber, PackageUrn, ResourceId, Right, StreamName, SystemId,
    event::{Catalogue, SystemDefinition},
};

use super::ClientIdClaim;
use crate::facts::{PackageFacts, ResourceFacts};

/// A system as a vendor submits it, nothing checked yet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SystemSubmission {
    /// The system's id.
    pub id: String,
    /// The vendor, `0192:` and an organisation number.
    pub vendor: String,
    /// Its name; a missing language is an empty text.
    pub name: LocalizedText,
    /// What it does; a missing language is an empty text.
    pub description: LocalizedText,
    /// The single rights that it may ask customers for.
    pub rights: Vec<Right>,
    /// The access packages that it may ask customers for.
    pub access_packages: Vec<PackageUrn>,
    /// The token issuer's client ids that are to act for it.
    pub client_ids: Vec<String>,
    /// Whether customers can find it by themselves.
    pub is_visible: bool,
    /// Where a customer may be sent after a request was answered.
    pub allowed_redirect_urls: Vec<String>,
}

/// What is known of all that a submitted system names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SystemFacts {
    /// The resources of its rights.
    pub resources: ResourceFacts,
    /// Its access packages.
    pub packages: PackageFacts,
    /// The claims of its client ids, by [`ClientId::folded`]. One that is missing is free.
    pub claims: BTreeMap<String, ClientIdClaim>,
}

impl SystemFacts {
    pub(super) fn claim(&self, client_id: &ClientId) -> ClientIdClaim {
        self.claims.get(&client_id.folded()).cloned().unwrap_or_default()
    }
}

impl SystemSubmission {
    /// The streams that it must be decided on: its own, those of its client ids and resources, and
    /// the catalogue of packages. What is no id has no stream.
    #[must_use]
    pub fn reads(&self) -> Vec<StreamName> {
        let system = self.id.parse::<SystemId>().iter().map(StreamName::system).collect::<Vec<_>>();
        let client_ids = self.client_ids.iter().filter_map(|id| id.parse::<ClientId>().ok());
        let resources = self.rights.iter().filter_map(|right| right.resource_id()?.parse().ok());
        let mut reads = system;
        reads.extend(client_ids.map(|id| StreamName::client_id(&id)));
        reads.extend(resources.map(|id: ResourceId| StreamName::resource(&id)));
        if !self.access_packages.is_empty() {
            reads.push(StreamName::catalogue(Catalogue::AccessPackages(Vec::new()).name()));
        }
        reads.sort();
        reads.dedup();
        reads
    }

    /// The definition, where all ids have their grammar.
    pub(super) fn definition(&self, vendor: OrgNumber) -> Option<SystemDefinition> {
        Some(SystemDefinition {
            id: self.id.parse().ok()?,
            vendor,
            name: self.name.clone(),
            description: self.description.clone(),
            rights: self.rights.clone(),
            access_packages: self.access_packages.clone(),
            client_ids: self
                .client_ids
                .iter()
                .map(|id| id.parse())
                .collect::<Result<_, _>>()
                .ok()?,
            is_visible: self.is_visible,
            allowed_redirect_urls: self.allowed_redirect_urls.clone(),
        })
    }
}
