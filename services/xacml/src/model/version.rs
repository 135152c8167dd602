//! Versions of policies and patterns of them (sections 5.12 and 5.13).

use std::fmt;
use std::str::FromStr;

/// A version: numbers separated by dots, compared number by number.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Version(Vec<u64>);

/// A pattern of versions: `*` stands for one number, a final `+` for any further ones.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct VersionPattern(Vec<Part>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Part {
    Number(u64),
    AnyNumber,
    AnyRest,
}

/// A text that is no version and no pattern of versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a version is numbers separated by dots")]
pub struct VersionError;

impl FromStr for Version {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        text.split('.').map(number).collect::<Option<Vec<_>>>().map(Self).ok_or(VersionError)
    }
}

impl FromStr for VersionPattern {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        let part = |part| match part {
            "*" => Some(Part::AnyNumber),
            "+" => Some(Part::AnyRest),
            digits => number(digits).map(Part::Number),
        };
        let parts: Option<Vec<_>> = text.split('.').map(part).collect();
        let parts = parts.ok_or(VersionError)?;
        let open = parts.iter().position(|part| *part == Part::AnyRest);
        if open.is_some_and(|at| at == 0 || at + 1 != parts.len()) {
            return Err(VersionError);
        }
        Ok(Self(parts))
    }
}

impl VersionPattern {
    /// Whether a version fits the pattern.
    #[must_use]
    pub fn matches(&self, version: &Version) -> bool {
        self.order(version).is_eq()
    }

    /// Whether a version fits the pattern or is later.
    #[must_use]
    pub fn allows_from(&self, version: &Version) -> bool {
        self.order(version).is_ge()
    }

    /// Whether a version fits the pattern or is earlier.
    #[must_use]
    pub fn allows_to(&self, version: &Version) -> bool {
        self.order(version).is_le()
    }

    /// Where a version lies relative to the pattern, as far as the pattern goes.
    fn order(&self, version: &Version) -> std::cmp::Ordering {
        use std::cmp::Ordering::{Equal, Greater, Less};
        let mut numbers = version.0.iter();
        for part in &self.0 {
            let number = numbers.next();
            match (part, number) {
                (Part::AnyRest, _) => return Equal,
                (Part::AnyNumber, Some(_)) => {}
                (Part::Number(wanted), Some(number)) if number == wanted => {}
                (Part::Number(wanted), Some(number)) => return number.cmp(wanted),
                (Part::AnyNumber | Part::Number(_), None) => return Less,
            }
        }
        if numbers.next().is_some() { Greater } else { Equal }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let numbers: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&numbers.join("."))
    }
}

fn number(digits: &str) -> Option<u64> {
    let valid = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if valid { digits.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_select_versions() {
        for (pattern, version, expected) in [
            ("1.2", "1.2", true),
            ("1.2", "1.2.1", false),
            ("1.*", "1.9", true),
            ("1.*", "1", false),
            ("1.*.3", "1.2.3", true),
            ("1.+", "1.2.3", true),
            ("1.+", "2", false),
        ] {
            let pattern_read: VersionPattern = pattern.parse().expect("a pattern");
            let version_read: Version = version.parse().expect("a version");
            assert_eq!(pattern_read.matches(&version_read), expected, "{pattern} on {version}");
        }
    }

    #[test]
    fn bounds_select_later_and_earlier_versions() {
        let pattern: VersionPattern = "1.5".parse().expect("a pattern");
        for (version, from, to) in
            [("1.4", false, true), ("1.5", true, true), ("1.10", true, false)]
        {
            let version: Version = version.parse().expect("a version");
            assert_eq!((pattern.allows_from(&version), pattern.allows_to(&version)), (from, to));
        }
    }

    #[test]
    fn texts_that_are_no_versions_are_refused() {
        for text in ["", ".", "1.", "a", "1.-2", "99999999999999999999"] {
            assert_eq!(text.parse::<Version>(), Err(VersionError), "{text}");
        }
        for text in ["+", "1.+.2", "1.**", ""] {
            assert_eq!(text.parse::<VersionPattern>(), Err(VersionError), "{text}");
        }
    }
}
