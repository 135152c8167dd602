//! Values of ours as PostgreSQL has them.

use std::fmt;

use chrono::{DateTime, Utc};
use fullmakt_events::{
    AccessListId, AccessListName, ActorKind, ChangeRequestId, ClientId, CommitId, LedgerId,
    MandateAskId, OrgNumber, OwnerCode, PackageUrn, PartyId, PartyNumber, Position,
    RegistryRightId, ResourceId, Right, RoleUrn, SystemId, SystemInternalId, SystemUserId,
    Timestamp, Validity,
    event::{Catalogue, PartyKind, SystemDefinition, SystemUserKind, TokenKey},
};
use fullmakt_projections::{
    AskStatus, EntityKey, RequestStatus, ScopeStanding, SystemChangeType,
    ledger::{RecordKind, VerdictKind},
};
use serde::{Serialize, de::DeserializeOwned};
use tokio_postgres::{
    Row,
    types::{FromSqlOwned, Json, ToSql, Type},
};
use uuid::Uuid;

use crate::{DatabaseError, error::BoxError};

/// What the driver takes and gives.
pub(crate) trait DriverValue: ToSql + FromSqlOwned + Send + Sync + 'static {
    /// The type of the columns that hold it.
    fn column_type() -> Type;
}

/// A value of one column.
pub(crate) trait Column: Sized {
    /// What the driver takes and gives.
    type Pg: DriverValue;

    fn to_pg(&self) -> Self::Pg;
    fn from_pg(value: Self::Pg) -> Result<Self, BoxError>;
}

/// Reads a column of a row.
pub(crate) fn get<C: Column>(row: &Row, column: &'static str) -> Result<C, DatabaseError> {
    let value = row
        .try_get::<_, C::Pg>(column)
        .map_err(|error| DatabaseError::inconsistency(column, error))?;
    C::from_pg(value).map_err(|cause| DatabaseError::inconsistency(column, cause))
}

/// Reads the two columns of a time in which something counts.
pub(crate) fn validity(row: &Row) -> Result<Validity, DatabaseError> {
    Ok(Validity { from: get(row, "valid_from")?, to: get(row, "valid_to")? })
}

impl<C: Column> Column for Option<C> {
    type Pg = Option<C::Pg>;

    fn to_pg(&self) -> Self::Pg {
        self.as_ref().map(C::to_pg)
    }

    fn from_pg(value: Self::Pg) -> Result<Self, BoxError> {
        value.map(C::from_pg).transpose()
    }
}

/// Types of ours and the driver's, with the type of their columns.
macro_rules! in_columns_of {
    ($($type:ty: $column:ident),+) => {$(
        impl DriverValue for $type {
            fn column_type() -> Type {
                Type::$column
            }
        }
    )+};
}
in_columns_of!(
    bool: BOOL, i32: INT4, i64: INT8, String: TEXT, Uuid: UUID, Vec<u8>: BYTEA,
    DateTime<Utc>: TIMESTAMPTZ
);

impl<T> DriverValue for Json<T>
where
    T: Serialize + DeserializeOwned + fmt::Debug + Send + Sync + 'static,
{
    fn column_type() -> Type {
        Type::JSONB
    }
}

impl<P: DriverValue> DriverValue for Option<P> {
    fn column_type() -> Type {
        P::column_type()
    }
}

/// Types that the driver has as well.
macro_rules! as_it_is {
    ($($type:ty),+) => {$(
        impl Column for $type {
            type Pg = Self;

            fn to_pg(&self) -> Self {
                self.clone()
            }

            fn from_pg(value: Self) -> Result<Self, BoxError> {
                Ok(value)
            }
        }
    )+};
}
as_it_is!(bool, i32, i64, String, Uuid, Vec<u8>);

/// Ids that are UUIDs.
macro_rules! as_uuid {
    ($($type:ty),+) => {$(
        impl Column for $type {
            type Pg = Uuid;

            fn to_pg(&self) -> Uuid {
                self.uuid()
            }

            fn from_pg(value: Uuid) -> Result<Self, BoxError> {
                Ok(Self::new(value))
            }
        }
    )+};
}
as_uuid!(
    AccessListId,
    ChangeRequestId,
    CommitId,
    EntityKey,
    LedgerId,
    MandateAskId,
    PartyId,
    RegistryRightId,
    SystemInternalId,
    SystemUserId
);

/// Ids with a grammar.
macro_rules! as_text {
    ($($type:ty),+) => {$(
        impl Column for $type {
            type Pg = String;

            fn to_pg(&self) -> String {
                self.to_string()
            }

            fn from_pg(value: String) -> Result<Self, BoxError> {
                value.parse().map_err(Into::into)
            }
        }
    )+};
}
as_text!(AccessListName, ClientId, OrgNumber, OwnerCode, ResourceId, SystemId);

