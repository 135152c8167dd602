use fullmakt_projections::{SystemClientIdRow, SystemClientIds, SystemRow};
use tokio_postgres::Row;

use crate::{
    DatabaseError,
    column::{Column, get},
    table::{Columns, Table},
};

impl Table for SystemClientIds {
    fn columns<C: Columns<SystemClientIdRow>>(columns: C) -> C {
        columns
            .column(|row| row.client_id.to_pg())
            .column(|row| row.system.to_pg())
            .column(|row| SystemRow::key(&row.system).to_pg())
    }

    fn read(row: &Row) -> Result<SystemClientIdRow, DatabaseError> {
        Ok(SystemClientIdRow { client_id: get(row, "client_id")?, system: get(row, "system")? })
    }
}
