//! A serde deserializer over a tree of values, by rules, with errors that name the place.

use std::{fmt::Display, str::FromStr};

use serde::{
    Deserializer,
    de::{self, Expected, Unexpected, Visitor},
    forward_to_deserialize_any,
};

use super::{
    InputError, Names, Node, Rules, Scalars, Texts, Unknown,
    access::{Elements, Kept, Members, Variant},
};

impl de::Error for InputError {
    fn custom<T: Display>(message: T) -> Self {
        Self::at("", message.to_string())
    }

    fn invalid_type(unexpected: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::at("", format!("{unexpected} stands where {expected} is needed"))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::at("", format!("`{}` is not one of {}", Self::seen(variant), listed(expected)))
    }

    fn missing_field(field: &'static str) -> Self {
        Self::at(format!("/{field}"), format!("`{field}` is missing"))
    }

    fn duplicate_field(field: &'static str) -> Self {
        Self::at(format!("/{field}"), format!("`{field}` is given twice"))
    }
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// One value, about to be read.
#[derive(Clone, Copy)]
pub(super) struct Reader<'de> {
    node: &'de Node,
    rules: Rules,
}

impl<'de> Reader<'de> {
    pub(super) fn new(node: &'de Node, rules: Rules) -> Self {
        Self { node, rules }
    }

    pub(super) fn needs(self, needed: &str) -> InputError {
        InputError::at("", format!("{} stands where {needed} is needed", self.node.describe()))
    }

    /// The value where a single one is meant: of a parameter given twice the first, where the rules
    /// pass over such things.
    fn single(self) -> Self {
        let node = match (self.node, self.rules.scalars, self.rules.unknown) {
            (Node::List(nodes), Scalars::Text, Unknown::Ignored) => {
                nodes.first().unwrap_or(self.node)
            }
            (node, Scalars::Typed | Scalars::NumbersInText | Scalars::Text, _) => node,
        };
        Self { node, ..self }
    }

    fn text(self, text: &'de str) -> &'de str {
        match self.rules.texts {
            Texts::Kept => text,
            Texts::Trimmed => text.trim(),
        }
    }

    /// The number, if it is one of this type.
    fn number<T: FromStr>(self, needed: &str) -> Result<T, InputError> {
        let parsed = match (self.single().node, self.rules.scalars) {
            (Node::Number(number), _) => number.to_string().parse().ok(),
            (Node::Text(text), Scalars::NumbersInText | Scalars::Text) => text.trim().parse().ok(),
            (Node::Text(_), Scalars::Typed)
            | (Node::Null | Node::Bool(_) | Node::List(_) | Node::Object(_), _) => None,
        };
        parsed.ok_or_else(|| self.needs(needed))
    }

    fn bool(self) -> Result<bool, InputError> {
        match (self.single().node, self.rules.scalars) {
            (Node::Bool(value), _) => Some(*value),
            (Node::Text(text), Scalars::Text) => match text.to_ascii_lowercase().as_str() {
                "true" => Some(true),
                "false" => Some(false),
                _ => None,
            },
            (Node::Text(_), Scalars::Typed | Scalars::NumbersInText)
            | (Node::Null | Node::Number(_) | Node::List(_) | Node::Object(_), _) => None,
        }
        .ok_or_else(|| self.needs("`true` or `false`"))
    }

    fn list(self) -> Result<Elements<'de>, InputError> {
        let nodes = match (self.node, self.rules.scalars) {
            (Node::List(nodes), _) => nodes.as_slice(),
            (Node::Text(_), Scalars::Text) => std::slice::from_ref(self.node),
            (Node::Text(_), Scalars::Typed | Scalars::NumbersInText)
            | (Node::Null | Node::Bool(_) | Node::Number(_) | Node::Object(_), _) => {
                return Err(self.needs("a list"));
            }
        };
        Ok(Elements::new(nodes, self.rules))
    }

