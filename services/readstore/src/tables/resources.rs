use fullmakt_events::event::ResourceDefinition;
use fullmakt_projections::{ResourceRow, Resources};
use tokio_postgres::Row;

use crate::{
    DatabaseError,
    column::{Column, get},
    table::{Columns, Table},
};

impl Table for Resources {
    fn columns<C: Columns<ResourceRow>>(columns: C) -> C {
        columns
            .column(|row| row.definition.id.to_pg())
            .column(|row| row.definition.owner.to_pg())
            .column(|row| row.definition.resource_type.to_pg())
            .column(|row| row.definition.is_delegable)
            .column(|row| row.definition.metadata.to_pg())
            .column(|row| row.registry_required_since.to_pg())
    }

    fn read(row: &Row) -> Result<ResourceRow, DatabaseError> {
        Ok(ResourceRow {
            definition: ResourceDefinition {
                id: get(row, "resource")?,
                owner: get(row, "owner")?,
                resource_type: get(row, "resource_type")?,
                is_delegable: get(row, "is_delegable")?,
                metadata: get(row, "metadata")?,
            },
            registry_required_since: get(row, "registry_required_since")?,
        })
    }
}
