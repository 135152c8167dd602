use super::*;
use crate::{
    Tick, encode,
    testing::{
        NAME, Record, at, at_millis, begin, commit, genesis, ledger, other_ledger, record, stream,
    },
};

const DAY: i64 = 24 * 60 * 60;

fn tick() -> Record {
    let tick = Tick { id: uuid::Uuid::from_u128(9).into(), ledger: ledger() };
    codec::decode(&encode(&LedgerRecord::Tick(tick)).unwrap())
}

/// The rule after a write to `system/a` at position 1, half a second after the genesis.
fn written() -> Admission {
    let mut admission = begin();
    let first = record(commit(at(0), 0, &["system/a"], &["system/a"]));
    assert_eq!(admission.judge(at_millis(500), &first), Verdict::Admitted);
    admission
}

fn superseded_by(name: &str) -> Verdict {
    Verdict::Superseded { stream: stream(name) }
}

#[test]
fn a_commit_is_admitted_when_nothing_it_read_was_written_since() {
    let mut admission = written();
    let next = record(commit(at(1), 1, &["system/a", "system/b"], &["system/a"]));
    assert_eq!(admission.judge(at(1), &next), Verdict::Admitted);
    assert_eq!(admission.position(), Position::new(2));
    assert_eq!(admission.last_write(&stream("system/a")), Some(Position::new(2)));
    assert_eq!(admission.last_write(&stream("system/b")), None);
}

#[test]
fn a_commit_is_superseded_when_one_stream_it_read_was_written_since() {
    let mut admission = written();
    let late = record(commit(at(1), 0, &["system/b", "system/a"], &["system/b"]));
    assert_eq!(admission.judge(at(1), &late), superseded_by("system/a"));
    assert_eq!(admission.last_write(&stream("system/b")), None, "it has no effect");
    let unrelated = record(commit(at(1), 0, &["system/b"], &["system/b"]));
    assert_eq!(admission.judge(at(1), &unrelated), Verdict::Admitted);
}

#[test]
fn reading_a_stream_does_not_write_it() {
    let mut admission = written();
    let reader = record(commit(at(1), 1, &["system/a", "system/b"], &["system/b"]));
    assert_eq!(admission.judge(at(1), &reader), Verdict::Admitted);
    assert_eq!(admission.last_write(&stream("system/a")), Some(Position::new(1)));
}

#[test]
fn the_first_verdict_that_holds_is_given() {
    // Void, stale and superseded at once; then each without those before it.
    let late = at(31);
    let make = |decided_at, as_of| commit(decided_at, as_of, &["system/a"], &["system/a"]);
    let mut foreign = make(at(0), 0);
    foreign.ledger = other_ledger();
    let other = VoidReason::OtherLedger(other_ledger());
    assert_eq!(written().judge(late, &record(foreign)), Verdict::Void(other));
    let ahead = VoidReason::AsOfNotBefore { as_of: Position::new(2) };
    assert_eq!(written().judge(late, &record(make(at(0), 2))), Verdict::Void(ahead));
    assert_eq!(written().judge(late, &record(make(at(0), 0))), Verdict::Stale);
    assert_eq!(written().judge(late, &record(make(at(1), 0))), superseded_by("system/a"));
    assert_eq!(written().judge(late, &record(make(at(1), 1))), Verdict::Admitted);
}

#[test]
fn a_commit_is_stale_just_after_30_seconds_and_not_at_30() {
    let offer = |append_time| {
        begin().judge(append_time, &record(commit(at(0), 0, &["system/a"], &["system/a"])))
    };
    assert_eq!(offer(at(30)), Verdict::Admitted);
    assert_eq!(offer(at(30).plus_micros(1)), Verdict::Stale);
    assert_eq!(offer(at(-1)), Verdict::Admitted, "decided later than ledger time is not stale");
}

#[test]
fn ledger_time_is_the_highest_append_time_so_far() {
    let mut admission = begin();
    assert_eq!(admission.ledger_time(), at(0));
    for (append_time, ledger_time) in [(20, 20), (5, 20), (31, 31), (-100, 31)] {
        admission.judge(at(append_time), &tick());
        assert_eq!(admission.ledger_time(), at(ledger_time));
    }
    // By its own append time this one would not be stale.
    let old = record(commit(at(0), 0, &["system/a"], &["system/a"]));
    assert_eq!(admission.judge(at(1), &old), Verdict::Stale);
}

#[test]
fn a_void_or_stale_record_moves_ledger_time_as_well() {
    let mut admission = begin();
    assert!(matches!(admission.judge(at(40), &decode_garbage()), Verdict::Void(_)));
    let old = record(commit(at(0), 0, &["system/a"], &["system/a"]));
    assert_eq!(admission.judge(at(1), &old), Verdict::Stale);
    assert_eq!(admission.ledger_time(), at(40));
}

fn decode_garbage() -> Record {
    let garbage = codec::decode(b"garbage");
    assert!(garbage.is_err());
    garbage
}

