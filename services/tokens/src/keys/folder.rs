//! The folder of signing keys: a file for each key, which is whole as soon as it has its name and
//! never changes.
//!
//! `signing-key.pem` is the first key, `signing-key.N.pem` one that signs from second N since 1970.
//! A key that was taken back leaves `signing-key.N.retired`, which counts before the key's own file:
//! whatever a process that dies leaves behind, every other one reads the same.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions, Permissions},
    io::{self, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
    sync::Arc,
};

use uuid::Uuid;

use super::{
    SigningKeyError,
    pair::SigningKey,
    schedule::{KeyState, Turn, states},
};

const STEM: &str = "signing-key";
const KEY: &str = "pem";
const RETIRED: &str = "retired";
/// Locked by whoever changes the folder. It holds nothing.
const LOCK: &str = "signing-keys.lock";
/// How often the folder is listed until a listing is not overtaken by a change.
const LISTINGS_MAX: usize = 5;

/// A folder of signing keys.
#[derive(Debug, Clone)]
pub(super) struct KeyFolder(PathBuf);

/// A key in the folder.
#[derive(Clone)]
pub(super) enum Slot {
    /// A key, with the text of its file.
    Key { key: Arc<SigningKey>, pem: Arc<str> },
    /// One that was taken back.
    Retired { kid: String },
}

/// All keys in the folder, by the second since 1970 from which they sign.
pub(super) type Slots = BTreeMap<u64, Slot>;

/// What each key is for at a time, in the order in which they sign.
pub(super) fn states_of(slots: &Slots, now: u64) -> impl Iterator<Item = (u64, &Slot, KeyState)> {
    let turn = |(signs_from, slot): (&u64, &Slot)| Turn {
        signs_from: *signs_from,
        is_retired: matches!(slot, Slot::Retired { .. }),
    };
    let turns: Vec<Turn> = slots.iter().map(turn).collect();
    slots.iter().zip(states(&turns, now)).map(|((from, slot), state)| (*from, slot, state))
}

impl KeyFolder {
    pub(super) fn new(path: &Path) -> Self {
        Self(path.to_owned())
    }

    /// Makes the folder if there is none, and a first key if there never was one.
    pub(super) fn prepare(&self) -> Result<(), SigningKeyError> {
        fs::create_dir_all(&self.0).map_err(failed(&self.0))?;
        let owner_only = Permissions::from_mode(0o700);
        fs::set_permissions(&self.0, owner_only).map_err(failed(&self.0))?;
        if self.names()?.is_empty() {
            let _lock = self.lock()?;
            if self.names()?.is_empty() {
                self.add(0)?;
            }
        }
        Ok(())
    }

    /// Waits until no other process changes the folder, and keeps others from it until the lock is
    /// dropped. What others left behind when they died is removed.
    pub(super) fn lock(&self) -> Result<File, SigningKeyError> {
        let path = self.0.join(LOCK);
        // Opened for writing: file systems of a network lock nothing else.
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(false).mode(0o600);
        let lock = options.open(&path).map_err(failed(&path))?;
        lock.lock().map_err(failed(&path))?;
        for entry in fs::read_dir(&self.0).map_err(failed(&self.0))? {
            let path = entry.map_err(failed(&self.0))?.path();
            if is_draft(&path) {
                fs::remove_file(&path).map_err(failed(&path))?;
            }
        }
        for (signs_from, _) in self.names()?.into_iter().filter(|(_, name)| name.is_both()) {
            self.destroy(signs_from)?;
        }
        Ok(lock)
    }

    /// Reads all keys. Files whose text is known are not parsed again.
    pub(super) fn read(&self, known: &Slots) -> Result<Slots, SigningKeyError> {
        for _ in 1..LISTINGS_MAX {
            if let Some(slots) = self.read_once(known)? {
                return Ok(slots);
            }
        }
        let source = io::Error::other("the files change all the time");
        Err(SigningKeyError::File { path: self.0.clone(), source })
    }

    /// Adds a new key that signs from a time on.
    pub(super) fn add(&self, signs_from: u64) -> Result<(), SigningKeyError> {
        let pem = SigningKey::generate().ok_or(SigningKeyError::Generate)?;
        self.write(&self.path(signs_from, KEY), &pem)
    }

