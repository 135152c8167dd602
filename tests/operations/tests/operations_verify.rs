//! `fullmakt verify` folds the ledger afresh and names every row that is not as it gives it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Output;

use fullmakt_scenarios::{FJORDTORG, Log, Scenario4, System, VAT_RETURN};
use serde_json::{Value, json};
use tokio_postgres::NoTls;

/// A system with a story, which still runs.
async fn story(log: Log) -> Scenario4 {
    let story = Scenario4::begin(log).await;
    let user = story.approved().await;
    assert_eq!(story.decision(&user, "read", VAT_RETURN).await, "Permit");
    story.delete(&user).await.expect(202);
    // A command with a key, so that each table of the index has rows.
    let request = json!({ "systemId": story.system_id, "partyOrgNo": FJORDTORG.org,
        "externalRef": "again",
        "rights": [{ "resource": [{ "id": "urn:altinn:resource", "value": VAT_RETURN }] }] });
    let path = "/authentication/api/v1/systemuser/request/vendor";
    let post = story.vendor.request(reqwest::Method::POST, path).json(&request);
    story.vendor.send(post.header("Idempotency-Key", "key")).await.expect(201);
    story
}

async fn execute(system: &System, statement: &str) -> u64 {
    let url = system.database_url();
    let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client.execute(statement, &[]).await.unwrap()
}

fn verify(system: &System) -> (Output, Value) {
    let output = system.command(&["verify", "--json"]).output().unwrap();
    let report = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    (output, report)
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The rows that are named, as `table key state columns`.
fn named(report: &Value) -> Vec<String> {
    let tables = report["tables"].as_array().unwrap().iter();
    tables
        .flat_map(|table| {
            table["differing"].as_array().unwrap().iter().map(move |row| {
                let text = |value: &Value| value.as_str().unwrap().to_owned();
                let columns = row["columns"].as_array().unwrap().iter().map(text);
                let columns: Vec<String> = columns.collect();
                format!("{} {} {}", text(&table["table"]), text(&row["state"]), columns.join(","))
            })
        })
        .collect()
}

#[tokio::test]
async fn a_running_system_is_equal_to_its_ledger_on_both_logs() {
    for log in [Log::Postgres, Log::Kafka] {
        let story = story(log).await;
        let (output, report) = verify(&story.system);
        assert!(output.status.success(), "{}", said(&output));
        assert_eq!(report["equal"], true);
        let tables = report["tables"].as_array().unwrap();
        for name in ["ledger_streams", "ledger_command_events", "system_users", "party_roles"] {
            let table = tables.iter().find(|table| table["table"] == name).unwrap();
            assert!(table["rows"].as_u64().unwrap() > 0, "{table}");
        }
        assert!(report["admission"]["streams"].as_u64().unwrap() > 0);
        let text = story.system.run(&["verify"]);
        let text = String::from_utf8(text.stdout).unwrap();
        assert!(text.lines().last().unwrap().starts_with("equal: "), "{text}");
        assert!(text.lines().all(|line| line.starts_with("equal")), "{text}");
    }
}

#[tokio::test]
async fn changed_and_deleted_rows_are_named_and_left_as_they_are() {
    let story = story(Log::Postgres).await;
    let system = &story.system;
    let live = "fullmakt_read_3";
    // Somebody takes the deletion of the system user back, and hides a record.
    let revived = format!(
        "UPDATE {live}.system_users SET to_position = 9223372036854775807 \
         WHERE from_position = (SELECT min(from_position) FROM {live}.system_users)"
    );
    assert_eq!(execute(system, &revived).await, 1);
    let hidden = format!(
        "DELETE FROM {live}.ledger_records \
         WHERE position = (SELECT max(position) FROM {live}.ledger_records WHERE kind = 'commit')"
    );
    assert_eq!(execute(system, &hidden).await, 1);
    for _ in 0..2 {
        let (output, report) = verify(system);
        assert_eq!(output.status.code(), Some(1));
        assert_eq!(report["equal"], false);
        assert_eq!(
            named(&report),
            ["ledger_records missing ", "system_users different to_position"]
        );
    }
    let text = system.command(&["verify"]).output().unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.contains("differs  system_users"), "{text}");
    assert!(text.lines().last().unwrap().starts_with("differs"), "{text}");

    // A rebuild mends what was derived, if that is wanted.
    assert!(!system.command(&["rebuild"]).output().unwrap().status.success());
    system.run(&["rebuild", "--accept-difference"]);
    assert!(verify(system).0.status.success());
}

#[tokio::test]
async fn a_record_of_the_log_that_was_changed_is_found() {
    let mut story = story(Log::Postgres).await;
    story.system.stop();
    let system = &story.system;
    // A word in a text: the commit is as valid as before.
    let changed = "UPDATE fullmakt_log.records SET bytes = convert_to( \
                       replace(convert_from(bytes, 'UTF8'), 'Smartsky', 'Snurrsky'), 'UTF8') \
                   WHERE convert_from(bytes, 'UTF8') LIKE '%system.registered%Smartsky%'";
    assert_eq!(execute(system, changed).await, 1);
    let (output, report) = verify(system);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    assert_eq!(
        named(&report),
        [
            "ledger_events different data",
            "ledger_records different bytes",
            "system_changes different definition",
            "systems different definition",
        ]
    );

    // Bytes that are no commit any more are void for everyone, and what they said is surplus.
    let broken = "UPDATE fullmakt_log.records SET bytes = 'x'::bytea || bytes \
                  WHERE convert_from(bytes, 'UTF8') LIKE '%system_user.deleted%'";
    assert_eq!(execute(system, broken).await, 1);
    let (output, report) = verify(system);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let named = named(&report);
    assert!(named.contains(&"ledger_events surplus ".to_owned()), "{named:?}");
    assert!(named.iter().any(|row| row.starts_with("system_users ")), "{named:?}");
}

#[tokio::test]
async fn a_log_that_is_not_the_one_that_was_folded_is_a_reason_and_no_comparison() {
    let mut story = story(Log::Postgres).await;
    story.system.stop();
    let system = &story.system;
    let last = "(SELECT max(position) FROM fullmakt_log.records)";
    execute(
        system,
        &format!(
            "UPDATE fullmakt_log.records SET bytes = bytes || ' '::bytea WHERE position = {last}"
        ),
    )
    .await;
    let (output, report) = verify(system);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(report["checkpoint"]["equal"], false);

    execute(system, "DELETE FROM fullmakt_log.records WHERE position < 3").await;
    let (output, _) = verify(system);
    assert!(said(&output).contains("is gone"), "{}", said(&output));

    execute(system, &format!("DELETE FROM fullmakt_log.records WHERE position = {last}")).await;
    execute(system, "UPDATE fullmakt_log.log_end SET next = next - 1").await;
    let (output, _) = verify(system);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("log ends before"), "{}", said(&output));
    let rebuild = system.command(&["rebuild"]).output().unwrap();
    assert!(said(&rebuild).contains("log ends before"), "{}", said(&rebuild));
}
