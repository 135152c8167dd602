//! A real Apache Kafka broker: one node, which is also its own controller (`KRaft` mode).

use crate::console::say;
use crate::failure::{Explain, Failure, Outcome};
use crate::folder::{DataFolder, create, remove};
use crate::install::Need;
use crate::java;
use crate::ports::{PORT_ATTEMPTS, free_port};
use crate::process::{Ask, Output, Service, Stop, stop_leftover};
use crate::shell::{capture, find_program};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const VERSION: &str = "4.1.1";

const FETCH_LIMIT: Duration = Duration::from_mins(15);
const FORMAT_LIMIT: Duration = Duration::from_mins(2);
const READY_LIMIT: Duration = Duration::from_mins(2);

/// SIGTERM makes the broker hand over and flush what it has.
const STOP: Stop = Stop { ask: Ask::Terminate, limit: Duration::from_secs(30) };

/// What the broker's log says when it serves.
const READY: &str = "Kafka Server started";

/// A running broker; stopped when dropped.
#[derive(Debug)]
pub struct Kafka {
    service: Service,
    port: u16,
    jars: PathBuf,
}

impl Kafka {
    /// Starts the folder's broker with the given jars; its storage is formatted where it is new.
    pub fn start(folder: &DataFolder, jars: &Path) -> Outcome<Self> {
        let mut attempt = 1;
        loop {
            let log = folder.log("kafka");
            match Self::start_once(folder, jars, &log) {
                Err(Failure::Because(_)) if attempt < PORT_ATTEMPTS && lost_its_port(&log) => {
                    attempt += 1;
                }
                outcome => return outcome,
            }
        }
    }

    fn start_once(folder: &DataFolder, jars: &Path, log: &Path) -> Outcome<Self> {
        let home = folder.join("kafka");
        create(&home)?;
        let port = free_port()?;
        let properties = home.join("server.properties");
        let data = home.join("data");
        fs::write(&properties, settings(port, free_port()?, &data))
            .explain(|| format!("cannot write {}", properties.display()))?;
        if !data.join("meta.properties").exists() {
            let mut format = java(jars, "kafka.tools.StorageTool")?;
            format.args(["format", "--cluster-id", &new_cluster_id()?, "--config"]);
            capture(format.arg(&properties), FORMAT_LIMIT)?;
        }
        let mut command = java(jars, "kafka.Kafka")?;
        command.arg(&properties).current_dir(&home);
        let service = Service::start("Kafka", command, STOP, &Output::Log(log))?;
        folder.write_note("kafka/pid", &service.id().to_string())?;
        let mut kafka = Self { service, port, jars: jars.to_owned() };
        kafka.service.wait_until(READY_LIMIT, || {
            fs::read(log).is_ok_and(|text| String::from_utf8_lossy(&text).contains(READY))
        })?;
        Ok(kafka)
    }

    /// Where clients find the broker.
    pub fn bootstrap_servers(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Tells a program where the broker is, and what it takes to run further ones.
    pub fn tell(&self, program: &mut Command) {
        program.env("FULLMAKT_TEST_KAFKA", self.bootstrap_servers());
        program.env("FULLMAKT_TEST_KAFKA_JARS", &self.jars);
        if let Some(java) = java::find() {
            program.env("FULLMAKT_TEST_JAVA", java);
        }
    }

    /// The failure to report if the broker is no longer running.
    pub fn ended(&mut self) -> Outcome<Option<Failure>> {
        self.service.ended()
    }
}

/// The environment variable that names a broker to use instead of one of our own.
const NAMED: &str = "XTASK_KAFKA";

/// The broker that somebody else runs and that is to be used, as `host:port`; several brokers of
/// one cluster are separated by commas.
pub fn named() -> Option<String> {
    std::env::var(NAMED).ok().filter(|servers| !servers.is_empty())
}

/// Stops the broker of this folder if an earlier run left it running.
pub fn stop_leftover_of(folder: &DataFolder) -> Outcome {
    if let Some(id) = folder.note("kafka/pid")?.and_then(|id| id.parse().ok()) {
        let properties = folder.join("kafka").join("server.properties");
        stop_leftover(id, &["kafka.Kafka", &properties.to_string_lossy()], STOP);
    }
    Ok(())
}

/// What a broker needs. Maven only serves to fetch it, and nothing is needed for one that runs.
pub fn needs(tools: &Path) -> &'static [Need] {
    if named().is_some() {
        &[]
    } else if is_fetched(tools) {
        &[Need::Java]
    } else {
        &[Need::Java, Need::Maven]
    }
}

