//! From facts to a decision and its explanation: the pure step around the policy engine.
//!
//! No I/O and no clock. The facts are an [`AccessGraph`](fullmakt_projections::graph::AccessGraph),
//! live or folded up to an earlier position, so that the decision service and the audit service
//! decide with the same code.

mod decide;
mod delegation;
mod deleted;
mod explain;
mod facts;
mod gate;
mod ids;
mod policy;
mod question;
pub mod record;
mod representation;

pub use decide::{AccessDecision, Reason, decide};
pub use delegation::{PackageCheck, RightCheck, check_package, check_right};
pub use explain::{AccessExplanation, FiredRule, Miss, NearestMiss, explain};
pub use facts::{Fact, FactKind, Facts, Relation, Wanted, collect};
pub use ids::{RESOURCE, SYSTEM_USER};
pub use policy::ResourcePolicy;
pub use question::{Question, Subject};
pub use representation::{
    RepresentationCheck, check_representation, represented_parties, roles_for,
};

#[cfg(test)]
mod tests;
