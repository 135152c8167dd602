//! System users as the platform's register of parties follows them.

use std::collections::BTreeMap;

use fullmakt_events::{PartyId, PartyNumber};
use fullmakt_http::AltinnError;
use fullmakt_projections::SystemUserRow;
use fullmakt_reading::{Reading, failed_there};
use fullmakt_wire::user_type;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A system user as a component of the platform sees it.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RegisteredSystemUser {
    #[schema(example = "0192f0c8-3f1c-7b52-a5a3-0c5f2b1d9e77")]
    id: Uuid,
    /// The owner's organisation number.
    #[schema(example = "310010022")]
    party_org_no: String,
    /// The owner's integer party id.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "50010022")]
    party_id: Option<String>,
    /// What the owner sees it called.
    #[schema(example = "Our shop")]
    integration_title: String,
    /// Whether it is gone.
    is_deleted: bool,
    #[schema(example = "2026-11-21T21:13:00.123456Z")]
    last_changed: String,
    #[schema(example = "2026-11-21T21:13:00.123456Z")]
    created: String,
    /// Where it last changed: greater than that of every change before.
    #[schema(example = 154_402_817)]
    pub(super) sequence_no: u64,
    /// `standard` or `agent`.
    #[schema(example = "standard")]
    system_user_type: &'static str,
}

impl RegisteredSystemUser {
    /// These system users, in their order.
    pub(super) async fn of<'a>(
        reading: &Reading,
        rows: impl Iterator<Item = &'a SystemUserRow> + Clone,
    ) -> Result<Vec<Self>, AltinnError> {
        let owners: Vec<PartyId> = rows.clone().map(|row| row.owner_party).collect();
        let owners = reading.reader.parties(&owners, None).await.map_err(failed_there)?;
        let numbers: BTreeMap<PartyId, PartyNumber> =
            owners.iter().map(|owner| (owner.party, owner.number)).collect();
        Ok(rows.map(|row| Self::new(row, numbers.get(&row.owner_party).copied())).collect())
    }

    fn new(row: &SystemUserRow, owner: Option<PartyNumber>) -> Self {
        Self {
            id: row.id.uuid(),
            party_org_no: row.owner.to_string(),
            party_id: owner.map(|number| number.to_string()),
            integration_title: row.integration_title.clone(),
            is_deleted: row.is_deleted,
            last_changed: row.changed.to_string(),
            created: row.created.to_string(),
            sequence_no: row.sequence.number(),
            system_user_type: user_type(row.kind),
        }
    }
}
