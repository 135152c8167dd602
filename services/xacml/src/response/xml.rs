//! Responses in XML.

use super::{
    Assignment, DecisionResult, MissingAttribute, Notice, PolicyIdentifier, Response, Status,
};
use crate::ids::NAMESPACE;
use crate::model::ReferenceKind;
use crate::request::AttributeCategory;
use crate::value::Value;

impl Response {
    /// The response as an XML document.
    #[must_use]
    pub fn to_xml(&self) -> String {
        let mut out = Writer { text: String::with_capacity(USUAL_BYTES) };
        out.text.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        out.within("Response", &[("xmlns", Some(NAMESPACE))], |out| {
            for result in &self.results {
                out.within("Result", &[], |out| write_result(out, result));
            }
        });
        out.text
    }
}

/// Room for a decision without obligations, so that the text does not grow in steps.
const USUAL_BYTES: usize = 512;

/// XML being written.
struct Writer {
    text: String,
}

impl Writer {
    fn within(
        &mut self,
        name: &str,
        attributes: &[(&str, Option<&str>)],
        content: impl FnOnce(&mut Self),
    ) {
        self.text.push('<');
        self.text.push_str(name);
        for (key, value) in attributes {
            if let Some(value) = value {
                self.text.push(' ');
                self.text.push_str(key);
                self.text.push_str("=\"");
                self.escaped(value);
                self.text.push('"');
            }
        }
        self.text.push('>');
        content(self);
        self.text.push_str("</");
        self.text.push_str(name);
        self.text.push('>');
    }

    fn escaped(&mut self, text: &str) {
        let mut rest = text;
        while let Some(place) = rest.bytes().position(may_need_escape) {
            let (plain, after) = rest.split_at_checked(place).unwrap_or((rest, ""));
            self.text.push_str(plain);
            let mut characters = after.chars();
            if let Some(character) = characters.next() {
                self.escape(character);
            }
            rest = characters.as_str();
        }
        self.text.push_str(rest);
    }

    fn escape(&mut self, character: char) {
        match character {
            '<' => self.text.push_str("&lt;"),
            '>' => self.text.push_str("&gt;"),
            '&' => self.text.push_str("&amp;"),
            '"' => self.text.push_str("&quot;"),
            '\t' => self.text.push_str("&#9;"),
            '\n' => self.text.push_str("&#10;"),
            '\r' => self.text.push_str("&#13;"),
            // What XML cannot carry is shown as the replacement character.
            '\u{0}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => self.text.push('\u{fffd}'),
            other => self.text.push(other),
        }
    }

    fn element(&mut self, name: &str, attributes: &[(&str, Option<&str>)], text: &str) {
        self.within(name, attributes, |out| out.escaped(text));
    }

    fn value(&mut self, name: &str, attributes: &[(&str, Option<&str>)], value: &Value) {
        let mut all = vec![("DataType", Some(value.data_type().id()))];
        all.extend_from_slice(attributes);
        let mut declarations = Vec::new();
        if let Value::XPathExpression(expression) = value {
            all.push(("XPathCategory", Some(&expression.category)));
            for (prefix, uri) in expression.path.namespaces() {
                declarations.push((format!("xmlns:{prefix}"), uri.as_str()));
            }
        }
        all.extend(declarations.iter().map(|(name, uri)| (name.as_str(), Some(*uri))));
        self.within(name, &all, |out| match value.text() {
            Some(text) => out.escaped(text),
            None => out.escaped(&value.to_string()),
        });
    }
}

/// Whether a character that begins with a byte may be one that is not written as it is; `\u{fffe}`
/// and `\u{ffff}` begin with 0xef.
const fn may_need_escape(byte: u8) -> bool {
    matches!(byte, 0..=0x1f | b'<' | b'>' | b'&' | b'"' | 0xef)
}

fn write_result(out: &mut Writer, result: &DecisionResult) {
    out.element("Decision", &[], result.decision.name());
    write_status(out, &result.status);
    if !result.obligations.is_empty() {
        out.within("Obligations", &[], |out| {
            for notice in &result.obligations {
                write_notice(out, "Obligation", "ObligationId", notice);
            }
        });
    }
    if !result.advice.is_empty() {
        out.within("AssociatedAdvice", &[], |out| {
            for notice in &result.advice {
                write_notice(out, "Advice", "AdviceId", notice);
            }
        });
    }
    for category in &result.attributes {
        write_category(out, category);
    }
    if !result.policies.is_empty() {
        out.within("PolicyIdentifierList", &[], |out| {
            for policy in &result.policies {
                write_identifier(out, policy);
            }
        });
    }
}

fn write_status(out: &mut Writer, status: &Status) {
    out.within("Status", &[], |out| {
        out.within("StatusCode", &[("Value", Some(status.code.id()))], |_| {});
        if let Some(message) = &status.message {
            out.element("StatusMessage", &[], message);
        }
        if !status.missing.is_empty() {
            out.within("StatusDetail", &[], |out| {
                for missing in &status.missing {
                    write_missing(out, missing);
                }
            });
        }
    });
}

fn write_missing(out: &mut Writer, missing: &MissingAttribute) {
    let attributes = [
        ("Category", Some(missing.category.as_str())),
        ("AttributeId", Some(missing.id.as_str())),
        ("DataType", Some(missing.data_type.id())),
        ("Issuer", missing.issuer.as_deref()),
    ];
    out.within("MissingAttributeDetail", &attributes, |_| {});
}

fn write_notice(out: &mut Writer, name: &str, id: &str, notice: &Notice) {
    out.within(name, &[(id, Some(&notice.id))], |out| {
        for assignment in &notice.assignments {
            write_assignment(out, assignment);
        }
    });
}

fn write_assignment(out: &mut Writer, assignment: &Assignment) {
    let attributes = [
        ("AttributeId", Some(assignment.attribute_id.as_str())),
        ("Category", assignment.category.as_deref()),
        ("Issuer", assignment.issuer.as_deref()),
    ];
    out.value("AttributeAssignment", &attributes, &assignment.value);
}

fn write_category(out: &mut Writer, category: &AttributeCategory) {
    let attributes =
        [("Category", Some(category.category.as_str())), ("xml:id", category.id.as_deref())];
    out.within("Attributes", &attributes, |out| {
        for attribute in &category.attributes {
            let include = if attribute.include_in_result { "true" } else { "false" };
            let attributes = [
                ("AttributeId", Some(attribute.id.as_str())),
                ("IncludeInResult", Some(include)),
                ("Issuer", attribute.issuer.as_deref()),
            ];
            out.within("Attribute", &attributes, |out| {
                for value in &attribute.values {
                    out.value("AttributeValue", &[], value);
                }
            });
        }
    });
}

fn write_identifier(out: &mut Writer, policy: &PolicyIdentifier) {
    let name = match policy.kind {
        ReferenceKind::Policy => "PolicyIdReference",
        ReferenceKind::PolicySet => "PolicySetIdReference",
    };
    out.element(name, &[("Version", Some(&policy.version))], &policy.id);
}
