//! Reading XML within limits, with the place of everything that is wrong.

use roxmltree::{Document, Node, ParsingOptions};

use crate::ids::NAMESPACE;
use crate::limits::{Limits, MAX_ATTRIBUTES};

/// A place in a document, and what is wrong there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {reason}")]
pub struct At<Reason> {
    /// The line, from one.
    pub line: u32,
    /// The column, in characters from one.
    pub column: u32,
    /// What is wrong.
    pub reason: Reason,
}

/// An XML document that cannot be read.
pub type XmlError = At<XmlFlaw>;

/// What is wrong with XML, whatever it is to mean.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum XmlFlaw {
    /// Not well-formed, or with a document type declaration, which is not read.
    #[error("{0}")]
    NotWellFormed(String),
    /// More bytes than the limit.
    #[error("the document is larger than {0} bytes")]
    TooLarge(usize),
    /// Nested deeper than the limit.
    #[error("elements are nested deeper than {0}")]
    TooDeep(usize),
    /// More attributes on one element than the limit.
    #[error("an element has more than {0} attributes")]
    TooManyAttributes(usize),
    /// An element that has no place there.
    #[error("unexpected element `{0}`")]
    UnexpectedElement(String),
    /// Text where only elements may stand.
    #[error("unexpected text")]
    UnexpectedText,
    /// An element that has to be there.
    #[error("element `{0}` is missing")]
    MissingElement(&'static str),
    /// An attribute that has to be there.
    #[error("attribute `{0}` is missing")]
    MissingAttribute(&'static str),
    /// An attribute with another value than it may have.
    #[error("attribute `{name}` cannot be `{value}`")]
    BadAttribute {
        /// The attribute.
        name: &'static str,
        /// Its value.
        value: String,
    },
}

/// An element of the standard's namespace.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Element<'a, 'input> {
    node: Node<'a, 'input>,
}

/// Parses a document and checks its limits.
pub(crate) fn parse<'input>(
    text: &'input str,
    limits: &Limits,
) -> Result<Document<'input>, XmlError> {
    let at_start = |reason| At { line: 1, column: 1, reason };
    if text.len() > limits.bytes {
        return Err(at_start(XmlFlaw::TooLarge(limits.bytes)));
    }
    check_tags(text, limits).map_err(at_start)?;
    let options =
        ParsingOptions { allow_dtd: false, nodes_limit: limits.nodes, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|error| {
        let place = error.pos();
        At { line: place.row, column: place.col, reason: XmlFlaw::NotWellFormed(described(&error)) }
    })
}

impl<'a, 'input> Element<'a, 'input> {
    /// The root, which must have one of the names.
    pub(crate) fn root(document: &'a Document<'input>) -> Self {
        Self { node: document.root_element() }
    }

