//! Facts of other streams that a command is decided on, as plain data.

use std::collections::BTreeMap;

use fullmakt_events::{
    PackageUrn, PartyId,
    event::{AccessPackage, ResourceDefinition},
};

/// What is known of the access packages that a command names; one that is missing is not in the
/// catalogue.
pub type PackageFacts = BTreeMap<PackageUrn, PackageFact>;

/// What is known of the resources that a command names, by identifier; one that is missing is not
/// in the registry.
pub type ResourceFacts = BTreeMap<String, ResourceFact>;

/// What is known of a party that the entity register has, or had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartyFact {
    /// The party.
    pub party: PartyId,
    /// Whether the register has deleted it.
    pub is_deleted: bool,
}

/// What is known of an access package.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PackageFact {
    /// Whether a party may give it directly.
    pub is_assignable: bool,
    /// Whether it may be passed on to somebody who acts for clients.
    pub is_delegable: bool,
}

impl From<&AccessPackage> for PackageFact {
    fn from(package: &AccessPackage) -> Self {
        Self { is_assignable: package.is_assignable, is_delegable: package.is_delegable }
    }
}

/// What is known of a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResourceFact {
    /// What kind of resource it is.
    pub resource_type: ResourceType,
    /// Whether rights to it may be given on.
    pub is_delegable: bool,
}

impl ResourceFact {
    /// What is known of a registered resource; nothing where its type is none of the contract's.
    #[must_use]
    pub fn of(resource: &ResourceDefinition) -> Option<Self> {
        Some(Self {
            resource_type: ResourceType::parse(&resource.resource_type)?,
            is_delegable: resource.is_delegable,
        })
    }
}

/// The types of resources in the wire contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ResourceType {
    /// No type was chosen. The registry refuses it.
    Default,
    /// A resource of the platform itself.
    Systemresource,
    /// A scope of the token issuer that is delegated between organisations.
    MaskinportenSchema,
    /// A service of the platform before this one.
    Altinn2Service,
    /// An app of the platform.
    AltinnApp,
    /// Any other service.
    GenericAccessResource,
    /// A service that passes files on.
    BrokerService,
    /// A service that sends messages.
    CorrespondenceService,
    /// Something that is consented to.
    Consent,
    /// An app that was moved from the platform before this one.
    MigratedApp,
}

impl ResourceType {
    /// All types.
    pub const ALL: [Self; 10] = [
        Self::Default,
        Self::Systemresource,
        Self::MaskinportenSchema,
        Self::Altinn2Service,
        Self::AltinnApp,
        Self::GenericAccessResource,
        Self::BrokerService,
        Self::CorrespondenceService,
        Self::Consent,
        Self::MigratedApp,
    ];

    /// The type with this name, whatever its case.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(name))
    }

    /// The name in the wire contract.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Default => "Default",
            Self::Systemresource => "Systemresource",
            Self::MaskinportenSchema => "MaskinportenSchema",
            Self::Altinn2Service => "Altinn2Service",
            Self::AltinnApp => "AltinnApp",
            Self::GenericAccessResource => "GenericAccessResource",
            Self::BrokerService => "BrokerService",
            Self::CorrespondenceService => "CorrespondenceService",
            Self::Consent => "Consent",
            Self::MigratedApp => "MigratedApp",
        }
    }

    /// Whether a system may have rights to resources of this type.
    #[must_use]
    pub const fn is_for_systems(self) -> bool {
        match self {
            Self::Default
            | Self::Systemresource
            | Self::AltinnApp
            | Self::GenericAccessResource
            | Self::BrokerService
            | Self::CorrespondenceService
            | Self::MigratedApp => true,
            Self::MaskinportenSchema | Self::Altinn2Service | Self::Consent => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_is_read_by_its_name_in_any_case() {
        for kind in ResourceType::ALL {
            assert_eq!(ResourceType::parse(kind.name()), Some(kind));
            assert_eq!(ResourceType::parse(&kind.name().to_lowercase()), Some(kind));
        }
        assert_eq!(ResourceType::parse("Service"), None);
        assert_eq!(ResourceType::parse(""), None);
    }

    #[test]
    fn three_types_are_not_for_systems() {
        let refused: Vec<_> =
            ResourceType::ALL.iter().filter(|kind| !kind.is_for_systems()).collect();
        assert_eq!(
            refused,
            [
                &ResourceType::MaskinportenSchema,
                &ResourceType::Altinn2Service,
                &ResourceType::Consent
            ]
        );
    }
}
