//! The resource registry.

pub(crate) mod create;
mod policy_check;
mod policy_form;
pub(crate) mod publish_policy;

use fullmakt_events::ResourceId;
use fullmakt_http::AltinnError;

use crate::refusal;

/// The identifier in a path. What is none names no resource.
fn resource_id(text: &str) -> Result<ResourceId, AltinnError> {
    let unknown = |_| refusal::resource(&fullmakt_domain::resource::ResourceError::Unknown);
    text.parse().map_err(unknown)
}
