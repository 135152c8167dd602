//! What can be recorded: values, commits, the codec and the admission rule. No I/O.

pub mod admission;
pub mod codec;
pub mod commit;
pub mod event;
pub mod folded;
pub mod position;
pub mod stream;
pub mod values;

pub use admission::{Admission, GenesisError, RestoreError, Restoring, Verdict, VoidReason};
pub use codec::{EncodeError, GrammarError, RECORD_BYTES_MAX, decode, encode};
pub use commit::{
    Actor, ActorKind, Authorization, Commit, FORMAT, Genesis, LedgerRecord, RecordedEvent, Tick,
};
pub use event::{Event, EventError};
pub use folded::{FoldError, Folded};
pub use position::{Position, Timestamp};
pub use stream::{StreamKey, StreamName, StreamNameError};
pub use values::{
    AccessListId, AccessListName, ChangeRequestId, ClientId, CommitId, DecisionId, LedgerId,
    LocalizedText, MandateAskId, NumberError, OrgNumber, OwnerCode, PackageUrn, PartyId,
    PartyNumber, RegistryRightId, ResourceId, ResourceReference, Right, RoleUrn, SystemId,
    SystemInternalId, SystemUserId, Validity,
};

#[cfg(test)]
mod testing;
