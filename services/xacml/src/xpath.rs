//! XPath 1.0 over the content of a request (annex A.2 and A.3.15), by way of the crate `oxml`.
//!
//! The crate has no unsafe code, reports what is wrong instead of panicking, and keeps to a budget;
//! what it may spend is part of the steps of an evaluation. Content is parsed by `roxmltree` first,
//! which keeps document type declarations, and so entities, away from it.

mod bound;

use std::fmt;
use std::sync::Arc;

use oxml::xpath::{EvalContext, EvalError, EvalLimits, Value};
use oxml::{Document, NodeId, NodeKind};

use self::bound::Shape;
use crate::limits::{
    Limits, MAX_NODES, MAX_PATH, MAX_PATH_ARGUMENTS, MAX_PATH_BUDGET, MAX_PATH_DEPTH,
    MAX_PATH_OPERATORS, MAX_PATH_WORK,
};
use crate::xml;

/// The identifier of the version of XPath that is understood.
const VERSION: &str = "http://www.w3.org/TR/1999/REC-xpath-19991116";

/// The version, unless it is the one that is understood. Published policies write the identifier in
/// lower and upper case.
pub(crate) fn other_version(version: &str) -> Option<String> {
    let version = version.trim();
    (!version.eq_ignore_ascii_case(VERSION)).then(|| version.to_owned())
}

/// An XPath expression with the namespaces its prefixes stand for.
#[derive(Debug, Clone)]
pub struct XPath {
    text: String,
    namespaces: Vec<(String, String)>,
    compiled: Arc<oxml::XPath>,
}

/// A text that is no XPath expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{path}` is not an XPath expression: {reason}, at byte {offset}")]
pub struct XPathFlaw {
    /// The text.
    pub path: String,
    /// What is wrong.
    pub reason: String,
    /// Where, in bytes from zero.
    pub offset: usize,
}

impl XPath {
    /// Reads an expression; white space around it is insignificant.
    ///
    /// # Errors
    ///
    /// [`XPathFlaw`] when the text is no expression of XPath 1.0, is beyond the limits, uses a
    /// prefix that stands for nothing, or has variables, for which there are no values.
    pub fn new(text: &str, namespaces: Vec<(String, String)>) -> Result<Self, XPathFlaw> {
        let text = text.trim().to_owned();
        let flaw = |reason: &str, offset| XPathFlaw {
            path: text.clone(),
            reason: reason.to_owned(),
            offset,
        };
        let known: Vec<_> =
            namespaces.iter().map(|(prefix, uri)| (prefix.as_str(), uri.as_str())).collect();
        let compiled =
            oxml::XPath::compile_with_namespaces_and_limits(&text, &known, &compilation_limits())
                .map_err(|error| flaw(&error.message, error.offset))?;
        if !compiled.variables().is_empty() {
            return Err(flaw("variables have no values", 0));
        }
        Ok(Self { text, namespaces, compiled: Arc::new(compiled) })
    }

    /// The expression as it was written.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The prefixes that are known in the expression, and what they stand for.
    #[must_use]
    pub fn namespaces(&self) -> &[(String, String)] {
        &self.namespaces
    }

    /// The most nodes that can be visited in evaluating the expression.
    pub(crate) fn bound(&self, content: &Content) -> u64 {
        content.shape.bound(self.compiled.expr())
    }

    /// The nodes the expression selects, for who has no steps to spend; the error says why there are
    /// none.
    pub(crate) fn nodes(&self, content: &Content) -> Result<Vec<NodeId>, String> {
        let work = (self.bound(content) > MAX_PATH_WORK).then_some(MAX_PATH_BUDGET);
        match self.evaluate(content, None, work) {
            Ok(Value::NodeSet(nodes)) => Ok(nodes),
            Ok(Value::String(_) | Value::Number(_) | Value::Boolean(_)) => {
                Err(format!("`{self}` gives no nodes"))
            }
            Err(error) => Err(format!("`{self}` cannot be evaluated: {error}")),
        }
    }

