//! Who holds which role for whom.

use fullmakt_events::{PartyId, RoleUrn, event::PartyEvent};

use crate::{EntityKey, Keyed, Place, ReadModel, sql::statements};

statements! { "party_roles":
    /// Creates the table.
    CREATE = "create",
    /// Adds its keys and indexes.
    INDEX = "index",
    /// The rows of entities that still hold.
    LOAD = "load",
    /// Adds rows.
    INSERT = "insert",
    /// The roles that are held for a party.
    BY_PARTY = "by_party",
    /// The roles that somebody holds.
    BY_HOLDER = "by_holder",
}

/// A role that somebody holds for a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyRoleRow {
    /// The party that the role is held for.
    pub party: PartyId,
    /// The role.
    pub role: RoleUrn,
    /// The unit or person that holds it.
    pub holder: PartyId,
}

impl PartyRoleRow {
    fn key(&self) -> EntityKey {
        EntityKey::of(&[&self.party.to_string(), self.role.as_str(), &self.holder.to_string()])
    }
}

/// What happens to a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PartyRoleChange {
    /// It is held from now on.
    Assigned(PartyRoleRow),
    /// It is not held any more.
    Ended,
}

/// The table `party_roles`.
#[derive(Debug)]
pub struct PartyRoles;

impl ReadModel for PartyRoles {
    type Row = PartyRoleRow;
    type Change = PartyRoleChange;

    const NAME: &'static str = "party_roles";
    const CREATE: crate::Statement = CREATE;
    const INDEX: crate::Statement = INDEX;
    const LOAD: crate::Statement = LOAD;
    const INSERT: crate::Statement = INSERT;

    fn apply(_row: Option<&PartyRoleRow>, change: &PartyRoleChange) -> Option<PartyRoleRow> {
        match change {
            PartyRoleChange::Assigned(row) => Some(row.clone()),
            PartyRoleChange::Ended => None,
        }
    }
}

pub(crate) fn project(event: &PartyEvent, place: &Place) -> Option<Keyed<PartyRoleChange>> {
    let position = place.sequence.position;
    match event {
        PartyEvent::RoleAssigned(assigned) => {
            let row = PartyRoleRow {
                party: assigned.party,
                role: assigned.role.clone(),
                holder: assigned.holder,
            };
            Some(Keyed { entity: row.key(), position, change: PartyRoleChange::Assigned(row) })
        }
        PartyEvent::RoleEnded(ended) => {
            let row =
                PartyRoleRow { party: ended.party, role: ended.role.clone(), holder: ended.holder };
            Some(Keyed { entity: row.key(), position, change: PartyRoleChange::Ended })
        }
        PartyEvent::Registered(_) | PartyEvent::Changed(_) => None,
    }
}
