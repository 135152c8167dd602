//! Selectors and functions on nodes.

use super::*;
use crate::{RequestDocument, XPath, XPathExpression};

const RECORD: &str = "<m:record xmlns:m=\"urn:m\"><m:patient id=\"7\"><m:name>Bart</m:name>\
    <m:age>10</m:age></m:patient><m:item>one</m:item><m:item>two</m:item></m:record>";
const CONTEXT: &str = "urn:oasis:names:tc:xacml:3.0:content-selector";

fn with_content(content: &str) -> Request {
    let mut request = Request::new().with(ids::RESOURCE, ids::RESOURCE_ID, "r");
    request.categories[0].content = Some(content.into());
    request
}

fn path(text: &str) -> XPath {
    XPath::new(text, vec![("m".to_owned(), "urn:m".to_owned())]).expect("a path")
}

fn selector(data_type: &str, path: &str, rest: &str) -> String {
    format!(
        "<AttributeSelector xmlns:m=\"urn:m\" Category=\"{}\" DataType=\"http://www.w3.org/2001/XMLSchema#{data_type}\" Path=\"{path}\" {rest}/>",
        ids::RESOURCE
    )
}

fn optional(data_type: &str, path: &str) -> String {
    selector(data_type, path, "MustBePresent=\"false\"")
}

fn xpath(category: &str, path: &str) -> String {
    format!(
        "<AttributeValue xmlns:m=\"urn:m\" DataType=\"urn:oasis:names:tc:xacml:3.0:data-type:xpathExpression\" XPathCategory=\"{category}\">{path}</AttributeValue>"
    )
}

fn on_nodes(function: &str, left: &str, right: &str) -> String {
    let paths = xpath(ids::RESOURCE, left) + &xpath(ids::RESOURCE, right);
    apply(&format!("xpath-node-{function}"), &paths)
}

fn condition(expression: &str, request: &Request) -> Evaluation {
    let rule = rule("Permit", &format!("<Condition>{expression}</Condition>"));
    evaluate(&policy("deny-overrides", &format!("<Target/>{rule}")), request)
}

/// The number of values a selector gives, or the status of its error.
fn size(data_type: &str, selector: &str, request: &Request) -> Result<usize, Status> {
    for size in 0..5 {
        let bag = apply(&format!("{data_type}-bag-size"), selector);
        let expression = apply("integer-equal", &(bag + &value("integer", &size.to_string())));
        let evaluation = condition(&expression, request);
        match evaluation.decision {
            Decision::Permit => return Ok(size),
            Decision::Indeterminate => return Err(evaluation.status),
            Decision::NotApplicable | Decision::Deny => {}
        }
    }
    panic!("a larger bag");
}

fn code(result: Result<usize, Status>) -> StatusCode {
    result.expect_err("an error").code
}

#[test]
fn a_selector_gives_the_texts_of_the_nodes_as_values() {
    let request = with_content(RECORD);
    for (data_type, path, literal) in [
        ("string", "//m:name/text()", "Bart"),
        ("string", "/m:record/m:patient/m:name", "Bart"),
        ("integer", "//m:age", "10"),
        ("integer", "//m:patient/@id", "7"),
        ("double", "//m:age", "10"),
        ("string", "string(//m:name)", "Bart"),
        ("boolean", "count(//m:item) = 2", "true"),
        ("integer", "count(//m:item)", "2"),
        ("double", "count(//m:item) div 4", "0.5"),
        ("string", "m:record/m:item[2]", "two"),
    ] {
        let arguments = value(data_type, literal) + &optional(data_type, path);
        let evaluation = condition(&apply(&format!("{data_type}-is-in"), &arguments), &request);
        assert_eq!(evaluation.decision, Decision::Permit, "{path}: {:?}", evaluation.status);
    }
    assert_eq!(size("string", &optional("string", "//m:item"), &request), Ok(2));
}

