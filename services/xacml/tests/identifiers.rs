//! Every identifier of the standard is either known to the engine or listed here with the reason.
//!
//! The list of identifiers lies outside of the repository. Without it the tests say that they are
//! skipped.

#[cfg(test)]
mod shared;

use std::fs;

use fullmakt_xacml::{DataType, Limits, Mode, PolicyFlaw, PolicyTree};

/// Functions the engine does not have. A function it has must leave the list.
const MISSING_FUNCTIONS: [&str; 9] = [
    // No function: `base64Binary-at-least-one-member-of`, which the engine has, cut short by a line
    // break in the source of the list.
    "1.0:function:base64Binary-at-least-one-member-o",
    // No functions: no published text is known to define them. Only comments in the sources of another engine
    // have the names, above constants whose values are `string-contains` and `anyURI-contains`, which
    // the engine has. To accept them would be to guess in which order they take their arguments.
    "3.0:function:anyURI-contains-with",
    "3.0:function:string-contains-with",
    // The profile of related and nested entities defines them. They are left out because values with
    // attributes and content of their own are another model of requests: `attribute-designator` and
    // `attribute-selector` ask an entity what the elements of these names ask a request, and return a
    // bag of a type that is itself an argument.
    "3.0:function:attribute-designator",
    "3.0:function:attribute-selector",
    "3.0:function:entity-bag",
    "3.0:function:entity-bag-size",
    "3.0:function:entity-one-and-only",
    // The profile of data loss prevention and network access control defines it, with patterns and
    // further functions beside it. It is left out because it is not certain whether such a name may
    // begin with a wildcard: the one engine known to have it says so and refuses it. A name that
    // stands for others must not be compared as if it did not.
    "3.0:function:dnsName-value-equal",
];

/// Data types the engine does not have, for the reasons of their functions.
const MISSING_DATA_TYPES: [&str; 2] = ["dnsName-value", "entity"];

const PREFIX: &str = "urn:oasis:names:tc:xacml:";

/// The identifiers that contain a text, without the prefix all have.
fn identifiers(containing: &str) -> Option<Vec<String>> {
    let list = shared::place("spec/xacml/identifiers.txt")?;
    // A list that cannot be read has nothing in it, which every test finds too little.
    let list = fs::read_to_string(list).unwrap_or_default();
    let ids = list.lines().filter_map(|line| line.strip_prefix(PREFIX));
    Some(ids.filter(|id| id.contains(containing)).map(str::to_owned).collect())
}

/// Why a policy that applies a function to nothing is refused, if it is.
fn flaw_of(function: &str, algorithm: &str, set: bool) -> Option<PolicyFlaw> {
    let (name, combining) =
        if set { ("PolicySet", "PolicyCombiningAlgId") } else { ("Policy", "RuleCombiningAlgId") };
    let rule = format!(
        "<Rule RuleId=\"r\" Effect=\"Deny\"><Condition><Apply FunctionId=\"{function}\"/></Condition></Rule>"
    );
    let content = if function.is_empty() { "" } else { &rule };
    let text = format!(
        "<{name} xmlns=\"{PREFIX}3.0:core:schema:wd-17\" {name}Id=\"p\" Version=\"1\" {combining}=\"{algorithm}\"><Target/>{content}</{name}>"
    );
    let parsed = PolicyTree::parse(&text, Mode::Strict, &Limits::default());
    parsed.err().map(|error| error.reason)
}

#[test]
fn every_function_is_known_or_listed_as_missing() {
    let Some(ids) = identifiers(":function:") else { return };
    assert!(ids.len() > 250, "only {} functions", ids.len());
    let algorithm = format!("{PREFIX}3.0:rule-combining-algorithm:deny-overrides");
    for id in ids {
        let flaw = flaw_of(&format!("{PREFIX}{id}"), &algorithm, false);
        let unknown = matches!(
            flaw,
            Some(PolicyFlaw::UnknownFunction(_) | PolicyFlaw::UnsupportedFunction(_))
        );
        assert_eq!(unknown, MISSING_FUNCTIONS.contains(&id.as_str()), "{id}: {flaw:?}");
    }
}

#[test]
fn every_combining_algorithm_is_known() {
    for (kind, set) in
        [(":rule-combining-algorithm:", false), (":policy-combining-algorithm:", true)]
    {
        let Some(ids) = identifiers(kind) else { return };
        assert!(!ids.is_empty());
        for id in ids {
            let flaw = flaw_of("", &format!("{PREFIX}{id}"), set);
            assert!(!matches!(flaw, Some(PolicyFlaw::UnknownAlgorithm(_))), "{id}");
        }
    }
}

#[test]
fn every_data_type_is_known_or_listed_as_missing() {
    let Some(ids) = identifiers(":data-type:") else { return };
    assert!(!ids.is_empty());
    for id in ids {
        let name = id.rsplit(':').next().unwrap_or_default();
        let known = DataType::from_id(&format!("{PREFIX}{id}")).is_some();
        assert_eq!(known, !MISSING_DATA_TYPES.contains(&name), "{id}");
    }
}
