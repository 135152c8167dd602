//! What is set is kept to, what is secret stays so, and what is for one machine stays on it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::{collections::BTreeSet, process::Output};

use fullmakt_operations::eventually;
use fullmakt_scenarios::{Log, Scenario4, System, VAT_RETURN};

fn said(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    format!("{}{}", String::from_utf8_lossy(out), String::from_utf8_lossy(err))
}

/// What the binary says when it is started with these settings besides, and fails.
async fn refusal(settings: &[(&str, &str)]) -> String {
    let mut system = System::prepare(Log::Postgres).await;
    for (name, value) in settings {
        system.set(name, *value);
    }
    let output = system.command(&["serve"]).output().unwrap();
    assert!(!output.status.success(), "{}", said(&output));
    said(&output)
}

#[tokio::test]
async fn no_secret_is_printed_whatever_is_wrong_with_it() {
    const SECRET: &str = "hunter2hunter2";
    for url in [
        "postgres://u:hunter2hunter2@127.0.0.1:1/d",
        "postgres://u:hunter2hunter2@127.0.0.1:port/d",
        "postgres://u:hunter2hunter2@no-such-host.invalid/d",
        "postgres://u:hunter2hunter2@[::1/d",
        "postgres://u:hunter2hunter2@127.0.0.1:1/d?sslmode=verify-full",
        "postgres:/u:hunter2hunter2@127.0.0.1/d",
        "host=127.0.0.1 port=1 user=u password=hunter2hunter2",
        "host=127.0.0.1 pasword=hunter2hunter2",
        "host=127.0.0.1 password='hunter2hunter2",
    ] {
        let said = refusal(&[("FULLMAKT_POSTGRES__URL", url)]).await;
        assert!(!said.contains(SECRET), "{said}");
        assert!(said.contains("database"), "{said}");
    }
    let kafka = |properties: &'static str| async move {
        refusal(&[
            ("FULLMAKT_DEMO", "false"),
            ("FULLMAKT_LOG__KIND", "kafka"),
            ("FULLMAKT_LOG__KAFKA__BOOTSTRAP_SERVERS", "127.0.0.1:1"),
            ("FULLMAKT_LOG__KAFKA__PROPERTIES", properties),
        ])
        .await
    };
    for properties in [
        "{\"sasl.pasword\"=\"hunter2hunter2\"}",
        "{\"sasl.mechanism\"=\"hunter2hunter2\"}",
        "{\"ssl.key.password\"=\"hunter2hunter2\",\"ssl.key.location\"=\"/no/such\"}",
        "{\"sasl.password\"=12345678}",
        "hunter2hunter2",
    ] {
        let said = kafka(properties).await;
        assert!(!said.contains(SECRET) && !said.contains("12345678"), "{said}");
    }
}

#[tokio::test]
async fn a_demonstration_is_refused_off_this_machine_and_touches_nothing() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:8080"] {
        let mut system = System::prepare(Log::Postgres).await;
        system.set("FULLMAKT_HTTP__ADDRESS", address);
        let output = system.command(&["serve"]).output().unwrap();
        assert!(!output.status.success());
        let said = said(&output);
        assert!(said.contains(address) && said.contains("loopback"), "{said}");
        assert!(!said.contains("listening"), "{said}");
        // No schema was made, no key, no ledger begun.
        let rebuild = system.command(&["rebuild"]).output().unwrap();
        assert!(!rebuild.status.success());
        assert!(!system.folder().join("vault-keys").exists());
    }
}

#[tokio::test]
async fn without_a_demonstration_nobody_gets_test_tokens() {
    let mut system = System::start(Log::Postgres).await;
    let path = "/test-tokens/api/GetEnterpriseToken?orgNo=310090018&scopes=fullmakt:audit.read";
    let token = system.anonymous().get(path).await.expect(200).text();
    system.with_token(&token).get("/fullmakt/v1/commits").await.expect(200);
    system.stop();

    system.set("FULLMAKT_DEMO", "false");
    system.serve().await;
    system.anonymous().get(path).await.expect(404);
    // Nor is one of the demonstration's tokens believed: the issuer is the installation's own, and
    // the test tokens' is not among those that are trusted.
    system.with_token(&token).get("/fullmakt/v1/commits").await.expect(401);
}

#[tokio::test]
async fn every_metric_is_described_and_every_described_one_is_there() {
    let story = Scenario4::begin(Log::Postgres).await;
    let user = story.approved().await;
    assert_eq!(story.decision(&user, "read", VAT_RETURN).await, "Permit");
    // The lag is measured from time to time, and the index filled beside the answers.
    eventually("the lag is measured and the index filled", async || {
        let page = story.system.anonymous().get("/metrics").await.expect(200).text();
        page.contains("projection_lag_seconds") && page.contains("decision_index_records_total")
    })
    .await;
    let page = story.system.anonymous().get("/metrics").await.expect(200).text();
    let kinds = page.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    let found: BTreeSet<_> = kinds.filter_map(|line| line.split(' ').next()).collect();

    let readme = include_str!("../../../services/telemetry/README.md");
    let rows = readme.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let described: BTreeSet<_> =
        rows.filter(|name| !name.contains('.') && *name != "duration_ms").collect();
    // What nothing went wrong for is not there yet.
    let happy: BTreeSet<_> = described
        .iter()
        .copied()
        .filter(|name| {
            ![
                "log_conflicts_total",
                "decision_log_gaps_total",
                "decision_index_skipped_total",
                "invariant_violations_total",
            ]
            .contains(name)
        })
        .collect();
    assert_eq!(found, happy);
    for sample in [
        "commands_total{aggregate=\"agreement\",outcome=\"written\"}",
        "log_append_seconds_count{outcome=\"appended\"}",
        "projection_batch_seconds_count",
        "projection_lag_events",
        "projection_lag_seconds",
        "pdp_decisions_total{decision=\"Permit\"}",
        "pdp_evaluate_seconds_count",
    ] {
        assert!(page.lines().any(|line| line.starts_with(sample)), "{sample}: {page}");
    }
}
