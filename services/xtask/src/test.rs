//! `cargo xtask test`: everything CI runs, on services of its own.

use crate::console::say;
use crate::failure::{Failure, Outcome};
use crate::folder::DataFolder;
use crate::install::{Need, ensure, ensure_component, is_root};
use crate::ledger::Ledger;
use crate::postgres::Durability;
use crate::services::{Plan, Services};
use crate::suites::{Kind, Suite};
use crate::tally::{Tally, Verdict};
use crate::{deny, kafka, readme, server, shell, tour, workspace};
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::Duration;

const CHECK_LIMIT: Duration = Duration::from_mins(30);
const BUILD_LIMIT: Duration = Duration::from_hours(1);
const TEST_LIMIT: Duration = Duration::from_hours(1);

/// Runs the suites one after another; the last line says how many tests passed.
pub fn test(suites: &[Suite]) -> Outcome<ExitCode> {
    install_all(suites)?;
    let mut run = Run { root: workspace::root()?, bed: None };
    let mut sum = Tally::default();
    let mut failed = Vec::new();
    for suite in suites {
        say(format!("\n=== {}", suite.name));
        let tally = run.suite(*suite)?;
        if tally.failed() > 0 {
            failed.push(suite.name);
        }
        say(format!("=== {}: {tally}", suite.name));
        sum.add(tally);
    }
    drop(run);
    if !failed.is_empty() {
        say(format!("\nfailed: {}", failed.join(", ")));
    }
    say(format!("\n{sum}"));
    Ok(if failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Installs what the suites need, all at once, so that there is at most one command to type.
fn install_all(suites: &[Suite]) -> Outcome {
    let tools = workspace::tools()?;
    let mut needs = Vec::new();
    for suite in suites {
        match suite.kind {
            Kind::Fmt => {}
            Kind::Deny | Kind::Clippy | Kind::Docs => needs.push(Need::BuildTools),
            Kind::Tests(_) | Kind::Tour => {
                needs.extend([Need::BuildTools, Need::Postgres]);
                needs.extend(kafka::needs(&tools));
                // Tests that need it are skipped where one may not use it.
                if is_root() {
                    needs.push(Need::Network);
                }
            }
        }
        if suite.kind == Kind::Tour {
            needs.push(Need::TourTools);
        }
    }
    needs.sort();
    needs.dedup();
    ensure(&needs)
}

/// What the suites of one run share.
struct Run {
    root: PathBuf,
    bed: Option<Bed>,
}

/// The services that tests run against.
struct Bed {
    // Dropped in this order: the services end before their folder goes.
    services: Services,
    folder: DataFolder,
}

impl Run {
    fn suite(&mut self, suite: Suite) -> Outcome<Tally> {
        let outcome = match suite.kind {
            Kind::Fmt => self.fmt(),
            Kind::Deny => self.deny(),
            Kind::Clippy => self.clippy(),
            Kind::Docs => self.docs(),
            Kind::Tests(selection) => self.tests(selection),
            Kind::Tour => self.tour(),
        };
        match outcome {
            Err(Failure::Because(reason)) => {
                say(format!("{}: {reason}", suite.name));
                Ok(one(Verdict::Failed))
            }
            outcome => outcome,
        }
    }

    fn fmt(&self) -> Outcome<Tally> {
        ensure_component("fmt", "rustfmt")?;
        self.check(shell::cargo().args(["fmt", "--all", "--check"]))
    }

    fn deny(&self) -> Outcome<Tally> {
        let program = deny::ensure()?;
        self.check(Command::new(program).args([
            "check",
            "--hide-inclusion-graph",
            "bans",
            "licenses",
            "sources",
        ]))
    }

    fn clippy(&self) -> Outcome<Tally> {
        ensure_component("clippy", "clippy")?;
        let mut clippy = shell::cargo();
        clippy.args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
        self.check(&mut clippy)
    }

    fn docs(&self) -> Outcome<Tally> {
        let mut doc = shell::cargo();
        doc.args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings");
        self.check(&mut doc)
    }

    fn check(&self, command: &mut Command) -> Outcome<Tally> {
        let status = shell::run_to_end(command.current_dir(&self.root), CHECK_LIMIT)?;
        Ok(one(if status.success() { Verdict::Passed } else { Verdict::Failed }))
    }

    fn tests(&mut self, selection: &[&str]) -> Outcome<Tally> {
        self.build()?;
        let mut tests = shell::cargo();
        tests.args(["test", "--workspace", "--no-fail-fast"]).args(selection);
        tests.current_dir(&self.root);
        let bed = self.bed()?;
        bed.services.tell(&mut tests);
        let program = server::built_program()?;
        if program.exists() {
            tests.env("FULLMAKT_TEST_BINARY", program);
        }
        if let Some(shared) = self.root.parent().map(|parent| parent.join("shared"))
            && shared.is_dir()
        {
            tests.env("FULLMAKT_TEST_SHARED", shared);
        }
        let mut tally = Tally::default();
        let status = shell::stream(&mut tests, TEST_LIMIT, |line| {
            say(line);
            tally.count_line(line);
        })?;
        // A runner that crashed has not said how many failed.
        if !status.success() && tally.failed() == 0 {
            tally.count_check(Verdict::Failed);
        }
        Ok(tally)
    }

    fn tour(&mut self) -> Outcome<Tally> {
        let Some(steps) = readme::read_tour(&self.root)? else {
            say("README.md has no section `## Tour`");
            return Ok(one(Verdict::Skipped));
        };
        self.build()?;
        let program = server::built_program()?;
        let bed = self.bed()?;
        tour::walk_on(program, &bed.folder, &bed.services, &steps)?;
        Ok(one(Verdict::Passed))
    }

    /// Compiles all that tests run, with the features that they are run with.
    fn build(&self) -> Outcome {
        let mut build = shell::cargo();
        build.args(["build", "--workspace", "--bins", "--tests"]).current_dir(&self.root);
        shell::run(&mut build, BUILD_LIMIT)
    }

    fn bed(&mut self) -> Outcome<&mut Bed> {
        let bed = match self.bed.take() {
            Some(bed) => bed,
            None => Bed::make()?,
        };
        Ok(self.bed.insert(bed))
    }
}

impl Bed {
    fn make() -> Outcome<Self> {
        let folder = DataFolder::temporary()?;
        let plan = Plan::make(&folder, Some(Ledger::Kafka), Durability::None)?;
        let services = Services::start(&folder, &plan)?;
        Ok(Self { services, folder })
    }
}

fn one(verdict: Verdict) -> Tally {
    let mut tally = Tally::default();
    tally.count_check(verdict);
    tally
}
