use fullmakt_events::event::RegistryRight;
use fullmakt_projections::{ResourceRightRow, ResourceRights};
use tokio_postgres::Row;

use crate::{
    DatabaseError,
    column::{Column, get, validity},
    table::{Columns, Table},
};

impl Table for ResourceRights {
    fn columns<C: Columns<ResourceRightRow>>(columns: C) -> C {
        columns
            .column(|row| row.right.resource.to_pg())
            .column(|row| row.right.party.to_pg())
            .column(|row| row.right.performed_by.to_pg())
            .column(|row| row.right.rights_type.to_pg())
            .column(|row| row.right.rights_value.to_pg())
            .column(|row| row.right.validity.from.to_pg())
            .column(|row| row.right.validity.to.to_pg())
    }

    fn read(row: &Row) -> Result<ResourceRightRow, DatabaseError> {
        Ok(ResourceRightRow {
            right: RegistryRight {
                // The entity is the id.
                id: get(row, "entity")?,
                resource: get(row, "resource")?,
                party: get(row, "party")?,
                performed_by: get(row, "performed_by")?,
                rights_type: get(row, "rights_type")?,
                rights_value: get(row, "rights_value")?,
                validity: validity(row)?,
            },
        })
    }
}
