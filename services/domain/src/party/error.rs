//! Why what the register says of a party is not recorded.

use fullmakt_events::{OrgNumber, PartyId, PartyNumber};

/// Why what the register says of a party is not recorded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// The organisation number is another party's.
    #[error("organisation number `{org_number}` of party `{claimant}` belongs to party `{holder}`")]
    OrgNumberTaken {
        /// The number.
        org_number: OrgNumber,
        /// Whose it is.
        holder: PartyId,
        /// Whose the register says it is.
        claimant: PartyId,
    },
    /// The integer id is another party's.
    #[error("party number `{number}` of party `{claimant}` belongs to party `{holder}`")]
    PartyNumberTaken {
        /// The integer id.
        number: PartyNumber,
        /// Whose it is.
        holder: PartyId,
        /// Whom it was to be given to.
        claimant: PartyId,
    },
    /// The party has another integer id.
    #[error("party `{party}` has party number `{known}`, not `{offered}`")]
    PartyNumberChanged {
        /// The party.
        party: PartyId,
        /// Its integer id.
        known: PartyNumber,
        /// The one that it was to be given.
        offered: PartyNumber,
    },
    /// The party has another organisation number, or is no unit.
    #[error(
        "party `{party}` has {}, not {}",
        number_text(*known),
        number_text(*offered)
    )]
    OrgNumberChanged {
        /// The party.
        party: PartyId,
        /// Its organisation number; persons have none.
        known: Option<OrgNumber>,
        /// The one that the register gives it.
        offered: Option<OrgNumber>,
    },
    /// A unit without an organisation number.
    #[error("party `{party}` is a unit without an organisation number")]
    OrgNumberMissing {
        /// The party.
        party: PartyId,
    },
    /// Facts of a person, which the ledger must not have.
    #[error("party `{party}` is a person, of whom the ledger holds nothing")]
    PersonHasFacts {
        /// The party.
        party: PartyId,
    },
    /// The name of a sole proprietorship, which is a person's.
    #[error("party `{party}` is a sole proprietorship, whose name the ledger does not hold")]
    NameOfPerson {
        /// The party.
        party: PartyId,
    },
    /// A name that holds a valid national identity number, which the ledger must not.
    #[error("the name of party `{party}` holds a national identity number")]
    NationalNumber {
        /// The party.
        party: PartyId,
    },
}

fn number_text(number: Option<OrgNumber>) -> String {
    number.map_or_else(
        || "no organisation number".to_owned(),
        |number| format!("organisation number `{number}`"),
    )
}
