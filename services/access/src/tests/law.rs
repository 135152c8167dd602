//! The law of the collected facts: what is permitted is what the list of events says.
//!
//! `oracle.rs` decides the same questions in the plainest way, walking through all that has happened,
//! for one policy whose meaning it knows.

mod oracle;

use std::cell::Cell;

use fullmakt_xacml::Decision;
use proptest::{
    collection::vec,
    prelude::any,
    test_runner::{Config, RngAlgorithm, TestRng, TestRunner},
};

use super::{
    consulted::{LINKED, PACKAGES, RESOURCE, START, Seed, ask, happen},
    world::{TestRule, now, policy},
};
use crate::Question;
use oracle::Oracle;

const PACKAGE: &str = "urn:altinn:accesspackage";
const THREE_YEARS: i64 = 3 * 365 * 24 * 60 * 60;

/// Reading takes one package, writing either of two, and signing a right in the rights registry.
fn rules() -> [TestRule; 4] {
    [
        TestRule::permit("read", Some((PACKAGE, PACKAGES[0]))),
        TestRule::permit("write", Some((PACKAGE, PACKAGES[1]))),
        TestRule::permit("write", Some((PACKAGE, PACKAGES[2]))),
        TestRule::permit("sign", Some(("urn:resourceright:action", "read"))),
    ]
}

#[test]
fn what_is_permitted_is_what_the_list_of_events_says() {
    let (permitted, denied) = (Cell::new([0; 3]), Cell::new(0));
    let config = Config { cases: 3_000, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let strategy = (any::<bool>(), vec(any::<Seed>(), 0..50), vec(any::<(Seed, u8)>(), 24));
    TestRunner::new_with_rng(config, rng)
        .run(&strategy, |(is_linked, history, asked)| {
            let mut world = if is_linked { LINKED.clone() } else { START.clone() };
            for seed in history {
                happen(&mut world, seed);
            }
            world.has_policy(RESOURCE, &policy(RESOURCE, &rules()));
            let oracle = Oracle::new(&world.history);
            for (seed, time) in asked {
                let seconds = [-10, 0, 10, THREE_YEARS][usize::from(time % 4)];
                let question = Question { at: now().plus_seconds(seconds), ..ask(seed) };
                let decided = world.asked(&question);
                let expected = oracle.decides(&question);
                proptest::prop_assert_eq!(
                    decided.decision,
                    expected,
                    "{:?} {:?} for {:?} at {}: {:?}",
                    question.subject,
                    question.action,
                    question.party,
                    seconds,
                    decided.facts
                );
                count(&question.action, expected, &permitted, &denied);
            }
            Ok(())
        })
        .unwrap();
    // Each action is permitted now and then, and the gate is shut.
    assert!(permitted.get().iter().all(|count| *count > 100), "{:?}", permitted.get());
    assert!(denied.get() > 100, "{}", denied.get());
}

fn count(action: &str, decided: Decision, permitted: &Cell<[u32; 3]>, denied: &Cell<u32>) {
    match decided {
        Decision::Permit => {
            let mut counts = permitted.get();
            let place = ["read", "write", "sign"].iter().position(|own| *own == action).unwrap();
            counts[place] += 1;
            permitted.set(counts);
        }
        Decision::Deny => denied.set(denied.get() + 1),
        Decision::NotApplicable | Decision::Indeterminate => {}
    }
}
