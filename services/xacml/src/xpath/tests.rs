use super::*;

fn select(path: &str, content: &str) -> Result<Value, String> {
    let path = XPath::new(path, vec![("m".to_owned(), "urn:m".to_owned())])
        .map_err(|flaw| flaw.to_string())?;
    let content = Content::parse(content)?;
    path.evaluate(&content, None, Some(10_000_000)).map_err(|error| error.to_string())
}

fn count(path: &str, content: &str) -> usize {
    select(path, content).expect("nodes").nodes().expect("nodes").len()
}

#[test]
fn prefixes_are_those_of_the_expression_not_of_the_content() {
    let content = "<x:r xmlns:x=\"urn:m\" xmlns:m=\"urn:other\"><x:a/><m:a/><a/></x:r>";
    assert_eq!(count("//m:a", content), 1);
    assert_eq!(count("//a", content), 1);
    let flaw = select("//x:a", content).expect_err("no such prefix");
    assert!(flaw.contains("`//x:a` is not an XPath expression"), "{flaw}");
}

#[test]
fn comparisons_of_nodes_hold_if_they_hold_for_any_node() {
    let content = "<r><a>1</a><a>2</a></r>";
    for (path, expected) in [
        ("//a = 2", true),
        ("//a != 2", true),
        ("//a > 1", true),
        ("//a > 2", false),
        ("//missing != 2", false),
        ("not(//a = 3)", true),
    ] {
        assert_eq!(select(path, content), Ok(Value::Boolean(expected)), "{path}");
    }
}

#[test]
fn what_is_no_expression_or_has_no_meaning_is_refused() {
    for path in ["", "//", "a[", "unknown()", "$variable", "count()", "q:a"] {
        assert!(XPath::new(path, Vec::new()).is_err(), "{path}");
    }
}

#[test]
fn expressions_are_limited_in_length_depth_and_operators() {
    let at = |path: String| XPath::new(&path, Vec::new()).map(|_| ()).map_err(|flaw| flaw.reason);
    assert_eq!(at("(".repeat(10) + "1" + &")".repeat(10)), Ok(()));
    assert!(at("(".repeat(100) + "1" + &")".repeat(100)).is_err());
    assert!(at("1".to_owned() + &"+1".repeat(10)).is_ok());
    assert!(at("1".to_owned() + &"+1".repeat(1_000)).is_err());
    assert!(at(format!("'{}'", "x".repeat(MAX_PATH))).is_err());
}

#[test]
fn content_without_a_single_root_or_with_a_document_type_is_refused() {
    for content in [
        "",
        "text",
        "<a/><b/>",
        "<a>",
        "<!DOCTYPE a [<!ENTITY e \"x\">]><a>&e;</a>",
        "<a>&undeclared;</a>",
    ] {
        assert!(Content::parse(content).is_err(), "{content}");
    }
    assert!(Content::parse("<!-- before --><a/><?after?>").is_ok());
}

#[test]
fn a_node_is_within_itself_and_what_is_above_it() {
    let content = Content::parse("<r><a b=\"1\"><c/></a></r>").expect("content");
    let node = |path: &str| {
        let path = XPath::new(path, Vec::new()).expect("a path");
        path.evaluate(&content, None, None).expect("a node").nodes().expect("nodes")[0]
    };
    for (inner, outer, expected) in [
        ("//a", "//a", true),
        ("//c", "//a", true),
        ("//a/@b", "//a", true),
        ("//c", "/", true),
        ("//a", "//c", false),
        ("//a/@b", "//c", false),
    ] {
        assert_eq!(content.is_within(node(inner), node(outer)), expected, "{inner} in {outer}");
    }
}

#[test]
fn two_expressions_are_the_same_by_text_and_namespaces() {
    let path =
        |text, uri: &str| XPath::new(text, vec![("m".to_owned(), uri.to_owned())]).expect("a path");
    assert_eq!(path("//m:a", "urn:m"), path(" //m:a\n", "urn:m"));
    assert_ne!(path("//m:a", "urn:m"), path("//m:a", "urn:n"));
    assert_ne!(path("//m:a", "urn:m"), path("//m:b", "urn:m"));
}

/// What is known to take long, and what only looks like it.
#[test]
fn the_most_work_an_expression_can_be_is_told_before_it_is_done() {
    let items = "<m:item xmlns:m=\"urn:m\" type=\"a\"><m:name>x</m:name></m:item>".repeat(1_000);
    let content = Content::parse(&format!("<r>{items}</r>")).expect("content");
    let bound = |path: &str| {
        let path = XPath::new(path, vec![("m".to_owned(), "urn:m".to_owned())]);
        path.expect("a path").bound(&content)
    };
    for path in [
        "/r/m:item",
        "//m:item/m:name/text()",
        "//m:item[@type='a']",
        "//m:item[@type='a' and not(@other)]/m:name",
        "//m:item[m:name]",
        "count(//m:item) > 3",
    ] {
        assert!(bound(path) < 400_000, "{path}: {}", bound(path));
    }
    for path in [
        "//*[//*]",
        "//*[//*[//*]]",
        "//*[following::*]",
        "//m:item[preceding-sibling::*]",
        "//*[translate(string(/), 'a', 'b') = 'x']",
        "//*[count(../*) > 3]",
        "id(string(/))",
    ] {
        assert!(bound(path) > 500_000, "{path}: {}", bound(path));
    }
    assert!(bound(&format!("//*[1{}]", "+1".repeat(100))) > bound("//*[1]") * 20);
}
