//! The sections of the configuration, with their defaults.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr},
    path::PathBuf,
};

use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;

use crate::Secret;

/// The HTTP server.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct HttpSettings {
    /// Where to listen. Default `127.0.0.1:8080`.
    #[schema(value_type = String)]
    pub address: SocketAddr,
    /// The address as clients reach it, for links in answers, such as
    /// `https://platform.example.no`. Default: what the request says.
    #[schema(value_type = Option<String>, format = "uri")]
    pub public_address: Option<Url>,
    /// The most bytes of a body, where a route sets no limit of its own. Default 1 MiB.
    pub body_bytes_max: usize,
    /// How long a request may take until its answer begins (seconds). Default 10.
    pub timeout_seconds: u64,
}

impl Default for HttpSettings {
    fn default() -> Self {
        Self {
            address: (Ipv4Addr::LOCALHOST, 8080).into(),
            public_address: None,
            body_bytes_max: 1024 * 1024,
            timeout_seconds: 10,
        }
    }
}

/// What each caller, and all of them together, may ask of the server.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LimitSettings {
    /// How many requests of one caller are answered in a second by this process; twice as many may
    /// come at once. Further ones are answered 429. A caller is a client of the token issuer, a
    /// person, or a component of the platform. Default 500; 0 is no limit.
    pub requests_per_second: u32,
    /// The same for some clients, by their client id.
    pub clients: BTreeMap<String, u32>,
    /// The most connections at a time; further ones wait. Default 10,000.
    pub connections_max: usize,
    /// How long the line and headers of a request may take to arrive, and how long a connection may
    /// be idle (seconds). Default 30.
    pub head_timeout_seconds: u64,
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self {
            requests_per_second: 500,
            clients: BTreeMap::new(),
            connections_max: 10_000,
            head_timeout_seconds: 30,
        }
    }
}

/// The database: read models, the identity vault and, if so chosen, the log.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PostgresSettings {
    /// The address, such as `postgres://fullmakt:…@127.0.0.1:5432/fullmakt`. Must be set.
    #[schema(value_type = String, format = Password)]
    pub url: Secret,
    /// A file with the address, instead of `url`.
    #[schema(value_type = Option<String>)]
    pub url_file: Option<PathBuf>,
    /// The password, instead of one in the address.
    #[schema(value_type = String, format = Password)]
    pub password: Secret,
    /// A file with the password, instead of `password`.
    #[schema(value_type = Option<String>)]
    pub password_file: Option<PathBuf>,
    /// How connections are encrypted, whatever `sslmode` the address says. Default: `off` on this
    /// machine, `verify` to any other.
    pub tls: Option<TlsMode>,
    /// A file of certificates (PEM) that are trusted with `verify`. Default: those that the machine
    /// trusts.
    #[schema(value_type = Option<String>)]
    pub tls_ca_file: Option<PathBuf>,
    /// The most connections of a pool. Default 16.
    pub connections_max: usize,
    /// How long a statement may take (seconds). Default 10.
    pub statement_timeout_seconds: u64,
    /// How long a statement may wait for a lock (seconds). Default 5.
    pub lock_timeout_seconds: u64,
}

impl Default for PostgresSettings {
    fn default() -> Self {
        Self {
            url: Secret::default(),
            url_file: None,
            password: Secret::default(),
            password_file: None,
            tls: None,
            tls_ca_file: None,
            connections_max: 16,
            statement_timeout_seconds: 10,
            lock_timeout_seconds: 5,
        }
    }
}

/// How connections are encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TlsMode {
    /// Not at all.
    Off,
    /// Always, with whoever answers.
    Require,
    /// Always, with a server whose certificate is for its name and from somebody who is trusted.
    Verify,
}

/// The log that the ledger is kept in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, Default, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LogSettings {
    /// Which log. Default `postgres`, so that one machine needs nothing else.
    pub kind: LogKind,
    /// Kafka's settings, used if `kind` is `kafka`.
    pub kafka: KafkaSettings,
}

/// The kinds of log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, Default, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogKind {
    /// Apache Kafka.
    Kafka,
    /// A table of the database.
    #[default]
    Postgres,
}

/// Kafka's settings.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct KafkaSettings {
    /// Brokers to begin with, `host:port`, separated by commas. Must be set if `log.kind` is
    /// `kafka`.
    pub bootstrap_servers: String,
    /// How many brokers hold each record. Default 3.
    pub replication: u16,
    /// How many of them must have it before it counts as written. Default 2.
    pub min_insync: u16,
    /// Further properties of the client library, such as `"security.protocol"`. Their values are
    /// treated as secrets.
    #[schema(value_type = BTreeMap<String, String>)]
    pub properties: BTreeMap<String, Secret>,
}

impl Default for KafkaSettings {
    fn default() -> Self {
        Self {
            bootstrap_servers: String::new(),
            replication: 3,
            min_insync: 2,
            properties: BTreeMap::new(),
        }
    }
}

