//! The Java runtime that the Kafka broker runs on.

use crate::shell::{self, is_program};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The oldest Java that runs a Kafka 4 broker.
const OLDEST: u32 = 17;

const PROBE_LIMIT: Duration = Duration::from_secs(30);

/// A `java` program that is new enough: of `JAVA_HOME`, of PATH, or of the system's folder.
pub fn find() -> Option<PathBuf> {
    let home = std::env::var_os("JAVA_HOME").map(|home| Path::new(&home).join("bin/java"));
    let in_path = shell::find_program("java", &[]);
    let others = fs::read_dir("/usr/lib/jvm").into_iter().flatten().flatten();
    home.into_iter()
        .chain(in_path)
        .chain(others.map(|entry| entry.path().join("bin/java")))
        .find(|program| is_program(program) && is_new_enough(program))
}

fn is_new_enough(program: &Path) -> bool {
    // `-version` answers on standard error, `--version` on standard output.
    shell::capture(Command::new(program).arg("--version"), PROBE_LIMIT)
        .is_ok_and(|text| major_version(&text).is_some_and(|major| major >= OLDEST))
}

/// The 17 of `openjdk 17.0.15 2025-04-15`.
fn major_version(text: &str) -> Option<u32> {
    let version = text.split_whitespace().nth(1)?;
    version.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_is_read_from_what_java_says() {
        assert_eq!(major_version("openjdk 17.0.15 2025-04-15\nOpenJDK Runtime"), Some(17));
        assert_eq!(major_version("java 21 2023-09-19 LTS"), Some(21));
        assert_eq!(major_version("openjdk 24-ea 2025-03-18"), Some(24));
        assert_eq!(major_version("Unrecognized option: --version"), None);
        assert_eq!(major_version(""), None);
    }
}
