use fullmakt_projections::{Sequence, Submitted, SystemChangeRow, SystemChangeType, SystemChanges};
use tokio_postgres::Row;

use crate::{
    DatabaseError,
    column::{Column, get},
    table::{Columns, Table},
};

impl Table for SystemChanges {
    fn columns<C: Columns<SystemChangeRow>>(columns: C) -> C {
        columns
            .column(|row| row.system.to_pg())
            .column(|row| row.submitted.change_type().to_pg())
            .column(|row| match &row.submitted {
                Submitted::Registration(definition) | Submitted::Update(definition) => {
                    Some(definition.to_pg())
                }
                Submitted::Rights(_) | Submitted::AccessPackages(_) | Submitted::Deletion => None,
            })
            .column(|row| match &row.submitted {
                Submitted::Rights(rights) => Some(rights.to_pg()),
                Submitted::Registration(_)
                | Submitted::Update(_)
                | Submitted::AccessPackages(_)
                | Submitted::Deletion => None,
            })
            .column(|row| match &row.submitted {
                Submitted::AccessPackages(packages) => Some(packages.to_pg()),
                Submitted::Registration(_)
                | Submitted::Update(_)
                | Submitted::Rights(_)
                | Submitted::Deletion => None,
            })
            .column(|row| row.changed_by.to_pg())
            .column(|row| row.client_id.to_pg())
            .column(|row| row.created.to_pg())
            .column(|row| row.changed.position.to_pg())
            .column(|row| row.changed.index.to_pg())
    }

    fn read(row: &Row) -> Result<SystemChangeRow, DatabaseError> {
        Ok(SystemChangeRow {
            system: get(row, "system")?,
            submitted: submitted(row)?,
            changed_by: get(row, "changed_by")?,
            client_id: get(row, "client_id")?,
            created: get(row, "created")?,
            changed: Sequence {
                position: get(row, "changed_position")?,
                index: get(row, "changed_index")?,
            },
        })
    }
}

/// What was submitted: the column that the type of the change says.
fn submitted(row: &Row) -> Result<Submitted, DatabaseError> {
    Ok(match get(row, "change_type")? {
        SystemChangeType::Create => Submitted::Registration(Box::new(get(row, "definition")?)),
        SystemChangeType::Update => Submitted::Update(Box::new(get(row, "definition")?)),
        SystemChangeType::RightsUpdate => Submitted::Rights(get(row, "rights")?),
        SystemChangeType::AccessPackageUpdate => {
            Submitted::AccessPackages(get(row, "access_packages")?)
        }
        SystemChangeType::Delete => Submitted::Deletion,
    })
}
