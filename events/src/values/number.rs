//! Identifiers with a grammar of their own.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Why a text is not the identifier it was taken for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// Not nine digits with a valid check digit.
    #[error("`{0}` is not an organisation number: nine digits with a valid check digit are needed")]
    OrgNumber(String),
    /// Empty, too long, or with characters that the identifier may not have.
    #[error("`{value}` is not a {kind}: {rule}")]
    Identifier {
        /// What the text was taken for.
        kind: &'static str,
        /// The text.
        value: String,
        /// The rule it breaks.
        rule: &'static str,
    },
}

/// A Norwegian organisation number: nine digits, the last a modulus-11 check digit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OrgNumber(u32);

impl OrgNumber {
    const WEIGHTS: [u32; 8] = [3, 2, 7, 6, 5, 4, 3, 2];
    /// The issuer of organisation numbers in ISO 6523: Norway's is 0192.
    const ISO6523_PREFIX: &'static str = "0192:";

    /// Reads the ISO 6523 form, `0192:` and the number.
    ///
    /// # Errors
    /// When the prefix is another or the number is not valid.
    pub fn from_iso6523(text: &str) -> Result<Self, NumberError> {
        text.strip_prefix(Self::ISO6523_PREFIX)
            .ok_or_else(|| NumberError::OrgNumber(text.to_owned()))?
            .parse()
    }

    /// The ISO 6523 form, `0192:` and the number.
    #[must_use]
    pub fn to_iso6523(self) -> String {
        format!("{}{self}", Self::ISO6523_PREFIX)
    }
}

impl FromStr for OrgNumber {
    type Err = NumberError;

    fn from_str(text: &str) -> Result<Self, NumberError> {
        let refused = || NumberError::OrgNumber(text.chars().take(40).collect());
        if text.len() != 9 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(refused());
        }
        let mut digits = text.bytes().map(|byte| u32::from(byte.saturating_sub(b'0')));
        let sum: u32 = Self::WEIGHTS.iter().zip(digits.by_ref()).map(|(w, d)| w * d).sum();
        let check = match 11 - sum % 11 {
            11 => 0,
            other => other,
        };
        if digits.next() != Some(check) {
            return Err(refused());
        }
        text.parse().map(Self).map_err(|_| refused())
    }
}

impl TryFrom<String> for OrgNumber {
    type Error = NumberError;

    fn try_from(text: String) -> Result<Self, NumberError> {
        text.parse()
    }
}

impl From<OrgNumber> for String {
    fn from(number: OrgNumber) -> Self {
        number.to_string()
    }
}

impl fmt::Display for OrgNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:09}", self.0)
    }
}

/// Makes a text identifier with a length limit and a rule for its characters.
macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $max:literal, $rule:literal, $valid:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// The most bytes that it may have.
            pub const BYTES_MAX: usize = $max;

            /// The identifier as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = NumberError;

            fn try_from(text: String) -> Result<Self, NumberError> {
                let valid: fn(&str) -> bool = $valid;
                if !text.is_empty() && text.len() <= Self::BYTES_MAX && valid(&text) {
                    return Ok(Self(text));
                }
                Err(NumberError::Identifier {
                    kind: $kind,
                    value: text.chars().take(80).collect(),
                    rule: $rule,
                })
            }
        }

        impl FromStr for $name {
            type Err = NumberError;

            fn from_str(text: &str) -> Result<Self, NumberError> {
                text.to_owned().try_into()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}

text_id!(
    /// A system of the system register: the vendor's organisation number, `_` and a name.
    SystemId, "system id", 255, "1 to 255 bytes without spaces or control characters",
    |text| !text.chars().any(|c| c.is_whitespace() || c.is_control())
);
text_id!(
    /// A resource of the resource registry.
    ResourceId, "resource id", 255, "at least one of a to z, 0 to 9, `_` and `-`",
    |text| text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-".contains(&b))
);
text_id!(
    /// A service owner's code in the wire contract, such as `skd`.
    OwnerCode, "service owner's code", 64, "1 to 64 of a to z, 0 to 9, `_` and `-`",
    |text| text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-".contains(&b))
);
text_id!(
    /// The name of an access list among those of its owner.
    AccessListName, "name of an access list", 255, "1 to 255 of a to z, 0 to 9, `_` and `-`",
    |text| text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-".contains(&b))
);
text_id!(
    /// A client of a token issuer. Compared without case (see [`ClientId::folded`]).
    ClientId, "client id", 255, "1 to 255 bytes without spaces or control characters",
    |text| !text.chars().any(|c| c.is_whitespace() || c.is_control())
);

impl ClientId {
    /// The form in which client ids are compared.
    #[must_use]
    pub fn folded(&self) -> String {
        self.0.to_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn valid_organisation_numbers_are_read_and_written_unchanged() {
        for text in ["319900101", "319900128", "319900136", "219900104", "991825827"] {
            assert_eq!(text.parse::<OrgNumber>().unwrap().to_string(), text);
        }
        assert_eq!(
            OrgNumber::from_iso6523("0192:319900101").unwrap().to_iso6523(),
            "0192:319900101"
        );
    }

    #[test]
    fn a_wrong_check_digit_length_or_character_is_refused() {
        for text in ["319900102", "31990010", "3199001011", "31990010a", "", "٣١٩٩٠٠١٠١"] {
            assert!(text.parse::<OrgNumber>().is_err(), "{text}");
        }
        assert!(OrgNumber::from_iso6523("319900101").is_err());
    }

    #[test]
    fn identifiers_have_a_grammar_and_a_length() {
        assert!("my-resource_1".parse::<ResourceId>().is_ok());
        for text in ["", "My", "a b", "æ", &"a".repeat(256)] {
            assert!(text.parse::<ResourceId>().is_err(), "{text}");
        }
        for text in ["", "SKD", "s/d", &"a".repeat(65)] {
            assert!(text.parse::<OwnerCode>().is_err(), "{text}");
        }
        assert!("partners_2026".parse::<AccessListName>().is_ok());
        assert!("a:b".parse::<AccessListName>().is_err());
        assert!("991825827_smartcloud".parse::<SystemId>().is_ok());
        assert!("991825827_smart cloud".parse::<SystemId>().is_err());
        assert_eq!("ABC-Å".parse::<ClientId>().unwrap().folded(), "abc-å");
    }
}
