use fullmakt_events::Position;
use fullmakt_projections::{CatalogueRow, Catalogues, Version, catalogues::BY_ENTITY};

use crate::{ReadError, Reader, column::Column};

impl Reader {
    /// A catalogue by its name.
    pub async fn catalogue(
        &self,
        name: &str,
        as_of: Option<Position>,
    ) -> Result<Option<Version<CatalogueRow>>, ReadError> {
        let as_of = self.as_of(as_of)?;
        let key = CatalogueRow::key(name).to_pg();
        self.version::<Catalogues>(BY_ENTITY, &[&key, &as_of]).await
    }
}
