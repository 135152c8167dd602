//! The ledger of an earlier release, and how it is written anew.

use std::{collections::BTreeSet, fmt::Write, fs, path::PathBuf};

use bytes::Bytes;
use fullmakt_eventlog::Record;
use fullmakt_events::{
    Actor, Commit, FORMAT, LedgerId, LedgerRecord, Position, RecordedEvent, Timestamp, decode,
    encode,
};
use fullmakt_scenarios::{
    ClientKey, EVA, FJORDTORG, KARI, Log, SERVICE_OWNER, Scenario4, System, VAT_RETURN, VENDOR,
    requests::{CHANGE_REQUESTS, change_path},
};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::sync::OnceCell;
use tokio_postgres::NoTls;
use uuid::Uuid;

use crate::folded;

/// The ledger's name.
pub const NAME: &str = "upgrade";
pub const REQUEST: &str = "/authentication/api/v1/systemuser/request/vendor";

/// A ledger, and what it was folded to when it was written.
pub struct Fixture {
    pub records: Vec<Record>,
    /// The rows and the digest of each table, and a system user that may read a VAT return.
    pub expected: Value,
}

impl Fixture {
    pub async fn get() -> &'static Self {
        static FIXTURE: OnceCell<Fixture> = OnceCell::const_new();
        FIXTURE
            .get_or_init(|| async {
                if std::env::var_os("FULLMAKT_TEST_REGENERATE").is_some() {
                    assert_eq!(FORMAT, 0, "what a release has written stays as it is");
                    Self::of_this_release().await.write();
                }
                Self::read()
            })
            .await
    }

    /// A ledger with every event, written by this release.
    async fn of_this_release() -> Self {
        let mut system = System::prepare(Log::Postgres).await;
        system.set("FULLMAKT_LEDGER__NAME", NAME);
        system.serve().await;
        let mut story = Scenario4::on(system).await;
        let user = every_event(&story).await;
        story.system.stop();
        the_register_changes(&story.system);
        let mut records = records(&story.system).await;
        what_nobody_can_ask_for(&mut records);
        let tables = folded(&records).await;
        Self { records, expected: json!({ "tables": tables, "systemUser": user }) }
    }

    fn read() -> Self {
        let lines = fs::read_to_string(folder().join("ledger.jsonl")).unwrap();
        let records = lines.lines().enumerate().map(|(position, line)| {
            let line: Value = serde_json::from_str(line).unwrap();
            Record {
                position: Position::new(position as u64),
                append_time: Timestamp::from_micros(line["time"].as_i64().unwrap()),
                bytes: Bytes::from(line["record"].as_str().unwrap().to_owned()),
            }
        });
        let expected = fs::read_to_string(folder().join("expected.json")).unwrap();
        Self { records: records.collect(), expected: serde_json::from_str(&expected).unwrap() }
    }

    fn write(&self) {
        let lines = self.records.iter().fold(String::new(), |mut lines, record| {
            let text = str::from_utf8(&record.bytes).unwrap();
            let line = json!({ "time": record.append_time.as_micros(), "record": text });
            writeln!(lines, "{line}").unwrap();
            lines
        });
        fs::create_dir_all(folder()).unwrap();
        fs::write(folder().join("ledger.jsonl"), lines).unwrap();
        let expected = serde_json::to_string_pretty(&self.expected).unwrap();
        fs::write(folder().join("expected.json"), expected + "\n").unwrap();
    }

    /// The names of the events that the ledger has.
    pub fn events(&self) -> BTreeSet<String> {
        let commits = self.records.iter().filter_map(|record| match decode(&record.bytes) {
            Ok(LedgerRecord::Commit(commit)) => Some(commit.events),
            Ok(LedgerRecord::Genesis(_) | LedgerRecord::Tick(_)) => None,
            Err(error) => panic!("{}: {error}", record.position),
        });
        commits.flatten().map(|event| event.kind).collect()
    }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("upgrade")
}

