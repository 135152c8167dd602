//! The system register: vendors enter their systems, change them, and take them out again; customers
//! find them; and the change log tells of every call.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "who tells a story fails by panicking"
)]

mod change_log;
mod client_ids;
mod deleted;
mod registered;
mod replaced;
mod rules;
mod seen;
mod story;
mod updated;
mod versions;
