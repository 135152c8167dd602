//! JSON as it was written: all its parts one after another, texts borrowed where nothing is escaped.
//!
//! `serde_json::Value` sorts members and copies every name and text, which would be most of what
//! reading a request costs.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

/// Most parts that room is made for before there are any.
const EXPECTED_PARTS: usize = 1024;

/// The parts of a text, each before what is inside it.
#[derive(Debug)]
pub(super) struct Tape<'a>(Vec<Part<'a>>);

/// A part of a text.
#[derive(Debug)]
pub(super) enum Part<'a> {
    Null,
    Boolean(bool),
    Number(Number),
    /// A text, or the name of a member.
    Text(Cow<'a, str>),
    /// A list, with the number of parts inside it.
    List(usize),
    /// An object, with the number of parts inside it: names, and after each its value.
    Object(usize),
}

/// A value: its part, and the parts inside it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Json<'t>(&'t [Part<'t>]);

/// Values one after another.
#[derive(Debug, Clone)]
pub(super) struct Values<'t>(&'t [Part<'t>]);

/// The members of an object. Of several with the same name the last counts; null is the same as
/// absent.
#[derive(Debug, Clone, Copy)]
pub(super) struct Members<'t>(&'t [Part<'t>]);

impl<'a> Tape<'a> {
    /// Reads a text. The parser itself stops at a depth of 128.
    pub(super) fn read(text: &'a str) -> Result<Self, serde_json::Error> {
        // The shortest parts are two characters long, but most are names and texts.
        let mut parts = Vec::with_capacity(EXPECTED_PARTS.min(text.len() / 8));
        let mut deserializer = serde_json::Deserializer::from_str(text);
        Appended(&mut parts).deserialize(&mut deserializer)?;
        deserializer.end()?;
        Ok(Self(parts))
    }

    /// The whole.
    pub(super) fn json(&self) -> Json<'_> {
        Json(&self.0)
    }
}

impl<'t> Json<'t> {
    pub(super) fn part(self) -> &'t Part<'t> {
        self.0.first().unwrap_or(&Part::Null)
    }

    pub(super) fn as_text(self) -> Option<&'t str> {
        if let Part::Text(text) = self.part() { Some(text) } else { None }
    }

    pub(super) fn as_boolean(self) -> Option<bool> {
        if let Part::Boolean(truth) = self.part() { Some(*truth) } else { None }
    }

    pub(super) fn as_object(self) -> Option<Members<'t>> {
        if let Some((Part::Object(_), inside)) = self.0.split_first() {
            Some(Members(inside))
        } else {
            None
        }
    }

    pub(super) fn as_list(self) -> Option<Values<'t>> {
        if let Some((Part::List(_), inside)) = self.0.split_first() {
            Some(Values(inside))
        } else {
            None
        }
    }

    /// A single value is the same as a list of one.
    pub(super) fn one_or_many(self) -> Values<'t> {
        self.as_list().unwrap_or(Values(self.0))
    }

    fn is_null(self) -> bool {
        matches!(self.part(), Part::Null)
    }
}

impl<'t> Iterator for Values<'t> {
    type Item = Json<'t>;

    fn next(&mut self) -> Option<Json<'t>> {
        let inside = match self.0.first()? {
            Part::List(inside) | Part::Object(inside) => *inside,
            Part::Null | Part::Boolean(_) | Part::Number(_) | Part::Text(_) => 0,
        };
        let (value, rest) = self.0.split_at_checked(inside.checked_add(1)?)?;
        self.0 = rest;
        Some(Json(value))
    }
}

impl<'t> Members<'t> {
    /// A member by its exact name, or else by its name in another case, the first in the alphabet.
    pub(super) fn get(self, name: &str) -> Option<Json<'t>> {
        let mut found: Option<(&str, Json<'t>)> = None;
        for (key, value) in self.all() {
            let is_closer = |(known, _)| key == name || known != name && key <= known;
            if key.eq_ignore_ascii_case(name) && found.is_none_or(is_closer) {
                found = Some((key, value));
            }
        }
        found.map(|(_, value)| value).filter(|value| !value.is_null())
    }

    /// The members in the order of the document.
    pub(super) fn iter(self) -> impl Iterator<Item = (&'t str, Json<'t>)> {
        let last: BTreeMap<&str, usize> =
            self.all().zip(0..).map(|((name, _), place)| (name, place)).collect();
        self.all()
            .zip(0..)
            .filter(move |((name, _), place)| last.get(name) == Some(place))
            .map(|(member, _)| member)
            .filter(|(_, value)| !value.is_null())
    }

    /// All members, also those that do not count.
    fn all(self) -> impl Iterator<Item = (&'t str, Json<'t>)> {
        let mut parts = Values(self.0);
        std::iter::from_fn(move || Some((parts.next()?.as_text()?, parts.next()?)))
    }
}

/// Appends a value to the parts.
struct Appended<'p, 'a>(&'p mut Vec<Part<'a>>);

impl<'de> DeserializeSeed<'de> for Appended<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'a> Appended<'_, 'a> {
    fn part(self, part: Part<'a>) {
        self.0.push(part);
    }

    /// Appends what is inside a list or an object, and before it how much that is.
    fn around<E>(
        self,
        part: impl FnOnce(usize) -> Part<'a>,
        inside: impl FnOnce(&mut Vec<Part<'a>>) -> Result<(), E>,
    ) -> Result<(), E> {
        let place = self.0.len();
        self.0.push(Part::Null);
        inside(self.0)?;
        let count = self.0.len() - place - 1;
        if let Some(around) = self.0.get_mut(place) {
            *around = part(count);
        }
        Ok(())
    }
}

impl<'de> Visitor<'de> for Appended<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.part(Part::Null);
        Ok(())
    }

    fn visit_bool<E: Error>(self, truth: bool) -> Result<(), E> {
        self.part(Part::Boolean(truth));
        Ok(())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        self.part(Part::Number(number.into()));
        Ok(())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        self.part(Part::Number(number.into()));
        Ok(())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<(), E> {
        self.part(Number::from_f64(number).map_or(Part::Null, Part::Number));
        Ok(())
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<(), E> {
        self.part(Part::Text(Cow::Borrowed(text)));
        Ok(())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        self.part(Part::Text(Cow::Owned(text.to_owned())));
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        self.around(Part::List, |parts| {
            while list.next_element_seed(Appended(parts))?.is_some() {}
            Ok(())
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        self.around(Part::Object, |parts| {
            while object.next_key_seed(Appended(parts))?.is_some() {
                object.next_value_seed(Appended(parts))?;
            }
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests;
