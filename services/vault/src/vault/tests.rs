use deadpool_postgres::{Manager, ManagerConfig, RecyclingMethod};
use tempfile::TempDir;
use tokio_postgres::{Client, NoTls};

use super::*;

/// A vault in a database of its own, which goes with it.
struct Setting {
    vault: Vault,
    pool: Pool,
    keys: TempDir,
    database: Database,
}

struct Database {
    server: tokio_postgres::Config,
    name: String,
}

impl Drop for Database {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        // A runtime of its own: a test's own one cannot wait here.
        let dropping = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async {
                let statement = format!("DROP DATABASE \"{name}\" WITH (FORCE)");
                connect(&server).await.batch_execute(&statement).await.unwrap();
            });
        });
        let outcome = dropping.join();
        if !std::thread::panicking() {
            outcome.unwrap();
        }
    }
}

async fn connect(config: &tokio_postgres::Config) -> Client {
    let (client, connection) = config.connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

async fn setting() -> Setting {
    let url = std::env::var("FULLMAKT_TEST_POSTGRES").expect(
        "set FULLMAKT_TEST_POSTGRES to the address of a PostgreSQL server whose user may create \
         databases",
    );
    let server: tokio_postgres::Config = url.parse().unwrap();
    let name = format!("vault_{}", Uuid::new_v4().simple());
    let creating = format!("CREATE DATABASE \"{name}\"");
    connect(&server).await.batch_execute(&creating).await.unwrap();
    let database = Database { server: server.clone(), name: name.clone() };
    let mut own = server;
    own.dbname(&name);
    let mut client = connect(&own).await;
    client.batch_execute(fullmakt_migrations::CREATE_SCHEMA).await.unwrap();
    fullmakt_migrations::runner().run_async(&mut client).await.unwrap();
    let manager_config = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let manager = Manager::from_config(own, NoTls, manager_config);
    let pool = Pool::builder(manager).max_size(8).build().unwrap();
    let keys = tempfile::tempdir().unwrap();
    let vault = Vault::open(pool.clone(), keys.path()).await.unwrap();
    Setting { vault, pool, keys, database }
}

impl Setting {
    /// All bytes that the database has of anybody.
    async fn dump(&self) -> String {
        let client = self.pool.get().await.unwrap();
        let statement = "SELECT coalesce(string_agg(identities::text, '\n'), '') \
                         FROM fullmakt.identities";
        client.query_one(statement, &[]).await.unwrap().get(0)
    }

    async fn rows(&self) -> i64 {
        let client = self.pool.get().await.unwrap();
        let statement = "SELECT count(*) FROM fullmakt.identities";
        client.query_one(statement, &[]).await.unwrap().get(0)
    }

    fn key_files(&self) -> usize {
        let shards = std::fs::read_dir(self.keys.path().join("persons")).unwrap();
        shards.map(|shard| std::fs::read_dir(shard.unwrap().path()).unwrap().count()).sum()
    }
}

const KARI: &str = "12838549045";
const OLA: &str = "12838549053";

fn number(text: &str) -> NationalNumber {
    text.parse().unwrap()
}

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn person(number_text: &str) -> Person {
    Person { number: number(number_text), name: None, party: None }
}

fn party(id: u128) -> PartyId {
    PartyId::new(Uuid::from_u128(id))
}

#[tokio::test]
async fn a_person_is_the_same_party_ever_after() {
    let setting = setting().await;
    let vault = &setting.vault;
    assert_eq!(vault.resolve(&number(KARI)).await.unwrap(), None);
    let kari = Person { name: Some(name("Kari Ærlig")), ..person(KARI) };
    let party = vault.resolve_or_create(&kari).await.unwrap();
    assert_eq!(vault.resolve_or_create(&kari).await.unwrap(), party);
    assert_eq!(vault.resolve_or_create(&person(KARI)).await.unwrap(), party);
    assert_eq!(vault.resolve(&number(KARI)).await.unwrap(), Some(party));
    assert_eq!(vault.number(party).await.unwrap(), Some(number(KARI)));
    let ola = vault.resolve_or_create(&person(OLA)).await.unwrap();
    assert_ne!(ola, party);
    let names = vault.names(&[party, ola]).await.unwrap();
    assert_eq!(names, HashMap::from([(party, name("Kari Ærlig"))]));
    let reopened = Vault::open(setting.pool.clone(), setting.keys.path()).await.unwrap();
    assert_eq!(reopened.resolve(&number(KARI)).await.unwrap(), Some(party));
}

#[tokio::test]
async fn a_new_name_takes_the_place_of_the_old_one() {
    let setting = setting().await;
    let vault = &setting.vault;
    let party = vault.resolve_or_create(&person(KARI)).await.unwrap();
    for text in ["Kari Ærlig", "Kari Nordmann", "Kari Nordmann"] {
        let kari = Person { name: Some(name(text)), ..person(KARI) };
        assert_eq!(vault.resolve_or_create(&kari).await.unwrap(), party);
        assert_eq!(vault.names(&[party]).await.unwrap()[&party], name(text));
    }
    vault.set_name(party, &name("Kari")).await.unwrap();
    assert_eq!(vault.names(&[party]).await.unwrap()[&party], name("Kari"));
}

#[tokio::test]
async fn a_sole_proprietorship_has_a_name_and_no_number() {
    let setting = setting().await;
    let vault = &setting.vault;
    vault.set_name(party(1), &name("Kari Ærlig Regnskap")).await.unwrap();
    assert_eq!(vault.names(&[party(1)]).await.unwrap().len(), 1);
    assert_eq!(vault.number(party(1)).await.unwrap(), None);
    assert_eq!(vault.number(party(2)).await.unwrap(), None);
}

#[tokio::test]
async fn the_database_has_neither_numbers_nor_names_in_the_clear() {
    let setting = setting().await;
    let kari = Person { name: Some(name("Kari")), ..person(KARI) };
    setting.vault.resolve_or_create(&kari).await.unwrap();
    let dump = setting.dump().await;
    let hex = |text: &str| text.bytes().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>();
    for text in [KARI, "Kari"] {
        assert!(!dump.contains(text) && !dump.contains(&hex(text).concat()), "{dump}");
    }
}

#[tokio::test]
async fn of_many_who_make_the_same_person_at_once_all_get_one_party() {
    let setting = setting().await;
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let vault = setting.vault.clone();
            tokio::spawn(async move { vault.resolve_or_create(&person(KARI)).await.unwrap() })
        })
        .collect();
    let mut parties = Vec::new();
    for task in tasks {
        parties.push(task.await.unwrap());
    }
    parties.dedup();
    assert_eq!(parties.len(), 1);
    assert_eq!(setting.rows().await, 1);
    assert_eq!(setting.key_files(), 1, "no key of those who came second is left");
    assert_eq!(setting.vault.number(parties[0]).await.unwrap(), Some(number(KARI)));
}

