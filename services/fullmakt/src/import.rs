//! `fullmakt import …`.

use std::time::Duration;

use fullmakt_commands::import::{
    ImportReport, RegisterFiles, import_entities, import_register, publish_catalogues,
    read_entities,
};
use fullmakt_config::Configuration;
use tokio::time::Instant;
use tracing::{info, warn};

use crate::{
    StartError, cli,
    process::{Process, Start},
};

/// How long the process waits until what it imported can be read, and for its parts to end.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) async fn run(
    configuration: &Configuration,
    what: &cli::Import,
) -> Result<(), StartError> {
    let mut process = Process::open(configuration, Start::Snapshot).await?;
    process.start();
    let imported = import(&process, what).await;
    process.stop(PATIENCE).await;
    imported
}

async fn import(process: &Process, what: &cli::Import) -> Result<(), StartError> {
    let position = match what {
        cli::Import::Catalogue => {
            let (position, published) = publish_catalogues(&process.ledger).await?;
            info!(published, "{published} catalogues were published; the others were there");
            position
        }
        cli::Import::Entities(entities) => {
            let entities = read_entities(&entities.file)?;
            let count = entities.len();
            let (position, is_new) = import_entities(&process.ledger, entities).await?;
            let outcome = if is_new { "were imported" } else { "were there already" };
            info!(count, "{count} entities {outcome}");
            position
        }
        cli::Import::Register(files) => {
            let files = RegisterFiles {
                units: files.units.clone(),
                sub_units: files.sub_units.clone(),
                roles: files.roles.clone(),
                party_ids: files.party_ids.clone(),
            };
            let report = import_register(&process.ledger, &process.vault, files.read()?).await?;
            say(&report);
            report.position
        }
    };
    // Whoever reads after the command has ended reads what it imported.
    if process.watch.wait_for(position, Instant::now() + PATIENCE).await.is_err() {
        warn!("the read models have not reached position {position} yet");
    }
    Ok(())
}

/// Says what an import did.
pub(crate) fn say(report: &ImportReport) {
    info!(
        changed = report.changed,
        unchanged = report.unchanged,
        without_number = report.without_number,
        refused = report.refused.len(),
        "{} parties changed, {} did not, {} role holders without a national number were left out",
        report.changed,
        report.unchanged,
        report.without_number,
    );
    for reason in &report.refused {
        warn!("refused: {reason}");
    }
}
