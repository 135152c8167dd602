//! A database for each test, cloned from one that is migrated once per process.

use std::{
    sync::{LazyLock, Mutex, PoisonError, mpsc},
    thread,
};

use tokio::runtime::Builder;
use tokio_postgres::{Client, Config, NoTls, config::Host};
use uuid::Uuid;

use crate::{Database, DatabaseSettings, migrate};

/// The environment variable with the URL of a server on which databases may be created.
pub const ENVIRONMENT: &str = "FULLMAKT_TEST_POSTGRES";

/// What the names of all databases of tests begin with.
const PREFIX: &str = "fullmakt_test_";

const LEFT: &str = include_str!("../sql/test_databases_left.sql");
const CREATE: &str = include_str!("../sql/create_test_database.sql");
const DROP: &str = include_str!("../sql/drop_test_database.sql");

static SERVER: LazyLock<Server> = LazyLock::new(Server::start);

/// A migrated database of one test, dropped with this value.
#[derive(Debug)]
pub struct TestDatabase {
    name: String,
    url: String,
    database: Database,
}

impl TestDatabase {
    /// A fresh database.
    ///
    /// # Panics
    /// When there is no server to create it on.
    #[must_use]
    pub fn create() -> Self {
        let name = format!("{}_{}", SERVER.template, Uuid::new_v4().simple());
        SERVER.run(CREATE.replace("{name}", &name).replace("{template}", &SERVER.template));
        let url = url_of(&SERVER.url, &name);
        let settings = DatabaseSettings { connections_max: 4, ..DatabaseSettings::new(&url) };
        let database = Database::new(settings).expect("the server's URL has been read before");
        Self { name, url, database }
    }

    /// The database.
    #[must_use]
    pub const fn database(&self) -> &Database {
        &self.database
    }

    /// Its connection string.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A session of its own, for what a test does behind the back of the code under test.
    ///
    /// # Panics
    /// When the server does not answer.
    pub async fn client(&self) -> Client {
        connect(&self.url).await
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        SERVER.run(DROP.replace("{name}", &self.name));
    }
}

/// A thread that creates and drops databases. It outlives the runtimes of the tests, and its session
/// has the template's name: databases without such a session were left by a process that is gone.
struct Server {
    url: String,
    template: String,
    statements: Mutex<mpsc::Sender<(String, mpsc::Sender<()>)>>,
}

impl Server {
    fn start() -> Self {
        let server = std::env::var(ENVIRONMENT).unwrap_or_else(|_| {
            panic!("{ENVIRONMENT} is not set; `cargo xtask test contract` sets it")
        });
        let template = format!("{PREFIX}{}", Uuid::new_v4().simple().to_string().split_at(8).0);
        let (statements, todo) = mpsc::channel::<(String, mpsc::Sender<()>)>();
        let (is_ready, ready) = mpsc::channel();
        let (of_thread, name) = (server.clone(), template.clone());
        thread::spawn(move || {
            let runtime = Builder::new_multi_thread()
                .worker_threads(1)
                .enable_all()
                .build()
                .expect("a runtime can be built");
            let client = runtime.block_on(prepare(&of_thread, &name));
            is_ready.send(()).expect("the starter waits");
            for (statement, done) in todo {
                runtime.block_on(client.batch_execute(&statement)).expect("the statement is right");
                // Who asked may have stopped waiting.
                let _ = done.send(());
            }
        });
        ready.recv().expect("the template database can be made");
        Self { url: server, template, statements: Mutex::new(statements) }
    }

    fn run(&self, statement: String) {
        let (done, is_done) = mpsc::channel();
        let statements = self.statements.lock().unwrap_or_else(PoisonError::into_inner);
        if statements.send((statement, done)).is_ok() {
            drop(statements);
            // An error means that the thread is gone, which has told why.
            let _ = is_done.recv();
        }
    }
}

/// Drops what processes that are gone have left, and makes the template.
async fn prepare(server: &str, template: &str) -> Client {
    let client = connect(&format!("{} application_name={template}", url_of(server, ""))).await;
    let left = client.query(LEFT, &[&PREFIX]).await.expect("databases can be listed");
    for row in left {
        let name: String = row.get("name");
        // Another process may be quicker.
        let _ = client.batch_execute(&DROP.replace("{name}", &name)).await;
    }
    let create = CREATE.replace("{name}", template).replace("{template}", "template0");
    client.batch_execute(&create).await.expect("a database can be created");
    let settings = DatabaseSettings::new(url_of(server, template));
    let database = Database::new(settings).expect("the server's URL can be read");
    migrate(&database).await.expect("an empty database can be migrated");
    client
}

async fn connect(url: &str) -> Client {
    let (client, connection) =
        tokio_postgres::connect(url, NoTls).await.expect("the server of tests answers");
    tokio::spawn(connection);
    client
}

/// The connection string of a database on the server of this URL; the server's own where the name
/// is empty.
fn url_of(server: &str, database: &str) -> String {
    let config: Config = server.parse().unwrap_or_else(|error| panic!("{ENVIRONMENT}: {error}"));
    let quoted = |text: &str| format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"));
    let mut parts = Vec::new();
    for host in config.get_hosts() {
        parts.push(match host {
            Host::Tcp(name) => format!("host={}", quoted(name)),
            #[cfg(unix)]
            Host::Unix(path) => format!("host={}", quoted(&path.to_string_lossy())),
        });
    }
    for port in config.get_ports() {
        parts.push(format!("port={port}"));
    }
    if let Some(user) = config.get_user() {
        parts.push(format!("user={}", quoted(user)));
    }
    if let Some(password) = config.get_password() {
        parts.push(format!("password={}", quoted(&String::from_utf8_lossy(password))));
    }
    let database = if database.is_empty() { config.get_dbname() } else { Some(database) };
    if let Some(database) = database {
        parts.push(format!("dbname={}", quoted(database)));
    }
    parts.join(" ")
}
