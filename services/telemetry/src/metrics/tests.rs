use axum::{body::Body, http::Request};
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::*;

#[tokio::test]
async fn metrics_are_served_as_text_with_our_buckets() {
    let recorder = recorder().unwrap();
    let served = Metrics(recorder.handle());
    ::metrics::with_local_recorder(&recorder, || {
        ::metrics::counter!("commands_total", "outcome" => "admitted").increment(2);
        ::metrics::histogram!("pdp_evaluate_seconds").record(0.000_2);
    });
    let routes: Router = served.routes();
    let request = Request::get("/metrics").body(Body::empty()).unwrap();
    let response = routes.oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    assert_eq!(parts.headers["content-type"], "text/plain; version=0.0.4; charset=utf-8");
    assert!(text.contains("commands_total{outcome=\"admitted\"} 2"), "{text}");
    assert!(text.contains("pdp_evaluate_seconds_bucket{le=\"0.0001\"} 0"), "{text}");
    assert!(text.contains("pdp_evaluate_seconds_bucket{le=\"0.00025\"} 1"), "{text}");
}

#[test]
fn the_bounds_of_the_buckets_rise() {
    assert!(SECONDS.is_sorted_by(|lower, upper| lower < upper));
}
