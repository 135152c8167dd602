//! From a question to a logged decision.

use std::{
    borrow::Cow,
    sync::Arc,
    time::{Duration, Instant},
};

use fullmakt_access::{
    AccessDecision, Question, decide,
    record::{DecisionRecord, ENGINE, LogRecord, RecordedRequest, STRICT, catalogues, status},
};
use fullmakt_events::{Actor, DecisionId, Position, ResourceId, Timestamp};
use fullmakt_ledger::Ledger;
use fullmakt_pep::Clock;
use fullmakt_xacml::{Decision, StatusCode};
use metrics::{counter, histogram};
use serde_json::json;

use crate::{DecisionLog, Generation, Generations, LogError};

/// Makes decisions and logs them.
#[derive(Clone)]
pub struct Decisions {
    pub(crate) ledger: Ledger,
    pub(crate) generations: Generations,
    pub(crate) log: DecisionLog,
    clock: Clock,
    max_staleness: Duration,
}

/// The decision service does not know the present well enough to decide. It fails closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the newest record folded is older than {max_staleness:?}")]
pub struct NotFresh {
    /// How old it may be.
    pub max_staleness: Duration,
}

/// Who asks.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The id that the decision gets.
    pub id: DecisionId,
    /// The caller.
    pub caller: Option<Actor>,
    /// The request it belongs to.
    pub correlation: Option<String>,
}

/// A decision that is in the log.
#[derive(Debug, Clone)]
pub struct Decided {
    /// Its id.
    pub id: DecisionId,
    /// The position it was computed at.
    pub position: Position,
    /// The decision.
    pub access: AccessDecision,
}

impl Decisions {
    /// Decides on these generations.
    #[must_use]
    pub fn new(
        ledger: Ledger,
        generations: Generations,
        log: DecisionLog,
        clock: Clock,
        max_staleness: Duration,
    ) -> Self {
        Self { ledger, generations, log, clock, max_staleness }
    }

    /// The newest generation, if it is fresh.
    ///
    /// # Errors
    /// When it is not: nothing may be decided on it.
    pub fn fresh(&self) -> Result<Arc<Generation>, NotFresh> {
        if self.ledger.is_fresh(self.max_staleness, (self.clock)()) {
            Ok(self.generations.current())
        } else {
            Err(NotFresh { max_staleness: self.max_staleness })
        }
    }

    /// The time that decisions are made for: ledger time by now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.ledger.progress().ledger_time_now()
    }

    /// Decides and logs.
    ///
    /// # Errors
    /// When the log has to take the record first and does not.
    pub async fn decide(
        &self,
        generation: &Generation,
        asked: Asked,
        question: &Question,
    ) -> Result<Decided, LogError> {
        let policy = generation.policy(&question.resource);
        let began = Instant::now();
        let access = decide(&generation.graph, policy, question);
        histogram!("pdp_evaluate_seconds").record(began.elapsed().as_secs_f64());
        let resource = Some(&question.resource);
        let blank = self.blank(generation, asked, resource, RecordedRequest::of(question));
        let record = DecisionRecord {
            evaluated_at: question.at,
            policy: policy.map(|policy| policy.hash.clone()),
            ..blank.with_answer(&access)
        };
        let (id, position) = (record.id, record.position);
        self.write(record.decision.clone(), &LogRecord::Decision(record)).await?;
        Ok(Decided { id, position, access })
    }

    /// Logs that a request could not be decided about, because it names what is not there. `request`
    /// names persons by their parties, as far as they are known.
    ///
    /// # Errors
    /// When the log has to take the record first and does not.
    pub(crate) async fn undecided(
        &self,
        generation: &Generation,
        asked: Asked,
        request: RecordedRequest,
        reason: &'static str,
    ) -> Result<(), LogError> {
        let resource = request.resource.as_deref().and_then(|resource| resource.parse().ok());
        let record = DecisionRecord {
            reason: reason.into(),
            ..self.blank(generation, asked, resource.as_ref(), request)
        };
        self.write(record.decision.clone(), &LogRecord::Undecided(record)).await
    }

    /// The record of a request that nothing was decided about yet.
    fn blank(
        &self,
        generation: &Generation,
        asked: Asked,
        resource: Option<&ResourceId>,
        request: RecordedRequest,
    ) -> DecisionRecord {
        let node = resource.and_then(|resource| generation.graph.resource(resource));
        DecisionRecord {
            id: asked.id,
            caller: asked.caller,
            correlation: asked.correlation,
            ledger: self.ledger.id(),
            position: generation.graph.position(),
            evaluated_at: self.now(),
            engine: ENGINE.into(),
            matching: STRICT.into(),
            request,
            owner: node.map(|node| node.definition.owner),
            policy: None,
            catalogues: catalogues(&generation.graph),
            facts: String::new(),
            decision: Decision::Indeterminate.name().into(),
            status: status(StatusCode::SyntaxError).into(),
            obligations: json!([]),
            reason: "".into(),
            withheld: 0,
        }
    }

    async fn write(&self, decision: Cow<'static, str>, record: &LogRecord) -> Result<(), LogError> {
        counter!("pdp_decisions_total", "decision" => decision).increment(1);
        self.log.write(record).await
    }
}
