//! The write APIs: load, authorise, decide, append, answer.

mod answer;
mod authorize;
mod change_requests;
mod delegation;
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
        .routes(routes!(systems::update::update_system))
        .routes(routes!(systems::replace_rights::replace_rights_of_system))
        .routes(routes!(systems::replace_access_packages::replace_access_packages_of_system))
        .routes(routes!(systems::delete::delete_system))
        .routes(routes!(requests::create::create_request))
        .routes(routes!(requests::create::create_agent_request))
        .routes(routes!(requests::approve::approve_request))
        .routes(routes!(requests::approve::approve_agent_request))
        .routes(routes!(requests::reject::reject_request))
        .routes(routes!(requests::reject::reject_agent_request))
        .routes(routes!(requests::escalate::escalate_request))
        .routes(routes!(requests::escalate::escalate_agent_request))
        .routes(routes!(requests::withdraw::withdraw_request))
        .routes(routes!(system_users::create::create_system_user))
        .routes(routes!(change_requests::request::request_change))
        .routes(routes!(change_requests::request::verify_change))
        .routes(routes!(change_requests::approve::approve_change_request))
        .routes(routes!(change_requests::reject::reject_change_request))
        .routes(routes!(change_requests::withdraw::withdraw_change_request))
        .routes(routes!(system_users::delete::delete_system_user))
        .routes(routes!(system_users::delete_agent::delete_agent_system_user))
        .routes(routes!(system_users::rename::rename_system_user))
        .routes(routes!(system_users::own_change::change_system_user))
        .routes(routes!(system_users::own_pause::pause_system_user))
        .routes(routes!(system_users::own_resume::resume_system_user))
        .routes(routes!(system_users::own_delete::end_system_user))
        .routes(routes!(resources::create::create_resource_route))
        .routes(routes!(resources::publish_policy::publish_policy))
        .routes(routes!(token_clients::register::register_token_client))
        .routes(routes!(token_clients::add_key::add_token_key))
        .routes(routes!(token_clients::retire_key::retire_token_key))
        .routes(routes!(token_clients::delete::delete_token_client))
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
            "/accessmanagement/api/v1/systemuser/request/{party}/{request_id}/escalate",
            post(requests::escalate::escalate_request),
        )
        .route(
            "/accessmanagement/api/v1/systemuser/request/agent/{party}/{request_id}/approve",
            post(requests::approve::approve_agent_request),
        )
        .route(
            "/accessmanagement/api/v1/systemuser/request/agent/{party}/{request_id}/reject",
            post(requests::reject::reject_agent_request),
        )
        .route(
            "/accessmanagement/api/v1/systemuser/request/agent/{party}/{request_id}/escalate",
            post(requests::escalate::escalate_agent_request),
        )
        .route(
            "/accessmanagement/api/v1/systemuser/changerequest/{party}/{request_id}/approve",
            post(change_requests::approve::approve_change_request),
        )
        .route(
            "/accessmanagement/api/v1/systemuser/changerequest/{party}/{request_id}/reject",
            post(change_requests::reject::reject_change_request),
        )
        .route(
            "/accessmanagement/api/v1/systemuser/{party}/{system_user_id}",
            delete(system_users::delete::delete_system_user),
        )
        .route(
            "/accessmanagement/api/v1/systemuser/agent/{party}/{system_user_id}",
            delete(system_users::delete_agent::delete_agent_system_user),
        )
        .route(
            "/accessmanagement/api/v1/systemuser/{party}/create",
            post(system_users::create::create_system_user),
        )
}
