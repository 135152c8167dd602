//! `fullmakt xacml`: the engine on files.

mod check;
mod evaluate;
mod policies;
mod test;

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::ExitCode,
};

use fullmakt_xacml::RequestError;

use self::policies::Rejected;
use crate::cli::{self, Xacml};

/// Why a command did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
enum Failure {
    /// At least one policy cannot be used.
    #[error("{}", lines(.0))]
    Policies(Vec<Rejected>),
    /// The request, or what belongs to it, cannot be read.
    #[error("{}: {source}", path.display())]
    Request { path: PathBuf, source: RequestFailure },
    /// The list of cases cannot be read.
    #[error("{}: {reason}", path.display())]
    Cases { path: PathBuf, reason: String },
    /// Cases gave another response.
    #[error("{failed} of {all} cases failed")]
    CasesFailed { failed: usize, all: usize },
    /// What was to be printed could not be.
    #[error("output failed: {0}")]
    Output(#[from] std::io::Error),
}

/// What is wrong with a request.
#[derive(Debug, thiserror::Error)]
enum RequestFailure {
    #[error("{0}")]
    File(std::io::Error),
    #[error("{0}")]
    Content(#[from] RequestError),
}

impl Failure {
    fn code(&self) -> ExitCode {
        match self {
            Self::Policies(_) => ExitCode::from(2),
            Self::Request { .. } => ExitCode::from(3),
            Self::Cases { .. } | Self::CasesFailed { .. } | Self::Output(_) => ExitCode::FAILURE,
        }
    }

    fn request(path: &Path, source: impl Into<RequestFailure>) -> Self {
        Self::Request { path: path.to_owned(), source: source.into() }
    }
}

/// Runs a command. It says on standard error why it did not do what it was asked for.
pub(crate) fn run(what: &Xacml) -> ExitCode {
    let done = match what {
        Xacml::Evaluate(what) => evaluate::run(what),
        Xacml::Check(what) => check::run(what),
        Xacml::Test(what) => test::run(what),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            cli::complain(&failure.to_string());
            failure.code()
        }
    }
}

/// Reads the file of a request.
fn read(path: &Path) -> Result<String, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::request(path, RequestFailure::File(error)))?;
    // What editors put before the text is not part of it.
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

fn print(text: &str) -> Result<(), Failure> {
    Ok(writeln!(std::io::stdout(), "{text}")?)
}

fn lines(rejected: &[Rejected]) -> String {
    rejected.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}
