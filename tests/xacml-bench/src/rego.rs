//! Rego by regorus: one rule, and what each resource wants as data, which is how it stays fast with
//! many.

use regorus::{CompiledPolicy, Engine as Regorus, Value};
use serde_json::{Map, json};

use crate::{Engine, Failed, HELD, NAMED, Question, packages, resource};

const POLICY: &str = "
package bench

default allow := false

allow if {
    input.action == \"read\"
    some held in input.packages
    data.resources[input.resource][held]
}
";

/// The policy, compiled with its data.
pub struct Rego {
    policy: CompiledPolicy,
}

/// A question with its input.
pub struct Asked<'a> {
    policy: &'a CompiledPolicy,
    input: Value,
}

impl Rego {
    /// As much data as so many policies have.
    pub fn new(policies: usize) -> Result<Self, Failed> {
        let named = |number| -> Map<_, _> {
            packages(number, NAMED).map(|package| (package, json!(true))).collect()
        };
        let resources: Map<_, _> =
            (0..policies).map(|number| (resource(number), named(number).into())).collect();
        let mut engine = Regorus::new();
        engine.add_policy("bench.rego".to_owned(), POLICY.to_owned())?;
        engine.add_data(value(&json!({ "resources": resources }))?)?;
        Ok(Self { policy: engine.compile_with_entrypoint(&"data.bench.allow".into())? })
    }

    /// Makes a question ready.
    pub fn ask(&self, question: Question) -> Result<Asked<'_>, Failed> {
        let input = json!({
            "action": question.action,
            "resource": resource(question.resource),
            "packages": packages(question.held, HELD).collect::<Vec<_>>(),
        });
        Ok(Asked { policy: &self.policy, input: value(&input)? })
    }
}

impl Engine for Asked<'_> {
    fn is_permitted(&self) -> Result<bool, Failed> {
        Ok(self.policy.eval_with_input(self.input.clone())? == Value::Bool(true))
    }
}

fn value(json: &serde_json::Value) -> Result<Value, Failed> {
    Ok(Value::from_json_str(&json.to_string())?)
}
