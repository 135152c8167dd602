//! The demonstration: invented units, persons, resources and policies, loaded at start.
//!
//! Loading them again writes nothing, so that a data folder can be started as often as one likes.

use fullmakt_commands::import::{
    PartyIds, RegisterContent, ResourceImport, import_register, import_resource, publish_catalogues,
};
use fullmakt_events::Position;
use fullmakt_ledger::Ledger;
use fullmakt_vault::Vault;
use serde_json::{Map, Value};
use tokio::time::{Duration, Instant, sleep};
use tracing::warn;

use crate::{StartError, import};

const UNITS: &str = include_str!("../demo/units.json");
const SUB_UNITS: &str = include_str!("../demo/sub-units.json");
const ROLES: &str = include_str!("../demo/roles.json");
const PARTY_IDS: &str = include_str!("../demo/party-ids.json");
const RESOURCES: &str = include_str!("../demo/resources.json");

/// The policy of each resource.
const POLICIES: [(&str, &str); 5] = [
    ("altinn_access_management", include_str!("../demo/policies/altinn_access_management.xml")),
    (
        "altinn_system_user_overview",
        include_str!("../demo/policies/altinn_system_user_overview.xml"),
    ),
    (
        "altinn_client_administration",
        include_str!("../demo/policies/altinn_client_administration.xml"),
    ),
    ("demo-vat-return", include_str!("../demo/policies/demo-vat-return.xml")),
    ("demo-payroll-report", include_str!("../demo/policies/demo-payroll-report.xml")),
];

/// How long an outage may last while the data are being loaded, and how often that is tried.
const OUTAGE: Duration = Duration::from_mins(1);
const AGAIN_AFTER: Duration = Duration::from_secs(1);

/// Loads the demonstration's data, also where ledger or database are away for a while. Answers the
/// position from which all of them count.
pub(crate) async fn load_through_outages(
    ledger: &Ledger,
    vault: &Vault,
) -> Result<Position, StartError> {
    let began = Instant::now();
    loop {
        match load(ledger, vault).await {
            Err(
                error @ (StartError::Import(_)
                | StartError::Publish(_)
                | StartError::DemoResource(_)),
            ) if began.elapsed() < OUTAGE => {
                warn!(
                    error = &error as &dyn std::error::Error,
                    "the demonstration's data are not loaded; trying again"
                );
                sleep(AGAIN_AFTER).await;
            }
            loaded => return loaded,
        }
    }
}

async fn load(ledger: &Ledger, vault: &Vault) -> Result<Position, StartError> {
    let (mut position, _) = publish_catalogues(ledger).await?;
    let report = import_register(ledger, vault, register()?).await?;
    import::say(&report);
    position = position.max(report.position);
    for resource in resources()? {
        let imported = import_resource(ledger, &resource).await;
        let imported = imported.map_err(|error| StartError::DemoResource(error.to_string()))?;
        position = position.max(imported);
    }
    Ok(position)
}

fn register() -> Result<RegisterContent, StartError> {
    Ok(RegisterContent {
        units: serde_json::from_str(UNITS).map_err(broken)?,
        sub_units: serde_json::from_str(SUB_UNITS).map_err(broken)?,
        roles: serde_json::from_str(ROLES).map_err(broken)?,
        party_ids: PartyIds::read(PARTY_IDS.as_bytes()).map_err(broken)?,
    })
}

fn resources() -> Result<Vec<ResourceImport>, StartError> {
    let resources: Vec<Map<String, Value>> = serde_json::from_str(RESOURCES).map_err(broken)?;
    resources
        .into_iter()
        .map(|metadata| {
            let id = metadata.get("identifier").and_then(Value::as_str).unwrap_or_default();
            let policy = POLICIES.iter().find(|(resource, _)| *resource == id);
            let (_, policy) =
                policy.ok_or_else(|| StartError::Demo(format!("resource `{id}` has no policy")))?;
            let id = id.parse().map_err(broken)?;
            Ok(ResourceImport { id, metadata, policy: (*policy).to_owned() })
        })
        .collect()
}

fn broken(error: impl std::error::Error) -> StartError {
    StartError::Demo(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_data_are_whole() {
        let register = register().unwrap();
        assert_eq!(register.units.len(), 7);
        assert_eq!(register.roles.len(), 5);
        assert_eq!(resources().unwrap().len(), POLICIES.len());
    }
}
