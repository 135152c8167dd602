//! Which records are looked for, as a query says it.

use fullmakt_events::{
    ActorKind, ClientId, Event, OrgNumber, PartyId, Position, StreamName, SystemUserId, Timestamp,
};
use fullmakt_http::{Cursor, InputError, Problem};
use fullmakt_projections::ledger::VerdictKind;
use fullmakt_readstore::{Order, RecordFilter};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

/// How many records a page has if nothing else is asked for, and at most.
const LIMIT: u32 = 100;
const LIMIT_MAX: u32 = 1_000;

/// Which records are looked for: those that answer all that is asked.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct CommitsQuery {
    /// Commits with an event on this stream.
    #[param(example = "agreement/310010014_smartcloud/310010022")]
    stream: Option<String>,
    /// Commits with an event of this type.
    #[param(example = "system_user.created")]
    event_type: Option<String>,
    /// `admitted`, `superseded`, `stale` or `void`.
    verdict: Option<String>,
    /// `system_provider`, `person`, `system_user`, `platform` or `operator`.
    actor_kind: Option<String>,
    /// Commits by this organisation.
    actor_org: Option<String>,
    /// Commits by this person, by party UUID.
    actor_party: Option<Uuid>,
    /// Commits by this system user.
    actor_system_user: Option<Uuid>,
    /// Commits by this client.
    actor_client: Option<String>,
    /// The first position.
    from: Option<u64>,
    /// The last position.
    to: Option<u64>,
    /// The first ledger time, RFC 3339.
    since: Option<String>,
    /// The last ledger time, RFC 3339.
    until: Option<String>,
    /// `newest` (first) or `oldest`; newest if left out.
    order: Option<String>,
    /// How many records a page has at most: 1 to 1000, 100 if left out.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 1000, default = 100)]
    limit: Option<String>,
    /// From the `next` link of the page before.
    #[param(value_type = Option<String>)]
    token: Option<Cursor<u64>>,
}

/// What is looked for, and which page of it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Search {
    pub(crate) filter: RecordFilter,
    pub(crate) order: Order,
    /// The last record of the page before.
    pub(crate) after: Option<Position>,
    /// How many records the page has at most.
    pub(crate) limit: u32,
}

impl CommitsQuery {
    pub(crate) fn read(self) -> Result<Search, Problem> {
        let limit = limit(self.limit)?;
        let order = match self.order.as_deref() {
            None | Some("newest") => Order::NewestFirst,
            Some("oldest") => Order::OldestFirst,
            Some(other) => return Err(refused("?order", other, "`newest` or `oldest`")),
        };
        let filter = RecordFilter {
            stream: parsed("?stream", self.stream, "a stream's name", |text| {
                text.parse::<StreamName>().ok()
            })?,
            event_type: parsed("?event_type", self.event_type, "a type of event", |text| {
                Event::names().any(|(name, _)| name == text).then(|| text.to_owned())
            })?,
            verdict: parsed(
                "?verdict",
                self.verdict,
                "`admitted`, `superseded`, `stale` or `void`",
                verdict,
            )?,
            actor_kind: parsed(
                "?actor_kind",
                self.actor_kind,
                "`system_provider`, `person`, `system_user`, `platform` or `operator`",
                |text| serde_json::from_value::<ActorKind>(text.into()).ok(),
            )?,
            actor_org: parsed("?actor_org", self.actor_org, "an organisation number", |text| {
                text.parse::<OrgNumber>().ok()
            })?,
            actor_party: self.actor_party.map(PartyId::new),
            actor_system_user: self.actor_system_user.map(SystemUserId::new),
            actor_client: parsed("?actor_client", self.actor_client, "a client id", |text| {
                text.parse::<ClientId>().ok()
            })?,
            from: self.from.map(Position::new),
            to: self.to.map(Position::new),
            since: parsed("?since", self.since, "a time as RFC 3339 has it", time)?,
            until: parsed("?until", self.until, "a time as RFC 3339 has it", time)?,
            ..RecordFilter::default()
        };
        let after = self.token.map(|Cursor(position)| Position::new(position));
        Ok(Search { filter, order, after, limit })
    }
}

/// How many rows a page has, as a query says it.
pub(crate) fn limit(text: Option<String>) -> Result<u32, Problem> {
    let wanted = format!("a number from 1 to {LIMIT_MAX}");
    let is_fit = |limit: &u32| (1..=LIMIT_MAX).contains(limit);
    let limit = parsed("?limit", text, &wanted, |text| text.parse().ok().filter(is_fit))?;
    Ok(limit.unwrap_or(LIMIT))
}

