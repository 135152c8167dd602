//! Data types, values and bags (annex A.2 of the standard).

mod bag;
mod binary;
mod calendar;
mod data_type;
mod duration;
mod names;
mod network;
mod numeric;

use std::fmt;

use num_bigint::BigInt;

use crate::xpath::XPathExpression;

pub use self::bag::Bag;
pub use self::calendar::{Date, DateTime, DayOfWeek, Time};
pub use self::data_type::DataType;
pub use self::duration::{DayTimeDuration, YearMonthDuration};
pub use self::names::{Rfc822Name, X500Name};
pub use self::network::{DnsName, IpAddress, PortRange};

/// A text that is no value of its data type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a valid {data_type}")]
pub struct LexicalError {
    /// The text.
    pub text: String,
    /// The data type it was read as.
    pub data_type: DataType,
}

/// One value of one data type. The large and rare ones are kept apart, so that the others are small.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Any text.
    String(String),
    /// True or false.
    Boolean(bool),
    /// A whole number of any size.
    Integer(BigInt),
    /// An IEEE 754 number of 64 bits.
    Double(f64),
    /// A day, with or without a time zone.
    Date(Date),
    /// A time of day, with or without a time zone.
    Time(Time),
    /// A day and a time of day.
    DateTime(DateTime),
    /// A day of the week, with or without a time zone.
    DayOfWeek(DayOfWeek),
    /// A number of days and parts of days.
    DayTimeDuration(DayTimeDuration),
    /// A number of months.
    YearMonthDuration(YearMonthDuration),
    /// A URI, kept as written.
    AnyUri(String),
    /// Octets, written in hexadecimal.
    HexBinary(Vec<u8>),
    /// Octets, written in base 64.
    Base64Binary(Vec<u8>),
    /// A distinguished name.
    X500Name(Box<X500Name>),
    /// An electronic mail address.
    Rfc822Name(Box<Rfc822Name>),
    /// A network address with optional mask and ports.
    IpAddress(Box<IpAddress>),
    /// A host name with optional ports.
    DnsName(Box<DnsName>),
    /// An XPath expression about the content of a category.
    XPathExpression(Box<XPathExpression>),
}

impl Value {
    /// Reads a value from its lexical form.
    ///
    /// White space around a value is insignificant except in strings (XML Schema part 2, §4.3.6). An
    /// [`XPathExpression`] is more than its text, which alone is never one.
    ///
    /// # Errors
    ///
    /// [`LexicalError`] when the text is no value of the type.
    pub fn parse(data_type: DataType, text: &str) -> Result<Self, LexicalError> {
        let token = text.trim_matches(|c: char| c.is_ascii_whitespace());
        let value = match data_type {
            DataType::String => Some(Self::String(text.to_owned())),
            DataType::Boolean => numeric::boolean(token).map(Self::Boolean),
            DataType::Integer => numeric::integer(token).map(Self::Integer),
            DataType::Double => numeric::double(token).map(Self::Double),
            DataType::Date => Date::parse(token).map(Self::Date),
            DataType::Time => Time::parse(token).map(Self::Time),
            DataType::DateTime => DateTime::parse(token).map(Self::DateTime),
            DataType::DayOfWeek => DayOfWeek::parse(token).map(Self::DayOfWeek),
            DataType::DayTimeDuration => DayTimeDuration::parse(token).map(Self::DayTimeDuration),
            DataType::YearMonthDuration => {
                YearMonthDuration::parse(token).map(Self::YearMonthDuration)
            }
            DataType::AnyUri => names::uri(token).map(Self::AnyUri),
            DataType::HexBinary => binary::hex(token).map(Self::HexBinary),
            DataType::Base64Binary => binary::base64(token).map(Self::Base64Binary),
            DataType::X500Name => X500Name::parse(token).map(Box::new).map(Self::X500Name),
            DataType::Rfc822Name => Rfc822Name::parse(token).map(Box::new).map(Self::Rfc822Name),
            DataType::IpAddress => IpAddress::parse(token).map(Box::new).map(Self::IpAddress),
            DataType::DnsName => DnsName::parse(token).map(Box::new).map(Self::DnsName),
            DataType::XPathExpression => None,
        };
        value.ok_or_else(|| LexicalError { text: shortened(text), data_type })
    }

    /// A value of the type string.
    pub fn string(text: impl Into<String>) -> Self {
        Self::String(text.into())
    }

    /// A value of the type integer.
    pub fn integer(number: impl Into<BigInt>) -> Self {
        Self::Integer(number.into())
    }

    /// The data type of the value.
    #[must_use]
    pub const fn data_type(&self) -> DataType {
        match self {
            Self::String(_) => DataType::String,
            Self::Boolean(_) => DataType::Boolean,
            Self::Integer(_) => DataType::Integer,
            Self::Double(_) => DataType::Double,
            Self::Date(_) => DataType::Date,
            Self::Time(_) => DataType::Time,
            Self::DateTime(_) => DataType::DateTime,
            Self::DayOfWeek(_) => DataType::DayOfWeek,
            Self::DayTimeDuration(_) => DataType::DayTimeDuration,
            Self::YearMonthDuration(_) => DataType::YearMonthDuration,
            Self::AnyUri(_) => DataType::AnyUri,
            Self::HexBinary(_) => DataType::HexBinary,
            Self::Base64Binary(_) => DataType::Base64Binary,
            Self::X500Name(_) => DataType::X500Name,
            Self::Rfc822Name(_) => DataType::Rfc822Name,
            Self::IpAddress(_) => DataType::IpAddress,
            Self::DnsName(_) => DataType::DnsName,
            Self::XPathExpression(_) => DataType::XPathExpression,
        }
    }

    /// The text of a string or a URI; nothing for the other types.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        if let Self::String(text) | Self::AnyUri(text) = self { Some(text) } else { None }
    }
}

/// Writes the lexical form; times keep the time zone they were given in.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String(text) | Self::AnyUri(text) => f.write_str(text),
            Self::Boolean(truth) => truth.fmt(f),
            Self::Integer(number) => number.fmt(f),
            Self::Double(number) => f.write_str(&numeric::double_text(*number)),
            Self::Date(date) => date.fmt(f),
            Self::Time(time) => time.fmt(f),
            Self::DateTime(moment) => moment.fmt(f),
            Self::DayOfWeek(day) => day.fmt(f),
            Self::DayTimeDuration(duration) => duration.fmt(f),
            Self::YearMonthDuration(duration) => duration.fmt(f),
            Self::HexBinary(octets) => f.write_str(&hex::encode_upper(octets)),
            Self::Base64Binary(octets) => f.write_str(&binary::base64_text(octets)),
            Self::X500Name(name) => name.fmt(f),
            Self::Rfc822Name(name) => name.fmt(f),
            Self::IpAddress(address) => address.fmt(f),
            Self::DnsName(name) => name.fmt(f),
            Self::XPathExpression(expression) => expression.fmt(f),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Boolean(truth)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number.into())
    }
}

impl From<XPathExpression> for Value {
    fn from(expression: XPathExpression) -> Self {
        Self::XPathExpression(Box::new(expression))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

/// Error messages quote input, but not a megabyte of it.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 80;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST).chain(std::iter::once('…')).collect()
}
