//! A backup is made and restored as `migrations/backups.md` says, while the system works.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{path::Path, process::Command};

use fullmakt_events::Position;
use fullmakt_operations::{Postgres, eventually};
use fullmakt_readstore::{Checksums, Database, DatabaseSettings, ReadSchema, ReadStore, checksums};
use fullmakt_scenarios::{
    Client, FJORDTORG, KARI, Log, NORDVIK, OLA, Scenario4, System, VAT_RETURN, VENDOR,
};
use serde_json::json;
use tempfile::TempDir;

/// The block of the page that follows a heading.
fn block(heading: &str) -> String {
    let page = include_str!("../../../migrations/backups.md");
    let after = page.split(&format!("## {heading}\n")).nth(1).unwrap();
    let code = after.split("```sh\n").nth(1).unwrap();
    code.split("```").next().unwrap().to_owned()
}

/// Runs a block for a system, with its settings.
fn run(heading: &str, system: &System, backups: &Backups) {
    let programs = Postgres::program("psql").get_program().to_owned();
    let programs = Path::new(&programs).parent().unwrap().to_owned();
    let binary = system.command(&[]).get_program().to_owned();
    let binary = Path::new(&binary).parent().unwrap().to_owned();
    let path = std::env::var("PATH").unwrap();
    let mut shell = Command::new("bash");
    shell.args(["-euo", "pipefail", "-c", &block(heading)]);
    for (name, value) in system.command(&[]).get_envs() {
        shell.env(name, value.unwrap());
    }
    let output = shell
        .env("PATH", format!("{}:{}:{path}", programs.display(), binary.display()))
        .env("DATABASE", system.setting("FULLMAKT_POSTGRES__URL"))
        .env("VAULT_KEYS", system.setting("FULLMAKT_VAULT__KEY_DIR"))
        .env("TOKEN_KEYS", system.setting("FULLMAKT_TOKENS__KEY_DIR"))
        .env("BACKUP", backups.all.path())
        .env("KEY_BACKUP", backups.keys.path())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Where backups are kept.
struct Backups {
    all: TempDir,
    /// The vault's keys are kept apart.
    keys: TempDir,
}

impl Backups {
    fn new() -> Self {
        Self { all: TempDir::new().unwrap(), keys: TempDir::new().unwrap() }
    }
}

/// A system that does not run yet, in an empty database of this server.
async fn prepare(server: &Postgres, database: &str) -> System {
    server.create_database(database).await;
    let mut system = System::prepare(Log::Postgres).await;
    system.set("FULLMAKT_POSTGRES__URL", server.url(database));
    system
}

/// A system in which the vendor has registered its client and its system.
async fn begin(server: &Postgres) -> Scenario4 {
    let mut system = prepare(server, "before").await;
    system.serve().await;
    Scenario4::on(system).await
}

/// A system that is to be restored: its settings are the old one's, its database is empty.
async fn another_machine(server: &Postgres, old: &System) -> System {
    let mut system = prepare(server, "after").await;
    system.set("FULLMAKT_LEDGER__NAME", old.setting("FULLMAKT_LEDGER__NAME"));
    system
}

fn database(system: &System) -> Database {
    Database::new(DatabaseSettings::new(system.setting("FULLMAKT_POSTGRES__URL"))).unwrap()
}

async fn tables(system: &System, at: Position) -> Checksums {
    checksums(&database(system), &ReadSchema::live(), Some(at)).await.unwrap()
}

/// Goes on writing until it is aborted.
async fn ask_for_more(vendor: Client, system_id: String) {
    for number in 0.. {
        let request = json!({ "systemId": system_id, "partyOrgNo": NORDVIK.org,
            "externalRef": format!("more-{number}"),
            "rights": [{ "resource": [{ "id": "urn:altinn:resource", "value": VAT_RETURN }] }] });
        let path = "/authentication/api/v1/systemuser/request/vendor";
        vendor.post(path, &request).await.expect(201);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_restored_is_what_was_backed_up() {
    let server = Postgres::start(&[]).await;
    let story = begin(&server).await;
    let user = story.approved().await;
    let pending = story.ask(NORDVIK).await.expect(201).json();
    let keys = story.system.anonymous().get("/jwks").await.expect(200).json();
    let backups = Backups::new();
    // The backup is of a moment in the middle of this.
    let models = ReadStore::open(&database(&story.system)).unwrap();
    let before = models.checkpoint().await.unwrap().unwrap().position;
    let reached = async |count: u64| {
        let at = Position::new(before.get() + count);
        eventually("more is asked for", async || {
            models.checkpoint().await.unwrap().is_some_and(|checkpoint| checkpoint.position >= at)
        })
        .await;
    };
    let busy = tokio::spawn(ask_for_more(story.vendor.clone(), story.system_id.clone()));
    reached(5).await;
    run("To back up", &story.system, &backups);
    reached(15).await;
    assert!(!busy.is_finished());
    busy.abort();

    let mut restored = another_machine(&server, &story.system).await;
    run("To restore", &restored, &backups);
    restored.serve().await;
    let end = ReadStore::open(&database(&restored)).unwrap().checkpoint().await.unwrap().unwrap();
    assert!(end.position > before);
    // A server that starts adds a tick of its own: what is compared are the positions before.
    let log_end = position_of_backup(&server).await;
    assert!(log_end > before);
    let (old, new) = (tables(&story.system, log_end).await, tables(&restored, log_end).await);
    assert_eq!(old.position, Some(log_end));
    assert_eq!(old, new);
    restored.run(&["verify"]);

    // The same answers, and the same persons: the vault knows them, and the signing key is the one.
    assert_eq!(restored.anonymous().get("/jwks").await.expect(200).json(), keys);
    let restored = Scenario4 {
        vendor: restored.vendor(VENDOR).await,
        system: restored,
        system_id: story.system_id.clone(),
        client_id: story.client_id.clone(),
        key: story.key,
    };
    assert_eq!(restored.decision(&user, "read", VAT_RETURN).await, "Permit");
    assert_eq!(restored.decision(&user, "write", VAT_RETURN).await, "NotApplicable");
    restored.token(FJORDTORG).await.expect(200);
    let pending = pending.get("id").unwrap().as_str().unwrap();
    restored.answer(KARI, NORDVIK, pending, "approve").await.expect(403);
    restored.answer(OLA, NORDVIK, pending, "approve").await.expect(200);
    restored.delete(&user).await.expect(202);
    assert_ne!(restored.decision(&user, "read", VAT_RETURN).await, "Permit");
}

/// The last position that both installations have: the restored one went on with a tick.
async fn position_of_backup(server: &Postgres) -> Position {
    let client = server.connect("after").await;
    let last_commit = "SELECT max(position) FROM fullmakt_read_3.ledger_records \
                       WHERE kind = 'commit'";
    let position: i64 = client.query_one(last_commit, &[]).await.unwrap().get(0);
    Position::new(u64::try_from(position).unwrap())
}

#[tokio::test]
async fn without_the_vaults_keys_nothing_is_started() {
    let server = Postgres::start(&[]).await;
    let mut story = begin(&server).await;
    story.approved().await;
    story.system.stop();
    let backups = Backups::new();
    run("To back up", &story.system, &backups);
    // Neither the database's backup nor that of the other keys has any of the vault's.
    for file in ["database.dump", "token-keys.tar"] {
        let bytes = std::fs::read(backups.all.path().join(file)).unwrap();
        let key = std::fs::read(story.system.folder().join("vault-keys/index.key")).unwrap();
        assert!(!bytes.windows(key.len()).any(|window| window == key), "{file}");
    }
    let system = another_machine(&server, &story.system).await;
    run("To restore", &system, &backups);
    std::fs::remove_dir_all(system.setting("FULLMAKT_VAULT__KEY_DIR")).unwrap();
    let doctor = system.command(&["doctor"]).output().unwrap();
    assert_eq!(doctor.status.code(), Some(1));
    let said = String::from_utf8_lossy(&doctor.stdout).into_owned();
    assert!(said.contains("there are no keys") && said.contains("backup"), "{said}");
    let serve = system.command(&["serve"]).output().unwrap();
    assert!(!serve.status.success());
    assert!(String::from_utf8_lossy(&serve.stderr).contains("there are no keys"));
}

#[tokio::test]
async fn a_log_that_is_older_than_the_read_models_is_refused_until_they_are_dropped() {
    let server = Postgres::start(&[]).await;
    let mut story = begin(&server).await;
    let backups = Backups::new();
    run("To back up", &story.system, &backups);
    let user = story.approved().await;
    story.system.stop();
    let system = &mut story.system;
    let execute = async |statement: &str| server.execute("before", statement).await;
    // The log alone is restored.
    execute("DROP SCHEMA fullmakt_log CASCADE").await;
    let restore = || {
        Postgres::program("pg_restore")
            .args(["--exit-on-error", "--no-owner", "--schema=fullmakt_log", "--dbname"])
            .arg(server.url("before"))
            .arg(backups.all.path().join("database.dump"))
            .output()
            .unwrap()
    };
    let restored = restore();
    assert!(!restored.status.success(), "a schema that is left out is not made");
    execute("CREATE SCHEMA fullmakt_log").await;
    let restored = restore();
    assert!(restored.status.success(), "{}", String::from_utf8_lossy(&restored.stderr));
    let serve = system.command(&["serve"]).output().unwrap();
    assert!(!serve.status.success());
    let said = String::from_utf8_lossy(&serve.stderr).into_owned();
    assert!(said.contains("the log ends before"), "{said}");
    execute("DROP SCHEMA fullmakt_read_3 CASCADE").await;
    system.run(&["migrate"]);
    system.serve().await;
    let vendor = system.vendor(VENDOR).await;
    let path = format!("/authentication/api/v1/systemuser/request/vendor/{user}");
    vendor.get(&path).await.expect(404);
}
