use std::sync::Mutex;

use async_trait::async_trait;
use fullmakt_events::{ActorKind, PartyId, PartyNumber};

use super::*;
use crate::RepresentationAnswer;

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

    async fn represents(
        &self,
        _: PartyId,
        _: PartyRef,
    ) -> Result<RepresentationAnswer, DecisionPointError> {
        Err(DecisionPointError::NotFresh)
    }
}

fn answer(decision: Decision) -> AccessAnswer {
    AccessAnswer {
        decision,
        decision_id: ID,
        position: Position::new(9),
        streams: vec!["system/a".parse().unwrap()],
        minimum_auth_level: None,
        minimum_auth_level_org: None,
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
    let outcome = enforce(&point, caller, "read", resource, party, ID).await;
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
        let answer = AccessAnswer {
            minimum_auth_level: required,
            minimum_auth_level_org: required_org,
            ..answer(Decision::Permit)
        };
        let (outcome, _) = outcome(&caller, Ok(answer)).await;
        let case = (level, org_code, required, required_org);
        assert_eq!(outcome.is_ok(), is_allowed, "{case:?}");
    }
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
