//! The functions of the standard (annex A.3), one file per family.
//!
//! A function is a value: its identifier is read once, when a policy is loaded, and its signature
//! is what expressions are checked against. The function `access-permitted` is not supported; a policy
//! that names it is refused.

mod arithmetic;
mod bag;
mod calendar;
mod comparison;
mod conversion;
mod equality;
pub(crate) mod higher_order;
pub(crate) mod logical;
mod name_match;
mod node;
mod operand;
pub(crate) mod pattern;
mod recurring;
mod set;
mod signature;
mod text;

use std::fmt;

pub use self::arithmetic::Arithmetic;
pub use self::bag::BagFunction;
pub use self::calendar::Calendar;
pub use self::comparison::Order;
pub use self::conversion::Conversion;
pub use self::higher_order::HigherOrder;
pub use self::logical::Logical;
pub use self::name_match::NameMatch;
pub use self::node::NodeFunction;
pub use self::operand::{Evaluated, FunctionError, Operand, Operands};
pub use self::recurring::Recurring;
pub use self::set::SetFunction;
pub use self::signature::{Signature, Type};
pub use self::text::Text;
use crate::ids;
use crate::value::DataType;

/// A function of the standard.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Function {
    /// `type-equal` (A.3.1).
    Equality(DataType),
    /// `string-equal-ignore-case` (A.3.1).
    EqualityIgnoringCase,
    /// Arithmetic on integers and doubles (A.3.2).
    Arithmetic(Arithmetic),
    /// Conversions between data types (A.3.3, A.3.4 and A.3.9).
    Conversion(Conversion),
    /// `and`, `or`, `n-of` and `not` (A.3.5).
    Logical(Logical),
    /// Comparisons of size and order (A.3.6 and A.3.8).
    Comparison(Order, DataType),
    /// `time-in-range` (A.3.8).
    TimeInRange,
    /// Durations added to dates and times (A.3.7).
    Calendar(Calendar),
    /// What recurs every day or week (the profile of time extensions).
    Recurring(Recurring),
    /// Functions on strings and URIs (A.3.9).
    Text(Text),
    /// Functions on bags (A.3.10).
    Bag(BagFunction, DataType),
    /// Functions on bags as sets (A.3.11).
    Set(SetFunction, DataType),
    /// Functions applying other functions (A.3.12).
    HigherOrder(HigherOrder),
    /// `type-regexp-match` (A.3.13).
    Pattern(DataType),
    /// `x500Name-match` and `rfc822Name-match` (A.3.14).
    NameMatch(NameMatch),
    /// `xpath-node-count`, `xpath-node-equal` and `xpath-node-match` (A.3.15).
    Node(NodeFunction),
}

/// Why an identifier names no function the engine can apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unavailable {
    /// The standard knows it, the engine does not apply it.
    Unsupported,
    /// Nobody knows it.
    Unknown,
}

impl Function {
    /// The function with an identifier.
    ///
    /// The version in an identifier is insignificant: no name means different things in two
    /// versions, and published policies mix them up.
    pub(crate) fn from_id(id: &str) -> Result<Self, Unavailable> {
        let name = id
            .strip_prefix(ids::PREFIX)
            .and_then(|rest| {
                ["1.0:", "2.0:", "3.0:"].iter().find_map(|version| rest.strip_prefix(version))
            })
            .and_then(|rest| rest.strip_prefix("function:"))
            .ok_or(Unavailable::Unknown)?;
        if name == "access-permitted" {
            return Err(Unavailable::Unsupported);
        }
        Self::from_name(name).ok_or(Unavailable::Unknown)
    }

    /// The function with a name, without the version.
    pub(crate) fn from_name(name: &str) -> Option<Self> {
        equality::named(name)
            .or_else(|| arithmetic::named(name).map(Self::Arithmetic))
            .or_else(|| logical::named(name).map(Self::Logical))
            .or_else(|| higher_order::named(name).map(Self::HigherOrder))
            .or_else(|| calendar::named(name))
            .or_else(|| recurring::named(name).map(Self::Recurring))
            .or_else(|| text::named(name).map(Self::Text))
            .or_else(|| conversion::named(name).map(Self::Conversion))
            .or_else(|| pattern::named(name).map(Self::Pattern))
            .or_else(|| name_match::named(name).map(Self::NameMatch))
            .or_else(|| node::named(name).map(Self::Node))
            .or_else(|| comparison::named(name))
            .or_else(|| bag::named(name))
            .or_else(|| set::named(name))
    }

