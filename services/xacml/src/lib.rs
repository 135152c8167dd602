//! The XACML 3.0 policy engine. Pure; depends on nothing of ours.
//!
//! It reads policies and checks them whole ([`PolicyTree::parse`]), reads requests in XML and in
//! JSON ([`RequestDocument`]), evaluates and explains ([`Evaluator`], [`Explanation`]), and renders
//! responses ([`Response`]). What is evaluated often is compiled first ([`CompiledPolicy`]): it means
//! the same, and does not look at policies and rules that cannot apply. It has no clock, does no input or output, does not panic, and always
//! ends: whatever is read is limited ([`limits`]), and the steps of an evaluation are counted, those
//! of XPath expressions included.
//!
//! # What it does not do
//!
//! Policies with a `PolicyIssuer`, and XPath of another version than 1.0. They are refused when they
//! are loaded.
//!
//! # Where it takes a stand
//!
//! - The version in a function's identifier is insignificant.
//! - A date or time without time zone is taken to be in UTC; `time-…-than` refuses to compare it
//!   with one that has a time zone.
//! - `double-equal` finds NaN equal to itself, as XML Schema and the conformance set do.
//! - Fractions of a second have at most nine digits.
//! - A policy that does not say its version of XPath uses 1.0.
//! - A request for what is below a resource is Indeterminate unless there is a [`Hierarchy`] to ask;
//!   the rest is not left out silently.
//! - [`Mode::Altinn`] reads targets as Altinn's engine does, for policies written for it.
//!
//! ```
//! use chrono::DateTime;
//! use fullmakt_xacml::{CompiledPolicy, Decision, Evaluator, Limits, Mode, PolicyStore, PolicyTree};
//! use fullmakt_xacml::{Request, ids};
//!
//! let policy = r#"
//!   <Policy xmlns="urn:oasis:names:tc:xacml:3.0:core:schema:wd-17"
//!       PolicyId="urn:example" Version="1.0"
//!       RuleCombiningAlgId="urn:oasis:names:tc:xacml:3.0:rule-combining-algorithm:deny-overrides">
//!     <Target/>
//!     <Rule RuleId="1" Effect="Permit">
//!       <Target><AnyOf><AllOf>
//!         <Match MatchId="urn:oasis:names:tc:xacml:1.0:function:string-equal">
//!           <AttributeValue DataType="http://www.w3.org/2001/XMLSchema#string">read</AttributeValue>
//!           <AttributeDesignator Category="urn:oasis:names:tc:xacml:3.0:attribute-category:action"
//!             AttributeId="urn:oasis:names:tc:xacml:1.0:action:action-id"
//!             DataType="http://www.w3.org/2001/XMLSchema#string" MustBePresent="false"/>
//!         </Match>
//!       </AllOf></AnyOf></Target>
//!     </Rule>
//!   </Policy>"#;
//! let parsed = PolicyTree::parse(policy, Mode::Strict, &Limits::default())?;
//! let request = Request::new().with(ids::ACTION, ids::ACTION_ID, "read");
//! let now = DateTime::parse_from_rfc3339("2026-01-01T12:00:00+01:00")?;
//!
//! let evaluation = Evaluator::new(now).evaluate(&parsed.policy, &request);
//! assert_eq!(evaluation.decision, Decision::Permit);
//!
//! let compiled = CompiledPolicy::new(parsed.policy, PolicyStore::new());
//! assert_eq!(compiled.evaluate(&Evaluator::new(now), &request), evaluation);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod combining;
mod compiled;
mod evaluate;
mod explanation;
pub mod functions;
pub mod ids;
pub mod limits;
mod load;
pub mod model;
mod request;
mod respond;
mod response;
mod rights;
mod source;
mod store;
mod survey;
pub mod value;
mod xml;
mod xpath;

pub use self::compiled::{CompiledPolicy, PreparedRequest};
pub use self::evaluate::{EvaluationError, Evaluator};
pub use self::explanation::{
    Explained, ExplainedKind, ExplainedLookup, ExplainedMatch, Explanation, Judgement, Origin,
    Sought,
};
pub use self::limits::Limits;
pub use self::load::{ParsedPolicy, PolicyError, PolicyFlaw, Warning};
pub use self::model::{Effect, Mode, PolicyTree};
pub use self::request::{Attribute, AttributeCategory, Request, RequestDocument, RequestError};
pub use self::response::{
    Assignment, Decision, DecisionResult, Evaluation, ExtendedDecision, MissingAttribute, Notice,
    PolicyIdentifier, Response, Status, StatusCode,
};
pub use self::rights::{AttributeMatch, Right, RightsError};
pub use self::source::{
    AttributeSource, Hierarchy, NoHierarchy, Scope, SourceError, SuppliedAttributes,
};
pub use self::store::{PolicyStore, ReferenceFlaw};
pub use self::survey::AttributeName;
pub use self::value::{Bag, DataType, LexicalError, Value};
pub use self::xml::{At, XmlError, XmlFlaw};
pub use self::xpath::{XPath, XPathExpression, XPathFlaw};
