//! Which decisions are looked for, as a query says it.

use fullmakt_access::record::RecordKind;
use fullmakt_events::{DecisionId, OrgNumber, ResourceId, Timestamp};
use fullmakt_http::{Cursor, InputError, Problem};
use fullmakt_xacml::Decision;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::reach::Reach;
use crate::filter::{limit, parsed, time};

/// How far back is looked if nothing else is asked for, in seconds.
const WINDOW_SECONDS: i64 = 30 * 86_400;

/// Which decisions are looked for: those that answer all that is asked.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct DecisionsQuery {
    /// Decisions about this subject: a person, an organisation or a system user, by its UUID.
    #[param(example = "0197a000-0000-7000-8000-000000000002")]
    subject: Option<Uuid>,
    /// Decisions for this party, by its UUID.
    #[param(example = "a1000000-0000-4000-8000-000000000022")]
    party: Option<Uuid>,
    /// Decisions about this resource. Checks of what may be given on are found by it if they are about
    /// one resource.
    #[param(example = "demo-vat-return")]
    resource: Option<String>,
    /// `Permit`, `Deny`, `NotApplicable` or `Indeterminate`.
    #[param(example = "Permit")]
    outcome: Option<String>,
    /// `decision`, `undecided` (the request named what is not there), `delegation` (a check of what may
    /// be given on) or `search` (a page of a search).
    #[param(example = "decision")]
    kind: Option<String>,
    /// The first time, RFC 3339; 30 days before the last if left out.
    since: Option<String>,
    /// The last time, RFC 3339; now if left out.
    until: Option<String>,
    /// How many decisions a page has at most: 1 to 1000, 100 if left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 1000, default = 100)]
    limit: Option<String>,
    /// From the `next` link of the page before.
    #[param(value_type = Option<String>)]
    token: Option<Cursor<Place>>,
}

/// A place in what was found: times in microseconds, so that pages follow each other in the same
/// window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, serde::Serialize)]
pub(crate) struct Place {
    /// The time of the last decision of the page.
    pub(super) at: i64,
    /// Its id.
    pub(super) id: Uuid,
    /// The last time that is looked for.
    pub(super) until: i64,
}

/// What is looked for, and which page of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Search {
    pub(super) filter: DecisionFilter,
    pub(super) since: Timestamp,
    pub(super) until: Timestamp,
    /// The last decision of the page before.
    pub(super) after: Option<(Timestamp, DecisionId)>,
    /// How many decisions the page has at most.
    pub(super) limit: u32,
}

/// Which decisions are looked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct DecisionFilter {
    pub(super) subject: Option<Uuid>,
    pub(super) party: Option<Uuid>,
    pub(super) resource: Option<ResourceId>,
    pub(super) outcome: Option<&'static str>,
    pub(super) kind: Option<RecordKind>,
    pub(super) owner: Option<OrgNumber>,
}

impl DecisionsQuery {
    /// Reads a query that reaches so far, at this time.
    pub(super) fn read(self, reach: Reach, now: Timestamp) -> Result<Search, Problem> {
        const A_TIME: &str = "a time as RFC 3339 has it";
        let filter = DecisionFilter {
            subject: self.subject,
            party: self.party,
            resource: parsed("?resource", self.resource, "the id of a resource", |text| {
                text.to_lowercase().parse().ok()
            })?,
            outcome: parsed(
                "?outcome",
                self.outcome,
                "`Permit`, `Deny`, `NotApplicable` or `Indeterminate`",
                outcome,
            )?,
            kind: parsed(
                "?kind",
                self.kind,
                "`decision`, `undecided`, `delegation` or `search`",
                kind,
            )?,
            owner: match reach {
                Reach::All => None,
                Reach::OwnedBy(org) => Some(org),
            },
        };
        let until = parsed("?until", self.until, A_TIME, time)?;
        let begun = self.token.map(|Cursor(place)| Timestamp::from_micros(place.until));
        let until = until.or(begun).unwrap_or(now);
        let since = parsed("?since", self.since, A_TIME, time)?;
        let since = since.unwrap_or(until.plus_seconds(-WINDOW_SECONDS));
        if since > until {
            let detail = format!("`{since}` is after the last time, `{until}`");
            return Err(Problem::invalid(vec![InputError::at("?since", detail)]));
        }
        let after = self
            .token
            .map(|Cursor(place)| (Timestamp::from_micros(place.at), DecisionId::new(place.id)));
        Ok(Search { filter, since, until, after, limit: limit(self.limit)? })
    }
}

