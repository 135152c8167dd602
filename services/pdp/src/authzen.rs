//! The AuthZEN Authorization API 1.0: evaluation, evaluations, search and metadata.
//!
//! Why it is mapped to our resources and facts as it is, stands in `authzen/decision.md`:
//!
//! | AuthZEN | here |
//! | --- | --- |
//! | subject `system_user`, `id` a UUID | the system user |
//! | subject `person`, `id` the party's UUID or a national identity number | the person |
//! | subject `organization`, `id` an organisation number | the organisation |
//! | subject `party`, `id` the party's UUID | the person or organisation |
//! | subject of any other type | an entity: nobody whom facts are kept about |
//! | resource `resource`, `id` a resource's identifier | the resource of the registry |
//! | its `properties.party`, or else `context.party` | the party that is represented |
//! | resource of any other type | an entity, decided by the policy of the resource whose identifier is the type |
//! | action `name` | `urn:oasis:names:tc:xacml:1.0:action:action-id` |
//! | properties and context | attributes, see [`attributes`] |

mod answer;
mod attributes;
mod candidates;
mod entities;
mod evaluate;
mod evaluation;
mod evaluations;
mod index;
mod metadata;
mod model;
mod options;
mod page;
mod pinned;
mod record;
mod search;
mod search_routes;

use utoipa_axum::{router::OpenApiRouter, routes};

pub(crate) use index::SearchIndex;
pub(crate) use pinned::Pinned;

use crate::PdpState;

/// The routes with their documentation.
pub(crate) fn routes() -> OpenApiRouter<PdpState> {
    OpenApiRouter::new()
        .routes(routes!(evaluation::evaluation))
        .routes(routes!(evaluations::evaluations))
        .routes(routes!(search_routes::search_subject))
        .routes(routes!(search_routes::search_resource))
        .routes(routes!(search_routes::search_action))
        .routes(routes!(metadata::authzen_configuration))
}
