//! The data folder of a system: everything it keeps, and the lock that gives it to one process.

use crate::failure::{Explain, Failure, Outcome};
use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What a data folder may contain; `--wipe` removes these and nothing else.
const ENTRIES: [&str; 6] = ["postgres", "postgres-at", "kafka", "keys", "logs", "ledger"];

/// How the names of temporary data folders begin.
const TEMPORARY_PREFIX: &str = "fullmakt-";

const LOCK: &str = "lock";

/// How many temporary folders this process has made, for their names.
static TEMPORARY_MADE: AtomicUsize = AtomicUsize::new(0);

/// A data folder that this process alone uses.
#[derive(Debug)]
pub struct DataFolder {
    path: PathBuf,
    keeping: Keeping,
    _lock: File,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Keeping {
    Permanent,
    Temporary,
}

impl DataFolder {
    /// Opens the folder, which is made where it does not exist, and locks it.
    pub fn open(path: &Path) -> Outcome<Self> {
        create(path)?;
        let path = path.canonicalize().explain(|| format!("cannot open {}", path.display()))?;
        let lock = lock(&path)?;
        Self { path, keeping: Keeping::Permanent, _lock: lock }.with_logs()
    }

    /// Makes a folder that is removed when dropped, and sweeps those of runs that were killed.
    pub fn temporary() -> Outcome<Self> {
        let all = std::env::temp_dir();
        let all = all.canonicalize().explain(|| format!("cannot open {}", all.display()))?;
        sweep(&all);
        let number = TEMPORARY_MADE.fetch_add(1, Ordering::SeqCst);
        let path = all.join(format!("{TEMPORARY_PREFIX}{}-{number}", process::id()));
        create(&path)?;
        let lock = lock(&path)?;
        Self { path, keeping: Keeping::Temporary, _lock: lock }.with_logs()
    }

    /// Where it is, absolute.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The path of something in it.
    pub fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// The log file of one service, which may not exist yet.
    pub fn log(&self, service: &str) -> PathBuf {
        self.path.join("logs").join(format!("{service}.log"))
    }

    /// Where something lives that the account `postgres` must reach and cannot reach here: a
    /// folder of the system that is named after this folder's path.
    pub fn elsewhere(&self, name: &str) -> PathBuf {
        let path = self.path.to_string_lossy();
        Path::new("/var/lib/fullmakt").join(format!("{:016x}-{name}", fnv1a(path.as_bytes())))
    }

    /// Removes all that a system keeps here. Other files in the folder stay.
    pub fn wipe(&self) -> Outcome {
        for path in ENTRIES.iter().map(|name| self.join(name)).chain([self.elsewhere("postgres")]) {
            remove(&path)?;
        }
        create(&self.path.join("logs"))
    }

    /// What a small file in the folder says, if it is there.
    pub fn note(&self, name: &str) -> Outcome<Option<String>> {
        let path = self.join(name);
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text.trim().to_owned())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error).explain(|| format!("cannot read {}", path.display())),
        }
    }

    /// Writes a small file into the folder.
    pub fn write_note(&self, name: &str, text: &str) -> Outcome {
        let path = self.join(name);
        fs::write(&path, format!("{text}\n")).explain(|| format!("cannot write {}", path.display()))
    }

    fn with_logs(self) -> Outcome<Self> {
        create(&self.path.join("logs"))?;
        Ok(self)
    }
}

impl Drop for DataFolder {
    fn drop(&mut self) {
        if self.keeping == Keeping::Temporary {
            // What cannot be removed now is swept by a later run.
            let _swept_later =
                remove(&self.elsewhere("postgres")).and_then(|()| remove(&self.path));
        }
    }
}

/// Makes a folder and those above it.
pub fn create(path: &Path) -> Outcome {
    fs::create_dir_all(path).explain(|| format!("cannot make the folder {}", path.display()))
}

/// Removes a file or a folder with all that is in it; one that does not exist is removed already.
pub fn remove(path: &Path) -> Outcome {
    let removed = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).explain(|| format!("cannot remove {}", path.display()))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

fn lock(folder: &Path) -> Outcome<File> {
    let path = folder.join(LOCK);
    let explain = || format!("cannot lock {}", path.display());
    let file = File::create(&path).explain(explain)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Failure::because(format!(
            "another `cargo xtask` is using {}: stop it, or name another folder with --data",
            folder.display()
        ))),
        Err(TryLockError::Error(error)) => Err(error).explain(explain),
    }
}

/// Removes the temporary folders whose makers are gone: their locks are free.
fn sweep(all: &Path) {
    let Ok(entries) = fs::read_dir(all) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        let is_ours = path.file_name().is_some_and(|name| {
            name.to_string_lossy()
                .strip_prefix(TEMPORARY_PREFIX)
                .is_some_and(|rest| rest.chars().all(|c| c.is_ascii_digit() || c == '-'))
        });
        // A folder without a lock file may be one that is being made at this moment.
        let is_left =
            is_ours && File::open(path.join(LOCK)).is_ok_and(|lock| lock.try_lock().is_ok());
        if is_left {
            let _not_ours = fs::remove_dir_all(&path);
        }
    }
}

/// FNV-1a, 64 bits: a name for a path that stays the same in every release.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wiped_folder_keeps_what_is_not_the_systems() {
        let folder = DataFolder::temporary().unwrap();
        fs::create_dir(folder.join("kafka")).unwrap();
        fs::write(folder.join("letter.txt"), "dear").unwrap();

        folder.wipe().unwrap();

        assert!(!folder.join("kafka").exists());
        assert!(folder.join("letter.txt").exists());
    }

    #[test]
    fn a_folder_in_use_is_refused() {
        let folder = DataFolder::temporary().unwrap();

        let second = DataFolder::open(folder.path());

        assert!(second.unwrap_err().to_string().contains("another `cargo xtask`"));
    }

    #[test]
    fn a_temporary_folder_goes_when_dropped() {
        let folder = DataFolder::temporary().unwrap();
        let path = folder.path().to_owned();

        drop(folder);

        assert!(!path.exists());
    }

    #[test]
    fn only_temporary_folders_without_an_owner_are_swept() {
        let all = DataFolder::temporary().unwrap();
        let left = all.join("fullmakt-1-0");
        let used = all.join("fullmakt-2-0");
        let other = all.join("fullmakt-notes");
        for path in [&left, &used, &other] {
            fs::create_dir(path).unwrap();
            fs::write(path.join(LOCK), "").unwrap();
        }
        let _lock = lock(&used).unwrap();

        sweep(all.path());

        assert!(!left.exists());
        assert!(used.exists());
        assert!(other.exists());
    }
}
