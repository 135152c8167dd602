//! What must be in a request for something to apply: the texts of which an attribute must have one.

use std::collections::{BTreeMap, BTreeSet};

use super::comparison::Comparison;
use super::names::Attribute;
use super::program::Target;

/// For each attribute, by slot, that decides alone: what it must be.
///
/// Where the attribute has values and none of them is among the texts, the thing is `NotApplicable`,
/// whatever else the request holds, and no error can come of it.
pub(super) type Requirements = BTreeMap<usize, Requirement>;

/// The texts of which an attribute must have one.
#[derive(Debug, Clone, Default)]
pub(super) struct Requirement {
    pub(super) texts: BTreeSet<Box<str>>,
    /// Whether the absence of the attribute is an error.
    pub(super) must_be_present: bool,
}

/// What a target requires.
///
/// A part all of whose alternatives compare the same attribute with a text is false if none of them
/// holds, however the other comparisons turn out, errors included; and so is the target.
pub(super) fn of_target(target: &Target) -> Requirements {
    let mut all = Requirements::new();
    for part in &target.parts {
        for (slot, requirement) in of_any(part.iter().map(|all_of| of_all(all_of))) {
            // Either part would do; the one with fewer texts leaves out more.
            let is_better = |known: &Requirement| requirement.texts.len() < known.texts.len();
            if all.get(&slot).is_none_or(is_better) {
                all.insert(slot, requirement);
            }
        }
    }
    all
}

/// What alternatives require together: what each of them does of the same attribute.
pub(super) fn of_any(alternatives: impl Iterator<Item = Requirements>) -> Requirements {
    alternatives
        .reduce(|mut common, next| {
            common.retain(|slot, known| match next.get(slot) {
                Some(other) => {
                    known.texts.extend(other.texts.iter().cloned());
                    known.must_be_present |= other.must_be_present;
                    true
                }
                None => false,
            });
            common
        })
        .unwrap_or_default()
}

/// What comparisons require that must all hold: each of them would do.
fn of_all(comparisons: &[Comparison]) -> Requirements {
    let mut all = Requirements::new();
    for comparison in comparisons {
        if let Some((attribute, text)) = compared(comparison) {
            all.entry(attribute.slot).or_insert_with(|| Requirement {
                texts: BTreeSet::from([text.into()]),
                must_be_present: attribute.designator.must_be_present,
            });
        }
    }
    all
}

fn compared(comparison: &Comparison) -> Option<(&Attribute, &str)> {
    match comparison {
        Comparison::Text { attribute, literal } => Some((attribute, literal)),
        Comparison::Pattern { .. } | Comparison::Called { .. } | Comparison::Content(_) => None,
    }
}
