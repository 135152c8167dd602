//! A case: policies, a request, and the response it must give.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::DateTime;
use fullmakt_xacml::{
    CompiledPolicy, Evaluator, Limits, Mode, PolicyStore, PolicyTree, RequestDocument,
};

use super::compare;

/// One case of the set.
pub struct Case {
    /// Its name.
    pub id: String,
    folder: PathBuf,
    /// Whether the set also accepts that a policy is refused when it is loaded.
    refusal_passes: bool,
    root: String,
}

impl Case {
    /// All cases, in the order of the index.
    pub fn all(folder: &Path) -> Vec<Self> {
        let index = fs::read_to_string(folder.join("index.json")).expect("an index");
        let index: serde_json::Value = serde_json::from_str(&index).expect("JSON");
        let cases = index.as_array().expect("a list");
        cases.iter().map(|case| Self::of(folder, case)).collect()
    }

    fn of(folder: &Path, case: &serde_json::Value) -> Self {
        let text = |name: &str| case[name].as_str().expect("a text").to_owned();
        let accepted = case["accept"].as_array().expect("a list");
        Self {
            id: text("id"),
            folder: folder.join(text("id")),
            refusal_passes: accepted.iter().any(|way| way == "policy-error"),
            root: text("root_policy"),
        }
    }

    /// Runs the case; the error says in which way it fails.
    pub fn run(&self) -> Result<(), String> {
        let limits = Limits::default();
        let (root, store) = match self.policies(&limits) {
            Ok(policies) => policies,
            Err(_) if self.refusal_passes => return Ok(()),
            Err(reason) => return Err(reason),
        };
        let now = DateTime::parse_from_rfc3339("2026-01-01T12:00:00Z").expect("a time");
        let evaluator = Evaluator::new(now).with_policies(&store);
        let document = RequestDocument::from_xml(&self.read("Request.xml"), &limits);
        let response = match &document {
            Ok(document) => evaluator.respond(&root, document, &limits),
            Err(error) => error.response().ok_or_else(|| error.clone()),
        };
        let response = response.map_err(|error| error.to_string())?;
        compare::same(&response.to_xml(), &self.read("Response.xml"))?;
        let Ok(document) = document else { return Ok(()) };
        let compiled = CompiledPolicy::new(root.clone(), store.clone());
        let by_compiled = |document| compiled.respond(&Evaluator::new(now), document, &limits);
        if by_compiled(&document).as_ref() != Ok(&response) {
            return Err(format!("compiled, the response is {:?}", by_compiled(&document)));
        }
        let json = document.to_json().to_string();
        let again =
            RequestDocument::from_json(&json, &limits).map_err(|error| error.to_string())?;
        let (explained, explanations) = evaluator
            .respond_explained(&root, &again, &limits)
            .map_err(|error| error.to_string())?;
        if by_compiled(&again).as_ref() != Ok(&response) {
            return Err("compiled, and in JSON, the response is another".to_owned());
        }
        if explained != response || explanations.len() != response.results.len() {
            return Err(format!("in JSON, and explained, the response is {explained:?}"));
        }
        Ok(())
    }

    /// The root policy, and all others as what it may refer to. Those may be invalid, the root may
    /// not.
    fn policies(&self, limits: &Limits) -> Result<(PolicyTree, PolicyStore), String> {
        let mut store = PolicyStore::new();
        for entry in fs::read_dir(self.folder.join("policies")).expect("a folder").flatten() {
            if entry.file_name() != self.root.as_str() {
                let text = fs::read_to_string(entry.path()).expect("a policy");
                if let Ok(parsed) = PolicyTree::parse(&text, Mode::Strict, limits) {
                    store.insert(parsed.policy);
                }
            }
        }
        let root = self.read(&format!("policies/{}", self.root));
        let root = PolicyTree::parse(&root, Mode::Strict, limits);
        Ok((root.map_err(|error| error.to_string())?.policy, store))
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(name)).expect("a file of the case")
    }
}
