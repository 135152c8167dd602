//! The entity register's bulk files: units, sub-units and role holders.
//!
//! Each file is one JSON array, gzipped or not. It is read element by element, so that memory does
//! not grow with the file.

use std::{
    fmt,
    io::{BufReader, Read},
    marker::PhantomData,
};

use flate2::read::GzDecoder;
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, SeqAccess, Visitor},
};

/// A file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RegisterFileError {
    /// The bytes cannot be read.
    #[error("the file cannot be read")]
    Io(#[source] std::io::Error),
    /// The text is not what the register writes.
    #[error("the file is not a JSON array of the register's elements")]
    Json(#[source] serde_json::Error),
}

/// A unit or sub-unit (`enhet`, `underenhet`).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Unit {
    /// The organisation number.
    #[serde(rename = "organisasjonsnummer")]
    pub org_number: String,
    /// The name.
    #[serde(rename = "navn")]
    pub name: Option<String>,
    /// The organisation form.
    #[serde(rename = "organisasjonsform")]
    pub form: Option<Code>,
    /// The parent: always there on a sub-unit, on a unit of the public sector sometimes.
    #[serde(rename = "overordnetEnhet")]
    pub parent: Option<String>,
    /// When it was deleted, on elements that say so.
    #[serde(rename = "slettedato")]
    pub deleted: Option<String>,
    /// When a sub-unit was closed down.
    #[serde(rename = "nedleggelsesdato")]
    pub closed: Option<String>,
}

/// The role holders of one unit.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct UnitRoles {
    /// The organisation number of the unit.
    #[serde(rename = "organisasjonsnummer")]
    pub org_number: String,
    /// The groups of roles.
    #[serde(rename = "rollegrupper", default)]
    pub groups: Vec<RoleGroup>,
}

/// A group of roles, the board for example.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RoleGroup {
    /// The roles.
    #[serde(rename = "roller", default)]
    pub roles: Vec<RegisterRole>,
}

/// A role and who holds it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RegisterRole {
    /// What kind of role it is.
    #[serde(rename = "type")]
    pub kind: Code,
    /// The person who holds it.
    pub person: Option<RolePerson>,
    /// The unit that holds it.
    #[serde(rename = "enhet")]
    pub unit: Option<RoleUnit>,
    /// Whether it has been removed from the register.
    #[serde(rename = "avregistrert", default)]
    pub is_removed: bool,
    /// Whether the holder has left it. In older files only.
    #[serde(rename = "fratraadt", default)]
    pub is_left: bool,
}

/// A code of the register. Its text is not read: codes are matched, texts are not.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Code {
    /// The code, in upper case.
    #[serde(rename = "kode")]
    pub code: String,
}

/// A person who holds a role.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct RolePerson {
    /// The national identity number, in the authorised variant of the files only.
    #[serde(rename = "fodselsnummer")]
    pub national_number: Option<String>,
    /// The date of birth.
    #[serde(rename = "fodselsdato")]
    pub birth_date: Option<String>,
    /// The name.
    #[serde(rename = "navn")]
    pub name: Option<PersonName>,
    /// Whether the person is dead.
    #[serde(rename = "erDoed", default)]
    pub is_dead: bool,
}

impl fmt::Debug for RolePerson {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RolePerson(…)")
    }
}

/// The name of a person.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct PersonName {
    /// The given name.
    #[serde(rename = "fornavn")]
    pub given: Option<String>,
    /// The middle name.
    #[serde(rename = "mellomnavn")]
    pub middle: Option<String>,
    /// The family name.
    #[serde(rename = "etternavn")]
    pub family: Option<String>,
}

impl PersonName {
    /// The whole name.
    #[must_use]
    pub fn full(&self) -> String {
        let parts = [&self.given, &self.middle, &self.family];
        parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ")
    }
}

/// A unit that holds a role.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RoleUnit {
    /// The organisation number.
    #[serde(rename = "organisasjonsnummer")]
    pub org_number: String,
    /// Whether the unit is deleted.
    #[serde(rename = "erSlettet", default)]
    pub is_deleted: bool,
}

