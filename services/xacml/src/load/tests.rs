use super::*;
use crate::functions::Type;
use crate::model::CombiningAlgorithm;
use crate::value::DataType;
use crate::xml::XmlFlaw;

const DESIGNATOR: &str = r#"<AttributeDesignator Category="c" AttributeId="a" MustBePresent="false" DataType="http://www.w3.org/2001/XMLSchema#string"/>"#;

/// A policy whose content starts on the second line, in the first column.
fn policy(content: &str) -> String {
    format!(
        "<Policy xmlns=\"urn:oasis:names:tc:xacml:3.0:core:schema:wd-17\" PolicyId=\"p\" Version=\"1.0\" RuleCombiningAlgId=\"urn:oasis:names:tc:xacml:3.0:rule-combining-algorithm:deny-overrides\">\n{content}</Policy>"
    )
}

fn rule(content: &str) -> String {
    policy(&format!("<Target/><Rule RuleId=\"r\" Effect=\"Permit\">\n{content}</Rule>"))
}

fn condition(expression: &str) -> String {
    rule(&format!("<Condition>\n{expression}</Condition>"))
}

fn value(data_type: &str, text: &str) -> String {
    format!(
        "<AttributeValue DataType=\"http://www.w3.org/2001/XMLSchema#{data_type}\">{text}</AttributeValue>"
    )
}

fn apply(function: &str, arguments: &str) -> String {
    format!(
        "<Apply FunctionId=\"urn:oasis:names:tc:xacml:1.0:function:{function}\">{arguments}</Apply>"
    )
}

fn load(text: &str, mode: Mode) -> Result<ParsedPolicy, PolicyError> {
    PolicyTree::parse(text, mode, &Limits::default())
}

fn refused(text: &str) -> PolicyError {
    load(text, Mode::Strict).expect_err(text)
}

fn only(text: &str, mode: Mode) -> crate::model::Policy {
    match load(text, mode).expect("a policy").policy {
        PolicyTree::Policy(policy) => policy,
        PolicyTree::PolicySet(_) => panic!("a policy set"),
    }
}

#[test]
fn a_policy_is_read_with_all_its_parts() {
    let text = policy(&format!(
        "<Description> What it is. </Description><Target/>\
         <VariableDefinition VariableId=\"v\">{}</VariableDefinition>\
         <Rule RuleId=\"r\" Effect=\"Deny\"><Condition><VariableReference VariableId=\"v\"/></Condition></Rule>\
         <ObligationExpressions><ObligationExpression ObligationId=\"o\" FulfillOn=\"Permit\">\
         <AttributeAssignmentExpression AttributeId=\"level\">{}</AttributeAssignmentExpression>\
         </ObligationExpression></ObligationExpressions>\
         <AdviceExpressions><AdviceExpression AdviceId=\"a\" AppliesTo=\"Deny\"/></AdviceExpressions>",
        value("boolean", "true"),
        value("integer", "3"),
    ));
    let policy = only(&text, Mode::Strict);
    assert_eq!(policy.id, "p");
    assert_eq!(policy.description.as_deref(), Some("What it is."));
    assert_eq!(policy.algorithm, CombiningAlgorithm::DenyOverrides);
    assert_eq!(policy.variables.len(), 1);
    assert_eq!(policy.rules.len(), 1);
    assert_eq!(policy.notices.len(), 2);
    let obligations = PolicyTree::Policy(policy).literal_obligations(crate::Effect::Permit);
    assert_eq!(obligations.len(), 1);
    assert_eq!(obligations[0].assignments[0].value.to_string(), "3");
}

