//! Pages of lists of the wire contract.
//!
//! A page begins after the last item of the one before, by the place in the ledger where the item
//! was made. What is made meanwhile comes later, so that nothing is lost between two pages and
//! nothing is seen twice.

use fullmakt_events::Position;
use fullmakt_http::{Cursor, Page, PublicUrl};
use fullmakt_projections::Sequence;
use serde::Deserialize;
use utoipa::IntoParams;

/// How many items a page has.
const PAGE: u32 = 50;
/// How many items are asked for, so that it is known whether there are more.
pub(crate) const PAGE_AND_ONE: u32 = PAGE + 1;

/// Where a page begins.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// From the `next` link of the page before.
    #[param(value_type = Option<String>, example = "WzQ3MTEsMF0")]
    token: Option<Cursor<(u64, u32)>>,
}

impl PageQuery {
    /// The place that the page begins after; the list's beginning if there is none.
    pub(crate) fn after(self) -> Option<Sequence> {
        let Cursor((position, index)) = self.token?;
        Some(Sequence { position: Position::new(position), index })
    }
}

/// The rows of a page, of which there may be one more than fits; if there is, also the last that does.
pub(crate) fn split<R>(rows: &[R]) -> (&[R], Option<&R>) {
    let (page, rest) = rows.split_at(rows.len().min(usize::try_from(PAGE).unwrap_or(usize::MAX)));
    (page, page.last().filter(|_| !rest.is_empty()))
}

/// The page of these rows, of which there may be one more than fits.
pub(crate) fn page<R, T>(
    rows: &[R],
    url: &PublicUrl,
    place: impl Fn(&R) -> Sequence,
    show: impl Fn(&R) -> T,
) -> Page<T> {
    let (page, last) = split(rows);
    let last = last.map(|last| {
        let Sequence { position, index } = place(last);
        Cursor((position.get(), index))
    });
    Page::new(page.iter().map(show).collect(), url, last.as_ref())
}
