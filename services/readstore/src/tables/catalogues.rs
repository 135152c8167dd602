use fullmakt_projections::{CatalogueRow, Catalogues};
use tokio_postgres::Row;

use crate::{
    DatabaseError,
    column::{Column, get},
    table::{Columns, Table},
};

impl Table for Catalogues {
    fn columns<C: Columns<CatalogueRow>>(columns: C) -> C {
        columns
            .column(|row| row.name.to_pg())
            .column(|row| row.hash.to_pg())
            .column(|row| row.content.to_pg())
    }

    fn read(row: &Row) -> Result<CatalogueRow, DatabaseError> {
        Ok(CatalogueRow {
            name: get(row, "name")?,
            hash: get(row, "hash")?,
            content: get(row, "content")?,
        })
    }
}
