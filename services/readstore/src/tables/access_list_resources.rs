use fullmakt_projections::{AccessListResourceRow, AccessListResources};
use tokio_postgres::Row;

use crate::{
    DatabaseError,
    column::{Column, get},
    table::{Columns, Table},
};

impl Table for AccessListResources {
    fn columns<C: Columns<AccessListResourceRow>>(columns: C) -> C {
        columns
            .column(|row| row.list.to_pg())
            .column(|row| row.resource.to_pg())
            .column(|row| row.actions.to_pg())
            .column(|row| row.created.to_pg())
            .column(|row| row.changed.to_pg())
    }

    fn read(row: &Row) -> Result<AccessListResourceRow, DatabaseError> {
        Ok(AccessListResourceRow {
            list: get(row, "list")?,
            resource: get(row, "resource")?,
            actions: get(row, "actions")?,
            created: get(row, "created")?,
            changed: get(row, "changed")?,
        })
    }
}
