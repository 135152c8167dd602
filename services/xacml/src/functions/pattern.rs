//! Regular expressions (annex A.3.13), in the syntax of XML Schema and XPath.

mod translate;

use regex::{Regex, RegexBuilder};

use super::operand::{Evaluated, FunctionError, Operands};
use super::signature::Signature;
use crate::limits::MAX_PATTERN;
use crate::value::{DataType, Value};

pub(super) fn named(name: &str) -> Option<DataType> {
    let data_type = DataType::from_name(name.strip_suffix("-regexp-match")?)?;
    let matchable = matches!(
        data_type,
        DataType::String
            | DataType::AnyUri
            | DataType::IpAddress
            | DataType::DnsName
            | DataType::Rfc822Name
            | DataType::X500Name
    );
    matchable.then_some(data_type)
}

pub(super) fn signature(data_type: DataType) -> Signature {
    Signature::of(&[DataType::String, data_type], DataType::Boolean)
}

/// A pattern that is ready to be matched; making it so costs much more than matching.
#[derive(Debug, Clone)]
pub(crate) struct Pattern(Regex);

impl Pattern {
    /// Makes a pattern ready.
    pub(crate) fn compile(pattern: &str) -> Result<Self, FunctionError> {
        let refused = || FunctionError::Pattern(pattern.chars().take(80).collect());
        let translated = translate::translate(pattern).ok_or_else(refused)?;
        let expression = RegexBuilder::new(&translated).size_limit(MAX_PATTERN).build();
        expression.map(Self).map_err(|_| refused())
    }

    /// Whether the pattern matches anywhere in the text of a value.
    pub(crate) fn matches(&self, value: &Value) -> bool {
        match value.text() {
            Some(text) => self.0.is_match(text),
            None => self.0.is_match(&value.to_string()),
        }
    }
}

/// Whether the pattern, the first argument, matches anywhere in the second.
pub(super) fn apply(operands: &Operands<'_>) -> Result<Evaluated, FunctionError> {
    let (pattern, value) = (operands.string(0)?, operands.value(1)?);
    Ok(Evaluated::truth(Pattern::compile(pattern)?.matches(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, text: &str) -> Result<bool, FunctionError> {
        Ok(Pattern::compile(pattern)?.matches(&Value::string(text)))
    }

    #[test]
    fn a_pattern_matches_anywhere_unless_anchored() {
        for (pattern, text, expected) in [
            ("bc", "abcd", true),
            ("^bc", "abcd", false),
            ("^a.*d$", "abcd", true),
            ("a.d", "a\nd", false),
            (r"^\d{3}-\d{4}$", "555-1234", true),
            (r"^[a-z-[aeiou]]+$", "xyz", true),
            (r"^[a-z-[aeiou]]+$", "xaz", false),
            (r"^\i\c*$", "xml:name-1", true),
            (r"^\i\c*$", "1name", false),
            (r"^\w+$", "grød1", true),
            (r"^\w+$", "a-b", false),
            (r"^[\w.]+$", "a.b", true),
            (r"^\p{Lu}\P{Lu}$", "Ab", true),
            (r"^\p{IsBasicLatin}+$", "abc", true),
            (r"^\p{IsBasicLatin}+$", "å", false),
            (r"^[^\s]+$", "a b", false),
            (r"^[&&~~#]+$", "&~#", true),
            ("a|b", "xb", true),
            ("(ab)+?c", "ababc", true),
        ] {
            assert_eq!(matches(pattern, text), Ok(expected), "{pattern} on {text}");
        }
    }

    #[test]
    fn what_xml_schema_does_not_know_is_refused() {
        for pattern in [
            "(?i)a",
            r"\bword\b",
            "a(",
            "[a",
            "[z-a]",
            r"(a)\1",
            r"\x41",
            r"\p{Nope}",
            "a{2",
            "*a",
            "a\\",
        ] {
            assert!(matches!(matches(pattern, "a"), Err(FunctionError::Pattern(_))), "{pattern}");
        }
    }

    #[test]
    fn a_pattern_that_would_grow_without_bound_is_refused() {
        let pattern = "((a{1,100}){1,100}){1,100}";
        assert!(matches!(matches(pattern, "a"), Err(FunctionError::Pattern(_))));
    }
}
