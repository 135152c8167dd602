//! The sample of the OASIS conformance set, case by case.
//!
//! The cases lie outside of the repository: `FULLMAKT_TEST_SHARED`, or `shared` beside the workspace.
//! Without them the test says so and passes.

#[cfg(test)]
mod conformance {
    pub mod case;
    pub mod compare;
}

use conformance::case::{self, Case};

/// Cases the engine cannot pass yet, and why. A case that passes has to leave the list.
const EXPECTED_FAILURES: [(&str, &str); 5] = [
    ("IIF301_WITH_XPATH", "AttributeSelector"),
    ("IIIF003", "AttributeSelector"),
    ("IIIF004", "AttributeSelector"),
    ("IIIG002", "xpath-node-equal"),
    ("IIIG003", "xpath-node-equal"),
];

#[test]
fn every_case_gives_the_response_of_the_standard() {
    let Some(folder) = case::folder() else {
        eprintln!("the conformance cases are not there; nothing is checked");
        return;
    };
    let cases = Case::all(&folder);
    assert!(cases.len() > 100, "only {} cases in {}", cases.len(), folder.display());

    let mut wrong = Vec::new();
    for case in &cases {
        let expected_failure = EXPECTED_FAILURES.iter().find(|(id, _)| *id == case.id);
        match (case.run(), expected_failure) {
            (Ok(()), None) | (Err(_), Some(_)) => {}
            (Ok(()), Some(_)) => wrong.push(format!("{}: passes; take it off the list", case.id)),
            (Err(reason), None) => wrong.push(format!("{}: {reason}", case.id)),
        }
    }
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn every_expected_failure_names_a_case() {
    let Some(folder) = case::folder() else {
        eprintln!("the conformance cases are not there; nothing is checked");
        return;
    };
    let cases = Case::all(&folder);
    for (id, _) in EXPECTED_FAILURES {
        assert!(cases.iter().any(|case| case.id == id), "{id}");
    }
}
