//! The record of a search.

use std::{borrow::Cow, collections::BTreeMap};

use fullmakt_events::{Actor, DecisionId, LedgerId, Position, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One page of a search: what was asked, and what was found to be permitted. A page is one record,
/// and not one a candidate: nobody was given access yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SearchRecord {
    /// Its id.
    pub id: DecisionId,
    /// Who asked.
    pub caller: Option<Actor>,
    /// The request that it belongs to.
    pub correlation: Option<String>,
    /// The ledger.
    pub ledger: LedgerId,
    /// The position that it was computed at.
    pub position: Position,
    /// The time that it was made for.
    pub evaluated_at: Timestamp,
    /// The version of the engine's semantics.
    pub engine: Cow<'static, str>,
    /// The hash of each catalogue's version, by name.
    pub catalogues: BTreeMap<String, String>,
    /// The search.
    pub search: SearchMade,
}

/// The search.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SearchMade {
    /// What was asked, and for what.
    pub request: Value,
    /// The candidate that the page begins after.
    pub after: Option<String>,
    /// How many candidates were looked at.
    pub considered: usize,
    /// Those that are permitted.
    pub found: Vec<String>,
}
