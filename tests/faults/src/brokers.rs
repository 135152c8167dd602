//! Kafka brokers of one's own, each a JVM, which are also their own controllers.

use std::{
    fmt::Write as _,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::{Place, within};

/// How long a broker may take until it serves, after a crash as well.
const SERVES_WITHIN: Duration = Duration::from_mins(2);
/// What a broker's log says when it serves.
const SERVES: &str = "Kafka Server started";
/// An id in Kafka's spelling. Each cluster of a test has ports of its own.
const CLUSTER: &str = "ZnVsbG1ha3QtZmF1bHRzLQ";

/// A cluster that one test alone uses, and may break. It is killed when dropped.
pub struct Brokers {
    brokers: Vec<Broker>,
    /// The home, where it is ours and goes with the cluster.
    _folder: Option<TempDir>,
}

struct Broker {
    process: Option<Child>,
    place: Place,
    home: PathBuf,
}

impl Brokers {
    /// Starts some brokers on this machine, and waits until they serve.
    pub async fn start(count: usize) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let places = (0..count).map(|_| Place::here()).collect();
        let home = folder.path().to_owned();
        Self::start_at(places, &home, Some(folder)).await
    }

    /// Starts a broker on this machine with its data in a folder that somebody else keeps.
    pub async fn start_one_in(home: &Path) -> Self {
        Self::start_at(vec![Place::here()], home, None).await
    }

    /// Starts a broker at each of these places.
    pub async fn start_in(places: Vec<Place>) -> Self {
        let folder = TempDir::new().expect("a temporary folder");
        let home = folder.path().to_owned();
        Self::start_at(places, &home, Some(folder)).await
    }

    /// Starts a broker with the settings and the formatted storage that are in its home already,
    /// and does not wait for it.
    pub fn start_prepared(place: Place, home: &Path) -> Self {
        let mut broker = Broker { process: None, place, home: home.to_owned() };
        broker.spawn();
        Self { brokers: vec![broker], _folder: None }
    }

    async fn start_at(places: Vec<Place>, home: &Path, folder: Option<TempDir>) -> Self {
        let mut brokers = Vec::new();
        for (index, place) in places.iter().enumerate() {
            let home = home.join(format!("broker-{}", index + 1));
            fs::create_dir_all(&home).expect("the folder is ours");
            let properties = home.join("server.properties");
            fs::write(&properties, settings(index, &places, &home)).expect("the folder is ours");
            let mut format = place.java("kafka.tools.StorageTool");
            format.args(["format", "--cluster-id", CLUSTER, "--config"]).arg(&properties);
            let output = format.output().expect("java runs");
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            brokers.push(Broker { process: None, place: place.clone(), home });
        }
        let mut cluster = Self { brokers, _folder: folder };
        // A controller serves once there is a majority of them.
        cluster.brokers.iter_mut().for_each(Broker::spawn);
        cluster.until_all_serve().await;
        cluster
    }

    /// Where clients find them.
    pub fn bootstrap_servers(&self) -> String {
        let addresses = self.brokers.iter().map(|broker| {
            let Place { host, port, .. } = broker.place;
            format!("{host}:{port}")
        });
        addresses.collect::<Vec<_>>().join(",")
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.brokers.len()
    }

    /// The files of a topic's only partition at one broker.
    pub fn files(&self, broker: usize, topic: &str) -> PathBuf {
        self.brokers[broker].home.join("data").join(format!("{topic}-0"))
    }

    /// Who leads a topic's only partition, by what the brokers have logged of it. They number
    /// leaders in turn, in epochs.
    pub fn leader(&self, topic: &str) -> usize {
        let led = self
            .brokers
            .iter()
            .enumerate()
            .filter_map(|(number, broker)| Some((broker.has_led(topic)?, number)));
        led.max().expect("somebody leads").1
    }

    /// Whether a broker runs.
    pub fn runs(&mut self, broker: usize) -> bool {
        self.brokers[broker].runs()
    }

    /// Kills a broker, so that nothing is put away.
    pub fn kill(&mut self, broker: usize) {
        self.brokers[broker].kill();
    }

    /// Stops a broker where it stands.
    pub fn freeze(&self, broker: usize) {
        self.brokers[broker].signal(Signal::STOP);
    }

    /// Lets a broker go on.
    pub fn thaw(&self, broker: usize) {
        self.brokers[broker].signal(Signal::CONT);
    }

    /// Starts those that do not run, without waiting for them.
    pub fn start_the_dead(&mut self) {
        for broker in &mut self.brokers {
            if !broker.runs() {
                broker.spawn();
            }
        }
    }

    /// Waits until each has said that it serves.
    pub async fn until_all_serve(&mut self) {
        for broker in &mut self.brokers {
            within(SERVES_WITHIN, "the broker serves", async || {
                assert!(broker.runs(), "a broker ended:\n{}", broker.last_words());
                broker.serves()
            })
            .await;
        }
    }
}

