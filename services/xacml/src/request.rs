//! Requests (sections 5.42 to 5.46) as values, and as the documents they arrive in.
//!
//! A [`RequestDocument`] is what was sent and may ask for several decisions; a [`Request`] asks for
//! one.

mod json;
mod multiple;
mod nodes;
mod plain;
mod render;
mod xml;

use std::borrow::Cow;
use std::sync::Arc;

pub(crate) use self::json::read_attributes as attributes_from_json;
pub(crate) use self::render::{Each, Profile, put, put_list};
pub(crate) use self::xml::{
    category as category_from_xml, data_type as data_type_from_xml, value as value_from_xml,
};
use crate::limits::Limits;
use crate::model::Designator;
use crate::response::Status;
use crate::source::{Hierarchy, NoHierarchy};
use crate::value::{LexicalError, Value};
use crate::xml::XmlError;
use crate::xpath::XPathFlaw;

/// A request document that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// No well-formed XML, or not the elements of the standard.
    #[error(transparent)]
    Xml(#[from] XmlError),
    /// No well-formed JSON, or nested deeper than the parser goes.
    #[error("not well-formed JSON, or nested too deeply, at line {line}, column {column}")]
    Json {
        /// The line, from one.
        line: usize,
        /// The column, from one.
        column: usize,
    },
    /// The document is larger than the limit.
    #[error("the document is larger than {limit} bytes")]
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// A member of a JSON object that has to be there.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// A member of a JSON object that has another form.
    #[error("`{0}` has the wrong form")]
    Form(&'static str),
    /// A data type the engine does not know.
    #[error("unknown data type `{0}`")]
    UnknownDataType(String),
    /// A value that is none of its data type.
    #[error(transparent)]
    Value(#[from] LexicalError),
    /// A text that is no XPath expression.
    #[error(transparent)]
    Path(#[from] XPathFlaw),
    /// XPath of another version than the engine understands.
    #[error("`{0}` is a version of XPath that is not supported; only 1.0 is")]
    XPathVersion(String),
    /// More attribute values than the limit.
    #[error("more than {limit} attribute values")]
    TooManyValues {
        /// The limit.
        limit: usize,
    },
    /// More individual decisions than the limit.
    #[error("more than {limit} decisions in one request")]
    TooManyDecisions {
        /// The limit.
        limit: usize,
    },
}

/// A request for one decision.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Request {
    /// The attributes, each category once.
    pub categories: Vec<AttributeCategory>,
    /// Whether the answer is to name the policies that applied.
    pub return_policies: bool,
}

/// What was sent: attributes, and how many decisions about them are wanted.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RequestDocument {
    /// The attributes, where one category may occur several times.
    pub categories: Vec<AttributeCategory>,
    /// The individual requests, each by the ids of its categories; empty, all combinations.
    pub references: Vec<Vec<String>>,
    /// Whether the answer is to name the policies that applied.
    pub return_policies: bool,
    /// Whether all decisions are to be made into one.
    pub combined_decision: bool,
}

/// Attributes of one category.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AttributeCategory {
    /// The category.
    pub category: String,
    /// What references name these attributes by.
    pub id: Option<String>,
    /// Free content: an XML document that selectors and XPath functions look into.
    pub content: Option<Arc<str>>,
    /// The attributes.
    pub attributes: Vec<Attribute>,
}

/// An attribute with its values.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// The identifier.
    pub id: String,
    /// Who says so.
    pub issuer: Option<String>,
    /// Whether the answer is to repeat it.
    pub include_in_result: bool,
    /// The values.
    pub values: Vec<Value>,
}

impl Attribute {
    /// An attribute with values.
    pub fn new(id: impl Into<String>, values: impl IntoIterator<Item = Value>) -> Self {
        Self {
            id: id.into(),
            issuer: None,
            include_in_result: false,
            values: values.into_iter().collect(),
        }
    }
}

impl Request {
    /// A request without attributes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The request with one more value of an attribute.
    #[must_use]
    pub fn with(mut self, category: &str, id: &str, value: impl Into<Value>) -> Self {
        self.add(category, id, value);
        self
    }

    /// Adds a value of an attribute.
    pub fn add(&mut self, category: &str, id: &str, value: impl Into<Value>) {
        self.add_values(category, id, [value.into()]);
    }

    /// Adds values of an attribute; none of them to be repeated in the answer.
    pub fn add_values(
        &mut self,
        category: &str,
        id: &str,
        values: impl IntoIterator<Item = Value>,
    ) {
        let attributes = self.category_mut(category);
        let plain = |attribute: &&mut Attribute| {
            attribute.id == id && attribute.issuer.is_none() && !attribute.include_in_result
        };
        match attributes.iter_mut().find(plain) {
            Some(attribute) => attribute.values.extend(values),
            None => attributes.push(Attribute::new(id, values)),
        }
    }

    /// Adds an attribute with everything that belongs to it.
    pub fn add_attribute(&mut self, category: &str, attribute: Attribute) {
        self.category_mut(category).push(attribute);
    }

    fn category_mut(&mut self, category: &str) -> &mut Vec<Attribute> {
        let known = self.categories.iter().position(|known| known.category == category);
        let at = known.unwrap_or_else(|| {
            let category = category.to_owned();
            self.categories.push(AttributeCategory { category, ..AttributeCategory::default() });
            self.categories.len() - 1
        });
        #[expect(clippy::indexing_slicing, reason = "the position was just found or just filled")]
        &mut self.categories[at].attributes
    }

