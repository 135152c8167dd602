//! The vendor that calls, and the systems that are its own.

use fullmakt_domain::AuthCode;
use fullmakt_events::{OrgNumber, SystemId};
use fullmakt_http::AltinnError;
use fullmakt_pep::Caller;
use fullmakt_reading::{Reading, failed_there};
use fullmakt_wire::{auth_error, scopes::REQUEST_READ};

/// The vendor that calls: its token has the scope to read requests.
pub(crate) fn vendor(caller: &Caller) -> Result<OrgNumber, AltinnError> {
    vendor_with(caller, &[REQUEST_READ])
}

/// The vendor that calls: its token has one of these scopes.
pub(crate) fn vendor_with(
    caller: &Caller,
    any_of: &[&'static str],
) -> Result<OrgNumber, AltinnError> {
    caller.require_any_scope(any_of)?;
    caller.org.ok_or_else(|| {
        auth_error(
            AuthCode::VendorMissing,
            "the token has no `consumer`; use one that was issued to the vendor's organisation",
        )
    })
}

/// The vendor's own system by the id in a path, deleted or not.
pub(crate) async fn own_system(
    reading: &Reading,
    vendor: OrgNumber,
    id: &str,
) -> Result<SystemId, AltinnError> {
    let unknown = || auth_error(AuthCode::SystemNotFound, "there is no such system of yours");
    let system: SystemId = id.parse().map_err(|_| unknown())?;
    let owned = reading.reader.system(&system, None).await.map_err(failed_there)?;
    owned.filter(|owned| owned.definition.vendor == vendor).ok_or_else(unknown)?;
    Ok(system)
}
