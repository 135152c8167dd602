//! The sample of the OASIS conformance set, case by case.
//!
//! The cases lie outside of the repository. Without them the tests say that they are skipped.

#[cfg(test)]
mod conformance {
    pub mod case;
    pub mod compare;
}
#[cfg(test)]
mod shared;

use conformance::case::Case;

const CASES: &str = "conformance/xacml-sample";

/// Cases the engine cannot pass yet, and why. A case that passes has to leave the list.
const EXPECTED_FAILURES: [(&str, &str); 0] = [];

#[test]
fn every_case_gives_the_response_of_the_standard() {
    let Some(folder) = shared::place(CASES) else { return };
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
    let Some(folder) = shared::place(CASES) else { return };
    let cases = Case::all(&folder);
    for (id, _) in EXPECTED_FAILURES {
        assert!(cases.iter().any(|case| case.id == id), "{id}");
    }
}

/// Issue 4: a test without its cases was counted as passed, since nobody saw what it said.
#[test]
fn without_the_cases_each_test_says_that_it_is_skipped() {
    let skipped = |shared: &std::path::Path| {
        let mut tests = std::process::Command::new(std::env::current_exe().expect("this program"));
        let output = tests.arg("every_").env("FULLMAKT_TEST_SHARED", shared).output();
        let output = output.expect("the tests run");
        assert!(output.status.success(), "{output:?}");
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        said.lines().filter(|line| line.starts_with("skipped: ")).count()
    };
    assert_eq!(skipped("/no/such/folder".as_ref()), 2);
    if let Some(shared) = shared::find(CASES).as_deref().and_then(|cases| cases.ancestors().nth(2))
    {
        assert_eq!(skipped(shared), 0);
    }
}
