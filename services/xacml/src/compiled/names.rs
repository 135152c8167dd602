//! Names of attributes as numbers, and the values of a request by these numbers.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;

use crate::model::Designator;
use crate::request::Request;
use crate::value::Value;

/// The attributes that a program asks for, each with a number, its slot.
#[derive(Debug, Default)]
pub(super) struct Names {
    categories: Vec<Category>,
    /// What each slot means; whether it must be there is the affair of who asks.
    slots: Vec<Arc<Designator>>,
}

#[derive(Debug)]
struct Category {
    name: String,
    /// The slots of an attribute identifier: one a data type and issuer asked for.
    slots: HashMap<String, Vec<usize>, RandomState>,
}

/// An attribute that a program asks for.
#[derive(Debug, Clone)]
pub(super) struct Attribute {
    pub(super) slot: usize,
    pub(super) designator: Arc<Designator>,
}

/// The values of a request, by slot.
#[derive(Debug, Default)]
pub(super) struct Held<'r> {
    ranges: Vec<(usize, usize)>,
    values: Vec<&'r Value>,
}

impl Names {
    /// The attribute that a designator means.
    pub(super) fn attribute(&mut self, designator: &Designator) -> Attribute {
        let slot = self.slot(designator);
        let known = self.slots.get(slot).filter(|known| known.as_ref() == designator);
        let designator = known.map_or_else(|| Arc::new(designator.clone()), Arc::clone);
        Attribute { slot, designator }
    }

    fn slot(&mut self, designator: &Designator) -> usize {
        let plain = Designator { must_be_present: false, ..designator.clone() };
        let known = self.categories.iter().position(|known| known.name == plain.category);
        let at = known.unwrap_or_else(|| {
            let name = plain.category.clone();
            self.categories.push(Category { name, slots: HashMap::default() });
            self.categories.len() - 1
        });
        let next = self.slots.len();
        let Some(category) = self.categories.get_mut(at) else { return next };
        let same_name = category.slots.entry(plain.id.clone()).or_default();
        let is_it = |slot: &&usize| self.slots.get(**slot).is_some_and(|known| **known == plain);
        if let Some(slot) = same_name.iter().find(is_it) {
            return *slot;
        }
        same_name.push(next);
        self.slots.push(Arc::new(plain));
        next
    }

    /// What a slot means.
    pub(super) fn designator(&self, slot: usize) -> Option<&Arc<Designator>> {
        self.slots.get(slot)
    }

    /// Sorts the values of a request by slot (section 7.3.5); within one they keep their order.
    pub(super) fn held<'r>(&self, request: &'r Request) -> Held<'r> {
        let attributes = request.categories.iter().flat_map(|category| &category.attributes);
        let room = attributes.map(|attribute| attribute.values.len()).sum();
        let mut found: Vec<(usize, &'r Value)> = Vec::with_capacity(room);
        for sent in &request.categories {
            let Some(category) = self.categories.iter().find(|own| own.name == sent.category)
            else {
                continue;
            };
            for attribute in &sent.attributes {
                for slot in category.slots.get(&attribute.id).into_iter().flatten() {
                    let Some(wanted) = self.slots.get(*slot) else { continue };
                    if wanted.issuer.is_none() || wanted.issuer == attribute.issuer {
                        let typed = |value: &&Value| value.data_type() == wanted.data_type;
                        let values = attribute.values.iter().filter(typed);
                        found.extend(values.map(|value| (*slot, value)));
                    }
                }
            }
        }
        found.sort_by_key(|(slot, _)| *slot);
        let mut ranges = vec![(0, 0); self.slots.len()];
        for (at, (slot, _)) in found.iter().enumerate() {
            if let Some((from, to)) = ranges.get_mut(*slot) {
                if from == to {
                    *from = at;
                }
                *to = at + 1;
            }
        }
        Held { ranges, values: found.into_iter().map(|(_, value)| value).collect() }
    }
}

impl<'r> Held<'r> {
    /// The values in a slot.
    pub(super) fn values(&self, slot: usize) -> &[&'r Value] {
        let range = self.ranges.get(slot).and_then(|(from, to)| self.values.get(*from..*to));
        range.unwrap_or_default()
    }
}
