//! The decision point for this product's own routes: the same decisions, asked in process.

use async_trait::async_trait;
use fullmakt_access::{Question, Subject, check_representation};
use fullmakt_events::{PartyId, StreamName};
use fullmakt_http::MinPosition;
use fullmakt_pep::{
    AccessAnswer, AccessQuestion, Decision, DecisionPoint, DecisionPointError, DelegationAnswer,
    DelegationPoint, DelegationQuestion, Obligation, PartyRef, RepresentationAnswer,
    RepresentationPoint,
};
use fullmakt_xacml::{
    Notice, Request,
    ids::{ACTION, ACTION_ID},
};

use crate::{Asked, Decisions, Generation, NotFresh};

/// The decision point in this process.
#[derive(Clone)]
pub struct LocalPoint(Decisions);

impl LocalPoint {
    /// Asks these decisions.
    #[must_use]
    pub const fn new(decisions: Decisions) -> Self {
        Self(decisions)
    }
}

#[async_trait]
impl DecisionPoint for LocalPoint {
    async fn decide(&self, asked: AccessQuestion) -> Result<AccessAnswer, DecisionPointError> {
        let generation = self.0.at_least(MinPosition(asked.min_position)).await?;
        let named = claims(&asked);
        let question = Question {
            subject: subject(&generation, &asked.subject),
            resource: asked.resource,
            action: asked.action.clone(),
            party: party(&generation, asked.party),
            at: self.0.now(),
            request: Request::new().with(ACTION, ACTION_ID, asked.action),
        };
        let by = Asked { id: asked.ask_id, caller: None, correlation: None };
        let decided = self
            .0
            .decide(&generation, by, &question)
            .await
            .map_err(|error| DecisionPointError::Unavailable(Box::new(error)))?;
        Ok(AccessAnswer {
            decision: match decided.access.decision {
                fullmakt_xacml::Decision::Permit => Decision::Permit,
                fullmakt_xacml::Decision::Deny => Decision::Deny,
                fullmakt_xacml::Decision::NotApplicable => Decision::NotApplicable,
                fullmakt_xacml::Decision::Indeterminate => Decision::Indeterminate,
            },
            decision_id: decided.id,
            position: decided.position,
            obligations: decided.access.obligations.iter().flat_map(obligations).collect(),
            reason: decided.access.reason.code().to_owned(),
            streams: decided.access.consulted.into_iter().chain(named).collect(),
        })
    }
}

#[async_trait]
impl RepresentationPoint for LocalPoint {
    async fn represents(
        &self,
        person: PartyId,
        asked: PartyRef,
    ) -> Result<RepresentationAnswer, DecisionPointError> {
        let generation = self.0.fresh()?;
        let claim = claim(asked);
        let check = party(&generation, asked)
            .map(|party| check_representation(&generation.graph, person, party, self.0.now()));
        let is_represented = check.as_ref().is_some_and(|check| check.is_represented);
        let consulted = check.into_iter().flat_map(|check| check.consulted);
        Ok(RepresentationAnswer {
            is_represented,
            position: generation.graph.position(),
            streams: consulted.chain(claim).collect(),
        })
    }
}

#[async_trait]
impl DelegationPoint for LocalPoint {
    async fn check(
        &self,
        asked: DelegationQuestion,
    ) -> Result<DelegationAnswer, DecisionPointError> {
        let generation = self.0.fresh()?;
        self.0
            .check_delegation(&generation, asked)
            .await
            .map_err(|error| DecisionPointError::Unavailable(Box::new(error)))
    }
}

fn obligations(notice: &Notice) -> Vec<Obligation> {
    let assignments = notice.assignments.iter();
    let assignments = assignments.map(|one| (one.category.as_deref(), one.value.to_string()));
    Obligation::read(&notice.id, assignments)
}

fn subject(generation: &Generation, subject: &fullmakt_pep::Subject) -> Option<Subject> {
    match subject {
        fullmakt_pep::Subject::Person(party) => Some(Subject::Party(*party)),
        fullmakt_pep::Subject::SystemUser(user) => Some(Subject::SystemUser(*user)),
        fullmakt_pep::Subject::Org(org) => generation.graph.party_of_org(*org).map(Subject::Party),
    }
}

fn party(generation: &Generation, party: PartyRef) -> Option<PartyId> {
    match party {
        PartyRef::Number(number) => generation.graph.party_of_number(number),
        PartyRef::Uuid(party) => Some(party),
        PartyRef::Org(org) => generation.graph.party_of_org(org),
    }
}

/// The streams that say whose the numbers in a question are. A number that is nobody's may be
/// somebody's later.
fn claims(asked: &AccessQuestion) -> Vec<StreamName> {
    let subject = match &asked.subject {
        fullmakt_pep::Subject::Org(org) => Some(StreamName::org(*org)),
        fullmakt_pep::Subject::Person(_) | fullmakt_pep::Subject::SystemUser(_) => None,
    };
    subject.into_iter().chain(claim(asked.party)).collect()
}

fn claim(party: PartyRef) -> Option<StreamName> {
    match party {
        PartyRef::Number(number) => Some(StreamName::party_number(number)),
        PartyRef::Org(org) => Some(StreamName::org(org)),
        PartyRef::Uuid(_) => None,
    }
}

impl From<NotFresh> for DecisionPointError {
    fn from(_: NotFresh) -> Self {
        Self::NotFresh
    }
}

#[cfg(test)]
mod tests;
