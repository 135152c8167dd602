use fullmakt_events::{OrgNumber, Position};
use fullmakt_projections::{
    EntityKey, TokenScopeRow, TokenScopes, Version,
    token_scopes::{BY_ENTITIES, BY_SCOPE},
};
use uuid::Uuid;

use crate::{ReadError, Reader, column::Column};

impl Reader {
    /// All that organisations may do with a scope of tokens, its owner last; nothing if nobody owns
    /// it.
    pub async fn token_scope(
        &self,
        scope: &str,
        as_of: Option<Position>,
    ) -> Result<Vec<Version<TokenScopeRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        let key = TokenScopeRow::scope_key(scope).to_pg();
        self.versions::<TokenScopes>(BY_SCOPE, &[&key, &as_of]).await
    }

    /// Of some scopes, who owns them, whether an organisation may have them, and whether it has
    /// delegated them to this supplier.
    pub async fn token_scopes_of(
        &self,
        scopes: &[String],
        holder: OrgNumber,
        supplier: Option<OrgNumber>,
        as_of: Option<Position>,
    ) -> Result<Vec<Version<TokenScopeRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        let keys = |scope: &String| {
            let delegation =
                supplier.map(|supplier| TokenScopeRow::delegation_key(scope, holder, supplier));
            [
                Some(TokenScopeRow::owner_key(scope)),
                Some(TokenScopeRow::holder_key(scope, holder)),
                delegation,
            ]
        };
        let entities: Vec<Uuid> =
            scopes.iter().flat_map(keys).flatten().map(|key: EntityKey| key.to_pg()).collect();
        self.versions::<TokenScopes>(BY_ENTITIES, &[&entities, &as_of]).await
    }
}
