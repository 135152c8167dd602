use fullmakt_events::{PackageUrn, Right};
use fullmakt_projections::{MandateRow, Mandated, Mandates};
use tokio_postgres::Row;

use crate::{
    DatabaseError,
    column::{Column, get, validity},
    table::{Columns, Table},
};

impl Table for Mandates {
    fn columns<C: Columns<MandateRow>>(columns: C) -> C {
        columns
            .column(|row| row.from_party.to_pg())
            .column(|row| row.to_party.to_pg())
            .column(|row| package(&row.what).to_pg())
            .column(|row| right(&row.what).to_pg())
            .column(|row| row.validity.from.to_pg())
            .column(|row| row.validity.to.to_pg())
    }

    fn read(row: &Row) -> Result<MandateRow, DatabaseError> {
        // A row has exactly one of both.
        let what = match get(row, "single_right")? {
            Some(right) => Mandated::Right(right),
            None => Mandated::Package(get(row, "access_package")?),
        };
        Ok(MandateRow {
            from_party: get(row, "from_party")?,
            to_party: get(row, "to_party")?,
            what,
            validity: validity(row)?,
        })
    }
}

fn package(what: &Mandated) -> Option<PackageUrn> {
    match what {
        Mandated::Package(package) => Some(package.clone()),
        Mandated::Right(_) => None,
    }
}

fn right(what: &Mandated) -> Option<Right> {
    match what {
        Mandated::Package(_) => None,
        Mandated::Right(right) => Some(right.clone()),
    }
}
