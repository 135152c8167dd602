//! A server of PostgreSQL of one's own.

use std::{
    fs::{self, File, Permissions},
    net::{Ipv4Addr, TcpListener},
    os::unix::{
        fs::{MetadataExt, PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio_postgres::{Client, NoTls};

use crate::eventually;

/// The superuser.
const ROLE: &str = "fullmakt";

/// A server that this test alone uses, and may stop. It is stopped when dropped.
pub struct Postgres {
    process: Option<Child>,
    port: u16,
    home: PathBuf,
    /// The home, where it is ours and goes with the server.
    _folder: Option<TempDir>,
}

impl Postgres {
    /// Starts a server with these settings, which everybody on this machine may use.
    pub async fn start(settings: &[(&str, &str)]) -> Self {
        let mut server = Self::prepare();
        server.run(settings).await;
        server
    }

    /// A server that does not run yet.
    pub fn prepare() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let home = folder.path().to_owned();
        Self::prepare_at(home, Some(folder), &[])
    }

    /// The same, with its data in a folder that somebody else keeps, and further options of
    /// `initdb`.
    pub fn prepare_in(home: &Path, options: &[&str]) -> Self {
        Self::prepare_at(home.to_owned(), None, options)
    }

    fn prepare_at(home: PathBuf, folder: Option<TempDir>, options: &[&str]) -> Self {
        // PostgreSQL refuses to run as root, and its account has to come through here.
        fs::set_permissions(&home, Permissions::from_mode(0o755)).expect("our own folder");
        let data = home.join("data");
        fs::create_dir(&data).expect("the folder is ours");
        own(&data);
        let mut initdb = as_account(Command::new(programs().join("initdb")));
        initdb.arg("--pgdata").arg(&data).args(["--username", ROLE, "--auth", "trust"]);
        initdb.args(["--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"]);
        let output = initdb.args(options).current_dir(&data).output().expect("initdb runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
        let port = listener.local_addr().expect("it is bound").port();
        Self { process: None, port, home, _folder: folder }
    }

    /// Runs the server with these settings.
    pub async fn run(&mut self, settings: &[(&str, &str)]) {
        assert!(self.process.is_none(), "the server runs already");
        let log = File::options().create(true).append(true).open(self.log());
        let log = log.expect("the folder is ours");
        let mut command = as_account(Command::new(programs().join("postgres")));
        command.arg("-D").arg(self.data()).args(["-p", &self.port.to_string()]);
        let ours = [("listen_addresses", "127.0.0.1"), ("unix_socket_directories", "")];
        for (name, value) in ours.iter().chain(settings) {
            command.args(["-c", &format!("{name}={value}")]);
        }
        command.current_dir(self.data()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        self.process = Some(command.spawn().expect("postgres starts"));
        eventually("PostgreSQL answers", async || {
            let mut probe = Command::new(programs().join("pg_isready"));
            probe.args(["--quiet", "--host", "127.0.0.1", "--port", &self.port.to_string()]);
            probe.status().is_ok_and(|status| status.success())
        })
        .await;
    }

    /// Stops the server at once, as its own fast shutdown does.
    pub fn stop(&mut self) {
        let Some(mut process) = self.process.take() else { return };
        let id = process.id().to_string();
        let asked = Command::new("kill").args(["-INT", &id]).status();
        if !asked.is_ok_and(|status| status.success()) {
            let _ = process.kill();
        }
        let _ = process.wait();
    }

    /// Kills the server and all that serves for it, so that nothing is put away.
    pub fn kill(&mut self) {
        self.signal(Signal::KILL);
        if let Some(mut process) = self.process.take() {
            let _ = process.wait();
        }
    }

    /// Whether the server runs.
    pub fn runs(&mut self) -> bool {
        let status = self.process.as_mut().map(Child::try_wait);
        let runs = status.is_some_and(|status| status.expect("it can be waited for").is_none());
        if !runs {
            self.process = None;
        }
        runs
    }

    /// Sends a signal to the server and to all that serves for it.
    pub fn signal(&self, signal: Signal) {
        let Some(process) = &self.process else { return };
        let id = process.id();
        // Whoever is born meanwhile is found once its parent can bear no more.
        send(id, signal);
        for child in children(id) {
            send(child, signal);
        }
    }

    /// Writes a file beside the server's data that its account can read and others cannot.
    pub fn write(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.data().join(name);
        fs::write(&path, content).expect("the folder is ours");
        fs::set_permissions(&path, Permissions::from_mode(0o600)).expect("our own file");
        own(&path);
        path
    }

    /// Makes a database.
    pub async fn create_database(&self, name: &str) {
        self.execute("postgres", &format!("CREATE DATABASE {name}")).await;
    }

    /// Runs a statement in a database.
    pub async fn execute(&self, database: &str, statement: &str) {
        let client = self.connect(database).await;
        client.batch_execute(statement).await.expect("the statement is carried out");
    }

    /// A session in a database.
    pub async fn connect(&self, database: &str) -> Client {
        let (client, connection) =
            tokio_postgres::connect(&self.url(database), NoTls).await.expect("the server answers");
        tokio::spawn(connection);
        client
    }

    /// The URL of a database.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://{ROLE}@127.0.0.1:{}/{database}", self.port)
    }

    /// One of PostgreSQL's own programs.
    pub fn program(name: &str) -> Command {
        Command::new(programs().join(name))
    }

    /// Where the server listens, on 127.0.0.1.
    pub const fn port(&self) -> u16 {
        self.port
    }

    fn data(&self) -> PathBuf {
        self.home.join("data")
    }

    fn log(&self) -> PathBuf {
        self.home.join("log")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.stop();
        if std::thread::panicking() {
            let log = fs::read_to_string(self.log()).unwrap_or_default();
            eprintln!("PostgreSQL's log:\n{log}");
        }
    }
}

fn send(id: u32, signal: Signal) {
    let Some(process) = i32::try_from(id).ok().and_then(Pid::from_raw) else { return };
    // One that has just ended needs no signal.
    let _ = kill_process(process, signal);
}

/// The processes that this one has started.
fn children(id: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let ids = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    ids.filter(|process| parent(*process) == Some(id)).collect()
}

fn parent(id: u32) -> Option<u32> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("PPid:"))?;
    line.trim().parse().ok()
}

/// The folder with PostgreSQL's programs.
fn programs() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let system = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = std::env::split_paths(&path)
        .chain(system.map(|entry| entry.path().join("bin")))
        // A lone `postgres` in PATH is often a link to where the others are.
        .filter_map(|folder| folder.join("postgres").canonicalize().ok())
        .filter_map(|program| program.parent().map(Path::to_owned))
        .filter(|folder| folder.join("initdb").exists() && folder.join("pg_isready").exists())
        .collect();
    found.sort();
    found.pop().expect("PostgreSQL's server is installed; `cargo xtask test` sees to it")
}

/// The account that runs servers where this runs as root.
fn account() -> Option<(u32, u32)> {
    let is_root = fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
    if !is_root {
        return None;
    }
    let accounts = fs::read_to_string("/etc/passwd").expect("there are accounts");
    let find = |name: &str| {
        let line = accounts.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    };
    let found = find("postgres").or_else(|| find("nobody"));
    Some(found.expect("there is an account to run PostgreSQL"))
}

fn as_account(mut command: Command) -> Command {
    if let Some((user, group)) = account() {
        command.uid(user).gid(group);
    }
    command
}

fn own(path: &Path) {
    if let Some((user, group)) = account() {
        chown(path, Some(user), Some(group)).expect("root may give files away");
    }
}
