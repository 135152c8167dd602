//! Names of persons and of sole proprietorships.

use std::fmt;

/// The name of a person or of a sole proprietorship. Never printed.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Name(String);

/// Why a text is not a name. It is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a name: 1 to {} bytes without control characters are needed", Name::BYTES_MAX)]
pub struct NameError;

impl Name {
    /// The most bytes of a name.
    pub const BYTES_MAX: usize = 500;

    /// The name, without white space around it.
    ///
    /// # Errors
    /// When nothing is left, it is too long, or it has control characters.
    pub fn new(text: &str) -> Result<Self, NameError> {
        let text = text.trim();
        let is_name = !text.is_empty()
            && text.len() <= Self::BYTES_MAX
            && !text.chars().any(char::is_control);
        if is_name { Ok(Self(text.to_owned())) } else { Err(NameError) }
    }

    /// The name, for the one place that needs it.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Name(***)")
    }
}

#[cfg(test)]
mod tests;
