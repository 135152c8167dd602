//! The policies of a folder.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use fullmakt_xacml::{
    Limits, Mode, ParsedPolicy, PolicyError, PolicyStore, PolicyTree, ReferenceFlaw, Warning,
};

/// A policy that cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum Rejected {
    /// A file or folder that cannot be read.
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    /// A policy that is not as it must be.
    #[error("{}: {source}", path.display())]
    Policy { path: PathBuf, source: PolicyError },
    /// A second policy with one identifier and version.
    #[error("{}: `{id}` version {version} is in another file, too", path.display())]
    Twice { path: PathBuf, id: String, version: String },
    /// A folder without policies.
    #[error("{}: there are no policies, which are files that end in `.xml`", .0.display())]
    None(PathBuf),
    /// A reference that leads nowhere or in a circle.
    #[error(transparent)]
    Reference(#[from] ReferenceFlaw),
}

/// The policies of a folder.
pub(super) struct Policies {
    /// Those that can be used.
    pub(super) store: PolicyStore,
    /// How many there are.
    pub(super) count: usize,
    /// What is odd, and where.
    pub(super) warnings: Vec<(PathBuf, Warning)>,
    /// Those that cannot be used.
    pub(super) rejected: Vec<Rejected>,
}

impl Policies {
    /// Reads all files of a folder that end in `.xml`, and those of the folders in it, in the order of
    /// their names.
    pub(super) fn of(folder: &Path) -> Self {
        let mut policies = Self {
            store: PolicyStore::new(),
            count: 0,
            warnings: Vec::new(),
            rejected: Vec::new(),
        };
        policies.read_folder(folder);
        if policies.count == 0 && policies.rejected.is_empty() {
            policies.rejected.push(Rejected::None(folder.to_owned()));
        }
        policies
    }

    fn read_folder(&mut self, folder: &Path) {
        let entries = fs::read_dir(folder).and_then(|entries| {
            entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()
        });
        let mut paths = match entries {
            Ok(paths) => paths,
            Err(source) => {
                self.rejected.push(Rejected::File { path: folder.to_owned(), source });
                return;
            }
        };
        paths.sort();
        for path in paths {
            if path.is_dir() {
                self.read_folder(&path);
            } else if path.extension().is_some_and(|extension| extension == "xml") {
                self.count += 1;
                if let Err(rejected) = self.read_file(&path) {
                    self.rejected.push(rejected);
                }
            }
        }
    }

    fn read_file(&mut self, path: &Path) -> Result<(), Rejected> {
        let ParsedPolicy { policy, warnings } = read(path)?;
        self.warnings.extend(warnings.into_iter().map(|warning| (path.to_owned(), warning)));
        if self.store.has(&policy) {
            let (id, version) = (policy.id().to_owned(), policy.version().to_string());
            return Err(Rejected::Twice { path: path.to_owned(), id, version });
        }
        self.store.insert(policy);
        Ok(())
    }
}

/// Reads one policy.
pub(super) fn read(path: &Path) -> Result<ParsedPolicy, Rejected> {
    let text = fs::read_to_string(path)
        .map_err(|source| Rejected::File { path: path.to_owned(), source })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    PolicyTree::parse(text, Mode::Strict, &Limits::default())
        .map_err(|source| Rejected::Policy { path: path.to_owned(), source })
}
