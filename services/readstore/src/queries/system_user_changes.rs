use fullmakt_events::{ChangeRequestId, OrgNumber, Position, SystemId};
use fullmakt_projections::{
    ChangeRequestRow, Sequence, SystemUserChanges, Version, storable_text,
    system_user_changes as changes,
};

use super::system_users::{Reference, stored_sequence};
use crate::{ReadError, Reader, column::Column, reader::page_rows};

impl Reader {
    /// A change request that was not withdrawn.
    pub async fn change_request(
        &self,
        id: ChangeRequestId,
        as_of: Option<Position>,
    ) -> Result<Option<Version<ChangeRequestRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        self.version::<SystemUserChanges>(changes::BY_ENTITY, &[&id.uuid(), &as_of]).await
    }

    /// The newest change request of the system user with a reference.
    pub async fn change_request_by_reference(
        &self,
        reference: &Reference,
        as_of: Option<Position>,
    ) -> Result<Option<Version<ChangeRequestRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        self.version::<SystemUserChanges>(
            changes::BY_REFERENCE,
            &[
                &reference.system.to_pg(),
                &as_of,
                &reference.customer.to_pg(),
                &storable_text(&reference.external_ref),
            ],
        )
        .await
    }

    /// A page of the change requests of a system, in the order in which they were made. The next
    /// page begins after the last one's `created_at`.
    pub async fn change_requests_of_system(
        &self,
        system: &SystemId,
        after: Option<Sequence>,
        limit: u32,
        as_of: Option<Position>,
    ) -> Result<Vec<Version<ChangeRequestRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        let (position, index) = stored_sequence(after);
        self.versions::<SystemUserChanges>(
            changes::BY_SYSTEM,
            &[&system.to_pg(), &as_of, &position, &index, &page_rows(limit)],
        )
        .await
    }

    /// The change requests that wait for a customer's answer, in the order in which they were made.
    pub async fn pending_change_requests(
        &self,
        customer: OrgNumber,
        as_of: Option<Position>,
    ) -> Result<Vec<Version<ChangeRequestRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        self.versions::<SystemUserChanges>(changes::PENDING, &[&customer.to_pg(), &as_of]).await
    }
}
