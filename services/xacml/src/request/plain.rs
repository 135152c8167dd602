//! Requests in plain XML, which is how they are sent: the elements and attributes of the standard in
//! one namespace, and texts without markup.
//!
//! They are read in one pass and without a tree. Everything else that XML may be (comments, character
//! data sections, references, content) and everything that is wrong is left to the reader of trees,
//! which tells what and where. What is read here, that one reads as the same.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{Attribute, AttributeCategory, RequestDocument};
use crate::ids::NAMESPACE;
use crate::limits::Limits;
use crate::value::{DataType, Value};

/// The declarations a document begins with, up to the `?>`.
const DECLARATIONS: [&str; 6] = [
    "<?xml version=\"1.0\" encoding=\"UTF-8\"",
    "<?xml version=\"1.0\" encoding=\"utf-8\"",
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"",
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"no\"",
    "<?xml version='1.0' encoding='UTF-8'",
    "<?xml version=\"1.0\"",
];
/// What `xsi` stands for, by which documents name their schema.
const SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// Prefixes that are spoken for.
const RESERVED: [&str; 3] = ["xml", "xmlns", "xsi"];
/// How deep values are.
const DEPTH: usize = 4;

/// Reads a request; none if it is not plain.
pub(super) fn read(text: &str, limits: &Limits) -> Option<RequestDocument> {
    if !is_small(text, limits) {
        return None;
    }
    let mut reader = Reader::from_str(without_declaration(text)?);
    // The texts around elements are white space, or else not plain.
    reader.config_mut().trim_text_start = true;
    let Next::Open(root) = Next::of(&mut reader)? else { return None };
    let prefix = root.start.name().into_inner().strip_suffix("Request")?;
    let mut request = request(&root, prefix)?;
    let mut plain = Plain { reader, prefix };
    while let Next::Open(child) = plain.child(&root)? {
        match plain.name(&child)? {
            "Attributes" => request.categories.push(plain.category(&child)?),
            "MultiRequests" => request.references = plain.references(&child)?,
            _ => return None,
        }
    }
    matches!(plain.reader.read_event(), Ok(Event::Eof)).then_some(request)
}

/// Whether a text can have neither more bytes, nor more nodes, nor deeper ones than the limits.
fn is_small(text: &str, limits: &Limits) -> bool {
    // An element and the text after it are two nodes of five bytes at least.
    let nodes = u32::try_from(text.len() / 2).unwrap_or(u32::MAX);
    text.len() <= limits.bytes && nodes < limits.nodes && limits.depth >= DEPTH
}

fn without_declaration(text: &str) -> Option<&str> {
    if !text.starts_with("<?") {
        return Some(text);
    }
    let (declaration, rest) = text.split_once("?>")?;
    DECLARATIONS.contains(&declaration).then_some(rest)
}

/// What the root tells about the request, whose elements have a prefix.
fn request(root: &Tag<'_>, prefix: &str) -> Option<RequestDocument> {
    let prefix = prefix.strip_suffix(':').or_else(|| prefix.is_empty().then_some(""))?;
    let is_name = prefix.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        && !prefix.starts_with(|first: char| first.is_ascii_digit());
    if !is_name || RESERVED.contains(&prefix) {
        return None;
    }
    let (mut namespace, mut instance, mut schema) = (None, None, None);
    let (mut return_policies, mut combined_decision) = (None, None);
    root.attributes(|name, value| match name {
        "ReturnPolicyIdList" => once(&mut return_policies, boolean(value)?),
        "CombinedDecision" => once(&mut combined_decision, boolean(value)?),
        "xmlns:xsi" if value == SCHEMA_INSTANCE => once(&mut instance, ()),
        "xsi:schemaLocation" => once(&mut schema, ()),
        _ if value == NAMESPACE && declared(name)? == prefix => once(&mut namespace, ()),
        _ => None,
    })?;
    if namespace.is_none() || schema.is_some() && instance.is_none() {
        return None;
    }
    Some(RequestDocument {
        return_policies: return_policies.unwrap_or(false),
        combined_decision: combined_decision.unwrap_or(false),
        ..RequestDocument::default()
    })
}

fn data_type(tag: &Tag<'_>) -> Option<DataType> {
    let mut data_type = None;
    tag.attributes(|name, value| match name {
        "DataType" => once(&mut data_type, DataType::from_id(value)?),
        _ => None,
    })?;
    data_type
}

