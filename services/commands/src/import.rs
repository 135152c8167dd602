//! What is read from files and becomes commits: the catalogues, and the entity register.

pub mod catalogue;
mod entities;
pub mod entity_register;
mod party;
mod publish;
mod register;
mod resources;

pub use entities::{EntitiesError, import_entities, read_entities};
pub use party::PartyIds;
pub use publish::{PublishError, publish_catalogues};
pub use register::{ImportFailure, ImportReport, RegisterContent, RegisterFiles, import_register};
pub(crate) use resources::create_resource;
pub use resources::{ResourceImport, import_resource};

use fullmakt_events::Actor;
use fullmakt_ledger::Issuer;
use tokio::time::Instant;

/// Commands of an import are given by the installation's own command line.
fn issuer() -> Issuer {
    Issuer { actor: Actor::operator(), reason: None, correlation: None, arrived: Instant::now() }
}
