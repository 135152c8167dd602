use fullmakt_events::{
    Actor, Admission, Commit, FORMAT, Genesis, LedgerId, PartyId, encode, event::OrgNumberClaimed,
    event::OrgNumberEvent,
};
use uuid::Uuid;

use super::*;

fn ledger() -> LedgerId {
    Uuid::from_u128(1).into()
}

fn begun() -> Admission {
    let genesis = Genesis { ledger: ledger(), name: "test".to_owned(), format: FORMAT };
    let bytes = encode(&LedgerRecord::Genesis(genesis)).unwrap();
    Admission::begin(Position::GENESIS, Timestamp::default(), &bytes, "test").unwrap()
}

/// A commit with two events on one stream, of which the second is of the given type.
fn commit(second_type: &str) -> Commit {
    let org: OrgNumber = "991825827".parse().unwrap();
    let stream = StreamName::org(org);
    let party: PartyId = Uuid::from_u128(2).into();
    let event = OrgNumberEvent::Claimed(OrgNumberClaimed { org_number: org, party }).into();
    let event = fullmakt_events::RecordedEvent::new(stream.clone(), &event).unwrap();
    let mut commit =
        Commit::new(Uuid::from_u128(3), ledger(), Timestamp::default(), Actor::operator());
    commit.reads = vec![stream];
    commit.events = vec![event.clone(), event];
    second_type.clone_into(&mut commit.events[1].kind);
    commit
}

fn folded(admission: &mut Admission, bytes: &[u8]) -> Folded {
    Folded::fold(admission, Timestamp::default(), bytes).unwrap()
}

#[test]
fn an_admitted_commit_has_its_events_in_order() {
    let bytes = encode(&LedgerRecord::Commit(Box::new(commit("org_number.claimed")))).unwrap();
    let folded = folded(&mut begun(), &bytes);
    let entry = record_entry(&folded);
    assert_eq!((entry.kind, entry.verdict), (RecordKind::Commit, VerdictKind::Admitted));
    let decided = entry.decided.unwrap();
    assert_eq!(decided.event_types, ["org_number.claimed"]);
    assert_eq!(decided.streams.len(), 1);
    let places: Vec<_> =
        event_entries(&folded).map(|event| (event.position.get(), event.index)).collect();
    assert_eq!(places, [(1, 0), (1, 1)]);
}

#[test]
fn a_commit_that_is_not_admitted_is_indexed_without_events() {
    let mut admission = begun();
    let mut late = commit(&format!("{}\0", "x".repeat(TYPE_CHARS_MAX * 2)));
    late.as_of = Position::new(9);
    let bytes = encode(&LedgerRecord::Commit(Box::new(late))).unwrap();
    let folded = folded(&mut admission, &bytes);
    let entry = record_entry(&folded);
    assert_eq!(entry.verdict, VerdictKind::Void);
    assert!(entry.reason.unwrap().contains("as of 9"));
    let decided = entry.decided.unwrap();
    assert_eq!(decided.event_types[1], "x".repeat(TYPE_CHARS_MAX));
    assert_eq!(event_entries(&folded).count(), 0);
}

#[test]
fn bytes_that_are_no_record_are_indexed_with_the_reason_why() {
    let folded = folded(&mut begun(), b"{\"kind\":\"\\u0000\"}");
    let entry = record_entry(&folded);
    assert_eq!((entry.kind, entry.verdict), (RecordKind::Unreadable, VerdictKind::Void));
    let reason = entry.reason.unwrap();
    assert!(reason.contains('\u{fffd}') && !reason.contains('\0'), "{reason}");
    assert!(entry.decided.is_none());
    assert_eq!(&*entry.bytes, b"{\"kind\":\"\\u0000\"}");
}
