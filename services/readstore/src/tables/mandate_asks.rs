use fullmakt_projections::{MandateAskRow, MandateAsks};
use tokio_postgres::Row;

use crate::{
    DatabaseError,
    column::{Column, get, validity},
    table::{Columns, Table},
};

impl Table for MandateAsks {
    fn columns<C: Columns<MandateAskRow>>(columns: C) -> C {
        columns
            .column(|row| row.from_party.to_pg())
            .column(|row| row.to_party.to_pg())
            .column(|row| row.access_packages.to_pg())
            .column(|row| row.rights.to_pg())
            .column(|row| row.validity.from.to_pg())
            .column(|row| row.validity.to.to_pg())
            .column(|row| row.status.to_pg())
            .column(|row| row.asked_by.to_pg())
            .column(|row| row.asked.to_pg())
            .column(|row| row.answered_by.to_pg())
            .column(|row| row.answered.to_pg())
    }

    fn read(row: &Row) -> Result<MandateAskRow, DatabaseError> {
        Ok(MandateAskRow {
            // The entity is the id.
            id: get(row, "entity")?,
            from_party: get(row, "from_party")?,
            to_party: get(row, "to_party")?,
            access_packages: get(row, "access_packages")?,
            rights: get(row, "rights")?,
            validity: validity(row)?,
            status: get(row, "status")?,
            asked_by: get(row, "asked_by")?,
            asked: get(row, "asked")?,
            answered_by: get(row, "answered_by")?,
            answered: get(row, "answered")?,
        })
    }
}