    /// The members as they are named, for maps.
    fn members(self) -> Result<Members<'de>, InputError> {
        let Node::Object(members) = self.node else {
            return Err(self.needs("an object"));
        };
        let mut kept = Kept::new(self.rules.unknown);
        for (name, node) in members {
            kept.add(name, name, node)?;
        }
        Ok(kept.members(self.rules))
    }

    /// The members that are fields of the structure read, under the fields' own names.
    fn fields(self, fields: &'static [&'static str]) -> Result<Members<'de>, InputError> {
        let Node::Object(members) = self.node else {
            return Err(self.needs("an object"));
        };
        let mut kept = Kept::new(self.rules.unknown);
        for (name, node) in members {
            let field = fields.iter().find(|field| match self.rules.names {
                Names::Exact => *field == name,
                Names::AnyCase => field.eq_ignore_ascii_case(name),
            });
            match (field, self.rules.unknown) {
                (Some(field), _) => kept.add(field, name, node)?,
                (None, Unknown::Ignored) => {}
                (None, Unknown::Refused) => {
                    let seen = InputError::seen(name);
                    let known = listed(fields);
                    let detail = format!("`{seen}` is not known here; known are {known}");
                    return Err(InputError::at("", detail).within(&seen));
                }
            }
        }
        Ok(kept.members(self.rules))
    }
}

macro_rules! numbers {
    ($($method:ident $visit:ident $type:ty, $needed:literal;)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, InputError> {
            visitor.$visit(self.number::<$type>($needed)?)
        })*
    };
}

impl<'de> Deserializer<'de> for Reader<'de> {
    type Error = InputError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, InputError> {
        match self.node {
            Node::Null => visitor.visit_unit(),
            Node::Bool(value) => visitor.visit_bool(*value),
            Node::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(number), _, _) => visitor.visit_u64(number),
                (None, Some(number), _) => visitor.visit_i64(number),
                (None, None, Some(number)) => visitor.visit_f64(number),
                (None, None, None) => Err(self.needs("a number")),
            },
            Node::Text(text) => visitor.visit_borrowed_str(self.text(text)),
            Node::List(_) => visitor.visit_seq(self.list()?),
            Node::Object(_) => visitor.visit_map(self.members()?),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, InputError> {
        visitor.visit_bool(self.bool()?)
    }

    numbers! {
        deserialize_u8 visit_u8 u8, "a whole number from 0 to 255";
        deserialize_u16 visit_u16 u16, "a whole number from 0 to 65535";
        deserialize_u32 visit_u32 u32, "a whole number from 0 to 4294967295";
        deserialize_u64 visit_u64 u64, "a whole number from 0";
        deserialize_i8 visit_i8 i8, "a whole number from -128 to 127";
        deserialize_i16 visit_i16 i16, "a whole number from -32768 to 32767";
        deserialize_i32 visit_i32 i32, "a whole number from -2147483648 to 2147483647";
        deserialize_i64 visit_i64 i64, "a whole number";
        deserialize_f32 visit_f32 f32, "a number";
        deserialize_f64 visit_f64 f64, "a number";
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, InputError> {
        match self.single().node {
            Node::Text(text) => visitor.visit_borrowed_str(self.text(text)),
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::List(_) | Node::Object(_) => {
                Err(self.needs("a text"))
            }
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, InputError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, InputError> {
        match self.node {
            Node::Null => visitor.visit_none(),
            Node::Bool(_) | Node::Number(_) | Node::Text(_) | Node::List(_) | Node::Object(_) => {
                visitor.visit_some(self)
            }
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, InputError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, InputError> {
        visitor.visit_seq(self.list()?)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, InputError> {
        visitor.visit_map(self.members()?)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, InputError> {
        visitor.visit_map(self.fields(fields)?)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, InputError> {
        let (written, content) = match self.single().node {
            Node::Text(text) => (self.text(text), None),
            Node::Object(members) => match members.as_slice() {
                [(name, content)] => (name.as_str(), Some(content)),
                [] | [_, _, ..] => return Err(self.needs("an object with one member")),
            },
            Node::Null | Node::Bool(_) | Node::Number(_) | Node::List(_) => {
                return Err(self.needs(&format!("one of {}", listed(variants))));
            }
        };
        let named = match self.rules.names {
            Names::Exact => None,
            Names::AnyCase => variants.iter().find(|name| name.eq_ignore_ascii_case(written)),
        };
        visitor.visit_enum(Variant {
            name: named.copied().unwrap_or(written),
            content: content.map(|node| Self::new(node, self.rules)),
        })
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, InputError> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        i128 u128 char bytes byte_buf unit unit_struct tuple tuple_struct identifier
    }
}
