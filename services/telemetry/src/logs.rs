//! Where log lines go, and in what form.

use tracing::Subscriber;
use tracing_subscriber::{
    EnvFilter, Layer, Registry,
    fmt::{self, MakeWriter},
    layer::SubscriberExt,
};

use crate::TelemetryError;

/// The form of log lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogForm {
    /// One JSON object a line, for machines.
    Json,
    /// For people.
    Text,
}

/// Sends the log lines of this process that pass the filter to standard error.
///
/// # Errors
/// When the filter is none, or logs were installed before.
pub fn install_logs(form: LogForm, filter: &str) -> Result<(), TelemetryError> {
    let subscriber = subscriber(form, filter, std::io::stderr)?;
    tracing::subscriber::set_global_default(subscriber).map_err(|_| TelemetryError::Installed)
}

/// What turns events into lines.
pub(crate) fn subscriber<W>(
    form: LogForm,
    filter: &str,
    writer: W,
) -> Result<impl Subscriber + Send + Sync, TelemetryError>
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = EnvFilter::builder()
        .parse(filter)
        .map_err(|_| TelemetryError::Filter(filter.chars().take(80).collect()))?;
    let lines = fmt::layer().with_writer(writer);
    let lines: Box<dyn Layer<Registry> + Send + Sync> = match form {
        LogForm::Json => lines.json().flatten_event(true).with_current_span(false).boxed(),
        LogForm::Text => lines.with_ansi(false).boxed(),
    };
    Ok(Registry::default().with(lines.with_filter(filter)))
}

#[cfg(test)]
pub(crate) mod tests;
