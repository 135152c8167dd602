//! `compose.yaml` and the Dockerfile, held against what they speak of: each other, the settings,
//! the binary's own help and the files of the workspace.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::BTreeSet, path::Path, process::Command};

use fullmakt_config::{Configuration, LogKind};
use fullmakt_operations::compose::{
    COMPOSE, compose, environment, ours, services, texts, variable,
};
use fullmakt_scenarios::{Log, System};
use serde_json::Value;

const DOCKERFILE: &str = include_str!("../../../Dockerfile");
const SECRETS: &str = "/run/secrets/";

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

/// The configuration that a container of ours gets, with its secrets from files of the test.
fn configuration(service: &Value) -> Configuration {
    let folder = tempfile::tempdir().unwrap();
    let variables = environment(service).into_iter().map(|(name, value)| {
        let Some(secret) = value.strip_prefix(SECRETS) else { return (name, value) };
        assert!(texts(&service["secrets"]).contains(&secret), "{secret} is not given");
        let path = folder.path().join(secret);
        std::fs::write(&path, "hunter2").unwrap();
        (name, path.display().to_string())
    });
    let variables: Vec<_> = variables.collect();
    Configuration::from_sources(None, variables).unwrap()
}

#[test]
fn images_are_pinned_and_come_from_nowhere_in_particular() {
    let compose = compose();
    for (name, service) in services(&compose) {
        let image = service["image"].as_str().unwrap();
        if image == "fullmakt" {
            assert_eq!(service["pull_policy"], "never", "{name}");
            continue;
        }
        let (path, tag) = image.split_once(':').expect(image);
        assert!(tag != "latest" && tag.starts_with(|c: char| c.is_ascii_digit()), "{image}");
        let first = path.split('/').next().unwrap();
        assert!(!first.contains(['.', ':']), "{image} names a registry");
    }
}

/// Several that build the same image at a time fail, where it is not there yet: "already exists".
#[test]
fn one_service_builds_the_image_and_all_of_ours_are_run_from_it() {
    let compose = compose();
    let builds = services(&compose).iter().filter(|(_, service)| !service["build"].is_null());
    let [(name, builder)] = builds.collect::<Vec<_>>().try_into().unwrap();
    assert_eq!(builder["image"], "fullmakt", "{name}");
    let context = builder["build"].as_str().unwrap();
    assert!(root().join(context).join("Dockerfile").is_file(), "{name}");
    // Who starts a server alone, with what it depends on, builds it too.
    for (server, service) in ours(&compose) {
        if service["restart"] != "no" {
            assert!(service["depends_on"][name].is_object(), "{server}");
        }
    }
}

#[test]
fn every_lasting_service_says_whether_it_is_healthy_and_nothing_waits_for_time_to_pass() {
    let compose = compose();
    assert!(!COMPOSE.contains("sleep") && !COMPOSE.contains("wait-for"));
    for (name, service) in services(&compose) {
        let lasts = service["restart"] != "no";
        assert_eq!(lasts, service["healthcheck"]["test"].is_array(), "{name}");
        assert_eq!(lasts, service["stop_grace_period"].is_string(), "{name}");
        let Some(needed) = service["depends_on"].as_object() else { continue };
        for (on, how) in needed {
            let needed = &compose["services"][on];
            assert!(needed.is_object(), "{name} depends on {on}");
            match how["condition"].as_str().unwrap() {
                "service_healthy" => assert!(needed["healthcheck"].is_object(), "{on}"),
                "service_completed_successfully" => assert_eq!(needed["restart"], "no", "{on}"),
                other => panic!("{name} waits until {other}"),
            }
        }
    }
}

#[test]
fn our_variables_are_settings_and_name_what_is_there() {
    let compose = compose();
    let ours = ours(&compose);
    assert!(ours.len() >= 4);
    for (name, service) in ours {
        let configuration = configuration(service);
        assert!(!configuration.demo, "{name}");
        let postgres = url::Url::parse(configuration.postgres.url.reveal()).unwrap();
        let database = &compose["services"][postgres.host_str().unwrap()];
        assert_eq!(variable(database, "POSTGRES_USER"), postgres.username());
        assert_eq!(variable(database, "POSTGRES_DB"), postgres.path().trim_start_matches('/'));
        assert_eq!(postgres.port(), Some(5432));
        assert_eq!(configuration.postgres.password.reveal(), "hunter2");
        // Both ends get the one password.
        let password = variable(database, "POSTGRES_PASSWORD_FILE");
        assert_eq!(variable(service, "FULLMAKT_POSTGRES__PASSWORD_FILE"), password);
        assert_eq!(texts(&service["secrets"]), texts(&database["secrets"]));

        assert_eq!(configuration.log.kind, LogKind::Kafka);
        let kafka = &configuration.log.kafka;
        assert_eq!((kafka.replication, kafka.min_insync), (3, 2));
        let brokers: Vec<&str> = kafka.bootstrap_servers.split(',').collect();
        assert_eq!(brokers.len(), 3);
        for broker in brokers {
            let (host, _) = broker.split_once(':').unwrap();
            let advertised = variable(&compose["services"][host], "KAFKA_ADVERTISED_LISTENERS");
            assert_eq!(advertised, format!("BROKER://{broker}"));
        }
        for folder in [&configuration.vault.key_dir, &configuration.tokens.key_dir] {
            let folder = folder.to_str().unwrap();
            let kept = texts(&service["volumes"]).into_iter().find_map(|volume| {
                let (volume, target) = volume.split_once(':')?;
                (target == folder).then_some(volume)
            });
            assert!(compose["volumes"].as_object().unwrap().contains_key(kept.expect(folder)));
            assert!(DOCKERFILE.contains(folder), "{folder} is made for the image's account");
        }
    }
}

