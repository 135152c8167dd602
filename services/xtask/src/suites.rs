//! The suites of `cargo xtask test`.

/// One suite.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suite {
    /// How it is called on the command line.
    pub name: &'static str,
    /// What it shows, for the help text.
    pub about: &'static str,
    /// What is done.
    pub kind: Kind,
}

/// What a suite consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Formatting.
    Fmt,
    /// Licences, sources and bans of dependencies.
    Deny,
    /// Lints.
    Clippy,
    /// The documentation of the code.
    Docs,
    /// Tests; the arguments select them for `cargo test --workspace`.
    Tests(&'static [&'static str]),
    /// The README's tour.
    Tour,
}

/// Every suite that can be named. A further one over test files is one more line here.
pub const SUITES: [Suite; 15] = [
    suite("fmt", "the code is formatted", Kind::Fmt),
    suite("deny", "dependencies: licences, sources, bans", Kind::Deny),
    suite("clippy", "the code is free of lint warnings", Kind::Clippy),
    suite("docs", "the code's documentation builds without warnings", Kind::Docs),
    suite("unit", "tests beside the code", Kind::Tests(&["--lib", "--bins"])),
    suite("examples", "examples in the documentation", Kind::Tests(&["--doc"])),
    suite("contract", "test files contract*.rs", Kind::Tests(&["--test", "contract*"])),
    suite("conformance", "test files conformance*.rs", Kind::Tests(&["--test", "conformance*"])),
    suite("scenarios", "test files scenario*.rs", Kind::Tests(&["--test", "scenario*"])),
    suite("fuzz", "test files fuzz*.rs", Kind::Tests(&["--test", "fuzz*"])),
    suite("operations", "test files operations*.rs", Kind::Tests(&["--test", "operations*"])),
    suite("faults", "test files faults*.rs", Kind::Tests(&["--test", "faults*"])),
    suite("architecture", "test files architecture*.rs", Kind::Tests(&["--test", "architecture*"])),
    suite("mutations", "test files mutations*.rs", Kind::Tests(&["--test", "mutations*"])),
    suite("tour", "the README's tour", Kind::Tour),
];

/// All that CI runs: the checks, every test there is, and the tour.
pub const ALL: [Suite; 6] = [
    suite("fmt", "", Kind::Fmt),
    suite("deny", "", Kind::Deny),
    suite("clippy", "", Kind::Clippy),
    suite("docs", "", Kind::Docs),
    suite("tests", "", Kind::Tests(&[])),
    suite("tour", "", Kind::Tour),
];

/// The suite with this name.
pub fn find(name: &str) -> Option<Suite> {
    SUITES.iter().copied().find(|suite| suite.name == name)
}

const fn suite(name: &'static str, about: &'static str, kind: Kind) -> Suite {
    Suite { name, about, kind }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_leaves_no_suite_out() {
        for suite in SUITES {
            let is_in_all = match suite.kind {
                Kind::Tests(_) => ALL.iter().any(|all| all.kind == Kind::Tests(&[])),
                kind @ (Kind::Fmt | Kind::Deny | Kind::Clippy | Kind::Docs | Kind::Tour) => {
                    ALL.iter().any(|all| all.kind == kind)
                }
            };
            assert!(is_in_all, "{}", suite.name);
        }
    }

    #[test]
    fn a_suite_is_found_by_its_name_alone() {
        assert_eq!(find("clippy").map(|suite| suite.kind), Some(Kind::Clippy));
        assert_eq!(find("clip"), None);
    }
}
