//! What parties ask each other for.

use fullmakt_events::{
    MandateAskId, PackageUrn, PartyId, Right, Timestamp, Validity, event::MandateEvent,
};

use crate::{EntityKey, Keyed, Place, ReadModel, sql::statements};

statements! { "mandate_asks":
    /// Creates the table.
    CREATE = "create",
    /// Adds its keys and indexes.
    INDEX = "index",
    /// The rows of entities that still hold.
    LOAD = "load",
    /// Adds rows.
    INSERT = "insert",
    /// One ask.
    BY_ENTITY = "by_entity",
    /// What a party is asked for.
    BY_FROM = "by_from",
    /// What a party asks for.
    BY_TO = "by_to",
}

/// How far an ask has come. That it has expired follows from when it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AskStatus {
    /// It waits for an answer.
    Pending,
    /// The answer was yes, to all of it or a part.
    Approved,
    /// The answer was no.
    Rejected,
    /// It was taken back.
    Withdrawn,
}

/// What one party asks another for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MandateAskRow {
    /// The ask.
    pub id: MandateAskId,
    /// Who is asked.
    pub from_party: PartyId,
    /// Who asks.
    pub to_party: PartyId,
    /// The access packages.
    pub access_packages: Vec<PackageUrn>,
    /// The single rights.
    pub rights: Vec<Right>,
    /// When they are to count.
    pub validity: Validity,
    /// How far it has come.
    pub status: AskStatus,
    /// Who asked for the party that asks.
    pub asked_by: PartyId,
    /// When it was made.
    pub asked: Timestamp,
    /// Who answered it or took it back.
    pub answered_by: Option<PartyId>,
    /// When that was.
    pub answered: Option<Timestamp>,
}

/// What happens to an ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MandateAskChange {
    /// It was made.
    Asked(Box<MandateAskRow>),
    /// It was answered or taken back.
    Answered {
        /// How.
        status: AskStatus,
        /// By whom.
        by: PartyId,
        /// When.
        at: Timestamp,
    },
}

/// The table `mandate_asks`.
#[derive(Debug)]
pub struct MandateAsks;

impl ReadModel for MandateAsks {
    type Row = MandateAskRow;
    type Change = MandateAskChange;

    const NAME: &'static str = "mandate_asks";
    const CREATE: crate::Statement = CREATE;
    const INDEX: crate::Statement = INDEX;
    const LOAD: crate::Statement = LOAD;
    const INSERT: crate::Statement = INSERT;

    fn apply(row: Option<&MandateAskRow>, change: &MandateAskChange) -> Option<MandateAskRow> {
        match change {
            MandateAskChange::Asked(asked) => Some((**asked).clone()),
            MandateAskChange::Answered { status, by, at } => row.map(|row| MandateAskRow {
                status: *status,
                answered_by: Some(*by),
                answered: Some(*at),
                ..row.clone()
            }),
        }
    }
}

pub(crate) fn project(event: &MandateEvent, place: &Place) -> Option<Keyed<MandateAskChange>> {
    let at = place.ledger_time;
    let answered = |status, by| MandateAskChange::Answered { status, by, at };
    let (id, change) = match event {
        MandateEvent::Asked(asked) => {
            let row = MandateAskRow {
                id: asked.id,
                from_party: asked.from_party,
                to_party: asked.to_party,
                access_packages: asked.access_packages.clone(),
                rights: asked.rights.clone(),
                validity: asked.validity,
                status: AskStatus::Pending,
                asked_by: asked.by,
                asked: at,
                answered_by: None,
                answered: None,
            };
            (asked.id, MandateAskChange::Asked(Box::new(row)))
        }
        MandateEvent::AskApproved(approved) => {
            (approved.id, answered(AskStatus::Approved, approved.by))
        }
        MandateEvent::AskRejected(rejected) => {
            (rejected.id, answered(AskStatus::Rejected, rejected.by))
        }
        MandateEvent::AskWithdrawn(withdrawn) => {
            (withdrawn.id, answered(AskStatus::Withdrawn, withdrawn.by))
        }
        MandateEvent::Given(_) | MandateEvent::Changed(_) | MandateEvent::Revoked(_) => {
            return None;
        }
    };
    Some(Keyed { entity: EntityKey::new(id.uuid()), position: place.sequence.position, change })
}
