//! Who may do what, told as it would be told to a customer.

mod clients;
mod consulted;
mod delegation;
mod deleted;
mod explained;
mod law;
mod mandates;
mod own_business;
mod paused;
mod policies;
mod registry;
mod representation;
mod roles;
mod system_users;
mod world;