    /// The attributes of a category.
    pub fn attributes<'a, 'b>(
        &'a self,
        category: &'b str,
    ) -> impl Iterator<Item = &'a Attribute> + use<'a, 'b> {
        self.categories
            .iter()
            .filter(move |known| known.category == category)
            .flat_map(|known| &known.attributes)
    }

    /// The values of an attribute, whatever their data type and issuer.
    pub fn values<'a, 'b>(
        &'a self,
        category: &'b str,
        id: &'b str,
    ) -> impl Iterator<Item = &'a Value> + use<'a, 'b> {
        self.attributes(category)
            .filter(move |attribute| attribute.id == id)
            .flat_map(|attribute| &attribute.values)
    }

    /// The values a designator means (section 7.3.5).
    pub fn matching<'a, 'b>(
        &'a self,
        wanted: &'b Designator,
    ) -> impl Iterator<Item = &'a Value> + use<'a, 'b> {
        self.attributes(&wanted.category)
            .filter(move |attribute| {
                attribute.id == wanted.id
                    && (wanted.issuer.is_none() || wanted.issuer == attribute.issuer)
            })
            .flat_map(|attribute| &attribute.values)
            .filter(move |value| value.data_type() == wanted.data_type)
    }

    /// The attributes the answer is to repeat, category by category.
    #[must_use]
    pub fn included(&self) -> Vec<AttributeCategory> {
        let is_included = |attribute: &&Attribute| attribute.include_in_result;
        let included = |category: &AttributeCategory| {
            let mut attributes = category.attributes.iter().filter(is_included).peekable();
            attributes.peek()?;
            Some(AttributeCategory {
                category: category.category.clone(),
                id: category.id.clone(),
                content: None,
                attributes: attributes.cloned().collect(),
            })
        };
        self.categories.iter().filter_map(included).collect()
    }
}

impl From<RequestDocument> for Cow<'_, RequestDocument> {
    fn from(document: RequestDocument) -> Self {
        Self::Owned(document)
    }
}

impl<'a> From<&'a RequestDocument> for Cow<'a, RequestDocument> {
    fn from(document: &'a RequestDocument) -> Self {
        Self::Borrowed(document)
    }
}

impl RequestDocument {
    /// Reads a request in XML.
    ///
    /// # Errors
    ///
    /// [`RequestError`] with what is wrong and, for XML, where.
    pub fn from_xml(text: &str, limits: &Limits) -> Result<Self, RequestError> {
        let document = match plain::read(text, limits) {
            Some(document) => document,
            None => xml::read(text, limits)?,
        };
        document.check(limits)
    }

    /// Reads a request in JSON (JSON profile 1.1).
    ///
    /// Names of members are accepted in any case, because clients in the field differ.
    ///
    /// # Errors
    ///
    /// [`RequestError`] with what is wrong.
    pub fn from_json(text: &str, limits: &Limits) -> Result<Self, RequestError> {
        let document = json::read(text, limits)?;
        document.check(limits)
    }

    /// The individual requests of the document, in the order their results are given in.
    ///
    /// Where a reference names nothing, the status of that individual Indeterminate stands in its
    /// place.
    ///
    /// # Errors
    ///
    /// [`RequestError::TooManyDecisions`].
    pub fn individual_requests(
        &self,
        limits: &Limits,
    ) -> Result<Vec<Result<Request, Status>>, RequestError> {
        self.individual_requests_in(limits, &NoHierarchy)
    }

    /// The individual requests of the document; those that ask for more than one resource of a
    /// hierarchy are asked of the hierarchy.
    ///
    /// # Errors
    ///
    /// [`RequestError::TooManyDecisions`].
    pub fn individual_requests_in(
        &self,
        limits: &Limits,
        hierarchy: &dyn Hierarchy,
    ) -> Result<Vec<Result<Request, Status>>, RequestError> {
        Self::requests_of(Cow::Borrowed(self), limits, hierarchy)
    }

    /// The individual requests of a document that is given away for them: one that asks for one
    /// decision is not copied.
    ///
    /// # Errors
    ///
    /// [`RequestError::TooManyDecisions`].
    pub fn into_individual_requests(
        self,
        limits: &Limits,
    ) -> Result<Vec<Result<Request, Status>>, RequestError> {
        Self::requests_of(Cow::Owned(self), limits, &NoHierarchy)
    }

    pub(crate) fn requests_of(
        document: Cow<'_, Self>,
        limits: &Limits,
        hierarchy: &dyn Hierarchy,
    ) -> Result<Vec<Result<Request, Status>>, RequestError> {
        let individual = multiple::individual_requests(document, limits)?;
        let mut requests = Vec::with_capacity(individual.len());
        for request in individual {
            match request {
                Ok(request) => requests.extend(nodes::expanded(request, hierarchy, limits)?),
                Err(status) => requests.push(Err(status)),
            }
            if requests.len() > limits.decisions {
                return Err(RequestError::TooManyDecisions { limit: limits.decisions });
            }
        }
        Ok(requests)
    }

    fn check(self, limits: &Limits) -> Result<Self, RequestError> {
        let values = self
            .categories
            .iter()
            .flat_map(|category| &category.attributes)
            .map(|attribute| attribute.values.len())
            .sum::<usize>();
        if values > limits.values {
            return Err(RequestError::TooManyValues { limit: limits.values });
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests;
