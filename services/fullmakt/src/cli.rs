//! What can be asked of the binary.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Fullmakt: an event-sourced authorization backend.
#[derive(Debug, Parser)]
#[command(version)]
pub(crate) struct Cli {
    /// The configuration file. Without it `fullmakt.toml` in the working folder is read, if it is
    /// there; variables `FULLMAKT_…` count before the file.
    #[arg(long, global = true)]
    pub(crate) config: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the services until told to stop.
    Serve,
    /// Ask the server of this configuration whether it is ready. Ends with 1 if it is not.
    Ready,
    /// Bring the database to the schema of this release.
    Migrate,
    /// Import data as commits. Importing the same again writes nothing.
    #[command(subcommand)]
    Import(Import),
    /// Print the history of the ledger, judged afresh from its beginning. Reads the log alone. Ends
    /// with 1 if it has not what is asked for.
    Replay(Replay),
    /// Fill the read models anew beside the present ones, compare, and swap, also while a server
    /// runs. Ends with 1 and swaps nothing if they differ. A rebuild that was stopped goes on where
    /// it was.
    Rebuild(Rebuild),
    /// Fold the ledger from its beginning and compare everything with it. Changes nothing. Ends with
    /// 1 if something differs, and names the rows.
    Verify(Verify),
    /// Look whether everything that the server needs is as it should be, and say what to do.
    /// Changes nothing. Ends with 1 if something failed.
    Doctor(Doctor),
    /// Work on the log that holds the ledger.
    #[command(subcommand)]
    Log(Log),
    /// Work on the keys that tokens are signed with, also while servers run: they know within
    /// seconds.
    #[command(subcommand)]
    Keys(Keys),
    /// Use the XACML engine alone, on files. Needs no configuration, no log and no database.
    #[command(subcommand)]
    Xacml(Xacml),
    /// Print the `OpenAPI` document of all routes.
    Openapi,
    /// Print the JSON schema of the configuration file.
    ConfigSchema,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Import {
    /// Files of the entity register: units, sub-units and role holders, at least one of them.
    Register(Register),
    /// The access packages, roles and role maps of this release.
    Catalogue,
    /// Subjects and resources of the installation's own, for `AuthZEN`. They replace all that were
    /// imported before.
    Entities(Entities),
}

#[derive(Debug, Args)]
pub(crate) struct Entities {
    /// A JSON array of `{"type", "id", "properties"}`.
    pub(crate) file: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Log {
    /// Copy the log of this configuration to the log of another one, with the same positions and
    /// append times, read everything back and compare. Stop all servers first. A copy that was
    /// stopped goes on where it was; until it is complete nobody can open its destination.
    Copy(LogCopy),
}

#[derive(Debug, Subcommand)]
pub(crate) enum Keys {
    /// Print all signing keys in the order in which they sign, and what each is for.
    List(KeyList),
    /// Make a new signing key, which is published at once and signs later. The present one can be
    /// checked until nothing that it signed is valid any more. Private keys that are needed no more
    /// are destroyed.
    Rotate(KeyRotate),
    /// Take a signing key back: what it signed is refused within seconds, and its private key is
    /// destroyed. Without a key, destroy the private keys of all that are over.
    Retire(KeyRetire),
}

#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct KeyList {
    /// Print one JSON array instead of lines.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct KeyRotate {
    /// After how many seconds the new key signs. With fewer than those that others keep our JWK set
    /// for (300), they may refuse its first tokens; with 0 it signs at once, for when the present
    /// key may be in wrong hands.
    #[arg(long, default_value_t = fullmakt_tokens::LEAD_SECONDS)]
    pub(crate) after: u64,
}

#[derive(Debug, Args)]
pub(crate) struct KeyRetire {
    /// The key's id.
    pub(crate) kid: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Xacml {
    /// Evaluate a request and print the response, in XML for XML and in JSON for JSON. Ends with 2 if
    /// a policy is rejected and with 3 if the request is.
    Evaluate(Evaluate),
    /// Read all policies of a folder and tell what is wrong with them. Ends with 2 if anything is.
    Check(Check),
    /// Run the cases of a folder, which its `index.json` lists. Ends with 1 if one fails.
    Test(Cases),
}

#[derive(Debug, Args)]
pub(crate) struct Evaluate {
    /// The folder of the policies, which are all files in it that end in `.xml`.
    #[arg(long)]
    pub(crate) policies: PathBuf,
    /// The file of the policy or policy set to begin with: a path, or a name in the folder.
    #[arg(long)]
    pub(crate) root: PathBuf,
    /// The file of the request, in XML or in JSON.
    #[arg(long)]
    pub(crate) request: PathBuf,
    /// A JSON array of `{"Category", "AttributeId", "DataType", "Value"}`: what is asked for if the
    /// request does not have it.
    #[arg(long)]
    pub(crate) attributes: Option<PathBuf>,
    /// Print after the response why the decision is what it is.
    #[arg(long)]
    pub(crate) explain: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The folder of the policies.
    pub(crate) folder: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Cases {
    /// The folder of the cases.
    pub(crate) folder: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct LogCopy {
    /// The configuration file that servers are to run with afterwards. Variables `FULLMAKT_…` do
    /// not count for it.
    #[arg(long)]
    pub(crate) to: PathBuf,
    /// Print one JSON object instead of lines.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Register {
    /// The file of main units (`enheter`), gzipped or not.
    #[arg(long, required_unless_present_any = ["sub_units", "roles"])]
    pub(crate) units: Option<PathBuf>,
    /// The file of sub-units (`underenheter`), gzipped or not.
    #[arg(long)]
    pub(crate) sub_units: Option<PathBuf>,
    /// The file of role holders (`roller`), gzipped or not.
    #[arg(long)]
    pub(crate) roles: Option<PathBuf>,
    /// A JSON array of `{"identifier", "partyId", "partyUuid"}`: the ids that parties had before.
    #[arg(long)]
    pub(crate) party_ids: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Replay {
    /// The last position to print, which has to be in the ledger; without it, all there are.
    #[arg(long)]
    pub(crate) to: Option<u64>,
    /// Only commits that have an event on this stream, such as `org/310010014`.
    #[arg(long)]
    pub(crate) stream: Option<String>,
}

#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Rebuild {
    /// Swap even if the rebuilt tables differ from the present ones.
    #[arg(long)]
    pub(crate) accept_difference: bool,
}

#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Verify {
    /// Print one JSON object instead of lines.
    #[arg(long)]
    pub(crate) json: bool,
    /// How many rows of each table are named.
    #[arg(long, default_value_t = 20)]
    pub(crate) rows: u32,
}

#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct Doctor {
    /// Print one JSON object instead of lines.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Says on standard error why the command failed.
#[expect(clippy::print_stderr, reason = "the command line's own place for what went wrong")]
pub(crate) fn complain(text: &str) {
    eprintln!("fullmakt: {text}");
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    /// A command and all below it.
    fn with_all_below(command: &clap::Command) -> Vec<&clap::Command> {
        let below = command.get_subcommands().flat_map(with_all_below);
        std::iter::once(command).chain(below).collect()
    }

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    /// Issue 4: the help of the whole named some of the commands only.
    #[test]
    fn every_command_and_argument_has_a_help_text() {
        let cli = Cli::command();
        for command in with_all_below(&cli) {
            let name = command.get_name();
            assert!(command.get_about().is_some(), "{name}");
            for argument in command.get_arguments() {
                assert!(argument.get_help().is_some(), "{name} {}", argument.get_id());
            }
        }
        let about = cli.get_about().map(ToString::to_string);
        assert_eq!(about.as_deref(), Some("Fullmakt: an event-sourced authorization backend"));
    }

    #[test]
    fn an_import_of_the_register_names_a_file() {
        let import = |arguments: &[&str]| {
            let command = ["fullmakt", "import", "register"];
            Cli::try_parse_from(command.iter().chain(arguments)).is_ok()
        };
        assert!(!import(&[]));
        assert!(!import(&["--party-ids", "ids.json"]));
        for file in ["--units", "--sub-units", "--roles"] {
            assert!(import(&[file, "file.json"]), "{file}");
        }
    }
}