/// The folder with the broker's jars, which Maven fetches on first use.
pub fn fetch(tools: &Path) -> Outcome<PathBuf> {
    let jars = jars(tools);
    if is_fetched(tools) {
        return Ok(jars);
    }
    say(format!("Fetching Apache Kafka {VERSION} with Maven."));
    let home = home(tools);
    let partial = home.join("partial");
    remove(&partial)?;
    create(&partial)?;
    let project = home.join("pom.xml");
    fs::write(&project, project_file())
        .explain(|| format!("cannot write {}", project.display()))?;
    let Some(maven) = find_program("mvn", &[]) else {
        return Err(Failure::because("Maven is missing"));
    };
    let mut command = Command::new(maven);
    command.args([
        "--batch-mode",
        "--quiet",
        "-Dstyle.color=never",
        "dependency:copy-dependencies",
    ]);
    command.arg("--file").arg(&project);
    command.arg(format!("-DoutputDirectory={}", partial.display()));
    capture(&mut command, FETCH_LIMIT)?;
    // A fetch that was cut short must not look like a whole one.
    fs::rename(&partial, &jars).explain(|| format!("cannot make {}", jars.display()))?;
    Ok(jars)
}

fn home(tools: &Path) -> PathBuf {
    tools.join("kafka").join(VERSION)
}

fn jars(tools: &Path) -> PathBuf {
    home(tools).join("jars")
}

fn is_fetched(tools: &Path) -> bool {
    jars(tools).is_dir()
}

fn java(jars: &Path, class: &str) -> Outcome<Command> {
    let program = java::find().ok_or_else(|| Failure::because("Java is missing"))?;
    let mut command = Command::new(program);
    command.args(["-Xms128m", "-Xmx512m", "-XX:+UseSerialGC"]);
    command.arg("-Dorg.slf4j.simpleLogger.showDateTime=true");
    command.arg("-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSXXX");
    command.arg("-cp").arg(jars.join("*")).arg(class);
    Ok(command)
}

fn project_file() -> String {
    format!(
        r#"<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>fullmakt</groupId>
  <artifactId>kafka</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.kafka</groupId>
      <artifactId>kafka_2.13</artifactId>
      <version>{VERSION}</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId>
      <artifactId>slf4j-simple</artifactId>
      <version>1.7.36</version>
    </dependency>
  </dependencies>
</project>
"#
    )
}

/// The broker's settings. Nothing is ever deleted by age, and no topic comes by itself: the ledger
/// is forever, and made on purpose.
fn settings(port: u16, controller_port: u16, data: &Path) -> String {
    format!(
        "process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller_port}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
log.dirs={}
auto.create.topics.enable=false
log.retention.ms=-1
group.initial.rebalance.delay.ms=0
offsets.topic.num.partitions=4
offsets.topic.replication.factor=1
transaction.state.log.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
",
        data.display()
    )
}

/// A random id in Kafka's spelling: 22 characters of URL-safe base64, never with a dash in front.
fn new_cluster_id() -> Outcome<String> {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789__";
    let mut bytes = [0; 21];
    File::open("/dev/urandom")
        .and_then(|mut random| random.read_exact(&mut bytes))
        .explain(|| "cannot read /dev/urandom".to_owned())?;
    let letters = bytes.iter().filter_map(|byte| ALPHABET.get(usize::from(byte & 63)));
    // The last character carries the last four bits of sixteen bytes: zero here.
    Ok(letters.map(|letter| char::from(*letter)).chain(['A']).collect())
}

fn lost_its_port(log: &Path) -> bool {
    fs::read(log).is_ok_and(|text| {
        let text = String::from_utf8_lossy(&text);
        text.contains("Address already in use")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cluster_id_has_the_length_and_letters_that_kafka_takes() {
        let id = new_cluster_id().unwrap();

        assert_eq!(id.len(), 22);
        assert!(id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'));
        assert!(!id.starts_with('-'));
        assert_ne!(id, new_cluster_id().unwrap());
    }

    #[test]
    fn the_broker_neither_makes_topics_by_itself_nor_forgets() {
        let settings = settings(1, 2, Path::new("/data"));

        assert!(settings.contains("\nauto.create.topics.enable=false\n"));
        assert!(settings.contains("\nlog.retention.ms=-1\n"));
        assert!(!settings.contains("0.0.0.0"));
    }
}
