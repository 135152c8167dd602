//! National identity numbers.

use std::{fmt, str::FromStr};

/// A Norwegian national identity number, D-number, H-number or synthetic number: eleven digits, the
/// last two check digits. Never printed.
///
/// As in the national register's own consumers, the date is not looked at: from 2032 on it says
/// little, and synthetic numbers shift it in more ways than one.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct NationalNumber([u8; 11]);

/// The text is not a national identity number. It is not repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a national identity number: eleven digits with valid check digits are needed")]
pub struct NationalNumberError;

impl NationalNumber {
    /// Weights of the first check digit, its own last.
    const FIRST_WEIGHTS: [u32; 10] = [3, 7, 6, 1, 8, 9, 4, 5, 2, 1];
    /// Weights of the second check digit, its own last.
    const SECOND_WEIGHTS: [u32; 11] = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1];
    /// The greatest remainder of the first check under the rule of 2032. The rule before it has
    /// only 0; numbers of both are in use side by side.
    const FIRST_REMAINDER_MAX: u32 = 3;

    /// The eleven digits, for the one place that needs them.
    #[must_use]
    pub fn reveal(&self) -> String {
        self.0.iter().copied().map(char::from).collect()
    }

    pub(crate) fn digits(&self) -> &[u8; 11] {
        &self.0
    }
}

impl FromStr for NationalNumber {
    type Err = NationalNumberError;

    fn from_str(text: &str) -> Result<Self, NationalNumberError> {
        let digits: [u8; 11] = text.as_bytes().try_into().map_err(|_| NationalNumberError)?;
        if !digits.iter().all(u8::is_ascii_digit) {
            return Err(NationalNumberError);
        }
        let remainder = |weights: &[u32]| {
            let values = digits.iter().map(|digit| u32::from(digit.saturating_sub(b'0')));
            weights.iter().zip(values).map(|(weight, value)| weight * value).sum::<u32>() % 11
        };
        let is_valid = remainder(&Self::FIRST_WEIGHTS) <= Self::FIRST_REMAINDER_MAX
            && remainder(&Self::SECOND_WEIGHTS) == 0;
        if is_valid { Ok(Self(digits)) } else { Err(NationalNumberError) }
    }
}

impl fmt::Debug for NationalNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("NationalNumber(***)")
    }
}

#[cfg(test)]
mod tests;
