//! `fullmakt rebuild` beside a server that answers: no wrong and no missing answer before, during
//! and after the swap.

#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
};

use fullmakt_operations::eventually;
use fullmakt_scenarios::{Client, FJORDTORG, Log, Scenario4, System, VAT_RETURN, decision_request};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tokio_postgres::NoTls;

const REQUEST: &str = "/authentication/api/v1/systemuser/request/vendor";
const LIVE: &str = "fullmakt_read_3";

/// Those who ask while the tables are rebuilt.
struct Readers {
    is_over: Arc<AtomicBool>,
    answers: Arc<AtomicU64>,
    tasks: Vec<JoinHandle<()>>,
}

impl Readers {
    fn new() -> Self {
        Self { is_over: Arc::default(), answers: Arc::default(), tasks: Vec::new() }
    }

    /// Somebody who asks the same again and again, and must get the same again and again.
    async fn ask(&mut self, client: &Client, method: Method, path: &str, body: Option<Value>) {
        let (client, path) = (client.clone(), path.to_owned());
        let send = async move || {
            let request = client.request(method.clone(), &path);
            let request = match &body {
                Some(body) => request.json(body),
                None => request,
            };
            client.send(request).await
        };
        let expected = send().await.expect(200).json();
        let (is_over, answers) = (Arc::clone(&self.is_over), Arc::clone(&self.answers));
        self.tasks.push(tokio::spawn(async move {
            while !is_over.load(Ordering::SeqCst) {
                let answer = send().await.expect(200);
                assert_eq!(answer.json(), expected);
                answers.fetch_add(1, Ordering::SeqCst);
            }
        }));
    }

    /// Somebody who asks for system users, and must find each the moment it is answered.
    fn write(&mut self, story: &Scenario4) {
        let (vendor, system_id) = (story.vendor.clone(), story.system_id.clone());
        let (is_over, answers) = (Arc::clone(&self.is_over), Arc::clone(&self.answers));
        self.tasks.push(tokio::spawn(async move {
            let mut number = 0;
            while !is_over.load(Ordering::SeqCst) {
                number += 1;
                let body = json!({ "systemId": system_id, "partyOrgNo": FJORDTORG.org,
                    "externalRef": format!("r{number}"),
                    "rights": [{ "resource": [{ "id": "urn:altinn:resource",
                                                "value": VAT_RETURN }] }] });
                let created = vendor.post(REQUEST, &body).await.expect(201).json();
                let path = format!("{REQUEST}/{}", created["id"].as_str().unwrap());
                let found = vendor.get(&path).await.expect(200).json();
                assert_eq!(found["externalRef"], body["externalRef"]);
                answers.fetch_add(1, Ordering::SeqCst);
            }
        }));
    }

    /// Waits until this many more answers were given.
    async fn more(&self, answers: u64) {
        let before = self.answers.load(Ordering::SeqCst);
        eventually("answers are given", async || {
            let failed = self.tasks.iter().any(JoinHandle::is_finished);
            failed || self.answers.load(Ordering::SeqCst) >= before + answers
        })
        .await;
    }

    /// Ends, and fails if one of them got a wrong answer or none.
    async fn end(self) -> u64 {
        self.is_over.store(true, Ordering::SeqCst);
        for task in self.tasks {
            task.await.unwrap();
        }
        self.answers.load(Ordering::SeqCst)
    }
}

/// A system with a story, and those who ask about it.
async fn asked_about(story: Scenario4) -> (Scenario4, Readers) {
    let user = story.approved().await;
    let system = &story.system;
    let mut readers = Readers::new();
    let auditor = system.auditor().await;
    let history = format!("/fullmakt/v1/commits?stream=system%2F{}", story.system_id);
    readers.ask(&auditor, Method::GET, &history, None).await;
    let own = format!("/authentication/api/v1/systemregister/vendor/{}", story.system_id);
    readers.ask(&story.vendor, Method::GET, &own, None).await;
    readers.ask(&story.vendor, Method::GET, &format!("{REQUEST}/{user}"), None).await;
    let api = system.public_api().await;
    let question = decision_request(&user, "read", VAT_RETURN, FJORDTORG.org);
    let authorize = "/authorization/api/v1/authorize";
    readers.ask(&api, Method::POST, authorize, Some(question)).await;
    readers.write(&story);
    (story, readers)
}

