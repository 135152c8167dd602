//! The questions that a [`Reader`](crate::Reader) answers, by subject.
//!
//! Each is asked as of a position, and as of the reader's own position where none is given.

mod access_lists;
mod catalogues;
mod client_links;
mod mandates;
mod parties;
mod records;
mod resource_rights;
mod resources;
mod system_user_changes;
mod system_users;
mod systems;
mod token_clients;
mod token_scopes;

pub use catalogues::CatalogueVersion;
pub use records::{Order, RecordFilter, RecordRow};
pub use system_users::{ExternalId, Reference};
