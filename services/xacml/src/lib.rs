#![doc = include_str!("../README.md")]

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
