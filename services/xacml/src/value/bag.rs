//! Bags: unordered collections of values of one data type (section 7.3.2).

use super::{DataType, Value};

/// A collection of values of one data type, in which a value may occur several times.
#[derive(Debug, Clone, PartialEq)]
pub struct Bag {
    data_type: DataType,
    values: Vec<Value>,
}

impl Bag {
    /// A bag without values.
    #[must_use]
    pub const fn empty(data_type: DataType) -> Self {
        Self { data_type, values: Vec::new() }
    }

    /// A bag of those of the values that have the data type.
    pub fn of(data_type: DataType, values: impl IntoIterator<Item = Value>) -> Self {
        let values = values.into_iter().filter(|value| value.data_type() == data_type).collect();
        Self { data_type, values }
    }

    /// The data type of all values, known also when there are none.
    #[must_use]
    pub const fn data_type(&self) -> DataType {
        self.data_type
    }

    /// The values.
    #[must_use]
    pub fn values(&self) -> &[Value] {
        &self.values
    }

    /// Whether there is no value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The number of values.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }
}
