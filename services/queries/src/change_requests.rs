//! Requests to change what a system user has.

pub(crate) mod party_get;
pub(crate) mod portal_get;
pub(crate) mod vendor_by_reference;
pub(crate) mod vendor_get;
pub(crate) mod vendor_list;

use fullmakt_domain::AuthCode;
use fullmakt_events::ChangeRequestId;
use fullmakt_http::AltinnError;
use fullmakt_projections::ChangeRequestRow;
use fullmakt_reading::{Reading, failed_there};
use fullmakt_wire::auth_error;
use uuid::Uuid;

/// A change request by the id in a path.
async fn change_request(reading: &Reading, id: &str) -> Result<ChangeRequestRow, AltinnError> {
    let unknown =
        || auth_error(AuthCode::RequestNotFound, "there is no change request with this id");
    let id = ChangeRequestId::new(id.parse::<Uuid>().map_err(|_| unknown())?);
    let request = reading.reader.change_request(id, None).await.map_err(failed_there)?;
    request.map(|request| request.row).ok_or_else(unknown)
}
