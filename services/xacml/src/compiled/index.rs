//! From the values of an attribute to the members that can apply.

use std::cell::Cell;
use std::collections::{BTreeMap, HashMap};

use foldhash::fast::RandomState;

use super::comparison::Values;
use super::names::{Attribute, Names};
use super::requirement::Requirements;
use super::run::Run;
use crate::value::Value;

/// Fewer members than this are looked at one by one.
const WORTH_AN_INDEX: usize = 8;

/// From the values of one attribute to the members that can apply.
#[derive(Debug)]
pub(super) struct Index {
    attribute: Attribute,
    /// Whether members cannot do without the attribute: all of them fail then.
    must_be_present: bool,
    /// The members that require a text, by it, in their order.
    by_text: HashMap<Box<str>, Vec<usize>, RandomState>,
    /// The members that require nothing of the attribute, in their order.
    always: Vec<usize>,
}

/// The members that can apply, in their order.
pub(super) enum Candidates<'i> {
    All,
    Some(Merge<'i>),
}

/// Two lists of different members as one, in their order.
pub(super) struct Merge<'i> {
    left: Required<'i>,
    right: &'i [usize],
    at: Cell<(usize, usize)>,
}

enum Required<'i> {
    One(&'i [usize]),
    Several(Vec<usize>),
}

impl Index {
    /// An index of members by what they require, if it leaves out enough of them.
    ///
    /// Of several attributes the one is chosen that leaves fewest members to be looked at.
    pub(super) fn of(members: &[Requirements], names: &Names) -> Option<Self> {
        if members.len() < WORTH_AN_INDEX {
            return None;
        }
        // How many members require something of an attribute, and how many texts there are.
        let mut use_of: BTreeMap<usize, (usize, HashMap<&str, usize, RandomState>)> =
            BTreeMap::new();
        for requirements in members {
            for (slot, requirement) in requirements {
                let (required, texts) = use_of.entry(*slot).or_default();
                *required += 1;
                for text in &requirement.texts {
                    *texts.entry(text).or_default() += 1;
                }
            }
        }
        let left = |(required, texts): &(usize, HashMap<&str, usize, RandomState>)| {
            members.len() - required + texts.values().max().copied().unwrap_or_default()
        };
        let (slot, counts) = use_of.iter().min_by_key(|(_, counts)| left(counts))?;
        if left(counts) * 2 > members.len() {
            return None;
        }
        let designator = names.designator(*slot)?.clone();
        let mut index = Self {
            attribute: Attribute { slot: *slot, designator },
            must_be_present: false,
            by_text: HashMap::default(),
            always: Vec::new(),
        };
        for (at, requirements) in members.iter().enumerate() {
            match requirements.get(slot) {
                Some(requirement) => {
                    index.must_be_present |= requirement.must_be_present;
                    for text in &requirement.texts {
                        index.by_text.entry(text.clone()).or_default().push(at);
                    }
                }
                None => index.always.push(at),
            }
        }
        Some(index)
    }

    /// The members that can apply to a request.
    pub(super) fn candidates(&self, run: &Run<'_>) -> Candidates<'_> {
        // Whoever compares meets the error again, in its place.
        let Ok(values) = run.values(&self.attribute) else { return Candidates::All };
        if values.len() == 0 && self.must_be_present {
            return Candidates::All;
        }
        // Most requests name one resource and one action.
        if let Values::Held([only]) = values {
            let left = Required::One(self.requiring(only).unwrap_or_default());
            return Candidates::Some(Merge { left, right: &self.always, at: Cell::new((0, 0)) });
        }
        let mut lists = values.iter().filter_map(|value| self.requiring(value));
        let first = lists.next().unwrap_or_default();
        let left = match lists.next() {
            None => Required::One(first),
            Some(second) => {
                let mut members = [first, second].concat();
                lists.for_each(|list| members.extend_from_slice(list));
                members.sort_unstable();
                members.dedup();
                Required::Several(members)
            }
        };
        Candidates::Some(Merge { left, right: &self.always, at: Cell::new((0, 0)) })
    }

    /// The members that require the text of a value.
    fn requiring(&self, value: &Value) -> Option<&[usize]> {
        self.by_text.get(value.text()?).map(Vec::as_slice)
    }
}

impl Merge<'_> {
    /// How many members there are.
    pub(super) fn len(&self) -> usize {
        self.left().len() + self.right.len()
    }

    /// The next member.
    pub(super) fn next(&self) -> Option<usize> {
        let (left, right) = self.at.get();
        match (self.left().get(left), self.right.get(right)) {
            (Some(one), Some(other)) if one > other => {
                self.at.set((left, right + 1));
                Some(*other)
            }
            (Some(one), _) => {
                self.at.set((left + 1, right));
                Some(*one)
            }
            (None, other) => {
                self.at.set((left, right + 1));
                other.copied()
            }
        }
    }

    fn left(&self) -> &[usize] {
        match &self.left {
            Required::One(members) => members,
            Required::Several(members) => members,
        }
    }
}
