//! The services of `compose.yaml` as plain processes.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{self, File, Permissions},
    net::Ipv4Addr,
    os::unix::fs::PermissionsExt as _,
    path::PathBuf,
    process::{Command, Output, Stdio},
    time::Duration,
};

use fullmakt_faults::{Brokers, Member, Place, Probe, within};
use fullmakt_operations::{
    Postgres,
    compose::{compose, services, texts, variable},
};
use fullmakt_scenarios::{Client, binary};
use serde_json::Value;
use tempfile::TempDir;

use crate::{here::Here, kind::Kind};

/// How long a step may take.
const STEP_WITHIN: Duration = Duration::from_mins(1);
/// What runs in a broker's container before the broker: it translates variables to settings, and
/// formats the storage.
const SETUP: &str = "kafka.docker.KafkaDockerWrapper";

/// An installation as `compose.yaml` describes it.
pub struct Topology {
    // Fields are dropped, and so stopped, in this order.
    servers: BTreeMap<String, Member>,
    brokers: BTreeMap<String, Brokers>,
    database: Option<Postgres>,
    /// What the health checks printed.
    printed: BTreeMap<String, String>,
    here: Here,
    compose: Value,
    folder: TempDir,
}

impl Topology {
    /// Starts every service that needs no profile, once all that it depends on is as it wants it.
    pub async fn up() -> Self {
        let mut topology = Self::prepare();
        let services = services(&topology.compose).iter();
        let all = services.filter(|(_, service)| service["profiles"].is_null());
        let mut waiting: Vec<String> = all.map(|(name, _)| name.clone()).collect();
        let mut settled = BTreeSet::new();
        while !waiting.is_empty() {
            let (now, later) = waiting.into_iter().partition::<Vec<_>, _>(|name| {
                let needed = topology.service(name)["depends_on"].as_object();
                needed.is_none_or(|needed| needed.keys().all(|other| settled.contains(other)))
            });
            assert!(!now.is_empty(), "{later:?} wait for each other");
            for name in &now {
                topology.start(name).await;
            }
            for name in &now {
                topology.settle(name).await;
            }
            settled.extend(now);
            waiting = later;
        }
        topology
    }

    /// The names of all services of a kind.
    pub fn all(&self, kind: Kind) -> Vec<&str> {
        let services = services(&self.compose).iter();
        let all = services.filter(|(_, service)| Kind::of(service) == kind);
        all.map(|(name, _)| name.as_str()).collect()
    }

    /// The variables of a service as they are here.
    pub fn variables(&self, name: &str) -> Vec<(String, String)> {
        self.here.environment(name, self.service(name))
    }

    /// A variable of a service as it is here.
    pub fn variable(&self, name: &str, of: &str) -> String {
        self.here.value(of, variable(self.service(of), name))
    }

    /// What the health check of a service printed when it was healthy.
    pub fn printed(&self, name: &str) -> &str {
        &self.printed[name]
    }

    /// A server's process.
    pub fn server(&self, name: &str) -> &Member {
        &self.servers[name]
    }

    /// Somebody who calls a server, and has no token.
    pub fn caller(&self, name: &str) -> Client {
        Client::new(self.server(name).base(), None)
    }

    /// The last position that a server knows of, if it is ready.
    pub async fn position(&self, name: &str) -> Option<u64> {
        let (status, answer) = Probe::new(self.server(name).base()).readiness().await?;
        answer["position"].as_u64().filter(|_| status == 200)
    }

    /// How long a service may take to stop.
    pub fn grace(&self, name: &str) -> Duration {
        duration(&self.service(name)["stop_grace_period"])
    }

    /// Runs a step, as `docker compose run` does, with its own command and further arguments.
    pub async fn run(&self, name: &str, further: &[&str]) -> String {
        let own = texts(&self.service(name)["command"]);
        self.run_other(name, &[&own, further].concat()).await
    }

