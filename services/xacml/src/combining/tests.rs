use std::cell::Cell;

use super::*;
use crate::evaluate::EvaluationError;
use crate::model::NoticeKind;
use crate::response::Notice;

const LETTERS: [(char, ExtendedDecision); 6] = [
    ('P', ExtendedDecision::Permit),
    ('D', ExtendedDecision::Deny),
    ('N', ExtendedDecision::NotApplicable),
    ('d', ExtendedDecision::IndeterminateD),
    ('p', ExtendedDecision::IndeterminateP),
    ('x', ExtendedDecision::IndeterminateDP),
];

fn letter(decision: ExtendedDecision) -> char {
    LETTERS.iter().find(|(_, known)| *known == decision).expect("a letter").0
}

fn decision(letter: char) -> ExtendedDecision {
    LETTERS.iter().find(|(known, _)| *known == letter).expect("a decision").1
}

fn combined(algorithm: CombiningAlgorithm, children: &str) -> char {
    let children: Vec<char> = children.chars().collect();
    letter(
        combine(algorithm, children.len(), &|at| Outcome::plain(decision(children[at]))).decision,
    )
}

/// Rows: the first child's decision; columns: the second child's; both in the order P D N d p x.
fn check(algorithm: CombiningAlgorithm, table: [&str; 6]) {
    for ((first, _), row) in LETTERS.iter().zip(table) {
        for ((second, _), expected) in LETTERS.iter().zip(row.chars()) {
            let found = combined(algorithm, &format!("{first}{second}"));
            assert_eq!(found, expected, "{algorithm:?} of {first} and {second}");
        }
    }
}

#[test]
fn deny_overrides_follows_its_table() {
    let algorithm = CombiningAlgorithm::DenyOverrides;
    check(algorithm, ["PDPxPx", "DDDDDD", "PDNdpx", "xDddxx", "PDpxpx", "xDxxxx"]);
    assert_eq!(combined(algorithm, ""), 'N');
    assert_eq!(combined(algorithm, "PpdD"), 'D');
}

#[test]
fn permit_overrides_follows_its_table() {
    let algorithm = CombiningAlgorithm::PermitOverrides;
    check(algorithm, ["PPPPPP", "PDDDxx", "PDNdpx", "PDddxx", "Pxpxpx", "Pxxxxx"]);
    assert_eq!(combined(algorithm, ""), 'N');
    assert_eq!(combined(algorithm, "DdpP"), 'P');
}

#[test]
fn deny_unless_permit_follows_its_table() {
    let algorithm = CombiningAlgorithm::DenyUnlessPermit;
    check(algorithm, ["PPPPPP", "PDDDDD", "PDDDDD", "PDDDDD", "PDDDDD", "PDDDDD"]);
    assert_eq!(combined(algorithm, ""), 'D');
}

#[test]
fn permit_unless_deny_follows_its_table() {
    let algorithm = CombiningAlgorithm::PermitUnlessDeny;
    check(algorithm, ["PDPPPP", "DDDDDD", "PDPPPP", "PDPPPP", "PDPPPP", "PDPPPP"]);
    assert_eq!(combined(algorithm, ""), 'P');
}

#[test]
fn first_applicable_follows_its_table() {
    let algorithm = CombiningAlgorithm::FirstApplicable;
    check(algorithm, ["PPPPPP", "DDDDDD", "PDNxxx", "xxxxxx", "xxxxxx", "xxxxxx"]);
    assert_eq!(combined(algorithm, ""), 'N');
}

#[test]
fn the_legacy_algorithms_for_rules_follow_their_tables() {
    check(
        CombiningAlgorithm::LegacyRuleDenyOverrides,
        ["PDPxPx", "DDDDDD", "PDNxxx", "xDxxxx", "PDxxxx", "xDxxxx"],
    );
    check(
        CombiningAlgorithm::LegacyRulePermitOverrides,
        ["PPPPPP", "PDDDxx", "PDNxxx", "PDxxxx", "Pxxxxx", "Pxxxxx"],
    );
}

