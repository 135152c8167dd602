use fullmakt_projections::{TokenScopeRow, TokenScopes};
use tokio_postgres::Row;

use crate::{
    DatabaseError,
    column::{Column, get},
    table::{Columns, Table},
};

impl Table for TokenScopes {
    fn columns<C: Columns<TokenScopeRow>>(columns: C) -> C {
        columns
            .column(|row| row.scope.to_pg())
            .column(|row| row.standing.to_pg())
            .column(|row| row.holder.to_pg())
            .column(|row| row.supplier.to_pg())
            .column(|row| TokenScopeRow::scope_key(&row.scope).to_pg())
    }

    fn read(row: &Row) -> Result<TokenScopeRow, DatabaseError> {
        Ok(TokenScopeRow {
            scope: get(row, "scope")?,
            standing: get(row, "standing")?,
            holder: get(row, "holder")?,
            supplier: get(row, "supplier")?,
        })
    }
}
