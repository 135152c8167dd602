//! Catalogues of access packages, roles and what follows from them.
//!
//! A version is known by the hash of its content, and replaces the one before as a whole.

use std::convert::Infallible;

use fullmakt_events::{
    StreamName,
    event::{Catalogue, CatalogueEvent, CataloguePublished},
};

use crate::{Decider, Outcome, Recorded, decider::on};

/// The state of `catalogue/{name}`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum CatalogueVersion {
    /// There is none.
    #[default]
    Unpublished,
    /// This one counts.
    Published {
        /// The SHA-256 of the content's canonical JSON, hexadecimal.
        hash: String,
    },
}

/// Publishes a catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishCatalogue {
    /// The SHA-256 of the content's canonical JSON, hexadecimal.
    pub hash: String,
    /// The content.
    pub content: Catalogue,
}

/// What a publication makes happen, on the stream of the content's kind. Nothing where the same
/// content is published already.
#[must_use]
pub fn publish(version: &CatalogueVersion, command: &PublishCatalogue) -> Outcome {
    let Ok(events) = version.decide(command);
    on(&StreamName::catalogue(command.content.name()), events).collect()
}

impl Decider for CatalogueVersion {
    type Command = PublishCatalogue;
    type Event = CatalogueEvent;
    /// A catalogue is the product's own data, and nothing is refused.
    type Error = Infallible;

    const CATEGORY: &'static str = "catalogue";

    fn decide(&self, command: &PublishCatalogue) -> Result<Vec<CatalogueEvent>, Infallible> {
        match self {
            Self::Published { hash } if *hash == command.hash => Ok(vec![]),
            Self::Unpublished | Self::Published { .. } => {
                Ok(vec![CatalogueEvent::Published(CataloguePublished {
                    hash: command.hash.clone(),
                    content: command.content.clone(),
                })])
            }
        }
    }

    fn evolve(self, recorded: Recorded<'_, CatalogueEvent>) -> Self {
        match recorded.event {
            CatalogueEvent::Published(published) => {
                Self::Published { hash: published.hash.clone() }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use fullmakt_events::{RoleUrn, event::RoleMapping};
    use proptest::{collection::vec, prelude::*};

    use super::*;
    use crate::scenario::{assert_laws, scenario, streams};

    fn content(gets: &str) -> Catalogue {
        let mapping = RoleMapping { has: RoleUrn::new("urn:a:dagl"), gets: RoleUrn::new(gets) };
        Catalogue::RoleMap(vec![mapping])
    }

    fn publish_of(gets: &str) -> PublishCatalogue {
        PublishCatalogue { hash: format!("hash of {gets}"), content: content(gets) }
    }

    fn published(gets: &str) -> CatalogueEvent {
        let PublishCatalogue { hash, content } = publish_of(gets);
        CatalogueEvent::Published(CataloguePublished { hash, content })
    }

    #[test]
    fn a_catalogue_is_published_and_replaced_by_another() {
        scenario::<CatalogueVersion>([]).when(&publish_of("a")).then([published("a")]);
        scenario::<CatalogueVersion>([published("a")])
            .when(&publish_of("b"))
            .then([published("b")]);
    }

    #[test]
    fn the_same_catalogue_is_already_there_unless_another_came_between() {
        scenario::<CatalogueVersion>([published("a")]).when(&publish_of("a")).then_nothing();
        scenario::<CatalogueVersion>([published("a"), published("b")])
            .when(&publish_of("a"))
            .then([published("a")]);
    }

    #[test]
    fn a_catalogue_is_published_on_the_stream_of_its_kind() {
        let outcome = publish(&CatalogueVersion::default(), &publish_of("a"));
        assert_eq!(streams(&outcome), ["catalogue/role-map"]);
    }

    proptest! {
        #[test]
        fn a_catalogue_keeps_the_laws_and_the_last_version_counts(
            commands in vec(prop_oneof![Just("a"), Just("b")].prop_map(publish_of), 0..12)
        ) {
            assert_laws::<CatalogueVersion>(&commands, |_, command, after| {
                assert_eq!(*after, CatalogueVersion::Published { hash: command.hash.clone() });
            });
        }
    }
}
