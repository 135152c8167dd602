use fullmakt_events::{PartyId, Position, SystemUserId};
use fullmakt_projections::{ClientLinkRow, ClientLinks, Version, client_links};

use crate::{ReadError, Reader, column::Column};

impl Reader {
    /// What a system user may do for a client, as far as the rest of the chain holds.
    pub async fn client_link(
        &self,
        user: SystemUserId,
        client: PartyId,
        as_of: Option<Position>,
    ) -> Result<Option<Version<ClientLinkRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        let key = ClientLinkRow::key(user, client).to_pg();
        self.version::<ClientLinks>(client_links::BY_ENTITY, &[&key, &as_of]).await
    }

    /// The clients that were added to a system user, whether it is still there or not, by client.
    pub async fn clients_of_system_user(
        &self,
        user: SystemUserId,
        as_of: Option<Position>,
    ) -> Result<Vec<Version<ClientLinkRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        self.versions::<ClientLinks>(client_links::BY_SYSTEM_USER, &[&user.uuid(), &as_of]).await
    }

    /// The system users that a client was added to, whether they are still there or not, by system
    /// user.
    pub async fn system_users_of_client(
        &self,
        client: PartyId,
        as_of: Option<Position>,
    ) -> Result<Vec<Version<ClientLinkRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        self.versions::<ClientLinks>(client_links::BY_CLIENT, &[&client.uuid(), &as_of]).await
    }
}
