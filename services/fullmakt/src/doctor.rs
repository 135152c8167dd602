//! `fullmakt doctor`: looks whether everything that the server needs is as it should be, and says
//! what to do. It changes nothing, and so can be run beside a server as well as before its first
//! start.

mod database;
mod keys;
mod ledger;
mod log;
mod report;
mod settings;

use std::path::Path;

use fullmakt_config::Configuration;

use crate::{StartError, cli};
use report::Report;

pub(crate) fn run(file: Option<&Path>, what: cli::Doctor) -> Result<(), StartError> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(StartError::Io)?;
    let mut report = Report::default();
    match Configuration::load(file) {
        Ok(configuration) => runtime.block_on(examine(&configuration, &mut report)),
        Err(error) => report.failed(
            "configuration",
            crate::chain(&error),
            "correct the setting; `fullmakt config-schema` prints all there are",
        ),
    }
    let mut out = std::io::stdout().lock();
    if what.json { report.write_json(&mut out) } else { report.write_text(&mut out) }
        .map_err(StartError::Io)?;
    match report.failures() {
        0 => Ok(()),
        failures => Err(StartError::Unhealthy(failures)),
    }
}

async fn examine(configuration: &Configuration, report: &mut Report) {
    settings::examine(configuration, report);
    let server = database::examine(configuration, report).await;
    keys::examine(configuration, server.is_some(), report).await;
    let log = log::examine(configuration, server.is_some(), report).await;
    ledger::examine(configuration, server, log, report).await;
}
