//! The feed of system users, by which components of the platform keep up with them.

use axum::{Json, response::IntoResponse};
use fullmakt_http::{AltinnError, CompatQuery, Cursor, Links, PublicUrl};
use fullmakt_pep::PlatformOrBearer;
use fullmakt_projections::Sequence;
use fullmakt_reading::{Reading, failed_there};
use fullmakt_wire::scopes::SYSTEM_USER_ADMIN;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::registered::RegisteredSystemUser;

/// How many system users a page has at most.
const PAGE: u32 = 100;

/// Where a page begins.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct StreamQuery {
    /// From the `next` link of the page before: changes after that.
    #[param(value_type = Option<String>, example = "MTU0NDAyODE3")]
    token: Option<Cursor<u64>>,
}

/// A page of the feed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SystemUserStream {
    /// Under `next` the absolute address of what follows, also where nothing does yet; absent where
    /// the page is empty.
    #[schema(value_type = Object)]
    links: Links,
    /// Where in the feed the page is.
    stats: StreamStats,
    /// The system users, each once, where it last changed.
    data: Vec<RegisteredSystemUser>,
}

/// Where in the feed a page is. All three are equal where the page is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StreamStats {
    /// The number of the first change on the page.
    #[schema(example = 154_402_817)]
    page_start: u64,
    /// The number of the last.
    #[schema(example = 154_500_097)]
    page_end: u64,
    /// The number of the last change of all; 0 before the first.
    #[schema(example = 154_500_097)]
    sequence_max: u64,
}

impl StreamStats {
    fn of(data: &[RegisteredSystemUser], sequence_max: u64) -> Self {
        let number = |user: Option<&RegisteredSystemUser>| {
            user.map_or(sequence_max, |user| user.sequence_no)
        };
        Self { page_start: number(data.first()), page_end: number(data.last()), sequence_max }
    }
}

/// Follows all system users: each is listed where it last changed, and stays listed once deleted.
///
/// `sequenceNo` is `position * 32768 + index` of the event in the ledger. It grows with every
/// change, and no change ever appears before one that was shown, so that who goes on from the last
/// page misses nothing and sees nothing twice unless it changed again.
#[utoipa::path(
    get,
    path = "/authentication/api/v1/systemuser/internal/systemusers/stream",
    tag = "system users",
    operation_id = "stream_system_users",
    params(
        StreamQuery,
        ("PlatformAccessToken" = Option<String>, Header, description = "The token of a component of the platform, instead of a bearer token."),
    ),
    responses(
        (status = 200, description = "One page of at most 100.", body = SystemUserStream),
        (status = 400, description = "The token is no cursor of this feed."),
        (status = 401, description = "No token, or one that is not trusted."),
        (status = 403, description = "The scope is missing."),
    ),
    security(("bearer" = [SYSTEM_USER_ADMIN]))
)]
#[tracing::instrument(name = "handler.system_users.stream", skip_all)]
pub(crate) async fn stream_system_users(
    PlatformOrBearer(caller): PlatformOrBearer,
    CompatQuery(query): CompatQuery<StreamQuery>,
    public_url: PublicUrl,
    reading: Reading,
) -> Result<impl IntoResponse, AltinnError> {
    caller.require_platform_or_scope(&[SYSTEM_USER_ADMIN])?;
    let after = query.token.map(|Cursor(number)| Sequence::of_number(number));
    let rows = reading.reader.system_user_changes(after, PAGE, None).await.map_err(failed_there)?;
    let latest = reading.reader.latest_system_user(None).await.map_err(failed_there)?;
    let data = RegisteredSystemUser::of(&reading, rows.iter().map(|row| &row.row)).await?;
    let next = data.last().map(|last| Cursor(last.sequence_no));
    let page = SystemUserStream {
        links: Links::to_next(&public_url, next.as_ref()),
        stats: StreamStats::of(&data, latest.map_or(0, |latest| latest.sequence.number())),
        data,
    };
    Ok((reading.token, Json(page)))
}
