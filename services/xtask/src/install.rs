//! What the system and its tests need on the machine, and how it gets there.

use crate::console::say;
use crate::failure::{Failure, Outcome};
use crate::shell::{self, announce_and_run, capture, find_program};
use crate::{java, postgres};
use rustix::process::geteuid;
use std::process::Command;
use std::time::Duration;

const APT_LIMIT: Duration = Duration::from_mins(20);
const PROBE_LIMIT: Duration = Duration::from_secs(30);

/// Something that must be on the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Need {
    /// A C and C++ compiler, make, and the libraries that the Kafka client is built with.
    BuildTools,
    /// The PostgreSQL server's own programs.
    Postgres,
    /// A Java runtime for the Kafka broker.
    Java,
    /// Maven, which fetches the Kafka broker.
    Maven,
    /// What the README's tour uses.
    TourTools,
    /// What cuts brokers off from each other, where one may.
    Network,
}

/// Installs what is missing; without the right to, fails with the command to type.
pub fn ensure(needs: &[Need]) -> Outcome {
    let missing = |needs: &[Need]| -> Vec<Need> {
        needs.iter().copied().filter(|need| !is_met(*need)).collect()
    };
    let wanted = missing(needs);
    if wanted.is_empty() {
        return Ok(());
    }
    if find_program("apt-get", &[]).is_none() {
        return Err(Failure::because(format!(
            "install by hand what is missing, this is no Debian: {}",
            name_all(&wanted)
        )));
    }
    if !is_root() {
        return Err(Failure::because(format!(
            "missing: {}. Installing needs root; type:\n\n    sudo apt-get update && sudo \
             apt-get install --yes --no-install-recommends {}\n",
            name_all(&wanted),
            packages(&wanted).join(" ")
        )));
    }
    say(format!("Missing: {}. Installing.", name_all(&wanted)));
    // One repository that cannot be reached does not matter if the packages are found all the same.
    let _status = shell::run_to_end(apt_get().args(["--quiet", "update"]), APT_LIMIT)?;
    announce_and_run(
        apt_get()
            .args(["--quiet", "install", "--yes", "--no-install-recommends"])
            .args(packages(&wanted)),
        APT_LIMIT,
    )?;
    let still = missing(needs);
    if still.is_empty() {
        Ok(())
    } else {
        Err(Failure::because(format!("installed, and still missing: {}", name_all(&still))))
    }
}

/// Whether the machine has it.
pub fn is_met(need: Need) -> bool {
    match need {
        Need::BuildTools => {
            let has_programs = ["cc", "c++", "make", "pkg-config"]
                .iter()
                .all(|name| find_program(name, &[]).is_some());
            let mut libraries = Command::new("pkg-config");
            libraries.args(["--exists", "openssl", "zlib"]);
            has_programs && capture(&mut libraries, PROBE_LIMIT).is_ok()
        }
        Need::Postgres => postgres::find_programs(None).is_ok(),
        Need::Java => java::find().is_some(),
        Need::Maven => find_program("mvn", &[]).is_some(),
        Need::TourTools => {
            ["bash", "curl", "jq"].iter().all(|name| find_program(name, &[]).is_some())
        }
        Need::Network => find_program("ip", &[]).is_some(),
    }
}

/// Adds a component of the Rust toolchain where it is missing, as for `cargo fmt`.
pub fn ensure_component(subcommand: &str, component: &str) -> Outcome {
    if capture(shell::cargo().args([subcommand, "--version"]), PROBE_LIMIT).is_ok() {
        return Ok(());
    }
    if find_program("rustup", &[]).is_none() {
        return Err(Failure::because(format!(
            "`cargo {subcommand}` is missing: install {component} from where your Rust came from"
        )));
    }
    announce_and_run(Command::new("rustup").args(["component", "add", component]), APT_LIMIT)
}

/// Whether this process may do everything.
pub fn is_root() -> bool {
    geteuid().is_root()
}

fn name(need: Need) -> &'static str {
    match need {
        Need::BuildTools => {
            "a C and C++ compiler, make, pkg-config and the headers of OpenSSL and zlib"
        }
        Need::Postgres => "the PostgreSQL server (14 or later)",
        Need::Java => "Java (17 or later)",
        Need::Maven => "Maven",
        Need::TourTools => "bash, curl and jq",
        Need::Network => "ip (iproute2)",
    }
}

fn name_all(needs: &[Need]) -> String {
    needs.iter().map(|need| name(*need)).collect::<Vec<_>>().join(", ")
}

fn packages(needs: &[Need]) -> Vec<String> {
    let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
    needs
        .iter()
        .flat_map(|need| match need {
            Need::BuildTools => {
                names(&["build-essential", "pkg-config", "libssl-dev", "zlib1g-dev"])
            }
            Need::Postgres => names(&["postgresql"]),
            Need::Java => vec![java_package()],
            Need::Maven => names(&["maven"]),
            Need::TourTools => names(&["bash", "curl", "jq", "ca-certificates"]),
            Need::Network => names(&["iproute2"]),
        })
        .collect()
}

/// The first Java that this release of Debian or Ubuntu has.
fn java_package() -> String {
    const NAMES: [&str; 3] =
        ["openjdk-17-jre-headless", "openjdk-21-jre-headless", "default-jre-headless"];
    let is_known = |name: &&&str| {
        capture(Command::new("apt-cache").args(["show", name]), PROBE_LIMIT)
            .is_ok_and(|text| !text.is_empty())
    };
    NAMES.iter().find(is_known).map_or("default-jre-headless", |name| *name).to_owned()
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    // Another apt on this machine, at its nightly work perhaps, is waited for.
    command.env("DEBIAN_FRONTEND", "noninteractive").args(["-o", "DPkg::Lock::Timeout=300"]);
    command
}
