//! An installation with everything of its own: PostgreSQL, brokers, and several servers.

use std::{
    net::{Ipv4Addr, TcpListener},
    time::Duration,
};

use fullmakt_operations::Postgres;
use fullmakt_scenarios::{Client, Log, System};

use crate::{Brokers, Member, within};

/// What all servers are known as.
pub const PUBLIC_ADDRESS: &str = "https://fullmakt.example.no";
/// How long a server may take until it is ready, once all that it needs is there.
pub const READY_WITHIN: Duration = Duration::from_mins(1);

const DATABASE: &str = "fullmakt";

/// An installation that one test alone uses, and may break.
pub struct Installation {
    // Fields are dropped, and so stopped, in this order.
    /// The servers.
    pub members: Vec<Member>,
    /// The settings, and the binary's other commands.
    pub system: System,
    /// The brokers, where the ledger is in Kafka.
    pub brokers: Option<Brokers>,
    /// The database.
    pub postgres: Postgres,
}

impl Installation {
    /// An installation that has no server yet.
    pub async fn prepare(brokers: Option<Brokers>) -> Self {
        Self::prepare_on(Postgres::start(&[]).await, brokers).await
    }

    /// The same on a database that runs already.
    pub async fn prepare_on(postgres: Postgres, brokers: Option<Brokers>) -> Self {
        postgres.create_database(DATABASE).await;
        let log = if brokers.is_some() { Log::Kafka } else { Log::Postgres };
        let mut system = System::prepare(log).await;
        system.set("FULLMAKT_POSTGRES__URL", postgres.url(DATABASE));
        system.set("FULLMAKT_HTTP__PUBLIC_ADDRESS", PUBLIC_ADDRESS);
        // One vendor asks for all there is.
        system.set("FULLMAKT_LIMITS__REQUESTS_PER_SECOND", "0");
        if let Some(brokers) = &brokers {
            let (replication, min_insync) =
                if brokers.count() > 2 { ("3", "2") } else { ("1", "1") };
            system.set("FULLMAKT_LOG__KAFKA__BOOTSTRAP_SERVERS", brokers.bootstrap_servers());
            system.set("FULLMAKT_LOG__KAFKA__REPLICATION", replication);
            system.set("FULLMAKT_LOG__KAFKA__MIN_INSYNC", min_insync);
        }
        Self { members: Vec::new(), system, brokers, postgres }
    }

    /// Adds servers until there are this many, and waits until they are ready.
    pub async fn serve(&mut self, servers: usize) {
        while self.members.len() < servers {
            let port = free_port();
            self.system.set("FULLMAKT_HTTP__ADDRESS", format!("127.0.0.1:{port}"));
            let recipe = Recipe::of(&self.system);
            let base = format!("http://127.0.0.1:{port}");
            self.members.push(Member::keep(base, move || recipe.command()));
            // One after the other: the first makes what there is to be made.
            self.until_ready().await;
        }
    }

    /// Waits until every server is ready.
    pub async fn until_ready(&self) {
        for member in &self.members {
            let probe = Probe::new(member.base());
            within(READY_WITHIN, "the server is ready", async || probe.is_ready().await).await;
        }
    }

    /// Somebody with this token, as a caller of one server.
    pub fn caller(&self, member: usize, token: &str) -> Client {
        Client::new(self.members[member].base(), Some(token))
    }

    /// Everybody who takes part, with tokens that last.
    pub async fn people(&self) -> People {
        let server = Client::new(self.members[0].base(), None);
        People::ask(&server).await
    }

    /// Runs `fullmakt verify`: live has to equal rebuilt.
    pub fn verify(&self) {
        self.system.verify();
    }
}

/// Who takes part: their tokens.
#[derive(Debug, Clone)]
pub struct People {
    /// The vendor's.
    pub vendor: String,
    /// That of the customer's general manager.
    pub manager: String,
    /// That of somebody who may not act for the customer.
    pub stranger: String,
    /// That of a public API, which asks for decisions.
    pub api: String,
    /// An auditor's.
    pub auditor: String,
}

impl People {
    async fn ask(server: &Client) -> Self {
        use fullmakt_scenarios::{KARI, OLA, SERVICE_OWNER, VENDOR};
        let get = async |path: String| server.get(&path).await.expect(200).text();
        let organisation = |org: &str, scopes: &str| {
            format!("/test-tokens/api/GetEnterpriseToken?orgNo={org}&scopes={scopes}")
        };
        let person = |number: &str| format!("/test-tokens/api/GetPersonalToken?pid={number}");
        let scopes = "altinn:authentication/systemregister.write%20\
                      altinn:authentication/systemuser.request.write%20\
                      altinn:authentication/systemuser.request.read";
        Self {
            vendor: get(organisation(VENDOR, scopes)).await,
            manager: get(person(KARI.number)).await,
            stranger: get(person(OLA.number)).await,
            api: get(organisation(SERVICE_OWNER, "altinn:authorization/authorize")).await,
            auditor: get(organisation(SERVICE_OWNER, "fullmakt:audit.read")).await,
        }
    }
}

/// How a server is started, without the system that knows it.
struct Recipe {
    program: std::ffi::OsString,
    environment: Vec<(std::ffi::OsString, std::ffi::OsString)>,
    folder: std::path::PathBuf,
}

impl Recipe {
    fn of(system: &System) -> Self {
        let command = system.command(&["serve"]);
        let set = command.get_envs().filter_map(|(name, value)| Some((name, value?)));
        Self {
            program: command.get_program().to_owned(),
            environment: set.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            folder: system.folder().to_owned(),
        }
    }

    fn command(&self) -> std::process::Command {
        let mut command = std::process::Command::new(&self.program);
        command.arg("serve").current_dir(&self.folder);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }
}

/// Somebody who looks after one server.
pub struct Probe {
    http: reqwest::Client,
    base: String,
}

impl Probe {
    /// Looks after the server at this address.
    pub fn new(base: &str) -> Self {
        let http = reqwest::Client::builder().timeout(Duration::from_secs(5)).build();
        Self { http: http.expect("a client"), base: base.to_owned() }
    }

    /// Whether the server says that it is ready.
    pub async fn is_ready(&self) -> bool {
        self.readiness().await.is_some_and(|(status, _)| status == 200)
    }

    /// What the server says of its readiness; nothing where it says nothing.
    pub async fn readiness(&self) -> Option<(u16, serde_json::Value)> {
        let answer = self.http.get(format!("{}/health/ready", self.base)).send().await.ok()?;
        let status = answer.status().as_u16();
        Some((status, answer.json().await.ok()?))
    }
}

/// A port of this machine that nobody listens at.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0));
    let address = listener.and_then(|listener| listener.local_addr());
    address.expect("there is a free port").port()
}
