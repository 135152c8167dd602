//! Who may do what, told as it would be told to a customer.

mod consulted;
mod delegation;
mod deleted;
mod paused;
mod policies;
mod representation;
mod roles;
mod system_users;
mod world;
