//! Logs, the canonical line of a request, and metrics. The fields and metrics are described in
//! `services/telemetry/README.md`.

mod logs;
mod metrics;
mod request;

pub use logs::{LogForm, install_logs};
pub use metrics::{Metrics, install_metrics};
pub use request::observe;

/// Why telemetry cannot be installed.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The filter is none.
    #[error("`{0}` is not a log filter, such as `info` or `info,fullmakt_ledger=debug`")]
    Filter(String),
    /// Logs or metrics were installed before.
    #[error("telemetry is installed already")]
    Installed,
    /// The metrics recorder cannot be made.
    #[error("the metrics recorder cannot be made")]
    Recorder(#[source] metrics_exporter_prometheus::BuildError),
}
