//! The keys that tokens are signed with, and those of the identity vault.

use std::{
    fs, io,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use fullmakt_config::Configuration;
use fullmakt_pep::system_clock;
use fullmakt_tokens::{KeyDescription, KeyState, list_keys};
use fullmakt_vault::{VaultError, VaultInspection};

use super::report::Report;
use crate::{keys::line, process};

/// How many parties' keys are looked for.
const PARTIES_MAX: u32 = 1_000;

/// Whoever else than the owner may read, write or list.
const OTHERS: u32 = 0o077;

pub(super) async fn examine(
    configuration: &Configuration,
    has_database: bool,
    report: &mut Report,
) {
    signing(&configuration.tokens.key_dir, report);
    let folder = &configuration.vault.key_dir;
    if has_database {
        vault(configuration, folder, report).await;
    } else {
        report.warning(
            "keys.vault",
            "not compared with the database, which cannot be read",
            "see `database`",
        );
    }
    permissions(&[&configuration.tokens.key_dir, folder], report);
}

fn signing(folder: &Path, report: &mut Report) {
    let name = "keys.signing";
    let keys = match list_keys(folder, system_clock()()) {
        Ok(keys) => keys,
        Err(error) => {
            let advice = "restore `tokens.key_dir` from its backup, or mend its permissions";
            return report.failed(name, crate::chain(&error), advice);
        }
    };
    let is_signing = |key: &KeyDescription| matches!(key.state, KeyState::Signs { .. });
    let is_over = |key: &KeyDescription| matches!(key.state, KeyState::Over { .. });
    let seen: Vec<String> = keys.iter().filter(|key| key.state.is_published()).map(line).collect();
    if keys.is_empty() {
        report.warning(
            name,
            format!("there is no key in `{}`", folder.display()),
            "the first start makes one; if there was one before, restore it from its backup",
        );
    } else if !keys.iter().any(is_signing) {
        let advice = "`fullmakt keys rotate --after 0` makes one";
        report.failed(name, "all keys were taken back, and none signs", advice);
    } else if keys.iter().any(is_over) {
        let advice = "`fullmakt keys retire` destroys private keys that are needed no more";
        report.warning(name, keys.iter().map(line).collect::<Vec<_>>().join("; "), advice);
    } else {
        report.ok(name, seen.join("; "));
    }
}

async fn vault(configuration: &Configuration, folder: &Path, report: &mut Report) {
    let name = "keys.vault";
    let restore = "restore `vault.key_dir` from its backup: what the keys open is nowhere else";
    let pool = process::database(configuration).and_then(|database| Ok(database.pool()?));
    let inspected = match pool {
        Ok(pool) => fullmakt_vault::inspect(&pool, folder, PARTIES_MAX).await,
        Err(error) => return report.failed(name, crate::chain(&error), "see `database`"),
    };
    match inspected {
        Ok(VaultInspection { is_new: true, .. }) => {
            report.ok(name, "the vault is new; the first start makes its keys");
        }
        Ok(VaultInspection { without_key, parties, .. }) if without_key.is_empty() => {
            let seen = format!("they belong to the database; {parties} parties looked at");
            report.ok(name, seen);
        }
        Ok(VaultInspection { without_key, parties, .. }) => {
            let count = without_key.len();
            report.failed(name, format!("{count} of {parties} parties have no key"), restore);
        }
        Err(error @ (VaultError::NoKeys { .. } | VaultError::OtherKeys { .. })) => {
            report.failed(name, crate::chain(&error), restore);
        }
        Err(error @ VaultError::Statement(_)) => {
            report.failed(name, crate::chain(&error), "see `database.schema`");
        }
        Err(error) => {
            report.failed(name, crate::chain(&error), "mend the permissions of `vault.key_dir`");
        }
    }
}

fn permissions(folders: &[&PathBuf], report: &mut Report) {
    let name = "keys.permissions";
    let mut open = Vec::new();
    for folder in folders {
        if let Err(error) = find_open(folder, &mut open) {
            let seen = format!("`{}`: {error}", folder.display());
            return report.failed(name, seen, "let the server's account own the folder");
        }
    }
    if open.is_empty() {
        return report.ok(name, "nobody but the owner can read the keys");
    }
    let shown: Vec<String> = open.iter().take(3).map(|path| path.display().to_string()).collect();
    report.failed(
        name,
        format!("others can read {} of the keys' files, such as {}", open.len(), shown.join(", ")),
        "`chmod 700` the folders and `chmod 600` the files; if others may have read the signing \
         key, make a new one",
    );
}

/// Finds what others can read: the folder, and the files in it and one folder below. What is
/// further below is protected by that.
fn find_open(folder: &Path, open: &mut Vec<PathBuf>) -> io::Result<()> {
    let metadata = match fs::metadata(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other?,
    };
    if metadata.permissions().mode() & OTHERS != 0 {
        open.push(folder.to_owned());
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let metadata = entry.metadata()?;
        if metadata.permissions().mode() & OTHERS != 0 {
            open.push(entry.path());
        }
    }
    Ok(())
}
