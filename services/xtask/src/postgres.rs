//! A private PostgreSQL cluster in the data folder.
//!
//! It listens on 127.0.0.1 alone, on a port that was free, and trusts whoever connects from there;
//! it has no socket, because a data folder's path may be longer than a socket's name can be.

use crate::console::{say, tail};
use crate::failure::{Explain, Failure, Outcome};
use crate::folder::{DataFolder, create};
use crate::install::is_root;
use crate::ports::{PORT_ATTEMPTS, free_port};
use crate::process::{Ask, Output, Service, Stop, stop_leftover};
use crate::shell::{capture, is_program};
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The superuser of the cluster.
const ROLE: &str = "fullmakt";

/// The oldest PostgreSQL that the system's SQL is written for.
const OLDEST: u32 = 14;

const INIT_LIMIT: Duration = Duration::from_mins(3);
const READY_LIMIT: Duration = Duration::from_mins(2);
const PROBE_LIMIT: Duration = Duration::from_secs(30);

/// SIGINT is PostgreSQL's fast shutdown: sessions are cut, the data is left clean.
const STOP: Stop = Stop { ask: Ask::Interrupt, limit: Duration::from_secs(30) };

/// The file that says where the cluster is when it is not in the data folder.
const PLACE: &str = "postgres-at";

/// Whether the cluster's data must survive the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// What is committed is on the disk.
    Full,
    /// For data that is thrown away: the disk is not waited for.
    None,
}

/// A running cluster; stopped when dropped.
#[derive(Debug)]
pub struct Postgres {
    service: Service,
    port: u16,
    programs: PathBuf,
}

impl Postgres {
    /// Starts the folder's cluster, which is made where there is none.
    pub fn start(folder: &DataFolder, durability: Durability) -> Outcome<Self> {
        let account = Account::choose()?;
        let cluster = place(folder, account.as_ref())?;
        let version = fs::read_to_string(cluster.join("PG_VERSION")).ok();
        let programs = find_programs(version.as_deref().map(str::trim))?;
        if version.is_none() {
            initialise(&programs, &cluster, account.as_ref())?;
        }
        // Who may connect is ours to say at every start, so that no older file decides.
        let rules = cluster.join("pg_hba.conf");
        fs::write(&rules, "host all all 127.0.0.1/32 trust\n")
            .explain(|| format!("cannot write {}", rules.display()))?;

        let mut attempt = 1;
        loop {
            let log = folder.log("postgres");
            match Self::start_once(&programs, &cluster, account.as_ref(), durability, &log) {
                Err(Failure::Because(_)) if attempt < PORT_ATTEMPTS && lost_its_port(&log) => {
                    attempt += 1;
                }
                outcome => return outcome,
            }
        }
    }

    fn start_once(
        programs: &Path,
        cluster: &Path,
        account: Option<&Account>,
        durability: Durability,
        log: &Path,
    ) -> Outcome<Self> {
        let port = free_port()?;
        let mut command = run_as(account, &programs.join("postgres"));
        command.arg("-D").arg(cluster).current_dir(cluster);
        command.args(["-p", &port.to_string()]);
        for setting in
            ["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=300"]
        {
            command.args(["-c", setting]);
        }
        if durability == Durability::None {
            for setting in ["fsync=off", "full_page_writes=off"] {
                command.args(["-c", setting]);
            }
        }
        let service = Service::start("PostgreSQL", command, STOP, &Output::Log(log))?;
        let mut postgres = Self { service, port, programs: programs.to_owned() };
        let mut probe = postgres.client("pg_isready");
        probe.arg("--quiet");
        postgres.service.wait_until(READY_LIMIT, || capture(&mut probe, PROBE_LIMIT).is_ok())?;
        Ok(postgres)
    }

    /// The URL of a database in the cluster, as its superuser.
    pub fn url(&self, database: &str) -> String {
        format!("postgres://{ROLE}@127.0.0.1:{}/{database}", self.port)
    }

    /// Makes a database where it does not exist. `name` is ours, and a plain word.
    pub fn create_database(&self, name: &str) -> Outcome {
        let sql = |text: &str| {
            let mut psql = self.client("psql");
            psql.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"]);
            psql.args(["--dbname", "postgres", "--command", text]);
            capture(&mut psql, PROBE_LIMIT)
        };
        let found = sql(&format!("SELECT 1 FROM pg_database WHERE datname = '{name}'"))?;
        if found.trim().is_empty() {
            sql(&format!("CREATE DATABASE {name}")).map(drop)
        } else {
            Ok(())
        }
    }

    /// The failure to report if the cluster is no longer running.
    pub fn ended(&mut self) -> Outcome<Option<Failure>> {
        self.service.ended()
    }

    fn client(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.args(["--host", "127.0.0.1", "--port", &self.port.to_string()]);
        command.args(["--username", ROLE]);
        command
    }
}

/// Stops the cluster of this folder if an earlier run left it running.
pub fn stop_leftover_of(folder: &DataFolder) {
    for cluster in [folder.join("postgres"), folder.elsewhere("postgres")] {
        let file = fs::read_to_string(cluster.join("postmaster.pid")).unwrap_or_default();
        if let Some(id) = file.lines().next().and_then(|line| line.trim().parse().ok()) {
            stop_leftover(id, &["postgres", &cluster.to_string_lossy()], STOP);
        }
    }
}

