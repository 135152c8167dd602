//! Values that cannot be wrong: identifiers and small facts that events are made of.

mod number;
mod right;
mod text;
mod validity;

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use number::{
    AccessListName, ClientId, NumberError, OrgNumber, OwnerCode, ResourceId, SystemId,
};
pub use right::{PackageUrn, ResourceReference, Right, RoleUrn};
pub use text::LocalizedText;
pub use validity::Validity;

/// Makes a typed UUID, so that one kind of id cannot be passed for another.
macro_rules! uuid_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// The id with this UUID.
            #[must_use]
            pub const fn new(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The UUID of this id.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(formatter)
            }
        }

        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self {
                Self(uuid)
            }
        }
    };
}

uuid_id!(
    /// Identifies one ledger; every commit names the ledger it is meant for.
    LedgerId
);
uuid_id!(
    /// Identifies one commit; the copies of a commit share it.
    CommitId
);
uuid_id!(
    /// A unit or person; the only name a person has in the ledger.
    PartyId
);
uuid_id!(
    /// A decision of the PDP.
    DecisionId
);
uuid_id!(
    /// A system user, and the request it came from: the wire contract gives both the same id.
    SystemUserId
);
uuid_id!(
    /// A change request; its caller chose it, as a correlation id.
    ChangeRequestId
);
uuid_id!(
    /// The register's internal id of a system, which registration answers with.
    SystemInternalId
);
uuid_id!(
    /// What one party asked another for.
    MandateAskId
);
uuid_id!(
    /// A right of the resource rights registry.
    RegistryRightId
);
uuid_id!(
    /// An access list, from its creation to its deletion.
    AccessListId
);

/// The integer id of a party in the wire contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PartyNumber(u32);

impl PartyNumber {
    /// The party number with this value.
    #[must_use]
    pub const fn new(number: u32) -> Self {
        Self(number)
    }

    /// The value of this party number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl fmt::Display for PartyNumber {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}
