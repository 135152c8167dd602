//! Whose an organisation number or an integer party id is.

use fullmakt_events::{
    OrgNumber, PartyId, PartyNumber,
    event::{OrgNumberClaimed, OrgNumberEvent, PartyNumberClaimed, PartyNumberEvent},
};

use super::ImportError;
use crate::{Decider, Recorded};

/// The state of `org/{orgno}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OrgNumberClaim {
    /// The number is nobody's.
    #[default]
    Free,
    /// The number is this party's, for ever.
    HeldBy(PartyId),
}

/// The state of `party-number/{int}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PartyNumberClaim {
    /// The integer id is nobody's.
    #[default]
    Free,
    /// The integer id is this party's, for ever.
    HeldBy(PartyId),
}

/// Claims an organisation number for a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimOrgNumber {
    /// The number.
    pub org_number: OrgNumber,
    /// The party.
    pub party: PartyId,
}

/// Claims an integer id for a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimPartyNumber {
    /// The integer id.
    pub number: PartyNumber,
    /// The party.
    pub party: PartyId,
}

impl Decider for OrgNumberClaim {
    type Command = ClaimOrgNumber;
    type Event = OrgNumberEvent;
    type Error = ImportError;

    const CATEGORY: &'static str = "org";

    fn decide(&self, command: &ClaimOrgNumber) -> Result<Vec<OrgNumberEvent>, ImportError> {
        let ClaimOrgNumber { org_number, party } = *command;
        match *self {
            Self::Free => Ok(vec![OrgNumberEvent::Claimed(OrgNumberClaimed { org_number, party })]),
            Self::HeldBy(holder) if holder == party => Ok(vec![]),
            Self::HeldBy(holder) => {
                Err(ImportError::OrgNumberTaken { org_number, holder, claimant: party })
            }
        }
    }

    fn evolve(self, recorded: Recorded<'_, OrgNumberEvent>) -> Self {
        match recorded.event {
            OrgNumberEvent::Claimed(claimed) => Self::HeldBy(claimed.party),
        }
    }
}

impl Decider for PartyNumberClaim {
    type Command = ClaimPartyNumber;
    type Event = PartyNumberEvent;
    type Error = ImportError;

    const CATEGORY: &'static str = "party-number";

    fn decide(&self, command: &ClaimPartyNumber) -> Result<Vec<PartyNumberEvent>, ImportError> {
        let ClaimPartyNumber { number, party } = *command;
        match *self {
            Self::Free => Ok(vec![PartyNumberEvent::Claimed(PartyNumberClaimed { number, party })]),
            Self::HeldBy(holder) if holder == party => Ok(vec![]),
            Self::HeldBy(holder) => {
                Err(ImportError::PartyNumberTaken { number, holder, claimant: party })
            }
        }
    }

    fn evolve(self, recorded: Recorded<'_, PartyNumberEvent>) -> Self {
        match recorded.event {
            PartyNumberEvent::Claimed(claimed) => Self::HeldBy(claimed.party),
        }
    }
}
