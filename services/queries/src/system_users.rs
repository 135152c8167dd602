//! System users.

pub(crate) mod by_external_id;
pub(crate) mod get;
pub(crate) mod list;

use fullmakt_http::AltinnError;
use fullmakt_projections::{PartyRow, SystemUserRow};
use fullmakt_wire::{InternalSystemUser, OwnerView};

use fullmakt_reading::{Reading, failed_there};

/// A system user as its owner's pages see it.
async fn internal(
    reading: &Reading,
    row: &SystemUserRow,
    owner: &PartyRow,
) -> Result<InternalSystemUser, AltinnError> {
    let system = reading.reader.system(&row.system, None).await.map_err(failed_there)?;
    let view = OwnerView {
        system: system.map(|system| system.internal_id),
        number: owner.number,
        party: owner.party,
    };
    Ok(InternalSystemUser::new(row, view))
}
