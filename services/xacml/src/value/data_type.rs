//! The data types and their identifiers.

use std::fmt;

/// A primitive data type of the standard (annex A.2), or of its profile of time extensions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DataType {
    /// Any text.
    String,
    /// True or false.
    Boolean,
    /// A whole number of any size.
    Integer,
    /// An IEEE 754 number of 64 bits.
    Double,
    /// A day.
    Date,
    /// A time of day.
    Time,
    /// A day and a time of day.
    DateTime,
    /// A day of the week, of the profile of time extensions.
    DayOfWeek,
    /// A number of days and parts of days.
    DayTimeDuration,
    /// A number of months.
    YearMonthDuration,
    /// A URI.
    AnyUri,
    /// Octets, written in hexadecimal.
    HexBinary,
    /// Octets, written in base 64.
    Base64Binary,
    /// A distinguished name.
    X500Name,
    /// An electronic mail address.
    Rfc822Name,
    /// A network address.
    IpAddress,
    /// A host name.
    DnsName,
    /// An XPath expression about the content of a category.
    XPathExpression,
}

impl DataType {
    /// All data types.
    pub const ALL: [Self; 18] = [
        Self::String,
        Self::Boolean,
        Self::Integer,
        Self::Double,
        Self::Date,
        Self::Time,
        Self::DateTime,
        Self::DayOfWeek,
        Self::DayTimeDuration,
        Self::YearMonthDuration,
        Self::AnyUri,
        Self::HexBinary,
        Self::Base64Binary,
        Self::X500Name,
        Self::Rfc822Name,
        Self::IpAddress,
        Self::DnsName,
        Self::XPathExpression,
    ];

    /// The identifier of version 3.0.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::String => "http://www.w3.org/2001/XMLSchema#string",
            Self::Boolean => "http://www.w3.org/2001/XMLSchema#boolean",
            Self::Integer => "http://www.w3.org/2001/XMLSchema#integer",
            Self::Double => "http://www.w3.org/2001/XMLSchema#double",
            Self::Date => "http://www.w3.org/2001/XMLSchema#date",
            Self::Time => "http://www.w3.org/2001/XMLSchema#time",
            Self::DateTime => "http://www.w3.org/2001/XMLSchema#dateTime",
            Self::DayOfWeek => "urn:oasis:names:tc:xacml:3.0:data-type:dayOfWeek",
            Self::DayTimeDuration => "http://www.w3.org/2001/XMLSchema#dayTimeDuration",
            Self::YearMonthDuration => "http://www.w3.org/2001/XMLSchema#yearMonthDuration",
            Self::AnyUri => "http://www.w3.org/2001/XMLSchema#anyURI",
            Self::HexBinary => "http://www.w3.org/2001/XMLSchema#hexBinary",
            Self::Base64Binary => "http://www.w3.org/2001/XMLSchema#base64Binary",
            Self::X500Name => "urn:oasis:names:tc:xacml:1.0:data-type:x500Name",
            Self::Rfc822Name => "urn:oasis:names:tc:xacml:1.0:data-type:rfc822Name",
            Self::IpAddress => "urn:oasis:names:tc:xacml:2.0:data-type:ipAddress",
            Self::DnsName => "urn:oasis:names:tc:xacml:2.0:data-type:dnsName",
            Self::XPathExpression => "urn:oasis:names:tc:xacml:3.0:data-type:xpathExpression",
        }
    }

    /// The short name, as function identifiers and the JSON profile use it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Double => "double",
            Self::Date => "date",
            Self::Time => "time",
            Self::DateTime => "dateTime",
            Self::DayOfWeek => "dayOfWeek",
            Self::DayTimeDuration => "dayTimeDuration",
            Self::YearMonthDuration => "yearMonthDuration",
            Self::AnyUri => "anyURI",
            Self::HexBinary => "hexBinary",
            Self::Base64Binary => "base64Binary",
            Self::X500Name => "x500Name",
            Self::Rfc822Name => "rfc822Name",
            Self::IpAddress => "ipAddress",
            Self::DnsName => "dnsName",
            Self::XPathExpression => "xpathExpression",
        }
    }

    /// The data type with an identifier, in the forms of all versions of the standard.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        /// Where versions 1 and 2 took the duration types from.
        const DRAFTS: [&str; 2] = [
            "http://www.w3.org/TR/2002/WD-xquery-operators-20020816#",
            "urn:oasis:names:tc:xacml:2.0:data-type:",
        ];
        Self::ALL.into_iter().find(|data_type| data_type.id() == id).or_else(|| {
            let name = DRAFTS.iter().find_map(|prefix| id.strip_prefix(prefix))?;
            [Self::DayTimeDuration, Self::YearMonthDuration]
                .into_iter()
                .find(|data_type| data_type.name() == name)
        })
    }

    /// The data type with a short name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|data_type| data_type.name() == name)
    }
}

impl fmt::Display for DataType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