    /// Takes a key back that has signed: its place stays taken, and its private key is destroyed.
    pub(super) fn retire(&self, signs_from: u64, kid: &str) -> Result<(), SigningKeyError> {
        self.write(&self.path(signs_from, RETIRED), kid)?;
        self.destroy(signs_from)
    }

    /// Removes a key.
    pub(super) fn destroy(&self, signs_from: u64) -> Result<(), SigningKeyError> {
        let path = self.path(signs_from, KEY);
        fs::remove_file(&path).and_then(|()| self.sync()).map_err(failed(&path))
    }

    /// All keys; nothing if one went while they were read.
    fn read_once(&self, known: &Slots) -> Result<Option<Slots>, SigningKeyError> {
        let mut slots = Slots::new();
        for (signs_from, name) in self.names()? {
            let path = self.path(signs_from, if name.is_retired { RETIRED } else { KEY });
            let text = match fs::read_to_string(&path) {
                Ok(text) => text,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(source) => return Err(SigningKeyError::File { path, source }),
            };
            let slot = match known.get(&signs_from) {
                _ if name.is_retired => Slot::Retired { kid: text },
                Some(slot @ Slot::Key { pem, .. }) if **pem == *text => slot.clone(),
                Some(_) | None => {
                    let key = SigningKey::read(&text).ok_or(SigningKeyError::NoKey { path })?;
                    Slot::Key { key: Arc::new(key), pem: text.into() }
                }
            };
            slots.insert(signs_from, slot);
        }
        Ok(Some(slots))
    }

    /// The names in the folder; none where there is no folder.
    fn names(&self) -> Result<BTreeMap<u64, Names>, SigningKeyError> {
        let mut names: BTreeMap<u64, Names> = BTreeMap::new();
        let entries = match fs::read_dir(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(names),
            other => other.map_err(failed(&self.0))?,
        };
        for entry in entries {
            let name = entry.map_err(failed(&self.0))?.file_name();
            let Some((signs_from, kind)) = name.to_str().and_then(parse) else { continue };
            let names = names.entry(signs_from).or_default();
            names.is_key |= kind == KEY;
            names.is_retired |= kind == RETIRED;
        }
        Ok(names)
    }

    /// Writes a file, which gets its name only when it is whole.
    fn write(&self, path: &Path, text: &str) -> Result<(), SigningKeyError> {
        let draft = self.0.join(format!(".{}", Uuid::new_v4()));
        let write = |draft: &Path| {
            let mut file =
                OpenOptions::new().write(true).create_new(true).mode(0o600).open(draft)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()
        };
        let named = write(&draft).and_then(|()| fs::hard_link(&draft, path));
        let removed = fs::remove_file(&draft);
        named.and(removed).and_then(|()| self.sync()).map_err(failed(path))
    }

    /// Makes names durable: they are when their folder is.
    fn sync(&self) -> io::Result<()> {
        File::open(&self.0)?.sync_all()
    }

    fn path(&self, signs_from: u64, kind: &str) -> PathBuf {
        self.0.join(match signs_from {
            0 => format!("{STEM}.{kind}"),
            later => format!("{STEM}.{later}.{kind}"),
        })
    }
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> SigningKeyError + use<> {
    let path = path.to_owned();
    move |source| SigningKeyError::File { path, source }
}

/// Which files a key has.
#[derive(Debug, Clone, Copy, Default)]
struct Names {
    is_key: bool,
    is_retired: bool,
}

impl Names {
    /// Whether a process died between taking the key back and destroying it.
    const fn is_both(self) -> bool {
        self.is_key && self.is_retired
    }
}

/// From when the key of a file with this name signs, and the kind of file.
fn parse(name: &str) -> Option<(u64, &str)> {
    let rest = name.strip_prefix(STEM)?.strip_prefix('.')?;
    let (signs_from, kind) = match rest.split_once('.') {
        None => (0, rest),
        Some((second, kind)) => {
            let number = second.parse().ok().filter(|number| *number > 0)?;
            // One name for each second: no `+1` and no `01`.
            (Some(number).filter(|number: &u64| number.to_string() == second)?, kind)
        }
    };
    [KEY, RETIRED].contains(&kind).then_some((signs_from, kind))
}

/// Whether a file was not whole, or had another name already, when its writer died.
fn is_draft(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.and_then(|name| name.strip_prefix('.')).is_some_and(|id| Uuid::parse_str(id).is_ok())
}
