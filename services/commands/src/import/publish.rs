//! Publishing the catalogues of this release.

use std::convert::Infallible;

use async_trait::async_trait;
use fullmakt_domain::catalogue::{CatalogueVersion, PublishCatalogue, publish};
use fullmakt_events::{Position, StreamName, event::CataloguePublished};
use fullmakt_ledger::{Attempt, Command, CommandError, Decided, Ledger};

use super::{catalogue::CatalogueError, catalogue::catalogues, issuer};
use crate::load;

/// Why the catalogues were not published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The release's own data are broken.
    #[error("the catalogues of this release cannot be read")]
    Catalogue(#[source] CatalogueError),
    /// The ledger did not take a catalogue.
    #[error("the catalogue `{name}` was not published")]
    Command {
        /// The catalogue's name.
        name: &'static str,
        /// Why.
        #[source]
        source: CommandError<Infallible>,
    },
}

/// Publishes the catalogues of this release, those that differ from what is published.
///
/// Answers the position from which all of them count, and how many were published.
///
/// # Errors
/// When one of them cannot be published. Those before it are.
pub async fn publish_catalogues(ledger: &Ledger) -> Result<(Position, usize), PublishError> {
    let (mut position, mut published) = (Position::GENESIS, 0);
    for catalogue in catalogues().map_err(PublishError::Catalogue)? {
        let (at, is_written) = publish_catalogue(ledger, catalogue).await?;
        position = position.max(at);
        published += usize::from(is_written);
    }
    Ok((position, published))
}

/// Publishes a catalogue, if it differs from what is published.
///
/// Answers the position from which it counts, and whether it was published.
pub(super) async fn publish_catalogue(
    ledger: &Ledger,
    catalogue: CataloguePublished,
) -> Result<(Position, bool), PublishError> {
    let name = catalogue.content.name();
    let executed = ledger
        .execute(&issuer(), &Publish(catalogue))
        .await
        .map_err(|source| PublishError::Command { name, source })?;
    Ok((executed.position, executed.is_written))
}

struct Publish(CataloguePublished);

#[async_trait]
impl Command for Publish {
    type Answer = ();
    type Refusal = Infallible;

    fn turn(&self) -> StreamName {
        StreamName::catalogue(self.0.content.name())
    }

    async fn decide(&self, attempt: &mut Attempt) -> Result<Decided<()>, CommandError<Infallible>> {
        let version: CatalogueVersion = load::state(attempt, self.turn()).await?;
        let command =
            PublishCatalogue { hash: self.0.hash.clone(), content: self.0.content.clone() };
        let events = publish(&version, &command);
        Ok(if events.is_empty() {
            Decided::Nothing(())
        } else {
            Decided::Write { events, answer: () }
        })
    }
}
