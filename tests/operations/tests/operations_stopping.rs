//! A server that is asked to stop finishes what it has begun, and begins nothing.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use fullmakt_operations::eventually;
use fullmakt_scenarios::{Answer, Client, FJORDTORG, Log, Scenario4, System};
use tokio::{net::TcpStream, task::JoinHandle};
use tokio_postgres::{Client as Database, NoTls};

/// A system on which nothing but what the test does is appended.
async fn story() -> Scenario4 {
    let mut system = System::prepare(Log::Postgres).await;
    system.set("FULLMAKT_LEDGER__HEARTBEAT_SECONDS", "29");
    system.serve().await;
    Scenario4::on(system).await
}

async fn database(system: &System) -> Database {
    let (client, connection) =
        tokio_postgres::connect(&system.database_url(), NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// Keeps everybody from appending, until the transaction ends.
const HOLD: &str = "BEGIN; SELECT next FROM fullmakt_log.log_end FOR UPDATE";

/// A command that has been decided, and whose append waits.
async fn command_under_way(story: &Scenario4, holder: &Database) -> JoinHandle<Answer> {
    holder.batch_execute(HOLD).await.unwrap();
    let vendor = story.vendor.clone();
    let request = serde_json::json!({
        "systemId": story.system_id,
        "partyOrgNo": FJORDTORG.org,
        "externalRef": "under-way",
        "rights": [{ "action": "read",
                     "resource": [{ "id": "urn:altinn:resource", "value": "demo-vat-return" }] }],
    });
    let command = tokio::spawn(async move {
        vendor.post("/authentication/api/v1/systemuser/request/vendor", &request).await
    });
    eventually("the append waits", async || {
        let waiting = "SELECT EXISTS (SELECT FROM pg_stat_activity \
                       WHERE datname = current_database() AND wait_event_type = 'Lock')";
        holder.query_one(waiting, &[]).await.unwrap().get(0)
    })
    .await;
    command
}

async fn is_refused(base: &str) -> bool {
    let address = base.strip_prefix("http://").unwrap();
    TcpStream::connect(address).await.is_err()
}

async fn found(vendor: &Client, story: &Scenario4) -> u16 {
    let path = format!(
        "/authentication/api/v1/systemuser/request/vendor/byexternalref/{}/{}/under-way",
        story.system_id, FJORDTORG.org
    );
    vendor.get(&path).await.status
}

#[tokio::test]
async fn a_command_under_way_is_answered_and_no_other_is_begun() {
    let mut story = story().await;
    let holder = database(&story.system).await;
    let command = command_under_way(&story, &holder).await;
    let base = story.system.base().to_owned();
    story.system.ask_to_stop();
    eventually("nobody can connect", async || is_refused(&base).await).await;
    assert!(!command.is_finished());
    holder.batch_execute("ROLLBACK").await.unwrap();
    let answer = command.await.unwrap().expect(201);
    assert_eq!(answer.json()["status"], "New");
    story.system.until_stopped();

    story.system.serve().await;
    let vendor = story.system.vendor(fullmakt_scenarios::VENDOR).await;
    assert_eq!(found(&vendor, &story).await, 200);
}

#[tokio::test]
async fn a_command_that_cannot_be_finished_is_answered_truthfully_and_holds_nobody_up() {
    let mut story = story().await;
    let holder = database(&story.system).await;
    let command = command_under_way(&story, &holder).await;
    story.system.ask_to_stop();
    let began = std::time::Instant::now();
    let answer = command.await.unwrap().expect(503);
    assert!(answer.headers.contains_key("retry-after"), "{answer:?}");
    story.system.until_stopped();
    assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
    holder.batch_execute("ROLLBACK").await.unwrap();

    story.system.serve().await;
    let vendor = story.system.vendor(fullmakt_scenarios::VENDOR).await;
    assert_eq!(found(&vendor, &story).await, 404);
}
