//! The write APIs: load, authorise, decide, append, answer.

mod authorize;
pub mod import;
mod load;
mod once;
mod refusal;
mod request;
mod requests;
mod state;
mod system_users;
mod systems;

use utoipa_axum::{router::OpenApiRouter, routes};

pub use state::CommandState;

/// The routes with their documentation.
pub fn router(state: CommandState) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(systems::register::register_system))
        .routes(routes!(systems::delete::delete_system))
        .routes(routes!(requests::create::create_request))
        .routes(routes!(requests::approve::approve_request))
        .routes(routes!(requests::reject::reject_request))
        .routes(routes!(requests::withdraw::withdraw_request))
        .routes(routes!(system_users::delete::delete_system_user))
        .with_state(state)
}
