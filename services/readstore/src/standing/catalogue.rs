//! A catalogue.

use fullmakt_events::{
    Position,
    event::{CatalogueEvent, CataloguePublished},
};

use super::Standing;
use crate::{ReadError, Reader};

pub(super) async fn standing(
    reader: &Reader,
    name: &str,
    as_of: Position,
) -> Result<Vec<Standing>, ReadError> {
    let version = reader.catalogue(name, Some(as_of)).await?;
    let standing = version.map(|version| {
        let published = CataloguePublished { hash: version.row.hash, content: version.row.content };
        Standing::new(CatalogueEvent::Published(published), version.from)
    });
    Ok(standing.into_iter().collect())
}
