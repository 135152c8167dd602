//! `fullmakt import` goes on where the read models are, and not on another log than theirs.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Output;

use fullmakt_scenarios::{FJORDTORG, Log, Scenario4, System};
use serde_json::{Value, json};
use tokio_postgres::{Client, NoTls};

async fn database(system: &System) -> Client {
    let (client, connection) =
        tokio_postgres::connect(&system.database_url(), NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// Renames a unit.
fn import(system: &System, name: &str) -> Output {
    let units = system.folder().join("units.json");
    let unit = json!([{
        "organisasjonsnummer": FJORDTORG.org,
        "navn": name,
        "organisasjonsform": { "kode": "AS" },
        "respons_klasse": "Enhet",
    }]);
    std::fs::write(&units, unit.to_string()).unwrap();
    let units = units.display().to_string();
    system.command(&["import", "register", "--units", &units]).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The position of the snapshot that it began at, as its log says.
fn began_at(output: &Output) -> Option<i64> {
    let said = said(output);
    let line = said.lines().find(|line| line.contains("is in the snapshot"))?;
    let line: Value = serde_json::from_str(line).unwrap();
    let position = line.pointer("/fields/ledger.position").or_else(|| line.get("ledger.position"));
    Some(position.unwrap().as_i64().unwrap())
}

async fn checkpoint(client: &Client) -> i64 {
    let statement = "SELECT position FROM fullmakt_read_3.checkpoint";
    client.query_one(statement, &[]).await.unwrap().get(0)
}

/// Renames a unit while a server runs, and again when it does not.
async fn imports(log: Log) {
    let mut story = Scenario4::begin(log).await;
    let output = import(&story.system, "FJORDTORG ENDRET AS");
    assert!(output.status.success(), "{}", said(&output));
    assert!(began_at(&output).unwrap() > 10, "{}", said(&output));
    story.system.stop();

    let client = database(&story.system).await;
    let before = checkpoint(&client).await;
    let output = import(&story.system, "FJORDTORG ENDRET IGJEN AS");
    assert!(output.status.success(), "{}", said(&output));
    assert_eq!(began_at(&output), Some(before));
    assert!(checkpoint(&client).await > before);
    let name = "SELECT name FROM fullmakt_read_3.parties \
                WHERE org_number = $1 ORDER BY from_position DESC LIMIT 1";
    let name: String = client.query_one(name, &[&FJORDTORG.org]).await.unwrap().get(0);
    assert_eq!(name, "FJORDTORG ENDRET IGJEN AS");
    story.system.verify();
}

#[tokio::test]
async fn an_import_begins_where_the_read_models_are_and_gives_what_the_ledger_gives() {
    imports(Log::Postgres).await;
}

#[tokio::test]
async fn an_import_does_so_over_kafka_as_well() {
    imports(Log::Kafka).await;
}

#[tokio::test]
async fn an_import_into_an_empty_log_begins_a_ledger() {
    let system = System::prepare(Log::Postgres).await;
    system.run(&["migrate"]);
    let output = system.run(&["import", "catalogue"]);
    assert_eq!(began_at(&output), None);
    system.verify();
}

/// The records from which on nothing is to be appended.
async fn records(client: &Client) -> i64 {
    let statement = "SELECT next FROM fullmakt_log.log_end";
    client.query_one(statement, &[]).await.unwrap().get(0)
}

#[tokio::test]
async fn a_log_that_is_not_the_one_that_was_folded_is_refused_and_left_as_it_is() {
    let mut story = Scenario4::begin(Log::Postgres).await;
    story.system.stop();
    let client = database(&story.system).await;
    let at = checkpoint(&client).await;
    for (replacing, reason) in [
        (
            format!(
                "UPDATE fullmakt_log.records SET bytes = bytes || ' '::bytea WHERE position = {at}"
            ),
            "is not the one that was folded there",
        ),
        (
            format!(
                "DELETE FROM fullmakt_log.records WHERE position >= {at}; \
                 UPDATE fullmakt_log.log_end SET next = {at}"
            ),
            "beyond the end of the log",
        ),
        (
            "UPDATE fullmakt_log.records SET bytes = convert_to(regexp_replace( \
                 convert_from(bytes, 'UTF8'), '\"ledger\":\"[0-9a-f]{8}', '\"ledger\":\"00000000'), 'UTF8') \
             WHERE position = 0"
                .to_owned(),
            "the checkpoint is of ledger",
        ),
    ] {
        client.batch_execute(&replacing).await.unwrap();
        let before = records(&client).await;
        let output = import(&story.system, "ANNET AS");
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        assert!(said(&output).contains(reason), "{reason}: {}", said(&output));
        assert_eq!(records(&client).await, before);
        assert_eq!(checkpoint(&client).await, at);
    }
}
