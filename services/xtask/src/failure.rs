//! The one error of this tool: a sentence for the person at the terminal.

use std::error::Error;
use std::fmt;

/// What every step of this tool answers.
pub type Outcome<T = ()> = Result<T, Failure>;

/// Why a step did not succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Ctrl-C or a termination signal came; everything is to be stopped, nothing explained.
    Interrupted,
    /// What went wrong and, where there is something to do about it, what to do.
    Because(String),
}

impl Failure {
    /// A failure with its explanation.
    pub fn because(message: impl Into<String>) -> Self {
        Self::Because(message.into())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Interrupted => f.write_str("interrupted"),
            Self::Because(message) => f.write_str(message),
        }
    }
}

impl Error for Failure {}

/// Says what was being done when an operation of the system failed.
pub trait Explain<T> {
    /// Turns the error into a [`Failure`] that begins with `what`.
    fn explain(self, what: impl FnOnce() -> String) -> Outcome<T>;
}

impl<T, E: fmt::Display> Explain<T> for Result<T, E> {
    fn explain(self, what: impl FnOnce() -> String) -> Outcome<T> {
        self.map_err(|error| Failure::Because(format!("{}: {error}", what())))
    }
}
