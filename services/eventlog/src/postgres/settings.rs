//! How to reach the server.

use std::{str::FromStr, time::Duration};

use tokio_postgres::Config;

use crate::error::OpenError;

/// How to reach the server.
#[derive(Clone, Debug)]
pub struct PostgresSettings {
    /// Where it is and who we are. Prints without the password.
    pub connection: Config,
    /// The longest a statement or the opening of a connection may take. The server ends what takes
    /// longer; if not even that is heard, the outcome of an append is unknown.
    pub timeout: Duration,
}

impl PostgresSettings {
    /// Settings from a libpq URL or `name=value` list.
    ///
    /// # Errors
    ///
    /// [`OpenError::Setting`] if it is neither.
    pub fn new(connection: &str) -> Result<Self, OpenError> {
        let mut connection = Config::from_str(connection).map_err(|_| OpenError::Setting {
            setting: "postgres".to_owned(),
            reason: "it is neither a URL nor a list of names and values".to_owned(),
        })?;
        if connection.get_application_name().is_none() {
            connection.application_name("fullmakt-eventlog");
        }
        Ok(Self { connection, timeout: Duration::from_secs(5) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_not_printed() {
        let settings = PostgresSettings::new("postgres://ada:very-secret@db/fullmakt").unwrap();
        let printed = format!("{settings:?}");
        assert!(printed.contains("ada"), "{printed}");
        assert!(!printed.contains("very-secret"), "{printed}");
    }

    #[test]
    fn what_is_no_connection_string_is_refused_without_repeating_it() {
        let refused = PostgresSettings::new("postgres://ada:very-secret@db:port").unwrap_err();
        assert!(!format!("{refused:?}").contains("very-secret"), "{refused:?}");
    }
}