/// A story in which everything happens that HTTP can ask for. Answers with a system user that may
/// read a VAT return at its end.
async fn every_event(story: &Scenario4) -> String {
    let vendor = &story.vendor;
    let request = |reference: &str| {
        json!({
            "systemId": story.system_id, "partyOrgNo": FJORDTORG.org, "externalRef": reference,
            "rights": [{ "resource": [{ "id": "urn:altinn:resource", "value": VAT_RETURN }] }],
        })
    };
    let user = story.approved().await;
    // A command with a key, and one that is repeated.
    for status in [201, 201] {
        let post = vendor.request(Method::POST, REQUEST).json(&request("with-key"));
        vendor.send(post.header("Idempotency-Key", "key")).await.expect(status);
    }
    let rejected = id_of(&vendor.post(REQUEST, &request("rejected")).await.expect(201).json());
    story.answer(KARI, FJORDTORG, &rejected, "reject").await.expect(200);
    let withdrawn = id_of(&vendor.post(REQUEST, &request("withdrawn")).await.expect(201).json());
    vendor.delete(&format!("{REQUEST}/{withdrawn}")).await.expect(202);
    let deleted = id_of(&vendor.post(REQUEST, &request("deleted")).await.expect(201).json());
    story.answer(KARI, FJORDTORG, &deleted, "approve").await.expect(200);
    story.delete(&deleted).await.expect(202);
    // Another system and another client come and go.
    let mut definition = story.definition();
    definition["id"] = json!(format!("{VENDOR}_gone"));
    definition["clientId"] = json!(["gone-client"]);
    let systems = "/authentication/api/v1/systemregister/vendor";
    vendor.post(systems, &definition).await.expect(200);
    // It is changed in each way before it goes.
    let gone = format!("{systems}/{VENDOR}_gone");
    definition["isVisible"] = json!(false);
    vendor.put(&gone, &definition).await.expect(200);
    vendor.put(&format!("{gone}/rights"), &json!([])).await.expect(200);
    vendor.put(&format!("{gone}/accesspackages"), &json!([])).await.expect(200);
    vendor.delete(&format!("{systems}/{VENDOR}_gone")).await.expect(200);
    let clients = "/fullmakt/v1/token-clients";
    let client = json!({ "clientId": "gone-token-client", "scopes": ["demo:vat.write"] });
    vendor.post(clients, &client).await.expect(201);
    let keys = format!("{clients}/{}/keys", story.client_id);
    let second = ClientKey::generate("key-2");
    vendor.post(&keys, &json!({ "kid": "key-2", "jwk": second.jwk() })).await.expect(201);
    vendor.delete(&format!("{keys}/key-2")).await.expect(204);
    vendor.delete(&format!("{clients}/gone-token-client")).await.expect(204);
    a_system_user_changes(story, &request("changed")).await;
    a_scope_is_shared(&story.system).await;
    user
}

/// A request is escalated and approved, and its system user goes through all that can change.
async fn a_system_user_changes(story: &Scenario4, request: &Value) {
    let vendor = &story.vendor;
    let user = id_of(&vendor.post(REQUEST, request).await.expect(201).json());
    story.answer(EVA, FJORDTORG, &user, "escalate").await.expect(200);
    story.answer(KARI, FJORDTORG, &user, "approve").await.expect(200);
    let right = json!({
        "action": "read", "resource": [{ "id": "urn:altinn:resource", "value": VAT_RETURN }],
    });
    let kari = story.system.person(KARI).await;
    for verb in ["approve", "reject", "withdraw"] {
        let correlation = Uuid::new_v4().to_string();
        let path = change_path("", &correlation, &user);
        vendor.post(&path, &json!({ "unwantedRights": [right] })).await.expect(201);
        if verb == "withdraw" {
            vendor.delete(&format!("{CHANGE_REQUESTS}/{correlation}")).await.expect(202);
        } else {
            let base = CHANGE_REQUESTS.trim_end_matches("/vendor");
            let path = format!("{base}/{}/{correlation}/{verb}", FJORDTORG.party);
            kari.post_nothing(&path).await.expect(200);
        }
    }
    let own = format!("/fullmakt/v1/system-users/{user}");
    let title = json!({ "integrationTitle": "Et nytt navn" });
    kari.send(kari.request(Method::PATCH, &own).json(&title)).await.expect(204);
    for verb in ["pause", "resume"] {
        kari.post_nothing(&format!("{own}/{verb}")).await.expect(204);
    }
}

/// A scope is registered, granted and delegated, and all of it is taken back.
async fn a_scope_is_shared(system: &System) {
    let scopes = "/fullmakt/v1/token-scopes";
    let admin = ["fullmakt:tokenscopes.admin", "fullmakt:tokenscopes.write"];
    let owner = system.organisation(SERVICE_OWNER, &admin).await;
    let scope = json!({ "scope": "demo:shared", "owner": SERVICE_OWNER });
    owner.post(scopes, &scope).await.expect(201);
    let consumer = system.organisation(FJORDTORG.org, &["fullmakt:tokenscopes.write"]).await;
    let grant = format!("{scopes}/demo%3Ashared/grants/{}", FJORDTORG.org);
    let delegation = format!("{scopes}/demo%3Ashared/delegations/{}/{VENDOR}", FJORDTORG.org);
    for (who, path) in [(&owner, &grant), (&consumer, &delegation)] {
        who.send(who.request(Method::PUT, path)).await.expect(204);
    }
    consumer.delete(&delegation).await.expect(204);
    owner.delete(&grant).await.expect(204);
    // One that is still there at the end.
    owner.send(owner.request(Method::PUT, &grant)).await.expect(204);
}

