//! From a question to a logged decision.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use fullmakt_access::{AccessDecision, Question, decide};
use fullmakt_events::{Actor, DecisionId, PartyId, Position, ResourceId, Timestamp};
use fullmakt_ledger::Ledger;
use fullmakt_pep::Clock;
use fullmakt_vault::NationalNumber;
use fullmakt_xacml::{Decision, Request, Value};
use metrics::{counter, histogram};
use serde_json::json;

use crate::{
    DecisionLog, Generation, Generations, LogError,
    record::{self, DecisionRecord, ENGINE},
};

/// What stands in a record for a national identity number.
const LEFT_OUT: &str = "[national identity number]";

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
        let record = DecisionRecord {
            id: asked.id,
            caller: asked.caller,
            correlation: asked.correlation,
            ledger: self.ledger.id(),
            position: generation.graph.position(),
            evaluated_at: question.at,
            engine: ENGINE,
            matching: "strict",
            request: request(question),
            policy: policy.map(|policy| policy.hash.clone()),
            catalogues: record::catalogues(generation),
            facts: record::fingerprint(&access.facts),
            decision: name(access.decision),
            obligations: record::obligations(&access.obligations),
            reason: access.reason.code(),
        };
        self.write(&record).await?;
        Ok(Decided { id: asked.id, position: record.position, access })
    }

    /// Logs that a question could not be decided, because it names what is not there.
    ///
    /// # Errors
    /// When the log has to take the record first and does not.
    pub(crate) async fn undecided(
        &self,
        generation: &Generation,
        asked: Asked,
        resource: Option<&ResourceId>,
        reason: &'static str,
    ) -> Result<(), LogError> {
        let record = DecisionRecord {
            id: asked.id,
            caller: asked.caller,
            correlation: asked.correlation,
            ledger: self.ledger.id(),
            position: generation.graph.position(),
            evaluated_at: self.now(),
            engine: ENGINE,
            matching: "strict",
            request: json!({ "resource": resource.map(ResourceId::as_str) }),
            policy: None,
            catalogues: record::catalogues(generation),
            facts: String::new(),
            decision: name(Decision::Indeterminate),
            obligations: json!([]),
            reason,
        };
        self.write(&record).await
    }

    async fn write(&self, record: &DecisionRecord) -> Result<(), LogError> {
        counter!("pdp_decisions_total", "decision" => record.decision).increment(1);
        self.log.write(record.id, record).await
    }
}

/// The name of a decision in records and answers.
pub(crate) const fn name(decision: Decision) -> &'static str {
    match decision {
        Decision::Permit => "Permit",
        Decision::Deny => "Deny",
        Decision::NotApplicable => "NotApplicable",
        Decision::Indeterminate => "Indeterminate",
    }
}

/// The request as the record holds it: attributes that identify persons were replaced by parties.
fn request(question: &Question) -> serde_json::Value {
    let subject = question.subject.map(|subject| match subject {
        fullmakt_access::Subject::Party(party) => json!({ "party": party }),
        fullmakt_access::Subject::SystemUser(user) => json!({ "system_user": user }),
    });
    json!({
        "subject": subject,
        "party": question.party.map(PartyId::uuid),
        "resource": question.resource.as_str(),
        "action": question.action,
        "attributes": attributes(&question.request),
    })
}

fn attributes(request: &Request) -> Vec<serde_json::Value> {
    request
        .categories
        .iter()
        .flat_map(|category| {
            category.attributes.iter().map(|attribute| {
                json!({
                    "category": category.category,
                    "id": attribute.id,
                    "issuer": attribute.issuer,
                    "values": attribute.values.iter().map(logged).collect::<Vec<_>>(),
                })
            })
        })
        .collect()
}

/// A value as the record holds it. A national identity number in an attribute that is not known to
/// name a person is left out: the log is kept for ever, and nobody could erase it there.
fn logged(value: &Value) -> String {
    let text = value.to_string();
    if text.parse::<NationalNumber>().is_ok() { LEFT_OUT.to_owned() } else { text }
}
