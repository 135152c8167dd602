//! The HTTP server: HTTP/1.1, with limits on how many may be connected and on how slowly they may
//! send.

use std::{io, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::Request};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

/// The most connections at a time, where nothing else is set. Further ones wait to be accepted.
pub const CONNECTIONS_MAX: usize = 10_000;
/// The most headers of a request; one with more is answered 431.
pub const HEADERS_MAX: usize = 64;
/// The most bytes of a request's line and headers together; one with more is answered 431.
pub const HEAD_BYTES_MAX: usize = 32 * 1024;
/// How long a request's line and headers may take to arrive, and how long a connection may be idle
/// between two requests. Whoever takes longer is disconnected.
pub const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// How long to wait after a connection could not be accepted, as when there are no file handles.
const ACCEPT_RETRY: Duration = Duration::from_millis(200);

/// The limits of the server, beside those that [`crate::protect`] puts around the routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServerLimits {
    /// The most connections at a time.
    pub connections_max: usize,
    /// How long a request's line and headers may take to arrive.
    pub head_timeout: Duration,
}

impl Default for ServerLimits {
    fn default() -> Self {
        Self { connections_max: CONNECTIONS_MAX, head_timeout: HEAD_TIMEOUT }
    }
}

/// Serves until told to stop, and then until the requests under way are answered.
pub async fn serve(
    listener: TcpListener,
    routes: Router,
    limits: ServerLimits,
    stopping: CancellationToken,
) {
    let connections = Arc::new(Semaphore::new(limits.connections_max));
    let under_way = GracefulShutdown::new();
    let mut server = http1::Builder::new();
    server
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head_timeout)
        .max_headers(HEADERS_MAX)
        .max_header_size(HEAD_BYTES_MAX);
    let stopped = stopping.cancelled();
    tokio::pin!(stopped);
    loop {
        let accepted = tokio::select! {
            () = &mut stopped => break,
            accepted = accept(&listener, &connections) => accepted,
        };
        let (stream, permit) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_RETRY).await;
                continue;
            }
        };
        let routes =
            routes.clone().map_request(|request: Request<Incoming>| request.map(Body::new));
        let connection =
            server.serve_connection(TokioIo::new(stream), TowerToHyperService::new(routes));
        let connection = under_way.watch(connection);
        tokio::spawn(async move {
            // What ends a connection early is the client's doing: it was slow, or went away.
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended");
            }
            drop(permit);
        });
    }
    drop(listener);
    under_way.shutdown().await;
}

/// The next connection, once there is room for one.
async fn accept(
    listener: &TcpListener,
    connections: &Arc<Semaphore>,
) -> io::Result<(TcpStream, OwnedSemaphorePermit)> {
    let permit = Arc::clone(connections).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, _) = listener.accept().await?;
    // An answer is written at once, so that there is nothing to wait for.
    stream.set_nodelay(true)?;
    Ok((stream, permit))
}

#[cfg(test)]
mod tests;
