//! Attributes from outside of the request.

use crate::limits::Limits;
use crate::model::Designator;
use crate::request::{self, Request, RequestError};
use crate::value::Value;

/// Where attributes come from that the request does not carry (section 7.3.5).
///
/// It is asked only when the request has no fitting value, and has to give the same answer whenever
/// it is asked the same during one evaluation. A source fetches nothing; who evaluates has fetched
/// before.
pub trait AttributeSource {
    /// The values a designator means; those of another data type are left out by the engine.
    ///
    /// # Errors
    ///
    /// [`SourceError`] when the values cannot be told, which is not the same as that there are
    /// none.
    fn values(&self, wanted: &Designator) -> Result<Vec<Value>, SourceError>;
}

/// The values of an attribute cannot be told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct SourceError {
    /// Why.
    pub reason: String,
}

/// How much of a hierarchy is asked for besides a resource (Multiple Decision profile).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// What is directly below it.
    Children,
    /// All that is below it.
    Descendants,
}

/// What is below resources, which no request tells.
pub trait Hierarchy {
    /// The identifiers of what is below a resource, in the order their results are to be given.
    ///
    /// # Errors
    ///
    /// [`SourceError`] when it cannot be told.
    fn below(&self, resource: &Value, scope: Scope) -> Result<Vec<Value>, SourceError>;
}

/// A hierarchy nobody knows.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoHierarchy;

impl Hierarchy for NoHierarchy {
    fn below(&self, _resource: &Value, _scope: Scope) -> Result<Vec<Value>, SourceError> {
        Err(SourceError { reason: "what is below resources is not known".to_owned() })
    }
}

/// Attributes known before, as a list in JSON.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SuppliedAttributes {
    attributes: Request,
}

impl SuppliedAttributes {
    /// Reads a list of objects with the members `Category`, `AttributeId`, `Value`, and, if need be,
    /// `DataType` and `Issuer`, which mean what they mean in requests.
    ///
    /// # Errors
    ///
    /// [`RequestError`] with what is wrong.
    pub fn from_json(text: &str, limits: &Limits) -> Result<Self, RequestError> {
        request::attributes_from_json(text, limits).map(|attributes| Self { attributes })
    }
}

impl AttributeSource for SuppliedAttributes {
    fn values(&self, wanted: &Designator) -> Result<Vec<Value>, SourceError> {
        Ok(self.attributes.matching(wanted).cloned().collect())
    }
}

impl<F> AttributeSource for F
where
    F: Fn(&Designator) -> Result<Vec<Value>, SourceError>,
{
    fn values(&self, wanted: &Designator) -> Result<Vec<Value>, SourceError> {
        self(wanted)
    }
}
