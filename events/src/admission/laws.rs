//! The laws of the rule, for arbitrary ledgers.

use std::collections::HashMap;

use proptest::{collection::vec, prelude::*, sample::Index};

use super::*;
use crate::{
    Folded, Tick, encode,
    testing::{at, at_millis, begin, commit, genesis, ledger, other_ledger},
};

/// Two streams that last and two that are forgotten.
const STREAMS: [&str; 4] = ["system/a", "system/b", "command/c", "command/d"];

/// What is appended next.
#[derive(Debug, Clone)]
enum Step {
    /// A commit by a writer that has folded all but the last `behind` records and decided
    /// `decided_ago` milliseconds of ledger time ago.
    Commit {
        behind: u64,
        decided_ago: i64,
        reads: u8,
        writes: u8,
        is_foreign: bool,
    },
    /// A commit that is as of its own position or a later one.
    AsOfNotBefore {
        ahead: u64,
        writes: u8,
    },
    /// A copy of an earlier record.
    Copy(Index),
    Tick {
        is_foreign: bool,
    },
    Genesis,
    Garbage(Vec<u8>),
}

fn steps() -> impl Strategy<Value = Vec<(i64, Step)>> {
    let commit = (0..6_u64, -1_000..32_000_i64, 0..16_u8, 1..16_u8, prop::bool::weighted(0.03))
        .prop_map(|(behind, decided_ago, reads, writes, is_foreign)| Step::Commit {
            behind,
            decided_ago,
            reads,
            writes,
            is_foreign,
        });
    let step = prop_oneof![
        12 => commit,
        1 => (0..4_u64, 1..16_u8).prop_map(|(ahead, writes)| Step::AsOfNotBefore { ahead, writes }),
        6 => any::<Index>().prop_map(Step::Copy),
        2 => prop::bool::weighted(0.2).prop_map(|is_foreign| Step::Tick { is_foreign }),
        1 => Just(Step::Genesis),
        1 => vec(any::<u8>(), 0..20).prop_map(Step::Garbage),
    ];
    // How far the clock of the log moves, in milliseconds: mostly little, at times back or far.
    let clock = prop_oneof![
        12 => 0..5_000_i64,
        3 => -60_000..0_i64,
        2 => 20_000..40_000_i64,
        1 => 43_000_000..90_000_000_i64,
    ];
    vec((clock, step), 1..40)
}

/// A record as it stands in the log after the genesis.
type Appended = (Timestamp, Vec<u8>);

fn names(bits: u8) -> Vec<&'static str> {
    let chosen = |(number, name): (usize, &'static str)| (bits >> number & 1 == 1).then_some(name);
    STREAMS.into_iter().enumerate().filter_map(chosen).collect()
}

fn log(steps: Vec<(i64, Step)>) -> Vec<Appended> {
    let mut records: Vec<Appended> = Vec::new();
    let (mut clock, mut ledger_time) = (0, 0);
    for (number, (moved, step)) in (1..).zip(steps) {
        clock += moved;
        ledger_time = ledger_time.max(clock);
        let written = |decided_ago, as_of, reads: u8, writes: u8, is_foreign| {
            let decided_at = at_millis(ledger_time - decided_ago);
            let mut commit = commit(decided_at, as_of, &names(reads | writes), &names(writes));
            commit.id = uuid::Uuid::from_u128(number.into()).into();
            if is_foreign {
                commit.ledger = other_ledger();
            }
            encode(&LedgerRecord::Commit(Box::new(commit))).unwrap()
        };
        let bytes = match step {
            Step::Commit { behind, decided_ago, reads, writes, is_foreign } => {
                let as_of = (number - 1_u64).saturating_sub(behind);
                written(decided_ago, as_of, reads, writes, is_foreign)
            }
            Step::AsOfNotBefore { ahead, writes } => written(0, number + ahead, 0, writes, false),
            Step::Copy(_) if records.is_empty() => b"nothing yet".to_vec(),
            Step::Copy(which) => records[which.index(records.len())].1.clone(),
            Step::Tick { is_foreign } => {
                let ledger = if is_foreign { other_ledger() } else { ledger() };
                let id = uuid::Uuid::from_u128(number.into()).into();
                encode(&LedgerRecord::Tick(Tick { id, ledger })).unwrap()
            }
            Step::Genesis => encode(&LedgerRecord::Genesis(genesis())).unwrap(),
            Step::Garbage(bytes) => bytes,
        };
        records.push((at_millis(clock), bytes));
    }
    records
}

fn logs() -> impl Strategy<Value = Vec<Appended>> {
    steps().prop_map(log)
}

fn judge(admission: &mut Admission, records: &[Appended]) -> Vec<Verdict> {
    let verdict = |(time, bytes): &Appended| admission.judge(*time, &codec::decode(bytes));
    records.iter().map(verdict).collect()
}

