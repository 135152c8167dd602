//! The columns of every read model, in the order of the statement that adds its rows.

mod catalogues;
mod parties;
mod party_roles;
mod resource_policies;
mod resources;
mod system_changes;
mod system_client_ids;
mod system_user_changes;
mod system_user_requests;
mod system_users;
mod systems;
mod token_clients;