/// The prefix an attribute declares; the empty one for the default namespace.
fn declared(attribute: &str) -> Option<&str> {
    let prefix = attribute.strip_prefix("xmlns")?;
    prefix
        .strip_prefix(':')
        .filter(|prefix| !prefix.is_empty())
        .or_else(|| prefix.is_empty().then_some(""))
}

/// A document that is being read.
struct Plain<'a> {
    reader: Reader<&'a [u8]>,
    /// The prefix of all elements, with the colon.
    prefix: &'a str,
}

impl<'a> Plain<'a> {
    /// The next child of an element.
    #[inline]
    fn child(&mut self, parent: &Tag<'_>) -> Option<Next<'a>> {
        if parent.is_empty { Some(Next::Close) } else { Next::of(&mut self.reader) }
    }

    fn name<'t>(&self, tag: &'t Tag<'_>) -> Option<&'t str> {
        tag.start.name().into_inner().strip_prefix(self.prefix)
    }

    fn category(&mut self, tag: &Tag<'_>) -> Option<AttributeCategory> {
        let (mut category, mut id) = (None, None);
        tag.attributes(|name, value| match name {
            "Category" => once(&mut category, value.to_owned()),
            "xml:id" => once(&mut id, value.to_owned()),
            _ => None,
        })?;
        let mut attributes = Vec::new();
        while let Next::Open(child) = self.child(tag)? {
            if self.name(&child)? != "Attribute" {
                return None;
            }
            attributes.push(self.attribute(&child)?);
        }
        Some(AttributeCategory { category: category?, id, content: None, attributes })
    }

    fn attribute(&mut self, tag: &Tag<'_>) -> Option<Attribute> {
        let (mut id, mut issuer, mut include_in_result) = (None, None, None);
        tag.attributes(|name, value| match name {
            "AttributeId" => once(&mut id, value.to_owned()),
            "Issuer" => once(&mut issuer, value.to_owned()),
            "IncludeInResult" => once(&mut include_in_result, boolean(value)?),
            _ => None,
        })?;
        let mut values = Vec::new();
        // Values that follow each other mostly have the same data type, written the same way.
        let mut before: Option<(Tag<'a>, DataType)> = None;
        while let Next::Open(child) = self.child(tag)? {
            if self.name(&child)? != "AttributeValue" {
                return None;
            }
            let data_type = match before {
                Some((before, data_type)) if before.is_written_as(&child) => data_type,
                _ => data_type(&child)?,
            };
            self.value(&child, data_type, &mut values)?;
            before = Some((child, data_type));
        }
        let include_in_result = include_in_result.unwrap_or(false);
        (!values.is_empty()).then_some(Attribute { id: id?, issuer, include_in_result, values })
    }

    /// Reads a value, and puts it to those before it.
    fn value(&mut self, tag: &Tag<'_>, data_type: DataType, values: &mut Vec<Value>) -> Option<()> {
        if tag.is_empty {
            return put(data_type, "", values);
        }
        self.reader.config_mut().trim_text_start = false;
        match self.reader.read_event() {
            Ok(Event::End(_)) => put(data_type, "", values)?,
            Ok(Event::Text(text)) if is_text(&text) => {
                if !matches!(self.reader.read_event(), Ok(Event::End(_))) {
                    return None;
                }
                put(data_type, &text, values)?;
            }
            Ok(
                Event::Start(_)
                | Event::Empty(_)
                | Event::Text(_)
                | Event::CData(_)
                | Event::Comment(_)
                | Event::Decl(_)
                | Event::PI(_)
                | Event::DocType(_)
                | Event::GeneralRef(_)
                | Event::Eof,
            )
            | Err(_) => return None,
        }
        self.reader.config_mut().trim_text_start = true;
        Some(())
    }

    fn references(&mut self, tag: &Tag<'_>) -> Option<Vec<Vec<String>>> {
        tag.attributes(|_, _| None)?;
        let mut references = Vec::new();
        while let Next::Open(child) = self.child(tag)? {
            if self.name(&child)? != "RequestReference" {
                return None;
            }
            references.push(self.reference(&child)?);
        }
        Some(references)
    }

    fn reference(&mut self, tag: &Tag<'_>) -> Option<Vec<String>> {
        tag.attributes(|_, _| None)?;
        let mut ids = Vec::new();
        while let Next::Open(child) = self.child(tag)? {
            if self.name(&child)? != "AttributesReference" {
                return None;
            }
            let mut id = None;
            child.attributes(|name, value| match name {
                "ReferenceId" => once(&mut id, value.to_owned()),
                _ => None,
            })?;
            if let Next::Open(_) = self.child(&child)? {
                return None;
            }
            ids.push(id?);
        }
        Some(ids)
    }
}

fn put(data_type: DataType, text: &str, values: &mut Vec<Value>) -> Option<()> {
    // Most values are strings, which all texts are: this way they are not moved about.
    if data_type == DataType::String {
        values.push(Value::from(text));
    } else {
        values.push(Value::parse(data_type, text).ok()?);
    }
    Some(())
}

/// What comes next among elements.
enum Next<'a> {
    Open(Tag<'a>),
    Close,
}

/// A start tag, or the tag of an element that is empty.
struct Tag<'a> {
    start: BytesStart<'a>,
    is_empty: bool,
}

impl<'a> Next<'a> {
    #[inline]
    fn of(reader: &mut Reader<&'a [u8]>) -> Option<Self> {
        match reader.read_event() {
            Ok(Event::Start(start)) => Some(Self::Open(Tag { start, is_empty: false })),
            Ok(Event::Empty(start)) => Some(Self::Open(Tag { start, is_empty: true })),
            Ok(Event::End(_)) => Some(Self::Close),
            Ok(
                Event::Text(_)
                | Event::CData(_)
                | Event::Comment(_)
                | Event::Decl(_)
                | Event::PI(_)
                | Event::DocType(_)
                | Event::GeneralRef(_)
                | Event::Eof,
            )
            | Err(_) => None,
        }
    }
}

impl Tag<'_> {
    /// Whether another tag has the same attributes, to the letter.
    fn is_written_as(&self, other: &Tag<'_>) -> bool {
        self.start.attributes_raw() == other.start.attributes_raw()
    }

