use fullmakt_projections::{AccessListRow, AccessLists};
use tokio_postgres::Row;

use crate::{
    DatabaseError,
    column::{Column, get},
    table::{Columns, Table},
};

impl Table for AccessLists {
    fn columns<C: Columns<AccessListRow>>(columns: C) -> C {
        columns
            .column(|row| row.owner.to_pg())
            .column(|row| row.name.to_pg())
            .column(|row| row.title.to_pg())
            .column(|row| row.description.to_pg())
            .column(|row| row.created.to_pg())
            .column(|row| row.changed.to_pg())
    }

    fn read(row: &Row) -> Result<AccessListRow, DatabaseError> {
        Ok(AccessListRow {
            // The entity is the id.
            id: get(row, "entity")?,
            owner: get(row, "owner")?,
            name: get(row, "name")?,
            title: get(row, "title")?,
            description: get(row, "description")?,
            created: get(row, "created")?,
            changed: get(row, "changed")?,
        })
    }
}
