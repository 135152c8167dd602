use fullmakt_projections::{TokenClientRow, TokenClients};
use tokio_postgres::Row;

use crate::{
    DatabaseError,
    column::{Column, get},
    table::{Columns, Table},
};

impl Table for TokenClients {
    fn columns<C: Columns<TokenClientRow>>(columns: C) -> C {
        columns
            .column(|row| row.client_id.to_pg())
            .column(|row| row.owner.to_pg())
            .column(|row| row.scopes.to_pg())
            .column(|row| row.keys.to_pg())
    }

    fn read(row: &Row) -> Result<TokenClientRow, DatabaseError> {
        Ok(TokenClientRow {
            client_id: get(row, "client_id")?,
            owner: get(row, "owner")?,
            scopes: get(row, "scopes")?,
            keys: get(row, "keys")?,
        })
    }
}