/// URNs, whose grammar is not ours.
macro_rules! as_urn {
    ($($type:ty),+) => {$(
        impl Column for $type {
            type Pg = String;

            fn to_pg(&self) -> String {
                self.as_str().to_owned()
            }

            fn from_pg(value: String) -> Result<Self, BoxError> {
                Ok(Self::new(value))
            }
        }
    )+};
}
as_urn!(PackageUrn, RoleUrn);

/// Closed sets, each value as one word.
macro_rules! as_word {
    ($($type:ident { $($variant:ident = $word:literal),+ })+) => {$(
        impl Column for $type {
            type Pg = String;

            fn to_pg(&self) -> String {
                match self {
                    $(Self::$variant => $word,)+
                }
                .to_owned()
            }

            fn from_pg(value: String) -> Result<Self, BoxError> {
                match value.as_str() {
                    $($word => Ok(Self::$variant),)+
                    other => Err(format!("`{other}`").into()),
                }
            }
        }
    )+};
}
as_word! {
    SystemUserKind { Standard = "standard", Agent = "agent" }
    AskStatus {
        Pending = "pending",
        Approved = "approved",
        Rejected = "rejected",
        Withdrawn = "withdrawn"
    }
    RequestStatus { New = "new", Accepted = "accepted", Rejected = "rejected" }
    SystemChangeType {
        Create = "create",
        Update = "update",
        RightsUpdate = "rights_update",
        AccessPackageUpdate = "access_package_update",
        Delete = "delete"
    }
    PartyKind { Organization = "organization", SubUnit = "sub_unit", Person = "person" }
    ScopeStanding { Delegates = "delegates", Has = "has", Owns = "owns" }
    RecordKind { Genesis = "genesis", Tick = "tick", Commit = "commit", Unreadable = "unreadable" }
    VerdictKind {
        Admitted = "admitted", Superseded = "superseded", Stale = "stale", Void = "void"
    }
    ActorKind {
        SystemProvider = "system_provider",
        Person = "person",
        SystemUser = "system_user",
        Platform = "platform",
        Operator = "operator"
    }
}

/// Structures, as JSON.
macro_rules! as_json {
    ($($type:ty),+ $(,)?) => {$(
        impl Column for $type {
            type Pg = Json<Self>;

            fn to_pg(&self) -> Json<Self> {
                Json(self.clone())
            }

            fn from_pg(value: Json<Self>) -> Result<Self, BoxError> {
                Ok(value.0)
            }
        }
    )+};
}
as_json!(
    SystemDefinition,
    Catalogue,
    Right,
    Vec<Right>,
    Vec<PackageUrn>,
    Vec<String>,
    Vec<TokenKey>,
    serde_json::Map<String, serde_json::Value>,
);

impl Column for Position {
    type Pg = i64;

    /// Positions are counted from 0 by logs that count in `i64` themselves.
    fn to_pg(&self) -> i64 {
        i64::try_from(self.get()).unwrap_or(i64::MAX)
    }

    fn from_pg(value: i64) -> Result<Self, BoxError> {
        u64::try_from(value).map(Self::new).map_err(Into::into)
    }
}

impl Column for PartyNumber {
    type Pg = i64;

    fn to_pg(&self) -> i64 {
        i64::from(self.get())
    }

    fn from_pg(value: i64) -> Result<Self, BoxError> {
        u32::try_from(value).map(Self::new).map_err(Into::into)
    }
}

/// Counts and indexes.
impl Column for u32 {
    type Pg = i64;

    fn to_pg(&self) -> i64 {
        i64::from(*self)
    }

    fn from_pg(value: i64) -> Result<Self, BoxError> {
        Self::try_from(value).map_err(Into::into)
    }
}

/// Versions of streams.
impl Column for u64 {
    type Pg = i64;

    fn to_pg(&self) -> i64 {
        i64::try_from(*self).unwrap_or(i64::MAX)
    }

    fn from_pg(value: i64) -> Result<Self, BoxError> {
        Self::try_from(value).map_err(Into::into)
    }
}

/// Versions of schemas.
impl Column for u16 {
    type Pg = i32;

    fn to_pg(&self) -> i32 {
        i32::from(*self)
    }

    fn from_pg(value: i32) -> Result<Self, BoxError> {
        Self::try_from(value).map_err(Into::into)
    }
}

impl Column for Timestamp {
    type Pg = DateTime<Utc>;

    fn to_pg(&self) -> DateTime<Utc> {
        self.to_datetime()
    }

    fn from_pg(value: DateTime<Utc>) -> Result<Self, BoxError> {
        Ok(value.into())
    }
}
