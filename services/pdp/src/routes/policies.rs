//! What policies of apps say, for everybody.

mod reduced;
pub(super) mod roles_with_access;
pub(super) mod show;

use fullmakt_events::ResourceId;

/// The resource that an app is, by the code of its owner and its name.
fn resource_of_app(org: &str, app: &str) -> Option<ResourceId> {
    format!("app_{org}_{app}").to_lowercase().parse().ok()
}
