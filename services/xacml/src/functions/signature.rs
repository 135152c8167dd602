//! The types of expressions and functions.

use std::fmt;

use crate::value::DataType;

/// The type of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Type {
    /// One value.
    Single(DataType),
    /// A bag of values.
    Bag(DataType),
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Single(data_type) => data_type.fmt(f),
            Self::Bag(data_type) => write!(f, "bag of {data_type}"),
        }
    }
}

/// What a function takes and returns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signature {
    /// The arguments that must be given.
    pub required: Vec<Type>,
    /// The type of any further arguments; none may follow without it.
    pub repeated: Option<Type>,
    /// The result.
    pub returns: Type,
}

impl Signature {
    /// A function of a fixed number of single values.
    pub(super) fn of(required: &[DataType], returns: DataType) -> Self {
        Self {
            required: required.iter().copied().map(Type::Single).collect(),
            repeated: None,
            returns: Type::Single(returns),
        }
    }

    /// The same function, taking any number of further values.
    pub(super) fn and_more(self, data_type: DataType) -> Self {
        Self { repeated: Some(Type::Single(data_type)), ..self }
    }

    /// Whether the function takes this many arguments.
    #[must_use]
    pub fn takes(&self, count: usize) -> bool {
        count == self.required.len() || (count > self.required.len() && self.repeated.is_some())
    }

    /// The type of the argument at a position, counted from zero.
    #[must_use]
    pub fn argument(&self, position: usize) -> Option<Type> {
        self.required.get(position).copied().or(self.repeated)
    }

    /// Whether the function can be applied to arguments of these types.
    #[must_use]
    pub fn accepts(&self, types: &[Type]) -> bool {
        self.takes(types.len())
            && types.iter().enumerate().all(|(at, found)| self.argument(at) == Some(*found))
    }
}