#[test]
fn a_variable_that_is_no_setting_would_be_found() {
    let compose = compose();
    let mut variables = environment(ours(&compose)[0].1);
    variables.retain(|(name, _)| name != "FULLMAKT_POSTGRES__PASSWORD_FILE");
    assert!(Configuration::from_sources(None, variables.clone()).is_ok());
    variables.push(("FULLMAKT_HTTP__ADRESS".to_owned(), "0.0.0.0:1".to_owned()));
    assert!(Configuration::from_sources(None, variables).is_err());
}

#[test]
fn ports_lead_to_where_the_servers_listen() {
    let compose = compose();
    let mut published = BTreeSet::new();
    let mut public = BTreeSet::new();
    for (name, service) in services(&compose) {
        for port in texts(&service["ports"]) {
            let parts: Vec<&str> = port.split(':').collect();
            let [host, outside, inside] = parts.as_slice() else { panic!("{name}: {port}") };
            assert_eq!(*host, "127.0.0.1", "{name} is open to the network");
            assert!(published.insert((*outside).to_owned()), "{outside} twice");
            let http = configuration(service).http;
            assert!(http.address.ip().is_unspecified());
            assert_eq!(http.address.port().to_string(), *inside);
            assert!(DOCKERFILE.contains(&format!("EXPOSE {inside}")));
            public.insert(http.public_address.unwrap());
        }
    }
    assert_eq!(published.len(), 2);
    // All servers issue tokens as one issuer, at an address that is published.
    let [public] = Vec::from_iter(public).try_into().unwrap();
    assert!(published.contains(&public.port().unwrap().to_string()));
}

#[test]
fn brokers_are_a_quorum_of_three_that_loses_nothing() {
    let compose = compose();
    let brokers: Vec<(&String, &Value)> = services(&compose)
        .iter()
        .filter(|(_, service)| service["image"].as_str().unwrap().contains("kafka"))
        .collect();
    assert_eq!(brokers.len(), 3);
    // All else is tested with brokers of this release.
    let tested = std::fs::read_to_string(root().join("services/xtask/src/kafka.rs")).unwrap();
    let mut ids = BTreeSet::new();
    for (name, broker) in &brokers {
        assert_eq!(broker["hostname"], name.as_str());
        let (_, release) = broker["image"].as_str().unwrap().split_once(':').unwrap();
        assert!(tested.contains(&format!("const VERSION: &str = {release:?};")), "{release}");
        let id = variable(broker, "KAFKA_NODE_ID");
        assert!(ids.insert(id), "{id} twice");
        let voters = variable(broker, "KAFKA_CONTROLLER_QUORUM_VOTERS");
        let own = format!("{id}@{name}:9093");
        assert_eq!(voters.split(',').filter(|voter| *voter == own).count(), 1, "{voters}");
        assert_eq!(voters.split(',').count(), 3);
        for (variable_name, value) in [
            ("KAFKA_PROCESS_ROLES", "broker,controller"),
            ("KAFKA_LISTENERS", "BROKER://:9092,CONTROLLER://:9093"),
            ("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false"),
            ("KAFKA_UNCLEAN_LEADER_ELECTION_ENABLE", "false"),
            ("KAFKA_DEFAULT_REPLICATION_FACTOR", "3"),
            ("KAFKA_MIN_INSYNC_REPLICAS", "2"),
        ] {
            assert_eq!(variable(broker, variable_name), value, "{name}");
        }
        // A cluster's id is 16 bytes in base64 for URLs, without padding.
        assert_eq!(variable(broker, "CLUSTER_ID").len(), 22);
        let data = variable(broker, "KAFKA_LOG_DIRS");
        assert_eq!(texts(&broker["volumes"]), [format!("{name}:{data}")]);
        environment(broker);
    }
}

