//! A ledger that an earlier release wrote is folded to the same tables, and gone on with.
//!
//! The ledger and what it folded to are in `tests/operations/upgrade/`. While the ledger's format is
//! 0, `FULLMAKT_TEST_REGENERATE=1` writes them anew; from format 1 on they stay as they are for ever.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod fixture;

use std::{collections::BTreeSet, future::ready};

use bytes::Bytes;
use fullmakt_eventlog::{
    Destination, Record,
    postgres::{PostgresDestination, PostgresSettings},
};
use fullmakt_events::{Admission, Event, Folded, LedgerRecord, decode};
use fullmakt_readstore::{
    Checksum, Database, DatabaseSettings, Projector, ProjectorError, ProjectorLimits, ReadSchema,
    checksums, migrate,
};
use fullmakt_scenarios::{FJORDTORG, Log, System, VAT_RETURN, VENDOR, decision_request};
use serde_json::{Value, json};

use fixture::{Fixture, NAME, REQUEST, records};

#[tokio::test]
async fn the_ledger_of_an_earlier_release_has_every_event_of_that_time() {
    let events = Fixture::get().await.events();
    let names: BTreeSet<String> = Event::names().map(|(name, _)| name.to_owned()).collect();
    // As long as the format is 0 the ledger is written anew for each new event.
    assert_eq!(names.difference(&events).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[tokio::test]
async fn the_ledger_of_an_earlier_release_is_folded_to_the_same_tables() {
    let fixture = Fixture::get().await;
    let tables = folded(&fixture.records).await;
    for (name, expected) in fixture.expected["tables"].as_object().unwrap() {
        assert_eq!(&tables[name], expected, "{name}");
        assert_ne!(expected["rows"], 0, "{name} shows nothing");
    }
}

#[tokio::test]
async fn a_server_goes_on_with_the_ledger_of_an_earlier_release() {
    let fixture = Fixture::get().await;
    let mut system = with_log(&fixture.records).await;
    system.serve().await;
    let user = fixture.expected["systemUser"].as_str().unwrap();
    let api = system.public_api().await;
    let question = decision_request(user, "read", VAT_RETURN, FJORDTORG.org);
    let answer = api.post("/authorization/api/v1/authorize", &question).await.expect(200);
    assert_eq!(answer.json()["response"][0]["decision"], "Permit");
    // The vendor goes on as well.
    let vendor = system.vendor(VENDOR).await;
    let request = json!({
        "systemId": format!("{VENDOR}_smartcloud"), "partyOrgNo": FJORDTORG.org,
        "externalRef": "after-the-upgrade",
        "rights": [{ "resource": [{ "id": "urn:altinn:resource", "value": VAT_RETURN }] }],
    });
    vendor.post(REQUEST, &request).await.expect(201);
    system.verify();
}

#[tokio::test]
async fn a_server_stops_at_an_event_of_a_newer_schema_and_says_where() {
    let fixture = Fixture::get().await;
    let mut records = fixture.records.clone();
    let mut newer = records.last().unwrap().clone();
    newer.position = newer.position.next();
    let mut commit: Value = serde_json::from_slice(&newer.bytes).unwrap();
    commit["id"] = json!(uuid::Uuid::now_v7());
    commit["as_of"] = json!(newer.position.get() - 1);
    commit["events"][0]["schema"] = json!(2);
    newer.bytes = Bytes::from(commit.to_string());
    records.push(newer.clone());

    let system = with_log(&records).await;
    let output = system.command(&["serve"]).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{said}");
    let place = format!("event 0 of the commit at position {} cannot be read", newer.position);
    assert!(said.contains(&place) && said.contains("schema 2"), "{said}");
    // It has written nothing that rests on what it cannot read.
    let (before, after) = (records.len(), self::records(&system).await);
    assert!(after[..before] == records, "the log was changed");
    let is_tick = |record: &Record| matches!(decode(&record.bytes), Ok(LedgerRecord::Tick(_)));
    assert!(after[before..].iter().all(is_tick), "{:?}", &after[before..]);
}

/// Folds records into an empty database: the rows and the digest of each table.
async fn folded(records: &[Record]) -> Value {
    let system = System::prepare(Log::Postgres).await;
    let database = Database::new(DatabaseSettings::new(system.database_url())).unwrap();
    migrate(&database).await.unwrap();
    let (genesis, rest) = records.split_first().unwrap();
    let mut admission =
        Admission::begin(genesis.position, genesis.append_time, &genesis.bytes, NAME).unwrap();
    let mut folded = vec![Folded::genesis(&admission, genesis.append_time, &genesis.bytes)];
    for record in rest {
        folded.push(Folded::fold(&mut admission, record.append_time, &record.bytes).unwrap());
    }
    let end = ready(Ok::<_, ProjectorError>(admission.position().next()));
    let limits = ProjectorLimits::default();
    let mut projector = Projector::open(&database, admission.ledger(), end, limits).await.unwrap();
    projector.apply(&folded).await.unwrap();
    let sums = checksums(&database, &ReadSchema::live(), None).await.unwrap();
    assert_eq!(sums.position, Some(admission.position()));
    let table = |(name, sum): (&&str, &Checksum)| {
        ((*name).to_owned(), json!({ "rows": sum.rows, "digest": sum.digest }))
    };
    Value::Object(sums.tables.iter().map(table).collect())
}

/// A system whose log has these records, and which has not run yet.
async fn with_log(records: &[Record]) -> System {
    let mut system = System::prepare(Log::Postgres).await;
    system.set("FULLMAKT_LEDGER__NAME", NAME);
    let settings = PostgresSettings::new(&system.database_url()).unwrap();
    let log = PostgresDestination::open(&settings).await.unwrap();
    log.begin().await.unwrap();
    log.fill(records).await.unwrap();
    log.finish().await.unwrap();
    system
}
