//! The services that the server needs, started together and stopped in the opposite order.

use crate::console::say;
use crate::failure::{Failure, Outcome};
use crate::folder::DataFolder;
use crate::install::{self, Need};
use crate::kafka::{self, Kafka};
use crate::ledger::{self, Ledger};
use crate::postgres::{self, Durability, Postgres};
use crate::workspace;
use std::path::PathBuf;

/// PostgreSQL, and Kafka where the ledger is there.
#[derive(Debug)]
pub struct Services {
    // Fields are dropped, and so stopped, in this order.
    kafka: Option<Kafka>,
    postgres: Postgres,
}

/// What has been settled before anything is started.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The jars of the broker, where the ledger is in Kafka.
    jars: Option<PathBuf>,
    durability: Durability,
}

impl Plan {
    /// Settles where the ledger is, and installs what that and the build need.
    ///
    /// A folder without a ledger gets the one asked for, or else Kafka where Java and Maven are at
    /// hand. What an earlier, killed run left running is stopped.
    pub fn make(
        folder: &DataFolder,
        asked: Option<Ledger>,
        durability: Durability,
    ) -> Outcome<Self> {
        stop_leftovers(folder)?;
        let tools = workspace::tools()?;
        let chosen = ledger::chosen(folder, asked)?;
        let mut needs = vec![Need::BuildTools, Need::Postgres];
        if chosen == Some(Ledger::Kafka) {
            needs.extend(kafka::needs(&tools));
        }
        install::ensure(&needs)?;
        let jars = match chosen {
            Some(Ledger::Postgres) => None,
            Some(Ledger::Kafka) => Some(kafka::fetch(&tools)?),
            None if !kafka::needs(&tools).iter().all(|need| install::is_met(*need)) => {
                ledger::say_why_not_kafka("Java 17 or Maven is missing");
                None
            }
            None => match kafka::fetch(&tools) {
                Ok(jars) => Some(jars),
                Err(Failure::Interrupted) => return Err(Failure::Interrupted),
                Err(Failure::Because(reason)) => {
                    ledger::say_why_not_kafka(&reason);
                    None
                }
            },
        };
        let plan = Self { jars, durability };
        ledger::keep(folder, plan.ledger())?;
        Ok(plan)
    }

    /// Where the ledger is.
    pub fn ledger(&self) -> Ledger {
        if self.jars.is_some() { Ledger::Kafka } else { Ledger::Postgres }
    }
}

impl Services {
    /// Starts what was planned.
    pub fn start(folder: &DataFolder, plan: &Plan) -> Outcome<Self> {
        say("Starting PostgreSQL.");
        let postgres = Postgres::start(folder, plan.durability)?;
        let kafka = match &plan.jars {
            Some(jars) => {
                say("Starting Kafka.");
                Some(Kafka::start(folder, jars)?)
            }
            None => None,
        };
        Ok(Self { kafka, postgres })
    }

    /// The cluster.
    pub fn postgres(&self) -> &Postgres {
        &self.postgres
    }

    /// The broker, where the ledger is in Kafka.
    pub fn kafka(&self) -> Option<&Kafka> {
        self.kafka.as_ref()
    }

    /// The failure to report if one of them is no longer running.
    pub fn ended(&mut self) -> Outcome<Option<Failure>> {
        if let Some(end) = self.postgres.ended()? {
            return Ok(Some(end));
        }
        match &mut self.kafka {
            Some(kafka) => kafka.ended(),
            None => Ok(None),
        }
    }
}

/// Stops what an earlier run that was killed left running in this folder.
pub fn stop_leftovers(folder: &DataFolder) -> Outcome {
    kafka::stop_leftover_of(folder)?;
    postgres::stop_leftover_of(folder);
    Ok(())
}
