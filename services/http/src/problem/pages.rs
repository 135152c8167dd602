//! The pages that the `type` of a problem leads to.

use std::borrow::Cow;

use axum::{
    Router,
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};

use super::{Problem, ProblemType};

/// Finds the page of a code that is no problem of ours, in Markdown.
pub type CodePage = fn(&str) -> Option<String>;

/// The page of a code, in Markdown.
#[must_use]
pub fn code_page(code: &str, what_happened: &str, why: &str, what_to_do: &str) -> String {
    format!(
        "# {code}\n\n**What happened.** {what_happened}\n\n**Why.** {why}\n\n\
         **What to do.** {what_to_do}\n"
    )
}

/// The route `GET /problems/{code}`: what happened, why, and what to do.
pub fn problem_pages<S: Clone + Send + Sync + 'static>(others: CodePage) -> Router<S> {
    Router::new().route("/problems/{code}", get(async move |path| page(path, others)))
}

fn page(Path(code): Path<String>, others: CodePage) -> Result<Response, Problem> {
    let own = ProblemType::ALL.iter().find(|kind| kind.slug() == code);
    let page = own.map(|kind| Cow::Borrowed(kind.page()));
    let page = page.or_else(|| others(&code).map(Cow::Owned));
    let page = page.ok_or_else(|| Problem::bare(ProblemType::NotFound))?;
    let headers = [(header::CONTENT_TYPE, "text/markdown; charset=utf-8")];
    Ok((headers, page).into_response())
}