/// The ledger.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct LedgerSettings {
    /// Its name, part of the names of topics: small letters, digits and `-`. Default `main`.
    pub name: String,
    /// How often somebody shows that the log is alive while it is idle (seconds). Default 10.
    pub heartbeat_seconds: u64,
    /// How old the newest record may be before the decision point stops answering (seconds).
    /// Default 30.
    pub max_staleness_seconds: u64,
}

impl Default for LedgerSettings {
    fn default() -> Self {
        Self { name: "main".to_owned(), heartbeat_seconds: 10, max_staleness_seconds: 30 }
    }
}

/// The identity vault.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, Default, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct VaultSettings {
    /// The folder of the keys. Must be set. Back it up apart from the database, and keep its
    /// backups no longer than an erasure may take.
    #[schema(value_type = String)]
    pub key_dir: PathBuf,
}

/// Tokens: whose are trusted, and our own.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TokenSettings {
    /// The issuer of our own tokens. Default: `http.public_address`.
    #[schema(value_type = Option<String>, format = "uri")]
    pub issuer: Option<Url>,
    /// The folder of the keys that our own tokens are signed with, which all servers share. Must be
    /// set. `fullmakt keys` works on it.
    #[schema(value_type = String)]
    pub key_dir: PathBuf,
    /// How long our own tokens are valid (seconds). Default 120, at most 86,400.
    pub access_token_seconds: u64,
    /// The scopes beside those that begin with `altinn:` with one of which a person's token is
    /// exchanged at `/authentication/api/v1/exchange/id-porten`. Default: none.
    pub partner_scopes: Vec<String>,
    /// The issuers whose tokens are trusted, beside ourselves.
    pub trusted_issuers: Vec<IssuerSettings>,
}

impl Default for TokenSettings {
    fn default() -> Self {
        Self {
            issuer: None,
            key_dir: PathBuf::new(),
            access_token_seconds: 120,
            partner_scopes: Vec::new(),
            trusted_issuers: Vec::new(),
        }
    }
}

/// An issuer whose tokens are trusted.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IssuerSettings {
    /// The `iss` of its tokens, compared exactly.
    pub issuer: String,
    /// What its tokens are believed about.
    pub profile: TokenProfile,
    /// The audiences that are us. Where none is given, `aud` is not looked at.
    #[serde(default)]
    pub audiences: Vec<String>,
    /// The address of its keys (a JWK set): https, or http on this machine.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = "uri")]
    pub keys_url: Option<Url>,
    /// A file with its keys, instead of `keys_url`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub keys_file: Option<PathBuf>,
    /// The algorithms it may sign with. Default `["RS256"]`.
    #[serde(default = "default_algorithms")]
    pub algorithms: Vec<String>,
}

fn default_algorithms() -> Vec<String> {
    vec!["RS256".to_owned()]
}

/// What an issuer's tokens are believed about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TokenProfile {
    /// Organisations and their system users.
    Maskinporten,
    /// Persons who have logged in, by their national identity number. Their tokens are exchanged at
    /// `/authentication/api/v1/exchange/id-porten`, and good for nothing else.
    IdPorten,
    /// Organisations, system users and persons.
    Platform,
    /// Components of the platform, in the `PlatformAccessToken` header.
    PlatformAccess,
}

/// The log of decisions.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DecisionLogSettings {
    /// Whether decisions wait for the log. Default `required`.
    pub mode: DecisionLogMode,
    /// The most decisions that wait to be logged in mode `async`. Default 10,000.
    pub queue_max: usize,
    /// For how many days decisions can be found and computed again (`/fullmakt/v1/decisions`). Older
    /// ones are dropped from the index; the log itself keeps them. Default 365.
    pub index_retention_days: u32,
}

impl Default for DecisionLogSettings {
    fn default() -> Self {
        Self { mode: DecisionLogMode::default(), queue_max: 10_000, index_retention_days: 365 }
    }
}

/// Whether decisions wait for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, Default, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DecisionLogMode {
    /// A decision is answered only after the log has it.
    #[default]
    Required,
    /// Decisions are logged soon after; where that fails, the log says how many are missing.
    Async,
}

/// The decision point.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PdpSettings {
    /// The most decisions in one request. Default 1,000.
    pub batch_max: usize,
}

impl Default for PdpSettings {
    fn default() -> Self {
        Self { batch_max: 1_000 }
    }
}

/// Logs.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct TelemetrySettings {
    /// The form of log lines. Default `text`.
    pub format: LogFormat,
    /// Which lines are written, such as `info` or `info,fullmakt_ledger=debug`. Default `info`.
    pub filter: String,
}

impl Default for TelemetrySettings {
    fn default() -> Self {
        Self { format: LogFormat::default(), filter: "info".to_owned() }
    }
}

/// The form of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, Default, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// One JSON object a line, for machines.
    Json,
    /// For people.
    #[default]
    Text,
}