/// A unit changes its name, and another one loses its role holders.
fn the_register_changes(system: &System) {
    let demo = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../services/fullmakt/demo");
    let read = |name: &str| -> Value {
        serde_json::from_str(&fs::read_to_string(demo.join(name)).unwrap()).unwrap()
    };
    let write = |name: &str, content: &Value| {
        let path = system.folder().join(name);
        fs::write(&path, content.to_string()).unwrap();
        path.display().to_string()
    };
    let (mut units, mut roles) = (read("units.json"), read("roles.json"));
    units[2]["navn"] = json!("ET NYTT NAVN AS");
    roles[2]["rollegrupper"] = json!([]);
    let (units, roles) = (write("units.json", &units), write("roles.json", &roles));
    system.run(&["import", "register", "--units", &units, "--roles", &roles]);
}

/// Events that no route writes, in an order in which they can happen.
const WITHOUT_A_ROUTE: [&str; 25] = [
    "client_link.added.1",
    "client_link.changed.1",
    "client_link.removed.1",
    "client_link.added.1.single-rights",
    "mandate.asked.1",
    "mandate.ask_withdrawn.1",
    "mandate.ask_rejected.1",
    "mandate.ask_approved.1",
    "mandate.given.1.answer-to-an-ask",
    "mandate.given.1",
    "mandate.changed.1",
    "mandate.revoked.1",
    "resource_right.granted.1",
    "resource_right.updated.1",
    "resource_right.revoked.1",
    "resource.registry_required.1",
    "resource.registry_waived.1",
    "access_list.created.1",
    "access_list.updated.1",
    "access_list.members_added.1",
    "access_list.members_removed.1",
    "access_list.resource_connected.1",
    "access_list.resource_connected.1.every-action",
    "access_list.resource_disconnected.1",
    "access_list.deleted.1",
];

/// Appends a commit for each event that no route writes, as its golden file has it.
fn what_nobody_can_ask_for(records: &mut Vec<Record>) {
    let ledger = ledger_of(records);
    let golden = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../events/golden");
    for name in WITHOUT_A_ROUTE {
        let text = fs::read_to_string(golden.join(format!("{name}.json"))).unwrap();
        let event: RecordedEvent = serde_json::from_str(&text).unwrap();
        let last = records.last().unwrap();
        let mut commit = Commit::new(Uuid::now_v7(), ledger, last.append_time, Actor::operator());
        commit.as_of = last.position;
        commit.reads = vec![event.stream.clone()];
        commit.events = vec![event];
        let bytes = encode(&LedgerRecord::Commit(Box::new(commit))).unwrap();
        records.push(Record {
            position: last.position.next(),
            append_time: last.append_time.plus_micros(1_000),
            bytes: Bytes::from(bytes),
        });
    }
}

fn ledger_of(records: &[Record]) -> LedgerId {
    match decode(&records[0].bytes).unwrap() {
        LedgerRecord::Genesis(genesis) => genesis.ledger,
        LedgerRecord::Tick(_) | LedgerRecord::Commit(_) => panic!("a ledger begins with a genesis"),
    }
}

fn id_of(answer: &Value) -> String {
    answer["id"].as_str().unwrap().to_owned()
}

/// The records of a system whose ledger is in PostgreSQL.
pub async fn records(system: &System) -> Vec<Record> {
    let (client, connection) =
        tokio_postgres::connect(&system.database_url(), NoTls).await.unwrap();
    tokio::spawn(connection);
    let select = "SELECT position, (extract(epoch FROM append_time) * 1000000)::bigint AS time, \
                         bytes \
                    FROM fullmakt_log.records ORDER BY position";
    let rows = client.query(select, &[]).await.unwrap();
    let record = |row: &tokio_postgres::Row| Record {
        position: Position::new(row.get::<_, i64>("position").try_into().unwrap()),
        append_time: Timestamp::from_micros(row.get("time")),
        bytes: Bytes::from(row.get::<_, Vec<u8>>("bytes")),
    };
    rows.iter().map(record).collect()
}