#[test]
fn what_is_wrong_is_told_with_line_column_and_reason() {
    for (text, message) in [
        (
            condition(&format!("<Apply\n FunctionId=\"urn:nope\">{DESIGNATOR}</Apply>")),
            "line 5, column 2: unknown function `urn:nope`",
        ),
        (
            condition(
                "<Apply FunctionId=\"urn:oasis:names:tc:xacml:3.0:function:access-permitted\"/>",
            ),
            "line 4, column 8: function `urn:oasis:names:tc:xacml:3.0:function:access-permitted` is not supported",
        ),
        (
            condition(&apply("string-equal", &value("string", "x"))),
            "line 4, column 1: function `string-equal` does not take 1 arguments",
        ),
        (
            condition(&apply("string-equal", &format!("\n{}\n{DESIGNATOR}", value("string", "x")))),
            "line 6, column 1: argument 2 of function `string-equal` is bag of string, not string",
        ),
        (
            condition(&value("integer", "3")),
            "line 4, column 1: a condition must be a boolean, not integer",
        ),
        (condition(&value("boolean", "yes")), "line 4, column 1: `yes` is not a valid boolean"),
        (
            condition("<AttributeValue DataType=\"urn:x\">x</AttributeValue>"),
            "line 4, column 17: unknown data type `urn:x`",
        ),
        (condition("<AttributeSelector/>"), "line 4, column 1: attribute `DataType` is missing"),
        (
            condition("<VariableReference VariableId=\"v\"/>"),
            "line 4, column 20: variable `v` is not defined",
        ),
        (rule("<Condition/>"), "line 3, column 1: element `Expression` is missing"),
        (rule("<Nonsense/>"), "line 3, column 1: unexpected element `Nonsense`"),
        (rule("nonsense"), "line 2, column 43: unexpected text"),
        (rule("<x:Target xmlns:x=\"urn:x\"/>"), "line 3, column 1: unexpected element `Target`"),
        (policy(""), "line 1, column 1: element `Target` is missing"),
        (
            policy("<Target/>\n<Rule Effect=\"Permit\"/>"),
            "line 3, column 1: attribute `RuleId` is missing",
        ),
        (
            policy("<Target/>\n<Rule RuleId=\"r\" Effect=\"Allow\"/>"),
            "line 3, column 18: attribute `Effect` cannot be `Allow`",
        ),
        (
            policy(
                "<Target/><Rule RuleId=\"r\" Effect=\"Deny\"/>\n<Rule RuleId=\"r\" Effect=\"Deny\"/>",
            ),
            "line 3, column 7: rule `r` occurs twice",
        ),
        (policy("<Target><AnyOf/></Target>"), "line 2, column 9: element `AllOf` is missing"),
    ] {
        assert_eq!(refused(&text).to_string(), message, "{text}");
    }
}

#[test]
fn text_that_is_no_policy_is_refused() {
    for text in ["", "<", "policy", "<Policy/>", "<Request/>", "<Policy>", "<a></b>"] {
        assert!(load(text, Mode::Strict).is_err(), "{text}");
    }
}

#[test]
fn document_type_declarations_are_refused() {
    let text = format!("<!DOCTYPE Policy [<!ENTITY a \"b\">]>{}", policy("<Target/>"));
    let error = refused(&text);
    assert_eq!(
        error.reason,
        PolicyFlaw::Xml(XmlFlaw::NotWellFormed(
            "document type declarations are not read".to_owned()
        ))
    );
}

#[test]
fn documents_beyond_the_limits_are_refused() {
    let text =
        policy("<Target/><Rule RuleId=\"1\" Effect=\"Deny\"/><Rule RuleId=\"2\" Effect=\"Deny\"/>");
    let with =
        |limits: Limits| PolicyTree::parse(&text, Mode::Strict, &limits).map_err(|e| e.reason);
    assert!(with(Limits::default()).is_ok());
    assert_eq!(
        with(Limits { bytes: 100, ..Limits::default() }),
        Err(PolicyFlaw::Xml(XmlFlaw::TooLarge(100)))
    );
    assert_eq!(
        with(Limits { depth: 1, ..Limits::default() }),
        Err(PolicyFlaw::Xml(XmlFlaw::TooDeep(1)))
    );
    assert_eq!(with(Limits { children: 2, ..Limits::default() }), Err(PolicyFlaw::TooMany(2)));
    assert!(with(Limits { nodes: 3, ..Limits::default() }).is_err());
}

#[test]
fn a_very_deep_document_is_refused_before_it_is_parsed() {
    let deep = "<a>".repeat(1_000_000);
    assert_eq!(refused(&deep).reason, PolicyFlaw::Xml(XmlFlaw::TooDeep(64)));
}

#[test]
fn an_element_with_very_many_attributes_is_refused_before_it_is_parsed() {
    let attributes: Vec<_> = (0..100).map(|at| format!(" a{at}='>'")).collect();
    let crowded =
        policy("<Target/>").replace("<Target/>", &format!("<Target{}/>", attributes.concat()));
    assert_eq!(refused(&crowded).reason, PolicyFlaw::Xml(XmlFlaw::TooManyAttributes(64)));
}

