//! The system under test: the binary, in a process of its own.

use std::{
    path::PathBuf,
    process::{Command, Output, Stdio},
    sync::OnceLock,
};

use tempfile::TempDir;
use uuid::Uuid;

use crate::{Client, Server};

/// Where the ledger is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Log {
    /// In Apache Kafka.
    Kafka,
    /// In PostgreSQL.
    Postgres,
}

/// A running system with a database, a ledger and keys of its own.
pub struct System {
    server: Option<Server>,
    environment: Vec<(String, String)>,
    database: String,
    folder: TempDir,
}

impl System {
    /// Starts a system with the demonstration's data, and waits until it is ready.
    pub async fn start(log: Log) -> Self {
        let mut system = Self::prepare(log).await;
        system.serve().await;
        system
    }

    /// A system that does not run yet, and whose database is empty.
    pub async fn prepare(log: Log) -> Self {
        let database = format!("fullmakt_scenario_{}", Uuid::new_v4().simple());
        administer(&format!("CREATE DATABASE {database}")).await;
        let folder = TempDir::new().expect("a temporary folder");
        let path = |name: &str| folder.path().join(name).display().to_string();
        let mut environment = vec![
            ("FULLMAKT_DEMO", "true".to_owned()),
            ("FULLMAKT_HTTP__ADDRESS", "127.0.0.1:0".to_owned()),
            ("FULLMAKT_POSTGRES__URL", url_of(&database)),
            ("FULLMAKT_LEDGER__NAME", format!("t{}", Uuid::new_v4().simple())),
            ("FULLMAKT_LEDGER__HEARTBEAT_SECONDS", "1".to_owned()),
            ("FULLMAKT_VAULT__KEY_DIR", path("vault-keys")),
            ("FULLMAKT_TOKENS__KEY_DIR", path("token-keys")),
            ("FULLMAKT_TELEMETRY__FORMAT", "json".to_owned()),
        ];
        match log {
            Log::Postgres => environment.push(("FULLMAKT_LOG__KIND", "postgres".to_owned())),
            Log::Kafka => {
                let servers = variable("FULLMAKT_TEST_KAFKA");
                environment.push(("FULLMAKT_LOG__KIND", "kafka".to_owned()));
                environment.push(("FULLMAKT_LOG__KAFKA__BOOTSTRAP_SERVERS", servers));
                environment.push(("FULLMAKT_LOG__KAFKA__REPLICATION", "1".to_owned()));
                environment.push(("FULLMAKT_LOG__KAFKA__MIN_INSYNC", "1".to_owned()));
            }
        }
        let environment =
            environment.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { server: None, environment, database, folder }
    }

    /// Starts the server, and waits until it is ready.
    pub async fn serve(&mut self) {
        assert!(self.server.is_none(), "the server runs already");
        self.server = Some(self.another_server().await);
    }

    /// Starts a server more on the same data, and waits until it is ready.
    pub async fn another_server(&self) -> Server {
        Server::start(self.command(&["serve"])).await
    }

    /// Stops the server as a supervisor does, and waits until it has.
    pub fn stop(&mut self) {
        self.ask_to_stop();
        self.until_stopped();
    }

    /// Asks the server to stop, as a supervisor does.
    pub fn ask_to_stop(&self) {
        self.server().ask_to_stop();
    }

    /// Waits until a server that was asked to stop has.
    pub fn until_stopped(&mut self) {
        self.server.take().expect("the server runs").until_stopped();
    }

    /// Runs another command of the binary on the same data, and waits for it.
    pub fn run(&self, arguments: &[&str]) -> Output {
        let output = self.command(arguments).output().expect("the binary runs");
        assert!(
            output.status.success(),
            "`fullmakt {}` failed: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr)
        );
        output
    }

    /// The id of the server's process.
    pub fn process(&self) -> u32 {
        self.server().process()
    }

    /// Where the server listens.
    pub fn base(&self) -> &str {
        self.server().base()
    }

    /// Somebody who has no token.
    pub fn anonymous(&self) -> Client {
        self.server().anonymous()
    }

    /// Somebody with this token.
    pub fn with_token(&self, token: &str) -> Client {
        self.server().with_token(token)
    }

    /// The database's address.
    pub fn database_url(&self) -> String {
        url_of(&self.database)
    }

    /// The setting of the running system.
    pub fn setting(&self, name: &str) -> &str {
        let found = self.environment.iter().find(|(own, _)| own == name);
        &found.unwrap_or_else(|| panic!("`{name}` is not set")).1
    }

    /// Changes a setting, for whatever is started from now on.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.unset(name);
        self.environment.push((name.to_owned(), value.into()));
    }

    /// Leaves a setting out, for whatever is started from now on.
    pub fn unset(&mut self, name: &str) {
        self.environment.retain(|(own, _)| own != name);
    }

    /// A folder that goes with the system.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// What the server has logged.
    pub fn log(&self) -> String {
        self.server.as_ref().map(Server::log).unwrap_or_default()
    }

    /// Folds the ledger afresh, and compares with what was folded record by record.
    ///
    /// # Panics
    /// When a row differs.
    pub fn verify(&self) {
        let output = self.command(&["verify"]).output().expect("the binary runs");
        assert!(
            output.status.success(),
            "{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }

    /// The end of a story: every read model is equal to its rebuild.
    pub fn end(self) {
        self.verify();
    }

    fn server(&self) -> &Server {
        self.server.as_ref().expect("the server runs")
    }

    /// Another command of the binary on the same data.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command
            .args(arguments)
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command
    }
}

impl Drop for System {
    fn drop(&mut self) {
        self.server.take();
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.database);
        // A runtime of its own: this may run while another one unwinds.
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(administer(&drop));
        });
        let _ = dropped.join();
    }
}

/// The binary, built once.
pub fn binary() -> PathBuf {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY
        .get_or_init(|| {
            if let Some(built) = std::env::var_os("FULLMAKT_TEST_BINARY") {
                return built.into();
            }
            let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
            let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
            let output = Command::new(cargo)
                .args(["build", "--quiet", "--package", "fullmakt", "--message-format", "json"])
                .current_dir(root)
                .output()
                .expect("cargo runs");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            let messages = String::from_utf8_lossy(&output.stdout);
            let executable = messages
                .lines()
                .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
                .find_map(|message| message["executable"].as_str().map(PathBuf::from));
            executable.expect("cargo says where the binary is")
        })
        .clone()
}

/// The address of a database on the server that tests use.
fn url_of(database: &str) -> String {
    let url = variable("FULLMAKT_TEST_POSTGRES");
    let (server, options) = url.split_once('?').map_or((url.as_str(), ""), |parts| parts);
    let (server, _) = server.rsplit_once('/').expect("the address names a database");
    let options = if options.is_empty() { String::new() } else { format!("?{options}") };
    format!("{server}/{database}{options}")
}

async fn administer(statement: &str) {
    let url = variable("FULLMAKT_TEST_POSTGRES");
    let (client, connection) =
        tokio_postgres::connect(&url, tokio_postgres::NoTls).await.expect("PostgreSQL answers");
    let connection = tokio::spawn(connection);
    client.batch_execute(statement).await.expect("the statement is carried out");
    connection.abort();
}

fn variable(name: &str) -> String {
    std::env::var(name)
        .unwrap_or_else(|_| panic!("`{name}` is not set; `cargo xtask test scenarios` sets it"))
}
