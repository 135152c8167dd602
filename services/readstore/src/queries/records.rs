use fullmakt_events::{
    ActorKind, ClientId, CommitId, GrammarError, LedgerRecord, OrgNumber, PartyId, Position,
    StreamName, SystemUserId, Timestamp, decode,
};
use fullmakt_projections::{
    ledger::{self, RecordKind, VerdictKind},
    storable_text,
};
use tokio_postgres::Row;

use crate::{
    DatabaseError, ReadError, Reader,
    column::{Column, get},
    projector::stored_key,
    reader::page_rows,
};

/// Which records are looked for: those that answer all that is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordFilter {
    /// Commits with an event on this stream.
    pub stream: Option<StreamName>,
    /// Commits with an event of this type, by its wire name.
    pub event_type: Option<String>,
    /// What they are by their bytes.
    pub kind: Option<RecordKind>,
    /// Their verdict.
    pub verdict: Option<VerdictKind>,
    /// Commits by this kind of caller.
    pub actor_kind: Option<ActorKind>,
    /// Commits by this organisation.
    pub actor_org: Option<OrgNumber>,
    /// Commits by this person.
    pub actor_party: Option<PartyId>,
    /// Commits by this system user.
    pub actor_system_user: Option<SystemUserId>,
    /// Commits by this client, compared without case.
    pub actor_client: Option<ClientId>,
    /// The first position.
    pub from: Option<Position>,
    /// The last position.
    pub to: Option<Position>,
    /// The first ledger time.
    pub since: Option<Timestamp>,
    /// The last ledger time.
    pub until: Option<Timestamp>,
}

/// The order of what is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// From the ledger's beginning to its end.
    OldestFirst,
    /// From the ledger's end to its beginning.
    NewestFirst,
}

/// A record of the ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordRow {
    /// Where it stands.
    pub position: Position,
    /// When it was appended, by the log's clock.
    pub append_time: Timestamp,
    /// The ledger time there.
    pub ledger_time: Timestamp,
    /// What it is by its bytes.
    pub kind: RecordKind,
    /// What the admission rule said of it.
    pub verdict: VerdictKind,
    /// Why it does not count.
    pub reason: Option<String>,
    /// The id of a commit or tick.
    pub commit: Option<CommitId>,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl RecordRow {
    /// The record.
    ///
    /// # Errors
    /// When its bytes are none, which `kind` says as well.
    pub fn record(&self) -> Result<LedgerRecord, GrammarError> {
        decode(&self.bytes)
    }

    fn read(row: &Row) -> Result<Self, DatabaseError> {
        Ok(Self {
            position: get(row, "position")?,
            append_time: get(row, "append_time")?,
            ledger_time: get(row, "ledger_time")?,
            kind: get(row, "kind")?,
            verdict: get(row, "verdict")?,
            reason: get(row, "reason")?,
            commit: get(row, "commit_id")?,
            bytes: get(row, "bytes")?,
        })
    }
}

impl Reader {
    /// A page of the records that are looked for. The next page begins after the last one's
    /// position, in the same order.
    pub async fn records(
        &self,
        filter: &RecordFilter,
        order: Order,
        after: Option<Position>,
        limit: u32,
    ) -> Result<Vec<RecordRow>, ReadError> {
        let to = filter.to.map_or(self.position(), |to| to.min(self.position()));
        let (statement, from, to) = match (order, after) {
            (Order::OldestFirst, None) => (ledger::SEARCH_OLDEST_FIRST, filter.from, to),
            (Order::OldestFirst, Some(after)) => {
                (ledger::SEARCH_OLDEST_FIRST, filter.from.max(Some(after.next())), to)
            }
            (Order::NewestFirst, None) => (ledger::SEARCH_NEWEST_FIRST, filter.from, to),
            (Order::NewestFirst, Some(after)) => {
                let Some(before) = after.previous() else { return Ok(Vec::new()) };
                (ledger::SEARCH_NEWEST_FIRST, filter.from, to.min(before))
            }
        };
        let rows = self
            .query(
                statement,
                &[
                    &to.to_pg(),
                    &from.to_pg(),
                    &filter.since.to_pg(),
                    &filter.until.to_pg(),
                    &filter.stream.as_ref().map(|stream| stored_key(&stream.key())),
                    &filter.event_type.as_deref().map(storable_text),
                    &filter.kind.to_pg(),
                    &filter.verdict.to_pg(),
                    &filter.actor_kind.to_pg(),
                    &filter.actor_org.to_pg(),
                    &filter.actor_party.to_pg(),
                    &filter.actor_system_user.to_pg(),
                    &filter.actor_client.as_ref().map(ClientId::folded),
                    &page_rows(limit),
                ],
            )
            .await?;
        Ok(rows.iter().map(RecordRow::read).collect::<Result<_, _>>()?)
    }

    /// The record at a position; nothing beyond the reader's own.
    pub async fn record(&self, position: Position) -> Result<Option<RecordRow>, ReadError> {
        let rows = self.query(ledger::RECORD, &[&position.to_pg()]).await?;
        Ok(rows.first().map(RecordRow::read).transpose()?)
    }

    /// The last position whose ledger time is not after `time`; nothing before the ledger began.
    pub async fn position_at(&self, time: Timestamp) -> Result<Option<Position>, ReadError> {
        let rows = self.query(ledger::POSITION_AT, &[&time.to_pg()]).await?;
        Ok(rows.first().map(|row| get(row, "position")).transpose()?)
    }
}
