//! Decisions, page by page.

use axum::{Json, extract::State, response::IntoResponse};
use fullmakt_events::Timestamp;
use fullmakt_http::{Cursor, Links, Problem, PublicUrl, Query};
use fullmakt_pep::{Authenticated, Clock};
use fullmakt_wire::scopes::{AUDIT_READ, AUTHORIZE};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    filter::{DecisionsQuery, Place, Search},
    get::DecisionBody,
    index::{DecisionIndex, Indexed},
    reach::Reach,
};

/// A page of decisions.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DecisionPage {
    /// Under `next` the absolute address of the next page; absent on the last.
    #[schema(value_type = Object)]
    links: Links,
    /// The first time that was looked for.
    #[schema(value_type = String)]
    since: Timestamp,
    /// The last time that was looked for.
    #[schema(value_type = String)]
    until: Timestamp,
    /// How many records of the log were not in the index yet, and so not looked at; null where the log
    /// cannot be asked.
    behind: Option<u64>,
    /// Records that were left out of the log in this time, because more decisions were made than it
    /// took (`decision_log.mode` `async`). For auditors.
    gaps: Vec<GapBody>,
    /// The decisions, newest first.
    data: Vec<DecisionBody>,
}

/// Records that are not in the log.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GapBody {
    /// How many.
    count: u64,
    /// The first time that one of them was made for.
    #[schema(value_type = String)]
    since: Timestamp,
    /// The last one.
    #[schema(value_type = String)]
    until: Timestamp,
}

/// Searches the decisions.
///
/// Auditors search all, an organisation with the scope `altinn:authorization/authorize` those about
/// resources that it owned.
#[utoipa::path(
    get,
    path = "/fullmakt/v1/decisions",
    tag = "audit",
    operation_id = "list_decisions",
    params(DecisionsQuery),
    responses(
        (status = 200, description = "One page, and a link to the next.", body = DecisionPage),
        (status = 400, description = "A parameter cannot be read.", content_type = "application/problem+json"),
        (status = 401, description = "No token, or one that is not trusted.", content_type = "application/problem+json"),
        (status = 403, description = "A scope is missing.", content_type = "application/problem+json"),
        (status = 503, description = "The index is away, or the search takes too long.", content_type = "application/problem+json"),
    ),
    security(("bearer" = [AUDIT_READ]), ("bearer" = [AUTHORIZE]))
)]
#[tracing::instrument(name = "handler.decisions.list", skip_all)]
pub(crate) async fn list_decisions(
    State(index): State<DecisionIndex>,
    State(clock): State<Clock>,
    Authenticated(caller): Authenticated,
    Query(query): Query<DecisionsQuery>,
    public_url: PublicUrl,
) -> Result<impl IntoResponse, Problem> {
    let reach = Reach::of(&caller)?;
    let search = query.read(reach, clock())?;
    // Before the search, which sees at least what was indexed then.
    let behind = index.behind().await.ok();
    let gaps = match reach {
        Reach::All => index.gaps(search.since, search.until).await?,
        Reach::OwnedBy(_) => Vec::new(),
    };
    let gaps = gaps.into_iter().map(|record| GapBody {
        count: record.gap,
        since: record.since,
        until: record.until,
    });
    let mut found = index.search(&search).await?;
    let next = next(&mut found, &search);
    Ok(Json(DecisionPage {
        links: Links::to_next(&public_url, next.as_ref()),
        since: search.since,
        until: search.until,
        behind,
        gaps: gaps.collect(),
        data: found.into_iter().map(DecisionBody::from).collect(),
    }))
}

/// Where the next page begins. What was found beyond this one says that there is one.
fn next(found: &mut Vec<Indexed>, search: &Search) -> Option<Cursor<Place>> {
    let limit = usize::try_from(search.limit).unwrap_or(usize::MAX);
    if found.len() <= limit {
        return None;
    }
    found.truncate(limit);
    found.last().map(|last| {
        Cursor(Place {
            at: last.evaluated_at.as_micros(),
            id: last.id.uuid(),
            until: search.until.as_micros(),
        })
    })
}
