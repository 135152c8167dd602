//! The store of keys: a folder of files, apart from the database.
//!
//! `index.key` finds numbers. `persons/<shard>/<party>.key` opens what is kept of one party;
//! `<party>.forgotten` beside it says that the key was destroyed on purpose.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, Permissions},
    io::{self, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use aws_lc_rs::rand;
use fullmakt_events::PartyId;
use uuid::Uuid;

use crate::{
    KeyStoreError,
    sealing::{DataKey, IndexKey, KEY_BYTES},
};

/// Only the owner may read keys.
const FILE_MODE: u32 = 0o600;
/// Only the owner may list them.
const FOLDER_MODE: u32 = 0o700;

/// The store of keys.
#[derive(Debug, Clone)]
pub(crate) struct KeyStore {
    folder: PathBuf,
}

/// What the store has of a party.
pub(crate) enum PartyKey {
    /// Its key.
    Key(DataKey),
    /// The mark that its key was destroyed.
    Forgotten,
    /// Nothing.
    Absent,
}

impl KeyStore {
    /// The store in this folder, which is made, and made private, if need be.
    pub(crate) fn open(folder: &Path) -> Result<Self, KeyStoreError> {
        create_folder(folder)?;
        let private = Permissions::from_mode(FOLDER_MODE);
        fs::set_permissions(folder, private).map_err(failed(folder))?;
        Ok(Self { folder: folder.to_owned() })
    }

    /// The store in this folder as it is, also if it is not there.
    pub(crate) fn at(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// The key of the index, if there is one.
    pub(crate) fn index_key(&self) -> Result<Option<IndexKey>, KeyStoreError> {
        Ok(read_key(&self.folder.join("index.key"))?.map(|bytes| IndexKey::new(&bytes)))
    }

    /// The key of the index, made if there is none.
    pub(crate) fn create_index_key(&self) -> Result<IndexKey, KeyStoreError> {
        let path = self.folder.join("index.key");
        Ok(IndexKey::new(&read_or_create_key(&path)?))
    }

    /// What there is of a party.
    pub(crate) fn get(&self, party: PartyId) -> Result<PartyKey, KeyStoreError> {
        // The mark counts even where the key is still there: destroying it was interrupted.
        if exists(&self.mark(party))? {
            return Ok(PartyKey::Forgotten);
        }
        match read_key(&self.key(party))? {
            Some(bytes) => Ok(PartyKey::Key(data_key(&bytes)?)),
            None => Ok(PartyKey::Absent),
        }
    }

    /// The key of a party, made if there is none; nothing if the party was forgotten.
    pub(crate) fn get_or_create(&self, party: PartyId) -> Result<Option<DataKey>, KeyStoreError> {
        if exists(&self.mark(party))? {
            return Ok(None);
        }
        create_folder(&self.shard(party))?;
        let bytes = read_or_create_key(&self.key(party))?;
        // Somebody may have forgotten the party in between: the mark is always made first.
        if exists(&self.mark(party))? {
            self.destroy(party)?;
            return Ok(None);
        }
        Ok(Some(data_key(&bytes)?))
    }

    /// Destroys a key that nothing was kept under.
    pub(crate) fn discard(&self, party: PartyId) -> Result<(), KeyStoreError> {
        self.destroy(party)
    }

    /// Destroys the key of a party for good. Doing it twice is the same as doing it once.
    pub(crate) fn forget(&self, party: PartyId) -> Result<(), KeyStoreError> {
        let (shard, mark) = (self.shard(party), self.mark(party));
        create_folder(&shard)?;
        let mut options = OpenOptions::new();
        let file = options.write(true).create(true).truncate(false).mode(FILE_MODE).open(&mark);
        file.and_then(|file| file.sync_all()).map_err(failed(&mark))?;
        sync_folder(&shard)?;
        self.destroy(party)
    }

    fn destroy(&self, party: PartyId) -> Result<(), KeyStoreError> {
        let path = self.key(party);
        // Overwritten first: where the file system writes in place, the bytes are gone too.
        let overwritten = OpenOptions::new().write(true).open(&path).and_then(|mut file| {
            file.write_all(&[0; KEY_BYTES])?;
            file.sync_all()
        });
        let removed = overwritten.and_then(|()| fs::remove_file(&path));
        match removed {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(&path)(error)),
            Err(_) => Ok(()),
            Ok(()) => sync_folder(&self.shard(party)),
        }
    }

    /// The last byte of the id: the first ones of ids made at the same time are the same.
    fn shard(&self, party: PartyId) -> PathBuf {
        let byte = party.uuid().as_bytes().last().copied().unwrap_or_default();
        self.folder.join("persons").join(format!("{byte:02x}"))
    }

    fn key(&self, party: PartyId) -> PathBuf {
        self.shard(party).join(format!("{party}.key"))
    }

    fn mark(&self, party: PartyId) -> PathBuf {
        self.shard(party).join(format!("{party}.forgotten"))
    }
}

fn data_key(bytes: &[u8; KEY_BYTES]) -> Result<DataKey, KeyStoreError> {
    // The library refuses keys of other lengths only, and ours has the right one.
    DataKey::new(bytes).map_err(|_| KeyStoreError::NoRandomness)
}

fn read_key(path: &Path) -> Result<Option<[u8; KEY_BYTES]>, KeyStoreError> {
    match fs::read(path) {
        Ok(bytes) => {
            bytes.try_into().map(Some).map_err(|_| KeyStoreError::NotAKey { path: path.to_owned() })
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(path)(error)),
    }
}

/// Reads a key, or makes one that is whole on disk before it has its name: no crash leaves half a
/// key, and of two processes that make it at once one does.
fn read_or_create_key(path: &Path) -> Result<[u8; KEY_BYTES], KeyStoreError> {
    if let Some(bytes) = read_key(path)? {
        return Ok(bytes);
    }
    let mut bytes = [0; KEY_BYTES];
    rand::fill(&mut bytes).map_err(|_| KeyStoreError::NoRandomness)?;
    let draft = path.with_extension(format!("{}.draft", Uuid::new_v4()));
    let mut options = OpenOptions::new();
    let written = options.write(true).create_new(true).mode(FILE_MODE).open(&draft);
    written
        .and_then(|mut file| {
            file.write_all(&bytes)?;
            file.sync_all()
        })
        .map_err(failed(&draft))?;
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft).map_err(failed(&draft))?;
    match linked {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(failed(path)(error)),
    }
    path.parent().map_or(Ok(()), sync_folder)?;
    read_key(path)?.ok_or_else(|| failed(path)(io::ErrorKind::NotFound.into()))
}

fn exists(path: &Path) -> Result<bool, KeyStoreError> {
    path.try_exists().map_err(failed(path))
}

/// Makes the folder and those above it that are missing, durably.
fn create_folder(path: &Path) -> Result<(), KeyStoreError> {
    if exists(path)? {
        return Ok(());
    }
    DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(path).map_err(failed(path))?;
    path.ancestors().skip(1).take(2).filter(|above| above.is_dir()).try_for_each(sync_folder)
}

/// Makes the folder's names durable.
fn sync_folder(path: &Path) -> Result<(), KeyStoreError> {
    File::open(path).and_then(|folder| folder.sync_all()).map_err(failed(path))
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> KeyStoreError + '_ {
    move |source| KeyStoreError::File { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests;
