//! What an evaluation of a compiled policy costs: steps, and memory.

#[cfg(test)]
mod cost {
    pub mod given;
}

use cost::given::{allocations, evaluator, request, set};
use fullmakt_xacml::{CompiledPolicy, Decision, PolicyStore, Request, ids};

#[test]
fn a_permit_without_obligations_takes_no_memory() {
    for policies in [1, 1_000] {
        let compiled = CompiledPolicy::new(set(policies), PolicyStore::new());
        let request = request(policies - 1, "read");
        let prepared = compiled.prepare(&request);
        let (evaluation, allocated) = allocations(|| prepared.evaluate(&evaluator()));
        assert_eq!((evaluation.decision, allocated), (Decision::Permit, 0));
    }
}

#[test]
fn what_does_not_apply_takes_no_memory_either() {
    let compiled = CompiledPolicy::new(set(100), PolicyStore::new());
    for request in [request(7, "write"), request(100, "read")] {
        let prepared = compiled.prepare(&request);
        let (evaluation, allocated) = allocations(|| prepared.evaluate(&evaluator()));
        assert_eq!((evaluation.decision, allocated), (Decision::NotApplicable, 0));
    }
}

#[test]
fn a_request_that_asks_for_the_policies_pays_for_their_names() {
    let compiled = CompiledPolicy::new(set(1), PolicyStore::new());
    let request = Request { return_policies: true, ..request(0, "read") };
    let prepared = compiled.prepare(&request);
    let (evaluation, allocated) = allocations(|| prepared.evaluate(&evaluator()));
    assert_eq!(evaluation.policies.len(), 2);
    assert!(allocated > 0, "the allocator counts");
}

#[test]
fn policies_that_cannot_apply_are_not_looked_at() {
    let tree = set(1_000);
    let request = request(999, "read");
    let few = evaluator().with_steps(40);
    let reference = few.evaluate(&tree, &request);
    assert_eq!(reference.decision, Decision::Indeterminate, "it looks at each");
    let compiled = CompiledPolicy::new(tree, PolicyStore::new());
    assert_eq!(compiled.evaluate(&few, &request).decision, Decision::Permit);
}

/// They cannot do without the attribute, so that all fail.
#[test]
fn policies_are_looked_at_when_the_attribute_is_missing() {
    let compiled = CompiledPolicy::new(set(1_000), PolicyStore::new());
    let mut request = request(0, "read");
    request.categories.retain(|sent| sent.category != ids::RESOURCE);
    let evaluation = compiled.evaluate(&evaluator(), &request);
    assert_eq!(evaluation.decision, Decision::Indeterminate);
    assert_eq!(
        evaluation.status.missing.first().map(|name| name.id.as_str()),
        Some(ids::RESOURCE_ID)
    );
}