#[test]
fn a_selector_without_nodes_or_content_is_an_empty_bag_unless_it_must_be_present() {
    let nowhere = selector("string", "//m:nothing", "MustBePresent=\"true\"");
    for request in [with_content(RECORD), Request::new()] {
        assert_eq!(size("string", &optional("string", "//m:nothing"), &request), Ok(0));
        let status = size("string", &nowhere, &request).expect_err("a missing attribute");
        assert_eq!(status.code, StatusCode::MissingAttribute);
        assert!(status.message.expect("a message").contains("//m:nothing"));
    }
}

#[test]
fn what_cannot_be_read_or_converted_is_a_syntax_error() {
    let text = optional("integer", "//m:name");
    assert_eq!(code(size("integer", &text, &with_content(RECORD))), StatusCode::SyntaxError);
    let truth = optional("string", "1 = 1");
    assert_eq!(code(size("string", &truth, &with_content(RECORD))), StatusCode::SyntaxError);
    let nothing = optional("integer", "0 div 0");
    assert_eq!(code(size("integer", &nothing, &with_content(RECORD))), StatusCode::SyntaxError);
    let broken = with_content("{\"not\": \"XML\"}");
    let names = optional("string", "//m:name");
    assert_eq!(code(size("string", &names, &broken)), StatusCode::SyntaxError);
}

#[test]
fn a_match_compares_with_every_node() {
    let with = |path: &str, literal: &str| {
        let matched = format!(
            "<Match MatchId=\"urn:oasis:names:tc:xacml:1.0:function:string-equal\">{}{}</Match>",
            value("string", literal),
            optional("string", path)
        );
        let target = target(&[&[&[matched]]]);
        evaluate(&policy("deny-overrides", &(target + &rule("Permit", ""))), &with_content(RECORD))
            .decision
    };
    assert_eq!(with("//m:item", "two"), Decision::Permit);
    assert_eq!(with("//m:item", "three"), Decision::NotApplicable);
}

#[test]
fn a_context_selector_says_where_the_way_begins() {
    let selector = |path| {
        let rest = format!("MustBePresent=\"false\" ContextSelectorId=\"{CONTEXT}\"");
        selector("string", path, &rest)
    };
    let at = |category: &str, context: &str| {
        let expression = XPathExpression { category: category.to_owned(), path: path(context) };
        with_content(RECORD).with(ids::RESOURCE, CONTEXT, expression)
    };
    let patient = at(ids::RESOURCE, "/m:record/m:patient");
    assert_eq!(size("string", &selector("m:name"), &patient), Ok(1));
    assert_eq!(size("string", &selector("m:item"), &patient), Ok(0));
    assert_eq!(size("string", &selector("//m:item"), &patient), Ok(2));
    // Without the attribute there is nowhere to begin.
    assert_eq!(size("string", &selector("m:name"), &with_content(RECORD)), Ok(0));
    for request in [
        at(ids::RESOURCE, "//m:item"),
        at(ids::RESOURCE, "//m:nothing"),
        at(ids::RESOURCE, "1"),
        at(ids::ACTION, "/m:record"),
    ] {
        assert_eq!(code(size("string", &selector("m:name"), &request)), StatusCode::SyntaxError);
    }
}

#[test]
fn nodes_are_counted_and_compared_by_what_they_are_not_by_what_they_say() {
    let request = with_content(&RECORD.replace("two", "one"));
    let holds = |expression: &str| condition(expression, &request).decision == Decision::Permit;
    for (function, left, right, expected) in [
        ("equal", "//m:item[1]", "//m:item", true),
        ("equal", "//m:item[1]", "//m:item[2]", false),
        ("equal", "//m:patient", "//m:name", false),
        ("equal", "//m:nothing", "//m:name", false),
        ("match", "//m:item[1]", "//m:item", true),
        ("match", "//m:patient", "//m:name", true),
        ("match", "//m:patient", "//m:patient/@id", true),
        ("match", "//m:name", "//m:patient", false),
        ("match", "//m:patient", "//m:item", false),
    ] {
        assert_eq!(holds(&on_nodes(function, left, right)), expected, "{function} {left} {right}");
    }
    let counted = |category: &str, path: &str, count: &str| {
        let counted = apply("xpath-node-count", &xpath(category, path));
        holds(&apply("integer-equal", &(counted + &value("integer", count))))
    };
    assert!(counted(ids::RESOURCE, "//m:item", "2"));
    assert!(counted(ids::RESOURCE, "//m:nothing", "0"));
    assert!(counted("no-such-category", "//m:item", "0"));
    assert!(!counted(ids::RESOURCE, "//m:item", "1"));
    let text = apply("xpath-node-count", &xpath(ids::RESOURCE, "'text'"));
    let evaluation = condition(&apply("integer-equal", &(text + &value("integer", "0"))), &request);
    assert_eq!(evaluation.status.code, StatusCode::SyntaxError);
}

