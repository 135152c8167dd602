use fullmakt_events::{
    ClientId, OrgNumber, PartyId, Position, SystemId, SystemUserId, event::SystemUserKind,
};
use fullmakt_projections::{
    RequestRow, Sequence, SystemClientIdRow, SystemUserRequests, SystemUserRow, SystemUsers,
    Version, storable_text, system_user_requests as requests, system_users as users,
};
use tokio_postgres::types::ToSql;

use crate::{ReadError, Reader, checkpoints::NOTHING, column::Column, reader::page_rows};

/// What names a request and a system user of one system for one customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The system.
    pub system: SystemId,
    /// The customer, and later the owner.
    pub customer: OrgNumber,
    /// The vendor's own reference.
    pub external_ref: String,
}

/// How a token issuer names a system user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalId {
    /// The client that asks for a token.
    pub client_id: ClientId,
    /// The organisation that makes the system.
    pub vendor: OrgNumber,
    /// The organisation that owns the system user.
    pub owner: OrgNumber,
    /// The vendor's own reference.
    pub external_ref: String,
}

impl Reader {
    /// A request that was not withdrawn, and whose system user was not deleted.
    pub async fn request(
        &self,
        id: SystemUserId,
        as_of: Option<Position>,
    ) -> Result<Option<Version<RequestRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        self.version::<SystemUserRequests>(requests::BY_ENTITY, &[&id.uuid(), &as_of]).await
    }

    /// The request with a reference, of one kind or of any.
    pub async fn request_by_reference(
        &self,
        reference: &Reference,
        kind: Option<SystemUserKind>,
        as_of: Option<Position>,
    ) -> Result<Option<Version<RequestRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        self.version::<SystemUserRequests>(
            requests::BY_REFERENCE,
            &[
                &reference.system.to_pg(),
                &as_of,
                &reference.customer.to_pg(),
                &storable_text(&reference.external_ref),
                &kind.to_pg(),
            ],
        )
        .await
    }

    /// A page of the requests of a system, in the order in which they were made. The next page
    /// begins after the last one's `created_at`.
    pub async fn requests_of_system(
        &self,
        system: &SystemId,
        kind: SystemUserKind,
        after: Option<Sequence>,
        limit: u32,
        as_of: Option<Position>,
    ) -> Result<Vec<Version<RequestRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        let (position, index) = stored_sequence(after);
        self.versions::<SystemUserRequests>(
            requests::BY_SYSTEM,
            &[&system.to_pg(), &as_of, &kind.to_pg(), &position, &index, &page_rows(limit)],
        )
        .await
    }

    /// The requests that wait for a customer's answer, in the order in which they were made.
    pub async fn pending_requests(
        &self,
        customer: OrgNumber,
        kind: SystemUserKind,
        as_of: Option<Position>,
    ) -> Result<Vec<Version<RequestRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        self.versions::<SystemUserRequests>(
            requests::PENDING,
            &[&customer.to_pg(), &as_of, &kind.to_pg()],
        )
        .await
    }

    /// A system user, deleted or not.
    pub async fn system_user(
        &self,
        id: SystemUserId,
        as_of: Option<Position>,
    ) -> Result<Option<Version<SystemUserRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        self.version::<SystemUsers>(users::BY_ENTITY, &[&id.uuid(), &as_of]).await
    }

    /// The system users of one system for one owner, deleted or not, in the order in which they were
    /// created: of each all versions up to then, the present one last.
    pub async fn system_users_of_agreement(
        &self,
        system: &SystemId,
        owner: OrgNumber,
        as_of: Option<Position>,
    ) -> Result<Vec<Version<SystemUserRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        let parameters: [&(dyn ToSql + Sync); 3] = [&system.to_pg(), &as_of, &owner.to_pg()];
        self.versions::<SystemUsers>(users::OF_AGREEMENT, &parameters).await
    }

    /// The system users of an owner that are not deleted, in the order in which they were created.
    pub async fn system_users_of_owner(
        &self,
        owner: PartyId,
        kind: SystemUserKind,
        as_of: Option<Position>,
    ) -> Result<Vec<Version<SystemUserRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        self.versions::<SystemUsers>(users::BY_OWNER, &[&owner.uuid(), &as_of, &kind.to_pg()]).await
    }

    /// The system user with a reference, unless it is deleted.
    pub async fn system_user_by_reference(
        &self,
        reference: &Reference,
        as_of: Option<Position>,
    ) -> Result<Option<Version<SystemUserRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        self.version::<SystemUsers>(
            users::BY_REFERENCE,
            &[
                &reference.system.to_pg(),
                &as_of,
                &reference.customer.to_pg(),
                &storable_text(&reference.external_ref),
            ],
        )
        .await
    }

    /// The system user that a token issuer asks for, if every link holds: the client id belongs to
    /// a system of that vendor, which is not deleted; the system user is of that system and that
    /// owner with that reference, and is not deleted.
    pub async fn system_user_by_external_id(
        &self,
        external_id: &ExternalId,
        as_of: Option<Position>,
    ) -> Result<Option<Version<SystemUserRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        self.version::<SystemUsers>(
            users::BY_EXTERNAL_ID,
            &[
                &SystemClientIdRow::key(&external_id.client_id).to_pg(),
                &as_of,
                &external_id.vendor.to_pg(),
                &external_id.owner.to_pg(),
                &storable_text(&external_id.external_ref),
            ],
        )
        .await
    }

    /// A page of the system users of a system that are not deleted, in the order in which they
    /// were created. The next page begins after the last one's `created_at`.
    pub async fn system_users_of_system(
        &self,
        system: &SystemId,
        after: Option<Sequence>,
        limit: u32,
        as_of: Option<Position>,
    ) -> Result<Vec<Version<SystemUserRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        let (position, index) = stored_sequence(after);
        self.versions::<SystemUsers>(
            users::BY_SYSTEM,
            &[&system.to_pg(), &as_of, &position, &index, &page_rows(limit)],
        )
        .await
    }

    /// A page of all system users, deleted or not, each where it last changed. The next page begins
    /// after the last one's `sequence`.
    pub async fn system_user_changes(
        &self,
        after: Option<Sequence>,
        limit: u32,
        as_of: Option<Position>,
    ) -> Result<Vec<Version<SystemUserRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        let (position, index) = stored_sequence(after);
        self.versions::<SystemUsers>(
            users::CHANGES,
            &[&position, &as_of, &index, &page_rows(limit)],
        )
        .await
    }

    /// The system user, deleted or not, that changed last: where the feed of changes ends.
    pub async fn latest_system_user(
        &self,
        as_of: Option<Position>,
    ) -> Result<Option<Version<SystemUserRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        self.version::<SystemUsers>(users::LATEST, &[&as_of]).await
    }
}

/// A place as the database compares it; before all places where there is none.
pub(super) fn stored_sequence(sequence: Option<Sequence>) -> (i64, i64) {
    sequence.map_or((NOTHING, 0), |sequence| (sequence.position.to_pg(), sequence.index.to_pg()))
}
