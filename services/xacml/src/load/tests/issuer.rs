//! A PDP without the profile of administration reports an error for a policy with an issuer
//! (section 5.3), wherever the issuer is.

use chrono::DateTime;

use super::*;
use crate::{CompiledPolicy, Decision, Evaluator, PolicyStore, ReferenceFlaw, Request};

const ISSUER: &str = "<PolicyIssuer><Attribute AttributeId=\"a\" IncludeInResult=\"false\"><AttributeValue DataType=\"http://www.w3.org/2001/XMLSchema#string\">bo</AttributeValue></Attribute></PolicyIssuer>";

fn set(content: &str) -> String {
    format!(
        "<PolicySet xmlns=\"urn:oasis:names:tc:xacml:3.0:core:schema:wd-17\" PolicySetId=\"s\" Version=\"1.0\" PolicyCombiningAlgId=\"urn:oasis:names:tc:xacml:3.0:policy-combining-algorithm:deny-overrides\">\n{content}</PolicySet>"
    )
}

#[test]
fn a_policy_with_an_issuer_is_refused_wherever_the_issuer_is() {
    let own = format!("{ISSUER}<Target/>");
    let flaw = || PolicyFlaw::UnsupportedElement("PolicyIssuer".to_owned());
    for (text, line) in [
        (policy(&own), 2),
        (policy("<PolicyIssuer/><Target/>"), 2),
        (set(&own), 2),
        (set(&format!("<Target/>\n{}", policy(&own))), 4),
        (set(&format!("<Target/>\n{}", set(&own))), 4),
    ] {
        for mode in [Mode::Strict, Mode::Altinn] {
            let error = load(&text, mode).expect_err(&text);
            assert_eq!((error.line, error.reason), (line, flaw()), "{text}");
        }
    }
}

/// What is refused is in no store, so that a reference leads to nothing instead of to a policy that
/// is only taken as trusted.
#[test]
fn a_reference_does_not_lead_to_a_policy_with_an_issuer() {
    let referring = set("<Target/><PolicyIdReference>p</PolicyIdReference>");
    let referring = load(&referring, Mode::Strict).expect("a policy set").policy;
    let unresolved = ReferenceFlaw::Unresolved { from: "s".to_owned(), to: "p".to_owned() };
    let permit = "<Target/><Rule RuleId=\"r\" Effect=\"Permit\"/>";
    for (text, flaws, decision) in [
        (policy(permit), vec![], Decision::Permit),
        (policy(&format!("{ISSUER}{permit}")), vec![unresolved], Decision::Indeterminate),
    ] {
        let mut store = PolicyStore::new();
        store.insert(referring.clone());
        if let Ok(parsed) = load(&text, Mode::Strict) {
            store.insert(parsed.policy);
        }
        assert_eq!(store.reference_flaws(), flaws);
        let now = DateTime::parse_from_rfc3339("2026-01-01T12:00:00Z").expect("a time");
        let evaluator = Evaluator::new(now).with_policies(&store);
        let evaluation = evaluator.evaluate(&referring, &Request::new());
        assert_eq!(evaluation.decision, decision);
        let compiled = CompiledPolicy::new(referring.clone(), store.clone());
        assert_eq!(compiled.evaluate(&Evaluator::new(now), &Request::new()), evaluation);
    }
}

/// The issuer of an attribute is something else.
#[test]
fn an_attribute_may_be_asked_for_by_its_issuer() {
    let designator = DESIGNATOR.replace("AttributeId", "Issuer=\"bo\" AttributeId");
    let any = condition(&apply("string-is-in", &format!("{}{designator}", value("string", "x"))));
    assert!(load(&any, Mode::Strict).is_ok());
}