/// What a database answers.
async fn value(system: &System, question: &str) -> i64 {
    let url = system.database_url();
    let (client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
    tokio::spawn(connection);
    client.query_one(question, &[]).await.unwrap().get(0)
}

/// Which tables are the live ones: a rebuild puts others in their place.
async fn generation(system: &System) -> i64 {
    value(system, &format!("SELECT '{LIVE}.parties'::regclass::oid::bigint")).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_gets_a_wrong_answer_or_none_while_the_tables_are_swapped() {
    for log in [Log::Postgres, Log::Kafka] {
        let (story, readers) = asked_about(Scenario4::begin(log).await).await;
        readers.more(50).await;
        for _ in 0..3 {
            let before = generation(&story.system).await;
            let mut rebuild = story.system.command(&["rebuild"]);
            let running = tokio::task::spawn_blocking(move || rebuild.output().unwrap());
            let output = running.await.unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            assert_ne!(generation(&story.system).await, before);
            readers.more(50).await;
        }
        let answers = readers.end().await;
        assert!(answers >= 200, "{answers}");
        story.system.run(&["verify"]);
    }
}

/// Adds many ticks to the log of a system, so that a rebuild needs many transactions.
async fn grow(system: &System, ticks: i64) {
    let url = system.database_url();
    let (mut client, connection) = tokio_postgres::connect(&url, NoTls).await.unwrap();
    tokio::spawn(connection);
    let transaction = client.transaction().await.unwrap();
    let take = "UPDATE fullmakt_log.log_end SET next = next + $1 RETURNING next - $1";
    let first: i64 = transaction.query_one(take, &[&ticks]).await.unwrap().get(0);
    let add = "INSERT INTO fullmakt_log.records (position, append_time, bytes) \
               SELECT $1::bigint + n, date_trunc('milliseconds', clock_timestamp()), tick.bytes \
               FROM generate_series(0, $2::bigint - 1) AS n, \
                   (SELECT bytes FROM fullmakt_log.records \
                    WHERE convert_from(bytes, 'UTF8') LIKE '%\"tick\"%' LIMIT 1) AS tick";
    assert_eq!(transaction.execute(add, &[&first, &ticks]).await.unwrap(), ticks.unsigned_abs());
    transaction.commit().await.unwrap();
    eventually("all of it is folded", async || {
        let reached = format!("SELECT position FROM {LIVE}.checkpoint");
        value(system, &reached).await >= first + ticks - 1
    })
    .await;
}

/// The positions that log lines with this text say.
fn said(output: &[u8], text: &str) -> Vec<u64> {
    let lines = String::from_utf8_lossy(output);
    let lines = lines.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    lines
        .filter(|line| line["message"].as_str().unwrap().starts_with(text))
        .map(|line| line["ledger.position"].as_u64().unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rebuild_that_was_killed_goes_on_where_it_was_and_says_how_fast() {
    let story = Scenario4::begin(Log::Postgres).await;
    grow(&story.system, 60_000).await;
    let (story, readers) = asked_about(story).await;
    let system = &story.system;
    let before = generation(system).await;
    let reached = format!("SELECT position FROM {LIVE}_next.checkpoint");
    let mut rebuild = system.command(&["rebuild"]).stderr(Stdio::null()).spawn().unwrap();
    eventually("the rebuild has folded something", async || {
        let begun = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE '%_next'";
        value(system, begun).await == 1 && value(system, &reached).await >= 0
    })
    .await;
    rebuild.kill().unwrap();
    let status = rebuild.wait().unwrap();
    assert!(!status.success(), "it was done before it could be killed");
    eventually("its transaction is over", async || {
        let busy = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                    AND query LIKE '%pg_try_advisory_lock%' AND pid <> pg_backend_pid()";
        value(system, busy).await == 0
    })
    .await;
    let kept = u64::try_from(value(system, &reached).await).unwrap();
    assert_eq!(generation(system).await, before);
    readers.more(20).await;

    let output = system.run(&["rebuild"]);
    let folded = said(&output.stderr, "folded up to");
    assert_eq!(said(&output.stderr, "folded before").last(), Some(&kept));
    assert!(folded.iter().all(|position| *position > kept), "{kept}: {folded:?}");
    let text = String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("(100 %)") && text.contains("records/s, 0 s to go"), "{text}");
    assert_ne!(generation(system).await, before);
    readers.more(20).await;
    readers.end().await;
    system.run(&["verify"]);
}
