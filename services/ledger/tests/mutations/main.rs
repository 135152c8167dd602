//! Whether the tests notice when the rule of the ledger is broken: each test breaks one thing in a
//! copy of the code, and the tests of that copy have to fail.

#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod copy;

use copy::{Copy, Tests};

const ATTEMPT: &str = "services/ledger/src/attempt.rs";
const WRITER: &str = "services/ledger/src/writer.rs";
const SETTLE: &str = "services/ledger/src/settle.rs";
const ADMISSION: &str = "events/src/admission.rs";

/// What is done to the code.
struct Mutation {
    file: &'static str,
    /// What stands there once.
    rule: &'static str,
    /// What is put in its place.
    broken: &'static str,
}

impl Mutation {
    fn is_caught(&self) {
        let copy = Copy::take();
        copy.with(self.file, self.rule, self.broken, |tests| match tests {
            Tests::Fail(names) => assert!(!names.is_empty(), "the tests fail without saying which"),
            Tests::Pass => panic!("no test notices `{}` in place of `{}`", self.broken, self.rule),
        });
    }
}

#[test]
fn without_a_mutation_the_tests_pass() {
    assert_eq!(Copy::take().test(), Tests::Pass);
}

#[test]
fn a_commit_as_of_the_newest_source_instead_of_the_lowest_is_caught() {
    let (file, rule, broken) = (ATTEMPT, "as_of.min(position)", "as_of.max(position)");
    Mutation { file, rule, broken }.is_caught();
}

#[test]
fn a_stream_loaded_empty_and_left_out_of_the_reads_is_caught() {
    Mutation {
        file: ATTEMPT,
        rule: "self.reads.extend(streams.iter().cloned());",
        broken: "self.reads.extend(streams.iter().zip(events).filter(|(_, events)| \
                 !events.is_empty()).map(|(stream, _)| stream.clone()));",
    }
    .is_caught();
}

#[test]
fn a_stream_consulted_empty_and_left_out_of_the_reads_is_caught() {
    Mutation {
        file: ATTEMPT,
        rule: "self.reads.extend(streams);",
        broken: "self.reads.extend(streams.into_iter().filter(|stream| \
                 self.ledger.folds().admission.last_write(stream).is_some()));",
    }
    .is_caught();
}

#[test]
fn a_refusal_without_its_last_check_is_caught() {
    Mutation {
        file: WRITER,
        rule: "self.folded(attempt.highest(), deadline).await?;
        if self.is_written_after(as_of, attempt.reads()) {",
        broken: "if false {",
    }
    .is_caught();
}

#[test]
fn a_last_check_before_the_fold_has_reached_the_highest_source_is_caught() {
    let rule = "self.folded(attempt.highest(), deadline).await?;";
    Mutation { file: WRITER, rule, broken: "" }.is_caught();
}

#[test]
fn a_commit_settled_on_a_time_out_is_caught() {
    Mutation {
        file: SETTLE,
        rule: "stale = ledger.stale(decided_at) => match stale {",
        broken: "stale = async {
            sleep(Duration::from_secs(1)).await;
            ledger.stale(decided_at.plus_seconds(-60)).await
        } => match stale {",
    }
    .is_caught();
}

#[test]
fn a_caller_told_of_no_effect_on_a_time_out_is_caught() {
    Mutation {
        file: WRITER,
        rule: "Ok(Err(_)) | Err(_) => Outcome::Unknown,",
        broken: "Ok(Err(_)) | Err(_) => Outcome::NotAppended,",
    }
    .is_caught();
}

#[test]
fn append_times_instead_of_their_running_maximum_are_caught() {
    let rule = "self.ledger_time = self.ledger_time.max(append_time);";
    let broken = "self.ledger_time = append_time;";
    Mutation { file: ADMISSION, rule, broken }.is_caught();
}

#[test]
fn no_staleness_rule_is_caught() {
    let rule = "if is_stale(self.ledger_time, commit.decided_at) {";
    Mutation { file: ADMISSION, rule, broken: "if false {" }.is_caught();
}
