use std::sync::Mutex;

use async_trait::async_trait;
use fullmakt_events::{ActorKind, PartyNumber};

use super::*;

const ID: DecisionId = DecisionId::new(uuid::Uuid::from_u128(7));

/// A decision point that gives one answer and remembers the question.
struct Point {
    answer: Result<AccessAnswer, fn() -> DecisionPointError>,
    asked: Mutex<Option<AccessQuestion>>,
}

#[async_trait]
impl DecisionPoint for Point {
    async fn decide(&self, question: AccessQuestion) -> Result<AccessAnswer, DecisionPointError> {
        *self.asked.lock().unwrap() = Some(question);
        self.answer.clone().map_err(|error| error())
    }
}

fn answer(decision: Decision) -> AccessAnswer {
    AccessAnswer {
        decision,
        decision_id: ID,
        position: Position::new(9),
        streams: vec!["system/a".parse().unwrap()],
        obligations: Vec::new(),
        reason: String::new(),
    }
}

fn caller() -> Caller {
    Caller {
        kind: ActorKind::SystemProvider,
        issuer: "i".to_owned(),
        org: Some("319900101".parse().unwrap()),
        supplier: None,
        org_code: None,
        client_id: None,
        scopes: Vec::new(),
        person: None,
        system_user: None,
        app: None,
        auth_level: Some(3),
        authentication_method: None,
    }
}

async fn outcome(
    caller: &Caller,
    answer: Result<AccessAnswer, fn() -> DecisionPointError>,
) -> (Result<Allowed, AccessRefusal>, Option<AccessQuestion>) {
    let point = Point { answer, asked: Mutex::new(None) };
    let party = PartyRef::Number(PartyNumber::new(5));
    let resource: ResourceId = "r".parse().unwrap();
    let outcome = enforce(&point, caller, "read", resource, party, (MinPosition(None), ID)).await;
    (outcome, point.asked.into_inner().unwrap())
}

#[tokio::test]
async fn a_permit_lets_through_with_what_it_rests_on() {
    let (outcome, asked) = outcome(&caller(), Ok(answer(Decision::Permit))).await;
    let allowed = outcome.unwrap();
    assert_eq!(allowed.authorization(), Authorization { decision: ID, position: Position::new(9) });
    assert_eq!(allowed.streams(), ["system/a".parse().unwrap()]);
    let expected = AccessQuestion {
        subject: Subject::Org("319900101".parse().unwrap()),
        action: "read".to_owned(),
        resource: "r".parse().unwrap(),
        party: PartyRef::Number(PartyNumber::new(5)),
        auth_level: Some(3),
        min_position: None,
        ask_id: ID,
    };
    assert_eq!(asked, Some(expected));
}

#[tokio::test]
async fn everything_but_a_permit_denies() {
    for decision in [Decision::Deny, Decision::NotApplicable, Decision::Indeterminate] {
        let (outcome, _) = outcome(&caller(), Ok(answer(decision))).await;
        let problem = Problem::from(outcome.unwrap_err());
        assert_eq!(problem.kind(), ProblemType::Forbidden, "{decision:?}");
    }
}

#[tokio::test]
async fn no_answer_denies_and_is_503() {
    let not_fresh: fn() -> DecisionPointError = || DecisionPointError::NotFresh;
    let down: fn() -> DecisionPointError =
        || DecisionPointError::Unavailable("connection refused".into());
    for (error, kind) in [(not_fresh, ProblemType::NotFresh), (down, ProblemType::Unavailable)] {
        let (outcome, _) = outcome(&caller(), Err(error)).await;
        assert_eq!(Problem::from(outcome.unwrap_err()).kind(), kind);
    }
}

#[tokio::test]
async fn a_permit_is_only_for_its_authentication_level() {
    for (level, org_code, required, required_org, is_allowed) in [
        (Some(3), None, Some(3), None, true),
        (Some(2), None, Some(3), None, false),
        (None, None, Some(1), None, false),
        (None, None, Some(0), None, true),
        (Some(2), Some("skd"), Some(3), Some(2), true),
        (Some(2), Some("skd"), Some(2), Some(3), false),
        (Some(2), Some("skd"), Some(3), None, false),
        (Some(2), None, Some(3), Some(2), false),
        (Some(2), None, None, Some(3), true),
    ] {
        let caller =
            Caller { auth_level: level, org_code: org_code.map(str::to_owned), ..caller() };
        let levels = required.map(Obligation::MinimumAuthLevel).into_iter();
        let levels = levels.chain(required_org.map(Obligation::MinimumAuthLevelOrg));
        let answer = AccessAnswer { obligations: levels.collect(), ..answer(Decision::Permit) };
        let (outcome, _) = outcome(&caller, Ok(answer)).await;
        let case = (level, org_code, required, required_org);
        assert_eq!(outcome.is_ok(), is_allowed, "{case:?}");
    }
}

#[tokio::test]
async fn of_several_levels_the_highest_counts() {
    for (levels, is_allowed) in [([2, 3], true), ([3, 4], false), ([4, 3], false)] {
        let obligations = levels.map(Obligation::MinimumAuthLevel).to_vec();
        let answer = AccessAnswer { obligations, ..answer(Decision::Permit) };
        let (outcome, _) = outcome(&caller(), Ok(answer)).await;
        assert_eq!(outcome.is_ok(), is_allowed, "{levels:?}");
    }
}

#[tokio::test]
async fn a_permit_with_an_obligation_that_is_not_understood_denies() {
    let obligations =
        vec![Obligation::MinimumAuthLevel(3), Obligation::Unknown("urn:other".to_owned())];
    let answer = AccessAnswer { obligations, ..answer(Decision::Permit) };
    let (outcome, _) = outcome(&caller(), Ok(answer)).await;
    let refusal = outcome.unwrap_err();
    assert!(matches!(refusal, AccessRefusal::UnknownObligation { .. }), "{refusal:?}");
    assert_eq!(refusal.decision(), Some(ID));
    assert_eq!(Problem::from(refusal).kind(), ProblemType::Forbidden);
}

#[tokio::test]
async fn a_position_that_the_ledger_has_not_is_the_callers_mistake() {
    let (outcome, _) = outcome(&caller(), Err(|| DecisionPointError::NoSuchPosition)).await;
    assert_eq!(Problem::from(outcome.unwrap_err()).kind(), ProblemType::PositionBeyondEnd);
}

#[tokio::test]
async fn nobody_is_not_asked_about() {
    for caller in [
        Caller { kind: ActorKind::Platform, ..caller() },
        Caller { org: None, ..caller() },
        Caller { kind: ActorKind::SystemUser, ..caller() },
        Caller { kind: ActorKind::Person, ..caller() },
    ] {
        let (outcome, asked) = outcome(&caller, Ok(answer(Decision::Permit))).await;
        assert!(matches!(outcome, Err(AccessRefusal::NoSubject)), "{caller:?}");
        assert_eq!(asked, None);
    }
}