fn outcome(text: &str) -> Option<&'static str> {
    let all = [Decision::Permit, Decision::Deny, Decision::NotApplicable, Decision::Indeterminate];
    all.map(Decision::name).into_iter().find(|name| *name == text)
}

fn kind(text: &str) -> Option<RecordKind> {
    let all =
        [RecordKind::Decision, RecordKind::Undecided, RecordKind::Delegation, RecordKind::Search];
    all.into_iter().find(|kind| kind.name() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_millis(1_795_600_800_000);

    #[expect(clippy::unnecessary_wraps, reason = "the form that queries have")]
    fn text(text: &str) -> Option<String> {
        Some(text.to_owned())
    }

    #[test]
    fn every_part_of_a_search_is_read() {
        let id = Uuid::from_u128(7);
        let query = DecisionsQuery {
            subject: Some(Uuid::from_u128(1)),
            party: Some(Uuid::from_u128(2)),
            resource: text("Demo-Vat-Return"),
            outcome: text("Deny"),
            kind: text("decision"),
            since: text("2026-11-25T09:00:00Z"),
            until: text("2026-11-25T11:00:00+01:00"),
            limit: text("20"),
            token: Some(Cursor(Place { at: 5, id, until: 9 })),
        };
        let org = "310010014".parse().unwrap();
        let search = query.read(Reach::OwnedBy(org), NOW).unwrap();
        let filter = DecisionFilter {
            subject: Some(Uuid::from_u128(1)),
            party: Some(Uuid::from_u128(2)),
            resource: Some("demo-vat-return".parse().unwrap()),
            outcome: Some("Deny"),
            kind: Some(RecordKind::Decision),
            owner: Some(org),
        };
        let after = Some((Timestamp::from_micros(5), DecisionId::new(id)));
        let since = NOW.plus_seconds(-3_600);
        assert_eq!(search, Search { filter, since, until: NOW, after, limit: 20 });
    }

    #[test]
    fn nothing_asked_is_the_last_thirty_days() {
        let search = DecisionsQuery::default().read(Reach::All, NOW).unwrap();
        assert_eq!(search.filter, DecisionFilter::default());
        assert_eq!(search.until, NOW);
        assert_eq!(search.since, NOW.plus_seconds(-WINDOW_SECONDS));
        assert_eq!((search.after, search.limit), (None, 100));
    }

    #[test]
    fn a_later_page_looks_in_the_window_of_the_first() {
        let place = Place { at: 5, id: Uuid::nil(), until: NOW.as_micros() };
        let query = DecisionsQuery { token: Some(Cursor(place)), ..DecisionsQuery::default() };
        let search = query.read(Reach::All, NOW.plus_seconds(100)).unwrap();
        assert_eq!(search.until, NOW);
    }

    #[test]
    fn what_cannot_be_read_is_refused_and_not_left_out() {
        let pointer = |query: DecisionsQuery| {
            query.read(Reach::All, NOW).unwrap_err().errors()[0].pointer.clone()
        };
        let all = DecisionsQuery::default;
        assert_eq!(pointer(DecisionsQuery { resource: text("no such!"), ..all() }), "?resource");
        assert_eq!(pointer(DecisionsQuery { outcome: text("permit"), ..all() }), "?outcome");
        assert_eq!(pointer(DecisionsQuery { kind: text("gap"), ..all() }), "?kind");
        assert_eq!(pointer(DecisionsQuery { since: text("now"), ..all() }), "?since");
        assert_eq!(pointer(DecisionsQuery { until: text("now"), ..all() }), "?until");
        assert_eq!(pointer(DecisionsQuery { limit: text("0"), ..all() }), "?limit");
        let reversed = DecisionsQuery { since: text("2027-01-01T00:00:00Z"), ..all() };
        assert_eq!(pointer(reversed), "?since");
    }
}
