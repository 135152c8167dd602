//! Counting what passed, failed and was skipped, over test runners and tools alike.

use std::fmt;

/// How a test that cannot run where it is says so on standard output, followed by the reason.
const SKIPPED: &str = "skipped: ";

/// Counts of tests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// What the runners call passed, which includes what declared itself skipped.
    reported: u64,
    failed: u64,
    ignored: u64,
    declared: u64,
}

impl Tally {
    /// Counts a line of a test runner's output.
    pub fn count_line(&mut self, line: &str) {
        if let Some(result) = line.strip_prefix("test result: ") {
            self.reported += number_before(result, "passed");
            self.failed += number_before(result, "failed");
            self.ignored += number_before(result, "ignored");
        } else if line.starts_with(SKIPPED) {
            self.declared += 1;
        }
    }

    /// Counts one check, such as a linter's run.
    pub fn count_check(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Passed => self.reported += 1,
            Verdict::Failed => self.failed += 1,
            Verdict::Skipped => self.ignored += 1,
        }
    }

    /// Adds the counts of another tally.
    pub fn add(&mut self, other: Self) {
        self.reported += other.reported;
        self.failed += other.failed;
        self.ignored += other.ignored;
        self.declared += other.declared;
    }

    /// How many tests failed.
    pub fn failed(self) -> u64 {
        self.failed
    }
}

/// How one check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// As it must.
    Passed,
    /// Not as it must.
    Failed,
    /// It could not be made.
    Skipped,
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let passed = self.reported.saturating_sub(self.declared);
        let skipped = self.ignored + self.declared;
        write!(f, "{passed} passed, {} failed, {skipped} skipped", self.failed)
    }
}

/// The 12 of `ok. 12 passed; 0 failed`, for the word `passed`.
fn number_before(result: &str, word: &str) -> u64 {
    result
        .split(';')
        .filter_map(|part| part.trim().strip_suffix(word))
        .find_map(|part| part.split_whitespace().last()?.parse().ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closing_line_of(output: &str) -> String {
        let mut tally = Tally::default();
        output.lines().for_each(|line| tally.count_line(line));
        tally.to_string()
    }

    #[test]
    fn the_results_of_all_runners_are_summed() {
        let output = "\
running 3 tests
test a ... ok
test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 4 filtered out; finished in 0.01s
test result: FAILED. 3 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s
";
        assert_eq!(closing_line_of(output), "15 passed, 2 failed, 1 skipped");
    }

    #[test]
    fn a_test_that_declares_itself_skipped_did_not_pass() {
        let output = "\
skipped: there is no broker
test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s
";
        assert_eq!(closing_line_of(output), "1 passed, 0 failed, 1 skipped");
    }

    /// Issue 4: as tests say it that run one after another, in the middle of the runner's line.
    #[test]
    fn what_begins_on_a_line_of_its_own_is_counted_wherever_the_runner_was() {
        let output = "\
test a ...\u{20}
skipped: the cases are not there
ok
test b ... ok

skipped: the cases are not there
test c ... ok
test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s
";
        assert_eq!(closing_line_of(output), "1 passed, 0 failed, 2 skipped");
    }

    #[test]
    fn other_lines_that_speak_of_results_do_not_count() {
        let output = "the test result: ok. 5 passed; 1 failed\ntest skipped: no ... ok\n7 passed";
        assert_eq!(closing_line_of(output), "0 passed, 0 failed, 0 skipped");
    }

    #[test]
    fn checks_and_runners_are_counted_together() {
        let mut tally = Tally::default();
        tally.count_check(Verdict::Passed);
        tally.count_check(Verdict::Failed);
        tally.count_check(Verdict::Skipped);
        let mut sum = Tally::default();
        sum.count_line("test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured");
        sum.add(tally);

        assert_eq!(sum.to_string(), "3 passed, 1 failed, 1 skipped");
    }
}
