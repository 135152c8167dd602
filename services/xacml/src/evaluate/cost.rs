//! What evaluations cost, in steps: what takes longer counts for more, so that the limit bounds the
//! time of an evaluation whatever policy and request ask for.

use crate::functions::{Function, Operand};
use crate::model::Designator;
use crate::request::Request;
use crate::value::Value;

/// Making a regular expression ready, in steps.
pub(super) const PATTERN: u64 = 2_000;
/// Nodes an XPath expression may visit, if that can be told before; each is one step.
pub(super) const KNOWN_PATH: u64 = 400_000;
/// Work any other XPath expression is given at first, as its crate counts it.
pub(super) const FIRST_PATH_WORK: usize = 64 * 1024;
/// Steps that such work counts for: it takes an eighth of a microsecond, and all steps together
/// should not take more than a fifth of a second of it.
const PATH_WORK: usize = 2;
/// Pairs of nodes compared in one step.
const NODES: usize = 4;
/// Bytes of content parsed in one step.
const CONTENT: usize = 8;
/// Bytes of text handled in one step.
const TEXT: usize = 1024;
/// Bits of a number handled in one step.
const BITS: u64 = 64;
/// Attributes looked at in one step.
const ATTRIBUTES: usize = 64;

/// The steps of applying a function.
pub(crate) fn of(function: Function, operands: &[Operand<'_>]) -> u64 {
    let sizes = operands.iter().map(size).fold(0, u64::saturating_add);
    match function {
        // Every member is compared with every other.
        Function::Set(..) => sizes.saturating_mul(sizes).saturating_add(1),
        Function::Equality(_)
        | Function::EqualityIgnoringCase
        | Function::Arithmetic(_)
        | Function::Conversion(_)
        | Function::Logical(_)
        | Function::Comparison(..)
        | Function::TimeInRange
        | Function::Calendar(_)
        | Function::Recurring(_)
        | Function::Text(_)
        | Function::Bag(..)
        | Function::HigherOrder(_)
        | Function::Pattern(_)
        | Function::NameMatch(_)
        | Function::Node(_) => sizes.saturating_add(1),
    }
}

/// The steps of looking up an attribute.
pub(super) fn looking_up(request: &Request, wanted: &Designator) -> u64 {
    let attributes = request.attributes(&wanted.category).count() / ATTRIBUTES;
    let values = request.matching(wanted).count();
    steps(attributes.saturating_add(values)).saturating_add(1)
}

/// The steps of parsing content.
pub(super) fn parsing(content: &str) -> u64 {
    steps(content.len() / CONTENT).saturating_add(1)
}

/// The steps of reading a text.
pub(super) fn reading(text: &str) -> u64 {
    steps(text.len() / TEXT).saturating_add(1)
}

/// The steps of comparing every one of so many nodes with every one of so many others.
pub(super) fn pairing(left: usize, right: usize) -> u64 {
    steps(left.saturating_mul(right) / NODES).saturating_add(1)
}

/// The steps of so much work of an XPath expression.
pub(super) fn path(work: usize) -> u64 {
    steps(work.saturating_mul(PATH_WORK))
}

/// How much larger an argument is than the usual, in steps.
fn size(operand: &Operand<'_>) -> u64 {
    match operand {
        Operand::Bag(bag) => steps(bag.len()),
        Operand::Value(Value::Integer(number)) => number.bits() / BITS,
        Operand::Value(value) => steps(value.text().map_or(0, str::len) / TEXT),
    }
}

fn steps(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::{MAX_PATH_BUDGET, MAX_STEPS};

    /// A unit of work takes an eighth of a microsecond.
    const FIFTH_OF_A_SECOND: usize = 1_600_000;

    #[test]
    fn no_evaluation_and_no_request_lets_a_path_work_for_a_fifth_of_a_second() {
        let (mut work, mut done, mut charged) = (FIRST_PATH_WORK, 0, 0);
        while charged + path(work) <= MAX_STEPS {
            (charged, done) = (charged + path(work), done + work);
            work *= 8;
        }
        assert!(done > FIRST_PATH_WORK, "a path may begin anew");
        assert!(done < FIFTH_OF_A_SECOND, "{done}");
        const { assert!(MAX_PATH_BUDGET < FIFTH_OF_A_SECOND) };
    }
}
