use fullmakt_events::{ClientId, OrgNumber, Position, SystemId};
use fullmakt_projections::{
    SystemChangeRow, SystemChanges, SystemClientIdRow, SystemRow, Systems, Version,
    system_changes::OF_SYSTEM,
    systems::{BY_CLIENT_ID, BY_ENTITY, BY_VENDOR, VISIBLE},
};

use crate::{ReadError, Reader, column::Column};

impl Reader {
    /// A system, deleted or not.
    pub async fn system(
        &self,
        system: &SystemId,
        as_of: Option<Position>,
    ) -> Result<Option<Version<SystemRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        self.version::<Systems>(BY_ENTITY, &[&SystemRow::key(system).to_pg(), &as_of]).await
    }

    /// The systems of a vendor that are not deleted, by id.
    pub async fn systems_of_vendor(
        &self,
        vendor: OrgNumber,
        as_of: Option<Position>,
    ) -> Result<Vec<Version<SystemRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        self.versions::<Systems>(BY_VENDOR, &[&vendor.to_pg(), &as_of]).await
    }

    /// The systems that customers can find and that are not deleted, by id.
    pub async fn visible_systems(
        &self,
        as_of: Option<Position>,
    ) -> Result<Vec<Version<SystemRow>>, ReadError> {
        self.versions::<Systems>(VISIBLE, &[&self.as_of(as_of)?]).await
    }

    /// The change log of a system, deleted or not, the newest change first: one entry a call.
    pub async fn changes_of_system(
        &self,
        system: &SystemId,
        as_of: Option<Position>,
    ) -> Result<Vec<Version<SystemChangeRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        self.versions::<SystemChanges>(OF_SYSTEM, &[&SystemRow::key(system).to_pg(), &as_of]).await
    }

    /// The active system that holds a client id.
    pub async fn system_of_client(
        &self,
        client_id: &ClientId,
        as_of: Option<Position>,
    ) -> Result<Option<Version<SystemRow>>, ReadError> {
        let key = SystemClientIdRow::key(client_id).to_pg();
        self.version::<Systems>(BY_CLIENT_ID, &[&key, &self.as_of(as_of)?]).await
    }
}