#[test]
fn the_alternatives_of_a_target_do_not_add_to_its_depth() {
    let matched = format!(
        "<AllOf><Match MatchId=\"urn:oasis:names:tc:xacml:1.0:function:string-equal\">{}{DESIGNATOR}</Match></AllOf>",
        value("string", "a &gt; b"),
    );
    let target = format!("<Target><AnyOf>{}</AnyOf></Target>", matched.repeat(200));
    let commented = format!("<!-- <a> --><Description><![CDATA[<b>]]></Description>{target}");
    assert_eq!(only(&policy(&commented), Mode::Strict).target.matches().count(), 200);
}

#[test]
fn variables_may_be_defined_after_their_use_but_not_by_themselves() {
    let defined = policy(&format!(
        "<Target/><VariableDefinition VariableId=\"a\">{}</VariableDefinition>\
         <VariableDefinition VariableId=\"b\">{}</VariableDefinition>",
        apply("not", "<VariableReference VariableId=\"b\"/>"),
        value("boolean", "true"),
    ));
    let ids: Vec<_> =
        only(&defined, Mode::Strict).variables.into_iter().map(|variable| variable.id).collect();
    assert_eq!(ids, ["b", "a"]);

    let circular = policy(&format!(
        "<Target/><VariableDefinition VariableId=\"a\">{}</VariableDefinition>\
         <VariableDefinition VariableId=\"b\">{}</VariableDefinition>",
        apply("not", "<VariableReference VariableId=\"b\"/>"),
        apply("not", "<VariableReference VariableId=\"a\"/>"),
    ));
    assert_eq!(refused(&circular).reason, PolicyFlaw::CircularVariable("a".to_owned()));

    let twice = "<VariableDefinition VariableId=\"a\"/>".repeat(2);
    let twice = policy(&format!("<Target/>{twice}"));
    assert!(matches!(refused(&twice).reason, PolicyFlaw::Duplicate { .. }));
}

/// A chain of variables, each the negation of the next, and the last one true.
fn chain(length: usize) -> Vec<String> {
    let variable = |at: usize, content: &str| {
        format!("<VariableDefinition VariableId=\"v{at}\">{content}</VariableDefinition>")
    };
    let reference = |at: usize| format!("<VariableReference VariableId=\"v{at}\"/>");
    let mut chain: Vec<_> =
        (1..length).map(|at| variable(at - 1, &apply("not", &reference(at)))).collect();
    chain.push(variable(length - 1, &value("boolean", "true")));
    chain
}

#[test]
fn a_long_chain_of_variables_is_refused_instead_of_followed() {
    let mut definitions = chain(5_000);
    let forwards = policy(&format!("<Target/>{}", definitions.concat()));
    assert_eq!(refused(&forwards).reason, PolicyFlaw::TooDeep(128));

    // The other way round, every definition is already known when it is used.
    definitions.reverse();
    let backwards = policy(&format!("<Target/>{}", definitions.concat()));
    assert_eq!(refused(&backwards).reason, PolicyFlaw::TooDeep(128));

    let short = policy(&format!("<Target/>{}", chain(20).concat()));
    assert_eq!(only(&short, Mode::Strict).variables.len(), 20);
}

#[test]
fn functions_that_apply_functions_are_checked_through() {
    let function = "<Function FunctionId=\"urn:oasis:names:tc:xacml:1.0:function:string-equal\"/>";
    let x = value("string", "x");
    for (by, arguments, valid) in [
        ("any-of", format!("{function}{x}{DESIGNATOR}"), true),
        ("any-of", format!("{function}{DESIGNATOR}{DESIGNATOR}"), false),
        ("any-of-any", format!("{function}{DESIGNATOR}{DESIGNATOR}"), true),
        ("all-of-any", format!("{function}{DESIGNATOR}{x}"), false),
        ("any-of", format!("{function}{DESIGNATOR}"), false),
        ("any-of", format!("{x}{DESIGNATOR}"), false),
        ("any-of", String::new(), false),
        ("and", function.to_owned(), false),
    ] {
        let loaded = load(&condition(&apply(by, &arguments)), Mode::Strict);
        assert_eq!(loaded.is_ok(), valid, "{by}: {loaded:?}");
    }
}

