use fullmakt_events::{AccessListId, AccessListName, OwnerCode, PartyId, Position, ResourceId};
use fullmakt_projections::{
    AccessListMemberRow, AccessListMembers, AccessListResourceRow, AccessListResources,
    AccessListRow, AccessLists, Version, access_list_members, access_list_resources, access_lists,
};

use crate::{ReadError, Reader, column::Column};

impl Reader {
    /// An access list.
    pub async fn access_list(
        &self,
        list: AccessListId,
        as_of: Option<Position>,
    ) -> Result<Option<Version<AccessListRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        self.version::<AccessLists>(access_lists::BY_ENTITY, &[&list.to_pg(), &as_of]).await
    }

    /// The access list of a service owner that has this name.
    pub async fn access_list_by_name(
        &self,
        owner: &OwnerCode,
        name: &AccessListName,
        as_of: Option<Position>,
    ) -> Result<Option<Version<AccessListRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        let (owner, name) = (owner.to_pg(), name.to_pg());
        self.version::<AccessLists>(access_lists::BY_NAME, &[&owner, &as_of, &name]).await
    }

    /// The access lists of a service owner, by name.
    pub async fn access_lists_of(
        &self,
        owner: &OwnerCode,
        as_of: Option<Position>,
    ) -> Result<Vec<Version<AccessListRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        self.versions::<AccessLists>(access_lists::BY_OWNER, &[&owner.to_pg(), &as_of]).await
    }

    /// The members of an access list, by party.
    pub async fn members_of_list(
        &self,
        list: AccessListId,
        as_of: Option<Position>,
    ) -> Result<Vec<Version<AccessListMemberRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        let statement = access_list_members::BY_LIST;
        self.versions::<AccessListMembers>(statement, &[&list.to_pg(), &as_of]).await
    }

    /// The access lists that a party is on, by list.
    pub async fn memberships_of(
        &self,
        member: PartyId,
        as_of: Option<Position>,
    ) -> Result<Vec<Version<AccessListMemberRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        let statement = access_list_members::BY_MEMBER;
        self.versions::<AccessListMembers>(statement, &[&member.to_pg(), &as_of]).await
    }

    /// The resources that an access list is connected with, by resource.
    pub async fn resources_of_list(
        &self,
        list: AccessListId,
        as_of: Option<Position>,
    ) -> Result<Vec<Version<AccessListResourceRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        let statement = access_list_resources::BY_LIST;
        self.versions::<AccessListResources>(statement, &[&list.to_pg(), &as_of]).await
    }

    /// The access lists that a resource is connected with, by list.
    pub async fn lists_of_resource(
        &self,
        resource: &ResourceId,
        as_of: Option<Position>,
    ) -> Result<Vec<Version<AccessListResourceRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        let statement = access_list_resources::BY_RESOURCE;
        self.versions::<AccessListResources>(statement, &[&resource.to_pg(), &as_of]).await
    }
}
