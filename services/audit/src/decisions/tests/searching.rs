use fullmakt_access::record::{
    GapRecord, LogRecord, RecordKind, RecordedSubject, SearchMade, SearchRecord,
};
use fullmakt_events::{DecisionId, PartyId, SystemUserId, Timestamp};
use uuid::Uuid;

use super::indexing::{NOON, Setting, decision};
use crate::decisions::filter::{DecisionFilter, Search};

const DAY_SECONDS: i64 = 86_400;

fn party(number: u128) -> PartyId {
    PartyId::new(Uuid::from_u128(number))
}

/// Decision `number`: ten seconds after the one before, over midnight.
fn numbered(number: u128) -> LogRecord {
    let seconds = i64::try_from(number).unwrap() * DAY_SECONDS / 40;
    let mut record = decision(number, seconds - DAY_SECONDS);
    record.request.subject = Some(if number.is_multiple_of(2) {
        RecordedSubject::Party(party(number % 4))
    } else {
        RecordedSubject::SystemUser(SystemUserId::new(Uuid::from_u128(100 + number % 4)))
    });
    record.request.party = Some(party(number % 3));
    record.request.resource = Some(format!("resource-{}", number % 5));
    record.decision = ["Permit", "Deny", "NotApplicable", "Indeterminate"]
        [usize::try_from(number % 4).unwrap()]
    .into();
    let owner = if number.is_multiple_of(2) { "310090018" } else { "310010014" };
    record.owner = Some(owner.parse().unwrap());
    if number.is_multiple_of(10) {
        LogRecord::Undecided(record)
    } else {
        LogRecord::Decision(record)
    }
}

async fn found(setting: &Setting, filter: DecisionFilter) -> Vec<u128> {
    pages(setting, filter, 1_000).await.concat()
}

/// The numbers of what is found, page by page.
async fn pages(setting: &Setting, filter: DecisionFilter, limit: u32) -> Vec<Vec<u128>> {
    let (since, until) = (NOON.plus_seconds(-DAY_SECONDS), NOON.plus_seconds(DAY_SECONDS));
    let mut search = Search { filter, since, until, after: None, limit };
    let mut pages = Vec::new();
    loop {
        let mut page = setting.index.search(&search).await.unwrap();
        let has_next = page.len() > usize::try_from(limit).unwrap();
        page.truncate(usize::try_from(limit).unwrap());
        pages.push(page.iter().map(|found| found.id.uuid().as_u128()).collect());
        match page.last() {
            Some(last) if has_next => search.after = Some((last.evaluated_at, last.id)),
            Some(_) | None => return pages,
        }
    }
}

/// Decisions 0 to 79, over two days.
async fn filled() -> Setting {
    let setting = Setting::new().await;
    for number in 0..80 {
        setting.append(&numbered(number)).await;
    }
    setting.take_in().await;
    setting
}

fn those(is_wanted: impl Fn(u128) -> bool) -> Vec<u128> {
    (0..80).rev().filter(|number| is_wanted(*number)).collect()
}

