//! `fullmakt xacml evaluate`.

use std::path::PathBuf;

use chrono::{DateTime, FixedOffset};
use fullmakt_xacml::{
    CompiledPolicy, Evaluator, Explanation, Limits, PolicyTree, RequestDocument, RequestError,
    Response, SuppliedAttributes,
};

use super::{Failure, policies, policies::Policies, print, read};
use crate::cli::Evaluate;

pub(super) fn run(what: &Evaluate) -> Result<(), Failure> {
    let limits = Limits::default();
    let (root, policies) = policies_of(what)?;
    let text = read(&what.request)?;
    let source = match &what.attributes {
        None => None,
        Some(path) => Some(
            SuppliedAttributes::from_json(&read(path)?, &limits)
                .map_err(|error| Failure::request(path, error))?,
        ),
    };
    let evaluator = match &source {
        Some(source) => Evaluator::new(now()).with_source(source),
        None => Evaluator::new(now()),
    };
    let policy = CompiledPolicy::new(root, policies.store);
    let form = Form::of(&text);
    let answer = form.read(&text, &limits).and_then(|document| {
        if what.explain {
            policy.respond_explained(&evaluator, document, &limits)
        } else {
            Ok((policy.respond(&evaluator, document, &limits)?, Vec::new()))
        }
    });
    let (response, explanations) = match answer {
        Ok(answer) => answer,
        Err(error) => match error.response() {
            Some(response) => (response, Vec::new()),
            None => return Err(Failure::request(&what.request, error)),
        },
    };
    print(&form.write(&response))?;
    explanations.iter().try_for_each(explain)
}

/// The policy to begin with, and all others. None of them may be rejected.
fn policies_of(what: &Evaluate) -> Result<(PolicyTree, Policies), Failure> {
    let policies = Policies::of(&what.policies);
    let in_folder = what.policies.join(&what.root);
    let root: PathBuf = if what.root.is_file() { what.root.clone() } else { in_folder };
    if !policies.rejected.is_empty() {
        return Err(Failure::Policies(policies.rejected));
    }
    let root = policies::read(&root).map_err(|rejected| Failure::Policies(vec![rejected]))?;
    Ok((root.policy, policies))
}

/// An explanation is told apart from the response by an empty line.
fn explain(explanation: &Explanation) -> Result<(), Failure> {
    print(&format!("\n{}", explanation.to_string().trim_end()))
}

/// The form of a request, in which its response is given, too.
#[derive(Debug, Clone, Copy)]
enum Form {
    Xml,
    Json,
}

impl Form {
    fn of(text: &str) -> Self {
        if text.trim_start().starts_with('<') { Self::Xml } else { Self::Json }
    }

    fn read(self, text: &str, limits: &Limits) -> Result<RequestDocument, RequestError> {
        match self {
            Self::Xml => RequestDocument::from_xml(text, limits),
            Self::Json => RequestDocument::from_json(text, limits),
        }
    }

    fn write(self, response: &Response) -> String {
        match self {
            Self::Xml => response.to_xml(),
            Self::Json => format!("{:#}", response.to_json()),
        }
    }
}

/// The time of the decision, in UTC.
pub(super) fn now() -> DateTime<FixedOffset> {
    let micros = fullmakt_pep::system_clock()().as_micros();
    DateTime::from_timestamp_micros(micros).unwrap_or_default().fixed_offset()
}
