//! `cargo xtask up`: the whole system in the foreground.

use crate::console::say;
use crate::failure::Outcome;
use crate::folder::DataFolder;
use crate::ledger::Ledger;
use crate::ports::check_free;
use crate::postgres::Durability;
use crate::process::{Output, POLL};
use crate::server::{self, Identity, Server};
use crate::services::{Plan, Services, stop_leftovers};
use crate::{interrupt, workspace};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::thread;

/// The database and the ledger of a system that `up` runs.
const NAME: &str = "fullmakt";

/// What was asked for on the command line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Up {
    /// Where the ledger is to be.
    pub ledger: Option<Ledger>,
    /// Where the server listens; a loopback address.
    pub address: SocketAddr,
    /// The data folder, where not the workspace's own.
    pub data: Option<PathBuf>,
    /// What becomes of the data that is there.
    pub data_there: DataThere,
}

/// What becomes of the data of earlier runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataThere {
    /// It is used.
    Kept,
    /// It is removed first.
    Wiped,
}

/// Brings the system up, and down again at Ctrl-C.
pub fn up(asked: &Up) -> Outcome {
    let folder = match &asked.data {
        Some(path) => DataFolder::open(path)?,
        None => DataFolder::open(&workspace::data()?)?,
    };
    check_free(asked.address)?;
    if asked.data_there == DataThere::Wiped {
        stop_leftovers(&folder)?;
        folder.wipe()?;
    }
    let plan = Plan::make(&folder, asked.ledger, Durability::Full)?;
    let program = server::build()?;
    let mut services = Services::start(&folder, &plan)?;
    say("Starting the server.");
    let identity = Identity { address: asked.address, name: NAME };
    let mut server = Server::start(program, &folder, &services, &identity, &Output::Terminal)?;
    greet(&folder, &services, &server, plan.ledger());

    while interrupt::check().is_ok() {
        if let Some(end) = server.ended()?.or(services.ended()?) {
            return Err(end);
        }
        thread::sleep(POLL * 10);
    }
    say("\nStopping; the data stays.");
    server.drain();
    Ok(())
}

fn greet(folder: &DataFolder, services: &Services, server: &Server, ledger: Ledger) {
    let broker = services.kafka().map(|kafka| format!(", broker at {kafka}")).unwrap_or_default();
    say(format!(
        "
Fullmakt is ready at {}

    ledger      in {ledger}{broker}
    PostgreSQL  {}
    data        {}

The test-token generator is on: whoever reaches this address can be anybody. Demo data only.
Ctrl-C stops everything; the data stays.
",
        server.base_url(),
        services.postgres().url(NAME),
        folder.path().display()
    ));
}
