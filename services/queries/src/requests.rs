//! Requests for system users.

pub(crate) mod party_get;
pub(crate) mod pending;
pub(crate) mod portal_get;
pub(crate) mod vendor_by_reference;
pub(crate) mod vendor_get;
pub(crate) mod vendor_list;

use fullmakt_domain::AuthCode;
use fullmakt_events::{SystemUserId, event::SystemUserKind};
use fullmakt_http::AltinnError;
use fullmakt_projections::RequestRow;
use fullmakt_reading::{Reading, failed_there};
use fullmakt_wire::auth_error;
use uuid::Uuid;

/// A request of a kind by the id in a path.
async fn request(
    reading: &Reading,
    kind: SystemUserKind,
    id: &str,
) -> Result<RequestRow, AltinnError> {
    let unknown = || auth_error(AuthCode::RequestNotFound, "there is no request with this id");
    let id = SystemUserId::new(id.parse::<Uuid>().map_err(|_| unknown())?);
    let request = reading.reader.request(id, None).await.map_err(failed_there)?;
    request.map(|request| request.row).filter(|request| request.kind == kind).ok_or_else(unknown)
}