#[test]
fn matches_compare_one_value_with_another() {
    let matched = |function: &str| {
        policy(&format!(
            "<Target><AnyOf><AllOf><Match MatchId=\"urn:oasis:names:tc:xacml:1.0:function:{function}\">{}{DESIGNATOR}</Match></AllOf></AnyOf></Target>",
            value("string", "x")
        ))
    };
    assert!(load(&matched("string-equal"), Mode::Strict).is_ok());
    assert!(load(&matched("string-regexp-match"), Mode::Strict).is_ok());
    assert_eq!(
        refused(&matched("string-one-and-only")).reason,
        PolicyFlaw::NotAComparison("string-one-and-only".to_owned())
    );
    assert!(matches!(
        refused(&matched("integer-equal")).reason,
        PolicyFlaw::WrongArgument { found: Type::Single(DataType::String), .. }
    ));
    // As policies written for Altinn's engine have it.
    for function in ["string-is-in", "string-one-and-only"] {
        let policy = only(&matched(function), Mode::Altinn);
        let found = policy.target.matches().next().expect("a match").function;
        assert_eq!(found.to_string(), "string-equal");
    }
}

#[test]
fn duplicate_rules_and_absent_must_be_present_are_accepted_in_the_altinn_mode_only() {
    let twice = policy(&format!("<Target/>{}", "<Rule RuleId=\"r\" Effect=\"Deny\"/>".repeat(2)));
    assert_eq!(only(&twice, Mode::Altinn).rules.len(), 2);
    let absent = condition(&apply(
        "string-is-in",
        &format!("{}{}", value("string", "x"), DESIGNATOR.replace("MustBePresent=\"false\"", "")),
    ));
    assert!(load(&absent, Mode::Altinn).is_ok());
    assert_eq!(
        refused(&absent).reason,
        PolicyFlaw::Xml(XmlFlaw::MissingAttribute("MustBePresent"))
    );
}

#[test]
fn a_policy_as_services_write_it_is_read() {
    let text = "\u{feff}<?xml version=\"1.0\" encoding=\"utf-8\"?>\r\n\
        <xacml:Policy xmlns:xacml=\"urn:oasis:names:tc:xacml:3.0:core:schema:wd-17\" \
        xmlns:xsl=\"http://www.w3.org/2001/XMLSchema-instance\" PolicyId=\"urn:altinn:resource:example\" \
        xsl:schemaLocation=\"x y\" Version=\"1.0\" \
        RuleCombiningAlgId=\"urn:oasis:names:tc:xacml:3.0:rule-combining-algorithm:deny-overrides\">\
        <!-- a comment --><xacml:Rule RuleId=\"r\" Effect=\"Permit\"/></xacml:Policy>";
    assert_eq!(only(text, Mode::Altinn).rules.len(), 1);
    assert_eq!(refused(text).reason, PolicyFlaw::Xml(XmlFlaw::MissingElement("Target")));
}

#[test]
fn an_algorithm_for_policies_is_read_as_the_one_for_rules_with_a_warning() {
    let text = policy("<Target/>").replace("3.0:rule-combining", "3.0:policy-combining");
    for mode in [Mode::Strict, Mode::Altinn] {
        let parsed = load(&text, mode).expect("a policy");
        assert_eq!(parsed.warnings.len(), 1);
        assert_eq!((parsed.warnings[0].line, parsed.warnings[0].column), (1, 91));
    }
    let legacy = text.replace("xacml:3.0:policy", "xacml:1.0:policy");
    assert_eq!(only(&legacy, Mode::Strict).algorithm, CombiningAlgorithm::LegacyRuleDenyOverrides);
    for name in [
        "3.0:policy-combining-algorithm:on-permit-apply-second",
        "1.0:policy-combining-algorithm:only-one-applicable",
        "3.0:rule-combining-algorithm:nope",
    ] {
        let text = text.replace("3.0:policy-combining-algorithm:deny-overrides", name);
        assert!(matches!(refused(&text).reason, PolicyFlaw::UnknownAlgorithm(_)), "{name}");
    }
    assert!(load(&policy("<Target/>"), Mode::Strict).expect("a policy").warnings.is_empty());
}

#[test]
fn policy_sets_hold_policies_sets_and_references() {
    let text = format!(
        "<PolicySet xmlns=\"urn:oasis:names:tc:xacml:3.0:core:schema:wd-17\" PolicySetId=\"s\" Version=\"2\" PolicyCombiningAlgId=\"urn:oasis:names:tc:xacml:3.0:policy-combining-algorithm:ALGORITHM\"><Target/>{}<PolicyIdReference Version=\"1.*\">q</PolicyIdReference></PolicySet>",
        policy("<Target/>")
    );
    let tree = load(&text.replace("ALGORITHM", "permit-overrides"), Mode::Strict);
    let tree = tree.expect("a policy set").policy;
    assert_eq!((tree.id(), tree.policies().len()), ("s", 1));
    assert!(load(&text.replace("ALGORITHM", "on-permit-apply-second"), Mode::Strict).is_ok());
    let one = text.replace("<PolicyIdReference Version=\"1.*\">q</PolicyIdReference>", "");
    assert_eq!(
        refused(&one.replace("ALGORITHM", "on-permit-apply-second")).reason,
        PolicyFlaw::WrongNumberOfPolicies(1)
    );
    let bad = text.replace("1.*", "1.x").replace("ALGORITHM", "permit-overrides");
    assert!(matches!(refused(&bad).reason, PolicyFlaw::Xml(XmlFlaw::BadAttribute { .. })));
}

