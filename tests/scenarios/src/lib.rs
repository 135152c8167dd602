//! What the scenarios are told with: the running system, and the people who use it.
//!
//! Everything goes through the front door. The system is the binary itself, in a process of its own
//! with a database and a ledger of its own, and it is asked over HTTP only.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::must_use_candidate,
    clippy::panic,
    clippy::return_self_not_must_use,
    reason = "who tells a scenario fails by panicking"
)]

pub mod authzen;
mod client;
mod keys;
mod people;
mod provider;
pub mod requests;
mod scenario_4;
mod server;
mod system;

pub use client::{Answer, Client};
pub use keys::ClientKey;
pub use people::{
    Customer, EVA, FJORDTORG, KARI, NORDVIK, OLA, Person, SERVICE_OWNER, VENDOR, decision_request,
};
pub use provider::{Provider, VAT_RETURN, system_definition, system_user_of};
pub use scenario_4::Scenario4;
pub use server::Server;
pub use system::{Log, System, binary};

/// Makes tests of stories that are told on both logs. A story answers with what it was told on,
/// and at its end every read model has to be equal to its rebuild.
#[macro_export]
macro_rules! on_both_logs {
    ($($name:ident;)+) => {
        mod on_postgres {
            $(
                #[tokio::test]
                async fn $name() {
                    super::$name($crate::Log::Postgres).await.end();
                }
            )+
        }
        mod on_kafka {
            $(
                #[tokio::test]
                async fn $name() {
                    super::$name($crate::Log::Kafka).await.end();
                }
            )+
        }
    };
}
