//! What is written down while an evaluation is to be explained.

use super::EvaluationError;
use crate::explanation::{
    Explained, ExplainedKind, ExplainedLookup, ExplainedMatch, Explanation, Judgement, Origin,
    Sought,
};
use crate::limits::MAX_EXPLAINED;
use crate::model::{Designator, Lookup, Match, PolicyTree, ReferenceKind, Rule, Selector};
use crate::response::{Decision, ExtendedDecision};
use crate::value::{DataType, Value};
use crate::xpath::XPathExpression;

/// What has been looked at so far.
#[derive(Debug)]
pub(super) struct Record {
    /// What is being evaluated, the outermost first.
    open: Vec<Explained>,
    /// How many of what is being evaluated are not written down.
    untold: usize,
    room: usize,
    root: Option<Explained>,
    is_cut: bool,
}

impl Record {
    pub(super) const fn new() -> Self {
        Self { open: Vec::new(), untold: 0, room: MAX_EXPLAINED, root: None, is_cut: false }
    }

    pub(super) fn into_explanation(self) -> Explanation {
        Explanation { root: self.root, is_cut: self.is_cut }
    }

    pub(super) fn open_tree(&mut self, tree: &PolicyTree) {
        let kind = match tree.kind() {
            ReferenceKind::Policy => ExplainedKind::Policy,
            ReferenceKind::PolicySet => ExplainedKind::PolicySet,
        };
        self.open(kind, tree.id(), Some(tree.version().to_string()));
    }

    pub(super) fn open_rule(&mut self, rule: &Rule) {
        self.open(ExplainedKind::Rule, &rule.id, None);
    }

    fn open(&mut self, kind: ExplainedKind, id: &str, version: Option<String>) {
        if self.untold > 0 || !self.has_room() {
            self.untold += 1;
            return;
        }
        self.open.push(Explained {
            kind,
            id: id.to_owned(),
            version,
            decision: ExtendedDecision::NotApplicable,
            error: None,
            target: None,
            condition: None,
            matches: Vec::new(),
            lookups: Vec::new(),
            children: Vec::new(),
        });
    }

    /// Ends what was opened last.
    pub(super) fn close(&mut self, decision: ExtendedDecision, error: Option<&EvaluationError>) {
        if self.untold > 0 {
            self.untold -= 1;
            return;
        }
        let Some(mut closed) = self.open.pop() else { return };
        closed.decision = decision;
        // An error that was overcome stands in the way of nothing.
        let is_undecided = decision.decision() == Decision::Indeterminate;
        closed.error = error.filter(|_| is_undecided).map(ToString::to_string);
        match self.open.last_mut() {
            Some(around) => around.children.push(closed),
            None => self.root = Some(closed),
        }
    }

    /// Forgets what was opened last, because it is evaluated once more.
    pub(super) fn discard(&mut self) {
        if self.untold > 0 {
            self.untold -= 1;
        } else {
            self.open.pop();
        }
    }

    pub(super) fn target(&mut self, result: &Result<bool, EvaluationError>) {
        if let Some(open) = self.current() {
            open.target = Some(judgement(result));
        }
    }

    pub(super) fn condition(&mut self, result: &Result<bool, EvaluationError>) {
        if let Some(open) = self.current() {
            open.condition = Some(judgement(result));
        }
    }

    pub(super) fn compared(
        &mut self,
        matched: &Match,
        by: Option<&Value>,
        result: &Result<bool, EvaluationError>,
    ) {
        let sought = match &matched.lookup {
            Lookup::Designator(designator) => attribute(designator),
            Lookup::Selector(selector) => content(selector),
        };
        let compared = ExplainedMatch {
            sought,
            function: matched.function,
            literal: matched.value.clone(),
            by: by.cloned(),
            judgement: judgement(result),
        };
        if self.has_room()
            && let Some(open) = self.current()
        {
            open.matches.push(compared);
        }
    }

    pub(super) fn attribute(&mut self, wanted: &Designator, origin: Origin, values: Vec<Value>) {
        self.lookup(attribute(wanted), origin, values, wanted.must_be_present);
    }

    pub(super) fn content(&mut self, wanted: &Selector, values: &[Value]) {
        let origin = if values.is_empty() { Origin::Nowhere } else { Origin::Request };
        self.lookup(content(wanted), origin, values.to_vec(), wanted.must_be_present);
    }

    pub(super) fn nodes(&mut self, expression: &XPathExpression, texts: Vec<Value>) {
        let sought = Sought {
            category: expression.category.clone(),
            name: expression.path.text().to_owned(),
            is_path: true,
            data_type: DataType::String,
            issuer: None,
        };
        let origin = if texts.is_empty() { Origin::Nowhere } else { Origin::Request };
        self.lookup(sought, origin, texts, false);
    }

    fn lookup(&mut self, sought: Sought, origin: Origin, values: Vec<Value>, must: bool) {
        let is_missing = must && values.is_empty();
        let lookup = ExplainedLookup { sought, origin, values, is_missing };
        if self.current().is_some_and(|open| open.lookups.contains(&lookup)) {
            return;
        }
        if self.has_room()
            && let Some(open) = self.current()
        {
            open.lookups.push(lookup);
        }
    }

    fn current(&mut self) -> Option<&mut Explained> {
        if self.untold > 0 { None } else { self.open.last_mut() }
    }

    /// Takes the room for one more thing.
    fn has_room(&mut self) -> bool {
        if let Some(room) = self.room.checked_sub(1) {
            self.room = room;
            return true;
        }
        self.is_cut = true;
        false
    }
}

fn judgement(result: &Result<bool, EvaluationError>) -> Judgement {
    match result {
        Ok(true) => Judgement::Holds,
        Ok(false) => Judgement::Fails,
        Err(error) => Judgement::Unknown(error.to_string()),
    }
}

fn attribute(designator: &Designator) -> Sought {
    Sought {
        category: designator.category.clone(),
        name: designator.id.clone(),
        is_path: false,
        data_type: designator.data_type,
        issuer: designator.issuer.clone(),
    }
}

fn content(selector: &Selector) -> Sought {
    Sought {
        category: selector.category.clone(),
        name: selector.path.text().to_owned(),
        is_path: true,
        data_type: selector.data_type,
        issuer: None,
    }
}
