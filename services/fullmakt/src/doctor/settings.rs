//! Settings that can be used, and perhaps should not.

use fullmakt_config::Configuration;

use super::report::Report;
use crate::issuers;

pub(super) fn examine(configuration: &Configuration, report: &mut Report) {
    report.ok(
        "configuration",
        format!("ledger `{}`, kept in {}", configuration.ledger.name, log(configuration)),
    );
    demonstration(configuration, report);
    let http = &configuration.http;
    match &http.public_address {
        Some(address) => report.ok("configuration.address", format!("clients use {address}")),
        None if http.address.ip().is_loopback() => {
            report.ok("configuration.address", "clients are on this machine");
        }
        None => report.warning(
            "configuration.address",
            format!("the server listens on {} and does not know its public address", http.address),
            "set `http.public_address`, from which links and the issuer of tokens are made",
        ),
    }
    issuers(configuration, report);
}

fn log(configuration: &Configuration) -> String {
    match configuration.log.kind {
        fullmakt_config::LogKind::Kafka => {
            format!("Kafka at {}", configuration.log.kafka.bootstrap_servers)
        }
        fullmakt_config::LogKind::Postgres => "PostgreSQL".to_owned(),
    }
}

fn demonstration(configuration: &Configuration, report: &mut Report) {
    let name = "configuration.demo";
    let address = configuration.http.address;
    if !configuration.demo {
        report.ok(name, "no test tokens, no invented data");
    } else if address.ip().is_loopback() {
        report.warning(
            name,
            "this is a demonstration: test tokens for everybody on this machine",
            "set `demo` to false where anything real is kept",
        );
    } else {
        report.failed(
            name,
            format!("a demonstration cannot listen on {address}"),
            "set `demo` to false, or `http.address` to a loopback address",
        );
    }
}

fn issuers(configuration: &Configuration, report: &mut Report) {
    let name = "configuration.issuers";
    let mut trusted = Vec::new();
    for settings in &configuration.tokens.trusted_issuers {
        match issuers::issuer(settings) {
            Ok(issuer) => trusted.push(issuer.issuer),
            Err(error) => {
                report.failed(
                    name,
                    format!("`{}`: {}", settings.issuer, crate::chain(&error)),
                    "correct `tokens.trusted_issuers`",
                );
                return;
            }
        }
    }
    let seen = match trusted.as_slice() {
        [] => "only the installation's own tokens are trusted".to_owned(),
        others => format!("besides its own, tokens of {} are trusted", others.join(", ")),
    };
    report.ok(name, seen);
}
