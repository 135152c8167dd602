//! The write APIs: load, authorise, decide, append, answer.

mod authorize;
pub mod import;
mod load;
mod on_behalf;
mod once;
mod refusal;
mod request;
mod requests;
mod resources;
mod state;
mod system_users;
mod systems;
mod token_clients;
mod token_scopes;

use axum::{
    Router,
    routing::{delete, post, put},
};
use utoipa_axum::{router::OpenApiRouter, routes};

pub use state::CommandState;

/// The routes with their documentation.
#[must_use]
pub fn routes() -> OpenApiRouter<CommandState> {
    OpenApiRouter::new()
        .routes(routes!(systems::register::register_system))
        .routes(routes!(systems::delete::delete_system))
        .routes(routes!(requests::create::create_request))
        .routes(routes!(requests::approve::approve_request))
        .routes(routes!(requests::reject::reject_request))
        .routes(routes!(requests::withdraw::withdraw_request))
        .routes(routes!(system_users::delete::delete_system_user))
        .routes(routes!(resources::create::create_resource_route))
        .routes(routes!(resources::publish_policy::publish_policy))
        .routes(routes!(token_clients::register::register_token_client))
        .routes(routes!(token_clients::add_key::add_token_key))
        .routes(routes!(token_clients::retire_key::retire_token_key))
        .routes(routes!(token_clients::delete::delete_token_client))
        .routes(routes!(token_scopes::register::register_token_scope))
        .routes(routes!(token_scopes::grant::grant_token_scope))
        .routes(routes!(token_scopes::revoke_grant::revoke_token_scope_grant))
        .routes(routes!(token_scopes::delegate::delegate_token_scope))
        .routes(routes!(token_scopes::revoke_delegation::revoke_token_scope_delegation))
}

/// The same operations under other paths and methods of the wire contract: what the customer's own
/// pages call, and `PUT` of a policy.
pub fn alias_routes() -> Router<CommandState> {
    Router::new()
        .route(
            "/resourceregistry/api/v1/resource/{id}/policy",
            put(resources::publish_policy::publish_policy),
        )
        .route(
            "/accessmanagement/api/v1/systemuser/request/{party}/{request_id}/approve",
            post(requests::approve::approve_request),
        )
        .route(
            "/accessmanagement/api/v1/systemuser/request/{party}/{request_id}/reject",
            post(requests::reject::reject_request),
        )
        .route(
            "/accessmanagement/api/v1/systemuser/{party}/{system_user_id}",
            delete(system_users::delete::delete_system_user),
        )
}
