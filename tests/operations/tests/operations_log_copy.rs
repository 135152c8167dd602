//! `fullmakt log copy` moves a ledger from one log to another, and nobody can tell afterwards.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::{fs, path::PathBuf};

use fullmakt_scenarios::{FJORDTORG, KARI, Log, Scenario4, System, VAT_RETURN, VENDOR};
use serde_json::Value;
use uuid::Uuid;

/// A log that a system can move to: what its configuration says, and the file that says so.
struct Destination {
    settings: Vec<(&'static str, String)>,
    file: PathBuf,
}

impl Destination {
    fn of(system: &System, log: Log) -> Self {
        let same = ["FULLMAKT_LEDGER__NAME", "FULLMAKT_VAULT__KEY_DIR", "FULLMAKT_TOKENS__KEY_DIR"];
        let mut settings: Vec<_> =
            same.into_iter().map(|name| (name, system.setting(name).to_owned())).collect();
        settings.push(("FULLMAKT_POSTGRES__URL", system.database_url()));
        match log {
            Log::Postgres => settings.push(("FULLMAKT_LOG__KIND", "postgres".to_owned())),
            Log::Kafka => {
                let servers = std::env::var("FULLMAKT_TEST_KAFKA").unwrap();
                settings.push(("FULLMAKT_LOG__KIND", "kafka".to_owned()));
                settings.push(("FULLMAKT_LOG__KAFKA__BOOTSTRAP_SERVERS", servers));
                settings.push(("FULLMAKT_LOG__KAFKA__REPLICATION", "1".to_owned()));
                settings.push(("FULLMAKT_LOG__KAFKA__MIN_INSYNC", "1".to_owned()));
            }
        }
        let file = system.folder().join(format!("destination-{}.toml", Uuid::new_v4().simple()));
        let destination = Self { settings, file };
        fs::write(&destination.file, destination.text()).unwrap();
        destination
    }

    /// The configuration as a file has it.
    fn text(&self) -> String {
        self.settings.iter().fold(String::new(), |text, (name, value)| {
            let path = name.trim_start_matches("FULLMAKT_").to_lowercase().replace("__", ".");
            let value =
                if value.parse::<u32>().is_ok() { value.clone() } else { format!("'{value}'") };
            text + &format!("{path} = {value}\n")
        })
    }

    fn is_taken_by(&self, system: &mut System) {
        for (name, value) in &self.settings {
            system.set(name, value.clone());
        }
    }
}

fn copy(system: &System, destination: &Destination) -> Value {
    let to = destination.file.to_str().unwrap();
    let output = system.run(&["log", "copy", "--to", to, "--json"]);
    serde_json::from_slice(&output.stdout).unwrap()
}

fn history(system: &System) -> String {
    String::from_utf8(system.run(&["replay"]).stdout).unwrap()
}

async fn a_system_moves(from: Log, to: Log) {
    let mut story = Scenario4::begin(from).await;
    let user = story.approved().await;
    assert_eq!(story.decision(&user, "read", VAT_RETURN).await, "Permit");
    story.system.stop();
    let before = history(&story.system);

    let destination = Destination::of(&story.system, to);
    let report = copy(&story.system, &destination);
    assert_eq!(report["source"], report["destination"], "{report}");
    assert_eq!(report["records"], report["copied"], "{report}");
    assert!(report["records"].as_u64().unwrap() > 10, "{report}");
    // Again there is nothing to do.
    let again = copy(&story.system, &destination);
    assert_eq!((&again["copied"], &again["source"]), (&Value::from(0), &report["source"]));

    destination.is_taken_by(&mut story.system);
    assert_eq!(history(&story.system), before);
    story.system.serve().await;
    // It listens elsewhere now.
    story.vendor = story.system.vendor(VENDOR).await;
    assert_eq!(story.decision(&user, "read", VAT_RETURN).await, "Permit");
    // Life goes on: what was created before the move ends after it.
    story.delete(&user).await.expect(202);
    assert_ne!(story.decision(&user, "read", VAT_RETURN).await, "Permit");
    let request = story.asked().await;
    story.answer(KARI, FJORDTORG, &request, "approve").await.expect(200);
    assert_eq!(story.decision(&request, "read", VAT_RETURN).await, "Permit");
    story.end();
}

#[tokio::test]
async fn a_system_moves_from_postgresql_to_kafka() {
    a_system_moves(Log::Postgres, Log::Kafka).await;
}

#[tokio::test]
async fn a_system_moves_from_kafka_to_postgresql() {
    a_system_moves(Log::Kafka, Log::Postgres).await;
}

#[tokio::test]
async fn a_log_is_not_copied_over_another_ledgers_or_under_another_name() {
    let mut one = Scenario4::begin(Log::Kafka).await;
    let mut other = Scenario4::begin(Log::Postgres).await;
    one.system.stop();
    other.system.stop();
    // The other system's log is in its database.
    let mut destination = Destination::of(&one.system, Log::Postgres);
    let taken = other.system.database_url();
    for (name, value) in &mut destination.settings {
        if *name == "FULLMAKT_POSTGRES__URL" {
            value.clone_from(&taken);
        }
    }
    fs::write(&destination.file, destination.text()).unwrap();
    let refused = |text: &str| {
        let to = destination.file.to_str().unwrap();
        let output = one.system.command(&["log", "copy", "--to", to]).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success() && said.contains(text), "{said}");
    };
    let before = history(&other.system);
    refused("is not that of the source");
    assert_eq!(history(&other.system), before);

    let renamed = destination.text().replace("ledger.name = '", "ledger.name = 'x");
    fs::write(&destination.file, renamed).unwrap();
    refused("a ledger keeps its name");
}