    /// Hands over the name and the value of every attribute.
    fn attributes<'t>(
        &'t self,
        mut take: impl FnMut(&'t str, &'t str) -> Option<()>,
    ) -> Option<()> {
        let mut rest = self.start.attributes_raw();
        loop {
            let attribute = rest.trim_start_matches(is_space);
            if attribute.is_empty() {
                return Some(());
            }
            let has_space = attribute.len() < rest.len();
            // Names are so short that looking byte by byte is fastest.
            let equals = attribute.bytes().position(|byte| byte == b'=').filter(|_| has_space)?;
            let (name, value) = attribute.split_at_checked(equals)?;
            let quote = *value.as_bytes().get(1)?;
            let (_, value) = value.split_at_checked(2)?;
            let end = memchr::memchr2(quote, b'<', value.as_bytes())?;
            let (value, after) = value.split_at_checked(end)?;
            let ends = after.as_bytes().first() == Some(&quote) && matches!(quote, b'"' | b'\'');
            take(name, value).filter(|()| ends && is_value(value))?;
            rest = after.split_at_checked(1)?.1;
        }
    }
}

/// Whether the value of an attribute means itself: without references, line breaks and tabulators.
///
/// Without a way out, all bytes can be looked at together.
fn is_value(value: &str) -> bool {
    value.bytes().fold(true, |all, byte| all & (byte >= b' ' && byte != b'&' && may_be_xml(byte)))
}

/// Whether a text means itself: without the line breaks of other systems, and without what may be an
/// end of character data.
fn is_text(text: &str) -> bool {
    let is_plain = |byte: u8| {
        (byte >= b' ' || byte == b'\t' || byte == b'\n') && byte != b'>' && may_be_xml(byte)
    };
    text.bytes().fold(true, |all, byte| all & is_plain(byte))
}

/// Of the characters that begin with this byte, XML may not carry some.
const fn may_be_xml(byte: u8) -> bool {
    byte != 0xef
}

/// White space of XML, which is less than that of Rust.
const fn is_space(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r')
}

fn boolean(value: &str) -> Option<bool> {
    match value {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// Fills a place that is still empty.
fn once<T>(place: &mut Option<T>, value: T) -> Option<()> {
    place.replace(value).is_none().then_some(())
}

#[cfg(test)]
mod tests;