#[tokio::test]
async fn of_many_who_make_the_same_person_as_a_settled_party_the_key_stays() {
    let setting = setting().await;
    let settled = Person { party: Some(party(1)), name: Some(name("Kari")), ..person(KARI) };
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let (vault, settled) = (setting.vault.clone(), settled.clone());
            tokio::spawn(async move { vault.resolve_or_create(&settled).await.unwrap() })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), party(1));
    }
    assert_eq!(setting.vault.number(party(1)).await.unwrap(), Some(number(KARI)));
    assert_eq!(setting.vault.names(&[party(1)]).await.unwrap()[&party(1)], name("Kari"));
}

#[tokio::test]
async fn a_settled_party_can_be_given_its_number_later_but_no_second_one() {
    let setting = setting().await;
    let vault = &setting.vault;
    vault.set_name(party(1), &name("Kari")).await.unwrap();
    let as_party = |text, id| Person { party: Some(party(id)), ..person(text) };
    assert_eq!(vault.resolve_or_create(&as_party(KARI, 1)).await.unwrap(), party(1));
    assert_eq!(vault.names(&[party(1)]).await.unwrap()[&party(1)], name("Kari"));
    let error = vault.resolve_or_create(&as_party(OLA, 1)).await.unwrap_err();
    assert!(matches!(error, VaultError::AnotherNumber { .. }), "{error:?}");
    let error = vault.resolve_or_create(&as_party(KARI, 2)).await.unwrap_err();
    assert!(matches!(error, VaultError::AnotherParty { .. }), "{error:?}");
    assert_eq!(vault.number(party(1)).await.unwrap(), Some(number(KARI)));
}

#[tokio::test]
async fn a_forgotten_person_is_gone_and_seen_again_a_new_party() {
    let setting = setting().await;
    let vault = &setting.vault;
    let kari = Person { name: Some(name("Kari")), ..person(KARI) };
    let before = vault.resolve_or_create(&kari).await.unwrap();
    for _ in 0..2 {
        vault.forget(before).await.unwrap();
        assert_eq!(vault.resolve(&number(KARI)).await.unwrap(), None);
        assert_eq!(vault.number(before).await.unwrap(), None);
        assert!(vault.names(&[before]).await.unwrap().is_empty());
    }
    let after = vault.resolve_or_create(&kari).await.unwrap();
    assert_ne!(after, before);
    vault.forget(before).await.unwrap();
    assert_eq!(vault.resolve(&number(KARI)).await.unwrap(), Some(after));
}

