//! Configuration: defaults, then `fullmakt.toml`, then `FULLMAKT_…` variables.
//!
//! A setting `address` of section `http` is the variable `FULLMAKT_HTTP__ADDRESS`: two underscores
//! stand between a section and what is in it. Secrets can be given as files (`…_file`), and are
//! never printed.

mod load;
mod schema;
mod secret;
mod sections;
mod validate;

pub use load::ConfigError;
pub use secret::Secret;
pub use sections::{
    DecisionLogMode, DecisionLogSettings, HttpSettings, IssuerSettings, KafkaSettings,
    LedgerSettings, LimitSettings, LogFormat, LogKind, LogSettings, PdpSettings, PostgresSettings,
    TelemetrySettings, TlsMode, TokenProfile, TokenSettings, VaultSettings,
};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Everything that can be set.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, Default, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Configuration {
    /// Whether this is a demonstration: invented data, test tokens for everybody, no protection.
    pub demo: bool,
    /// The HTTP server.
    pub http: HttpSettings,
    /// What callers may ask of it.
    pub limits: LimitSettings,
    /// The database.
    pub postgres: PostgresSettings,
    /// The log that the ledger is kept in.
    pub log: LogSettings,
    /// The ledger.
    pub ledger: LedgerSettings,
    /// The identity vault.
    pub vault: VaultSettings,
    /// Tokens: whose are trusted, and our own.
    pub tokens: TokenSettings,
    /// The log of decisions.
    pub decision_log: DecisionLogSettings,
    /// The decision point.
    pub pdp: PdpSettings,
    /// Logs.
    pub telemetry: TelemetrySettings,
}
