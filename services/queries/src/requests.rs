//! Requests for system users.

pub(crate) mod party_get;
pub(crate) mod portal_get;
pub(crate) mod vendor_by_reference;
pub(crate) mod vendor_get;
pub(crate) mod vendor_list;

use fullmakt_domain::AuthCode;
use fullmakt_events::{OrgNumber, SystemUserId, event::SystemUserKind};
use fullmakt_http::AltinnError;
use fullmakt_pep::Caller;
use fullmakt_projections::RequestRow;
use fullmakt_wire::{auth_error, scopes::REQUEST_READ};
use uuid::Uuid;

use fullmakt_reading::{Reading, failed_there};

/// The vendor that calls: its token has the scope to read requests.
fn vendor(caller: &Caller) -> Result<OrgNumber, AltinnError> {
    caller.require_any_scope(&[REQUEST_READ])?;
    caller.org.ok_or_else(|| {
        auth_error(
            AuthCode::VendorMissing,
            "the token has no `consumer`; use one that was issued to the vendor's organisation",
        )
    })
}

/// A request for a standard system user by the id in a path.
async fn request(reading: &Reading, id: &str) -> Result<RequestRow, AltinnError> {
    let unknown = || auth_error(AuthCode::RequestNotFound, "there is no request with this id");
    let id = SystemUserId::new(id.parse::<Uuid>().map_err(|_| unknown())?);
    let request = reading.reader.request(id, None).await.map_err(failed_there)?;
    let request = request.map(|request| request.row).ok_or_else(unknown)?;
    match request.kind {
        SystemUserKind::Standard => Ok(request),
        SystemUserKind::Agent => Err(unknown()),
    }
}
