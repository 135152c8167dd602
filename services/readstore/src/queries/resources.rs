use fullmakt_events::{Position, ResourceId};
use fullmakt_projections::{
    PolicyRow, ResourcePolicies, ResourceRow, Resources, Version, resource_policies, resources,
    storable_text,
};

use crate::{ReadError, Reader, column::Column, reader::page_rows};

impl Reader {
    /// A resource.
    pub async fn resource(
        &self,
        resource: &ResourceId,
        as_of: Option<Position>,
    ) -> Result<Option<Version<ResourceRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        let key = ResourceRow::key(resource).to_pg();
        self.version::<Resources>(resources::BY_ENTITY, &[&key, &as_of]).await
    }

    /// A page of all resources, by id. The next page begins after the last one's id.
    pub async fn resources(
        &self,
        after: Option<&ResourceId>,
        limit: u32,
        as_of: Option<Position>,
    ) -> Result<Vec<Version<ResourceRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        let after = after.map_or("", ResourceId::as_str);
        self.versions::<Resources>(resources::LIST, &[&after, &as_of, &page_rows(limit)]).await
    }

    /// The policy of a resource.
    pub async fn policy(
        &self,
        resource: &ResourceId,
        as_of: Option<Position>,
    ) -> Result<Option<Version<PolicyRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        let key = ResourceRow::key(resource).to_pg();
        self.version::<ResourcePolicies>(resource_policies::BY_ENTITY, &[&key, &as_of]).await
    }

    /// The policy of a resource with a hash, whether it counts or only did once.
    pub async fn policy_by_hash(
        &self,
        resource: &ResourceId,
        hash: &str,
        as_of: Option<Position>,
    ) -> Result<Option<Version<PolicyRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        let key = ResourceRow::key(resource).to_pg();
        self.version::<ResourcePolicies>(
            resource_policies::BY_HASH,
            &[&key, &as_of, &storable_text(hash)],
        )
        .await
    }
}
