//! Building and running the server itself.

use crate::console::say;
use crate::failure::{Explain, Failure, Outcome};
use crate::folder::{DataFolder, create};
use crate::ledger::Ledger;
use crate::ports::http_status;
use crate::process::{Ask, Output, Service, Stop};
use crate::services::Services;
use crate::{shell, workspace};
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

const BUILD_LIMIT: Duration = Duration::from_hours(1);
const READY_LIMIT: Duration = Duration::from_mins(3);

/// SIGTERM lets the server finish what it has begun.
const STOP: Stop = Stop { ask: Ask::Terminate, limit: Duration::from_mins(1) };

/// A running server; drained when dropped.
#[derive(Debug)]
pub struct Server {
    service: Service,
    address: SocketAddr,
}

/// What distinguishes one system from another on the same services.
#[derive(Debug)]
pub struct Identity<'a> {
    /// Where the server listens.
    pub address: SocketAddr,
    /// The database, and the ledger's name: a plain word.
    pub name: &'a str,
}

/// Compiles the server and returns its program, which lies beside this one.
pub fn build() -> Outcome<PathBuf> {
    say("Building the server.");
    let mut command = shell::cargo();
    command.args(["build", "--package", "fullmakt"]).current_dir(workspace::root()?);
    shell::run(&mut command, BUILD_LIMIT)?;
    let program = built_program()?;
    if shell::is_program(&program) {
        Ok(program)
    } else {
        Err(Failure::because(format!("there is no {} after the build", program.display())))
    }
}

/// Where cargo puts the server's program: beside this tool's own.
pub fn built_program() -> Outcome<PathBuf> {
    std::env::current_exe()
        .map(|own| own.with_file_name("fullmakt"))
        .explain(|| "cannot find this program's folder".to_owned())
}

impl Server {
    /// Starts the server with demo data and returns when it answers that it is ready.
    pub fn start(
        program: PathBuf,
        folder: &DataFolder,
        services: &Services,
        identity: &Identity<'_>,
        output: &Output<'_>,
    ) -> Outcome<Self> {
        let Identity { address, name } = *identity;
        services.postgres().create_database(name)?;
        let keys = folder.join("keys");
        create(&keys)?;
        std::fs::set_permissions(&keys, std::fs::Permissions::from_mode(0o700))
            .explain(|| format!("cannot protect {}", keys.display()))?;

        let mut command = Command::new(program);
        command
            .arg("serve")
            .current_dir(folder.path())
            .env("FULLMAKT_HTTP__ADDRESS", address.to_string())
            .env("FULLMAKT_POSTGRES__URL", services.postgres().url(name))
            .env("FULLMAKT_LEDGER__NAME", name)
            .env("FULLMAKT_VAULT__KEY_DIR", &keys)
            .env("FULLMAKT_TOKENS__KEY_DIR", &keys)
            .env("FULLMAKT_DEMO", "true");
        match services.kafka() {
            Some(kafka) => command
                .env("FULLMAKT_LOG__KIND", Ledger::Kafka.name())
                .env("FULLMAKT_LOG__KAFKA__BOOTSTRAP_SERVERS", kafka)
                // There is one broker.
                .env("FULLMAKT_LOG__KAFKA__REPLICATION", "1")
                .env("FULLMAKT_LOG__KAFKA__MIN_INSYNC", "1"),
            None => command.env("FULLMAKT_LOG__KIND", Ledger::Postgres.name()),
        };
        let service = Service::start("the server", command, STOP, output)?;
        let mut server = Self { service, address };
        server
            .service
            .wait_until(READY_LIMIT, || http_status(address, "/health/ready") == Some(200))?;
        Ok(server)
    }

    /// The address that a client begins with.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The failure to report if the server is no longer running.
    pub fn ended(&mut self) -> Outcome<Option<Failure>> {
        self.service.ended()
    }

    /// Lets the server finish what it has begun, and ends it.
    pub fn drain(&mut self) {
        self.service.stop();
    }
}
