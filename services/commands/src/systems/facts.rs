//! What is known of all that a submitted system names.

use fullmakt_domain::{
    facts::{ResourceFact, ResourceFacts},
    resource::Resource,
    system::{ClientIdClaim, SystemFacts, SystemSubmission},
};
use fullmakt_events::{ClientId, ResourceId, Right, StreamName};
use fullmakt_ledger::{Attempt, Unavailable};

use crate::load;

/// What is known of all that a submitted system names.
pub(super) async fn of(
    attempt: &mut Attempt,
    submitted: &SystemSubmission,
) -> Result<SystemFacts, Unavailable> {
    let resources = of_rights(attempt, &submitted.rights).await?;
    let mut facts = SystemFacts { resources, ..SystemFacts::default() };
    for client_id in submitted.client_ids.iter().filter_map(|id| id.parse::<ClientId>().ok()) {
        let claim: ClientIdClaim = load::state(attempt, StreamName::client_id(&client_id)).await?;
        facts.claims.insert(client_id.folded(), claim);
    }
    if !submitted.access_packages.is_empty() {
        facts.packages = load::packages(attempt).await?;
    }
    Ok(facts)
}

/// What is known of the resources of rights.
pub(super) async fn of_rights(
    attempt: &mut Attempt,
    rights: &[Right],
) -> Result<ResourceFacts, Unavailable> {
    let mut facts = ResourceFacts::new();
    let resources = rights.iter().filter_map(Right::resource_id);
    for resource in resources.filter_map(|id| id.parse::<ResourceId>().ok()) {
        let state: Resource = load::state(attempt, StreamName::resource(&resource)).await?;
        if let Some(fact) = state.definition().and_then(ResourceFact::of) {
            facts.insert(resource.to_string(), fact);
        }
    }
    Ok(facts)
}
