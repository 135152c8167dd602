//! What is kept in memory while tables are filled, since without indexes nothing is found in them.

use std::collections::{HashMap, HashSet};

use fullmakt_events::{Position, StreamKey};
use fullmakt_projections::{
    AccessListMembers, AccessListResources, AccessLists, Advance, Catalogues, Changes, ClientLinks,
    EntityKey, Keyed, MandateAsks, Mandates, Parties, PartyRoles, ResourcePolicies, ResourceRights,
    Resources, SystemChanges, SystemClientIds, SystemUserChanges, SystemUserRequests, SystemUsers,
    Systems, TokenClients, TokenScopes, Version, advance, intervals,
};
use futures::{TryStreamExt, pin_mut};
use tokio_postgres::Client;
use uuid::Uuid;

use super::{
    chunk::Rows,
    copy::{CopyRows, ModelRow},
};
use crate::{
    DatabaseError,
    column::get,
    projector::stored_key,
    table::{Table, stored_end},
};

const OPEN_ROWS: &str = include_str!("sql/open_rows.sql");
const STREAMS: &str = include_str!("sql/streams.sql");

/// The rows of one table that still hold, with the positions that made them so.
type OpenRows<T> = HashMap<EntityKey, (Position, T)>;

/// Lists the read models, once.
macro_rules! memory {
    ($($field:ident: $model:ident),+ $(,)?) => {
        /// What the tables hold as of the last record folded.
        #[derive(Debug, Default)]
        pub(super) struct Memory {
            streams: HashMap<Uuid, u64>,
            $($field: OpenRows<<$model as fullmakt_projections::ReadModel>::Row>,)+
        }

        impl Memory {
            /// What the tables of a schema hold.
            pub(super) async fn load(client: &Client) -> Result<Self, DatabaseError> {
                Ok(Self {
                    streams: load_streams(client).await?,
                    $($field: load_rows::<$model>(client).await?,)+
                })
            }

            /// How much is kept.
            pub(super) fn entries(&self) -> usize {
                self.streams.len() $(+ self.$field.len())+
            }

            /// Folds changes: the rows that are to be added, and those that end.
            pub(super) fn fold(
                &mut self,
                changes: &Changes,
                rows: &mut Rows,
            ) -> Result<(), DatabaseError> {
                $({
                    let added = fold::<$model>(&mut self.$field, &changes.$field, &mut rows.ended)?;
                    rows.add(<$model as fullmakt_projections::ReadModel>::NAME, added);
                })+
                Ok(())
            }
        }
    };
}
memory! {
    systems: Systems,
    system_changes: SystemChanges,
    system_client_ids: SystemClientIds,
    system_user_requests: SystemUserRequests,
    system_user_changes: SystemUserChanges,
    system_users: SystemUsers,
    client_links: ClientLinks,
    mandates: Mandates,
    mandate_asks: MandateAsks,
    parties: Parties,
    party_roles: PartyRoles,
    resources: Resources,
    resource_policies: ResourcePolicies,
    resource_rights: ResourceRights,
    access_lists: AccessLists,
    access_list_members: AccessListMembers,
    access_list_resources: AccessListResources,
    catalogues: Catalogues,
    token_clients: TokenClients,
    token_scopes: TokenScopes,
}

impl Memory {
    /// The version of a stream's next event, which is counted.
    pub(super) fn next_version(&mut self, stream: &StreamKey) -> u64 {
        let version = self.streams.entry(stored_key(stream)).or_default();
        *version += 1;
        *version
    }
}

fn fold<T: Table>(
    open: &mut OpenRows<T::Row>,
    changes: &[Keyed<T::Change>],
    ended_rows: &mut CopyRows,
) -> Result<CopyRows, DatabaseError> {
    let entities: HashSet<EntityKey> = changes.iter().map(|keyed| keyed.entity).collect();
    let current = entities
        .into_iter()
        .filter_map(|entity| open.get(&entity).map(|(_, row)| (entity, row.clone())));
    let Advance { ended, begun } = advance::<T>(current, changes);
    for (entity, to) in &ended {
        if let Some((from, _)) = open.remove(entity) {
            ended_rows.row().text(T::NAME).column(entity).column(&from).column(to).end()?;
        }
    }
    let mut rows = CopyRows::new();
    for (entity, version) in begun {
        let interval =
            rows.row().column(&entity).column(&version.from).column(&stored_end(&version));
        T::columns(ModelRow::after(interval, &version.row)).end()?;
        if let Version { from, to: None, row } = version {
            open.insert(entity, (from, row));
        }
    }
    Ok(rows)
}

async fn load_rows<T: Table>(client: &Client) -> Result<OpenRows<T::Row>, DatabaseError> {
    let text = OPEN_ROWS.replace(intervals::TABLE, T::NAME);
    let error = |error| DatabaseError::of("bulk/open_rows", error);
    let none: [&str; 0] = [];
    let rows = client.query_raw(&text, none).await.map_err(error)?;
    pin_mut!(rows);
    let mut open = HashMap::new();
    while let Some(row) = rows.try_next().await.map_err(error)? {
        open.insert(get(&row, "entity")?, (get(&row, "from_position")?, T::read(&row)?));
    }
    Ok(open)
}

async fn load_streams(client: &Client) -> Result<HashMap<Uuid, u64>, DatabaseError> {
    let error = |error| DatabaseError::of("bulk/streams", error);
    let none: [&str; 0] = [];
    let rows = client.query_raw(STREAMS, none).await.map_err(error)?;
    pin_mut!(rows);
    let mut streams = HashMap::new();
    while let Some(row) = rows.try_next().await.map_err(error)? {
        streams.insert(get(&row, "stream_key")?, get(&row, "version")?);
    }
    Ok(streams)
}
