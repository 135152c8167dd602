//! The projector: from the ledger to the tables, one transaction a batch.
//!
//! A transaction moves the checkpoint first, by compare-and-set, and then the ledger index and all
//! read models. Nobody else's transaction can move the same checkpoint, so that a projector that
//! was thought dead writes nothing.

mod batch;
mod cursor;
mod error;
mod index;
mod memory;

use std::{sync::Arc, time::Duration};

use deadpool_postgres::{Pool, Transaction};
use fullmakt_events::{Folded, LedgerId, Position};
use fullmakt_projections::{
    AccessListMembers, AccessListResources, AccessLists, Catalogues, Changes, Checkpoint,
    ClientLinks, MandateAsks, Mandates, Parties, PartyRoles, ResourcePolicies, ResourceRights,
    Resources, SystemChanges, SystemClientIds, SystemUserChanges, SystemUserRequests, SystemUsers,
    Systems, TokenClients, TokenScopes, checkpoint, project,
};
use tokio::{sync::mpsc, time::Instant};

use crate::{
    CheckpointWatch, Database, DatabaseError, ReadSchema, database::Session, table::write,
};
pub(crate) use cursor::{Cursor, move_checkpoint};
pub use error::ProjectorError;
pub(crate) use index::stored_key;
pub use memory::Memory;

/// How long a projector waits before it tries again, at first and at most.
const BACKOFF_FIRST: Duration = Duration::from_millis(50);
const BACKOFF_MAX: Duration = Duration::from_secs(2);

/// What bounds a batch.
#[derive(Debug, Clone, Copy)]
pub struct ProjectorLimits {
    /// The most records.
    pub records_max: usize,
    /// The most bytes of records, but always one record.
    pub bytes_max: usize,
    /// How long a batch that could hold more waits for more.
    pub linger: Duration,
}

impl ProjectorLimits {
    /// How many of these records, by their bytes, go into one batch: at least one, if there is one.
    pub(crate) fn fitting(&self, records: impl Iterator<Item = usize>) -> usize {
        let mut bytes = 0_usize;
        let fits = |(place, record): &(usize, usize)| {
            bytes = bytes.saturating_add(*record);
            *place == 0 || bytes <= self.bytes_max
        };
        records.take(self.records_max.max(1)).enumerate().take_while(fits).count()
    }
}

impl Default for ProjectorLimits {
    fn default() -> Self {
        Self { records_max: 2048, bytes_max: 8 * 1024 * 1024, linger: Duration::ZERO }
    }
}

/// Fills the tables of a schema.
#[derive(Debug)]
pub struct Projector {
    pool: Pool,
    limits: ProjectorLimits,
    cursor: Cursor,
    memory: Memory,
    /// Who is told what was committed.
    watch: Option<CheckpointWatch>,
}

impl Projector {
    /// A projector for the live schema, which is to fold this ledger. `end` asks for the position
    /// after the log's last record; it is not begun before it is known where the tables are, since
    /// other processes fill both meanwhile.
    ///
    /// # Errors
    /// When the schema is missing or not one of this release, when what is there was folded from
    /// another ledger, when the log ends before it, or cannot be asked.
    pub async fn open<E>(
        database: &Database,
        ledger: LedgerId,
        end: impl Future<Output = Result<Position, E>>,
        limits: ProjectorLimits,
    ) -> Result<Self, E>
    where
        E: From<ProjectorError>,
    {
        let pool = pool(database, &ReadSchema::live())?;
        let cursor = Cursor::read(&pool, ledger).await?;
        cursor.check_reached_by(end.await?)?;
        Ok(Self { pool, limits, cursor, memory: Memory::none(), watch: None })
    }

    /// A projector that goes on from where a schema is.
    pub(crate) fn resume(
        database: &Database,
        schema: &ReadSchema,
        cursor: Cursor,
        limits: ProjectorLimits,
    ) -> Result<Self, ProjectorError> {
        let pool = pool(database, schema)?;
        Ok(Self { pool, limits, cursor, memory: Memory::none(), watch: None })
    }

