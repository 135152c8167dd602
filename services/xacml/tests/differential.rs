//! The compiled evaluator means what the reference evaluator means, on any policy and request.

#[cfg(test)]
mod differential {
    pub mod expressions;
    pub mod policies;
    pub mod requests;
}

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use differential::policies::{many, store, tree};
use differential::requests::{Source, now, request, source};
use fullmakt_xacml::{CompiledPolicy, Evaluation, Evaluator, PolicyStore, PolicyTree, Request};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// So many times as many cases as other laws are tried on; `PROPTEST_CASES` says how many those are.
fn runner(times: u32) -> TestRunner {
    let config = Config::default();
    TestRunner::new(Config { cases: times * config.cases, failure_persistence: None, ..config })
}

/// What both evaluators find, if it is the same.
fn both(
    policy: &PolicyTree,
    store: &PolicyStore,
    source: &Source,
    request: &Request,
) -> Result<Evaluation, TestCaseError> {
    let evaluator = Evaluator::new(now()).with_policies(store);
    let evaluator = match source {
        Source::None => evaluator,
        Source::Values(_) | Source::Fails => evaluator.with_source(source),
    };
    let reference = evaluator.evaluate(policy, request);
    let compiled = CompiledPolicy::new(policy.clone(), store.clone());
    prop_assert_eq!(&compiled.evaluate(&evaluator, request), &reference);
    let (explained, explanation) = compiled.explain(&evaluator, request);
    prop_assert_eq!(&explained, &reference);
    prop_assert_eq!(explanation.root.map(|root| root.decision), Some(reference.extended));
    Ok(reference)
}

/// What kind of case it was.
fn kinds(evaluation: &Evaluation) -> Vec<String> {
    let mut kinds =
        vec![format!("{:?}", evaluation.extended), format!("{:?}", evaluation.status.code)];
    for (kind, is_it) in [
        ("notices", !evaluation.obligations.is_empty() || !evaluation.advice.is_empty()),
        ("policies", !evaluation.policies.is_empty()),
        ("several missing", evaluation.status.missing.len() > 1),
    ] {
        if is_it {
            kinds.push(kind.to_owned());
        }
    }
    kinds
}

/// Everything that is to be reached is: a law that is tried on too little holds too easily.
#[test]
fn both_evaluators_find_the_same_in_every_kind_of_case() {
    let reached = RefCell::new(BTreeMap::<String, u32>::new());
    runner(12)
        .run(&(tree(), store(), source(), request()), |(policy, store, source, request)| {
            let evaluation = both(&policy, &store, &source, &request)?;
            for kind in kinds(&evaluation) {
                *reached.borrow_mut().entry(kind).or_default() += 1;
            }
            Ok(())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
    let reached = reached.into_inner();
    for kind in [
        "Permit",
        "Deny",
        "NotApplicable",
        "IndeterminateD",
        "IndeterminateP",
        "IndeterminateDP",
        "Ok",
        "MissingAttribute",
        "SyntaxError",
        "ProcessingError",
        "notices",
        "policies",
        "several missing",
    ] {
        assert!(reached.contains_key(kind), "{kind} was not reached: {reached:?}");
    }
}

/// Where there are so many policies and rules that most are left out.
#[test]
fn both_evaluators_find_the_same_among_many() {
    runner(2)
        .run(&(many(), source(), request()), |(policy, source, request)| {
            both(&policy, &PolicyStore::new(), &source, &request).map(|_| ())
        })
        .unwrap_or_else(|failure| panic!("{failure}"));
}

proptest! {
    #[test]
    fn the_order_in_which_policies_were_loaded_changes_nothing(
        policy in tree(),
        trees in prop::collection::vec(tree(), 0..4),
        request in request(),
    ) {
        let evaluator = Evaluator::new(now());
        let mut forward = PolicyStore::new();
        // Of two with one name the later replaces the earlier.
        for tree in &trees {
            if !forward.has(tree) {
                forward.insert(tree.clone());
            }
        }
        let mut backward = PolicyStore::new();
        forward.trees().into_iter().rev().for_each(|tree| backward.insert(tree.clone()));
        let one = CompiledPolicy::new(policy.clone(), forward).evaluate(&evaluator, &request);
        let other = CompiledPolicy::new(policy, backward).evaluate(&evaluator, &request);
        prop_assert_eq!(one, other);
    }

    #[test]
    fn threads_share_a_policy_and_find_the_same(policy in tree(), request in request()) {
        let compiled = CompiledPolicy::new(policy, Arc::<PolicyStore>::default());
        let evaluate = || compiled.evaluate(&Evaluator::new(now()), &request);
        let alone = evaluate();
        std::thread::scope(|scope| {
            let others: Vec<_> = (0..3).map(|_| scope.spawn(evaluate)).collect();
            for other in others {
                prop_assert_eq!(&other.join().expect("a thread"), &alone);
            }
            Ok(())
        })?;
    }
}
