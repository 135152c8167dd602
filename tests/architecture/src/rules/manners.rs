//! Manners that the compiler and its lints do not see to.

use crate::{Fault, House};

/// How long a file may be, in lines.
const LINES_MAX: usize = 500;
/// Files that are longer, each with the reason.
const LONG_FILES: [(&str, &str); 0] = [];

/// What stands for work that was not done.
const UNDONE: [&str; 3] = ["todo !", "unimplemented !", "# [ ignore"];

/// Where tests may sleep, each with the reason. On Tokio's paused time everybody may: it passes by
/// itself.
const SLEEPERS: [(&str, &str); 9] = [
    ("services/eventlog/tests/contract/kafka.rs", "asks a broker again until a deadline"),
    ("services/ledger/src/tests/command.rs", "is run on paused time by the tests beside it"),
    ("services/ledger/src/tests/index.rs", "is run on paused time by the tests beside it"),
    ("services/ledger/src/tests/simulation.rs", "is run on paused time, seed by seed"),
    ("services/ledger/src/tests/simulation/trouble.rs", "is run on paused time, seed by seed"),
    ("services/ledger/src/tests/world.rs", "is run on paused time by the tests beside it"),
    ("tests/faults/src/pace.rs", "lets a fault last, and asks again until a deadline"),
    ("tests/operations/src/wait.rs", "asks again until a deadline"),
    ("tests/scenarios/src/server.rs", "asks the starting system again until a deadline"),
];

/// No file of Rust is longer than a reader can hold.
#[must_use]
pub fn files_are_small(house: &House) -> Vec<Fault> {
    let is_excepted = |path: &str| LONG_FILES.iter().any(|(file, _)| *file == path);
    let long = house.sources.iter().filter(|source| source.lines > LINES_MAX);
    long.filter(|source| !is_excepted(&source.path))
        .map(|source| {
            Fault::of(&source.path, format!("{} lines; at most {LINES_MAX}", source.lines))
        })
        .collect()
}

/// Nothing stands for work that was not done, and no test is left out.
#[must_use]
pub fn nothing_is_left_undone(house: &House) -> Vec<Fault> {
    let mut faults = Vec::new();
    for source in &house.sources {
        for pattern in UNDONE {
            for line in source.lines_with(pattern) {
                let what = format!("has `{}`", pattern.replace(' ', ""));
                faults.push(Fault::at(&source.path, line, what));
            }
        }
    }
    faults
}

/// Tests wait for conditions, never for time to pass.
#[must_use]
pub fn tests_do_not_sleep(house: &House) -> Vec<Fault> {
    let mut faults = Vec::new();
    for source in &house.sources {
        let is_excepted = SLEEPERS.iter().any(|(file, _)| *file == source.path);
        let is_paused = source.lines_with("start_paused").next().is_some()
            || source.lines_with("time : : pause").next().is_some();
        if is_excepted || is_paused {
            continue;
        }
        let in_product: Vec<usize> =
            crate::tokens::find(source.in_product(), "sleep (").map(|token| token.line).collect();
        for line in source.lines_with("sleep (").filter(|line| !in_product.contains(line)) {
            let what = "a test sleeps; wait for a condition with a deadline, or pause the time";
            faults.push(Fault::at(&source.path, line, what));
        }
    }
    let has_sleeper = |path: &str| {
        let own = house.sources.iter().find(|source| source.path == path);
        own.is_some_and(|source| source.lines_with("sleep (").next().is_some())
    };
    let needless = SLEEPERS.iter().filter(|(path, _)| !has_sleeper(path));
    faults.extend(needless.map(|(path, _)| Fault::of(path, "is excepted and does not sleep")));
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{house, places};

    #[test]
    fn a_long_file_is_found() {
        let (short, long) = ("x();\n".repeat(LINES_MAX), "x();\n".repeat(LINES_MAX + 1));
        let faults = files_are_small(&house(&[("a/long.rs", &long), ("a/short.rs", &short)]));
        assert_eq!(places(&faults), [("a/long.rs", None)]);
    }

    #[test]
    fn what_was_left_undone_is_found_in_tests_too() {
        let code = "// todo!()\nfn f() { todo!() }\n#[ignore = \"slow\"]\nfn g() { \"todo!\" }\n";
        let faults = nothing_is_left_undone(&house(&[("a/tests/x.rs", code)]));
        assert_eq!(places(&faults), [("a/tests/x.rs", Some(2)), ("a/tests/x.rs", Some(3))]);
        let faults = nothing_is_left_undone(&house(&[("a/x.rs", "unimplemented!();")]));
        assert_eq!(faults.len(), 1);
    }

    #[test]
    fn a_test_that_sleeps_is_found_unless_time_is_paused() {
        let sleeping = |path, text| {
            let faults = tests_do_not_sleep(&house(&[(path, text)]));
            faults.into_iter().filter(|fault| fault.path == path).count()
        };
        let inline = "fn f() { sleep(a); }\n#[cfg(test)] mod tests {\nfn g() { sleep(b); } }";
        assert_eq!(sleeping("a/src/x.rs", inline), 1);
        assert_eq!(sleeping("a/tests/x.rs", "fn g() { std::thread::sleep(b); }"), 1);
        let paused = "#[tokio::test(start_paused = true)] async fn g() { sleep(b).await; }";
        assert_eq!(sleeping("a/tests/x.rs", paused), 0);
        assert_eq!(sleeping("a/src/x.rs", "fn f() { sleep(a); }"), 0);
    }

    #[test]
    fn an_exception_that_nobody_needs_is_found() {
        let (path, _) = SLEEPERS[0];
        let faults = tests_do_not_sleep(&house(&[(path, "fn f() {}")]));
        assert!(faults.iter().any(|fault| fault.path == path));
        let faults = tests_do_not_sleep(&house(&[(path, "fn f() { sleep(x); }")]));
        assert!(!faults.iter().any(|fault| fault.path == path));
    }
}
