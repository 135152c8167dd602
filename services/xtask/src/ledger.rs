//! Where a system's ledger is: a choice that is made once and stays with the data folder.

use crate::console::say;
use crate::failure::{Failure, Outcome};
use crate::folder::DataFolder;
use std::fmt;

/// The file in the data folder that keeps the choice.
const NOTE: &str = "ledger";

/// The event log that holds the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ledger {
    /// A topic of an Apache Kafka broker.
    Kafka,
    /// Tables of the PostgreSQL cluster.
    Postgres,
}

impl Ledger {
    /// The ledger named by `--log`, or by the server's own setting.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "kafka" => Some(Self::Kafka),
            "postgres" => Some(Self::Postgres),
            _ => None,
        }
    }

    /// The name that [`parse`](Self::parse) reads.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kafka => "kafka",
            Self::Postgres => "postgres",
        }
    }
}

impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Kafka => "Kafka",
            Self::Postgres => "PostgreSQL",
        })
    }
}

/// The ledger of this folder if it has one, which must then be the one asked for.
pub fn chosen(folder: &DataFolder, asked: Option<Ledger>) -> Outcome<Option<Ledger>> {
    let Some(noted) = folder.note(NOTE)? else { return Ok(asked) };
    let folder = folder.path().display();
    let Some(kept) = Ledger::parse(&noted) else {
        return Err(Failure::because(format!("{folder} has a ledger of unknown kind `{noted}`")));
    };
    match asked {
        Some(asked) if asked != kept => Err(Failure::because(format!(
            "the ledger of {folder} is in {kept} and cannot move to {asked}, since a ledger is \
             never rewritten: leave out --log, name another folder with --data, or begin anew \
             with --wipe"
        ))),
        Some(_) | None => Ok(Some(kept)),
    }
}

/// Keeps the choice with the folder.
pub fn keep(folder: &DataFolder, ledger: Ledger) -> Outcome {
    folder.write_note(NOTE, ledger.name())
}

/// Says that nothing was asked for and Kafka could not be had.
pub fn say_why_not_kafka(reason: &str) {
    say(format!("The ledger will be in PostgreSQL, because there is no Kafka: {reason}."));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_keeps_its_ledger() {
        let folder = DataFolder::temporary().unwrap();
        keep(&folder, Ledger::Postgres).unwrap();

        assert_eq!(chosen(&folder, None), Ok(Some(Ledger::Postgres)));
        assert_eq!(chosen(&folder, Some(Ledger::Postgres)), Ok(Some(Ledger::Postgres)));
    }

    #[test]
    fn a_folder_refuses_another_ledger_and_says_what_to_do() {
        let folder = DataFolder::temporary().unwrap();
        keep(&folder, Ledger::Postgres).unwrap();

        let refusal = chosen(&folder, Some(Ledger::Kafka)).unwrap_err().to_string();

        assert!(refusal.contains("is in PostgreSQL and cannot move to Kafka"), "{refusal}");
        assert!(refusal.contains("--wipe"), "{refusal}");
    }

    #[test]
    fn a_new_folder_takes_what_is_asked_for() {
        let folder = DataFolder::temporary().unwrap();

        assert_eq!(chosen(&folder, None), Ok(None));
        assert_eq!(chosen(&folder, Some(Ledger::Kafka)), Ok(Some(Ledger::Kafka)));
    }

    #[test]
    fn a_wiped_folder_has_no_ledger() {
        let folder = DataFolder::temporary().unwrap();
        keep(&folder, Ledger::Postgres).unwrap();
        folder.wipe().unwrap();

        assert_eq!(chosen(&folder, Some(Ledger::Kafka)), Ok(Some(Ledger::Kafka)));
    }
}
