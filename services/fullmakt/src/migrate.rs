//! `fullmakt migrate`.

use fullmakt_config::Configuration;
use fullmakt_readstore::migrate;

use crate::{StartError, process};

pub(crate) async fn run(configuration: &Configuration) -> Result<(), StartError> {
    let database = process::database(configuration)?;
    migrate(&database).await.map_err(StartError::Migrate)?;
    tracing::info!("the database is at the schema of this release");
    Ok(())
}
