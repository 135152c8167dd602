//! What computing a decision again says of its record.

use fullmakt_access::record::{DecisionRecord, DelegationRecord, ENGINE, STRICT};
use fullmakt_events::LedgerId;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// What computing again says.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Reproduction {
    /// The same.
    Match,
    /// Something else.
    Mismatch(Vec<Difference>),
    /// It cannot be computed again.
    Unverifiable(Obstacle),
}

/// A member of the record that is another one when it is computed again.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub(crate) struct Difference {
    /// Its name.
    pub(super) field: String,
    /// What the record has.
    #[schema(value_type = Object)]
    pub(super) recorded: Value,
    /// What it is when it is computed again.
    #[schema(value_type = Object)]
    pub(super) recomputed: Value,
}

/// Why a decision cannot be computed again. A stable code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Obstacle {
    /// Another version of the engine made it.
    EngineVersion,
    /// It was made in a mode of matching that this release does not have.
    MatchingMode,
    /// It was made on another ledger.
    AnotherLedger,
    /// The ledger has no such position.
    UnknownPosition,
    /// A policy that it names is not there.
    PolicyNotAvailable,
    /// A version of a catalogue that it names is not there.
    CatalogueNotAvailable,
    /// A national identity number was kept out of the record.
    PersonalDataWithheld,
    /// The request named what was not there, so that nothing was computed.
    NothingComputed,
    /// A page of a search: what it went through is in no read model.
    Search,
    /// The record is none that this release can read, or of a gap.
    RecordNotReadable,
}

impl Obstacle {
    /// The code in answers.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::EngineVersion => "engine-version",
            Self::MatchingMode => "matching-mode",
            Self::AnotherLedger => "another-ledger",
            Self::UnknownPosition => "unknown-position",
            Self::PolicyNotAvailable => "policy-not-available",
            Self::CatalogueNotAvailable => "catalogue-not-available",
            Self::PersonalDataWithheld => "personal-data-withheld",
            Self::NothingComputed => "nothing-computed",
            Self::Search => "search",
            Self::RecordNotReadable => "record-not-readable",
        }
    }
}

impl Reproduction {
    /// Compares a record with what it would be now, member by member.
    pub(super) fn comparing(recorded: impl Serialize, recomputed: impl Serialize) -> Self {
        let recorded = serde_json::to_value(recorded).unwrap_or_default();
        let recomputed = serde_json::to_value(recomputed).unwrap_or_default();
        let (Value::Object(recorded), Value::Object(mut recomputed)) = (recorded, recomputed)
        else {
            return Self::Unverifiable(Obstacle::RecordNotReadable);
        };
        let mut differences = Vec::new();
        for (field, recorded) in recorded {
            let recomputed = recomputed.remove(&field).unwrap_or_default();
            if recorded != recomputed {
                differences.push(Difference { field, recorded, recomputed });
            }
        }
        if differences.is_empty() { Self::Match } else { Self::Mismatch(differences) }
    }
}

/// Whether this release can compute a decision again at all.
pub(super) fn obstacle_to_decision(record: &DecisionRecord, own: LedgerId) -> Option<Obstacle> {
    if record.withheld > 0 {
        return Some(Obstacle::PersonalDataWithheld);
    }
    if record.matching != STRICT {
        return Some(Obstacle::MatchingMode);
    }
    obstacle(&record.engine, record.ledger, own)
}

/// The same of a delegation check.
pub(super) fn obstacle_to_delegation(record: &DelegationRecord, own: LedgerId) -> Option<Obstacle> {
    obstacle(&record.engine, record.ledger, own)
}

fn obstacle(engine: &str, ledger: LedgerId, own: LedgerId) -> Option<Obstacle> {
    if engine != ENGINE {
        Some(Obstacle::EngineVersion)
    } else if ledger != own {
        Some(Obstacle::AnotherLedger)
    } else {
        None
    }
}
