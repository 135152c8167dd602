//! Issue 4: `fullmakt replay` refuses what is not there, and says what is.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Output;

use fullmakt_scenarios::{FJORDTORG, Log, Scenario4, System};

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn replay(system: &System, arguments: &[&str]) -> Output {
    let arguments: Vec<&str> = ["replay"].iter().chain(arguments).copied().collect();
    system.command(&arguments).output().unwrap()
}

/// What is said where nothing is printed.
fn refusal(system: &System, arguments: &[&str]) -> String {
    let output = replay(system, arguments);
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {output:?}");
    assert_eq!(text(&output.stdout), "", "{arguments:?}");
    text(&output.stderr)
}

async fn what_is_there_is_printed_and_what_is_not_is_refused(log: Log) {
    let mut story = Scenario4::begin(log).await;
    story.approved().await;
    story.system.stop();
    let system = &story.system;
    let all = text(&replay(system, &[]).stdout);
    let mut positions = all.lines().filter(|line| !line.starts_with(' '));
    let newest = positions.next_back().and_then(|line| line.split(' ').next()).unwrap();
    let newest: u64 = newest.parse().unwrap();

    // All there are, the last of them named, and the first alone.
    let output = replay(system, &["--to", &newest.to_string()]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(text(&output.stdout), all);
    let output = replay(system, &["--to", "0"]);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(text(&output.stdout).lines().count(), 1);

    for beyond in [newest + 1, u64::MAX] {
        let said = refusal(system, &["--to", &beyond.to_string()]);
        assert!(said.contains(&format!("position {beyond} of `--to`")), "{said}");
        assert!(said.contains(&format!("name {newest} or")), "{said}");
    }
    let stream = format!("agreement/{}/{}", story.system_id, FJORDTORG.org);
    assert!(replay(system, &["--stream", &stream]).status.success());
    let said = refusal(system, &["--stream", &stream, "--to", "0"]);
    assert!(said.contains("up to position 0") && said.contains(&stream), "{said}");
    let said = refusal(system, &["--stream", "org/000000000"]);
    assert!(said.contains("`org/000000000`"), "{said}");
    let said = refusal(system, &["--stream", "org"]);
    assert!(said.contains("`org` is not a stream name"), "{said}");
    let said = refusal(system, &["--config", "no-such-file.toml"]);
    assert!(said.contains("`no-such-file.toml`") && said.contains("`--config`"), "{said}");
    let import = ["import", "register", "--units", "/no/such/file"];
    let output = system.command(&import).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(text(&output.stderr).contains("/no/such/file"), "{output:?}");
}

#[tokio::test]
async fn what_is_there_is_printed_and_what_is_not_is_refused_on_postgres() {
    what_is_there_is_printed_and_what_is_not_is_refused(Log::Postgres).await;
}

#[tokio::test]
async fn what_is_there_is_printed_and_what_is_not_is_refused_on_kafka() {
    what_is_there_is_printed_and_what_is_not_is_refused(Log::Kafka).await;
}

#[tokio::test]
async fn without_a_ledger_there_is_nothing_to_print() {
    let system = System::prepare(Log::Postgres).await;
    let said = refusal(&system, &[]);
    assert!(said.contains("no log in the database"), "{said}");
    assert!(said.contains("`fullmakt serve`"), "{said}");
}
