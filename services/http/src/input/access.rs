//! What a value is made of, handed out piece by piece.

use std::{collections::HashMap, iter::Enumerate, slice, vec};

use serde::{
    Deserializer,
    de::{
        DeserializeSeed, EnumAccess, IntoDeserializer, MapAccess, SeqAccess, VariantAccess,
        Visitor,
        value::{BorrowedStrDeserializer, StrDeserializer},
    },
};

use super::{InputError, Node, Rules, Unknown, reader::Reader};

/// The members that count: of two of a name the last, unless the rules refuse them.
pub(super) struct Kept<'de> {
    members: Vec<(&'de str, &'de Node)>,
    /// Where each name stands in `members`, so that many members are read in linear time.
    indexes: HashMap<&'de str, usize>,
    duplicates: Unknown,
}

impl<'de> Kept<'de> {
    pub(super) fn new(duplicates: Unknown) -> Self {
        Self { members: Vec::new(), indexes: HashMap::new(), duplicates }
    }

    pub(super) fn add(
        &mut self,
        name: &'de str,
        written: &str,
        node: &'de Node,
    ) -> Result<(), InputError> {
        let earlier = self.indexes.get(name).and_then(|index| self.members.get_mut(*index));
        match (earlier, self.duplicates) {
            (None, _) => {
                self.indexes.insert(name, self.members.len());
                self.members.push((name, node));
            }
            (Some(earlier), Unknown::Ignored) => earlier.1 = node,
            (Some(_), Unknown::Refused) => {
                let seen = InputError::seen(written);
                return Err(InputError::at("", format!("`{seen}` is given twice")).within(&seen));
            }
        }
        Ok(())
    }

    pub(super) fn members(self, rules: Rules) -> Members<'de> {
        Members { left: self.members.into_iter(), value: None, rules }
    }
}

/// The elements of a list.
pub(super) struct Elements<'de> {
    nodes: Enumerate<slice::Iter<'de, Node>>,
    rules: Rules,
}

impl<'de> Elements<'de> {
    pub(super) fn new(nodes: &'de [Node], rules: Rules) -> Self {
        Self { nodes: nodes.iter().enumerate(), rules }
    }
}

impl<'de> SeqAccess<'de> for Elements<'de> {
    type Error = InputError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, InputError> {
        let Some((index, node)) = self.nodes.next() else { return Ok(None) };
        seed.deserialize(Reader::new(node, self.rules))
            .map(Some)
            .map_err(|error| error.within(&index.to_string()))
    }
}

/// The members of an object.
pub(super) struct Members<'de> {
    left: vec::IntoIter<(&'de str, &'de Node)>,
    value: Option<(&'de str, &'de Node)>,
    rules: Rules,
}

impl<'de> MapAccess<'de> for Members<'de> {
    type Error = InputError;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, InputError> {
        let Some((name, node)) = self.left.next() else { return Ok(None) };
        self.value = Some((name, node));
        seed.deserialize(BorrowedStrDeserializer::new(name))
            .map(Some)
            .map_err(|error: InputError| error.within(name))
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(
        &mut self,
        seed: V,
    ) -> Result<V::Value, InputError> {
        let (name, node) =
            self.value.take().ok_or_else(|| InputError::at("", "a value without a name"))?;
        seed.deserialize(Reader::new(node, self.rules)).map_err(|error| error.within(name))
    }
}

/// One variant of an enum.
pub(super) struct Variant<'de> {
    pub name: &'de str,
    pub content: Option<Reader<'de>>,
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = InputError;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Self), InputError> {
        let name: StrDeserializer<'de, InputError> = self.name.into_deserializer();
        Ok((seed.deserialize(name)?, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'de> {
    type Error = InputError;

    fn unit_variant(self) -> Result<(), InputError> {
        match self.content {
            None => Ok(()),
            Some(content) => Err(content.needs("nothing").within(self.name)),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(
        self,
        seed: T,
    ) -> Result<T::Value, InputError> {
        let content = self.content()?;
        seed.deserialize(content).map_err(|error| error.within(self.name))
    }

    fn tuple_variant<V: Visitor<'de>>(
        self,
        _len: usize,
        visitor: V,
    ) -> Result<V::Value, InputError> {
        self.content()?.deserialize_seq(visitor).map_err(|error| error.within(self.name))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, InputError> {
        let content = self.content()?;
        content.deserialize_struct("", fields, visitor).map_err(|error| error.within(self.name))
    }
}

impl<'de> Variant<'de> {
    fn content(&self) -> Result<Reader<'de>, InputError> {
        self.content.ok_or_else(|| {
            InputError::at("", format!("`{}` needs a value", InputError::seen(self.name)))
        })
    }
}
