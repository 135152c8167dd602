use std::io::Write;

use super::*;
use crate::{DecisionLogMode, LogKind, TlsMode, TokenProfile};

/// What must be set.
const NEEDED: [(&str, &str); 3] = [
    ("FULLMAKT_POSTGRES__URL", "postgres://u:hunter2@127.0.0.1:5599/postgres"),
    ("FULLMAKT_VAULT__KEY_DIR", "/keys/vault"),
    ("FULLMAKT_TOKENS__KEY_DIR", "/keys/tokens"),
];

/// The configuration from this file and the needed variables, with these laid over them.
fn load(toml: &str, variables: &[(&str, &str)]) -> Result<Configuration, ConfigError> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(toml.as_bytes()).unwrap();
    let all = NEEDED.iter().chain(variables);
    let owned = all.map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Configuration::from_sources(Some(file.path()), owned)
}

fn refusal(toml: &str, variables: &[(&str, &str)]) -> String {
    load(toml, variables).unwrap_err().to_string()
}

#[test]
fn with_only_what_is_needed_the_rest_is_default() {
    let configuration = load("", &[]).unwrap();
    assert!(!configuration.demo);
    assert_eq!(configuration.http.address.to_string(), "127.0.0.1:8080");
    assert_eq!(configuration.log.kind, LogKind::Postgres);
    assert_eq!(configuration.ledger.name, "main");
    assert_eq!(configuration.decision_log.mode, DecisionLogMode::Required);
}

#[test]
fn what_is_needed_and_missing_is_named() {
    for (index, setting) in ["postgres.url", "vault.key_dir", "tokens.key_dir"].iter().enumerate() {
        let rest = NEEDED.iter().enumerate().filter(|(other, _)| *other != index);
        let rest = rest.map(|(_, (name, value))| ((*name).to_owned(), (*value).to_owned()));
        let error = Configuration::from_sources(None, rest).unwrap_err().to_string();
        assert!(error.starts_with(&format!("`{setting}` must be set")), "{error}");
    }
}

#[test]
fn the_environment_stands_before_the_file_and_the_file_before_the_defaults() {
    let toml = r#"
        [http]
        address = "127.0.0.1:1"
        timeout_seconds = 3
        public_address = "https://p.example"
    "#;
    let configuration = load(toml, &[("FULLMAKT_HTTP__ADDRESS", "0.0.0.0:2")]).unwrap();
    assert_eq!(configuration.http.address.to_string(), "0.0.0.0:2");
    assert_eq!(configuration.http.timeout_seconds, 3);
    assert_eq!(configuration.http.public_address.unwrap().as_str(), "https://p.example/");
    assert_eq!(configuration.http.body_bytes_max, 1024 * 1024);
}

#[test]
fn the_variables_of_the_development_environment_are_read() {
    let configuration = load(
        "",
        &[
            ("FULLMAKT_LOG__KIND", "kafka"),
            ("FULLMAKT_LOG__KAFKA__BOOTSTRAP_SERVERS", "127.0.0.1:9092,127.0.0.1:9093"),
            ("FULLMAKT_LOG__KAFKA__REPLICATION", "1"),
            ("FULLMAKT_LOG__KAFKA__MIN_INSYNC", "1"),
            ("FULLMAKT_LEDGER__NAME", "dev"),
            ("FULLMAKT_DEMO", "true"),
            ("FULLMAKT_TEST_POSTGRES", "postgres://not-a-setting"),
            ("PATH", "/bin"),
        ],
    )
    .unwrap();
    assert!(configuration.demo);
    assert_eq!(configuration.log.kind, LogKind::Kafka);
    assert_eq!(configuration.log.kafka.bootstrap_servers, "127.0.0.1:9092,127.0.0.1:9093");
    assert_eq!(configuration.ledger.name, "dev");
}

#[test]
fn unknown_settings_are_refused_and_named() {
    assert!(refusal("", &[("FULLMAKT_HTTP_ADDRESS", "x")]).contains("FULLMAKT_HTTP_ADDRESS"));
    assert!(refusal("", &[("FULLMAKT_HTTP__ADRESS", "x")]).contains("FULLMAKT_HTTP__ADRESS"));
    assert!(refusal("[http]\nadress = 1", &[]).contains("adress"));
    assert!(refusal("[htp]\n", &[]).contains("htp"));
    assert!(matches!(load("not toml", &[]), Err(ConfigError::Unreadable(_))));
}

