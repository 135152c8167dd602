//! The records of the ledger, page by page.

use axum::{Json, response::IntoResponse};
use fullmakt_http::{Cursor, Links, Problem, PublicUrl, Query};
use fullmakt_pep::Authenticated;
use fullmakt_reading::{Reading, failed};
use fullmakt_readstore::RecordRow;
use fullmakt_wire::scopes::AUDIT_READ;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    commit::RecordBody,
    filter::{CommitsQuery, Search},
};

/// A page of records.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecordPage {
    /// Under `next` the absolute address of the next page; absent on the last.
    #[schema(value_type = Object)]
    links: Links,
    /// The records.
    data: Vec<RecordBody>,
}

impl RecordPage {
    /// The page that begins with these rows. It is the last one unless there are more than it has.
    fn of(rows: &[RecordRow], limit: u32, public_url: &PublicUrl) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let (page, rest) = rows.split_at(rows.len().min(limit));
        let next = page.last().filter(|_| !rest.is_empty()).map(|last| Cursor(last.position.get()));
        Self {
            links: Links::to_next(public_url, next.as_ref()),
            data: page.iter().map(RecordBody::from).collect(),
        }
    }
}

/// Lists records of the ledger: commits with their verdicts, ticks, and what is void.
#[utoipa::path(
    get,
    path = "/fullmakt/v1/commits",
    tag = "audit",
    operation_id = "list_commits",
    params(CommitsQuery),
    responses(
        (status = 200, description = "One page, and a link to the next.", body = RecordPage),
        (status = 400, description = "A parameter cannot be read.", content_type = "application/problem+json"),
        (status = 401, description = "No token, or one that is not trusted.", content_type = "application/problem+json"),
        (status = 403, description = "The scope is missing.", content_type = "application/problem+json"),
        (status = 503, description = "The read models are not as fresh as asked, or away.", content_type = "application/problem+json"),
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
    let Search { filter, order, after, limit } = query.read()?;
    // One more than a page has, to know whether another follows.
    let wanted = limit.saturating_add(1);
    let rows = reading.reader.records(&filter, order, after, wanted).await.map_err(failed)?;
    Ok((reading.token, Json(RecordPage::of(&rows, limit, &public_url))))
}

#[cfg(test)]
mod tests {
    use axum::extract::{FromRequestParts, Request};
    use fullmakt_events::{Position, Timestamp};
    use fullmakt_projections::ledger::{RecordKind, VerdictKind};

    use super::*;

    fn rows(count: u64) -> Vec<RecordRow> {
        let time = Timestamp::from_millis(1_800_000_000_000);
        let row = |position| RecordRow {
            position: Position::new(position),
            append_time: time,
            ledger_time: time,
            kind: RecordKind::Tick,
            verdict: VerdictKind::Admitted,
            reason: None,
            commit: None,
            bytes: b"{}".to_vec(),
        };
        (0..count).map(row).collect()
    }

    async fn page(count: u64) -> (usize, Option<String>) {
        let uri = "http://localhost/fullmakt/v1/commits?verdict=void&order=oldest&token=Nw";
        let (mut parts, ()) = Request::get(uri).body(()).unwrap().into_parts();
        let public_url = PublicUrl::from_request_parts(&mut parts, &()).await.unwrap();
        let page = RecordPage::of(&rows(count), 100, &public_url);
        (page.data.len(), page.links.next)
    }

    #[tokio::test]
    async fn a_page_leads_to_the_next_by_the_same_search() {
        let (count, next) = page(101).await;
        assert_eq!(count, 100);
        let token = Cursor(99_u64).encode();
        let expected =
            format!("http://localhost/fullmakt/v1/commits?verdict=void&order=oldest&token={token}");
        assert_eq!(next.unwrap(), expected);
    }

    #[tokio::test]
    async fn a_page_is_no_longer_than_asked_for() {
        let uri = "http://localhost/fullmakt/v1/commits?limit=7";
        let (mut parts, ()) = Request::get(uri).body(()).unwrap().into_parts();
        let public_url = PublicUrl::from_request_parts(&mut parts, &()).await.unwrap();
        let page = RecordPage::of(&rows(8), 7, &public_url);
        assert_eq!(page.data.len(), 7);
        let expected = format!("{uri}&token={}", Cursor(6_u64).encode());
        assert_eq!(page.links.next.unwrap(), expected);
    }

    #[tokio::test]
    async fn the_last_page_leads_nowhere() {
        assert_eq!(page(100).await, (100, None));
        assert_eq!(page(0).await, (0, None));
    }
}
