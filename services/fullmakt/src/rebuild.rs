//! `fullmakt rebuild`.

use fullmakt_config::Configuration;
use fullmakt_readstore::{OnDifference, ReadSchema, RebuildOptions, rebuild};
use tracing::{info, warn};

use crate::{StartError, cli, history};

pub(crate) async fn run(
    configuration: &Configuration,
    what: cli::Rebuild,
) -> Result<(), StartError> {
    let (database, mut source) = history::open(configuration).await?;
    let options = RebuildOptions {
        on_difference: if what.accept_difference { OnDifference::Swap } else { OnDifference::Keep },
        ..RebuildOptions::default()
    };
    let report = rebuild(&database, &mut source, options, &mut history::progress()).await?;
    if report.differences.is_empty() {
        info!("the rebuilt tables are equal to the ones before, and have taken their place");
        Ok(())
    } else if report.is_swapped {
        warn!(
            tables = report.differences.join(", "),
            "the rebuilt tables differ from the ones before, and have taken their place"
        );
        Ok(())
    } else {
        let schema = ReadSchema::differing();
        warn!("the rebuilt tables are in schema `{schema}`; `fullmakt verify` names the rows");
        Err(StartError::Difference(report.differences.join(", ")))
    }
}