#[test]
fn values_that_cannot_be_used_are_refused_with_the_setting() {
    for (name, value, setting) in [
        ("FULLMAKT_LEDGER__NAME", "Main", "ledger.name"),
        ("FULLMAKT_LEDGER__NAME", "a.b", "ledger.name"),
        ("FULLMAKT_LEDGER__HEARTBEAT_SECONDS", "30", "ledger.max_staleness_seconds"),
        ("FULLMAKT_LEDGER__HEARTBEAT_SECONDS", "0", "ledger.heartbeat_seconds"),
        ("FULLMAKT_LOG__KIND", "kafka", "log.kafka.bootstrap_servers"),
        ("FULLMAKT_HTTP__PUBLIC_ADDRESS", "https://a.example/path", "http.public_address"),
        ("FULLMAKT_HTTP__PUBLIC_ADDRESS", "ftp://a.example", "http.public_address"),
        ("FULLMAKT_POSTGRES__CONNECTIONS_MAX", "0", "postgres.connections_max"),
        ("FULLMAKT_HTTP__TIMEOUT_SECONDS", "0", "http.timeout_seconds"),
        ("FULLMAKT_PDP__BATCH_MAX", "0", "pdp.batch_max"),
        ("FULLMAKT_TOKENS__ACCESS_TOKEN_SECONDS", "0", "tokens.access_token_seconds"),
        ("FULLMAKT_TOKENS__ACCESS_TOKEN_SECONDS", "86401", "tokens.access_token_seconds"),
    ] {
        let error = refusal("", &[(name, value)]);
        assert!(error.starts_with(&format!("`{setting}` must")), "{name}={value}: {error}");
    }
    let toml = "[log]\nkind = \"kafka\"\nkafka = { bootstrap_servers = \"b:1\", min_insync = 4 }";
    assert!(refusal(toml, &[]).starts_with("`log.kafka.min_insync`"));
}

#[test]
fn certificates_are_trusted_only_where_they_are_looked_at() {
    let ca = ("FULLMAKT_POSTGRES__TLS_CA_FILE", "/ca.pem");
    for mode in ["off", "require"] {
        let error = refusal("", &[ca, ("FULLMAKT_POSTGRES__TLS", mode)]);
        assert!(error.starts_with("`postgres.tls_ca_file` must not be set"), "{error}");
    }
    let configuration = load("", &[ca, ("FULLMAKT_POSTGRES__TLS", "verify")]).unwrap();
    assert_eq!(configuration.postgres.tls, Some(TlsMode::Verify));
    assert_eq!(load("", &[ca]).unwrap().postgres.tls, None);
    assert!(refusal("", &[("FULLMAKT_POSTGRES__TLS", "prefer")]).contains("prefer"));
}

#[test]
fn a_secret_is_never_printed() {
    let toml = "[log.kafka.properties]\n\"sasl.password\" = \"hunter2\"";
    let configuration = load(toml, &[]).unwrap();
    assert_eq!(configuration.postgres.url.reveal(), NEEDED[0].1);
    assert_eq!(configuration.log.kafka.properties["sasl.password"].reveal(), "hunter2");
    let json = serde_json::to_string(&configuration).unwrap();
    let printed = format!("{configuration:?} {configuration:#?} {json}");
    assert!(printed.contains("***") && !printed.contains("hunter2"), "{printed}");
}

#[test]
fn a_secret_that_is_no_text_is_refused_without_repeating_it() {
    for value in ["12345678", "1.2345678", "-12345678", "[12345678]"] {
        let error = refusal("", &[("FULLMAKT_POSTGRES__URL", value)]);
        assert!(error.contains("FULLMAKT_POSTGRES__URL"), "{error}");
        assert!(!error.contains("2345678"), "{error}");
    }
}

