//! What is selected from the content of a request (section 7.3.7 and annex A.3.15).

use std::borrow::Cow;
use std::rc::Rc;

use oxml::NodeId;
use oxml::xpath::{EvalError, Value as Selected};

use super::context::Context;
use super::{EvaluationError, cost};
use crate::functions::{Evaluated, FunctionError, NodeFunction, Operand};
use crate::model::{Designator, Lookup, Selector};
use crate::value::{DataType, LexicalError, Value};
use crate::xpath::{Content, XPath, XPathExpression};

/// Most nodes of one expression whose texts an explanation tells.
const EXPLAINED_NODES: usize = 20;

/// Nodes, and the content they are of.
type Nodes = (Rc<Content>, Vec<NodeId>);

impl<'a> Context<'a> {
    /// The values a match compares with.
    pub(super) fn looked_up(
        &self,
        lookup: &Lookup,
    ) -> Result<Vec<Cow<'a, Value>>, EvaluationError> {
        match lookup {
            Lookup::Designator(designator) => self.values(designator),
            Lookup::Selector(selector) => {
                Ok(self.selected(selector)?.into_iter().map(Cow::Owned).collect())
            }
        }
    }

    /// The values a selector means.
    pub(super) fn selected(&self, selector: &Selector) -> Result<Vec<Value>, EvaluationError> {
        self.step()?;
        let values = match self.content(&selector.category)? {
            Some(content) => self.selected_from(&content, selector)?,
            None => Vec::new(),
        };
        self.record(|record| record.content(selector, &values));
        if values.is_empty() && selector.must_be_present {
            return Err(EvaluationError::MissingContent {
                category: selector.category.clone(),
                path: selector.path.text().to_owned(),
            });
        }
        Ok(values)
    }

    fn selected_from(
        &self,
        content: &Content,
        selector: &Selector,
    ) -> Result<Vec<Value>, EvaluationError> {
        let from = match &selector.context_selector_id {
            None => None,
            Some(id) => match self.context_node(content, selector, id)? {
                Some(node) => Some(node),
                None => return Ok(Vec::new()),
            },
        };
        let wrong = |reason: &str| path_error(&selector.path, reason);
        let one = |text: &str| Ok(vec![Value::parse(selector.data_type, text)?]);
        let read = match (self.follow(content, &selector.path, from)?, selector.data_type) {
            (Selected::NodeSet(nodes), data_type) => {
                let mut values = Vec::with_capacity(nodes.len());
                for node in nodes {
                    let text = content.text(node);
                    self.steps(cost::reading(&text))?;
                    values.push(Value::parse(data_type, &text).map_err(lexical)?);
                }
                return Ok(values);
            }
            (Selected::String(text), DataType::String) => one(&text),
            (Selected::Boolean(truth), DataType::Boolean) => Ok(vec![Value::Boolean(truth)]),
            (Selected::Number(number), DataType::Double) => Ok(vec![Value::Double(number)]),
            // As `xs:integer` converts numbers.
            (Selected::Number(number), DataType::Integer) => one(&format!("{:.0}", number.trunc())),
            (Selected::String(_) | Selected::Boolean(_) | Selected::Number(_), data_type) => {
                return Err(wrong(&format!("gives neither nodes nor a {data_type}")));
            }
        };
        read.map_err(lexical)
    }

    /// The node an attribute of the category leads to; none without such an attribute.
    fn context_node(
        &self,
        content: &Content,
        selector: &Selector,
        id: &str,
    ) -> Result<Option<NodeId>, EvaluationError> {
        let values = self.values(&Designator {
            category: selector.category.clone(),
            id: id.to_owned(),
            data_type: DataType::XPathExpression,
            issuer: None,
            must_be_present: selector.must_be_present,
        })?;
        let expression = match values.as_slice() {
            [] => return Ok(None),
            [value] => expression(value)?,
            several => return Err(FunctionError::NotOne { size: several.len() }.into()),
        };
        let wrong = |reason| Err(path_error(&expression.path, reason));
        if expression.category != selector.category {
            return wrong("is about another category than the selector that begins at it");
        }
        match self.follow(content, &expression.path, None)? {
            Selected::NodeSet(nodes) => match nodes.as_slice() {
                [node] => Ok(Some(*node)),
                _ => wrong("does not lead to exactly one node for a selector to begin at"),
            },
            Selected::String(_) | Selected::Boolean(_) | Selected::Number(_) => {
                wrong("leads to no node for a selector to begin at")
            }
        }
    }

    /// Applies a function on nodes.
    pub(super) fn call_on_nodes(
        &self,
        function: NodeFunction,
        operands: &[Operand<'_>],
    ) -> Result<Evaluated, EvaluationError> {
        let nodes = |at: usize| match operands.get(at) {
            Some(Operand::Value(value)) => self.nodes(expression(value)?),
            Some(Operand::Bag(_)) | None => Err(FunctionError::Mismatch.into()),
        };
        match function {
            NodeFunction::Count => {
                let count = nodes(0)?.map_or(0, |(_, nodes)| nodes.len());
                Ok(Evaluated::Value(Value::integer(count)))
            }
            NodeFunction::Equal | NodeFunction::Match => {
                let (Some((content, left)), Some((other, right))) = (nodes(0)?, nodes(1)?) else {
                    return Ok(Evaluated::truth(false));
                };
                // Nodes of two documents are never the same.
                if !Rc::ptr_eq(&content, &other) {
                    return Ok(Evaluated::truth(false));
                }
                self.steps(cost::pairing(left.len(), right.len()))?;
                let same = |left: NodeId, right: NodeId| match function {
                    NodeFunction::Match => content.is_within(right, left),
                    NodeFunction::Equal | NodeFunction::Count => left == right,
                };
                let found = left.iter().any(|left| right.iter().any(|right| same(*left, *right)));
                Ok(Evaluated::truth(found))
            }
        }
    }

    /// The nodes an expression selects, with the content they are of; none without content.
    fn nodes(&self, expression: &XPathExpression) -> Result<Option<Nodes>, EvaluationError> {
        let Some(content) = self.content(&expression.category)? else {
            self.record(|record| record.nodes(expression, Vec::new()));
            return Ok(None);
        };
        match self.follow(&content, &expression.path, None)? {
            Selected::NodeSet(nodes) => {
                self.record(|record| {
                    let texts = nodes.iter().take(EXPLAINED_NODES);
                    let texts = texts.map(|node| Value::String(content.text(*node))).collect();
                    record.nodes(expression, texts);
                });
                Ok(Some((content, nodes)))
            }
            Selected::String(_) | Selected::Boolean(_) | Selected::Number(_) => {
                Err(path_error(&expression.path, "gives no nodes"))
            }
        }
    }

    /// Evaluates an expression. If it cannot be told before how much work that is, it shows only when
    /// the work it was given is used up; then it begins anew with eight times as much.
    fn follow(
        &self,
        content: &Content,
        path: &XPath,
        from: Option<NodeId>,
    ) -> Result<Selected, EvaluationError> {
        let bound = path.bound(content);
        let mut work = (bound > cost::KNOWN_PATH).then_some(cost::FIRST_PATH_WORK);
        loop {
            self.steps(work.map_or(bound, cost::path))?;
            match path.evaluate(content, from, work) {
                Ok(selected) => return Ok(selected),
                Err(EvalError::LimitExceeded(_)) => work = work.map(|work| work.saturating_mul(8)),
                Err(error @ EvalError::TypeError(_)) => {
                    return Err(path_error(path, &format!("cannot be evaluated: {error}")));
                }
                Err(EvalError::UnboundVariable(_) | EvalError::Stale) => {
                    return Err(FunctionError::Mismatch.into());
                }
            }
        }
    }
}

fn expression(value: &Value) -> Result<&XPathExpression, EvaluationError> {
    let Value::XPathExpression(expression) = value else {
        return Err(FunctionError::Mismatch.into());
    };
    Ok(expression)
}

fn path_error(path: &XPath, reason: &str) -> EvaluationError {
    EvaluationError::Path { path: path.text().to_owned(), reason: reason.to_owned() }
}

fn lexical(error: LexicalError) -> EvaluationError {
    FunctionError::Lexical(error).into()
}
