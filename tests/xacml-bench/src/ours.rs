//! This product's engine.

use chrono::{DateTime, FixedOffset};
use fullmakt_xacml::{
    CompiledPolicy, Decision, Evaluator, Limits, Mode, PolicyStore, PolicyTree, PreparedRequest,
    Request, RequestDocument, Value, ids,
};

use crate::{Engine, Failed, HELD, NAMED, Question, packages, resource};

const STRING: &str = "http://www.w3.org/2001/XMLSchema#string";
const PACKAGE: &str = "urn:altinn:accesspackage";

/// Policies, compiled.
pub struct Ours {
    policy: CompiledPolicy,
    now: DateTime<FixedOffset>,
}

/// A question with its attributes in hand.
pub struct Asked<'a> {
    prepared: PreparedRequest<'a>,
    evaluator: Evaluator<'static>,
}

impl Ours {
    /// So many policies in one policy set.
    pub fn new(policies: usize) -> Result<Self, Failed> {
        let (bytes, nodes, children) = (usize::MAX, u32::MAX, usize::MAX);
        let limits = Limits { bytes, nodes, children, ..Limits::default() };
        let text = set(policies);
        let tree = PolicyTree::parse(&text, Mode::Strict, &limits)?.policy;
        let policy = CompiledPolicy::new(tree, PolicyStore::new());
        Ok(Self { policy, now: DateTime::parse_from_rfc3339("2026-01-01T12:00:00Z")? })
    }

    /// Makes a question ready.
    pub fn ask<'a>(&'a self, request: &'a Request) -> Asked<'a> {
        Asked { prepared: self.policy.prepare(request), evaluator: Evaluator::new(self.now) }
    }

    /// From a request to a response, both in XML.
    pub fn xml_to_xml(&self, request: &str) -> Result<String, Failed> {
        let limits = Limits::default();
        let document = RequestDocument::from_xml(request, &limits)?;
        let response = self.policy.respond(&Evaluator::new(self.now), document, &limits)?;
        Ok(response.to_xml())
    }

    /// From a request to a response, both in JSON.
    pub fn json_to_json(&self, request: &str) -> Result<String, Failed> {
        let limits = Limits::default();
        let document = RequestDocument::from_json(request, &limits)?;
        let response = self.policy.respond(&Evaluator::new(self.now), document, &limits)?;
        Ok(response.to_json_text())
    }
}

impl Engine for Asked<'_> {
    fn is_permitted(&self) -> Result<bool, Failed> {
        Ok(self.prepared.evaluate(&self.evaluator).decision == Decision::Permit)
    }
}

/// A question as a request.
pub fn request(question: Question) -> Request {
    let mut request = Request::new()
        .with(ids::RESOURCE, ids::RESOURCE_ID, resource(question.resource))
        .with(ids::ACTION, ids::ACTION_ID, question.action);
    let held = packages(question.held, HELD).map(Value::from);
    request.add_values(ids::ACCESS_SUBJECT, PACKAGE, held);
    request
}

/// A question as a request in XML.
pub fn xml(question: Question) -> String {
    let attribute = |id: &str, values: &mut dyn Iterator<Item = String>| {
        let values: String = values
            .map(|value| format!("<AttributeValue DataType=\"{STRING}\">{value}</AttributeValue>"))
            .collect();
        format!("<Attribute AttributeId=\"{id}\" IncludeInResult=\"false\">{values}</Attribute>")
    };
    let mut held = packages(question.held, HELD);
    let categories: String = [
        (
            ids::RESOURCE,
            attribute(ids::RESOURCE_ID, &mut [resource(question.resource)].into_iter()),
        ),
        (ids::ACTION, attribute(ids::ACTION_ID, &mut [question.action.to_owned()].into_iter())),
        (ids::ACCESS_SUBJECT, attribute(PACKAGE, &mut held)),
    ]
    .map(|(category, content)| {
        format!("<Attributes Category=\"{category}\">{content}</Attributes>")
    })
    .concat();
    format!(
        "<Request xmlns=\"urn:oasis:names:tc:xacml:3.0:core:schema:wd-17\" CombinedDecision=\"false\" \
         ReturnPolicyIdList=\"false\">{categories}</Request>"
    )
}

fn set(policies: usize) -> String {
    let policies: String = (0..policies).map(policy).collect();
    format!(
        "<PolicySet xmlns=\"urn:oasis:names:tc:xacml:3.0:core:schema:wd-17\" PolicySetId=\"all\" Version=\"1.0\" \
         PolicyCombiningAlgId=\"urn:oasis:names:tc:xacml:1.0:policy-combining-algorithm:first-applicable\">\
         <Target/>{policies}</PolicySet>"
    )
}

fn policy(number: usize) -> String {
    let function = "urn:oasis:names:tc:xacml:1.0:function";
    let named: String = packages(number, NAMED)
        .map(|package| format!("<AttributeValue DataType=\"{STRING}\">{package}</AttributeValue>"))
        .collect();
    let matched = |category: &str, id: &str, text: &str| {
        format!(
            "<AnyOf><AllOf><Match MatchId=\"{function}:string-equal\"><AttributeValue DataType=\"{STRING}\">{text}\
             </AttributeValue><AttributeDesignator Category=\"{category}\" AttributeId=\"{id}\" DataType=\"{STRING}\" \
             MustBePresent=\"false\"/></Match></AllOf></AnyOf>"
        )
    };
    format!(
        "<Policy PolicyId=\"policy-{number}\" Version=\"1.0\" \
         RuleCombiningAlgId=\"urn:oasis:names:tc:xacml:1.0:rule-combining-algorithm:first-applicable\">\
         <Target>{}{}</Target><Rule RuleId=\"read\" Effect=\"Permit\"><Condition>\
         <Apply FunctionId=\"{function}:string-at-least-one-member-of\">\
         <AttributeDesignator Category=\"{}\" AttributeId=\"{PACKAGE}\" DataType=\"{STRING}\" MustBePresent=\"false\"/>\
         <Apply FunctionId=\"{function}:string-bag\">{named}</Apply></Apply></Condition></Rule></Policy>",
        matched(ids::RESOURCE, ids::RESOURCE_ID, &resource(number)),
        matched(ids::ACTION, ids::ACTION_ID, "read"),
        ids::ACCESS_SUBJECT,
    )
}