/// All that verdicts depend on, and that can be kept.
fn state(admission: &Admission) -> impl PartialEq + std::fmt::Debug + use<> {
    let mut last_writes: Vec<_> = admission.last_writes().collect();
    last_writes.sort_unstable();
    let command_writes: Vec<_> = admission.command_writes().collect();
    let last = STREAMS.map(|name| admission.last_write(&name.parse().unwrap()));
    let place = (admission.ledger(), admission.position(), admission.ledger_time());
    (place, last_writes, command_writes, last)
}

/// The same state, by way of what is kept of it.
fn restored(admission: &Admission) -> Admission {
    let (ledger, time) = (admission.ledger(), admission.ledger_time());
    let mut restoring = Admission::restore(ledger, admission.position(), time);
    for (stream, at) in admission.last_writes() {
        restoring.last_write(stream, at).unwrap();
    }
    for (stream, at, time) in admission.command_writes() {
        restoring.command_write(stream, at, time).unwrap();
    }
    restoring.finish()
}

fn decoded(bytes: &[u8]) -> Option<Box<crate::Commit>> {
    match codec::decode(bytes) {
        Ok(LedgerRecord::Commit(commit)) => Some(commit),
        Ok(LedgerRecord::Genesis(_) | LedgerRecord::Tick(_)) | Err(_) => None,
    }
}

/// The design's text, word for word and without a thought for speed.
fn oracle(records: &[Appended]) -> Vec<&'static str> {
    let mut verdicts = Vec::new();
    // stream → position of its last admitted write, and the ledger time then.
    let mut last_admitted: HashMap<String, (u64, Timestamp)> = HashMap::new();
    for (position, index) in (1..).zip(0..records.len()) {
        // The highest append time at any position up to it, that of the genesis included.
        let ledger_time = records[..=index].iter().map(|(time, _)| *time).chain([at(0)]).max();
        let ledger_time = ledger_time.unwrap();
        // Streams of this category are forgotten after 24 h of ledger time.
        last_admitted.retain(|name, (_, written)| {
            !name.starts_with("command/")
                || ledger_time.micros_since(*written) <= 24 * 60 * 60 * 1_000_000
        });
        let bytes = &records[index].1;
        let commit = match codec::decode(bytes) {
            Ok(LedgerRecord::Commit(commit)) => commit,
            Ok(LedgerRecord::Tick(tick)) if tick.ledger == ledger() => {
                verdicts.push("admitted");
                continue;
            }
            Ok(LedgerRecord::Tick(_) | LedgerRecord::Genesis(_)) | Err(_) => {
                verdicts.push("void");
                continue;
            }
        };
        let was_written_after = |name: &StreamName| match last_admitted.get(name.as_str()) {
            Some((written, _)) => *written > commit.as_of.get(),
            None => false,
        };
        verdicts.push(if commit.ledger != ledger() || commit.as_of.get() >= position {
            "void"
        } else if ledger_time.micros_since(commit.decided_at) > 30_000_000 {
            "stale"
        } else if commit.reads.iter().any(was_written_after) {
            "superseded"
        } else {
            for event in &commit.events {
                last_admitted.insert(event.stream.to_string(), (position, ledger_time));
            }
            "admitted"
        });
    }
    verdicts
}

