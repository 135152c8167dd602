//! `fullmakt config-schema`.

use std::io::Write;

use fullmakt_config::Configuration;

use crate::StartError;

pub(crate) fn print() -> Result<(), StartError> {
    let print = || -> std::io::Result<()> {
        let text = serde_json::to_string_pretty(&Configuration::json_schema()?)?;
        writeln!(std::io::stdout(), "{text}")
    };
    print().map_err(StartError::Io)
}