#[tokio::test]
async fn a_search_finds_what_it_asks_for_newest_first_and_nothing_else() {
    let setting = filled().await;
    let all = DecisionFilter::default;
    assert_eq!(found(&setting, all()).await, those(|_| true));
    let filter = DecisionFilter { subject: Some(Uuid::from_u128(2)), ..all() };
    assert_eq!(found(&setting, filter).await, those(|n| n % 4 == 2));
    let filter = DecisionFilter { subject: Some(Uuid::from_u128(103)), ..all() };
    assert_eq!(found(&setting, filter).await, those(|n| n % 4 == 3));
    let filter = DecisionFilter { party: Some(Uuid::from_u128(1)), ..all() };
    assert_eq!(found(&setting, filter).await, those(|n| n % 3 == 1));
    let filter = DecisionFilter { resource: Some("resource-3".parse().unwrap()), ..all() };
    assert_eq!(found(&setting, filter).await, those(|n| n % 5 == 3));
    let filter = DecisionFilter { outcome: Some("Deny"), ..all() };
    assert_eq!(found(&setting, filter).await, those(|n| n % 4 == 1));
    let filter = DecisionFilter { kind: Some(RecordKind::Undecided), ..all() };
    assert_eq!(found(&setting, filter).await, those(|n| n % 10 == 0));
    let filter = DecisionFilter { owner: Some("310010014".parse().unwrap()), ..all() };
    assert_eq!(found(&setting, filter).await, those(|n| n % 2 == 1));
    let both = DecisionFilter {
        party: Some(Uuid::from_u128(1)),
        outcome: Some("Permit"),
        owner: Some("310090018".parse().unwrap()),
        ..all()
    };
    assert_eq!(found(&setting, both).await, those(|n| n % 3 == 1 && n % 4 == 0));
    let nobody = DecisionFilter { party: Some(Uuid::from_u128(77)), ..all() };
    assert!(found(&setting, nobody).await.is_empty());
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_overlap() {
    let setting = filled().await;
    let pages = pages(&setting, DecisionFilter::default(), 7).await;
    assert!(pages.iter().all(|page| page.len() <= 7));
    assert_eq!(pages.len(), 12);
    assert_eq!(pages.concat(), those(|_| true));
}

#[tokio::test]
async fn times_bound_a_search_on_both_sides() {
    let setting = filled().await;
    let at = |number: u128| numbered(number).evaluated_at();
    let search = Search {
        filter: DecisionFilter::default(),
        since: at(30),
        until: at(50),
        after: None,
        limit: 1_000,
    };
    let found = setting.index.search(&search).await.unwrap();
    let numbers: Vec<u128> = found.iter().map(|found| found.id.uuid().as_u128()).collect();
    assert_eq!(numbers, those(|n| (30..=50).contains(&n)));
}

#[tokio::test]
async fn gaps_are_told_and_are_no_decisions() {
    let setting = filled().await;
    let gap = |number: u128, until: Timestamp| GapRecord {
        id: DecisionId::new(Uuid::from_u128(number)),
        gap: 7,
        since: until.plus_seconds(-1),
        until,
    };
    let (inside, outside) = (gap(1_000, NOON), gap(1_001, NOON.plus_seconds(-3 * DAY_SECONDS)));
    setting.append(&LogRecord::Gap(inside.clone())).await;
    setting.append(&LogRecord::Gap(outside)).await;
    setting.take_in().await;
    let (since, until) = (NOON.plus_seconds(-DAY_SECONDS), NOON.plus_seconds(DAY_SECONDS));
    assert_eq!(setting.index.gaps(since, until).await.unwrap(), [inside]);
    assert_eq!(found(&setting, DecisionFilter::default()).await, those(|_| true));
}

#[tokio::test]
async fn a_page_of_a_search_is_found_as_what_it_is_and_not_by_what_it_found() {
    let setting = filled().await;
    let like = decision(200, 0);
    setting
        .append(&LogRecord::Search(SearchRecord {
            id: like.id,
            caller: like.caller,
            correlation: like.correlation,
            ledger: like.ledger,
            position: like.position,
            evaluated_at: like.evaluated_at,
            engine: like.engine,
            catalogues: like.catalogues,
            search: SearchMade {
                request: serde_json::Value::Null,
                after: None,
                considered: 1,
                found: vec!["resource-1".to_owned()],
            },
        }))
        .await;
    setting.take_in().await;
    let of_kind = DecisionFilter { kind: Some(RecordKind::Search), ..DecisionFilter::default() };
    assert_eq!(found(&setting, of_kind).await, [200]);
    let resource = Some("resource-1".parse().unwrap());
    let about = DecisionFilter { resource, ..DecisionFilter::default() };
    assert!(!found(&setting, about).await.contains(&200));
}