    /// Evaluates the expression, from a node or from the document, with so much work as its crate
    /// counts it, or with as much as it takes.
    pub(crate) fn evaluate(
        &self,
        content: &Content,
        from: Option<NodeId>,
        work: Option<usize>,
    ) -> Result<Value, EvalError> {
        let mut given = EvalContext::new();
        if let Some(work) = work {
            let mut limits = EvalLimits::default();
            limits.max_work = work;
            limits.max_string_bytes = work;
            limits.max_nodes = usize::try_from(MAX_NODES).unwrap_or(usize::MAX);
            given = given.with_limits(limits);
        }
        let from = from.unwrap_or_else(|| content.document.root());
        self.compiled.evaluate_from_with(&content.document, from, &given)
    }
}

impl PartialEq for XPath {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text && self.namespaces == other.namespaces
    }
}

impl Eq for XPath {}

impl fmt::Display for XPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A value of the data type `xpathExpression`: an expression, and the category whose content it is
/// about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct XPathExpression {
    /// The category.
    pub category: String,
    /// The expression.
    pub path: XPath,
}

/// Writes the expression alone, which is the content of the XML element.
impl fmt::Display for XPathExpression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.path.fmt(f)
    }
}

/// The content of a category, ready to be selected from.
#[derive(Debug)]
pub(crate) struct Content {
    document: Document,
    shape: Shape,
}

impl Content {
    /// Reads content; the error says what is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let parsed = xml::parse(text, &Limits::default()).map_err(|error| error.to_string())?;
        let shape = Shape::of(&parsed);
        let document = oxml::parse(text).map_err(|error| error.to_string())?;
        Ok(Self { document, shape })
    }

    /// An expression that selects one node; none for nodes of namespaces, and for attributes whose
    /// namespace cannot be written.
    pub(crate) fn path(&self, node: NodeId) -> Option<String> {
        let Some(parent) = self.document.parent(node) else { return Some("/".to_owned()) };
        let around = self.path(parent)?;
        let around = around.trim_end_matches('/');
        let step = match self.document.kind(node)? {
            NodeKind::Element { .. } => self.step(parent, node, "*"),
            NodeKind::Text(_) => self.step(parent, node, "text()"),
            NodeKind::Comment(_) => self.step(parent, node, "comment()"),
            NodeKind::ProcessingInstruction { .. } => {
                self.step(parent, node, "processing-instruction()")
            }
            NodeKind::Attr(attribute) => self.attribute_step(attribute.name)?,
            NodeKind::Root | NodeKind::Namespace { .. } => return None,
        };
        Some(format!("{around}/{step}"))
    }

    /// The step from a parent to a child: its position among those of its kind.
    fn step(&self, parent: NodeId, node: NodeId, test: &str) -> String {
        let kind = |node| self.document.kind(node).as_ref().map(std::mem::discriminant);
        let children = self.document.children(parent).iter();
        let before = children.take_while(|child| **child != node);
        let position = before.filter(|child| kind(**child) == kind(node)).count() + 1;
        format!("{test}[{position}]")
    }

    /// The step to an attribute: its local name and its namespace.
    fn attribute_step(&self, name: oxml::tree::NameId) -> Option<String> {
        let name = self.document.name(name)?;
        let uri = name.namespace.as_deref().unwrap_or_default();
        let quote = ['"', '\''].into_iter().find(|quote| !uri.contains(*quote))?;
        let local = &name.local;
        Some(format!("@*[local-name()='{local}' and namespace-uri()={quote}{uri}{quote}]"))
    }

    /// The string value of a node.
    pub(crate) fn text(&self, node: NodeId) -> String {
        Value::NodeSet(vec![node]).to_str(&self.document)
    }

    /// Whether a node is another one or below it; an attribute is below its element.
    pub(crate) fn is_within(&self, node: NodeId, other: NodeId) -> bool {
        let parents = std::iter::successors(Some(node), |node| self.document.parent(*node));
        parents.into_iter().any(|parent| parent == other)
    }
}

fn compilation_limits() -> oxml::Limits {
    let mut limits = oxml::Limits::strict();
    limits.max_xpath_bytes = Some(MAX_PATH);
    limits.max_xpath_depth = MAX_PATH_DEPTH;
    limits.max_xpath_operators = MAX_PATH_OPERATORS;
    limits.max_xpath_arguments = MAX_PATH_ARGUMENTS;
    limits
}

#[cfg(test)]
mod tests;
