//! A copy of the code that tests of the rule are compiled from.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// What a copy consists of, as a workspace of its own.
const MEMBERS: [&str; 3] = ["events", "services/eventlog", "services/ledger"];
/// What these are called.
const TESTED: [&str; 2] = ["fullmakt-events", "fullmakt-ledger"];

/// Held by whoever changes and compiles the copy.
static COPY: Mutex<()> = Mutex::new(());

/// What the tests of the copy say.
#[derive(Debug, PartialEq, Eq)]
pub enum Tests {
    /// None fails.
    Pass,
    /// These fail.
    Fail(BTreeSet<String>),
}

/// The copy, which one at a time has.
pub struct Copy {
    folder: PathBuf,
    _alone: MutexGuard<'static, ()>,
}

impl Copy {
    /// The code as it is now.
    pub fn take() -> Self {
        let alone = COPY.lock().unwrap_or_else(PoisonError::into_inner);
        // Always in the same place, so that what is unchanged is not compiled again.
        let copy = Self {
            folder: Path::new(env!("CARGO_TARGET_TMPDIR")).join("mutations"),
            _alone: alone,
        };
        let house = house();
        for member in MEMBERS {
            mirror(&house.join(member), &copy.folder.join(member));
        }
        write(&copy.folder.join("Cargo.lock"), &read(&house.join("Cargo.lock")));
        let manifest = String::from_utf8(read(&house.join("Cargo.toml"))).expect("UTF-8");
        let members = manifest.lines().find(|line| line.starts_with("members = "));
        let manifest =
            manifest.replacen(members.expect("members"), &format!("members = {MEMBERS:?}"), 1);
        write(&copy.folder.join("Cargo.toml"), manifest.as_bytes());
        copy
    }

    /// What the tests say when `broken` stands in the place of `rule`.
    pub fn with(&self, file: &str, rule: &str, broken: &str, check: impl FnOnce(Tests)) {
        let path = self.folder.join(file);
        let text = String::from_utf8(read(&path)).expect("UTF-8");
        assert_eq!(text.matches(rule).count(), 1, "`{rule}` in {file}");
        write(&path, text.replacen(rule, broken, 1).as_bytes());
        check(self.test());
    }

    /// Compiles the tests, and runs them.
    pub fn test(&self) -> Tests {
        let built = self.cargo(&["--no-run"]);
        assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
        let run = self.cargo(&["--no-fail-fast"]);
        let told = String::from_utf8_lossy(&run.stdout);
        let failed: BTreeSet<String> = told
            .lines()
            .filter_map(|line| line.strip_prefix("test ")?.strip_suffix(" ... FAILED"))
            .map(str::to_owned)
            .collect();
        eprintln!("failed: {failed:#?}");
        if run.status.success() { Tests::Pass } else { Tests::Fail(failed) }
    }

    fn cargo(&self, arguments: &[&str]) -> std::process::Output {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        // The workspace's own folder has all that others wrote, compiled already.
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target folder");
        cargo.args(["test", "--offline", "--lib", "--quiet"]);
        cargo.args(TESTED.iter().flat_map(|name| ["--package", name])).args(arguments);
        cargo.args(if arguments == ["--no-run"] { &[][..] } else { &["--", "--format", "pretty"] });
        cargo.current_dir(&self.folder).env("CARGO_TARGET_DIR", target);
        cargo.env_remove("FULLMAKT_TEST_SEED").env_remove("FULLMAKT_TEST_SEEDS");
        cargo.output().expect("cargo runs")
    }
}

/// The workspace that this is part of.
fn house() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Makes one folder equal to another, and leaves alone what is equal already.
fn mirror(from: &Path, to: &Path) {
    let names = |folder: &Path| -> BTreeSet<_> {
        let entries = fs::read_dir(folder).into_iter().flatten();
        entries.map(|entry| entry.expect("an entry").file_name()).collect()
    };
    for gone in names(to).difference(&names(from)) {
        let gone = to.join(gone);
        let removed =
            if gone.is_dir() { fs::remove_dir_all(&gone) } else { fs::remove_file(&gone) };
        removed.expect("what is gone can be removed");
    }
    for name in names(from) {
        let (from, to) = (from.join(&name), to.join(&name));
        if from.is_dir() { mirror(&from, &to) } else { write(&to, &read(&from)) }
    }
}

fn read(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Writes a file, unless it has this content: its time says whether to compile it again.
fn write(path: &Path, content: &[u8]) {
    if fs::read(path).is_ok_and(|own| own == content) {
        return;
    }
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
    fs::write(path, content).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