#[test]
fn the_legacy_algorithms_for_policies_follow_their_tables() {
    check(
        CombiningAlgorithm::LegacyPolicyDenyOverrides,
        ["PDPDDD", "DDDDDD", "PDNDDD", "DDDDDD", "DDDDDD", "DDDDDD"],
    );
    check(
        CombiningAlgorithm::LegacyPolicyPermitOverrides,
        ["PPPPPP", "PDDDDD", "PDNxxx", "PDxxxx", "PDxxxx", "PDxxxx"],
    );
}

#[test]
fn on_permit_apply_second_takes_the_second_behind_a_permit_and_else_the_third() {
    let algorithm = CombiningAlgorithm::OnPermitApplySecond;
    check(algorithm, ["PDNdpx", "NNNNNN", "NNNNNN", "NNNNNN", "pppppp", "xxxxxx"]);
    for (first, expected) in
        [('P', 'D'), ('D', 'p'), ('N', 'p'), ('d', 'p'), ('p', 'p'), ('x', 'x')]
    {
        assert_eq!(combined(algorithm, &format!("{first}Dp")), expected, "{first}");
    }
}

#[test]
fn children_are_not_evaluated_beyond_the_one_that_decides() {
    for (algorithm, children, expected) in [
        (CombiningAlgorithm::DenyOverrides, "PDP", 2),
        (CombiningAlgorithm::PermitOverrides, "DPD", 2),
        (CombiningAlgorithm::FirstApplicable, "NDP", 2),
        (CombiningAlgorithm::DenyUnlessPermit, "PDD", 1),
        (CombiningAlgorithm::PermitUnlessDeny, "PPP", 3),
        (CombiningAlgorithm::OnPermitApplySecond, "DPP", 2),
    ] {
        let evaluated = Cell::new(0);
        let letters: Vec<char> = children.chars().collect();
        combine(algorithm, letters.len(), &|at| {
            evaluated.set(evaluated.get() + 1);
            Outcome::plain(decision(letters[at]))
        });
        assert_eq!(evaluated.get(), expected, "{algorithm:?}");
    }
}

fn with_notice(letter: char, id: &str) -> Outcome {
    let notice = Notice { id: id.to_owned(), assignments: Vec::new() };
    Outcome { notices: vec![(NoticeKind::Obligation, notice)], ..Outcome::plain(decision(letter)) }
}

#[test]
fn only_notices_of_children_that_decided_the_same_are_passed_on() {
    let children =
        [with_notice('P', "first"), with_notice('D', "second"), with_notice('P', "third")];
    let outcome =
        combine(CombiningAlgorithm::DenyOverrides, children.len(), &|at| children[at].clone());
    let ids: Vec<_> = outcome.notices.iter().map(|(_, notice)| notice.id.as_str()).collect();
    assert_eq!((outcome.decision, ids), (ExtendedDecision::Deny, vec!["second"]));

    let children =
        [with_notice('P', "first"), with_notice('N', "second"), with_notice('P', "third")];
    let outcome =
        combine(CombiningAlgorithm::DenyOverrides, children.len(), &|at| children[at].clone());
    let ids: Vec<_> = outcome.notices.iter().map(|(_, notice)| notice.id.as_str()).collect();
    assert_eq!((outcome.decision, ids), (ExtendedDecision::Permit, vec!["first", "third"]));
}

#[test]
fn an_error_that_was_overcome_is_not_reported_further_up() {
    let failed = Outcome::failed(ExtendedDecision::IndeterminateP, EvaluationError::TooDeep);
    let overcome = combine(CombiningAlgorithm::DenyUnlessPermit, 1, &|_| failed.clone());
    let later =
        Outcome::failed(ExtendedDecision::IndeterminateDP, EvaluationError::SeveralApplicable);
    let children = [overcome, later];
    let outcome =
        combine(CombiningAlgorithm::PermitOverrides, children.len(), &|at| children[at].clone());
    assert_eq!(outcome.errors, vec![EvaluationError::SeveralApplicable]);
}