#[test]
fn nodes_of_two_categories_are_never_the_same() {
    let mut request = with_content(RECORD).with(ids::ACTION, "a", "read");
    request.categories[1].content = Some(RECORD.into());
    let paths = xpath(ids::RESOURCE, "//m:name") + &xpath(ids::ACTION, "//m:name");
    for function in ["xpath-node-equal", "xpath-node-match"] {
        let evaluation = condition(&apply(function, &paths), &request);
        assert_eq!(evaluation.decision, Decision::NotApplicable, "{function}");
    }
}

#[test]
fn an_expression_that_takes_too_long_ends_the_evaluation() {
    let many = format!("<r>{}</r>", "<a><b/></a>".repeat(3_000));
    let expression = optional("boolean", "//*[//*[//*[//*]]]");
    let expression = apply("boolean-one-and-only", &expression);
    let rule = rule("Permit", &format!("<Condition>{expression}</Condition>"));
    let tree = parse(&policy("deny-overrides", &format!("<Target/>{rule}")), Mode::Strict);
    let evaluation = evaluator().with_steps(50_000).evaluate(&tree, &with_content(&many));
    assert_eq!(evaluation.decision, Decision::Indeterminate);
    assert_eq!(evaluation.status.message.as_deref(), Some("the evaluation took too many steps"));
}

#[test]
fn content_sent_as_xml_keeps_the_namespaces_around_it() {
    let read = |content: &str| {
        let text = format!(
            "<Request {NAMESPACE} xmlns:m=\"urn:m\" ReturnPolicyIdList=\"false\" CombinedDecision=\"false\"><Attributes Category=\"{}\">{content}</Attributes></Request>",
            ids::RESOURCE
        );
        let document = RequestDocument::from_xml(&text, &Limits::default())?;
        let requests = document.individual_requests(&Limits::default())?;
        Ok::<_, crate::RequestError>(requests.into_iter().flatten().next().expect("a request"))
    };
    let names = |content: &str| {
        let request = read(content).expect(content);
        size("string", &optional("string", "/m:r/m:name[text()]"), &request)
    };
    assert_eq!(names("<Content><m:r><m:name>x</m:name></m:r></Content>"), Ok(1));
    assert_eq!(
        names("<Content><!-- a --><m:r a='>'><m:name>x</m:name></m:r><?p?></Content>"),
        Ok(1)
    );
    let own = "<Content><m:r\n xmlns:m = \"urn:m\"><m:name>x</m:name></m:r></Content>";
    assert_eq!(names(own), Ok(1));
    assert_eq!(names(&own.replace("urn:m", "urn:n")), Ok(0));
    assert_eq!(names("<Content xmlns:m=\"urn:n\"><m:r><m:name>x</m:name></m:r></Content>"), Ok(0));
    let around =
        "<x:Content xmlns:x=\"urn:oasis:names:tc:xacml:3.0:core:schema:wd-17\" xmlns=\"urn:m\">";
    assert_eq!(names(&format!("{around}<r><name>x</name></r></x:Content>")), Ok(1));
    assert_eq!(names("<Content> </Content>"), Ok(0));
    assert!(read("<Content>text</Content>").is_err());
    assert!(read("<Content><a/><b/></Content>").is_err());
}
