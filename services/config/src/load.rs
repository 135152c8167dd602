//! Putting the configuration together from where it comes from.

use std::{
    fs,
    path::{Path, PathBuf},
};

use figment::{
    Error as FigmentError, Figment, Metadata, Profile, Provider,
    error::{Actual, Kind},
    providers::{Format, Toml},
    value::{Dict, Map, Value},
};

use crate::{Configuration, Secret};

/// The file that is read if no other is named.
const FILE: &str = "fullmakt.toml";
/// What our variables begin with.
const PREFIX: &str = "FULLMAKT_";
/// Variables of tests, which are no settings.
const TEST_PREFIX: &str = "FULLMAKT_TEST_";
/// What stands between a section and what is in it.
const SEPARATOR: &str = "__";

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file named is not there.
    #[error("there is no configuration file `{0}`; name one that is there with `--config`")]
    NoFile(PathBuf),
    /// A setting is unknown or has a value that cannot be read.
    #[error("{0}")]
    Unreadable(String),
    /// A secret's file cannot be read.
    #[error("the file `{path}` of `{setting}` cannot be read")]
    SecretFile {
        /// The setting.
        setting: &'static str,
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A setting has a value that was read but cannot be used.
    #[error("`{setting}` {reason}")]
    Invalid {
        /// The setting.
        setting: String,
        /// What is wrong, and what would be right.
        reason: String,
    },
}

impl Configuration {
    /// The configuration of this process: `fullmakt.toml` in the working folder if it is there, or
    /// the file named, and the environment.
    ///
    /// # Errors
    /// When a setting is unknown, cannot be read or cannot be used.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let variables = std::env::vars_os().filter_map(|(name, value)| {
            Some((name.into_string().ok()?, value.into_string().ok()?))
        });
        Self::from_sources(file, variables)
    }

    /// The configuration from this file and these variables.
    ///
    /// # Errors
    /// When a setting is unknown, cannot be read or cannot be used.
    pub fn from_sources(
        file: Option<&Path>,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let mut figment = Figment::new();
        match file {
            Some(path) if path.is_file() => figment = figment.merge(Toml::file_exact(path)),
            Some(path) => return Err(ConfigError::NoFile(path.to_owned())),
            None if Path::new(FILE).is_file() => figment = figment.merge(Toml::file_exact(FILE)),
            None => {}
        }
        for (name, value) in variables {
            if let Some(variable) = Variable::new(name, &value) {
                figment = figment.merge(variable);
            }
        }
        let mut configuration: Self = figment.extract().map_err(unreadable)?;
        configuration.read_secrets()?;
        configuration.validate()?;
        Ok(configuration)
    }

    fn read_secrets(&mut self) -> Result<(), ConfigError> {
        let postgres = &mut self.postgres;
        read_secret("postgres.url", &mut postgres.url, postgres.url_file.as_deref())?;
        let file = postgres.password_file.as_deref();
        read_secret("postgres.password", &mut postgres.password, file)
    }
}

fn read_secret(
    setting: &'static str,
    secret: &mut Secret,
    file: Option<&Path>,
) -> Result<(), ConfigError> {
    let Some(path) = file else { return Ok(()) };
    if !secret.is_empty() {
        let reason = format!("and `{setting}_file` are both set; set one of them");
        return Err(ConfigError::Invalid { setting: setting.to_owned(), reason });
    }
    let text = fs::read_to_string(path).map_err(|source| ConfigError::SecretFile {
        setting,
        path: path.to_owned(),
        source,
    })?;
    *secret = Secret::new(text.trim_end_matches(['\r', '\n']));
    Ok(())
}

/// All that is wrong, on one line.
fn unreadable(error: FigmentError) -> ConfigError {
    let all: Vec<_> = error
        .into_iter()
        .map(|mut one| {
            one.kind = without_value(one.kind);
            one.to_string()
        })
        .collect();
    ConfigError::Unreadable(all.join("; "))
}

/// Leaves the value out that was found: it may be a secret that was put in the wrong place.
fn without_value(kind: Kind) -> Kind {
    if let Kind::InvalidType(found, expected) = kind {
        Kind::InvalidType(without_content(&found), expected)
    } else if let Kind::InvalidValue(found, expected) = kind {
        Kind::InvalidValue(without_content(&found), expected)
    } else if let Kind::Unsupported(found) = kind {
        Kind::Unsupported(without_content(&found))
    } else if let Kind::Message(text) = kind {
        // Where the file is no TOML, the message shows the line.
        let lines = text.lines().filter(|line| !line.contains('|'));
        Kind::Message(lines.collect::<Vec<_>>().join(" "))
    } else {
        kind
    }
}

fn without_content(found: &Actual) -> Actual {
    let is = match found {
        Actual::Str(_) | Actual::Char(_) | Actual::Bytes(_) => "a text",
        Actual::Bool(_) => "true or false",
        Actual::Unsigned(_) | Actual::Signed(_) | Actual::Float(_) => "a number",
        Actual::Seq => "a list",
        Actual::Map => "a table",
        Actual::Unit
        | Actual::Option
        | Actual::NewtypeStruct
        | Actual::Enum
        | Actual::UnitVariant
        | Actual::NewtypeVariant
        | Actual::TupleVariant
        | Actual::StructVariant
        | Actual::Other(_) => "something else",
    };
    Actual::Other(is.to_owned())
}

/// One variable of the environment, so that an error can name it.
struct Variable {
    name: String,
    path: Vec<String>,
    value: Value,
}

impl Variable {
    fn new(name: String, value: &str) -> Option<Self> {
        if name.starts_with(TEST_PREFIX) {
            return None;
        }
        let setting = name.strip_prefix(PREFIX)?.to_ascii_lowercase();
        let path = setting.split(SEPARATOR).map(str::to_owned).collect();
        // Numbers, `true` and `false`, texts in double quotes, lists in `[]` and tables in `{}` are
        // read as such, all else as a text.
        let Ok(value) = value.parse();
        Some(Self { name, path, value })
    }
}

impl Provider for Variable {
    fn metadata(&self) -> Metadata {
        let name = self.name.clone();
        Metadata::named(format!("the environment variable `{name}`"))
            .interpolater(move |_, _| name.clone())
    }

    fn data(&self) -> Result<Map<Profile, Dict>, FigmentError> {
        let Some((last, sections)) = self.path.split_last() else { return Ok(Map::new()) };
        let mut dict = Dict::from([(last.clone(), self.value.clone())]);
        for section in sections.iter().rev() {
            dict = Dict::from([(section.clone(), dict.into())]);
        }
        Ok(Map::from([(Profile::Default, dict)]))
    }
}

#[cfg(test)]
mod tests;
