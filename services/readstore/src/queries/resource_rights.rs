use fullmakt_events::{PartyId, Position, RegistryRightId, ResourceId};
use fullmakt_projections::{ResourceRightRow, ResourceRights, Version, resource_rights};

use crate::{ReadError, Reader, column::Column};

impl Reader {
    /// A right of the rights registry.
    pub async fn resource_right(
        &self,
        right: RegistryRightId,
        as_of: Option<Position>,
    ) -> Result<Option<Version<ResourceRightRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        self.version::<ResourceRights>(resource_rights::BY_ENTITY, &[&right.to_pg(), &as_of]).await
    }

    /// The rights to a resource, by party.
    pub async fn resource_rights_to(
        &self,
        resource: &ResourceId,
        as_of: Option<Position>,
    ) -> Result<Vec<Version<ResourceRightRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        let resource = resource.to_pg();
        self.versions::<ResourceRights>(resource_rights::BY_RESOURCE, &[&resource, &as_of]).await
    }

    /// The rights of a party, by resource.
    pub async fn resource_rights_of(
        &self,
        party: PartyId,
        as_of: Option<Position>,
    ) -> Result<Vec<Version<ResourceRightRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        self.versions::<ResourceRights>(resource_rights::BY_PARTY, &[&party.uuid(), &as_of]).await
    }
}
