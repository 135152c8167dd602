//! Systems of the register.

pub(crate) mod access_packages;
pub(crate) mod change_log;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod rights;
pub(crate) mod vendor_get;
pub(crate) mod vendor_list;

use axum::http::StatusCode;
use fullmakt_domain::{Authority, Seen};
use fullmakt_events::SystemId;
use fullmakt_http::{AltinnError, Problem, ProblemType};
use fullmakt_pep::Caller;
use fullmakt_projections::SystemRow;
use fullmakt_reading::{Reading, failed_there};
use fullmakt_wire::scopes::{SYSTEM_REGISTER_ADMIN, SYSTEM_REGISTER_WRITE};

/// A system by the id in a path. What is no id names no system.
async fn system(reading: &Reading, id: &str) -> Result<Option<SystemRow>, AltinnError> {
    let Ok(id) = id.parse::<SystemId>() else { return Ok(None) };
    let system = reading.reader.system(&id, None).await.map_err(failed_there)?;
    Ok(system.map(|system| system.row))
}

/// A system, deleted or not, for its vendor or for the administrator of all.
async fn system_of_vendor(
    reading: &Reading,
    caller: &Caller,
    id: &str,
) -> Result<SystemRow, AltinnError> {
    caller.require_any_scope(&[SYSTEM_REGISTER_WRITE, SYSTEM_REGISTER_ADMIN])?;
    let authority = if caller.has_scope(SYSTEM_REGISTER_ADMIN) {
        Some(Authority::Administrator)
    } else {
        caller.org.map(Authority::Organization)
    };
    let Some(system) = self::system(reading, id).await? else {
        let seen = Seen::new(id);
        let text = format!(
            "There is no system with the id `{seen}`. Use the id that it was registered with."
        );
        return Err(AltinnError::PlainText(StatusCode::NOT_FOUND, text.into()));
    };
    let vendor = system.definition.vendor;
    if !authority.is_some_and(|authority| authority.covers(vendor)) {
        return Err(Problem::of(
            ProblemType::Forbidden,
            "the system belongs to another organisation than the one your token names",
        )
        .into());
    }
    Ok(system)
}
