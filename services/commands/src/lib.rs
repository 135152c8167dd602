//! The write APIs: load, authorise, decide, append, answer.

mod authorize;
pub mod import;
mod load;
mod on_behalf;
mod once;
mod refusal;
mod request;
mod requests;
mod state;
mod system_users;
mod systems;

use axum::{
    Router,
    routing::{delete, post},
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
}

/// The writing half of the customer's own pages: the same operations under the path that those
/// pages call.
pub fn portal_routes() -> Router<CommandState> {
    Router::new()
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
