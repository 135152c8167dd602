use fullmakt_events::event::PartyFacts;
use fullmakt_projections::{Parties, PartyRow};
use tokio_postgres::Row;

use crate::{
    DatabaseError,
    column::{Column, get},
    table::{Columns, Table},
};

impl Table for Parties {
    fn columns<C: Columns<PartyRow>>(columns: C) -> C {
        columns
            .column(|row| row.number.to_pg())
            .column(|row| row.facts.org_number.to_pg())
            .column(|row| row.facts.kind.to_pg())
            .column(|row| row.facts.variant.to_pg())
            .column(|row| row.facts.name.to_pg())
            .column(|row| row.facts.parent.to_pg())
            .column(|row| row.facts.is_deleted)
            .column(|row| row.deleted.to_pg())
    }

    fn read(row: &Row) -> Result<PartyRow, DatabaseError> {
        Ok(PartyRow {
            // The entity is the party.
            party: get(row, "entity")?,
            number: get(row, "number")?,
            facts: PartyFacts {
                kind: get(row, "kind")?,
                org_number: get(row, "org_number")?,
                variant: get(row, "variant")?,
                name: get(row, "name")?,
                parent: get(row, "parent")?,
                is_deleted: get(row, "is_deleted")?,
            },
            deleted: get(row, "deleted")?,
        })
    }
}
