//! The one binary.

mod cli;
mod config_schema;
mod demo;
mod doctor;
mod health;
mod history;
mod import;
mod index;
mod issuers;
mod keys;
mod lag;
mod log_copy;
mod logs;
mod migrate;
mod openapi;
mod pace;
mod process;
mod ready;
mod rebuild;
mod replay;
mod serve;
mod shutdown;
mod start_error;
mod verify;
mod xacml;

use std::{error::Error, process::ExitCode};

use clap::Parser;

use cli::{Cli, Command};
use start_error::StartError;

fn main() -> ExitCode {
    let cli = Cli::parse();
    if let Command::Xacml(what) = &cli.command {
        return xacml::run(what);
    }
    match run(&cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            cli::complain(&chain(&error));
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> Result<(), StartError> {
    // These need no configuration, or say themselves what is wrong with it.
    match cli.command {
        Command::Openapi => return openapi::print(),
        Command::Doctor(what) => return doctor::run(cli.config.as_deref(), what),
        Command::ConfigSchema => return config_schema::print(),
        Command::Serve
        | Command::Ready
        | Command::Migrate
        | Command::Import(_)
        | Command::Replay(_)
        | Command::Rebuild(_)
        | Command::Verify(_)
        | Command::Keys(_)
        | Command::Log(_)
        | Command::Xacml(_) => {}
    }
    let configuration = fullmakt_config::Configuration::load(cli.config.as_deref())?;
    let form = match configuration.telemetry.format {
        fullmakt_config::LogFormat::Json => fullmakt_telemetry::LogForm::Json,
        fullmakt_config::LogFormat::Text => fullmakt_telemetry::LogForm::Text,
    };
    fullmakt_telemetry::install_logs(form, &configuration.telemetry.filter)?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(StartError::Io)?;
    runtime.block_on(async {
        match &cli.command {
            Command::Serve => serve::run(configuration).await,
            Command::Ready => ready::run(&configuration).await,
            Command::Migrate => migrate::run(&configuration).await,
            Command::Import(what) => import::run(&configuration, what).await,
            Command::Replay(what) => replay::run(&configuration, what).await,
            Command::Rebuild(what) => rebuild::run(&configuration, *what).await,
            Command::Verify(what) => verify::run(&configuration, *what).await,
            Command::Keys(what) => keys::run(&configuration, what),
            Command::Log(cli::Log::Copy(what)) => log_copy::run(&configuration, what).await,
            Command::Openapi | Command::ConfigSchema | Command::Doctor(_) | Command::Xacml(_) => {
                Ok(())
            }
        }
    })
}

/// An error with all its causes, on one line.
fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
