//! `fullmakt xacml test`.

use std::{fs, path::Path};

use fullmakt_xacml::{CompiledPolicy, Evaluator, Limits, RequestDocument, RequestError, Response};
use serde::Deserialize;

use super::{Failure, evaluate, policies, policies::Policies, print};
use crate::cli::Cases;

/// A case, as the index describes it.
#[derive(Debug, Deserialize)]
struct Case {
    id: String,
    root_policy: String,
    #[serde(default = "request")]
    request: String,
    #[serde(default = "response")]
    response: String,
    /// What passes besides the response: `policy-error`, that a policy is rejected.
    #[serde(default)]
    accept: Vec<String>,
}

fn request() -> String {
    "Request.xml".to_owned()
}

fn response() -> String {
    "Response.xml".to_owned()
}

pub(super) fn run(what: &Cases) -> Result<(), Failure> {
    let index = what.folder.join("index.json");
    let wrong = |reason: String| Failure::Cases { path: index.clone(), reason };
    let text = fs::read_to_string(&index).map_err(|error| wrong(error.to_string()))?;
    let cases: Vec<Case> = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    let mut failed = 0;
    for case in &cases {
        match case.run(&what.folder.join(&case.id)) {
            Ok(()) => print(&format!("passed {}", case.id))?,
            Err(reason) => {
                failed += 1;
                print(&format!("failed {}: {reason}", case.id))?;
            }
        }
    }
    if failed > 0 {
        return Err(Failure::CasesFailed { failed, all: cases.len() });
    }
    let noun = if cases.len() == 1 { "case" } else { "cases" };
    print(&format!("{} {noun} passed", cases.len()))
}

impl Case {
    /// Runs the case with both evaluators, in XML and, converted, in JSON; the error says in which
    /// way it fails.
    fn run(&self, folder: &Path) -> Result<(), String> {
        let limits = Limits::default();
        let policies = Policies::of(&folder.join("policies"));
        let root = policies::read(&folder.join("policies").join(&self.root_policy));
        let root = match (root, policies.rejected.first()) {
            (Ok(root), None) => root.policy,
            (Ok(_) | Err(_), _) if self.accept.iter().any(|way| way == "policy-error") => {
                return Ok(());
            }
            (Err(rejected), _) => return Err(rejected.to_string()),
            (Ok(_), Some(rejected)) => return Err(rejected.to_string()),
        };
        let read = |name: &str| {
            fs::read_to_string(folder.join(name)).map_err(|error| format!("{name}: {error}"))
        };
        let expected = Response::from_xml(&read(&self.response)?, &limits)
            .map_err(|error| format!("{}: {error}", self.response))?;
        let evaluator = Evaluator::new(evaluate::now()).with_policies(&policies.store);
        let compiled = CompiledPolicy::new(root.clone(), policies.store.clone());
        let answer = |document: Result<RequestDocument, RequestError>| {
            let answered = document.and_then(|document| {
                let response = evaluator.respond(&root, &document, &limits)?;
                let again = compiled.respond(&evaluator, &document, &limits)?;
                Ok((response, Some((again, document))))
            });
            answered.or_else(|error| Ok((error.response().ok_or(error)?, None)))
        };
        let words = |error: RequestError| format!("{}: {error}", self.request);
        let document = RequestDocument::from_xml(&read(&self.request)?, &limits);
        let (found, answered) = answer(document).map_err(words)?;
        compare(&found, &expected, "XML")?;
        let Some((compiled, document)) = answered else { return Ok(()) };
        compare(&compiled, &expected, "XML, compiled")?;
        let converted = document.to_json().to_string();
        let again = RequestDocument::from_json(&converted, &limits);
        let (found, answered) = answer(again).map_err(words)?;
        compare(&found, &expected, "JSON")?;
        let Some((compiled, _)) = answered else { return Ok(()) };
        compare(&compiled, &expected, "JSON, compiled")
    }
}

fn compare(found: &Response, expected: &Response, form: &str) -> Result<(), String> {
    if found.agrees_with(expected) {
        return Ok(());
    }
    let (found, expected) = (found.to_json(), expected.to_json());
    Err(format!("in {form}, the response is {found} and should be {expected}"))
}
