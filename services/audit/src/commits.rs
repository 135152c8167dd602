//! The records of the ledger, page by page.

use axum::{Json, response::IntoResponse};
use fullmakt_http::{Cursor, Page, Problem, PublicUrl, Query};
use fullmakt_pep::Authenticated;
use fullmakt_reading::{Reading, failed};
use fullmakt_wire::scopes::AUDIT_READ;

use crate::{commit::RecordBody, filter::CommitsQuery};

/// How many records a page has.
const PAGE: u32 = 100;

/// Lists records of the ledger: commits with their verdicts, ticks, and what is void.
#[utoipa::path(
    get,
    path = "/fullmakt/v1/commits",
    tag = "audit",
    operation_id = "list_commits",
    params(CommitsQuery),
    responses(
        (status = 200, description = "One page, and a link to the next.", body = Vec<RecordBody>),
        (status = 400, description = "A parameter cannot be read.", content_type = "application/problem+json"),
        (status = 401, description = "No token, or one that is not trusted.", content_type = "application/problem+json"),
        (status = 403, description = "The scope is missing.", content_type = "application/problem+json"),
    ),
    security(("bearer" = [AUDIT_READ]))
)]
#[tracing::instrument(name = "handler.commits.list", skip_all)]
pub(crate) async fn list_commits(
    Authenticated(caller): Authenticated,
    Query(query): Query<CommitsQuery>,
    public_url: PublicUrl,
    reading: Reading,
) -> Result<impl IntoResponse, Problem> {
    caller.require_any_scope(&[AUDIT_READ])?;
    let (filter, order, after) = query.read()?;
    let limit = PAGE.saturating_add(1);
    let mut rows = reading.reader.records(&filter, order, after, limit).await.map_err(failed)?;
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let has_more = rows.len() > page;
    rows.truncate(page);
    let next = rows.last().filter(|_| has_more).map(|last| Cursor(last.position.get()));
    let bodies: Vec<RecordBody> = rows.iter().map(RecordBody::from).collect();
    Ok((reading.token, Json(Page::new(bodies, &public_url, next.as_ref()))))
}
