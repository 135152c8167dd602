use fullmakt_projections::{ClientLinkRow, ClientLinks};
use tokio_postgres::Row;

use crate::{
    DatabaseError,
    column::{Column, get, validity},
    table::{Columns, Table},
};

impl Table for ClientLinks {
    fn columns<C: Columns<ClientLinkRow>>(columns: C) -> C {
        columns
            .column(|row| row.system_user.to_pg())
            .column(|row| row.client.to_pg())
            .column(|row| row.access_packages.to_pg())
            .column(|row| row.rights.to_pg())
            .column(|row| row.validity.from.to_pg())
            .column(|row| row.validity.to.to_pg())
    }

    fn read(row: &Row) -> Result<ClientLinkRow, DatabaseError> {
        Ok(ClientLinkRow {
            system_user: get(row, "system_user")?,
            client: get(row, "client")?,
            access_packages: get(row, "access_packages")?,
            rights: get(row, "rights")?,
            validity: validity(row)?,
        })
    }
}