    /// The same with another command.
    pub async fn run_other(&self, name: &str, arguments: &[&str]) -> String {
        let output = output(self.command(name, arguments), STEP_WITHIN).await;
        let output = output.unwrap_or_else(|| panic!("{arguments:?} took too long"));
        assert!(
            output.status.success(),
            "{arguments:?} of {name}: {}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).expect("it prints text")
    }

    /// Waits until the health check of a service says that all is well, for as long as Compose does.
    pub async fn until_healthy(&mut self, name: &str) {
        let check = &self.service(name)["healthcheck"];
        let (interval, timeout) = (duration(&check["interval"]), duration(&check["timeout"]));
        let retries = check["retries"].as_u64().and_then(|retries| u32::try_from(retries).ok());
        let retries = retries.expect("a number of retries");
        let limit = duration(&check["start_period"]) + (interval + timeout) * retries;
        let mut printed = None;
        within(limit, &format!("{name} is healthy"), async || {
            let output = output(self.check(name), timeout).await;
            let healthy = output.filter(|output| output.status.success());
            printed = healthy.and_then(|output| String::from_utf8(output.stdout).ok());
            printed.is_some()
        })
        .await;
        self.printed.extend(printed.map(|printed| (name.to_owned(), printed)));
    }

    /// Writes a file where steps are run.
    pub fn write(&self, name: &str, content: &str) -> String {
        let path = self.work().join(name);
        fs::write(&path, content).expect("the folder is ours");
        path.display().to_string()
    }

    fn prepare() -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        // PostgreSQL's account has to come through here.
        let mode = Permissions::from_mode(0o755);
        fs::set_permissions(folder.path(), mode).expect("our own folder");
        fs::create_dir(folder.path().join("work")).expect("the folder is ours");
        let compose = compose();
        let mut topology = Self {
            servers: BTreeMap::new(),
            brokers: BTreeMap::new(),
            database: None,
            printed: BTreeMap::new(),
            here: Here::prepare(&compose, folder.path()),
            compose,
            folder,
        };
        topology.prepare_database();
        topology
    }

    fn service(&self, name: &str) -> &Value {
        &self.compose["services"][name]
    }

    async fn start(&mut self, name: &str) {
        match Kind::of(self.service(name)) {
            Kind::Broker => self.start_broker(name),
            Kind::Database => self.start_database(name).await,
            Kind::Server => self.start_server(name),
            Kind::Step => drop(self.run(name, &[]).await),
        }
    }

    async fn settle(&mut self, name: &str) {
        match Kind::of(self.service(name)) {
            Kind::Broker | Kind::Database | Kind::Server => self.until_healthy(name).await,
            // It has been waited for.
            Kind::Step => {}
        }
    }

    /// Makes the database's storage, as its image does: everybody who comes over the network needs
    /// the password.
    fn prepare_database(&mut self) {
        let [name] = Vec::from_iter(self.all(Kind::Database)).try_into().expect("one database");
        let name: &str = name;
        let home = self.home(name);
        let user = self.variable("POSTGRES_USER", name);
        let password = self.variable("POSTGRES_PASSWORD_FILE", name);
        let options = ["--username", &user, "--pwfile", &password, "--auth-host", "scram-sha-256"];
        let database = Postgres::prepare_in(&home, &options);
        let [port] = self.ports(name);
        let name = name.to_owned();
        self.here.put(&name, port, database.port());
        self.database = Some(database);
    }

    async fn start_database(&mut self, name: &str) {
        let password = self.variable("POSTGRES_PASSWORD_FILE", name);
        let password = fs::read_to_string(password).expect("the secret was made");
        let mut create = Postgres::program("createdb");
        create.args(["--host", "127.0.0.1", "--username", &self.variable("POSTGRES_USER", name)]);
        create.arg(self.variable("POSTGRES_DB", name));
        let database = self.database.as_mut().expect("it was prepared");
        database.run(&[]).await;
        create.env("PGPORT", database.port().to_string()).env("PGPASSWORD", password.trim());
        assert!(create.status().expect("createdb runs").success());
    }

