//! Metrics, and the page they are read from.

use std::time::Duration;

use axum::{Router, http::header, routing::get};
use metrics_exporter_prometheus::{
    Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder,
};

use crate::TelemetryError;

/// The upper bounds of the buckets of all durations (seconds): from a cached decision to the
/// longest that a request may take.
const SECONDS: [f64; 16] = [
    0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
    1.0, 2.5, 10.0,
];

/// How often samples are sorted into their buckets, so that they do not pile up where nobody reads
/// the metrics.
const UPKEEP_INTERVAL: Duration = Duration::from_secs(5);

/// The metrics of this process.
#[derive(Debug, Clone)]
pub struct Metrics(PrometheusHandle);

/// Collects the metrics of this process.
///
/// # Errors
/// When metrics were installed before.
pub fn install_metrics() -> Result<Metrics, TelemetryError> {
    let recorder = recorder()?;
    let metrics = Metrics(recorder.handle());
    ::metrics::set_global_recorder(recorder).map_err(|_| TelemetryError::Installed)?;
    Ok(metrics)
}

impl Metrics {
    /// The metrics in Prometheus' text format.
    #[must_use]
    pub fn render(&self) -> String {
        self.0.render()
    }

    /// The route `GET /metrics`.
    pub fn routes<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        let metrics = self.clone();
        let page = async move || {
            ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], metrics.render())
        };
        Router::new().route("/metrics", get(page))
    }

    /// Sorts samples into their buckets from time to time, for ever. Run it as a task.
    pub async fn keep_up(self) {
        let mut interval = tokio::time::interval(UPKEEP_INTERVAL);
        loop {
            interval.tick().await;
            self.0.run_upkeep();
        }
    }
}

pub(crate) fn recorder() -> Result<PrometheusRecorder, TelemetryError> {
    let builder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS)
        .map_err(TelemetryError::Recorder)?;
    Ok(builder.build_recorder())
}

#[cfg(test)]
mod tests;
