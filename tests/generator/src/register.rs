//! The entity register's bulk files, as it writes them: gzipped, each one JSON array.

use std::io::{self, BufWriter, Write};

use flate2::{Compression, write::GzEncoder};
use serde_json::{Value, json};

use crate::{Country, Held, Holder, Unit};

/// The names of the files, and what is written to each.
pub const FILES: [(&str, Writer); 3] =
    [("units.json.gz", units), ("sub-units.json.gz", sub_units), ("roles.json.gz", roles)];

/// What writes a file.
pub type Writer = fn(&Country, &mut dyn Write) -> io::Result<()>;

/// Writes the main units.
///
/// # Errors
/// When the file cannot be written.
pub fn units(country: &Country, out: &mut dyn Write) -> io::Result<()> {
    array(out, country.units().map(|unit| element(country, &unit)))
}

/// Writes the sub-units.
///
/// # Errors
/// When the file cannot be written.
pub fn sub_units(country: &Country, out: &mut dyn Write) -> io::Result<()> {
    array(out, country.sub_units().map(|unit| element(country, &unit)))
}

/// Writes the role holders of the main units, in the variant of the file that has their national
/// identity numbers.
///
/// # Errors
/// When the file cannot be written.
pub fn roles(country: &Country, out: &mut dyn Write) -> io::Result<()> {
    array(out, country.units().map(|unit| role_holders(country, &unit)))
}

fn element(country: &Country, unit: &Unit) -> Value {
    let mut element = json!({
        "links": [],
        "organisasjonsnummer": unit.number,
        "navn": unit.name.to_uppercase(),
        "organisasjonsform": { "links": [], "kode": unit.form },
        "registreringsdatoEnhetsregisteret": "2001-05-14",
    });
    match unit.parent.and_then(|parent| country.unit(parent)) {
        Some(parent) => {
            put(&mut element, "overordnetEnhet", json!(parent.number));
            put(&mut element, "respons_klasse", json!("Underenhet"));
        }
        None => put(&mut element, "respons_klasse", json!("Enhet")),
    }
    element
}

fn role_holders(country: &Country, unit: &Unit) -> Value {
    let held = country.roles(unit.index);
    let groups = held.chunk_by(|one, next| one.group == next.group).map(|group| {
        let roles = group.iter().zip(0..).map(|(held, order)| role(country, *held, order));
        let kind = group.first().map(|held| held.group);
        json!({
            "roller": roles.collect::<Vec<_>>(),
            "sistEndret": "2026-02-03",
            "type": { "kode": kind },
        })
    });
    json!({
        "_links": {},
        "organisasjonsnummer": unit.number,
        "rollegrupper": groups.collect::<Vec<_>>(),
    })
}

fn role(country: &Country, held: Held, order: u32) -> Value {
    let mut role = json!({
        "avregistrert": false,
        "rekkefolge": order,
        "type": { "kode": held.role },
    });
    match held.holder {
        Holder::Person(person) => {
            let (birth_date, number) = country.person_number(person).unzip();
            let person = json!({
                "erDoed": false,
                "fodselsdato": birth_date,
                "fodselsnummer": number,
                "navn": { "fornavn": "SYNTETISK", "etternavn": format!("PERSON {person}") },
            });
            put(&mut role, "person", person);
        }
        Holder::Unit(unit) => {
            let number = country.unit(unit).map(|unit| unit.number);
            let unit = json!({ "organisasjonsnummer": number, "erSlettet": false });
            put(&mut role, "enhet", unit);
        }
    }
    role
}

/// Adds a member to an object.
fn put(object: &mut Value, name: &str, content: Value) {
    if let Some(members) = object.as_object_mut() {
        members.insert(name.to_owned(), content);
    }
}

fn array(out: &mut dyn Write, elements: impl Iterator<Item = Value>) -> io::Result<()> {
    // Elements are written in very small pieces.
    let mut out = BufWriter::new(GzEncoder::new(out, Compression::fast()));
    let mut before = "[\n";
    for element in elements {
        out.write_all(before.as_bytes())?;
        serde_json::to_writer_pretty(&mut out, &element)?;
        before = ",\n";
    }
    if before == "[\n" {
        out.write_all(before.as_bytes())?;
    }
    out.write_all(b"\n]\n")?;
    out.into_inner()?.finish()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use fullmakt_commands::import::entity_register::{self, UnitRoles, read_array};

    use super::*;
    use crate::Size;

    fn read<T: serde::de::DeserializeOwned>(write: Writer, size: Size) -> Vec<T> {
        let country = Country::new(7, size).unwrap();
        let (mut file, mut elements) = (Vec::new(), Vec::new());
        write(&country, &mut file).unwrap();
        read_array(file.as_slice(), |element| elements.push(element)).unwrap();
        elements
    }

    #[test]
    fn the_files_are_read_as_those_of_the_register() {
        let size = Size { units: 300, sub_units: 200, delegations: 0 };
        let units: Vec<entity_register::Unit> = read(units, size);
        let sub_units: Vec<entity_register::Unit> = read(sub_units, size);
        let roles: Vec<UnitRoles> = read(roles, size);
        assert_eq!((units.len(), sub_units.len(), roles.len()), (300, 200, 300));
        let known: Vec<_> = units.iter().map(|unit| Some(unit.org_number.as_str())).collect();
        assert!(sub_units.iter().all(|unit| known.contains(&unit.parent.as_deref())));
        let held = || roles.iter().flat_map(|unit| &unit.groups).flat_map(|group| &group.roles);
        assert!(held().any(|role| role.unit.is_some()));
        assert!(
            held()
                .filter_map(|role| role.person.as_ref())
                .all(|person| person.national_number.is_some())
        );
    }

    #[test]
    fn a_country_without_sub_units_has_an_empty_file_of_them() {
        let size = Size { units: 1, sub_units: 0, delegations: 0 };
        assert!(read::<entity_register::Unit>(sub_units, size).is_empty());
    }
}
