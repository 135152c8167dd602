//! What was found.

use std::io::{self, Write};

use serde_json::{Value, json};

/// How what was found is to be taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// It is as it should be.
    Ok,
    /// The server runs, and somebody should look.
    Warning,
    /// The server does not run, or not safely.
    Failed,
}

/// One thing that was looked at.
#[derive(Debug, Clone)]
struct Check {
    name: &'static str,
    state: State,
    /// What was found, with the causes.
    seen: String,
    /// What to do.
    advice: Option<String>,
}

/// Everything that was looked at, in order.
#[derive(Debug, Default)]
pub(super) struct Report {
    checks: Vec<Check>,
}

impl Report {
    /// It is as it should be.
    pub(super) fn ok(&mut self, name: &'static str, seen: impl Into<String>) {
        self.checks.push(Check { name, state: State::Ok, seen: seen.into(), advice: None });
    }

    /// The server runs, and somebody should look.
    pub(super) fn warning(
        &mut self,
        name: &'static str,
        seen: impl Into<String>,
        advice: impl Into<String>,
    ) {
        self.push(name, State::Warning, seen, advice);
    }

    /// The server does not run, or not safely.
    pub(super) fn failed(
        &mut self,
        name: &'static str,
        seen: impl Into<String>,
        advice: impl Into<String>,
    ) {
        self.push(name, State::Failed, seen, advice);
    }

    /// How many checks failed.
    pub(super) fn failures(&self) -> usize {
        self.checks.iter().filter(|check| check.state == State::Failed).count()
    }

    /// A line for each check, and one more where there is something to do.
    pub(super) fn write_text(&self, out: &mut impl Write) -> io::Result<()> {
        for check in &self.checks {
            writeln!(out, "{:<8} {:<22} {}", check.state.name(), check.name, check.seen)?;
            if let Some(advice) = &check.advice {
                writeln!(out, "{:<8} {:<22} -> {advice}", "", "")?;
            }
        }
        out.flush()
    }

    /// One JSON object.
    pub(super) fn write_json(&self, out: &mut impl Write) -> io::Result<()> {
        let checks: Vec<Value> = self
            .checks
            .iter()
            .map(|check| {
                json!({
                    "name": check.name,
                    "state": check.state.name(),
                    "seen": check.seen,
                    "advice": check.advice,
                })
            })
            .collect();
        let report = json!({ "healthy": self.failures() == 0, "checks": checks });
        writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?;
        out.flush()
    }

    fn push(
        &mut self,
        name: &'static str,
        state: State,
        seen: impl Into<String>,
        advice: impl Into<String>,
    ) {
        let (seen, advice) = (seen.into(), Some(advice.into()));
        self.checks.push(Check { name, state, seen, advice });
    }
}

impl State {
    const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failed => "failed",
        }
    }
}
