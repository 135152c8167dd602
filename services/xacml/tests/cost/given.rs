//! Policies and requests whose evaluation is measured.

use chrono::DateTime;
use fullmakt_xacml::{Evaluator, Limits, Mode, PolicyTree, Request, Value, ids};

const PACKAGE: &str = "urn:altinn:accesspackage";

/// What something gives, and how often it takes memory.
pub fn allocations<T>(of: impl FnOnce() -> T) -> (T, u64) {
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
    let package = |package| {
        format!(
            "<AttributeValue DataType=\"http://www.w3.org/2001/XMLSchema#string\">package-{}</AttributeValue>",
            resource + package
        )
    };
    let packages = [package(0), package(1), package(2)].concat();
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
pub fn set(policies: usize) -> PolicyTree {
    let policies = (0..policies).map(policy).collect::<Vec<_>>().concat();
    let text = format!(
        "<PolicySet xmlns=\"urn:oasis:names:tc:xacml:3.0:core:schema:wd-17\" PolicySetId=\"s\" Version=\"1.0\" \
         PolicyCombiningAlgId=\"urn:oasis:names:tc:xacml:1.0:policy-combining-algorithm:first-applicable\">\
         <Target/>{policies}</PolicySet>"
    );
    PolicyTree::parse(&text, Mode::Strict, &Limits::default()).expect("a policy set").policy
}

pub fn request(resource: usize, action: &str) -> Request {
    let mut request = Request::new()
        .with(ids::RESOURCE, ids::RESOURCE_ID, Value::string(format!("resource-{resource}")))
        .with(ids::ACTION, ids::ACTION_ID, action);
    let packages = (0..10).map(|package| Value::string(format!("package-{}", resource + package)));
    request.add_values(ids::ACCESS_SUBJECT, PACKAGE, packages);
    request
}

pub fn evaluator() -> Evaluator<'static> {
    Evaluator::new(DateTime::parse_from_rfc3339("2026-01-01T12:00:00Z").expect("a time"))
}
