//! What containers see of each other and of their files, and what stands for it on this machine.

use std::{
    collections::BTreeMap,
    fs::{self, DirBuilder},
    os::unix::fs::{DirBuilderExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    process::Command,
};

use fullmakt_faults::free_port;
use fullmakt_operations::compose::{COMPOSE, environment, services, texts};
use serde_json::Value;

use crate::kind::Kind;

/// Where each container has its secrets.
const SECRETS: &str = "/run/secrets";

/// One rule for every value: an address of a service becomes one of this machine, a path of a volume
/// or of a secret becomes one in a folder, and nothing else changes.
pub struct Here {
    /// The ports of this machine, by service and port of its container.
    ports: BTreeMap<(String, u16), u16>,
    /// The service and port behind each address that is published.
    published: BTreeMap<String, (String, u16)>,
    /// By service, what it sees of volumes and secrets.
    mounts: BTreeMap<String, BTreeMap<PathBuf, PathBuf>>,
}

impl Here {
    /// Makes volumes and secrets in this folder, and finds a port for each at which a service
    /// listens.
    pub fn prepare(compose: &Value, folder: &Path) -> Self {
        let secrets = make_secrets(compose, folder);
        let volumes = make_volumes(compose, folder);
        let mut here =
            Self { ports: BTreeMap::new(), published: BTreeMap::new(), mounts: BTreeMap::new() };
        for (name, service) in services(compose) {
            for port in Kind::of(service).ports(service) {
                here.ports.insert((name.clone(), port), free_port());
            }
            for published in texts(&service["ports"]) {
                let (outside, inside) = published.rsplit_once(':').expect(published);
                let inside = (name.clone(), inside.parse().expect(published));
                here.published.insert(outside.to_owned(), inside);
            }
            let own_volumes = texts(&service["volumes"]).into_iter().map(|volume| {
                let (volume, target) = volume.split_once(':').expect(volume);
                (PathBuf::from(target), volumes.join(volume))
            });
            let own_secrets = texts(&service["secrets"])
                .into_iter()
                .map(|secret| (Path::new(SECRETS).join(secret), secrets.join(secret)));
            here.mounts.insert(name.clone(), own_volumes.chain(own_secrets).collect());
        }
        here
    }

    /// Says that the service listens at this port of this machine.
    pub fn put(&mut self, service: &str, port: u16, here: u16) {
        self.ports.insert((service.to_owned(), port), here);
    }

    /// Where a service listens on this machine.
    pub fn port(&self, service: &str, port: u16) -> u16 {
        let here = self.ports.get(&(service.to_owned(), port));
        *here.unwrap_or_else(|| panic!("nobody listens at {service}:{port}"))
    }

    /// A value of a service, as it is here.
    pub fn value(&self, service: &str, value: &str) -> String {
        if value.starts_with('/') {
            return self.path(service, Path::new(value)).display().to_string();
        }
        let pieces = value.split_inclusive(|c: char| !is_of_an_address(c)).map(|piece| {
            let word = piece.trim_end_matches(|c: char| !is_of_an_address(c));
            self.address(service, word) + &piece[word.len()..]
        });
        pieces.collect()
    }

    /// The variables of a service, as they are here.
    pub fn environment(&self, name: &str, service: &Value) -> Vec<(String, String)> {
        let variables = environment(service).into_iter();
        variables.map(|(variable, value)| (variable, self.value(name, &value))).collect()
    }

    fn address(&self, service: &str, word: &str) -> String {
        let found = word.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?)));
        let Some((host, port)) = found else { return word.to_owned() };
        let port = match self.published.get(word) {
            Some((service, port)) => self.port(service, *port),
            None if ["", "0.0.0.0", "localhost"].contains(&host) => self.port(service, port),
            None => self.port(host, port),
        };
        format!("127.0.0.1:{port}")
    }

    fn path(&self, service: &str, path: &Path) -> PathBuf {
        let here = self.mounts[service].iter().find_map(|(mounted, here)| {
            let below = path.strip_prefix(mounted).ok()?;
            // What is joined with nothing ends with a slash.
            Some(if below == Path::new("") { here.clone() } else { here.join(below) })
        });
        here.unwrap_or_else(|| panic!("{} goes with the container {service}", path.display()))
    }
}

fn is_of_an_address(c: char) -> bool {
    c.is_ascii_alphanumeric() || ['.', '-', ':'].contains(&c)
}

/// Makes the secrets as the file says that they are made, and mounts them: where a container has
/// them, with what the original lets others do.
fn make_secrets(compose: &Value, folder: &Path) -> PathBuf {
    let project = folder.join("project");
    fs::create_dir(&project).expect("the folder is ours");
    let told = COMPOSE.lines().filter_map(|line| line.strip_prefix("#   "));
    for line in told.filter(|line| line.contains(" > secrets/")) {
        let made = Command::new("sh").args(["-ec", line]).current_dir(&project).status();
        assert!(made.expect("there is a shell").success(), "{line}");
    }
    let mounted = folder.join("secrets");
    fs::create_dir(&mounted).expect("the folder is ours");
    for (name, secret) in compose["secrets"].as_object().expect("there are secrets") {
        let original = project.join(secret["file"].as_str().expect("a file"));
        let copy = mounted.join(name);
        fs::copy(&original, &copy).expect("the secret was made");
        let mode = fs::metadata(&copy).expect("it was copied").permissions().mode();
        assert_eq!(mode & 0o044, 0o044, "other accounts cannot read {name}");
    }
    mounted
}

fn make_volumes(compose: &Value, folder: &Path) -> PathBuf {
    let volumes = folder.join("volumes");
    for volume in compose["volumes"].as_object().expect("there are volumes").keys() {
        let made = DirBuilder::new().recursive(true).mode(0o700).create(volumes.join(volume));
        made.expect("the folder is ours");
    }
    volumes
}
