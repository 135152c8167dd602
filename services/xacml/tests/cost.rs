//! What an evaluation of a compiled policy costs: steps, and memory.

use chrono::DateTime;
use fullmakt_xacml::{
    CompiledPolicy, Decision, Evaluator, Limits, Mode, PolicyStore, PolicyTree, Request, Value, ids,
};

const PACKAGE: &str = "urn:altinn:accesspackage";

/// What something gives, and how often it takes memory.
fn allocations<T>(of: impl FnOnce() -> T) -> (T, u64) {
    let mut result = None;
    let info = allocation_counter::measure(|| result = Some(of()));
    (result.expect("it was done"), info.count_total)
}

fn matched(category: &str, id: &str, text: &str) -> String {
    format!(
        "<AnyOf><AllOf><Match MatchId=\"urn:oasis:names:tc:xacml:1.0:function:string-equal\">\
         <AttributeValue DataType=\"http://www.w3.org/2001/XMLSchema#string\">{text}</AttributeValue>\
         <AttributeDesignator Category=\"{category}\" AttributeId=\"{id}\" MustBePresent=\"true\" \
         DataType=\"http://www.w3.org/2001/XMLSchema#string\"/></Match></AllOf></AnyOf>"
    )
}

/// A policy of one resource, which whoever holds one of three packages may read.
fn policy(resource: usize) -> String {
    let packages: String = (0..3)
        .map(|package| {
            format!(
                "<AttributeValue DataType=\"http://www.w3.org/2001/XMLSchema#string\">package-{}</AttributeValue>",
                resource + package
            )
        })
        .collect();
    format!(
        "<Policy xmlns=\"urn:oasis:names:tc:xacml:3.0:core:schema:wd-17\" PolicyId=\"p{resource}\" Version=\"1.0\" \
         RuleCombiningAlgId=\"urn:oasis:names:tc:xacml:1.0:rule-combining-algorithm:first-applicable\">\
         <Target>{}</Target><Rule RuleId=\"read\" Effect=\"Permit\"><Target>{}</Target><Condition>\
         <Apply FunctionId=\"urn:oasis:names:tc:xacml:1.0:function:string-at-least-one-member-of\">\
         <AttributeDesignator Category=\"{}\" AttributeId=\"{PACKAGE}\" MustBePresent=\"false\" \
         DataType=\"http://www.w3.org/2001/XMLSchema#string\"/>\
         <Apply FunctionId=\"urn:oasis:names:tc:xacml:1.0:function:string-bag\">{packages}</Apply>\
         </Apply></Condition></Rule></Policy>",
        matched(ids::RESOURCE, ids::RESOURCE_ID, &format!("resource-{resource}")),
        matched(ids::ACTION, ids::ACTION_ID, "read"),
        ids::ACCESS_SUBJECT,
    )
}

/// So many policies in one policy set.
fn set(policies: usize) -> PolicyTree {
    let policies: String = (0..policies).map(policy).collect();
    let text = format!(
        "<PolicySet xmlns=\"urn:oasis:names:tc:xacml:3.0:core:schema:wd-17\" PolicySetId=\"s\" Version=\"1.0\" \
         PolicyCombiningAlgId=\"urn:oasis:names:tc:xacml:1.0:policy-combining-algorithm:first-applicable\">\
         <Target/>{policies}</PolicySet>"
    );
    PolicyTree::parse(&text, Mode::Strict, &Limits::default()).expect("a policy set").policy
}

fn request(resource: usize, action: &str) -> Request {
    let mut request = Request::new()
        .with(ids::RESOURCE, ids::RESOURCE_ID, Value::string(format!("resource-{resource}")))
        .with(ids::ACTION, ids::ACTION_ID, action);
    let packages = (0..10).map(|package| Value::string(format!("package-{}", resource + package)));
    request.add_values(ids::ACCESS_SUBJECT, PACKAGE, packages);
    request
}

fn evaluator() -> Evaluator<'static> {
    Evaluator::new(DateTime::parse_from_rfc3339("2026-01-01T12:00:00Z").expect("a time"))
}

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
