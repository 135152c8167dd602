use fullmakt_events::Position;
use fullmakt_projections::{
    CatalogueRow, Catalogues, Version,
    catalogues::{BY_ENTITY, VERSIONS},
};

use crate::{
    ReadError, Reader,
    column::{Column, get},
};

/// A version of a catalogue, without what it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogueVersion {
    /// The catalogue's name.
    pub name: String,
    /// The version's hash.
    pub hash: String,
    /// Whether it is the one that counts.
    pub is_current: bool,
}

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

    /// All versions of all catalogues up to then.
    pub async fn catalogue_versions(
        &self,
        as_of: Option<Position>,
    ) -> Result<Vec<CatalogueVersion>, ReadError> {
        let rows = self.query(VERSIONS, &[&self.as_of(as_of)?]).await?;
        let version = |row| {
            Ok(CatalogueVersion {
                name: get(row, "name")?,
                hash: get(row, "hash")?,
                is_current: get(row, "is_current")?,
            })
        };
        rows.iter().map(version).collect()
    }
}
