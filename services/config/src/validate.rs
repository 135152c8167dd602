//! What a configuration must be beyond being readable.

use std::collections::BTreeSet;

use url::Url;

use crate::{ConfigError, Configuration, IssuerSettings, LogKind, TlsMode};

/// The most characters of a ledger's name, which becomes part of the names of topics.
const LEDGER_NAME_CHARS_MAX: usize = 50;
/// The most days that decisions are indexed for: each is a partition of the table.
const INDEX_DAYS_MAX: u32 = 3_650;
/// The longest that our own tokens may be valid, in seconds.
const TOKEN_SECONDS_MAX: u64 = 86_400;

impl Configuration {
    /// Checks what can be checked without asking anybody.
    ///
    /// # Errors
    /// The first setting that cannot be used.
    pub fn validate(&self) -> Result<(), ConfigError> {
        self.validate_http()?;
        check(self.limits.connections_max > 0, "limits.connections_max", "must be above 0")?;
        let head_timeout = self.limits.head_timeout_seconds;
        check(head_timeout > 0, "limits.head_timeout_seconds", "must be above 0")?;
        self.validate_postgres()?;
        self.validate_log()?;
        self.validate_ledger()?;
        self.validate_tokens()?;
        let key_dir = self.vault.key_dir.as_os_str();
        check(!key_dir.is_empty(), "vault.key_dir", "must be set: the folder of the vault's keys")?;
        check(self.decision_log.queue_max > 0, "decision_log.queue_max", "must be above 0")?;
        let days = self.decision_log.index_retention_days;
        let is_fit = (1..=INDEX_DAYS_MAX).contains(&days);
        check(is_fit, "decision_log.index_retention_days", "must be 1 to 3,650")?;
        check(self.pdp.batch_max > 0, "pdp.batch_max", "must be above 0")
    }

    fn validate_http(&self) -> Result<(), ConfigError> {
        let http = &self.http;
        check(http.body_bytes_max > 0, "http.body_bytes_max", "must be above 0")?;
        check(http.timeout_seconds > 0, "http.timeout_seconds", "must be above 0")?;
        let is_plain = http.public_address.as_ref().is_none_or(is_base);
        let reason = "must be `http://` or `https://`, a host and nothing after it";
        check(is_plain, "http.public_address", reason)
    }

    fn validate_postgres(&self) -> Result<(), ConfigError> {
        let postgres = &self.postgres;
        let reason = "must be set, such as `postgres://fullmakt@127.0.0.1:5432/fullmakt`";
        check(!postgres.url.is_empty(), "postgres.url", reason)?;
        check(postgres.connections_max > 0, "postgres.connections_max", "must be above 0")?;
        let is_used =
            postgres.tls_ca_file.is_none() || matches!(postgres.tls, None | Some(TlsMode::Verify));
        let reason = "must not be set where `postgres.tls` does not say `verify`";
        check(is_used, "postgres.tls_ca_file", reason)?;
        let timeout = postgres.statement_timeout_seconds;
        check(timeout > 0, "postgres.statement_timeout_seconds", "must be above 0")?;
        check(postgres.lock_timeout_seconds > 0, "postgres.lock_timeout_seconds", "must be above 0")
    }

    fn validate_log(&self) -> Result<(), ConfigError> {
        let kafka = &self.log.kafka;
        match self.log.kind {
            LogKind::Postgres => return Ok(()),
            LogKind::Kafka => {}
        }
        let setting = "log.kafka.bootstrap_servers";
        check(
            !kafka.bootstrap_servers.is_empty(),
            setting,
            "must be set for `log.kind = \"kafka\"`",
        )?;
        check(kafka.replication > 0, "log.kafka.replication", "must be above 0")?;
        let is_possible = kafka.min_insync > 0 && kafka.min_insync <= kafka.replication;
        let reason = "must be above 0 and not above `log.kafka.replication`";
        check(is_possible, "log.kafka.min_insync", reason)
    }

    fn validate_ledger(&self) -> Result<(), ConfigError> {
        let ledger = &self.ledger;
        let is_name = (1..=LEDGER_NAME_CHARS_MAX).contains(&ledger.name.len())
            && ledger
                .name
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        check(is_name, "ledger.name", "must be 1 to 50 small letters, digits and `-`")?;
        check(ledger.heartbeat_seconds > 0, "ledger.heartbeat_seconds", "must be above 0")?;
        let is_longer = ledger.max_staleness_seconds > ledger.heartbeat_seconds;
        let reason = "must be above `ledger.heartbeat_seconds`, or an idle ledger looks stale";
        check(is_longer, "ledger.max_staleness_seconds", reason)
    }

    fn validate_tokens(&self) -> Result<(), ConfigError> {
        let tokens = &self.tokens;
        let key_dir = tokens.key_dir.as_os_str();
        check(
            !key_dir.is_empty(),
            "tokens.key_dir",
            "must be set: the folder of the signing keys",
        )?;
        let lifetime = tokens.access_token_seconds;
        check(
            (1..=TOKEN_SECONDS_MAX).contains(&lifetime),
            "tokens.access_token_seconds",
            "must be 1 to 86,400: signing keys are kept for that long after the next one signs",
        )?;
        let is_scope =
            |scope: &String| !scope.is_empty() && scope.bytes().all(|byte| byte.is_ascii_graphic());
        check(
            tokens.partner_scopes.iter().all(is_scope),
            "tokens.partner_scopes",
            "must be scopes: visible ASCII characters without spaces",
        )?;
        let mut seen = BTreeSet::new();
        for (index, issuer) in tokens.trusted_issuers.iter().enumerate() {
            issuer.validate(&format!("tokens.trusted_issuers[{index}]"))?;
            let is_new = seen.insert((&issuer.issuer, issuer.profile));
            check(is_new, "tokens.trusted_issuers", "has the same issuer and profile twice")?;
        }
        Ok(())
    }
}

impl IssuerSettings {
    fn validate(&self, setting: &str) -> Result<(), ConfigError> {
        check(!self.issuer.is_empty(), &format!("{setting}.issuer"), "must be set")?;
        let has_one_source = self.keys_url.is_some() != self.keys_file.is_some();
        check(has_one_source, setting, "must have either `keys_url` or `keys_file`")?;
        let algorithms = format!("{setting}.algorithms");
        check(!self.algorithms.is_empty(), &algorithms, "must name at least one")
    }
}

fn is_base(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
        && url.host().is_some()
        && matches!(url.path(), "" | "/")
        && url.query().is_none()
        && url.fragment().is_none()
        && url.username().is_empty()
        && url.password().is_none()
}

fn check(holds: bool, setting: &str, reason: &str) -> Result<(), ConfigError> {
    if holds {
        return Ok(());
    }
    Err(ConfigError::Invalid { setting: setting.to_owned(), reason: reason.to_owned() })
}