proptest! {
    #[test]
    fn the_rule_is_what_the_design_says(log in logs()) {
        let verdicts = judge(&mut begin(), &log);
        let names: Vec<_> = verdicts.iter().map(Verdict::name).collect();
        prop_assert_eq!(names, oracle(&log));
    }

    #[test]
    fn verdicts_depend_on_nothing_but_the_prefix(
        log in logs(), other in logs(), cut in any::<Index>(),
    ) {
        let cut = cut.index(log.len());
        let verdicts = judge(&mut begin(), &log);
        let continued_otherwise = [&log[..cut], &other[..]].concat();
        let otherwise = judge(&mut begin(), &continued_otherwise);
        prop_assert_eq!(&verdicts[..cut], &otherwise[..cut]);
    }

    #[test]
    fn any_batching_and_any_restart_point_give_the_same_verdicts(
        log in logs(), cuts in vec(any::<Index>(), 0..5),
    ) {
        let mut cuts: Vec<_> = cuts.iter().map(|cut| cut.index(log.len())).collect();
        cuts.extend([0, log.len()]);
        cuts.sort_unstable();
        let mut whole = begin();
        let verdicts = judge(&mut whole, &log);

        let mut current = begin();
        let mut batched = Vec::new();
        for batch in cuts.windows(2) {
            // From the snapshot on, as after a restart; what goes on beside it must not matter.
            let snapshot = current.clone();
            judge(&mut current, &log[..batch[0]]);
            current = snapshot;
            batched.extend(judge(&mut current, &log[batch[0]..batch[1]]));
        }
        prop_assert_eq!(&batched, &verdicts);
        for name in STREAMS {
            let stream: StreamName = name.parse().unwrap();
            prop_assert_eq!(current.last_write(&stream), whole.last_write(&stream));
        }
        prop_assert_eq!(current.ledger_time(), whole.ledger_time());
    }

    #[test]
    fn what_is_restored_judges_the_rest_as_what_was_kept(log in logs(), cut in any::<Index>()) {
        let cut = cut.index(log.len() + 1);
        let mut whole = begin();
        judge(&mut whole, &log[..cut]);
        let mut current = restored(&whole);
        prop_assert_eq!(state(&current), state(&whole));
        prop_assert_eq!(judge(&mut current, &log[cut..]), judge(&mut whole, &log[cut..]));
        prop_assert_eq!(state(&current), state(&whole));
    }

    #[test]
    fn folding_gives_the_verdicts_of_the_rule_and_the_events_of_what_is_admitted(log in logs()) {
        let verdicts = judge(&mut begin(), &log);
        let mut admission = begin();
        for ((time, bytes), verdict) in log.iter().zip(verdicts) {
            let folded = Folded::fold(&mut admission, *time, bytes).unwrap();
            let events = decoded(bytes).map_or(0, |commit| commit.events.len());
            let counted = if verdict == Verdict::Admitted { events } else { 0 };
            prop_assert_eq!(folded.events.len(), counted);
            prop_assert_eq!(&folded.bytes[..], &bytes[..]);
            prop_assert_eq!(folded.append_time, *time);
            prop_assert_eq!(folded.ledger_time, admission.ledger_time());
            prop_assert_eq!(folded.position, admission.position());
            prop_assert_eq!(folded.verdict, verdict);
        }
    }

    /// No writer can name a position before the log has reached it, so that the first copy of its
    /// commit is never void for that reason.
    #[test]
    fn once_one_copy_has_a_verdict_no_other_copy_is_admitted(log in logs()) {
        let verdicts = judge(&mut begin(), &log);
        let mut first: HashMap<uuid::Uuid, Verdict> = HashMap::new();
        for ((_, bytes), verdict) in log.iter().zip(verdicts) {
            let Some(commit) = decoded(bytes) else { continue };
            if let Some(first) = first.get(&commit.id.uuid()) {
                if !matches!(first, Verdict::Void(VoidReason::AsOfNotBefore { .. })) {
                    prop_assert_ne!(verdict, Verdict::Admitted, "after {:?}", first);
                }
            } else {
                first.insert(commit.id.uuid(), verdict);
            }
        }
    }

    /// The state-hash law in its pure form: the writes to all that a commit read are the same up to
    /// `as_of` and up to its admission, save those that are forgotten by then.
    #[test]
    fn an_admitted_commit_was_decided_on_exactly_the_state_it_is_admitted_on(log in logs()) {
        let mut admission = begin();
        let mut writes: Vec<(Position, Timestamp, StreamName)> = Vec::new();
        for (time, bytes) in &log {
            let verdict = admission.judge(*time, &codec::decode(bytes));
            let (Some(commit), Verdict::Admitted) = (decoded(bytes), verdict) else { continue };
            let now = admission.ledger_time();
            let state = |until: Position| -> Vec<_> {
                let is_read = |(at, written, stream): &&(Position, Timestamp, StreamName)| {
                    let is_remembered = stream.category() != "command"
                        || now.micros_since(*written) <= 24 * 60 * 60 * 1_000_000;
                    *at <= until && is_remembered && commit.reads.contains(stream)
                };
                writes.iter().filter(is_read).cloned().collect()
            };
            prop_assert_eq!(state(commit.as_of), state(admission.position()));
            let written = commit.events.into_iter().map(|event| event.stream);
            writes.extend(written.map(|stream| (admission.position(), now, stream)));
        }
    }
}

#[test]
fn the_arbitrary_ledgers_have_every_verdict_and_copies_of_each() {
    use proptest::{strategy::ValueTree, test_runner::TestRunner};

    let mut runner = TestRunner::deterministic();
    let mut seen: HashMap<(&str, bool), u32> = HashMap::new();
    for _ in 0..200 {
        let log = logs().new_tree(&mut runner).unwrap().current();
        let verdicts = judge(&mut begin(), &log);
        for (index, verdict) in verdicts.iter().enumerate() {
            let is_copy = log[..index].iter().any(|(_, bytes)| *bytes == log[index].1);
            *seen.entry((verdict.name(), is_copy)).or_default() += 1;
        }
    }
    for name in ["admitted", "superseded", "stale", "void"] {
        for is_copy in [false, true] {
            let count = seen.get(&(name, is_copy)).copied().unwrap_or(0);
            // A copy of a tick is admitted too; copies of commits are the law's to forbid.
            assert!(count > 20, "{name}, a copy: {is_copy}: {count}");
        }
    }
}