/// Reads a file element by element, and gives each to `take`.
///
/// # Errors
/// When the file cannot be read, or is not what the register writes. The elements before the fault
/// have been given.
pub fn read_array<T: DeserializeOwned>(
    file: impl Read,
    take: impl FnMut(T),
) -> Result<(), RegisterFileError> {
    let mut file = BufReader::with_capacity(1 << 16, file);
    let is_gzip = std::io::BufRead::fill_buf(&mut file)
        .map_err(RegisterFileError::Io)?
        .starts_with(&[0x1f, 0x8b]);
    let read = if is_gzip {
        each(BufReader::with_capacity(1 << 16, GzDecoder::new(file)), take)
    } else {
        each(file, take)
    };
    read.map_err(RegisterFileError::Json)
}

fn each<T: DeserializeOwned>(
    text: impl Read,
    take: impl FnMut(T),
) -> Result<(), serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_reader(text);
    deserializer.deserialize_seq(Elements { take, of: PhantomData })?;
    deserializer.end()
}

struct Elements<T, F> {
    take: F,
    of: PhantomData<T>,
}

impl<'de, T: DeserializeOwned, F: FnMut(T)> Visitor<'de> for Elements<T, F> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a JSON array")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut elements: A) -> Result<(), A::Error> {
        while let Some(element) = elements.next_element()? {
            (self.take)(element);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::{Compression, write::GzEncoder};

    use super::*;

    const UNITS: &str = r#"[
      {"links":[],"organisasjonsnummer":"319900101","navn":"SYNTETISK TESTBORETTSLAG",
       "organisasjonsform":{"links":[],"kode":"BRL","beskrivelse":"Borettslag"},"konkurs":false},
      {"organisasjonsnummer":"319900128","navn":"AVD","organisasjonsform":{"kode":"BEDR"},
       "overordnetEnhet":"319900101","respons_klasse":"Underenhet"}]"#;

    fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<Vec<T>, RegisterFileError> {
        let mut elements = Vec::new();
        read_array(bytes, |element| elements.push(element)).map(|()| elements)
    }

    #[test]
    fn units_are_read_plain_and_gzipped() {
        let plain = read::<Unit>(UNITS.as_bytes()).unwrap();
        assert_eq!(plain.len(), 2);
        assert_eq!(plain[0].form, Some(Code { code: "BRL".to_owned() }));
        assert_eq!(plain[1].parent.as_deref(), Some("319900101"));

        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(UNITS.as_bytes()).unwrap();
        assert_eq!(read::<Unit>(&gzip.finish().unwrap()).unwrap(), plain);
    }

    #[test]
    fn a_truncated_or_foreign_file_is_refused() {
        assert!(read::<Unit>(&UNITS.as_bytes()[..UNITS.len() - 1]).is_err());
        assert!(read::<Unit>(b"{}").is_err());
        assert!(read::<Unit>(b"").is_err());
        assert!(read::<Unit>(b"[] []").is_err());
    }

    #[test]
    fn roles_of_persons_and_units_are_read() {
        let roles = read::<UnitRoles>(
            r#"[{"_links":{},"organisasjonsnummer":"319900101","rollegrupper":[{"roller":[
              {"avregistrert":false,"rekkefolge":0,"type":{"kode":"LEDE","beskrivelse":"Styrets leder"},
               "person":{"erDoed":false,"fodselsdato":"1985-03-12",
                         "navn":{"fornavn":"SYNTETISK","etternavn":"TESTPERSON"}}},
              {"avregistrert":false,"type":{"kode":"FFØR"},
               "enhet":{"organisasjonsnummer":"319900136","erSlettet":false,"navn":["X AS"]}}],
              "sistEndret":"2026-02-03","type":{"kode":"STYR"}}]}]"#
                .as_bytes(),
        )
        .unwrap();
        let held = &roles[0].groups[0].roles;
        assert_eq!(
            held[0].person.as_ref().unwrap().name.as_ref().unwrap().full(),
            "SYNTETISK TESTPERSON"
        );
        assert_eq!(held[1].kind.code, "FFØR");
        assert_eq!(held[1].unit.as_ref().unwrap().org_number, "319900136");
        assert_eq!(format!("{:?}", held[0].person), "Some(RolePerson(…))");
    }
}
