//! The columns of every read model, in the order of the statement that adds its rows.

mod access_list_members;
mod access_list_resources;
mod access_lists;
mod catalogues;
mod client_links;
mod mandate_asks;
mod mandates;
mod parties;
mod party_roles;
mod resource_policies;
mod resource_rights;
mod resources;
mod system_changes;
mod system_client_ids;
mod system_user_changes;
mod system_user_requests;
mod system_users;
mod systems;
mod token_clients;
mod token_scopes;