    /// Lets the projector ask for records that it was given before: after a crash of the database
    /// the last of what was folded may be gone.
    #[must_use]
    pub fn remembering(mut self, memory: Memory) -> Self {
        self.memory = memory;
        self
    }

    /// Lets it tell this watch what it has committed.
    #[must_use]
    pub fn telling(mut self, watch: CheckpointWatch) -> Self {
        self.watch = Some(watch);
        self
    }

    /// Takes it that somebody has found this record in the log: where it is the one at the
    /// checkpoint, the first record given may be the one after it.
    #[must_use]
    pub fn knowing(mut self, found: Option<&Checkpoint>) -> Self {
        self.cursor.is_found(found);
        self
    }

    /// Where it is in the ledger.
    pub(crate) const fn cursor(&self) -> &Cursor {
        &self.cursor
    }

    /// How far it has come. The first record it is given must be the one there, or an earlier one:
    /// it is compared with the one that was folded.
    #[must_use]
    pub const fn checkpoint(&self) -> Option<&Checkpoint> {
        self.cursor.checkpoint()
    }

    /// Folds what it is given until the sender is dropped, and through all outages.
    ///
    /// To drop the future stops it between two batches or takes the batch under way back.
    ///
    /// # Errors
    /// When to go on would be to guess: see [`ProjectorError`].
    pub async fn run(
        &mut self,
        mut batches: mpsc::Receiver<Arc<[Folded]>>,
    ) -> Result<(), ProjectorError> {
        while let Some(gathered) = batch::gather(&mut batches, &self.limits).await {
            let records: Vec<&Folded> = gathered.iter().flat_map(|batch| batch.iter()).collect();
            for chunk in batch::chunks(&records, &self.limits) {
                self.apply_through_outages(chunk).await?;
            }
        }
        Ok(())
    }

    /// Folds some records in one transaction, and says up to where; nothing where all of them had
    /// been folded before.
    ///
    /// # Errors
    /// Also when the database is not available, or another projector was faster.
    pub async fn apply(&mut self, records: &[Folded]) -> Result<Option<Position>, ProjectorError> {
        self.apply_batch(&records.iter().collect::<Vec<_>>()).await
    }

