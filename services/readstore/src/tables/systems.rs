use fullmakt_projections::{SystemRow, Systems};
use tokio_postgres::Row;

use crate::{
    DatabaseError,
    column::{Column, get},
    table::{Columns, Table},
};

impl Table for Systems {
    fn columns<C: Columns<SystemRow>>(columns: C) -> C {
        columns
            .column(|row| row.system.to_pg())
            .column(|row| row.internal_id.to_pg())
            .column(|row| row.definition.vendor.to_pg())
            .column(|row| row.definition.is_visible)
            .column(|row| row.is_deleted)
            .column(|row| row.created.to_pg())
            .column(|row| row.version.to_pg())
            .column(|row| row.definition.to_pg())
    }

    fn read(row: &Row) -> Result<SystemRow, DatabaseError> {
        Ok(SystemRow {
            system: get(row, "system")?,
            internal_id: get(row, "internal_id")?,
            is_deleted: get(row, "is_deleted")?,
            created: get(row, "created")?,
            version: get(row, "version")?,
            definition: get(row, "definition")?,
        })
    }
}
