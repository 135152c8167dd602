//! One question, from what was sent to a logged answer.

use std::sync::Arc;

use fullmakt_access::record::RecordedRequest;
use fullmakt_events::{ActorKind, DecisionId};
use fullmakt_http::{ConsistencyToken, InputError, MinPosition, Problem, ProblemType, RequestId};
use fullmakt_pep::Caller;
use fullmakt_xacml::Decision;
use uuid::Uuid;

use super::{
    answer::AuthzenDecision,
    attributes::question,
    entities::{Lookup, policy_context, registered},
    model::{Evaluation, Place},
    options::Options,
};
use crate::{
    Asked, Generation, PdpState,
    explain::{DecisionReason, Explain},
    identify::{IdentifyError, Persons},
    routes::{AUTHORIZE, AUTHORIZE_ADMIN, Reach, unlogged},
};

/// Who asks, and how.
pub(super) struct Asking {
    pub(super) state: PdpState,
    pub(super) caller: Caller,
    pub(super) reach: Reach,
    pub(super) request_id: RequestId,
    pub(super) min_position: MinPosition,
    pub(super) explain: Explain,
}

/// A question that was read, and how it is to be answered.
pub(super) struct Prepared {
    evaluation: Evaluation,
    options: Options,
}

impl Prepared {
    /// Reads a question.
    pub(super) fn read(place: Place<'_>) -> Result<Self, InputError> {
        let mut evaluation = place.evaluation()?;
        let options = Options::take(&mut evaluation.context)?;
        Ok(Self { evaluation, options })
    }
}

impl Asking {
    /// Whether the caller may ask, and about what.
    pub(super) fn new(
        state: PdpState,
        caller: Caller,
        request_id: RequestId,
        min_position: MinPosition,
        explain: Explain,
    ) -> Result<Self, Problem> {
        caller.require_platform_or_scope(&[AUTHORIZE, AUTHORIZE_ADMIN])?;
        explain.check(&caller)?;
        let reach = Reach::of(&caller)?;
        Ok(Self { state, caller, reach, request_id, min_position, explain })
    }

    /// The generation to answer from: at least at the positions that the headers and the context
    /// insist on.
    pub(super) async fn generation(
        &self,
        in_context: impl IntoIterator<Item = ConsistencyToken>,
    ) -> Result<Arc<Generation>, Problem> {
        let decisions = &self.state.decisions;
        let mut newest = decisions.at_least(self.min_position).await?;
        for token in in_context {
            newest = decisions.at_least(MinPosition(Some(token))).await?;
        }
        Ok(newest)
    }

    /// The generation to answer these questions from, if the caller may ask all of them.
    pub(super) async fn generation_for(
        &self,
        all: &[&Prepared],
    ) -> Result<Arc<Generation>, Problem> {
        for prepared in all {
            self.explain(prepared.options).check(&self.caller)?;
        }
        let mut tokens: Vec<_> =
            all.iter().filter_map(|prepared| prepared.options.min_position).collect();
        tokens.sort_by_key(|token| (token.ledger, token.position));
        tokens.dedup();
        let generation = self.generation(tokens).await?;
        let resources = all.iter().map(|prepared| &prepared.evaluation.resource);
        self.reach.check(&generation, resources.filter_map(registered))?;
        Ok(generation)
    }

    /// Answers a question, and logs the answer.
    pub(super) async fn answer(
        &self,
        generation: &Generation,
        prepared: &Prepared,
    ) -> Result<AuthzenDecision, Problem> {
        let Prepared { evaluation, options } = prepared;
        let (asked, explain) = (self.asked(), self.explain(*options));
        let at = (asked.id, self.token(generation));
        let question = match self.question(generation, evaluation).await {
            Ok(question) => question,
            Err(IdentifyError::Vault(error)) => {
                return Err(Problem::opaque(ProblemType::Unavailable, &error));
            }
            Err(IdentifyError::Unidentified(unidentified)) => {
                let reason = DecisionReason::Unidentified(unidentified);
                let resource = registered(&evaluation.resource);
                let recorded = RecordedRequest {
                    resource: resource.map(|resource| resource.as_str().to_owned()),
                    ..RecordedRequest::default()
                };
                let decisions = &self.state.decisions;
                decisions
                    .undecided(generation, asked, recorded, reason.code())
                    .await
                    .map_err(|error| unlogged(&error))?;
                return Ok(AuthzenDecision::new(false, at, explain, reason, None));
            }
        };
        let decided = self.state.decisions.decide(generation, asked, &question).await;
        let access = decided.map_err(|error| unlogged(&error))?.access;
        let reason = DecisionReason::Decided(access.reason);
        let told = explain.full(generation, &question, &access);
        let is_permitted = access.decision == Decision::Permit;
        let answer = AuthzenDecision::new(is_permitted, at, explain, reason, told);
        Ok(answer.with_obligations(&access.obligations))
    }

    /// Answers a question of a batch that cannot be read, and logs that.
    pub(super) async fn unreadable(
        &self,
        generation: &Generation,
        error: &InputError,
    ) -> Result<AuthzenDecision, Problem> {
        let (asked, reason) = (self.asked(), DecisionReason::Unreadable);
        let at = (asked.id, self.token(generation));
        let recorded = RecordedRequest::default();
        let decisions = &self.state.decisions;
        let logged = decisions.undecided(generation, asked, recorded, reason.code()).await;
        logged.map_err(|error| unlogged(&error))?;
        Ok(AuthzenDecision::new(false, at, self.explain, reason, None).with_error(error))
    }

    /// How persons may be named.
    pub(super) fn lookup<'a>(&'a self, generation: &'a Generation) -> Lookup<'a> {
        let persons = match self.caller.kind {
            ActorKind::Platform => Persons::ByParty,
            ActorKind::SystemProvider
            | ActorKind::Person
            | ActorKind::SystemUser
            | ActorKind::Operator => Persons::ByNumber,
        };
        Lookup { generation, vault: &self.state.vault, persons }
    }

    /// The position that is answered from.
    pub(super) fn token(&self, generation: &Generation) -> ConsistencyToken {
        ConsistencyToken::new(self.state.decisions.ledger.id(), generation.graph.position())
    }

    /// Who asks, under an id of its own.
    pub(super) fn asked(&self) -> Asked {
        Asked {
            id: DecisionId::new(Uuid::now_v7()),
            caller: Some(self.caller.actor()),
            correlation: Some(self.request_id.as_str().to_owned()),
        }
    }

    /// What is explained: as the context says, or else the headers.
    fn explain(&self, options: Options) -> Explain {
        Explain { detail: options.detail.or(self.explain.detail), ..self.explain }
    }

    async fn question(
        &self,
        generation: &Generation,
        evaluation: &Evaluation,
    ) -> Result<fullmakt_access::Question, IdentifyError> {
        let Evaluation { subject, resource, action, context } = evaluation;
        let lookup = self.lookup(generation);
        let subject = lookup.subject(subject).await?;
        let known = lookup.resource(resource, context).await?;
        let context = policy_context(resource, context);
        let at = self.state.decisions.now();
        Ok(question(&subject, &known, action, &context, at))
    }
}
