use fullmakt_projections::{PolicyRow, ResourcePolicies};
use tokio_postgres::Row;

use crate::{
    DatabaseError,
    column::{Column, get},
    table::{Columns, Table},
};

impl Table for ResourcePolicies {
    fn columns<C: Columns<PolicyRow>>(columns: C) -> C {
        columns
            .column(|row| row.resource.to_pg())
            .column(|row| row.hash.to_pg())
            .column(|row| row.xml.to_pg())
    }

    fn read(row: &Row) -> Result<PolicyRow, DatabaseError> {
        Ok(PolicyRow {
            resource: get(row, "resource")?,
            hash: get(row, "hash")?,
            xml: get(row, "xml")?,
        })
    }
}