    fn start_broker(&mut self, name: &str) {
        let home = self.home(name);
        let place = self.place(name);
        let mut setup = place.java(SETUP);
        setup.arg("setup").env_clear().envs(self.variables(name));
        for kind in ["default", "mounted"] {
            let folder = home.join(kind);
            fs::create_dir(&folder).expect("the folder is ours");
            setup.arg(format!("--{kind}-configs-dir")).arg(folder);
        }
        // The image has one, which is replaced.
        File::create(home.join("server.properties")).expect("the folder is ours");
        let output = setup.arg("--final-configs-dir").arg(&home).output().expect("java runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        self.brokers.insert(name.to_owned(), Brokers::start_prepared(place, &home));
    }

    fn start_server(&mut self, name: &str) {
        let command = self.command(name, &texts(&self.service(name)["command"]));
        let program = command.get_program().to_owned();
        let arguments: Vec<_> = command.get_args().map(ToOwned::to_owned).collect();
        let (variables, folder) = (self.variables(name), self.work());
        let [port] = self.ports(name);
        let base = format!("http://127.0.0.1:{}", self.here.port(name, port));
        let server = Member::keep(base, move || {
            let mut command = Command::new(&program);
            command.args(&arguments).env_clear().envs(variables.clone()).current_dir(&folder);
            command
        });
        self.servers.insert(name.to_owned(), server);
    }

    /// The binary, which knows what its container knows and no more.
    fn command(&self, name: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary());
        command.args(arguments).env_clear().envs(self.variables(name)).current_dir(self.work());
        command
    }

    /// The health check of a service, on its container's own addresses.
    fn check(&self, name: &str) -> Command {
        let test = texts(&self.service(name)["healthcheck"]["test"]);
        let ["CMD", program, arguments @ ..] = test.as_slice() else { panic!("{test:?}") };
        let arguments = arguments.iter().map(|argument| self.here.value(name, argument));
        let arguments: Vec<String> = arguments.collect();
        match *program {
            "fullmakt" => {
                let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
                self.command(name, &arguments)
            }
            "pg_isready" => {
                let mut command = Postgres::program(program);
                let [port] = self.ports(name);
                command.env("PGPORT", self.here.port(name, port).to_string()).args(arguments);
                command
            }
            // That tool is not among the jars that a broker needs. Another one that asks a broker
            // is; it prints the broker's settings.
            "/opt/kafka/bin/kafka-broker-api-versions.sh" => {
                let mut command = self.place(name).java("kafka.admin.ConfigCommand");
                let id = self.variable("KAFKA_NODE_ID", name);
                command.args(arguments).args(["--describe", "--all", "--entity-type", "brokers"]);
                command.args(["--entity-name", &id]);
                command
            }
            other => panic!("nothing stands for {other} here"),
        }
    }

    fn place(&self, name: &str) -> Place {
        let [port, controller_port] = self.ports(name).map(|port| self.here.port(name, port));
        Place { host: Ipv4Addr::LOCALHOST, port, controller_port, namespace: None }
    }

    fn ports<const COUNT: usize>(&self, name: &str) -> [u16; COUNT] {
        let service = self.service(name);
        Kind::of(service).ports(service).try_into().expect("so many ports")
    }

    /// A new folder for what a container has besides volumes.
    fn home(&self, name: &str) -> PathBuf {
        let home = self.folder.path().join(name);
        fs::create_dir(&home).expect("the folder is ours");
        home
    }

    fn work(&self) -> PathBuf {
        self.folder.path().join("work")
    }
}

/// Runs a command; nothing if it takes longer than this.
async fn output(command: Command, limit: Duration) -> Option<Output> {
    let mut command = tokio::process::Command::from(command);
    command.stdin(Stdio::null()).kill_on_drop(true);
    let output = tokio::time::timeout(limit, command.output()).await.ok()?;
    Some(output.expect("the command can be run"))
}

/// A time in seconds or minutes.
fn duration(text: &Value) -> Duration {
    let text = text.as_str().expect("a time");
    let (number, unit) = text.split_at(text.len() - 1);
    let number = number.parse().expect(text);
    match unit {
        "s" => Duration::from_secs(number),
        "m" => Duration::from_mins(number),
        other => panic!("{text} is in {other}"),
    }
}
