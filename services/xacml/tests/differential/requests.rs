//! Requests, and attributes from outside of them.

use chrono::{DateTime, FixedOffset};
use fullmakt_xacml::model::Designator;
use fullmakt_xacml::{
    Attribute, AttributeCategory, AttributeSource, DataType, Request, SourceError, Value, ids,
};
use proptest::prelude::*;

/// A time.
pub fn now() -> DateTime<FixedOffset> {
    DateTime::parse_from_rfc3339("2026-01-01T12:00:00+01:00").expect("a time")
}

/// Where attributes come from that a request lacks.
#[derive(Debug, Clone)]
pub enum Source {
    None,
    Values(Request),
    Fails,
}

impl AttributeSource for Source {
    fn values(&self, wanted: &Designator) -> Result<Vec<Value>, SourceError> {
        match self {
            Self::None => Ok(Vec::new()),
            Self::Values(known) => Ok(known.matching(wanted).cloned().collect()),
            Self::Fails => Err(SourceError { reason: "nobody knows".to_owned() }),
        }
    }
}

pub fn source() -> impl Strategy<Value = Source> {
    prop_oneof![
        6 => Just(Source::None),
        2 => request().prop_map(Source::Values),
        1 => Just(Source::Fails),
    ]
}

/// Any of the categories that policies here ask for.
pub fn category() -> impl Strategy<Value = String> {
    let all = [ids::ACCESS_SUBJECT, ids::RESOURCE, ids::ACTION, ids::ENVIRONMENT];
    prop::sample::select(all.map(str::to_owned).to_vec())
}

/// Any of the identifiers that policies here ask for; few, so that requests have what is asked.
pub fn id() -> impl Strategy<Value = String> {
    prop_oneof![4 => "[ab]", 1 => Just(ids::CURRENT_TIME.to_owned())]
}

/// An issuer, seldom.
pub fn issuer() -> impl Strategy<Value = Option<String>> {
    prop::option::weighted(0.1, "[ij]")
}

/// A value of one of the types that policies here compare.
pub fn value(data_type: DataType) -> BoxedStrategy<Value> {
    if data_type == DataType::Integer {
        (0_i64..3).prop_map(Value::integer).boxed()
    } else if data_type == DataType::AnyUri {
        "[vwxyz]".prop_map(Value::AnyUri).boxed()
    } else if data_type == DataType::Time {
        let at = |hour| Value::parse(DataType::Time, &format!("{hour:02}:00:00Z")).expect("a time");
        (0_u32..24).prop_map(at).boxed()
    } else {
        "[vwxyzVW]".prop_map(Value::String).boxed()
    }
}

/// A data type, mostly strings.
pub fn data_type() -> impl Strategy<Value = DataType> {
    prop_oneof![
        6 => Just(DataType::String),
        1 => Just(DataType::Integer),
        1 => Just(DataType::AnyUri),
        1 => Just(DataType::Time),
    ]
}

fn attribute() -> impl Strategy<Value = Attribute> {
    let values = data_type().prop_flat_map(|of| prop::collection::vec(value(of), 0..3));
    let more = prop::collection::vec(data_type().prop_flat_map(value), 0..2);
    (id(), issuer(), values, more).prop_map(|(id, issuer, values, more)| {
        let values = values.into_iter().chain(more);
        Attribute { issuer, ..Attribute::new(id, values) }
    })
}

pub fn request() -> impl Strategy<Value = Request> {
    let category = (category(), prop::collection::vec(attribute(), 0..4));
    let content = prop::option::weighted(0.4, prop_oneof![Just("<r><a>v</a></r>"), Just("<r>")]);
    (prop::collection::vec(category, 0..5), any::<bool>(), content).prop_map(
        |(categories, return_policies, content)| {
            let mut request = Request { return_policies, ..Request::new() };
            for (category, attributes) in categories {
                match request.categories.iter_mut().find(|known| known.category == category) {
                    Some(known) => known.attributes.extend(attributes),
                    None => request.categories.push(AttributeCategory {
                        category,
                        attributes,
                        content: content.map(Into::into),
                        ..AttributeCategory::default()
                    }),
                }
            }
            request
        },
    )
}
