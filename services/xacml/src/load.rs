//! From XML to policies; whatever is invalid is refused here, with the place and the reason.

mod expression;
mod flaw;
mod notice;
mod policy;
mod target;

use self::expression::Variables;
pub use self::flaw::{PolicyError, PolicyFlaw, Warning};
use crate::limits::Limits;
use crate::model::{Mode, PolicyTree};
use crate::xml::{self, At, Element};

/// A policy, and what is odd about it.
#[derive(Debug, Clone, PartialEq)]
pub struct ParsedPolicy {
    /// The policy or policy set.
    pub policy: PolicyTree,
    /// What the standard does not allow and the engine reads all the same.
    pub warnings: Vec<Warning>,
}

impl PolicyTree {
    /// Reads a policy or policy set.
    ///
    /// All of it is checked: elements, literals, functions, the types of all expressions,
    /// variables.
    ///
    /// # Errors
    ///
    /// [`PolicyError`] with the place and the reason of the first thing that is wrong.
    pub fn parse(text: &str, mode: Mode, limits: &Limits) -> Result<ParsedPolicy, PolicyError> {
        let document = xml::parse(text, limits)?;
        let mut loader =
            Loader { mode, limits, warnings: Vec::new(), children: 0, other_xpath: None };
        let policy = loader.tree(Element::root(&document))?;
        Ok(ParsedPolicy { policy, warnings: loader.warnings })
    }
}

/// One document being read.
struct Loader<'l> {
    mode: Mode,
    limits: &'l Limits,
    warnings: Vec<Warning>,
    children: usize,
    /// The version of XPath the policy being read is written in, if it is not understood.
    other_xpath: Option<String>,
}

impl Loader<'_> {
    /// Counts a rule or policy.
    fn count(&mut self, element: Element<'_, '_>) -> Result<(), PolicyError> {
        self.children += 1;
        if self.children > self.limits.children {
            return Err(element.at(PolicyFlaw::TooMany(self.limits.children)));
        }
        Ok(())
    }

    fn warn(&mut self, element: Element<'_, '_>, attribute: &str, message: String) {
        let At { line, column, reason } = element.at_attribute(attribute, message);
        self.warnings.push(Warning { line, column, message: reason });
    }
}

#[cfg(test)]
mod tests;
