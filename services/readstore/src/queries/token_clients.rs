use fullmakt_events::{ClientId, Position};
use fullmakt_projections::{TokenClientRow, TokenClients, Version, token_clients::BY_ENTITY};

use crate::{ReadError, Reader, column::Column};

impl Reader {
    /// A client of our token endpoint, with its keys, unless it is deleted.
    pub async fn token_client(
        &self,
        client_id: &ClientId,
        as_of: Option<Position>,
    ) -> Result<Option<Version<TokenClientRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        let key = TokenClientRow::key(client_id).to_pg();
        self.version::<TokenClients>(BY_ENTITY, &[&key, &as_of]).await
    }
}
