//! `fullmakt doctor` finds what is really wrong, says what to do, and touches nothing.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{fs, os::unix::fs::PermissionsExt, time::Duration};

use fullmakt_eventlog::{
    Topic, TopicName, Topics,
    kafka::{KafkaSettings, KafkaTopics},
};
use fullmakt_operations::Postgres;
use fullmakt_scenarios::{FJORDTORG, Log, Scenario4, System, VAT_RETURN};
use serde_json::{Value, json};

/// What the doctor says.
struct Findings {
    is_healthy: bool,
    checks: Vec<Value>,
}

fn doctor(system: &System) -> Findings {
    let output = system.command(&["doctor", "--json"]).output().unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let is_healthy = report["healthy"].as_bool().unwrap();
    assert_eq!(output.status.code(), Some(i32::from(!is_healthy)));
    let checks = report["checks"].as_array().unwrap().clone();
    for check in &checks {
        assert_eq!(check["state"] == "ok", check["advice"].is_null(), "{check}");
    }
    Findings { is_healthy, checks }
}

impl Findings {
    /// The checks that are not ok, by name.
    fn complaints(&self) -> Vec<(&str, &str)> {
        let not_ok = self.checks.iter().filter(|check| check["state"] != "ok");
        not_ok
            .map(|check| (check["name"].as_str().unwrap(), check["state"].as_str().unwrap()))
            .collect()
    }

    /// What was seen and advised by the check of this name that is in this state.
    #[track_caller]
    fn says(&self, name: &str, state: &str, words: &[&str]) {
        let found = self
            .checks
            .iter()
            .filter(|check| check["name"] == name && check["state"] == state)
            .map(|check| format!("{} -> {}", check["seen"], check["advice"]));
        let all: Vec<String> = found.collect();
        let has_all = |text: &String| words.iter().all(|word| text.contains(word));
        assert!(all.iter().any(has_all), "{name} {state} {words:?}: {all:?} of {:#?}", self.checks);
    }

    #[track_caller]
    fn fails_only(&self, names: &[&str]) {
        let failed = self.complaints().into_iter().filter(|(_, state)| *state == "failed");
        let failed: Vec<&str> = failed.map(|(name, _)| name).collect();
        assert_eq!(failed, names, "{:#?}", self.checks);
        assert_eq!(self.is_healthy, names.is_empty());
    }
}

/// An installation that has run, and has a server of PostgreSQL of its own.
struct Installation {
    system: System,
    server: Postgres,
}

const DATABASE: &str = "fullmakt";
const SCHEMA: &str = "fullmakt_read_3";

impl Installation {
    async fn on(log: Log, settings: &[(&str, &str)]) -> Self {
        let server = Postgres::start(settings).await;
        server.create_database(DATABASE).await;
        let mut system = System::prepare(log).await;
        system.set("FULLMAKT_POSTGRES__URL", server.url(DATABASE));
        system.serve().await;
        Self { system, server }
    }

    async fn start() -> Self {
        let mut own = Self::on(Log::Postgres, &[]).await;
        own.system.stop();
        own
    }

    async fn execute(&self, statement: &str) {
        self.server.execute(DATABASE, statement).await;
    }

    fn key_file(&self, path: &str) -> std::path::PathBuf {
        self.system.folder().join(path)
    }
}

