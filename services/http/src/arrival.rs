//! Limiting how long a request may take, and telling whose fault it is when it takes longer.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{Request, State},
    http::{HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use hyper::body::{Frame, SizeHint};

use crate::{Problem, ProblemType};

#[derive(Debug, thiserror::Error)]
#[error("no answer within {0:?}")]
struct TimedOut(Duration);

/// Answers 408 where the body has not arrived in time, and 503 where the answer was not there.
pub(crate) async fn limit_time(
    State(limit): State<Duration>,
    request: Request,
    next: Next,
) -> Response {
    let has_arrived = Arc::new(AtomicBool::new(request.body().is_end_stream()));
    let watched = Arc::clone(&has_arrived);
    let request = request.map(|body| Body::new(Arriving { body, has_arrived: watched }));
    let answered = tokio::time::timeout(limit, next.run(request)).await;
    let has_arrived = has_arrived.load(Ordering::Relaxed);
    let mut response = match answered {
        Ok(response) => response,
        Err(_) if has_arrived => {
            Problem::opaque(ProblemType::Unavailable, &TimedOut(limit)).into_response()
        }
        Err(_) => {
            let detail = format!("the body did not arrive within {limit:?}; send it faster");
            Problem::of(ProblemType::RequestTimeout, detail).into_response()
        }
    };
    if !has_arrived {
        // What is left of the body is not read, so that nothing can follow it on this connection:
        // the client is told before it sends another request there.
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

/// A body that notes when the last of it has arrived.
struct Arriving {
    body: Body,
    has_arrived: Arc<AtomicBool>,
}

impl HttpBody for Arriving {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        if matches!(polled, Poll::Ready(None)) || self.body.is_end_stream() {
            self.has_arrived.store(true, Ordering::Relaxed);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