impl Broker {
    fn spawn(&mut self) {
        let log = File::create(self.log()).expect("the folder is ours");
        let mut command = self.place.java("kafka.Kafka");
        command.arg(self.home.join("server.properties")).current_dir(&self.home);
        command.stdin(Stdio::null()).stderr(log.try_clone().expect("a file")).stdout(log);
        self.process = Some(command.spawn().expect("java starts"));
    }

    fn kill(&mut self) {
        self.signal(Signal::KILL);
        if let Some(mut process) = self.process.take() {
            let _ = process.wait();
        }
    }

    fn signal(&self, signal: Signal) {
        let id = self.process.as_ref().and_then(|process| i32::try_from(process.id()).ok());
        if let Some(id) = id.and_then(Pid::from_raw) {
            kill_process(id, signal).expect("a process of our own takes signals");
        }
    }

    fn runs(&mut self) -> bool {
        let status = self.process.as_mut().map(Child::try_wait);
        status.is_some_and(|status| status.expect("it can be waited for").is_none())
    }

    fn serves(&self) -> bool {
        fs::read(self.log()).is_ok_and(|log| String::from_utf8_lossy(&log).contains(SERVES))
    }

    /// The last epoch in which this broker became the leader of a topic's only partition.
    fn has_led(&self, topic: &str) -> Option<u64> {
        let log = fs::read_to_string(self.log()).unwrap_or_default();
        let begins = format!(" Leader {topic}-0 ");
        let epochs = log.lines().filter(|line| line.contains(&begins)).filter_map(|line| {
            let (_, epoch) = line.split_once("starts at leader epoch ")?;
            epoch.split(' ').next()?.parse().ok()
        });
        epochs.max()
    }

    fn last_words(&self) -> String {
        let log = fs::read(self.log()).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(60)..].join("\n")
    }

    fn log(&self) -> PathBuf {
        self.home.join("log")
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.kill();
        if std::thread::panicking() {
            eprintln!("the last lines of a broker's log:\n{}", self.last_words());
        }
    }
}

/// The settings of one of several brokers: those of `compose.yaml`, and shorter times until the
/// others notice that one is gone.
fn settings(index: usize, places: &[Place], home: &Path) -> String {
    let Place { host, port, controller_port, .. } = &places[index];
    let voters = places
        .iter()
        .enumerate()
        .map(|(index, place)| format!("{}@{}:{}", index + 1, place.host, place.controller_port));
    let voters = voters.collect::<Vec<_>>().join(",");
    let replicas = places.len();
    let min_insync = if replicas > 2 { 2 } else { 1 };
    let mut settings = format!(
        "process.roles=broker,controller
node.id={id}
controller.quorum.voters={voters}
listeners=BROKER://{host}:{port},CONTROLLER://{host}:{controller_port}
advertised.listeners=BROKER://{host}:{port}
listener.security.protocol.map=BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.listener.names=CONTROLLER
inter.broker.listener.name=BROKER
log.dirs={data}
default.replication.factor={replicas}
min.insync.replicas={min_insync}
",
        id = index + 1,
        data = home.join("data").display(),
    );
    for setting in [
        "auto.create.topics.enable=false",
        "unclean.leader.election.enable=false",
        "log.retention.ms=-1",
        "broker.session.timeout.ms=3000",
        "broker.heartbeat.interval.ms=500",
        "offsets.topic.num.partitions=1",
        "transaction.state.log.num.partitions=1",
        "num.network.threads=2",
        "num.io.threads=4",
        "background.threads=2",
        "log.cleaner.enable=false",
    ] {
        writeln!(settings, "{setting}").expect("a text takes more");
    }
    for topic in ["offsets.topic", "transaction.state.log", "share.coordinator.state.topic"] {
        writeln!(settings, "{topic}.replication.factor={replicas}").expect("a text takes more");
    }
    settings
}
