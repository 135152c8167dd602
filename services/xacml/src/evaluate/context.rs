//! One evaluation: the request, what surrounds it, and how far it has come.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use super::record::Record;
use super::{EvaluationError, Evaluator, cost};
use crate::explanation::{Explanation, Origin};
use crate::functions::pattern::Pattern;
use crate::functions::{Evaluated, Function, FunctionError, Operand};
use crate::ids;
use crate::limits::MAX_DEPTH;
use crate::model::{Designator, PolicyReference, PolicyTree, Variable};
use crate::request::Request;
use crate::response::MissingAttribute;
use crate::value::{Date, DateTime, Time, Value};
use crate::xpath::Content;

/// One evaluation.
pub(crate) struct Context<'a> {
    evaluator: &'a Evaluator<'a>,
    request: &'a Request,
    remaining: Cell<u64>,
    /// Policies being evaluated, the outermost first.
    open: RefCell<Vec<&'a PolicyTree>>,
    /// Patterns that are ready, or cannot be.
    patterns: RefCell<BTreeMap<String, Result<Pattern, FunctionError>>>,
    /// The content of categories that has been looked into, or why it cannot be.
    contents: RefCell<BTreeMap<String, Result<Rc<Content>, EvaluationError>>>,
    /// What is written down, if the evaluation is to be explained.
    record: Option<RefCell<Record>>,
}

impl<'a> Context<'a> {
    pub(crate) fn new(evaluator: &'a Evaluator<'a>, request: &'a Request) -> Self {
        Self {
            evaluator,
            request,
            remaining: Cell::new(evaluator.steps),
            open: RefCell::new(Vec::new()),
            patterns: RefCell::new(BTreeMap::new()),
            contents: RefCell::new(BTreeMap::new()),
            record: None,
        }
    }

    /// An evaluation that is to be explained.
    pub(super) fn explained(evaluator: &'a Evaluator<'a>, request: &'a Request) -> Self {
        Self { record: Some(RefCell::new(Record::new())), ..Self::new(evaluator, request) }
    }

    /// Whether there are attributes from outside of the request.
    pub(crate) const fn has_source(&self) -> bool {
        self.evaluator.source.is_some()
    }

    /// Whether the answer is to name the policies that applied.
    pub(crate) const fn wants_policies(&self) -> bool {
        self.request.return_policies
    }

    /// Writes something down, if the evaluation is to be explained.
    pub(super) fn record(&self, write: impl FnOnce(&mut Record)) {
        if let Some(record) = &self.record {
            write(&mut record.borrow_mut());
        }
    }

    /// What was written down.
    pub(super) fn into_explanation(self) -> Explanation {
        let record = self.record.map_or_else(Record::new, RefCell::into_inner);
        record.into_explanation()
    }

    /// Counts a step.
    pub(crate) fn step(&self) -> Result<(), EvaluationError> {
        self.steps(1)
    }

    pub(crate) fn steps(&self, count: u64) -> Result<(), EvaluationError> {
        let remaining =
            self.remaining.get().checked_sub(count).ok_or(EvaluationError::TooManySteps)?;
        self.remaining.set(remaining);
        Ok(())
    }

    /// Applies a function.
    pub(crate) fn call(
        &self,
        function: Function,
        operands: &[Operand<'_>],
    ) -> Result<Evaluated, EvaluationError> {
        self.steps(cost::of(function, operands))?;
        if let Function::Node(function) = function {
            return self.call_on_nodes(function, operands);
        }
        if let (
            Function::Pattern(_),
            [Operand::Value(Value::String(pattern)), Operand::Value(value)],
        ) = (function, operands)
        {
            return Ok(Evaluated::truth(self.pattern(pattern)?.matches(value)));
        }
        Ok(function.apply(operands)?)
    }

    /// A pattern, made ready once.
    fn pattern(&self, pattern: &str) -> Result<Pattern, EvaluationError> {
        if let Some(known) = self.patterns.borrow().get(pattern) {
            return Ok(known.clone()?);
        }
        self.steps(cost::PATTERN)?;
        let compiled = Pattern::compile(pattern);
        self.patterns.borrow_mut().insert(pattern.to_owned(), compiled.clone());
        Ok(compiled?)
    }

    /// The values a designator means (sections 7.3.4 to 7.3.6): those of the request, else the time
    /// of the decision, else those of the source.
    pub(crate) fn values(
        &self,
        wanted: &Designator,
    ) -> Result<Vec<Cow<'a, Value>>, EvaluationError> {
        self.steps(cost::looking_up(self.request, wanted))?;
        let matching = |value: &Value| value.data_type() == wanted.data_type;
        let mut origin = Origin::Request;
        let mut values: Vec<Cow<'a, Value>> =
            self.request.matching(wanted).map(Cow::Borrowed).collect();
        if values.is_empty() {
            origin = Origin::Time;
            values.extend(self.current(wanted).filter(matching).map(Cow::Owned));
        }
        if values.is_empty() {
            origin = Origin::Source;
            if let Some(source) = self.evaluator.source {
                let supplied = source.values(wanted).map_err(EvaluationError::Source)?;
                values.extend(supplied.into_iter().filter(matching).map(Cow::Owned));
            }
        }
        self.record(|record| {
            let origin = if values.is_empty() { Origin::Nowhere } else { origin };
            let found = values.iter().map(|value| value.as_ref().clone()).collect();
            record.attribute(wanted, origin, found);
        });
        if values.is_empty() && wanted.must_be_present {
            return Err(EvaluationError::MissingAttribute(MissingAttribute::of(wanted)));
        }
        Ok(values)
    }