    /// The types of the arguments and of the result; none for functions that apply others, whose
    /// types depend on the function applied.
    #[must_use]
    pub fn signature(self) -> Option<Signature> {
        match self {
            Self::Equality(data_type) | Self::Comparison(_, data_type) => {
                Some(equality::signature(data_type))
            }
            Self::EqualityIgnoringCase => Some(equality::signature(DataType::String)),
            Self::Arithmetic(function) => Some(function.signature()),
            Self::Conversion(function) => Some(function.signature()),
            Self::Logical(function) => Some(function.signature()),
            Self::TimeInRange => Some(calendar::range_signature()),
            Self::Calendar(function) => Some(function.signature()),
            Self::Recurring(function) => Some(function.signature()),
            Self::Text(function) => Some(function.signature()),
            Self::Bag(function, data_type) => Some(function.signature(data_type)),
            Self::Set(function, data_type) => Some(function.signature(data_type)),
            Self::HigherOrder(_) => None,
            Self::Pattern(data_type) => Some(pattern::signature(data_type)),
            Self::NameMatch(function) => Some(function.signature()),
            Self::Node(function) => Some(function.signature()),
        }
    }

    /// Applies the function to evaluated arguments.
    ///
    /// # Errors
    ///
    /// [`FunctionError`] where the standard says Indeterminate, and for functions that apply
    /// others or look into the content, which only an evaluator can apply.
    pub fn apply(self, operands: &[Operand<'_>]) -> Result<Evaluated, FunctionError> {
        let operands = Operands::new(operands);
        match self {
            Self::Equality(_) => equality::equal(&operands),
            Self::EqualityIgnoringCase => equality::equal_ignoring_case(&operands),
            Self::Arithmetic(function) => function.apply(&operands),
            Self::Conversion(function) => function.apply(&operands),
            Self::Logical(function) => function.apply(&operands),
            Self::Comparison(order, _) => comparison::apply(order, &operands),
            Self::TimeInRange => calendar::in_range(&operands),
            Self::Calendar(function) => function.apply(&operands),
            Self::Recurring(function) => function.apply(&operands),
            Self::Text(function) => function.apply(&operands),
            Self::Bag(function, data_type) => function.apply(data_type, &operands),
            Self::Set(function, _) => function.apply(&operands),
            Self::HigherOrder(_) | Self::Node(_) => Err(FunctionError::Mismatch),
            Self::Pattern(_) => pattern::apply(&operands),
            Self::NameMatch(function) => function.apply(&operands),
        }
    }
}

/// Writes the name, without prefix and version.
impl fmt::Display for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Equality(data_type) => write!(f, "{data_type}-equal"),
            Self::EqualityIgnoringCase => f.write_str("string-equal-ignore-case"),
            Self::Arithmetic(function) => f.write_str(function.name()),
            Self::Conversion(function) => function.fmt(f),
            Self::Logical(function) => f.write_str(function.name()),
            Self::Comparison(order, data_type) => write!(f, "{data_type}-{}", order.name()),
            Self::TimeInRange => f.write_str("time-in-range"),
            Self::Calendar(function) => f.write_str(function.name()),
            Self::Recurring(function) => f.write_str(function.name()),
            Self::Text(function) => f.write_str(function.name()),
            Self::Bag(function, data_type) => write!(f, "{data_type}-{}", function.name()),
            Self::Set(function, data_type) => write!(f, "{data_type}-{}", function.name()),
            Self::HigherOrder(function) => f.write_str(function.name()),
            Self::Pattern(data_type) => write!(f, "{data_type}-regexp-match"),
            Self::NameMatch(function) => f.write_str(function.name()),
            Self::Node(function) => f.write_str(function.name()),
        }
    }
}

#[cfg(test)]
mod tests;