    /// The local name.
    pub(crate) fn name(self) -> &'a str {
        self.node.tag_name().name()
    }

    /// Something wrong here.
    pub(crate) fn at<Reason>(self, reason: Reason) -> At<Reason> {
        self.at_offset(self.node.range().start, reason)
    }

    fn at_offset<Reason>(self, offset: usize, reason: Reason) -> At<Reason> {
        let place = self.node.document().text_pos_at(offset);
        At { line: place.row, column: place.col, reason }
    }

    /// Something wrong with an attribute.
    pub(crate) fn at_attribute<Reason>(self, name: &str, reason: Reason) -> At<Reason> {
        match self.node.attribute_node(name) {
            Some(attribute) => self.at_offset(attribute.range().start, reason),
            None => self.at(reason),
        }
    }

    /// Refuses this element.
    pub(crate) fn unexpected(self) -> XmlError {
        self.at(XmlFlaw::UnexpectedElement(self.name().to_owned()))
    }

    /// Refuses an element that has another name or namespace.
    pub(crate) fn expect(self, name: &str) -> Result<(), XmlError> {
        let expected = self.name() == name && self.node.tag_name().namespace() == Some(NAMESPACE);
        if expected { Ok(()) } else { Err(self.unexpected()) }
    }

    /// The child elements; other namespaces and stray text are refused.
    pub(crate) fn children(self) -> Result<Vec<Self>, XmlError> {
        let mut children = Vec::new();
        for node in self.node.children() {
            if node.is_text() && node.text().is_some_and(|text| !text.trim().is_empty()) {
                return Err(
                    Self { node: self.node }.at_offset(node.range().start, XmlFlaw::UnexpectedText)
                );
            }
            if node.is_element() {
                let child = Self { node };
                if node.tag_name().namespace() != Some(NAMESPACE) {
                    return Err(child.unexpected());
                }
                children.push(child);
            }
        }
        Ok(children)
    }

    /// The text, of which the element must consist.
    pub(crate) fn text(self) -> Result<String, XmlError> {
        let mut text = String::new();
        for node in self.node.children() {
            if node.is_element() {
                return Err(Self { node }.unexpected());
            }
            if node.is_text() {
                text.push_str(node.text().unwrap_or_default());
            }
        }
        Ok(text)
    }

    /// What is inside the element as a document of its own: one element, which may have any name, with
    /// comments and processing instructions around it. None if there is nothing.
    pub(crate) fn document(self) -> Result<Option<String>, XmlError> {
        let mut root = None;
        for node in self.node.children() {
            if node.is_text() && node.text().is_some_and(|text| !text.trim().is_empty()) {
                return Err(self.at_offset(node.range().start, XmlFlaw::UnexpectedText));
            }
            if node.is_element() && root.replace(node).is_some() {
                return Err(Self { node }.unexpected());
            }
        }
        let (Some(root), Some(first), Some(last)) =
            (root, self.node.first_child(), self.node.last_child())
        else {
            return Ok(None);
        };
        let source = |range| self.node.document().input_text().get(range).unwrap_or_default();
        let element = source(root.range());
        let name = element.find([' ', '\t', '\r', '\n', '/', '>']).unwrap_or(element.len());
        let (opening, rest) = element.split_at_checked(name).unwrap_or((element, ""));
        let declarations = self.declarations_missing_in(element);
        let before = source(first.range().start..root.range().start);
        let after = source(root.range().end..last.range().end);
        Ok(Some(format!("{before}{opening}{declarations}{rest}{after}").trim().to_owned()))
    }

    /// The declarations of all namespaces in scope here that the start tag of a child lacks.
    fn declarations_missing_in(self, child: &str) -> String {
        let (tag, _) = start_tag(child);
        let own = attribute_names(tag);
        let declared = |namespace: &roxmltree::Namespace<'_>| {
            let attribute = match namespace.name() {
                Some("xml") => return None,
                Some(prefix) => format!("xmlns:{prefix}"),
                None => "xmlns".to_owned(),
            };
            let uri = namespace.uri().replace('&', "&amp;").replace('<', "&lt;");
            let uri = uri.replace('"', "&quot;");
            (!own.contains(&attribute)).then(|| format!(" {attribute}=\"{uri}\""))
        };
        self.node.namespaces().filter_map(declared).collect()
    }

    /// The prefixes in scope and the namespaces they stand for.
    pub(crate) fn prefixes(self) -> Vec<(String, String)> {
        let named = |namespace: &roxmltree::Namespace<'_>| {
            Some((namespace.name()?.to_owned(), namespace.uri().to_owned()))
        };
        self.node.namespaces().filter_map(named).collect()
    }

    /// An attribute without namespace.
    pub(crate) fn attribute(self, name: &str) -> Option<&'a str> {
        self.node.attribute(name)
    }

    /// `xml:id`.
    pub(crate) fn xml_id(self) -> Option<&'a str> {
        self.node.attribute(("http://www.w3.org/XML/1998/namespace", "id"))
    }

    /// An attribute that has to be there.
    pub(crate) fn required(self, name: &'static str) -> Result<&'a str, XmlError> {
        self.attribute(name).ok_or_else(|| self.at(XmlFlaw::MissingAttribute(name)))
    }

    /// An attribute that is true or false.
    pub(crate) fn boolean(self, name: &'static str) -> Result<Option<bool>, XmlError> {
        match self.attribute(name).map(str::trim) {
            None => Ok(None),
            Some("true" | "1") => Ok(Some(true)),
            Some("false" | "0") => Ok(Some(false)),
            Some(_) => Err(self.bad_attribute(name)),
        }
    }

    /// Refuses the value of an attribute.
    pub(crate) fn bad_attribute(self, name: &'static str) -> XmlError {
        let value = self.attribute(name).unwrap_or_default().to_owned();
        self.at_attribute(name, XmlFlaw::BadAttribute { name, value })
    }

    /// An attribute that parses.
    pub(crate) fn parsed<T: std::str::FromStr>(
        self,
        name: &'static str,
    ) -> Result<Option<T>, XmlError> {
        self.attribute(name)
            .map(|text| text.trim().parse().map_err(|_| self.bad_attribute(name)))
            .transpose()
    }
}

/// Looks for tags nested too deeply or with too many attributes before the text is parsed, so that
/// no parser has to survive them: the time one takes may grow with the square of the attributes.
fn check_tags(text: &str, limits: &Limits) -> Result<(), XmlFlaw> {
    let mut depth = 0_usize;
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('<') {
        rest = after;
        if let Some(comment) = after.strip_prefix("!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
        } else if let Some(data) = after.strip_prefix("![CDATA[") {
            rest = data.split_once("]]>").map_or("", |(_, after)| after);
        } else if let Some(instruction) = after.strip_prefix('?') {
            rest = instruction.split_once("?>").map_or("", |(_, after)| after);
        } else if after.starts_with('/') {
            depth = depth.saturating_sub(1);
        } else if !after.starts_with('!') {
            let (tag, attributes) = start_tag(after);
            rest = after.get(tag.len()..).unwrap_or_default();
            if depth >= limits.depth {
                return Err(XmlFlaw::TooDeep(limits.depth));
            }
            if attributes > MAX_ATTRIBUTES {
                return Err(XmlFlaw::TooManyAttributes(MAX_ATTRIBUTES));
            }
            if !tag.ends_with('/') {
                depth += 1;
            }
        }
    }
    Ok(())
}

/// A start tag up to the first `>` outside of quotes, and the number of its quoted texts.
fn start_tag(text: &str) -> (&str, usize) {
    let (mut quote, mut quoted) = (None, 0);
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (None, '>') => return (text.get(..at).unwrap_or_default(), quoted),
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), closing) if open == closing => {
                quote = None;
                quoted += 1;
            }
            _ => {}
        }
    }
    (text, quoted)
}

/// The names of the attributes in a start tag.
fn attribute_names(tag: &str) -> Vec<String> {
    let (mut quote, mut names) = (None, String::new());
    for character in tag.chars() {
        match quote {
            Some(open) if open == character => quote = None,
            Some(_) => {}
            None => match character {
                '"' | '\'' => {
                    quote = Some(character);
                    names.push(' ');
                }
                '=' => names.push(' '),
                other => names.push(other),
            },
        }
    }
    names.split_ascii_whitespace().map(str::to_owned).collect()
}

/// The parser's words without the place it appends, in the house style.
fn described(error: &roxmltree::Error) -> String {
    if matches!(error, roxmltree::Error::DtdDetected) {
        return "document type declarations are not read".to_owned();
    }
    let text = error.to_string();
    let text = text.split(" at ").next().unwrap_or_default();
    text.replace('\'', "`").trim_end_matches('.').to_owned()
}