    async fn apply_through_outages(&mut self, records: &[&Folded]) -> Result<(), ProjectorError> {
        let mut backoff = BACKOFF_FIRST;
        let mut lost = Vec::new();
        loop {
            match self.apply_after(&lost, records).await {
                Ok(()) => return Ok(()),
                // The other one is at work, or was: what it has folded is skipped.
                Err(ProjectorError::Fenced { .. }) => {}
                Err(ProjectorError::Database(error)) if error.is_unavailable() => {
                    warn_of_outage(&error);
                    tokio::time::sleep(backoff).await;
                    backoff = BACKOFF_MAX.min(backoff * 2);
                }
                Err(error) => return Err(error),
            }
            // Also after an outage: the transaction may have been committed without an answer.
            match self.cursor.read_again(&self.pool, &self.memory, &mut lost).await {
                Ok(()) => {}
                Err(ProjectorError::Database(error)) if error.is_unavailable() => {
                    warn_of_outage(&error);
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Folds what was lost before these records, and then these.
    async fn apply_after(
        &mut self,
        lost: &[Arc<[Folded]>],
        records: &[&Folded],
    ) -> Result<(), ProjectorError> {
        let first = records.first().map(|record| record.position);
        let lost = lost.iter().flat_map(|batch| batch.iter());
        let lost = lost.filter(|record| Some(record.position) < first);
        let all: Vec<&Folded> = lost.chain(records.iter().copied()).collect();
        for chunk in batch::chunks(&all, &self.limits) {
            self.apply_batch(chunk).await?;
        }
        Ok(())
    }

    async fn apply_batch(
        &mut self,
        records: &[&Folded],
    ) -> Result<Option<Position>, ProjectorError> {
        let records = self.cursor.unseen(records)?;
        let Some(last) = records.last() else { return Ok(None) };
        let began = Instant::now();
        let reached = self.cursor.at(last);
        let mut client = self.pool.get().await.map_err(DatabaseError::from)?;
        let error = |error| DatabaseError::of("projector/transaction", error);
        let transaction = client.transaction().await.map_err(error)?;
        move_checkpoint(&transaction, self.cursor.checkpoint(), &reached).await?;
        // A future for every table is too large for the stack.
        Box::pin(write_all(&transaction, records)).await?;
        notify(&transaction, reached.position).await?;
        transaction.commit().await.map_err(error)?;
        let elapsed = began.elapsed().as_secs_f64();
        metrics::histogram!("projection_batch_seconds").record(elapsed);
        tracing::debug!(
            target: "fullmakt::batch",
            duration_ms = elapsed * 1_000.0,
            ledger.position = reached.position.get(),
            records = records.len(),
            events = records.iter().map(|record| record.events.len()).sum::<usize>(),
            bytes = records.iter().map(|record| record.bytes.len()).sum::<usize>(),
            "batch"
        );
        self.cursor.advance(reached);
        if let Some(watch) = &self.watch {
            watch.tell(reached);
        }
        Ok(Some(reached.position))
    }
}

/// One session that fills a schema.
fn pool(database: &Database, schema: &ReadSchema) -> Result<Pool, ProjectorError> {
    Ok(database.pool_of(Session::Projecting(schema), 1)?)
}

async fn write_all(
    transaction: &Transaction<'_>,
    records: &[&Folded],
) -> Result<(), DatabaseError> {
    let mut changes = Changes::default();
    records.iter().flat_map(|folded| project(folded)).for_each(|change| changes.push(change));
    futures::try_join!(
        index::write(transaction, records),
        write::<Systems>(transaction, &changes.systems),
        write::<SystemChanges>(transaction, &changes.system_changes),
        write::<SystemClientIds>(transaction, &changes.system_client_ids),
        write::<SystemUserRequests>(transaction, &changes.system_user_requests),
        write::<SystemUserChanges>(transaction, &changes.system_user_changes),
        write::<SystemUsers>(transaction, &changes.system_users),
        write::<ClientLinks>(transaction, &changes.client_links),
        write::<Mandates>(transaction, &changes.mandates),
        write::<MandateAsks>(transaction, &changes.mandate_asks),
        write::<Parties>(transaction, &changes.parties),
        write::<PartyRoles>(transaction, &changes.party_roles),
        write::<Resources>(transaction, &changes.resources),
        write::<ResourcePolicies>(transaction, &changes.resource_policies),
        write::<ResourceRights>(transaction, &changes.resource_rights),
        write::<AccessLists>(transaction, &changes.access_lists),
        write::<AccessListMembers>(transaction, &changes.access_list_members),
        write::<AccessListResources>(transaction, &changes.access_list_resources),
        write::<Catalogues>(transaction, &changes.catalogues),
        write::<TokenClients>(transaction, &changes.token_clients),
        write::<TokenScopes>(transaction, &changes.token_scopes),
    )?;
    Ok(())
}

async fn notify(transaction: &Transaction<'_>, position: Position) -> Result<(), DatabaseError> {
    let error = DatabaseError::from_statement(checkpoint::NOTIFY);
    let statement = transaction.prepare_cached(checkpoint::NOTIFY.text).await.map_err(&error)?;
    transaction.execute(&statement, &[&position.to_string()]).await.map_err(&error)?;
    Ok(())
}

fn warn_of_outage(error: &DatabaseError) {
    tracing::warn!(
        error = error as &dyn std::error::Error,
        "the database is not available; the batch is tried again"
    );
}
