//! When the process is told to stop.

use tokio::signal::unix::{SignalKind, signal};

/// Resolves when the process is told to stop, by a terminal or by a supervisor.
pub(crate) async fn asked() {
    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
    tracing::info!("the process was asked to stop");
}
