//! Units and persons of the entity register, and the claims of their numbers.
//!
//! The register is imported again and again. What it says is compared with what is known, and only
//! the differences become facts. A person has no facts in the ledger but that it is one: names and
//! national identity numbers are the identity vault's.

mod claim;
mod error;

use std::collections::BTreeSet;

use fullmakt_events::{
    PartyId, PartyNumber, RoleUrn, StreamName,
    event::{
        PartyChanged, PartyEvent, PartyFacts, PartyKind, PartyRegistered, RoleAssigned, RoleEnded,
    },
};

pub use claim::{ClaimOrgNumber, ClaimPartyNumber, OrgNumberClaim, PartyNumberClaim};
pub use error::ImportError;

use crate::{Decider, Outcome, Recorded, decider::on, national_number};

/// The organisation form of sole proprietorships, whose name is a person's.
const SOLE_PROPRIETORSHIP: &str = "ENK";

/// The state of `party/{uuid}`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Party {
    /// The party has never been seen.
    #[default]
    Unknown,
    /// The party is known.
    Known(KnownParty),
}

/// What is known of a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownParty {
    /// Its integer id in the wire contract.
    pub number: PartyNumber,
    /// What the register says of it.
    pub facts: PartyFacts,
    /// Who holds which role for it.
    pub roles: BTreeSet<RoleHolder>,
}

/// Somebody who holds a role for a party.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RoleHolder {
    /// The role.
    pub role: RoleUrn,
    /// The unit or person that holds it.
    pub holder: PartyId,
}

/// Imports what the register says of one party now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportParty {
    /// The party.
    pub party: PartyId,
    /// Its integer id in the wire contract.
    pub number: PartyNumber,
    /// What the register says of it.
    pub facts: PartyFacts,
    /// All who hold a role for it. Who is not among them holds none any more.
    pub roles: BTreeSet<RoleHolder>,
}

impl ImportParty {
    /// The streams that the import must be decided on.
    #[must_use]
    pub fn reads(&self) -> Vec<StreamName> {
        let mut reads = vec![StreamName::party(self.party), StreamName::party_number(self.number)];
        reads.extend(self.facts.org_number.map(StreamName::org));
        reads
    }
}

/// What an import makes happen, on the party's stream and on those of its numbers.
///
/// `org_number` is the claim of the organisation number that the register gives; for a person it
/// does not matter.
///
/// # Errors
/// When a number is another party's, or the register says what it cannot say.
pub fn import(
    party: &Party,
    org_number: &OrgNumberClaim,
    party_number: &PartyNumberClaim,
    command: &ImportParty,
) -> Result<Outcome, ImportError> {
    let ImportParty { party: id, number, .. } = *command;
    let events = party.decide(command)?;
    let claimed = party_number.decide(&ClaimPartyNumber { number, party: id })?;
    let mut outcome = Outcome::new();
    outcome.extend(on(&StreamName::party_number(number), claimed));
    if let Some(org_number_given) = command.facts.org_number {
        let claim = ClaimOrgNumber { org_number: org_number_given, party: id };
        outcome.extend(on(&StreamName::org(org_number_given), org_number.decide(&claim)?));
    }
    outcome.extend(on(&StreamName::party(id), events));
    Ok(outcome)
}

impl Decider for Party {
    type Command = ImportParty;
    type Event = PartyEvent;
    type Error = ImportError;

    const CATEGORY: &'static str = "party";

    fn decide(&self, command: &ImportParty) -> Result<Vec<PartyEvent>, ImportError> {
        let ImportParty { party, number, facts, roles } = command;
        check(*party, facts)?;
        let none = BTreeSet::new();
        let (mut events, known_roles) = match self {
            Self::Unknown => {
                let registered =
                    PartyRegistered { party: *party, number: *number, facts: facts.clone() };
                (vec![PartyEvent::Registered(registered)], &none)
            }
            Self::Known(known) => {
                check_identity(known, command)?;
                let changed = (known.facts != *facts).then(|| {
                    PartyEvent::Changed(PartyChanged { party: *party, facts: facts.clone() })
                });
                (changed.into_iter().collect(), &known.roles)
            }
        };
        events.extend(known_roles.difference(roles).cloned().map(|RoleHolder { role, holder }| {
            PartyEvent::RoleEnded(RoleEnded { party: *party, role, holder })
        }));
        events.extend(roles.difference(known_roles).cloned().map(|RoleHolder { role, holder }| {
            PartyEvent::RoleAssigned(RoleAssigned { party: *party, role, holder })
        }));
        Ok(events)
    }

    fn evolve(self, recorded: Recorded<'_, PartyEvent>) -> Self {
        match (self, recorded.event) {
            (Self::Unknown | Self::Known(_), PartyEvent::Registered(registered)) => {
                Self::Known(KnownParty {
                    number: registered.number,
                    facts: registered.facts.clone(),
                    roles: BTreeSet::new(),
                })
            }
            (Self::Known(known), PartyEvent::Changed(changed)) => {
                Self::Known(KnownParty { facts: changed.facts.clone(), ..known })
            }
            (Self::Known(mut known), PartyEvent::RoleAssigned(assigned)) => {
                let RoleAssigned { role, holder, .. } = assigned.clone();
                known.roles.insert(RoleHolder { role, holder });
                Self::Known(known)
            }
            (Self::Known(mut known), PartyEvent::RoleEnded(ended)) => {
                let RoleEnded { role, holder, .. } = ended.clone();
                known.roles.remove(&RoleHolder { role, holder });
                Self::Known(known)
            }
            (
                Self::Unknown,
                PartyEvent::Changed(_) | PartyEvent::RoleAssigned(_) | PartyEvent::RoleEnded(_),
            ) => Self::Unknown,
        }
    }
}

/// Checks that the facts are those of a unit or of a person.
fn check(party: PartyId, facts: &PartyFacts) -> Result<(), ImportError> {
    let PartyFacts { kind, org_number, variant, name, parent, is_deleted: _ } = facts;
    match (kind, org_number) {
        (PartyKind::Person, None) if variant.is_none() && name.is_none() && parent.is_none() => {}
        (PartyKind::Person, Some(_) | None) => return Err(ImportError::PersonHasFacts { party }),
        (PartyKind::Organization | PartyKind::SubUnit, None) => {
            return Err(ImportError::OrgNumberMissing { party });
        }
        (PartyKind::Organization | PartyKind::SubUnit, Some(_)) => {}
    }
    if name.is_some() && variant.as_deref() == Some(SOLE_PROPRIETORSHIP) {
        return Err(ImportError::NameOfPerson { party });
    }
    let mut texts = [name, variant].into_iter().flatten();
    match texts.find(|text| national_number::find(text).is_some()) {
        Some(_) => Err(ImportError::NationalNumber { party }),
        None => Ok(()),
    }
}

/// Checks what never changes: the integer id, the organisation number, and being a person.
fn check_identity(known: &KnownParty, command: &ImportParty) -> Result<(), ImportError> {
    let ImportParty { party, number, facts, .. } = command;
    if known.number != *number {
        return Err(ImportError::PartyNumberChanged {
            party: *party,
            known: known.number,
            offered: *number,
        });
    }
    if known.facts.org_number != facts.org_number {
        return Err(ImportError::OrgNumberChanged {
            party: *party,
            known: known.facts.org_number,
            offered: facts.org_number,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
