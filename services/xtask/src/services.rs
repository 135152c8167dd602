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
use std::process::Command;

/// PostgreSQL, and Kafka where the ledger is there.
#[derive(Debug)]
pub struct Services {
    // Fields are dropped, and so stopped, in this order.
    kafka: Option<Broker>,
    postgres: Postgres,
}

/// The broker that the ledger is on.
#[derive(Debug)]
enum Broker {
    /// One of our own.
    Own(Kafka),
    /// One that somebody else runs.
    Named(String),
}

/// What has been settled before anything is started.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The broker, where the ledger is in Kafka.
    broker: Option<Planned>,
    durability: Durability,
}

#[derive(Debug, Clone)]
enum Planned {
    /// One of our own, from these jars.
    Own(PathBuf),
    /// One that somebody else runs.
    Named(String),
}

impl Plan {
    /// Settles where the ledger is, and installs what that and the build need.
    ///
    /// A folder without a ledger gets the one asked for, or else Kafka where a broker is named or
    /// Java and Maven are at hand. What an earlier, killed run left running is stopped.
    pub fn make(
        folder: &DataFolder,
        asked: Option<Ledger>,
        durability: Durability,
    ) -> Outcome<Self> {
        stop_leftovers(folder)?;
        let named = kafka::named();
        let asked = asked.or(named.as_ref().map(|_| Ledger::Kafka));
        let chosen = ledger::chosen(folder, asked)?;
        let tools = workspace::tools()?;
        let mut needs = vec![Need::BuildTools, Need::Postgres];
        if chosen == Some(Ledger::Kafka) {
            needs.extend(kafka::needs(&tools));
        }
        install::ensure(&needs)?;
        let broker = match chosen {
            Some(Ledger::Postgres) => None,
            Some(Ledger::Kafka) => Some(match named {
                Some(servers) => Planned::Named(servers),
                None => Planned::Own(kafka::fetch(&tools)?),
            }),
            None if !kafka::needs(&tools).iter().all(|need| install::is_met(*need)) => {
                ledger::say_why_not_kafka("Java 17 or Maven is missing");
                None
            }
            None => match kafka::fetch(&tools) {
                Ok(jars) => Some(Planned::Own(jars)),
                Err(Failure::Interrupted) => return Err(Failure::Interrupted),
                Err(Failure::Because(reason)) => {
                    ledger::say_why_not_kafka(&reason);
                    None
                }
            },
        };
        let plan = Self { broker, durability };
        ledger::keep(folder, plan.ledger())?;
        Ok(plan)
    }

    /// Where the ledger is.
    pub fn ledger(&self) -> Ledger {
        if self.broker.is_some() { Ledger::Kafka } else { Ledger::Postgres }
    }
}

impl Services {
    /// Starts what was planned.
    pub fn start(folder: &DataFolder, plan: &Plan) -> Outcome<Self> {
        say("Starting PostgreSQL.");
        let postgres = Postgres::start(folder, plan.durability)?;
        let kafka = match &plan.broker {
            Some(Planned::Own(jars)) => {
                say("Starting Kafka.");
                Some(Broker::Own(Kafka::start(folder, jars)?))
            }
            Some(Planned::Named(servers)) => {
                say(format!("Using the Kafka at {servers}."));
                Some(Broker::Named(servers.clone()))
            }
            None => None,
        };
        Ok(Self { kafka, postgres })
    }

    /// The cluster.
    pub fn postgres(&self) -> &Postgres {
        &self.postgres
    }

    /// Where clients find the broker, where the ledger is in Kafka.
    pub fn kafka(&self) -> Option<String> {
        self.kafka.as_ref().map(|kafka| match kafka {
            Broker::Own(kafka) => kafka.bootstrap_servers(),
            Broker::Named(servers) => servers.clone(),
        })
    }

    /// Tells a program of tests or measurements where they are.
    pub fn tell(&self, program: &mut Command) {
        program.env("FULLMAKT_TEST_POSTGRES", self.postgres.url("postgres"));
        match &self.kafka {
            Some(Broker::Own(kafka)) => kafka.tell(program),
            Some(Broker::Named(servers)) => drop(program.env("FULLMAKT_TEST_KAFKA", servers)),
            None => {}
        }
    }

    /// The failure to report if one of them is no longer running.
    pub fn ended(&mut self) -> Outcome<Option<Failure>> {
        if let Some(end) = self.postgres.ended()? {
            return Ok(Some(end));
        }
        match &mut self.kafka {
            Some(Broker::Own(kafka)) => kafka.ended(),
            Some(Broker::Named(_)) | None => Ok(None),
        }
    }
}

/// Stops what an earlier run that was killed left running in this folder.
pub fn stop_leftovers(folder: &DataFolder) -> Outcome {
    kafka::stop_leftover_of(folder)?;
    postgres::stop_leftover_of(folder);
    Ok(())
}
