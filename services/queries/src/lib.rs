//! The read APIs over the read models. Each answer says the position it was read at.

mod access;
mod change_requests;
mod page;
mod requests;
mod resources;
mod state;
mod system_users;
mod systems;
mod token_clients;
mod token_scopes;
mod vendor;

use axum::{Router, routing::get};
use fullmakt_pep::Permit;
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouter, UtoipaMethodRouterExt},
    routes,
};

use access::{ANSWER_REQUESTS, READ_ACCESS, READ_SYSTEM_USERS};
pub use state::QueryState;

/// The routes with their documentation.
#[must_use]
pub fn routes() -> OpenApiRouter<QueryState> {
    OpenApiRouter::new()
        .routes(routes!(systems::list::list_systems))
        .routes(routes!(systems::vendor_list::list_systems_of_vendor))
        .routes(routes!(systems::get::get_system))
        .routes(routes!(systems::vendor_get::get_system_of_vendor))
        .routes(routes!(systems::change_log::get_change_log_of_system))
        .routes(routes!(systems::rights::get_rights_of_system))
        .routes(routes!(systems::access_packages::get_access_packages_of_system))
        .routes(routes!(requests::vendor_get::get_request_of_vendor))
        .routes(routes!(requests::vendor_by_reference::get_request_by_reference))
        .routes(routes!(requests::vendor_list::list_requests_of_system))
        .routes(guarded(READ_ACCESS, routes!(requests::party_get::get_request_of_party)))
        .routes(routes!(requests::portal_get::get_request_for_approval))
        .routes(guarded(ANSWER_REQUESTS, routes!(requests::pending::list_pending_requests)))
        .routes(routes!(requests::vendor_get::get_agent_request_of_vendor))
        .routes(routes!(requests::vendor_by_reference::get_agent_request_by_reference))
        .routes(routes!(requests::vendor_list::list_agent_requests_of_system))
        .routes(guarded(READ_ACCESS, routes!(requests::party_get::get_agent_request_of_party)))
        .routes(routes!(requests::portal_get::get_agent_request_for_approval))
        .routes(guarded(ANSWER_REQUESTS, routes!(requests::pending::list_pending_agent_requests)))
        .routes(routes!(change_requests::vendor_get::get_change_request_of_vendor))
        .routes(routes!(change_requests::vendor_by_reference::get_change_request_by_reference))
        .routes(routes!(change_requests::vendor_list::list_change_requests_of_system))
        .routes(guarded(
            READ_ACCESS,
            routes!(change_requests::party_get::get_change_request_of_party),
        ))
        .routes(routes!(change_requests::portal_get::get_change_request_for_approval))
        .routes(guarded(READ_ACCESS, routes!(system_users::list::list_system_users)))
        .routes(guarded(
            READ_SYSTEM_USERS,
            routes!(system_users::list_agents::list_agent_system_users),
        ))
        .routes(guarded(READ_SYSTEM_USERS, routes!(system_users::get::get_system_user)))
        .routes(guarded(
            READ_ACCESS,
            routes!(system_users::delegations::get_delegations_of_system_user),
        ))
        .routes(routes!(system_users::by_external_id::get_system_user_by_external_id))
        .routes(routes!(system_users::vendor_by_query::find_system_user_of_vendor))
        .routes(routes!(system_users::vendor_list::list_system_users_of_system))
        .routes(routes!(system_users::stream::stream_system_users))
        .routes(routes!(system_users::internal_get::get_registered_system_user))
        .routes(routes!(system_users::own_get::show_system_user))
        .routes(routes!(resources::get::get_resource))
        .routes(routes!(resources::policy::get_policy))
        .routes(routes!(token_clients::get::get_token_client))
        .routes(routes!(token_scopes::get::get_token_scope))
}

/// The same operations under other paths of the wire contract: what the customer's own pages call.
pub fn alias_routes() -> Router<QueryState> {
    Router::new()
        .route(
            "/accessmanagement/api/v1/systemuser/{party}",
            get(system_users::list::list_system_users).route_layer(READ_ACCESS),
        )
        .route(
            "/accessmanagement/api/v1/systemuser/agent/{party}",
            get(system_users::list_agents::list_agent_system_users).route_layer(READ_SYSTEM_USERS),
        )
        .route(
            "/accessmanagement/api/v1/systemuser/{party}/{system_user_id}",
            get(system_users::get::get_system_user).route_layer(READ_SYSTEM_USERS),
        )
        .route(
            "/accessmanagement/api/v1/systemuser/agent/{party}/{system_user_id}",
            get(system_users::get::get_system_user).route_layer(READ_SYSTEM_USERS),
        )
        .route(
            "/accessmanagement/api/v1/systemuser/{party}/{system_user_id}/delegations",
            get(system_users::delegations::get_delegations_of_system_user).route_layer(READ_ACCESS),
        )
        .route(
            "/accessmanagement/api/v1/systemuser/request/{party}/{request_id}",
            get(requests::party_get::get_request_of_party).route_layer(READ_ACCESS),
        )
        .route(
            "/accessmanagement/api/v1/systemuser/request/agent/{party}/{request_id}",
            get(requests::party_get::get_agent_request_of_party).route_layer(READ_ACCESS),
        )
        .route(
            "/accessmanagement/api/v1/systemuser/changerequest/{party}/{request_id}",
            get(change_requests::party_get::get_change_request_of_party).route_layer(READ_ACCESS),
        )
}

/// A route for those who are permitted this.
fn guarded(
    permit: Permit,
    routes: UtoipaMethodRouter<QueryState>,
) -> UtoipaMethodRouter<QueryState> {
    routes.map(|routes| routes.route_layer(permit))
}
