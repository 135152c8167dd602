use fullmakt_projections::{Sequence, SystemUserRow, SystemUsers};
use tokio_postgres::Row;

use crate::{
    DatabaseError,
    column::{Column, get},
    table::{Columns, Table},
};

impl Table for SystemUsers {
    fn columns<C: Columns<SystemUserRow>>(columns: C) -> C {
        columns
            .column(|row| row.kind.to_pg())
            .column(|row| row.system.to_pg())
            .column(|row| row.vendor.to_pg())
            .column(|row| row.owner.to_pg())
            .column(|row| row.owner_party.to_pg())
            .column(|row| row.external_ref.to_pg())
            .column(|row| row.integration_title.to_pg())
            .column(|row| row.rights.to_pg())
            .column(|row| row.delegated.to_pg())
            .column(|row| row.access_packages.to_pg())
            .column(|row| row.is_paused)
            .column(|row| row.is_deleted)
            .column(|row| row.created.to_pg())
            .column(|row| row.changed.to_pg())
            .column(|row| row.created_at.position.to_pg())
            .column(|row| row.created_at.index.to_pg())
            .column(|row| row.sequence.position.to_pg())
            .column(|row| row.sequence.index.to_pg())
    }

    fn read(row: &Row) -> Result<SystemUserRow, DatabaseError> {
        Ok(SystemUserRow {
            // The entity is the id.
            id: get(row, "entity")?,
            kind: get(row, "kind")?,
            system: get(row, "system")?,
            vendor: get(row, "vendor")?,
            owner: get(row, "owner")?,
            owner_party: get(row, "owner_party")?,
            external_ref: get(row, "external_ref")?,
            integration_title: get(row, "integration_title")?,
            rights: get(row, "rights")?,
            delegated: get(row, "delegated")?,
            access_packages: get(row, "access_packages")?,
            is_paused: get(row, "is_paused")?,
            is_deleted: get(row, "is_deleted")?,
            created: get(row, "created")?,
            changed: get(row, "changed")?,
            created_at: Sequence {
                position: get(row, "created_position")?,
                index: get(row, "created_index")?,
            },
            sequence: Sequence {
                position: get(row, "changed_position")?,
                index: get(row, "changed_index")?,
            },
        })
    }
}