#[test]
fn a_commit_is_decided_as_of_a_position_before_its_own() {
    for (as_of, is_before) in [(0, true), (1, true), (2, false), (3, false), (u64::MAX, false)] {
        let offered = record(commit(at(1), as_of, &["system/b"], &["system/b"]));
        let verdict = written().judge(at(1), &offered);
        assert_eq!(verdict == Verdict::Admitted, is_before, "as of {as_of}: {verdict:?}");
        assert_eq!(matches!(verdict, Verdict::Void(VoidReason::AsOfNotBefore { .. })), !is_before);
    }
}

#[test]
fn void_records_count_as_positions_and_have_no_effect() {
    let mut admission = written();
    let mut foreign = commit(at(1), 1, &["system/a"], &["system/a"]);
    foreign.ledger = other_ledger();
    let foreign_tick = Tick { id: uuid::Uuid::from_u128(9).into(), ledger: other_ledger() };
    for void in [
        decode_garbage(),
        record(foreign),
        Ok(LedgerRecord::Tick(foreign_tick)),
        Ok(LedgerRecord::Genesis(genesis())),
    ] {
        let before = admission.position();
        assert_eq!(admission.judge(at(1), &void).name(), "void");
        assert_eq!(admission.position(), before.next());
    }
    assert_eq!(admission.last_write(&stream("system/a")), Some(Position::new(1)));
    assert_eq!(admission.ledger(), ledger());
}

#[test]
fn a_genesis_elsewhere_is_void_and_says_so() {
    let again = Ok(LedgerRecord::Genesis(genesis()));
    assert_eq!(begin().judge(at(1), &again), Verdict::Void(VoidReason::GenesisElsewhere));
}

#[test]
fn a_tick_is_admitted_and_writes_nothing() {
    let mut admission = written();
    assert_eq!(admission.judge(at(1), &tick()), Verdict::Admitted);
    assert_eq!(admission.last_writes().count(), 1);
}

#[test]
fn command_streams_are_forgotten_after_24_hours_of_ledger_time_exactly() {
    const KEY: &str = "command/01970000-0000-8000-8000-000000000003";
    let after = |elapsed: Timestamp| {
        let mut admission = begin();
        let first = record(commit(at(0), 0, &[KEY, "system/a"], &[KEY, "system/a"]));
        assert_eq!(admission.judge(at(0), &first), Verdict::Admitted);
        admission.judge(elapsed, &tick());
        (admission.last_write(&stream(KEY)), admission.last_write(&stream("system/a")))
    };
    let one = Some(Position::new(1));
    assert_eq!(after(at(DAY)), (one, one));
    assert_eq!(after(at(DAY).plus_micros(1)), (None, one), "other streams are never forgotten");
}

#[test]
fn a_command_stream_is_remembered_from_its_last_write() {
    const KEY: &str = "command/01970000-0000-8000-8000-000000000003";
    let mut admission = begin();
    for (hours, as_of) in [(0, 0), (20, 1)] {
        let write = record(commit(at(hours * 3_600), as_of, &[KEY], &[KEY]));
        assert_eq!(admission.judge(at(hours * 3_600), &write), Verdict::Admitted);
    }
    admission.judge(at(30 * 3_600), &tick());
    assert_eq!(admission.last_write(&stream(KEY)), Some(Position::new(2)));
    admission.judge(at(44 * 3_600 + 1), &tick());
    assert_eq!(admission.last_write(&stream(KEY)), None);
    // Had time gone back, it would stay forgotten.
    admission.judge(at(0), &tick());
    assert_eq!(admission.last_write(&stream(KEY)), None);
}

#[test]
fn a_ledger_begins_with_its_own_genesis_at_position_0() {
    let begin = |position, record: &LedgerRecord, name| {
        Admission::begin(Position::new(position), at(0), &encode(record).unwrap(), name)
    };
    let first = LedgerRecord::Genesis(genesis());
    let admission = begin(0, &first, NAME).unwrap();
    assert_eq!((admission.ledger(), admission.ledger_time()), (ledger(), at(0)));
    assert_eq!(admission.position(), Position::GENESIS);

    let missing = GenesisError::BeginningMissing(Position::new(1));
    assert_eq!(begin(1, &first, NAME).unwrap_err(), missing);
    let expected = "other".to_owned();
    let other_name = GenesisError::OtherName { found: NAME.to_owned(), expected };
    assert_eq!(begin(0, &first, "other").unwrap_err(), other_name);
    let later = LedgerRecord::Genesis(crate::Genesis { format: FORMAT + 1, ..genesis() });
    assert_eq!(begin(0, &later, NAME).unwrap_err(), GenesisError::UnknownFormat(FORMAT + 1));
    assert_eq!(begin(0, &tick().unwrap(), NAME).unwrap_err(), GenesisError::NotGenesis);
    let garbage = Admission::begin(Position::GENESIS, at(0), b"garbage", NAME);
    assert_eq!(garbage.unwrap_err(), GenesisError::NotGenesis);
}
