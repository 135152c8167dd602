//! Whether two responses say the same: decisions, status codes, obligations, advice and attributes.

use roxmltree::{Document, Node};

/// Compares two responses; the error shows both.
pub fn same(found: &str, expected: &str) -> Result<(), String> {
    let (found, expected) = (described(found), described(expected));
    if found == expected {
        Ok(())
    } else {
        Err(format!("\n  found {found}\n  expected {expected}"))
    }
}

fn described(text: &str) -> String {
    let document = Document::parse(text).expect("a response");
    element(document.root_element())
}

/// An element as text, without what responses may differ in: messages, details, order of
/// attributes.
fn element(node: Node<'_, '_>) -> String {
    let mut attributes: Vec<_> = node
        .attributes()
        .filter(|attribute| attribute.name() != "schemaLocation")
        .map(|attribute| format!(" {}={}", attribute.name(), attribute.value()))
        .collect();
    attributes.sort();
    let children: Vec<_> = node
        .children()
        .filter(Node::is_element)
        .filter(|child| !["StatusMessage", "StatusDetail"].contains(&child.tag_name().name()))
        .map(element)
        .collect();
    let text = if children.is_empty() { node.text().unwrap_or_default() } else { "" };
    let name = node.tag_name().name();
    format!("<{name}{}>{}{}</{name}>", attributes.concat(), text.trim(), children.concat())
}
