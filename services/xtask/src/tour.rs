//! `cargo xtask tour`: walks the README's tour and compares what it sees with what the README says.

use crate::console::say;
use crate::expected::{Difference, compare};
use crate::failure::{Explain, Failure, Outcome};
use crate::folder::{DataFolder, create};
use crate::install::{Need, ensure};
use crate::ports::free_port;
use crate::postgres::Durability;
use crate::process::Output;
use crate::readme::{self, Step};
use crate::server::{self, Identity, Server};
use crate::services::{Plan, Services};
use crate::{shell, workspace};
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The database and ledger of a system that exists for the tour.
const NAME: &str = "tour";

/// How long the whole tour may take.
const WALK_LIMIT: Duration = Duration::from_mins(10);

/// Walks the tour on the system at `base`, or else on one that is started for it.
pub fn tour(base: Option<&str>) -> Outcome {
    let Some(steps) = readme::read_tour(&workspace::root()?)? else {
        return Err(Failure::because("README.md has no section `## Tour`"));
    };
    ensure(&[Need::TourTools])?;
    let folder = DataFolder::temporary()?;
    if let Some(base) = base {
        return walk(base, &steps, &folder);
    }
    let plan = Plan::make(&folder, None, Durability::None)?;
    let program = server::build()?;
    let services = Services::start(&folder, &plan)?;
    walk_on(program, &folder, &services, &steps)
}

/// Walks the tour on a server that is started for it, on services that run already.
pub fn walk_on(
    program: PathBuf,
    folder: &DataFolder,
    services: &Services,
    steps: &[Step],
) -> Outcome {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, free_port()?));
    let log = folder.log("server");
    let identity = Identity { address, name: NAME };
    let server = Server::start(program, folder, services, &identity, &Output::Log(&log))?;
    walk(&server.base_url(), steps, folder)
        .inspect_err(|_| say(format!("The server: {}", crate::console::tail(&log))))
}

fn walk(base: &str, steps: &[Step], folder: &DataFolder) -> Outcome {
    let pages = folder.join("tour");
    create(&pages)?;
    let write = |name: &str, text: &str| {
        fs::write(pages.join(name), text).explain(|| "cannot write the tour".to_owned())
    };
    for (number, step) in (1_usize..).zip(steps) {
        write(&format!("{number}.sh"), &step.script)?;
    }
    write("tour.sh", &session(steps.len()))?;
    let mut walker = Command::new("bash");
    walker.arg(pages.join("tour.sh")).current_dir(&pages);
    walker.env("BASE", base).env("TOUR_PAGES", &pages);
    let status = shell::run_to_end(&mut walker, WALK_LIMIT)?;

    let reached = read(&pages.join("reached")).trim().parse().unwrap_or_default();
    for (number, step) in (1_usize..).zip(steps).take(reached) {
        let output = read(&pages.join(format!("{number}.out")));
        if number == reached && !status.success() {
            let errors = read(&pages.join(format!("{number}.err")));
            return Err(Failure::because(format!(
                "README.md:{}: these commands failed ({status}):\n{}they printed:\n{}{}",
                step.line,
                indented(&step.script),
                indented(&output),
                indented(&errors)
            )));
        }
        check(step, &output)?;
        let first = step.script.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        say(format!("README.md:{} as the README says: {first}", step.line));
    }
    if status.success() && reached == steps.len() {
        say("The tour is as the README says.");
        Ok(())
    } else {
        Err(Failure::because(format!("the tour ended after block {reached} ({status})")))
    }
}

/// The bash session that runs the blocks one after another, each one's output in its own files.
fn session(blocks: usize) -> String {
    let start = "set -euo pipefail\nexec </dev/null\n".to_owned();
    (1..=blocks).fold(start, |script, number| {
        script
            + &format!(
                "echo {number} >\"$TOUR_PAGES\"/reached\n\
                 source \"$TOUR_PAGES\"/{number}.sh \
                 >\"$TOUR_PAGES\"/{number}.out 2>\"$TOUR_PAGES\"/{number}.err\n"
            )
    })
}

fn check(step: &Step, output: &str) -> Outcome {
    let Some(expected) = &step.expected else { return Ok(()) };
    compare(&expected.text, output).map_err(|difference| {
        let Difference { line, expected: wanted, actual } = difference;
        let shown = |line: Option<String>| line.unwrap_or_else(|| "(the output ends)".to_owned());
        Failure::because(format!(
            "README.md:{}: the output differs from the README in its line {line}\n  README:  {}\n  \
             printed: {}\nthe commands:\n{}the whole output:\n{}",
            expected.line + line - 1,
            shown(wanted),
            shown(actual),
            indented(&step.script),
            indented(output)
        ))
    })
}

fn indented(text: &str) -> String {
    text.lines().fold(String::new(), |text, line| text + "    " + line + "\n")
}

fn read(path: &Path) -> String {
    String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::readme::Expected;

    fn step(script: &str, expected: Option<&str>) -> Step {
        let expected = expected.map(|text| Expected { line: 10, text: text.to_owned() });
        Step { line: 5, script: script.to_owned(), expected }
    }

    fn walk_all(steps: &[Step]) -> Outcome {
        walk("http://127.0.0.1:1", steps, &DataFolder::temporary().unwrap())
    }

    #[test]
    fn variables_live_from_one_block_to_the_next() {
        let steps = [step("ID=7\n", None), step("echo $BASE/$ID\n", Some("http://…/7\n"))];

        assert_eq!(walk_all(&steps), Ok(()));
    }

    #[test]
    fn a_command_that_fails_ends_the_tour_at_its_block() {
        let steps = [step("echo a\nfalse | true\necho b\n", None), step("echo c\n", None)];
        let failure = walk_all(&steps).unwrap_err().to_string();

        assert!(failure.starts_with("README.md:5: these commands failed"), "{failure}");
        assert!(failure.ends_with("they printed:\n    a\n"), "{failure}");
    }

    #[test]
    fn output_that_differs_is_shown_with_its_line() {
        let failure = walk_all(&[step("seq 3\n", Some("1\n2\n4\n"))]).unwrap_err().to_string();

        assert!(failure.starts_with("README.md:12: the output differs"), "{failure}");
        assert!(failure.contains("README:  4\n  printed: 3\n"), "{failure}");
    }

    #[test]
    fn a_block_that_leaves_the_session_is_noticed() {
        let steps = [step("exit 0\n", None), step("echo never\n", None)];

        assert_eq!(
            walk_all(&steps).unwrap_err().to_string(),
            "the tour ended after block 1 (exit status: 0)"
        );
    }

    #[test]
    fn an_unset_variable_is_an_error() {
        assert!(walk_all(&[step("echo $NEVER_SET\n", None)]).is_err());
    }
}
