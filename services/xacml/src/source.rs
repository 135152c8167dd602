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

/// A source that has nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoSource;

impl AttributeSource for NoSource {
    fn values(&self, _wanted: &Designator) -> Result<Vec<Value>, SourceError> {
        Ok(Vec::new())
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
