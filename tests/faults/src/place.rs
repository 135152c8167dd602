//! Where brokers run, and what runs them.

use std::{
    net::{Ipv4Addr, TcpListener},
    path::Path,
    process::Command,
};

/// The folder with Kafka's jars, which `cargo xtask test` fetches and names.
const JARS: &str = "FULLMAKT_TEST_KAFKA_JARS";
/// The `java` that runs them.
const JAVA: &str = "FULLMAKT_TEST_JAVA";

/// Where a broker runs.
#[derive(Debug, Clone)]
pub struct Place {
    /// The address that it listens at.
    pub host: Ipv4Addr,
    /// The port for clients and other brokers.
    pub port: u16,
    /// The port for controllers.
    pub controller_port: u16,
    /// The network namespace, where it is not that of this process.
    pub namespace: Option<String>,
}

/// Whether tests can run brokers of their own here.
pub fn can_run_brokers() -> bool {
    [JARS, JAVA].iter().all(|name| std::env::var_os(name).is_some())
}

impl Place {
    /// On this machine, at ports that are free.
    pub fn here() -> Self {
        let listeners = [0; 2].map(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)));
        let [port, controller_port] = listeners.map(|listener| {
            let address = listener.and_then(|listener| listener.local_addr());
            address.expect("there are free ports").port()
        });
        Self { host: Ipv4Addr::LOCALHOST, port, controller_port, namespace: None }
    }

    /// A class of Kafka's, to be run where the broker is. A small heap serves: what a broker holds,
    /// it holds in files.
    pub fn java(&self, class: &str) -> Command {
        let variable = |name| std::env::var_os(name).expect("`cargo xtask test faults` sets it");
        let program = variable(JAVA);
        let mut command = match &self.namespace {
            Some(namespace) => {
                let mut command = Command::new("ip");
                command.args(["netns", "exec", namespace]).arg(program);
                command
            }
            None => Command::new(program),
        };
        command.args(["-Xms64m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"]);
        command.args([
            "-Dorg.slf4j.simpleLogger.showDateTime=true",
            "-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS",
        ]);
        command.arg("-cp").arg(Path::new(&variable(JARS)).join("*")).arg(class);
        command
    }
}
