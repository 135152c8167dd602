use fullmakt_projections::{AccessListMemberRow, AccessListMembers};
use tokio_postgres::Row;

use crate::{
    DatabaseError,
    column::{Column, get},
    table::{Columns, Table},
};

impl Table for AccessListMembers {
    fn columns<C: Columns<AccessListMemberRow>>(columns: C) -> C {
        columns
            .column(|row| row.list.to_pg())
            .column(|row| row.member.to_pg())
            .column(|row| row.added.to_pg())
    }

    fn read(row: &Row) -> Result<AccessListMemberRow, DatabaseError> {
        Ok(AccessListMemberRow {
            list: get(row, "list")?,
            member: get(row, "member")?,
            added: get(row, "added")?,
        })
    }
}
