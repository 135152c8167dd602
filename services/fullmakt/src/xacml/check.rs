//! `fullmakt xacml check`.

use super::{
    Failure,
    policies::{Policies, Rejected},
    print,
};
use crate::cli::Check;

pub(super) fn run(what: &Check) -> Result<(), Failure> {
    let mut policies = Policies::of(&what.folder);
    for (path, warning) in &policies.warnings {
        print(&format!(
            "{}: line {}, column {}: warning: {}",
            path.display(),
            warning.line,
            warning.column,
            warning.message
        ))?;
    }
    // A policy that was rejected is missed by those that refer to it; that is told once only.
    if policies.rejected.is_empty() {
        let flaws = policies.store.reference_flaws();
        policies.rejected.extend(flaws.into_iter().map(Rejected::from));
    }
    if !policies.rejected.is_empty() {
        return Err(Failure::Policies(policies.rejected));
    }
    let noun = if policies.count == 1 { "policy is" } else { "policies are" };
    print(&format!("{} {noun} valid", policies.count))
}
