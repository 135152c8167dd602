//! The pages that the `type` of a problem leads to.

use axum::{
    Router,
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};

use super::{Problem, ProblemType};

/// The route `GET /problems/{slug}`: what happened, why, and what to do.
pub fn problem_pages<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/problems/{slug}", get(page))
}

async fn page(Path(slug): Path<String>) -> Result<Response, Problem> {
    let kind = ProblemType::ALL.iter().find(|kind| kind.slug() == slug);
    let kind = kind.ok_or_else(|| Problem::bare(ProblemType::NotFound))?;
    let headers = [(header::CONTENT_TYPE, "text/markdown; charset=utf-8")];
    Ok((headers, kind.page()).into_response())
}