/// The folder with PostgreSQL's programs: of major `version`, or else of the newest.
pub fn find_programs(version: Option<&str>) -> Outcome<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let system = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let found = std::env::split_paths(&path)
        .chain(system.map(|entry| entry.path().join("bin")))
        // A lone `postgres` in PATH is often a link to where the others are.
        .filter_map(|folder| folder.join("postgres").canonicalize().ok())
        .filter_map(|program| program.parent().map(Path::to_owned))
        .filter(|folder| {
            ["postgres", "initdb", "psql", "pg_isready"]
                .iter()
                .all(|name| is_program(&folder.join(name)))
        })
        .filter_map(|folder| major_version(&folder).map(|major| (major, folder)))
        .filter(|(major, _)| match version {
            Some(version) => version == major.to_string(),
            None => *major >= OLDEST,
        })
        .max();
    found.map(|(_, folder)| folder).ok_or_else(|| {
        Failure::because(match version {
            Some(version) => format!(
                "the data folder is of PostgreSQL {version}, which is not installed: install it, \
                 or begin anew with --wipe"
            ),
            None => format!("no PostgreSQL server of version {OLDEST} or later was found"),
        })
    })
}

fn major_version(folder: &Path) -> Option<u32> {
    let text = capture(Command::new(folder.join("postgres")).arg("--version"), PROBE_LIMIT).ok()?;
    parse_version(&text)
}

/// The 15 of `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)`.
fn parse_version(text: &str) -> Option<u32> {
    let version = text.split_whitespace().nth(2)?;
    version.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

/// The account that runs the server where this tool runs as root, which PostgreSQL refuses.
#[derive(Debug)]
struct Account {
    uid: u32,
    gid: u32,
}

impl Account {
    fn choose() -> Outcome<Option<Self>> {
        if !is_root() {
            return Ok(None);
        }
        let accounts =
            fs::read_to_string("/etc/passwd").explain(|| "cannot read /etc/passwd".to_owned())?;
        ["postgres", "nobody"]
            .iter()
            .find_map(|name| Self::find(&accounts, name))
            .map(Some)
            .ok_or_else(|| Failure::because("no account `postgres` or `nobody` to run PostgreSQL"))
    }

    fn find(accounts: &str, name: &str) -> Option<Self> {
        let line = accounts.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        let uid = fields.next()?.parse().ok()?;
        Some(Self { uid, gid: fields.next()?.parse().ok()? })
    }
}

fn run_as(account: Option<&Account>, program: &Path) -> Command {
    let Some(account) = account else { return Command::new(program) };
    let mut command = Command::new("setpriv");
    command.args(["--reuid", &account.uid.to_string(), "--regid", &account.gid.to_string()]);
    command.arg("--clear-groups").arg("--").arg(program);
    command
}

/// The cluster's folder, made for the account that is to use it.
fn place(folder: &DataFolder, account: Option<&Account>) -> Outcome<PathBuf> {
    let usual = folder.join("postgres");
    if let Some(noted) = folder.note(PLACE)? {
        let elsewhere = folder.elsewhere("postgres");
        if Path::new(&noted) == elsewhere {
            return make_own(elsewhere, account);
        }
        return Err(Failure::because(format!(
            "{} was moved, and its PostgreSQL data is still in {noted}: move the folder back, or \
             begin anew with --wipe",
            folder.path().display()
        )));
    }
    let usual = make_own(usual, account)?;
    if can_enter(&usual, account) {
        return Ok(usual);
    }
    let elsewhere = make_own(folder.elsewhere("postgres"), account)?;
    if !can_enter(&elsewhere, account) {
        return Err(Failure::because(format!(
            "the account that runs PostgreSQL can reach neither {} nor {}",
            usual.display(),
            elsewhere.display()
        )));
    }
    say(format!(
        "PostgreSQL's account cannot reach {}; its data goes to {}.",
        usual.display(),
        elsewhere.display()
    ));
    folder.write_note(PLACE, &elsewhere.to_string_lossy())?;
    Ok(elsewhere)
}

fn make_own(cluster: PathBuf, account: Option<&Account>) -> Outcome<PathBuf> {
    create(&cluster)?;
    let explain = || format!("cannot prepare {}", cluster.display());
    fs::set_permissions(&cluster, fs::Permissions::from_mode(0o700)).explain(explain)?;
    if let Some(account) = account {
        chown(&cluster, Some(account.uid), Some(account.gid)).explain(explain)?;
    }
    Ok(cluster)
}

fn can_enter(cluster: &Path, account: Option<&Account>) -> bool {
    account.is_none() || {
        let mut probe = run_as(account, Path::new("test"));
        capture(probe.arg("-w").arg(cluster).current_dir("/"), PROBE_LIMIT).is_ok()
    }
}

fn initialise(programs: &Path, cluster: &Path, account: Option<&Account>) -> Outcome {
    let mut initdb = run_as(account, &programs.join("initdb"));
    initdb.arg("--pgdata").arg(cluster).args(["--username", ROLE, "--auth", "trust"]);
    // One locale on every machine, whatever the person's own is: sorting by code point, and
    // letters beyond ASCII are letters.
    initdb.args(["--encoding", "UTF8", "--locale", "C.UTF-8", "--no-instructions"]);
    capture(initdb.current_dir(cluster), INIT_LIMIT).map(drop)
}

fn lost_its_port(log: &Path) -> bool {
    tail(log).contains("Address already in use")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_what_postgres_says() {
        assert_eq!(
            parse_version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"),
            Some(15)
        );
        assert_eq!(parse_version("postgres (PostgreSQL) 18beta1"), Some(18));
        assert_eq!(parse_version("postgres: unknown option"), None);
    }

    #[test]
    fn an_account_is_found_by_its_whole_name() {
        let accounts =
            "root:x:0:0::/root:/bin/sh\npostgres2:x:7:8::/:/bin/sh\npostgres:x:101:104::/:";
        let account = Account::find(accounts, "postgres").unwrap();

        assert_eq!((account.uid, account.gid), (101, 104));
        assert!(Account::find(accounts, "nobody").is_none());
    }
}