#[test]
fn volumes_and_secrets_are_declared_and_each_is_used() {
    let compose = compose();
    let used = |field: &str| -> BTreeSet<String> {
        let all = services(&compose).values().flat_map(|service| texts(&service[field]));
        all.map(|text| text.split(':').next().unwrap().to_owned()).collect()
    };
    let declared = |field: &str| -> BTreeSet<String> {
        compose[field].as_object().unwrap().keys().cloned().collect()
    };
    for field in ["volumes", "secrets"] {
        assert_eq!(used(field), declared(field));
    }
    // What is secret is made by whoever starts, as the file says, and is kept out of everything.
    for (name, secret) in compose["secrets"].as_object().unwrap() {
        let file = secret["file"].as_str().unwrap();
        assert!(COMPOSE.contains(&format!("> {file}\n")), "{name}");
        let (folder, _) = file.split_once('/').unwrap();
        let ignored = |list: &str| {
            let list = std::fs::read_to_string(root().join(list)).unwrap();
            list.lines().any(|line| line.trim_matches('/') == folder)
        };
        assert!(ignored(".gitignore") && ignored(".dockerignore"));
    }
}

/// The commands that the binary says it has.
fn commands(binary: &mut Command) -> BTreeSet<String> {
    let output = binary.arg("--help").output().unwrap();
    assert!(output.status.success());
    let help = String::from_utf8(output.stdout).unwrap();
    let lines = help.split("Commands:\n").nth(1).unwrap().lines();
    let lines = lines.take_while(|line| !line.is_empty());
    // A line that goes on is indented further.
    let commands = lines.filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
    commands.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[tokio::test]
async fn commands_are_those_of_the_binary() {
    let compose = compose();
    let system = System::prepare(Log::Postgres).await;
    let known = commands(&mut system.command(&[]));
    assert!(known.contains("serve") && !known.contains("Serve"), "{known:?}");
    let is_known = |arguments: &[&str]| {
        assert!(known.contains(arguments[0]), "{arguments:?} is none of {known:?}");
        let help: Vec<&str> = arguments.iter().copied().chain(["--help"]).collect();
        assert!(system.command(&help).output().unwrap().status.success(), "{arguments:?}");
    };
    for (name, service) in ours(&compose) {
        is_known(&texts(&service["command"]));
        let check = texts(&service["healthcheck"]["test"]);
        if let [kind, program, arguments @ ..] = check.as_slice() {
            assert_eq!((*kind, *program), ("CMD", "fullmakt"), "{name}");
            is_known(arguments);
        }
    }
    let list = |instruction: &str| -> Vec<String> {
        let line = DOCKERFILE.lines().rev().find(|line| line.contains(instruction)).unwrap();
        let list = line.split(instruction).nth(1).unwrap();
        serde_json::from_str(list).unwrap()
    };
    assert_eq!(list("ENTRYPOINT "), ["fullmakt"]);
    let own = list("CMD ");
    is_known(&own.iter().map(String::as_str).collect::<Vec<_>>());
    let check = DOCKERFILE.lines().find(|line| line.starts_with("HEALTHCHECK")).unwrap();
    assert!(check.ends_with("CMD [\"fullmakt\", \"ready\"]"), "{check}");
}

#[test]
fn the_image_is_built_from_this_workspace_and_does_not_run_as_root() {
    let workspace = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let version = workspace.lines().find_map(|line| line.strip_prefix("rust-version = ")).unwrap();
    let version = version.trim_matches('"');
    assert!(DOCKERFILE.contains(&format!("FROM rust:{version}-bookworm AS build")));
    // Both stages have the same system, so that the libraries are the same.
    assert!(DOCKERFILE.contains("FROM debian:bookworm-slim"));
    assert!(DOCKERFILE.contains("--package fullmakt\n") && DOCKERFILE.contains("--locked"));
    let user = DOCKERFILE.lines().position(|line| line == "USER fullmakt").unwrap();
    let last_run = DOCKERFILE.lines().position(|line| line.contains("useradd")).unwrap();
    assert!(user > last_run);
    for line in DOCKERFILE.lines().filter(|line| line.starts_with("FROM ")) {
        let image = line.split(' ').nth(1).unwrap();
        assert!(!image.contains(['/']) && image.contains(':'), "{image}");
    }
}

#[tokio::test]
async fn a_server_is_asked_as_a_container_is() {
    let mut system = System::start(Log::Postgres).await;
    let address = system.base().strip_prefix("http://").unwrap().to_owned();
    system.set("FULLMAKT_HTTP__ADDRESS", address);
    assert!(system.command(&["ready"]).status().unwrap().success());
    system.stop();
    let output = system.command(&["ready"]).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("does not answer"));
}
