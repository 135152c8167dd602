//! Why the process cannot go on.

use fullmakt_commands::import::{EntitiesError, ImportFailure, PublishError};
use fullmakt_config::ConfigError;
use fullmakt_eventlog::{CopyError, OpenError};
use fullmakt_events::{Position, StreamName, StreamNameError};
use fullmakt_ledger::LedgerError;
use fullmakt_pep::IssuerError;
use fullmakt_readstore::{DatabaseError, MigrateError, ProjectorError, RebuildError};
use fullmakt_telemetry::TelemetryError;
use fullmakt_vault::VaultError;

/// Why the process cannot go on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StartError {
    #[error("the configuration cannot be used")]
    Configuration(#[from] ConfigError),
    #[error("telemetry cannot be installed")]
    Telemetry(#[from] TelemetryError),
    #[error("input or output failed")]
    Io(#[source] std::io::Error),
    #[error("the address cannot be listened on")]
    Listen(#[source] std::io::Error),
    #[error("the log cannot be opened")]
    Log(#[from] OpenError),
    #[error("the ledger cannot be folded")]
    Ledger(#[from] LedgerError),
    #[error("the database cannot be used")]
    Database(#[from] DatabaseError),
    #[error("the database is not at the schema of this release; run `fullmakt migrate`")]
    Schema(#[source] MigrateError),
    #[error("the database cannot be brought to the schema of this release")]
    Migrate(#[source] MigrateError),
    #[error("the read models cannot be brought up to date")]
    Projector(#[from] ProjectorError),
    #[error("the read models cannot be rebuilt")]
    Rebuild(#[from] RebuildError),
    #[error("the rebuilt tables differ from the present ones, which were kept: {0}")]
    Difference(String),
    #[error("the server does not answer")]
    NoAnswer(#[source] reqwest::Error),
    #[error("the server is not ready: {0}")]
    NotReady(String),
    #[error("the database is not what the ledger gives")]
    NotTheLedger,
    #[error(
        "there is no log in the database; `fullmakt serve` begins one, and `postgres.url` says which \
         database is meant"
    )]
    NoLog,
    #[error(
        "the ledger of the source is named `{source_name}` and that of the destination \
         `{destination}`; a ledger keeps its name"
    )]
    OtherLedgerName { source_name: String, destination: String },
    #[error("the log was not copied")]
    Copy(#[from] CopyError),
    #[error("the identity vault cannot be used")]
    Vault(#[from] VaultError),
    #[error("a trusted issuer cannot be used")]
    Issuer(#[from] IssuerError),
    #[error("issuer `{0}` needs `keys_url` or `keys_file`, one of them")]
    IssuerKeys(String),
    #[error("an issuer's algorithm cannot be used")]
    Algorithm(#[from] fullmakt_pep::UnknownAlgorithm),
    #[error("the signing keys cannot be used")]
    Keys(#[from] fullmakt_tokens::SigningKeyError),
    #[error("the import failed")]
    Import(#[from] ImportFailure),
    #[error("the entities were not imported")]
    Entities(#[from] EntitiesError),
    #[error("the catalogues were not published")]
    Publish(#[from] PublishError),
    #[error(
        "`{0}` is the address of demonstrations on this machine only; set `http.address` to a \
             loopback address, or `demo` to false"
    )]
    DemoElsewhere(std::net::SocketAddr),
    #[error("the demonstration's own data cannot be used: {0}")]
    Demo(String),
    #[error("a resource of the demonstration was not imported: {0}")]
    DemoResource(String),
    #[error("`--stream` names no stream; name one as `org/310010014`")]
    NoStreamName(#[source] StreamNameError),
    #[error(
        "no commit up to position {last} has an event on stream `{stream}` of `--stream`; a commit's \
         streams are in the output without `--stream`"
    )]
    NothingOnStream { stream: StreamName, last: Position },
    #[error(
        "position {asked} of `--to` is beyond the end of the ledger; name {newest} or an earlier one, \
         or leave `--to` out"
    )]
    BeyondEnd { asked: Position, newest: Position },
    #[error("the log is empty; `fullmakt serve` begins a ledger in it")]
    EmptyLog,
    #[error("the ledger's name cannot be part of a topic's name: `{0}`")]
    LedgerName(String),
    #[error("{0} of the checks failed")]
    Unhealthy(usize),
    #[error("a part of the process ended: {0}")]
    Ended(&'static str),
}
