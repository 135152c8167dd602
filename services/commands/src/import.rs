//! What is read from files: the catalogues, and the entity register.

pub mod catalogue;
pub mod entity_register;
