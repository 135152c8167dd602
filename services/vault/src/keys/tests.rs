use std::{sync::Arc, thread};

use tempfile::TempDir;

use super::*;
use crate::sealing::Field;

fn party(id: u128) -> PartyId {
    PartyId::new(Uuid::from_u128(id))
}

fn store() -> (TempDir, KeyStore) {
    let folder = tempfile::tempdir().unwrap();
    let store = KeyStore::open(&folder.path().join("keys")).unwrap();
    (folder, store)
}

fn is_absent(store: &KeyStore, party: PartyId) -> bool {
    matches!(store.get(party), Ok(PartyKey::Absent))
}

fn is_forgotten(store: &KeyStore, party: PartyId) -> bool {
    matches!(store.get(party), Ok(PartyKey::Forgotten))
}

#[test]
fn a_key_once_made_is_found_again() {
    let (_folder, store) = store();
    assert!(is_absent(&store, party(1)));
    let sealed = store.get_or_create(party(1)).unwrap().unwrap();
    let sealed = sealed.seal(party(1), Field::Name, b"x").unwrap();
    let reopened = KeyStore::open(&store.folder).unwrap();
    let Ok(PartyKey::Key(key)) = reopened.get(party(1)) else { panic!("the key is there") };
    assert_eq!(key.open(party(1), Field::Name, &sealed).unwrap(), b"x");
    assert!(is_absent(&store, party(2)));
}

#[test]
fn keys_are_for_the_owner_only() {
    let (_folder, store) = store();
    store.get_or_create(party(1)).unwrap();
    store.create_index_key().unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&store.key(party(1))), 0o600);
    assert_eq!(mode(&store.folder.join("index.key")), 0o600);
    assert_eq!(mode(&store.folder), 0o700);
    fs::set_permissions(&store.folder, Permissions::from_mode(0o755)).unwrap();
    KeyStore::open(&store.folder).unwrap();
    assert_eq!(mode(&store.folder), 0o700, "an open folder is closed");
}

#[test]
fn a_forgotten_key_is_gone_and_stays_gone() {
    let (_folder, store) = store();
    store.get_or_create(party(1)).unwrap();
    for _ in 0..2 {
        store.forget(party(1)).unwrap();
        assert!(is_forgotten(&store, party(1)));
        assert!(!store.key(party(1)).exists());
        assert!(store.get_or_create(party(1)).unwrap().is_none());
    }
    store.forget(party(2)).unwrap();
    assert!(is_forgotten(&store, party(2)), "also one that there never was");
}

#[test]
fn a_key_brought_back_by_a_restore_is_not_used_after_it_was_forgotten() {
    let (_folder, store) = store();
    store.get_or_create(party(1)).unwrap();
    let bytes = fs::read(store.key(party(1))).unwrap();
    store.forget(party(1)).unwrap();
    fs::write(store.key(party(1)), bytes).unwrap();
    assert!(is_forgotten(&store, party(1)));
    assert!(store.get_or_create(party(1)).unwrap().is_none());
    store.forget(party(1)).unwrap();
    assert!(!store.key(party(1)).exists());
}

#[test]
fn a_discarded_key_leaves_no_mark() {
    let (_folder, store) = store();
    store.get_or_create(party(1)).unwrap();
    store.discard(party(1)).unwrap();
    assert!(is_absent(&store, party(1)));
    store.discard(party(1)).unwrap();
}

#[test]
fn a_file_that_is_no_key_is_refused_not_replaced() {
    let (_folder, store) = store();
    store.get_or_create(party(1)).unwrap();
    fs::write(store.key(party(1)), [0; 31]).unwrap();
    assert!(matches!(store.get(party(1)), Err(KeyStoreError::NotAKey { .. })));
    assert!(matches!(store.get_or_create(party(1)), Err(KeyStoreError::NotAKey { .. })));
    assert_eq!(fs::read(store.key(party(1))).unwrap(), [0; 31]);
}

#[test]
fn many_at_once_make_one_key_and_leave_no_drafts() {
    let (_folder, store) = store();
    let store = Arc::new(store);
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let store = Arc::clone(&store);
            thread::spawn(move || {
                let key = store.get_or_create(party(1)).unwrap().unwrap();
                key.seal(party(1), Field::Name, b"x").unwrap()
            })
        })
        .collect();
    let Ok(Some(key)) = store.get_or_create(party(1)) else { panic!("the key is there") };
    for thread in threads {
        let sealed = thread.join().unwrap();
        assert!(key.open(party(1), Field::Name, &sealed).is_ok());
    }
    assert_eq!(fs::read_dir(store.shard(party(1))).unwrap().count(), 1);
}

#[test]
fn parties_made_at_the_same_time_are_spread_over_folders() {
    let (_folder, store) = store();
    assert_ne!(store.shard(party(1)), store.shard(party(2)));
}
