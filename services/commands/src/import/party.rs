//! The import of one party: what the register says of it is compared with what is known, and the
//! difference becomes a commit.

use std::{
    collections::{BTreeSet, HashMap},
    io::Read,
};

use async_trait::async_trait;
use fullmakt_domain::party::{
    ImportError, ImportParty, OrgNumberClaim, Party, PartyNumberClaim, RoleHolder, import,
};
use fullmakt_events::{OrgNumber, PartyId, PartyNumber, StreamName, event::PartyFacts};
use fullmakt_ledger::{Attempt, Command, CommandError, Decided};
use serde::Deserialize;
use uuid::Uuid;

use crate::load;

/// The lowest integer id that is given to a party which brings none.
const PARTY_NUMBERS_FROM: u32 = 50_000_000;
/// How many integer ids there are to give.
const PARTY_NUMBERS: u32 = 1_000_000_000;

/// The ids that parties had where they come from, by organisation number or national number.
#[derive(Default)]
pub struct PartyIds(HashMap<String, FixedId>);

/// One line of the file of fixed ids.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FixedId {
    party_id: u32,
    party_uuid: Uuid,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Line {
    identifier: String,
    party_id: u32,
    party_uuid: Uuid,
}

impl PartyIds {
    /// Reads a JSON array of `{"identifier", "partyId", "partyUuid"}`.
    ///
    /// # Errors
    /// When it is something else.
    pub fn read(file: impl Read) -> Result<Self, serde_json::Error> {
        let lines: Vec<Line> = serde_json::from_reader(file)?;
        let id = |line: Line| {
            let id = FixedId { party_id: line.party_id, party_uuid: line.party_uuid };
            (line.identifier, id)
        };
        Ok(Self(lines.into_iter().map(id).collect()))
    }

    /// The UUID that the party with this number had.
    #[must_use]
    pub fn party(&self, identifier: &str) -> Option<PartyId> {
        self.0.get(identifier).map(|id| PartyId::new(id.party_uuid))
    }

    /// The integer id that the party with this number had.
    #[must_use]
    pub fn number(&self, identifier: &str) -> Option<PartyNumber> {
        self.0.get(identifier).map(|id| PartyNumber::new(id.party_id))
    }
}

/// What the register says of one party.
pub(super) struct ImportOne {
    /// Which party it is.
    pub(super) identity: Identity,
    /// The integer id that it brings.
    pub(super) number: Option<PartyNumber>,
    /// What the register says of it; nothing leaves it as it is known.
    pub(super) facts: Option<PartyFacts>,
    /// Who holds a role for it; nothing leaves them as they are known.
    pub(super) roles: Option<BTreeSet<RoleHolder>>,
}

/// How a party is known again.
#[derive(Clone, Copy)]
pub(super) enum Identity {
    /// By its organisation number. A new one gets this UUID.
    Unit(OrgNumber, PartyId),
    /// By its party, which the identity vault knows.
    Person(PartyId),
}

#[async_trait]
impl Command for ImportOne {
    type Answer = PartyId;
    type Refusal = ImportError;

    fn turn(&self) -> StreamName {
        match self.identity {
            Identity::Unit(org, _) => StreamName::org(org),
            Identity::Person(party) => StreamName::party(party),
        }
    }

    async fn decide(
        &self,
        attempt: &mut Attempt,
    ) -> Result<Decided<PartyId>, CommandError<ImportError>> {
        let (party, org_claim) = match self.identity {
            Identity::Person(party) => (party, OrgNumberClaim::Free),
            Identity::Unit(org, new) => {
                let claim = load::state(attempt, StreamName::org(org)).await?;
                match claim {
                    OrgNumberClaim::Free => (new, claim),
                    OrgNumberClaim::HeldBy(party) => (party, claim),
                }
            }
        };
        let state: Party = load::state(attempt, StreamName::party(party)).await?;
        let (known_number, known_facts, known_roles) = match &state {
            Party::Unknown => (None, None, BTreeSet::new()),
            Party::Known(known) => {
                (Some(known.number), Some(known.facts.clone()), known.roles.clone())
            }
        };
        let Some(facts) = self.facts.clone().or(known_facts) else {
            // Only roles are known of it, and it is none of the register's units.
            return Ok(Decided::Nothing(party));
        };
        let number = match known_number.or(self.number) {
            Some(number) => number,
            None => free_number(attempt, party).await?,
        };
        let claim: PartyNumberClaim =
            load::state(attempt, StreamName::party_number(number)).await?;
        let roles = self.roles.clone().unwrap_or(known_roles);
        let command = ImportParty { party, number, facts, roles };
        let events = import(&state, &org_claim, &claim, &command).map_err(CommandError::Refused)?;
        Ok(if events.is_empty() {
            Decided::Nothing(party)
        } else {
            Decided::Write { events, answer: party }
        })
    }
}

/// An integer id that nobody has. The first that is tried follows from the party, so that importers
/// in several processes do not all try the same.
async fn free_number(
    attempt: &mut Attempt,
    party: PartyId,
) -> Result<PartyNumber, fullmakt_ledger::Unavailable> {
    let uuid = party.uuid();
    let seed =
        uuid.as_bytes().iter().fold(0_u32, |seed, byte| seed.wrapping_mul(257) ^ u32::from(*byte));
    let mut offset = seed % PARTY_NUMBERS;
    loop {
        let number = PartyNumber::new(PARTY_NUMBERS_FROM.saturating_add(offset));
        match load::state(attempt, StreamName::party_number(number)).await? {
            PartyNumberClaim::Free => return Ok(number),
            PartyNumberClaim::HeldBy(_) => offset = offset.wrapping_add(1) % PARTY_NUMBERS,
        }
    }
}
