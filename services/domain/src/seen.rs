//! Values as a caller wrote them, fit to be shown in a refusal.

use std::fmt;

use crate::national_number;

/// A value that a refusal quotes: short, in one line, and without national identity numbers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seen(String);

impl Seen {
    /// The most characters that are quoted.
    pub const CHARS_MAX: usize = 80;

    /// The value, as it may be shown.
    #[must_use]
    pub fn new(value: &str) -> Self {
        let visible = |c: char| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c };
        // Masked first, because a number that is cut in two is not found any more; and again,
        // because what is left of a longer row of digits may look like one.
        let masked = national_number::mask(value);
        let quoted: String = masked.chars().map(visible).take(Self::CHARS_MAX).collect();
        Self(national_number::mask(&quoted))
    }

    /// The value as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl From<&str> for Seen {
    fn from(value: &str) -> Self {
        Self::new(value)
    }
}

/// Values in a row, each in backticks.
pub(crate) fn list(values: &[Seen]) -> String {
    values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_value_is_short_and_in_one_line() {
        assert_eq!(Seen::new("a\nb").as_str(), "a\u{fffd}b");
        assert_eq!(Seen::new(&"æ".repeat(81)).as_str(), "æ".repeat(80));
    }

    #[test]
    fn a_quoted_value_shows_no_national_identity_number_even_where_it_is_cut() {
        let text = format!("{}12838549045", "x".repeat(75));
        assert_eq!(Seen::new(&text).as_str(), format!("{}*****", "x".repeat(75)));
        let text = format!("{}128385490451", "x".repeat(69));
        assert_eq!(Seen::new(&text).as_str(), format!("{}{}", "x".repeat(69), "*".repeat(11)));
    }
}