#[test]
fn strings_keep_their_white_space_and_other_values_do_not() {
    let text = condition(&apply(
        "and",
        &format!(
            "{}{}",
            apply("string-equal", &value("string", " a ").repeat(2)),
            apply("integer-equal", &value("integer", " 7 ").repeat(2)),
        ),
    ));
    let shown = format!("{:?}", only(&text, Mode::Strict).rules[0].condition);
    assert!(shown.contains("String(\" a \")"), "{shown}");
}

#[test]
fn xpath_is_checked_when_a_policy_is_loaded() {
    let selector = |path: &str, data_type: &str| {
        condition(&apply(
            "string-one-and-only",
            &format!(
                "<AttributeSelector Category=\"c\" Path=\"{path}\" MustBePresent=\"false\" DataType=\"{data_type}\"/>"
            ),
        ))
    };
    let string = "http://www.w3.org/2001/XMLSchema#string";
    let expression = "urn:oasis:names:tc:xacml:3.0:data-type:xpathExpression";
    let literal = |attributes: &str, path: &str| {
        let value = format!(
            "<AttributeValue xmlns:m=\"urn:m\" DataType=\"{expression}\" {attributes}>{path}</AttributeValue>"
        );
        condition(&apply("xpath-node-equal", &value.repeat(2)))
    };
    assert!(load(&literal("XPathCategory=\"c\"", "//m:a"), Mode::Strict).is_ok());
    for (text, message) in [
        (selector("a[", string), "`a[` is not an XPath expression"),
        (selector("q:a", string), "`q:a` is not an XPath expression"),
        (selector("a", expression), "attribute `DataType` cannot be"),
        (literal("", "//m:a"), "attribute `XPathCategory` is missing"),
        (literal("XPathCategory=\"c\"", "//n:a"), "`//n:a` is not an XPath expression"),
    ] {
        let error = refused(&text).to_string();
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn xpath_of_another_version_is_refused_where_it_is_used() {
    let defaults = |version: &str| {
        format!("<PolicyDefaults><XPathVersion>{version}</XPathVersion></PolicyDefaults>")
    };
    let with = |version: &str, content: &str| {
        let text = policy(&format!("{}<Target/>{content}", defaults(version)));
        load(&text, Mode::Strict).map(|_| ()).map_err(|error| error.reason)
    };
    let first = "http://www.w3.org/TR/1999/REC-xpath-19991116";
    let second = "http://www.w3.org/TR/2007/REC-xpath20-20070123";
    let selecting = "<VariableDefinition VariableId=\"v\"><AttributeSelector Category=\"c\" Path=\"a\" MustBePresent=\"false\" DataType=\"http://www.w3.org/2001/XMLSchema#string\"/></VariableDefinition>";
    assert_eq!(with(first, selecting), Ok(()));
    assert_eq!(with(&first.to_lowercase(), selecting), Ok(()));
    assert_eq!(with(second, ""), Ok(()));
    let refused = Err(PolicyFlaw::XPathVersion(second.to_owned()));
    assert_eq!(with(second, selecting), refused);
    let set = |around: &str, within: &str| {
        let policy = policy(&format!("{within}<Target/>{selecting}"));
        let text = format!(
            "<PolicySet xmlns=\"urn:oasis:names:tc:xacml:3.0:core:schema:wd-17\" PolicySetId=\"s\" Version=\"1\" PolicyCombiningAlgId=\"urn:oasis:names:tc:xacml:3.0:policy-combining-algorithm:deny-overrides\">{}<Target/>{policy}</PolicySet>",
            defaults(around).replace("PolicyDefaults", "PolicySetDefaults")
        );
        load(&text, Mode::Strict).map(|_| ()).map_err(|error| error.reason)
    };
    assert_eq!(set(second, ""), refused);
    assert_eq!(set(second, &defaults(first)), Ok(()));
    assert_eq!(set(first, &defaults(second)), refused);
}

mod issuer;