pub(crate) fn parsed<T>(
    parameter: &str,
    text: Option<String>,
    wanted: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Problem> {
    let Some(text) = text else { return Ok(None) };
    parse(&text).map(Some).ok_or_else(|| refused(parameter, &text, wanted))
}

fn refused(parameter: &str, text: &str, wanted: &str) -> Problem {
    let seen = InputError::seen(text);
    Problem::invalid(vec![InputError::at(parameter, format!("`{seen}` is not {wanted}"))])
}

fn verdict(text: &str) -> Option<VerdictKind> {
    match text {
        "admitted" => Some(VerdictKind::Admitted),
        "superseded" => Some(VerdictKind::Superseded),
        "stale" => Some(VerdictKind::Stale),
        "void" => Some(VerdictKind::Void),
        _ => None,
    }
}

pub(crate) fn time(text: &str) -> Option<Timestamp> {
    serde_json::from_value(text.into()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_a_filter_is_read() {
        let query = CommitsQuery {
            stream: Some("system/310010014_a".to_owned()),
            event_type: Some("system.registered".to_owned()),
            verdict: Some("superseded".to_owned()),
            actor_kind: Some("person".to_owned()),
            actor_org: Some("310010014".to_owned()),
            actor_party: Some(Uuid::from_u128(3)),
            actor_system_user: Some(Uuid::from_u128(5)),
            actor_client: Some("client".to_owned()),
            from: Some(4),
            to: Some(9),
            since: Some("2026-11-25T10:00:00Z".to_owned()),
            until: Some("2026-11-25T11:00:00+01:00".to_owned()),
            order: Some("oldest".to_owned()),
            limit: Some("20".to_owned()),
            token: Some(Cursor(7)),
        };
        let Search { filter, order, after, limit } = query.read().unwrap();
        let ten = Timestamp::from_millis(1_795_600_800_000);
        assert_eq!(
            filter,
            RecordFilter {
                stream: Some("system/310010014_a".parse().unwrap()),
                event_type: Some("system.registered".to_owned()),
                kind: None,
                verdict: Some(VerdictKind::Superseded),
                actor_kind: Some(ActorKind::Person),
                actor_org: Some("310010014".parse().unwrap()),
                actor_party: Some(PartyId::new(Uuid::from_u128(3))),
                actor_system_user: Some(SystemUserId::new(Uuid::from_u128(5))),
                actor_client: Some("client".parse().unwrap()),
                from: Some(Position::new(4)),
                to: Some(Position::new(9)),
                since: Some(ten),
                until: Some(ten),
            }
        );
        assert_eq!((order, after, limit), (Order::OldestFirst, Some(Position::new(7)), 20));
    }

    #[test]
    fn nothing_asked_is_everything_from_the_newest() {
        let read = CommitsQuery::default().read().unwrap();
        let (filter, order) = (RecordFilter::default(), Order::NewestFirst);
        assert_eq!(read, Search { filter, order, after: None, limit: LIMIT });
    }

    #[test]
    fn every_verdict_and_kind_of_actor_has_its_name() {
        for (name, wanted) in [
            ("admitted", VerdictKind::Admitted),
            ("superseded", VerdictKind::Superseded),
            ("stale", VerdictKind::Stale),
            ("void", VerdictKind::Void),
        ] {
            assert_eq!(verdict(name), Some(wanted));
        }
        for name in ["system_provider", "person", "system_user", "platform", "operator"] {
            let query =
                CommitsQuery { actor_kind: Some(name.to_owned()), ..CommitsQuery::default() };
            assert!(query.read().unwrap().filter.actor_kind.is_some(), "{name}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused_and_not_left_out() {
        let pointer = |query: CommitsQuery| {
            let refused = query.read().unwrap_err();
            let error = &refused.errors()[0];
            assert!(error.detail.starts_with("`no such` is not "), "{error}");
            error.pointer.clone()
        };
        let text = || Some("no such".to_owned());
        let all = CommitsQuery::default;
        assert_eq!(pointer(CommitsQuery { stream: text(), ..all() }), "?stream");
        assert_eq!(pointer(CommitsQuery { event_type: text(), ..all() }), "?event_type");
        assert_eq!(pointer(CommitsQuery { verdict: text(), ..all() }), "?verdict");
        assert_eq!(pointer(CommitsQuery { actor_kind: text(), ..all() }), "?actor_kind");
        assert_eq!(pointer(CommitsQuery { actor_org: text(), ..all() }), "?actor_org");
        assert_eq!(pointer(CommitsQuery { actor_client: text(), ..all() }), "?actor_client");
        assert_eq!(pointer(CommitsQuery { since: text(), ..all() }), "?since");
        assert_eq!(pointer(CommitsQuery { until: text(), ..all() }), "?until");
        assert_eq!(pointer(CommitsQuery { order: text(), ..all() }), "?order");
        assert_eq!(pointer(CommitsQuery { limit: text(), ..all() }), "?limit");
    }

    #[test]
    fn a_page_has_from_one_record_to_the_most() {
        let read = |limit: &str| {
            CommitsQuery { limit: Some(limit.to_owned()), ..CommitsQuery::default() }.read()
        };
        assert_eq!(read("1").unwrap().limit, 1);
        assert_eq!(read("1000").unwrap().limit, LIMIT_MAX);
        for limit in ["0", "1001", "-1", "1.5", "", "99999999999999999999"] {
            let refused = read(limit).unwrap_err();
            let error = &refused.errors()[0];
            assert_eq!(error.pointer, "?limit");
            assert_eq!(error.detail, format!("`{limit}` is not a number from 1 to 1000"));
        }
    }
}
