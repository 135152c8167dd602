//! Units and persons of the entity register.

use fullmakt_events::{
    PartyId, PartyNumber, Timestamp,
    event::{PartyEvent, PartyFacts},
};

use crate::{EntityKey, Keyed, Place, ReadModel, sql::statements};

statements! { "parties":
    /// Creates the table.
    CREATE = "create",
    /// Adds its keys and indexes.
    INDEX = "index",
    /// The rows of entities that still hold.
    LOAD = "load",
    /// Adds rows.
    INSERT = "insert",
    /// Some parties.
    BY_ENTITIES = "by_entities",
    /// The party with an integer id.
    BY_NUMBER = "by_number",
    /// The party with an organisation number.
    BY_ORG_NUMBER = "by_org_number",
    /// The sub-units of a unit.
    BY_PARENT = "by_parent",
}

/// A unit or person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyRow {
    /// The party.
    pub party: PartyId,
    /// Its integer id in the wire contract.
    pub number: PartyNumber,
    /// What the register says of it.
    pub facts: PartyFacts,
    /// When it was found deleted, if it is.
    pub deleted: Option<Timestamp>,
}

/// What happens to a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartyChange {
    /// It is known from now on.
    Registered(Box<PartyRow>),
    /// The register says something else of it.
    Changed {
        /// What it says.
        facts: Box<PartyFacts>,
        /// When that was.
        at: Timestamp,
    },
}

/// The table `parties`.
#[derive(Debug)]
pub struct Parties;

impl ReadModel for Parties {
    type Row = PartyRow;
    type Change = PartyChange;

    const NAME: &'static str = "parties";
    const CREATE: crate::Statement = CREATE;
    const INDEX: crate::Statement = INDEX;
    const LOAD: crate::Statement = LOAD;
    const INSERT: crate::Statement = INSERT;

    fn apply(row: Option<&PartyRow>, change: &PartyChange) -> Option<PartyRow> {
        match change {
            PartyChange::Registered(registered) => Some((**registered).clone()),
            PartyChange::Changed { facts, at } => row.map(|row| PartyRow {
                facts: (**facts).clone(),
                deleted: facts.is_deleted.then_some(row.deleted.unwrap_or(*at)),
                ..row.clone()
            }),
        }
    }
}

pub(crate) fn project(event: &PartyEvent, place: &Place) -> Option<Keyed<PartyChange>> {
    let (party, change) = match event {
        PartyEvent::Registered(registered) => {
            let row = PartyRow {
                party: registered.party,
                number: registered.number,
                facts: registered.facts.clone(),
                deleted: registered.facts.is_deleted.then_some(place.ledger_time),
            };
            (registered.party, PartyChange::Registered(Box::new(row)))
        }
        PartyEvent::Changed(changed) => {
            let (facts, at) = (Box::new(changed.facts.clone()), place.ledger_time);
            (changed.party, PartyChange::Changed { facts, at })
        }
        PartyEvent::RoleAssigned(_) | PartyEvent::RoleEnded(_) => return None,
    };
    Some(Keyed { entity: EntityKey::new(party.uuid()), position: place.sequence.position, change })
}