#[tokio::test]
async fn a_healthy_system_is_found_healthy_on_both_logs() {
    for log in [Log::Postgres, Log::Kafka] {
        let mut own = Installation::on(log, &[]).await;
        let findings = doctor(&own.system);
        findings.fails_only(&[]);
        // What a demonstration with one broker cannot be blamed for.
        let noted = findings.complaints();
        let expected = match log {
            Log::Postgres => vec!["configuration.demo"],
            Log::Kafka => vec!["configuration.demo", "log.settings", "log.auto_creation"],
        };
        let names: Vec<&str> = noted.iter().map(|(name, _)| *name).collect();
        assert!(
            names.iter().all(|name| expected.contains(name)),
            "{noted:?}: {:#?}",
            findings.checks
        );
        for name in ["ledger.checkpoint", "projector.lag", "clock.database", "clock.log"] {
            findings.says(name, "ok", &[]);
        }
        own.system.stop();
        doctor(&own.system).fails_only(&[]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_busy_system_is_found_healthy() {
    let own = Installation::on(Log::Postgres, &[]).await;
    let story = Scenario4::on(own.system).await;
    let (vendor, system_id) = (story.vendor.clone(), story.system_id.clone());
    let busy = tokio::spawn(async move {
        for number in 0.. {
            let request = json!({ "systemId": system_id, "partyOrgNo": FJORDTORG.org,
                "externalRef": format!("r{number}"),
                "rights": [{ "resource": [{ "id": "urn:altinn:resource",
                                            "value": VAT_RETURN }] }] });
            let path = "/authentication/api/v1/systemuser/request/vendor";
            vendor.post(path, &request).await.expect(201);
        }
    });
    for _ in 0..20 {
        doctor(&story.system).fails_only(&[]);
    }
    assert!(!busy.is_finished());
    busy.abort();
}

#[tokio::test]
async fn lines_are_for_people_and_say_what_to_do() {
    let own = Installation::start().await;
    own.execute(&format!("DROP SCHEMA {SCHEMA} CASCADE")).await;
    let output = own.system.command(&["doctor"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8(output.stdout).unwrap();
    let mut lines = text.lines().skip_while(|line| !line.starts_with("failed"));
    let failed = lines.next().unwrap();
    assert!(failed.contains("database.schema") && failed.contains(SCHEMA), "{text}");
    assert!(lines.next().unwrap().contains("-> run `fullmakt migrate`"), "{text}");
    assert!(text.lines().any(|line| line.starts_with("ok       database ")), "{text}");

    own.system.run(&["migrate"]);
    let findings = doctor(&own.system);
    findings.fails_only(&[]);
    findings.says("ledger.checkpoint", "warning", &["nothing has been folded", "start a server"]);
}

#[tokio::test]
async fn before_the_first_start_nothing_is_made() {
    let server = Postgres::start(&[]).await;
    server.create_database(DATABASE).await;
    for log in [Log::Postgres, Log::Kafka] {
        let mut system = System::prepare(log).await;
        system.set("FULLMAKT_POSTGRES__URL", server.url(DATABASE));
        for _ in 0..2 {
            let findings = doctor(&system);
            findings.fails_only(&["database.schema", "keys.vault"]);
            findings.says("keys.signing", "warning", &["no key"]);
            let missing = if log == Log::Kafka { "log.topic" } else { "log" };
            findings.says(missing, "warning", &["the first start makes it"]);
        }
        assert!(fs::read_dir(system.folder()).unwrap().next().is_none());
        let client = server.connect(DATABASE).await;
        let schemas = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'fullmakt%'";
        assert_eq!(client.query_one(schemas, &[]).await.unwrap().get::<_, i64>(0), 0);
    }
}

#[tokio::test]
async fn a_configuration_that_cannot_be_used_is_a_finding() {
    let mut system = System::prepare(Log::Postgres).await;
    system.set("FULLMAKT_LEDGER__HEARTBEAT_SECONDS", "0");
    let findings = doctor(&system);
    findings.fails_only(&["configuration"]);
    findings.says("configuration", "failed", &["ledger.heartbeat_seconds", "config-schema"]);
}

#[tokio::test]
async fn servers_that_are_away_are_found() {
    let mut own = Installation::start().await;
    own.server.stop();
    let findings = doctor(&own.system);
    findings.fails_only(&["database", "log"]);
    findings.says("database", "failed", &["not available", "start the server"]);

    let mut system = System::prepare(Log::Kafka).await;
    system.set("FULLMAKT_LOG__KAFKA__BOOTSTRAP_SERVERS", "127.0.0.1:1");
    let findings = doctor(&system);
    findings.says("log", "failed", &["start the brokers"]);
}

#[tokio::test]
async fn a_database_that_forgets_or_is_not_this_releases_is_found() {
    let mut own = Installation::start().await;
    own.server.stop();
    own.server.run(&[("fsync", "off"), ("synchronous_commit", "off")]).await;
    let findings = doctor(&own.system);
    findings.fails_only(&["database.durability"]);
    findings.says("database.durability", "failed", &["fsync is off", "turn fsync on"]);
    own.server.stop();
    own.server.run(&[("synchronous_commit", "off"), ("max_connections", "20")]).await;
    let findings = doctor(&own.system);
    findings.fails_only(&[]);
    findings.says("database.durability", "warning", &["synchronous_commit"]);
    findings.says("database.sessions", "warning", &["20", "max_connections"]);

    own.execute(
        "INSERT INTO fullmakt.migrations (version, name, applied_on, checksum) \
                 VALUES (9999, 'later', '2026-01-01T00:00:00Z', '1')",
    )
    .await;
    let findings = doctor(&own.system);
    findings.fails_only(&["database.schema"]);
    findings.says("database.schema", "failed", &["newer release", "start a release"]);
    own.execute("DELETE FROM fullmakt.migrations WHERE version IN (200, 9999)").await;
    let findings = doctor(&own.system);
    findings.says("database.schema", "failed", &["not applied", "fullmakt migrate"]);
}

#[tokio::test]
async fn the_ledger_of_another_installation_is_found() {
    let mut own = Installation::on(Log::Kafka, &[]).await;
    own.system.stop();
    let other = System::start(Log::Kafka).await;
    own.system.set("FULLMAKT_LEDGER__NAME", other.setting("FULLMAKT_LEDGER__NAME"));
    let findings = doctor(&own.system);
    findings.fails_only(&["ledger.checkpoint"]);
    findings.says("ledger.checkpoint", "failed", &["folded from ledger", "one installation"]);
}

#[tokio::test]
async fn a_log_that_was_changed_behind_the_read_models_is_found() {
    let own = Installation::start().await;
    let last = "(SELECT max(position) FROM fullmakt_log.records)";
    own.execute(&format!(
        "UPDATE fullmakt_log.records SET bytes = bytes || ' '::bytea WHERE position = {last}"
    ))
    .await;
    let findings = doctor(&own.system);
    findings.fails_only(&["ledger.checkpoint"]);
    findings.says("ledger.checkpoint", "failed", &["not the one that was folded"]);

    own.execute(&format!(
        "DELETE FROM fullmakt_log.records WHERE position = {last}; \
         UPDATE fullmakt_log.log_end SET next = next - 1"
    ))
    .await;
    let findings = doctor(&own.system);
    findings.fails_only(&["ledger.checkpoint"]);
    findings.says("ledger.checkpoint", "failed", &["ends before", "lost records"]);

    own.execute("DELETE FROM fullmakt_log.records WHERE position < 3").await;
    let findings = doctor(&own.system);
    findings.fails_only(&["ledger"]);
    findings.says("ledger", "failed", &["begins at position 3", "restore"]);
}

#[tokio::test]
async fn a_log_of_another_name_or_of_no_ledger_is_found() {
    let mut own = Installation::start().await;
    own.system.set("FULLMAKT_LEDGER__NAME", "another");
    let findings = doctor(&own.system);
    findings.fails_only(&["ledger"]);
    findings.says("ledger", "failed", &["`another`", "ledger.name"]);
    own.execute("UPDATE fullmakt_log.records SET bytes = '{}' WHERE position = 0").await;
    doctor(&own.system).says("ledger", "failed", &["no genesis"]);
}

#[tokio::test]
async fn clocks_that_differ_are_found() {
    let own = Installation::start().await;
    let last = "(SELECT max(position) FROM fullmakt_log.records)";
    let set = |time: &str| {
        format!(
            "UPDATE fullmakt_log.records SET append_time = date_trunc('second', {time}) WHERE position = {last}"
        )
    };
    own.execute(&set("now() + interval '1 hour'")).await;
    let findings = doctor(&own.system);
    findings.fails_only(&["clock.log"]);
    findings.says("clock.log", "failed", &["in the future", "NTP"]);
    own.execute(&set("now() - interval '1 hour'")).await;
    let findings = doctor(&own.system);
    findings.fails_only(&[]);
    findings.says("clock.log", "warning", &[" s old", "start a server"]);
}

#[tokio::test]
async fn keys_that_others_can_read_or_that_are_gone_are_found() {
    let own = Installation::start().await;
    let signing = own.key_file("token-keys/signing-key.pem");
    fs::set_permissions(&signing, fs::Permissions::from_mode(0o644)).unwrap();
    let findings = doctor(&own.system);
    findings.fails_only(&["keys.permissions"]);
    findings.says("keys.permissions", "failed", &["signing-key.pem", "chmod"]);
    fs::set_permissions(&signing, fs::Permissions::from_mode(0o600)).unwrap();
    fs::write(&signing, "no key").unwrap();
    let findings = doctor(&own.system);
    findings.fails_only(&["keys.signing"]);
    findings.says("keys.signing", "failed", &["no RSA key", "backup"]);
    fs::remove_file(&signing).unwrap();
    let findings = doctor(&own.system);
    findings.fails_only(&[]);
    findings.says("keys.signing", "warning", &["no key"]);

    // The demonstration's persons have keys.
    let persons = own.key_file("vault-keys/persons");
    let moved = own.key_file("persons");
    fs::rename(&persons, &moved).unwrap();
    let findings = doctor(&own.system);
    findings.fails_only(&["keys.vault"]);
    findings.says("keys.vault", "failed", &["have no key", "backup"]);
    fs::rename(&moved, &persons).unwrap();
    let index = own.key_file("vault-keys/index.key");
    let known = fs::read(&index).unwrap();
    fs::write(&index, [7; 32]).unwrap();
    doctor(&own.system).says("keys.vault", "failed", &["not those that this database"]);
    fs::remove_file(&index).unwrap();
    doctor(&own.system).says("keys.vault", "failed", &["there are no keys"]);
    fs::write(&index, known).unwrap();
    fs::set_permissions(&index, fs::Permissions::from_mode(0o600)).unwrap();
    doctor(&own.system).fails_only(&[]);
}

#[tokio::test]
async fn a_topic_of_the_wrong_form_is_found_setting_by_setting() {
    let system = System::prepare(Log::Kafka).await;
    let name = |suffix: &str| {
        TopicName::new(format!("fullmakt.{}.{suffix}", system.setting("FULLMAKT_LEDGER__NAME")))
    };
    let mut settings = KafkaSettings::new(system.setting("FULLMAKT_LOG__KAFKA__BOOTSTRAP_SERVERS"));
    (settings.replication_factor, settings.min_insync_replicas) = (1, 1);
    let topics = KafkaTopics::open(&settings).unwrap();
    let day = Some(Duration::from_hours(24));
    let commits = Topic { name: name("commits").unwrap(), partitions: 2, retention: day };
    topics.ensure(&commits).await.unwrap();
    let decisions = Topic { name: name("decisions").unwrap(), partitions: 1, retention: None };
    topics.ensure(&decisions).await.unwrap();

    let findings = doctor(&system);
    findings.says("log.topic", "failed", &["partitions 2", "needs 1", "no order"]);
    findings.says("log.topic", "failed", &["retention.ms 86400000", "retention.ms=-1"]);
    findings.says("log.topic", "ok", &["message.timestamp.type LogAppendTime"]);
    findings.says("log.decisions", "failed", &["partitions 1", "needs 4"]);
    findings.says("ledger", "warning", &["not looked at"]);
}

#[tokio::test]
async fn too_few_brokers_are_found() {
    let mut own = Installation::on(Log::Kafka, &[]).await;
    own.system.stop();
    own.system.set("FULLMAKT_LOG__KAFKA__REPLICATION", "3");
    own.system.set("FULLMAKT_LOG__KAFKA__MIN_INSYNC", "2");
    let findings = doctor(&own.system);
    findings.says("log", "warning", &["1 brokers", "3 are to hold"]);
    findings.says("log.in_sync", "failed", &["1 of 3", "bring the brokers back"]);
    findings.says("log.topic", "failed", &["replication.factor 1", "kafka-reassign-partitions"]);
    findings.says("log.topic", "failed", &["min.insync.replicas 1", "min.insync.replicas=2"]);
}
