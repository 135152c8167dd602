//! The facts of the ledger: one closed enum, one family a stream category, one struct an event.

mod access_list;
mod agreement;
mod catalogue;
mod change_request;
mod client_link;
mod command;
mod mandate;
mod party;
mod resource;
mod resource_right;
mod system;
mod token_client;
mod token_scope;
mod upcast;

use serde_json::value::RawValue;

pub use access_list::{
    AccessListCreated, AccessListDeleted, AccessListEvent, AccessListMembersAdded,
    AccessListMembersRemoved, AccessListResourceConnected, AccessListResourceDisconnected,
    AccessListUpdated,
};
pub use agreement::{
    AgreementEvent, RequestApproved, RequestCreated, RequestEscalated, RequestRejected,
    RequestWithdrawn, SystemUserChanged, SystemUserCreated, SystemUserDeleted, SystemUserKind,
    SystemUserPaused, SystemUserRenamed, SystemUserResumed,
};
pub use catalogue::{
    AccessPackage, Area, Catalogue, CatalogueEvent, CataloguePublished, Entity, EntityVariant,
    Role, RoleMapping, RolePackage,
};
pub use change_request::{
    ChangeApproved, ChangeRejected, ChangeRequestClaimed, ChangeRequestEvent, ChangeRequested,
    ChangeWithdrawn,
};
pub use client_link::{ClientLinkAdded, ClientLinkChanged, ClientLinkEvent, ClientLinkRemoved};
pub use command::{CommandAnswer, CommandAnswered, CommandEvent};
pub use mandate::{
    MandateAskApproved, MandateAskRejected, MandateAskWithdrawn, MandateAsked, MandateChanged,
    MandateEvent, MandateGiven, MandateRevoked,
};
pub use party::{
    OrgNumberClaimed, OrgNumberEvent, PartyChanged, PartyEvent, PartyFacts, PartyKind,
    PartyNumberClaimed, PartyNumberEvent, PartyRegistered, RoleAssigned, RoleEnded,
};
pub use resource::{
    PolicyPublished, RegistryRequired, RegistryWaived, ResourceCreated, ResourceDefinition,
    ResourceEvent,
};
pub use resource_right::{
    RegistryRight, ResourceRightEvent, ResourceRightGranted, ResourceRightRevoked,
    ResourceRightUpdated,
};
pub use system::{
    ClientIdClaimed, ClientIdEvent, ClientIdReleased, SystemAccessPackagesReplaced,
    SystemDefinition, SystemDeleted, SystemEvent, SystemRegistered, SystemRightsReplaced,
    SystemUpdated,
};
pub use token_client::{
    TokenClientDeleted, TokenClientEvent, TokenClientRegistered, TokenKey, TokenKeyAdded,
    TokenKeyRetired,
};
pub use token_scope::{
    TokenScopeDelegated, TokenScopeDelegationRevoked, TokenScopeEvent, TokenScopeGrantRevoked,
    TokenScopeGranted, TokenScopeRegistered,
};
pub use upcast::{Upcaster, upcast};

/// Why an event cannot be read. It stops whoever folds the ledger.
#[derive(Debug, thiserror::Error)]
pub enum EventError {
    /// This release does not know the event, or not in this schema.
    #[error("this release does not know event `{kind}` in schema {schema}")]
    Unknown {
        /// The event's wire name.
        kind: String,
        /// Its schema version.
        schema: u16,
    },
    /// The data are not what the schema says.
    #[error("the data of event `{kind}` are not what schema {schema} says")]
    Data {
        /// The event's wire name.
        kind: String,
        /// Its schema version.
        schema: u16,
        /// What is wrong.
        #[source]
        source: serde_json::Error,
    },
}

