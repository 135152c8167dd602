use fullmakt_projections::{PartyRoleRow, PartyRoles};
use tokio_postgres::Row;

use crate::{
    DatabaseError,
    column::{Column, get},
    table::{Columns, Table},
};

impl Table for PartyRoles {
    fn columns<C: Columns<PartyRoleRow>>(columns: C) -> C {
        columns
            .column(|row| row.party.to_pg())
            .column(|row| row.role.to_pg())
            .column(|row| row.holder.to_pg())
    }

    fn read(row: &Row) -> Result<PartyRoleRow, DatabaseError> {
        Ok(PartyRoleRow {
            party: get(row, "party")?,
            role: get(row, "role")?,
            holder: get(row, "holder")?,
        })
    }
}
