//! What is counted of commands and appends. `services/telemetry/README.md` describes the metrics.

use std::time::Duration;

use fullmakt_eventlog::AppendError;

use crate::{CommandError, Executed, Unavailable};

/// Counts a command by its stream's category and by what came of it.
pub(crate) fn command<T, R>(category: &str, result: &Result<Executed<T>, CommandError<R>>) {
    let labels = [("aggregate", category.to_owned()), ("outcome", outcome(result).to_owned())];
    metrics::counter!("commands_total", &labels).increment(1);
}

/// Measures an append, whatever its outcome.
pub(crate) fn append<T>(elapsed: Duration, result: &Result<T, AppendError>) {
    let outcome = match result {
        Ok(_) => "appended",
        Err(AppendError::Unknown(_)) => "unknown",
        Err(AppendError::Unavailable(_)) => "unavailable",
        Err(AppendError::TooLarge { .. }) => "too_large",
    };
    metrics::histogram!("log_append_seconds", "outcome" => outcome).record(elapsed.as_secs_f64());
}

/// Counts a commit that another one was faster than.
pub(crate) fn conflict() {
    metrics::counter!("log_conflicts_total").increment(1);
}

fn outcome<T, R>(result: &Result<Executed<T>, CommandError<R>>) -> &'static str {
    match result {
        Ok(executed) if executed.is_written => "written",
        Ok(_) => "nothing_to_do",
        Err(CommandError::Refused(_)) => "refused",
        Err(CommandError::TooLarge { .. }) => "too_large",
        Err(CommandError::Inconsistent(_)) => "inconsistent",
        Err(CommandError::Unavailable(unavailable)) => match unavailable {
            Unavailable::InDoubt => "in_doubt",
            Unavailable::NotDecided => "not_decided",
            Unavailable::LogAway => "log_away",
            Unavailable::IndexAway => "index_away",
            Unavailable::Stopping => "stopping",
        },
    }
}