#[test]
fn a_secret_in_the_wrong_place_is_not_repeated() {
    for (name, value) in [
        ("FULLMAKT_POSTGRES", "postgres://u:hunter2@h/d"),
        ("FULLMAKT_LOG__KAFKA__PROPERTIES", r#"{"sasl.password"="hunter2""#),
        ("FULLMAKT_POSTGRES__CONNECTIONS_MAX", "hunter2"),
    ] {
        let error = refusal("", &[(name, value)]);
        assert!(error.contains("found a text") && error.contains(name), "{error}");
        assert!(!error.contains("hunter2"), "{error}");
    }
    for broken in [
        "[postgres]\nurl = \"postgres://u:hunter2@h/d",
        "[postgres]\nurl = postgres://u:hunter2@h/d",
        "log = \"hunter2\"",
    ] {
        let error = refusal(broken, &[]);
        assert!(!error.contains("hunter2") && !error.contains('\n'), "{error}");
        assert!(error.contains("TOML") || error.contains("log"), "{error}");
    }
}

#[test]
fn a_secret_can_be_given_as_a_file_but_not_in_both_ways() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("url");
    std::fs::write(&path, "postgres://from-file\n").unwrap();
    let file = ("FULLMAKT_POSTGRES__URL_FILE".to_owned(), path.to_str().unwrap().to_owned());
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let without_url: Vec<_> = NEEDED[1..].iter().map(owned).chain([file.clone()]).collect();
    let configuration = Configuration::from_sources(None, without_url.clone()).unwrap();
    assert_eq!(configuration.postgres.url.reveal(), "postgres://from-file");
    let both: Vec<_> = NEEDED.iter().map(owned).chain([file]).collect();
    let error = Configuration::from_sources(None, both).unwrap_err().to_string();
    assert!(error.contains("both set"), "{error}");
    std::fs::remove_file(&path).unwrap();
    let error = Configuration::from_sources(None, without_url).unwrap_err();
    assert!(matches!(error, ConfigError::SecretFile { setting: "postgres.url", .. }));
}

#[test]
fn the_databases_password_can_be_given_apart_from_its_address() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("password");
    std::fs::write(&path, "hunter2\n").unwrap();
    let file = path.to_str().unwrap();
    let configuration = load("", &[("FULLMAKT_POSTGRES__PASSWORD_FILE", file)]).unwrap();
    assert_eq!(configuration.postgres.password.reveal(), "hunter2");
    assert!(!format!("{configuration:?}").contains("hunter2"));
    let both =
        [("FULLMAKT_POSTGRES__PASSWORD_FILE", file), ("FULLMAKT_POSTGRES__PASSWORD", "other")];
    assert!(refusal("", &both).contains("both set"));
}

#[test]
fn trusted_issuers_are_read_and_checked() {
    let issuer = r#"
        [[tokens.trusted_issuers]]
        issuer = "https://maskinporten.example/"
        profile = "maskinporten"
        keys_url = "https://maskinporten.example/jwk"
    "#;
    let configuration = load(issuer, &[]).unwrap();
    let read = &configuration.tokens.trusted_issuers[0];
    assert_eq!(
        (read.profile, read.algorithms.as_slice()),
        (TokenProfile::Maskinporten, &["RS256".to_owned()][..])
    );
    assert!(refusal(&format!("{issuer}{issuer}"), &[]).contains("twice"));
    assert!(refusal(&format!("{issuer}keys_file = \"/k\""), &[]).contains("either"));
    assert!(refusal(&format!("{issuer}algorithms = []"), &[]).contains("algorithms"));
    assert!(refusal(&format!("{issuer}audience = \"x\""), &[]).contains("audience"));
}

#[test]
fn an_issuer_of_persons_and_the_scopes_of_partners_are_read_and_checked() {
    let toml = r#"
        [tokens]
        partner_scopes = ["partner:read"]
        [[tokens.trusted_issuers]]
        issuer = "https://idporten.example"
        profile = "id_porten"
        keys_file = "/keys/id-porten.json"
    "#;
    let tokens = load(toml, &[]).unwrap().tokens;
    assert_eq!(tokens.partner_scopes, ["partner:read"]);
    assert_eq!(tokens.trusted_issuers[0].profile, TokenProfile::IdPorten);
    for scopes in ["[\"\"]", "[\"a b\"]"] {
        let error = refusal(&format!("[tokens]\npartner_scopes = {scopes}"), &[]);
        assert!(error.starts_with("`tokens.partner_scopes` must"), "{error}");
    }
}

#[test]
fn a_file_that_is_named_must_be_there() {
    let error = Configuration::from_sources(Some(Path::new("/no/such.toml")), []).unwrap_err();
    assert!(matches!(error, ConfigError::NoFile(_)));
}
