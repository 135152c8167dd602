//! How generously input is read.

/// How input is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    pub names: Names,
    pub unknown: Unknown,
    pub texts: Texts,
    pub scalars: Scalars,
}

/// How member names are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Names {
    Exact,
    AnyCase,
}

/// What becomes of members that the route does not know, and of members given twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unknown {
    /// Both are errors.
    Refused,
    /// Unknown ones are skipped; of two of a name the last counts, in a query the first.
    Ignored,
}

/// Whether white space around texts counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Texts {
    Kept,
    Trimmed,
}

/// Which values may be written as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scalars {
    /// None but texts.
    Typed,
    /// Numbers too, as the wire contract's own server reads them.
    NumbersInText,
    /// All, and a single one where a list is meant: query strings have nothing else.
    Text,
}

impl Rules {
    /// For our own routes.
    pub(crate) const STRICT: Self = Self {
        names: Names::Exact,
        unknown: Unknown::Refused,
        texts: Texts::Kept,
        scalars: Scalars::Typed,
    };

    /// For the routes of the `AuthZEN` contract.
    pub(crate) const OPEN: Self = Self { unknown: Unknown::Ignored, ..Self::STRICT };

    /// For the routes of the Altinn contract.
    pub(crate) const COMPAT: Self = Self {
        names: Names::AnyCase,
        unknown: Unknown::Ignored,
        texts: Texts::Kept,
        scalars: Scalars::NumbersInText,
    };

    /// The same, for the routes that trim.
    pub(crate) const TRIMMED: Self = Self { texts: Texts::Trimmed, ..Self::COMPAT };

    /// Query strings of our own routes.
    pub(crate) const QUERY: Self = Self { scalars: Scalars::Text, ..Self::STRICT };

    /// Query strings of the Altinn contract.
    pub(crate) const COMPAT_QUERY: Self = Self { scalars: Scalars::Text, ..Self::COMPAT };
}

impl Rules {
    /// Whether two written names are one.
    pub(crate) fn is_same_name(self, one: &str, other: &str) -> bool {
        match self.names {
            Names::Exact => one == other,
            Names::AnyCase => one.eq_ignore_ascii_case(other),
        }
    }
}