    /// The content of a category, parsed once.
    pub(super) fn content(&self, category: &str) -> Result<Option<Rc<Content>>, EvaluationError> {
        if let Some(known) = self.contents.borrow().get(category) {
            return known.clone().map(Some);
        }
        let mut sent = self.request.categories.iter().filter(|sent| sent.category == category);
        let Some(text) = sent.find_map(|sent| sent.content.as_deref()) else { return Ok(None) };
        self.steps(cost::parsing(text))?;
        let content = Content::parse(text)
            .map(Rc::new)
            .map_err(|reason| EvaluationError::Content { category: category.to_owned(), reason });
        self.contents.borrow_mut().insert(category.to_owned(), content.clone());
        content.map(Some)
    }

    /// The time of the decision, if that is what is wanted.
    fn current(&self, wanted: &Designator) -> Option<Value> {
        if wanted.category != ids::ENVIRONMENT || wanted.issuer.is_some() {
            return None;
        }
        let now = &self.evaluator.now;
        match wanted.id.as_str() {
            ids::CURRENT_TIME => Some(Value::Time(Time::of(now))),
            ids::CURRENT_DATE => Date::of(now).map(Value::Date),
            ids::CURRENT_DATE_TIME => DateTime::of(now).map(Value::DateTime),
            _ => None,
        }
    }

    /// The policy a reference points at.
    pub(super) fn resolve(
        &self,
        reference: &PolicyReference,
    ) -> Result<&'a PolicyTree, EvaluationError> {
        let unknown = || EvaluationError::UnknownPolicy(reference.id.clone());
        let policies = self.evaluator.policies.ok_or_else(unknown)?;
        let found = policies.find(reference).ok_or_else(unknown)?;
        let open = self.open.borrow();
        let again = |tree: &&PolicyTree| {
            tree.kind() == found.kind()
                && tree.id() == found.id()
                && tree.version() == found.version()
        };
        if open.iter().any(again) {
            return Err(EvaluationError::CircularReference(reference.id.clone()));
        }
        Ok(found)
    }

    /// Evaluates within a policy.
    pub(super) fn within<T>(
        &self,
        tree: &'a PolicyTree,
        evaluate: impl FnOnce() -> T,
    ) -> Result<T, EvaluationError> {
        self.step()?;
        if self.open.borrow().len() >= MAX_DEPTH {
            return Err(EvaluationError::TooDeep);
        }
        self.open.borrow_mut().push(tree);
        let result = evaluate();
        self.open.borrow_mut().pop();
        Ok(result)
    }
}

/// The variables of the policy being evaluated; each is evaluated once, when it is first needed.
pub(crate) struct Scope<'c, 'a> {
    pub(super) context: &'c Context<'a>,
    variables: &'a [Variable],
    /// What is known of them; nothing before the first is needed.
    known: RefCell<Vec<Option<Result<Evaluated, EvaluationError>>>>,
}

impl<'c, 'a> Scope<'c, 'a> {
    pub(crate) const fn new(context: &'c Context<'a>, variables: &'a [Variable]) -> Self {
        Self { context, variables, known: RefCell::new(Vec::new()) }
    }

    /// The value of a variable (section 7.8).
    pub(super) fn variable(&self, index: usize) -> Result<Evaluated, EvaluationError> {
        if let Some(Some(known)) = self.known.borrow().get(index) {
            return known.clone();
        }
        // INVARIANT: the loader gives only positions of variables that do not depend on the one
        // they occur in.
        let variable = self.variables.get(index).ok_or(FunctionError::Mismatch)?;
        let result = self.evaluate(&variable.expression);
        let mut known = self.known.borrow_mut();
        known.resize(self.variables.len(), None);
        if let Some(slot) = known.get_mut(index) {
            *slot = Some(result.clone());
        }
        result
    }
}
