//! Systems of the register.

pub(crate) mod access_packages;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod rights;
pub(crate) mod vendor_get;
pub(crate) mod vendor_list;

use fullmakt_events::SystemId;
use fullmakt_http::AltinnError;
use fullmakt_projections::SystemRow;

use fullmakt_reading::{Reading, failed_there};

/// A system by the id in a path. What is no id names no system.
async fn system(reading: &Reading, id: &str) -> Result<Option<SystemRow>, AltinnError> {
    let Ok(id) = id.parse::<SystemId>() else { return Ok(None) };
    let system = reading.reader.system(&id, None).await.map_err(failed_there)?;
    Ok(system.map(|system| system.row))
}