#[tokio::test]
async fn a_forgotten_party_is_not_made_again() {
    let setting = setting().await;
    let vault = &setting.vault;
    vault.forget(party(1)).await.unwrap();
    let error = vault.set_name(party(1), &name("Kari")).await.unwrap_err();
    assert!(matches!(error, VaultError::Forgotten { .. }), "{error:?}");
    let settled = Person { party: Some(party(1)), ..person(KARI) };
    let error = vault.resolve_or_create(&settled).await.unwrap_err();
    assert!(matches!(error, VaultError::Forgotten { .. }), "{error:?}");
    assert_eq!(vault.resolve(&number(KARI)).await.unwrap(), None);
}

#[tokio::test]
async fn a_database_restored_from_before_does_not_bring_a_forgotten_person_back() {
    let setting = setting().await;
    let vault = &setting.vault;
    let kari = Person { name: Some(name("Kari")), ..person(KARI) };
    let before = vault.resolve_or_create(&kari).await.unwrap();
    let client = setting.pool.get().await.unwrap();
    client.batch_execute("CREATE TABLE backup AS TABLE fullmakt.identities").await.unwrap();
    vault.forget(before).await.unwrap();
    let restore = "DELETE FROM fullmakt.identities; \
                   INSERT INTO fullmakt.identities SELECT * FROM backup";
    client.batch_execute(restore).await.unwrap();

    assert_eq!(vault.number(before).await.unwrap(), None);
    assert!(vault.names(&[before]).await.unwrap().is_empty());
    assert_eq!(vault.resolve(&number(KARI)).await.unwrap(), None);
    assert_ne!(vault.resolve_or_create(&kari).await.unwrap(), before);
}

#[tokio::test]
async fn a_key_lost_by_accident_is_an_error_and_not_a_new_person() {
    let setting = setting().await;
    let vault = &setting.vault;
    let kari = Person { name: Some(name("Kari")), ..person(KARI) };
    let party = vault.resolve_or_create(&kari).await.unwrap();
    let shard = setting.keys.path().join("persons");
    std::fs::remove_dir_all(shard).unwrap();
    for error in [
        vault.resolve(&number(KARI)).await.unwrap_err(),
        vault.resolve_or_create(&kari).await.unwrap_err(),
        vault.names(&[party]).await.unwrap_err(),
        vault.number(party).await.unwrap_err(),
    ] {
        assert!(matches!(error, VaultError::KeyMissing { .. }), "{error:?}");
        assert!(!error.is_temporary());
    }
    assert_eq!(setting.rows().await, 1);
}

#[tokio::test]
async fn keys_and_database_that_do_not_belong_together_are_refused() {
    let setting = setting().await;
    let empty = tempfile::tempdir().unwrap();
    let error = Vault::open(setting.pool.clone(), empty.path()).await.unwrap_err();
    assert!(matches!(error, VaultError::NoKeys { .. }), "{error:?}");
    assert!(!empty.path().join("index.key").exists(), "no new keys were made");
    std::fs::write(empty.path().join("index.key"), [9; 32]).unwrap();
    let error = Vault::open(setting.pool.clone(), empty.path()).await.unwrap_err();
    assert!(matches!(error, VaultError::OtherKeys { .. }), "{error:?}");
}

#[tokio::test]
async fn values_moved_between_persons_do_not_open() {
    let setting = setting().await;
    let vault = &setting.vault;
    let kari = vault.resolve_or_create(&person(KARI)).await.unwrap();
    vault.resolve_or_create(&person(OLA)).await.unwrap();
    let client = setting.pool.get().await.unwrap();
    let swap = "UPDATE fullmakt.identities AS one SET number = other.number \
                FROM fullmakt.identities AS other WHERE other.party <> one.party";
    client.batch_execute(swap).await.unwrap();
    let error = vault.number(kari).await.unwrap_err();
    assert!(matches!(error, VaultError::Unreadable { .. }), "{error:?}");
}

#[tokio::test]
async fn a_database_that_does_not_answer_is_unavailable() {
    let setting = setting().await;
    let vault = setting.vault.clone();
    setting.pool.close();
    let error = vault.resolve(&number(KARI)).await.unwrap_err();
    assert!(error.is_temporary(), "{error:?}");
    assert!(!setting.database.name.is_empty());
}
