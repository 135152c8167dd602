use fullmakt_projections::{RequestRow, Sequence, SystemUserRequests};
use tokio_postgres::Row;

use crate::{
    DatabaseError,
    column::{Column, get},
    table::{Columns, Table},
};

impl Table for SystemUserRequests {
    fn columns<C: Columns<RequestRow>>(columns: C) -> C {
        columns
            .column(|row| row.kind.to_pg())
            .column(|row| row.system.to_pg())
            .column(|row| row.vendor.to_pg())
            .column(|row| row.customer.to_pg())
            .column(|row| row.customer_party.to_pg())
            .column(|row| row.external_ref.to_pg())
            .column(|row| row.integration_title.to_pg())
            .column(|row| row.rights.to_pg())
            .column(|row| row.access_packages.to_pg())
            .column(|row| row.redirect_url.to_pg())
            .column(|row| row.status.to_pg())
            .column(|row| row.is_escalated)
            .column(|row| row.created.to_pg())
            .column(|row| row.created_at.position.to_pg())
            .column(|row| row.created_at.index.to_pg())
    }

    fn read(row: &Row) -> Result<RequestRow, DatabaseError> {
        Ok(RequestRow {
            // The entity is the id.
            id: get(row, "entity")?,
            kind: get(row, "kind")?,
            system: get(row, "system")?,
            vendor: get(row, "vendor")?,
            customer: get(row, "customer")?,
            customer_party: get(row, "customer_party")?,
            external_ref: get(row, "external_ref")?,
            integration_title: get(row, "integration_title")?,
            rights: get(row, "rights")?,
            access_packages: get(row, "access_packages")?,
            redirect_url: get(row, "redirect_url")?,
            status: get(row, "status")?,
            is_escalated: get(row, "is_escalated")?,
            created: get(row, "created")?,
            created_at: Sequence {
                position: get(row, "created_position")?,
                index: get(row, "created_index")?,
            },
        })
    }
}
