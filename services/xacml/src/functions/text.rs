//! Functions on strings and URIs (annex A.3.3 and A.3.9).

use num_bigint::BigInt;

use super::operand::{Evaluated, FunctionError, Operands};
use super::signature::{Signature, Type};
use crate::limits::MAX_TEXT;
use crate::value::{DataType, Value};

/// A function on texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Text {
    /// `string-normalize-space`
    NormalizeSpace,
    /// `string-normalize-to-lower-case`
    NormalizeToLowerCase,
    /// `string-concatenate`
    Concatenate,
    /// `uri-string-concatenate`, deprecated since version 3.0
    UriConcatenate,
    /// `string-starts-with`
    StringStartsWith,
    /// `anyURI-starts-with`
    UriStartsWith,
    /// `string-ends-with`
    StringEndsWith,
    /// `anyURI-ends-with`
    UriEndsWith,
    /// `string-contains`
    StringContains,
    /// `anyURI-contains`
    UriContains,
    /// `string-substring`
    StringSubstring,
    /// `anyURI-substring`
    UriSubstring,
}

pub(super) fn named(name: &str) -> Option<Text> {
    Text::ALL.into_iter().find(|function| function.name() == name)
}

impl Text {
    const ALL: [Self; 12] = [
        Self::NormalizeSpace,
        Self::NormalizeToLowerCase,
        Self::Concatenate,
        Self::UriConcatenate,
        Self::StringStartsWith,
        Self::UriStartsWith,
        Self::StringEndsWith,
        Self::UriEndsWith,
        Self::StringContains,
        Self::UriContains,
        Self::StringSubstring,
        Self::UriSubstring,
    ];

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::NormalizeSpace => "string-normalize-space",
            Self::NormalizeToLowerCase => "string-normalize-to-lower-case",
            Self::Concatenate => "string-concatenate",
            Self::UriConcatenate => "uri-string-concatenate",
            Self::StringStartsWith => "string-starts-with",
            Self::UriStartsWith => "anyURI-starts-with",
            Self::StringEndsWith => "string-ends-with",
            Self::UriEndsWith => "anyURI-ends-with",
            Self::StringContains => "string-contains",
            Self::UriContains => "anyURI-contains",
            Self::StringSubstring => "string-substring",
            Self::UriSubstring => "anyURI-substring",
        }
    }

    pub(super) fn signature(self) -> Signature {
        use DataType::{AnyUri, Boolean, Integer, String};
        match self {
            Self::NormalizeSpace | Self::NormalizeToLowerCase => Signature::of(&[String], String),
            Self::Concatenate => Signature::of(&[String, String], String).and_more(String),
            Self::UriConcatenate => Signature {
                returns: Type::Single(AnyUri),
                ..Signature::of(&[AnyUri, String], AnyUri).and_more(String)
            },
            Self::StringStartsWith | Self::StringEndsWith | Self::StringContains => {
                Signature::of(&[String, String], Boolean)
            }
            Self::UriStartsWith | Self::UriEndsWith | Self::UriContains => {
                Signature::of(&[String, AnyUri], Boolean)
            }
            Self::StringSubstring => Signature::of(&[String, Integer, Integer], String),
            Self::UriSubstring => Signature::of(&[AnyUri, Integer, Integer], String),
        }
    }

    pub(super) fn apply(self, operands: &Operands<'_>) -> Result<Evaluated, FunctionError> {
        let value = match self {
            Self::NormalizeSpace => {
                Value::string(operands.string(0)?.trim_matches(|c: char| c.is_ascii_whitespace()))
            }
            Self::NormalizeToLowerCase => Value::String(lower(operands.string(0)?)),
            Self::Concatenate => Value::String(concatenate(operands)?),
            Self::UriConcatenate => Value::parse(DataType::AnyUri, &concatenate(operands)?)?,
            // In version 3.0 what is looked for comes first.
            Self::StringStartsWith | Self::UriStartsWith => {
                Value::Boolean(operands.text(1)?.starts_with(operands.string(0)?))
            }
            Self::StringEndsWith | Self::UriEndsWith => {
                Value::Boolean(operands.text(1)?.ends_with(operands.string(0)?))
            }
            Self::StringContains | Self::UriContains => {
                Value::Boolean(operands.text(1)?.contains(operands.string(0)?))
            }
            Self::StringSubstring | Self::UriSubstring => {
                let (from, to) = (operands.integer(1)?, operands.integer(2)?);
                Value::String(substring(operands.text(0)?, from, to)?)
            }
        };
        Ok(Evaluated::Value(value))
    }
}

/// Lower case as XPath's `lower-case` makes it, whatever the language.
pub(super) fn lower(text: &str) -> String {
    text.to_lowercase()
}

fn concatenate(operands: &Operands<'_>) -> Result<String, FunctionError> {
    let mut whole = String::new();
    for value in operands.values() {
        whole.push_str(value?.text().ok_or(FunctionError::Mismatch)?);
        if whole.len() > MAX_TEXT {
            return Err(FunctionError::TooLarge);
        }
    }
    Ok(whole)
}

/// The characters from one position up to another; the end `-1` is the end of the text.
fn substring(text: &str, from: &BigInt, to: &BigInt) -> Result<String, FunctionError> {
    let position = |number: &BigInt| usize::try_from(number).map_err(|_| FunctionError::OutOfRange);
    let length = text.chars().count();
    let from = position(from)?;
    let to = if *to == BigInt::from(-1) { length } else { position(to)? };
    if from > to || to > length {
        return Err(FunctionError::OutOfRange);
    }
    Ok(text.chars().skip(from).take(to - from).collect())
}