/// Makes the enum of one family and its part of the codec: variant, payload, wire name, and the
/// schema version that this release writes.
macro_rules! event_family {
    ($(#[$doc:meta])* $family:ident { $( $variant:ident($payload:ty) = $name:literal @ $schema:literal, )+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum $family {
            $(
                #[doc = concat!("`", $name, "`")]
                $variant($payload),
            )+
        }

        impl $family {
            /// The wire names of this family, each with the schema version this release writes.
            pub const NAMES: &'static [(&'static str, u16)] = &[$(($name, $schema)),+];

            /// The event's wire name and the schema version that this release writes.
            #[must_use]
            pub const fn name(&self) -> (&'static str, u16) {
                match self {
                    $(Self::$variant(_) => ($name, $schema),)+
                }
            }

            pub(super) fn to_data(
                &self,
            ) -> Result<Box<serde_json::value::RawValue>, serde_json::Error> {
                match self {
                    $(Self::$variant(payload) => serde_json::value::to_raw_value(payload),)+
                }
            }

            /// Reads data in the newest schema; nothing where the name is not of this family.
            pub(super) fn read(
                name: &str,
                data: &str,
            ) -> Option<Result<Self, serde_json::Error>> {
                match name {
                    $($name => Some(serde_json::from_str(data).map(Self::$variant)),)+
                    _ => None,
                }
            }
        }
    };
}
use event_family;

/// Makes the enum of all families.
macro_rules! events {
    ($( $variant:ident($family:ident), )+) => {
        /// A fact.
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub enum Event {
            $(
                #[doc = concat!("A fact of [`", stringify!($family), "`].")]
                $variant($family),
            )+
        }

        $(
            impl From<$family> for Event {
                fn from(event: $family) -> Self {
                    Self::$variant(event)
                }
            }
        )+

        impl Event {
            /// All wire names, each with the schema version that this release writes.
            pub fn names() -> impl Iterator<Item = (&'static str, u16)> {
                [$($family::NAMES),+].into_iter().flatten().copied()
            }

            fn name(&self) -> (&'static str, u16) {
                match self {
                    $(Self::$variant(event) => event.name(),)+
                }
            }

            /// The event's data as the ledger holds them.
            ///
            /// # Errors
            /// When they could not be read back, as JSON from outside that is nested too deeply.
            pub fn to_data(&self) -> Result<Box<RawValue>, serde_json::Error> {
                let data = match self {
                    $(Self::$variant(event) => event.to_data(),)+
                }?;
                // INVARIANT: what cannot be read back would stop everyone who folds the ledger.
                match Self::read(self.wire_name(), data.get()) {
                    Some(Err(error)) => Err(error),
                    Some(Ok(_)) | None => Ok(data),
                }
            }

            fn read(kind: &str, data: &str) -> Option<Result<Self, serde_json::Error>> {
                $(
                    if let Some(event) = $family::read(kind, data) {
                        return Some(event.map(Self::$variant));
                    }
                )+
                None
            }
        }
    };
}

events! {
    System(SystemEvent),
    ClientId(ClientIdEvent),
    TokenClient(TokenClientEvent),
    TokenScope(TokenScopeEvent),
    Agreement(AgreementEvent),
    ChangeRequest(ChangeRequestEvent),
    ClientLink(ClientLinkEvent),
    Mandate(MandateEvent),
    Party(PartyEvent),
    OrgNumber(OrgNumberEvent),
    PartyNumber(PartyNumberEvent),
    Resource(ResourceEvent),
    ResourceRight(ResourceRightEvent),
    AccessList(AccessListEvent),
    Catalogue(CatalogueEvent),
    Command(CommandEvent),
}

impl Event {
    /// The event's wire name, such as `system.registered`.
    #[must_use]
    pub fn wire_name(&self) -> &'static str {
        self.name().0
    }

    /// The schema version that this release writes.
    #[must_use]
    pub fn schema(&self) -> u16 {
        self.name().1
    }

    /// Reads an event of any schema up to this release's.
    ///
    /// # Errors
    /// When this release does not know it, or its data are not what its schema says.
    pub fn decode(kind: &str, schema: u16, data: &RawValue) -> Result<Self, EventError> {
        let unknown = || EventError::Unknown { kind: kind.to_owned(), schema };
        let broken = |source| EventError::Data { kind: kind.to_owned(), schema, source };
        let (_, newest) = Self::names().find(|(name, _)| *name == kind).ok_or_else(unknown)?;
        if schema == 0 || schema > newest {
            return Err(unknown());
        }
        if schema == newest {
            return Self::read(kind, data.get()).ok_or_else(unknown)?.map_err(broken);
        }
        let data = serde_json::from_str(data.get()).map_err(broken)?;
        let data = upcast(upcast::UPCASTERS, kind, schema, newest, data).ok_or_else(unknown)?;
        Self::read(kind, &data.to_string()).ok_or_else(unknown)?.map_err(broken)
    }
}

#[cfg(test)]
mod golden;
