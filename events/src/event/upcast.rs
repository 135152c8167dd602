//! Old schemas become the newest one, step by step, when they are read.

use serde_json::Value;

/// One step: what data of `kind` in schema `from` are in schema `from + 1`.
#[derive(Debug, Clone, Copy)]
pub struct Upcaster {
    /// The event's wire name.
    pub kind: &'static str,
    /// The schema that the step begins with.
    pub from: u16,
    /// The step.
    pub step: fn(Value) -> Value,
}

/// The steps of this release. Format 0 has had no schema but the first.
pub(super) const UPCASTERS: &[Upcaster] = &[];

/// The data in schema `to`, or nothing where a step is missing.
#[must_use]
pub fn upcast(steps: &[Upcaster], kind: &str, from: u16, to: u16, data: Value) -> Option<Value> {
    (from..to).try_fold(data, |data, schema| {
        let step = steps.iter().find(|step| step.kind == kind && step.from == schema)?;
        Some((step.step)(data))
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const STEPS: &[Upcaster] = &[
        Upcaster { kind: "x.done", from: 1, step: |data| json!({ "name": data["n"] }) },
        Upcaster { kind: "x.done", from: 2, step: |data| json!({ "names": [data["name"]] }) },
        Upcaster { kind: "y.done", from: 1, step: |data| data },
    ];

    #[test]
    fn every_step_is_taken_in_order() {
        let data = || json!({ "n": "a" });
        assert_eq!(upcast(STEPS, "x.done", 1, 3, data()), Some(json!({ "names": ["a"] })));
        assert_eq!(upcast(STEPS, "x.done", 1, 2, data()), Some(json!({ "name": "a" })));
        assert_eq!(upcast(STEPS, "x.done", 3, 3, data()), Some(data()));
    }

    #[test]
    fn a_missing_step_is_not_skipped() {
        assert_eq!(upcast(STEPS, "x.done", 1, 4, json!({})), None);
        assert_eq!(upcast(STEPS, "y.done", 2, 3, json!({})), None);
        assert_eq!(upcast(STEPS, "z.done", 1, 2, json!({})), None);
    }
}
