//! Issue 4: what `compose.yaml` says, run as plain processes: its variables, commands, secrets,
//! volumes, health checks and order, with addresses of this machine.

#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "a test fails by panicking"
)]

mod here;
mod kind;
mod topology;

use std::time::Duration;

use fullmakt_faults::{can_run_brokers, skip, within};
use kind::Kind;
use serde_json::{Value, json};
use topology::Topology;

/// How long a server may take to know of what another process wrote.
const KNOWN_WITHIN: Duration = Duration::from_secs(20);

#[tokio::test]
async fn the_installation_of_compose_yaml_runs() {
    if !can_run_brokers() {
        skip("the brokers of compose.yaml need Java and Kafka's jars");
        return;
    }
    let mut topology = Topology::up().await;
    brokers_have_the_settings_that_are_written(&topology);
    servers_are_one_issuer(&topology).await;
    doctor_is_content(&topology).await;
    let imported = import(&topology, &["catalogue"]).await;
    let servers = topology.all(Kind::Server);
    for server in &servers {
        until_known(&topology, server, imported).await;
    }
    let [first, second] = servers.try_into().expect("two servers");
    let (first, second) = (first.to_owned(), second.to_owned());
    one_answers_without_the_other(&mut topology, &first, &second).await;
    one_answers_without_the_other(&mut topology, &second, &first).await;
    topology.run_other("doctor", &["verify"]).await;
}

/// A variable that no setting of Kafka's is called like, or whose value is not taken, is found.
fn brokers_have_the_settings_that_are_written(topology: &Topology) {
    let brokers = topology.all(Kind::Broker);
    assert_eq!(brokers.len(), 3);
    for broker in brokers {
        let in_force = topology.printed(broker);
        for (variable, value) in topology.variables(broker) {
            let Some(setting) = variable.strip_prefix("KAFKA_") else {
                assert_eq!(variable, "CLUSTER_ID", "{broker}");
                continue;
            };
            let setting = setting.to_lowercase().replace('_', ".");
            let begins = format!("  {setting}={value} ");
            let line = in_force.lines().find(|line| line.starts_with(&begins));
            let line = line.unwrap_or_else(|| panic!("{setting} of {broker}: {in_force}"));
            assert!(line.contains(&format!("STATIC_BROKER_CONFIG:{setting}={value}")), "{line}");
        }
    }
}

/// Whichever is asked, it speaks for the one address that is published, and has the same keys.
async fn servers_are_one_issuer(topology: &Topology) {
    let mut keys = Vec::new();
    for server in topology.all(Kind::Server) {
        let caller = topology.caller(server);
        let path = "/.well-known/oauth-authorization-server";
        let issuer = caller.get(path).await.expect(200).json()["issuer"].clone();
        let public = topology.variable("FULLMAKT_HTTP__PUBLIC_ADDRESS", server);
        assert_eq!(issuer.as_str().map(|issuer| issuer.trim_end_matches('/')), Some(&*public));
        keys.push(caller.get("/jwks").await.expect(200).json());
    }
    assert!(keys[0]["keys"].as_array().is_some_and(|keys| !keys.is_empty()), "{keys:?}");
    assert_eq!(keys[0], keys[1]);
}

async fn doctor_is_content(topology: &Topology) {
    let report: Value = serde_json::from_str(&topology.run("doctor", &["--json"]).await)
        .expect("the doctor's report");
    assert_eq!(report["healthy"], true, "{report:#}");
    let complaints: Vec<&Value> = report["checks"]
        .as_array()
        .expect("checks")
        .iter()
        .filter(|check| check["state"] != "ok")
        .collect();
    assert_eq!(complaints, Vec::<&Value>::new(), "{report:#}");
}

/// Stops a server. What is written meanwhile the other knows, and the first once it is back.
async fn one_answers_without_the_other(topology: &mut Topology, stopped: &str, other: &str) {
    let server = topology.server(stopped);
    server.stop();
    let grace = topology.grace(stopped);
    within(grace, &format!("{stopped} has stopped"), async || !server.runs()).await;
    let ends = server.ends();
    assert!(ends.iter().all(|end| end.status.success()) && ends.len() == 1, "{ends:?}");

    let before = topology.position(other).await.expect("it is ready");
    let unit = json!([{
        "organisasjonsnummer": "310010014",
        "navn": format!("REGISTRERT UTEN {stopped}"),
        "organisasjonsform": { "kode": "AS" },
    }]);
    let units = topology.write("units.json", &unit.to_string());
    let imported = import(topology, &["register", "--units", &units]).await;
    assert!(imported > before, "{imported} follows {before}");
    until_known(topology, other, imported).await;

    topology.server(stopped).start();
    topology.until_healthy(stopped).await;
    until_known(topology, stopped, imported).await;
}

/// Imports something as a step with the servers' settings does, and answers with the last position.
async fn import(topology: &Topology, what: &[&str]) -> u64 {
    let arguments = [&["import"], what].concat();
    topology.run_other("doctor", &arguments).await;
    let history = topology.run_other("doctor", &["replay"]).await;
    let mut commits = history.lines().filter(|line| !line.starts_with(' '));
    let last = commits.next_back().and_then(|line| line.split(' ').next()?.parse().ok());
    last.unwrap_or_else(|| panic!("nothing was imported: {history}"))
}

async fn until_known(topology: &Topology, server: &str, position: u64) {
    within(KNOWN_WITHIN, &format!("{server} knows of {position}"), async || {
        topology.position(server).await.is_some_and(|known| known >= position)
    })
    .await;
}
