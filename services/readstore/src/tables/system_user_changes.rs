use fullmakt_projections::{ChangeRequestRow, Sequence, SystemUserChanges};
use tokio_postgres::Row;

use crate::{
    DatabaseError,
    column::{Column, get},
    table::{Columns, Table},
};

impl Table for SystemUserChanges {
    fn columns<C: Columns<ChangeRequestRow>>(columns: C) -> C {
        columns
            .column(|row| row.system_user.to_pg())
            .column(|row| row.system.to_pg())
            .column(|row| row.vendor.to_pg())
            .column(|row| row.customer.to_pg())
            .column(|row| row.customer_party.to_pg())
            .column(|row| row.external_ref.to_pg())
            .column(|row| row.required_rights.to_pg())
            .column(|row| row.unwanted_rights.to_pg())
            .column(|row| row.required_access_packages.to_pg())
            .column(|row| row.unwanted_access_packages.to_pg())
            .column(|row| row.redirect_url.to_pg())
            .column(|row| row.status.to_pg())
            .column(|row| row.created.to_pg())
            .column(|row| row.created_at.position.to_pg())
            .column(|row| row.created_at.index.to_pg())
    }

    fn read(row: &Row) -> Result<ChangeRequestRow, DatabaseError> {
        Ok(ChangeRequestRow {
            // The entity is the id.
            id: get(row, "entity")?,
            system_user: get(row, "system_user")?,
            system: get(row, "system")?,
            vendor: get(row, "vendor")?,
            customer: get(row, "customer")?,
            customer_party: get(row, "customer_party")?,
            external_ref: get(row, "external_ref")?,
            required_rights: get(row, "required_rights")?,
            unwanted_rights: get(row, "unwanted_rights")?,
            required_access_packages: get(row, "required_access_packages")?,
            unwanted_access_packages: get(row, "unwanted_access_packages")?,
            redirect_url: get(row, "redirect_url")?,
            status: get(row, "status")?,
            created: get(row, "created")?,
            created_at: Sequence {
                position: get(row, "created_position")?,
                index: get(row, "created_index")?,
            },
        })
    }
}
