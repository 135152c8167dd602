mod crash;
mod rotation;

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    sync::atomic::{AtomicI64, Ordering},
};

use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};
use tempfile::TempDir;

use super::{schedule::OVERLAP_SECONDS, *};

/// The file of the first key.
const FIRST: &str = "signing-key.pem";
/// When the clock begins, in seconds since 1970.
const NOW: u64 = 1_800_000_000;

/// A folder of keys and the time.
struct Folder {
    folder: TempDir,
    seconds: Arc<AtomicI64>,
}

impl Folder {
    fn new() -> Self {
        let seconds = Arc::new(AtomicI64::new(i64::try_from(NOW).unwrap()));
        Self { folder: tempfile::tempdir().unwrap(), seconds }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn clock(&self) -> Clock {
        let seconds = Arc::clone(&self.seconds);
        Arc::new(move || Timestamp::from_millis(seconds.load(Ordering::SeqCst) * 1_000))
    }

    fn now(&self) -> Timestamp {
        self.clock()()
    }

    fn advance(&self, seconds: u64) {
        self.seconds.fetch_add(i64::try_from(seconds).unwrap(), Ordering::SeqCst);
    }

    /// A process that uses the keys.
    fn open(&self) -> SigningKeys {
        SigningKeys::open(self.path(), self.clock()).unwrap()
    }

    /// A new key, and its id.
    fn rotate(&self, lead_seconds: u64) -> String {
        rotate_keys(self.path(), self.now(), lead_seconds).unwrap().kid
    }

    fn retire(&self, kid: &str) -> Result<(), SigningKeyError> {
        retire_key(self.path(), self.now(), kid)
    }

    fn states(&self) -> Vec<KeyState> {
        let keys = list_keys(self.path(), self.now()).unwrap();
        keys.into_iter().map(|key| key.state).collect()
    }

    /// The names of all files but that of the lock.
    fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.filter(|name| name != "signing-keys.lock").collect();
        names.sort();
        names
    }
}

/// The ids in the JWK set that a process publishes.
fn published(keys: &SigningKeys) -> Vec<String> {
    let set = keys.jwks();
    let kids = set["keys"].as_array().unwrap().iter();
    kids.map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

fn token(keys: &SigningKeys) -> String {
    let claims = json!({ "iss": "a", "exp": 4_000_000_000_u64 });
    keys.sign(claims.as_object().unwrap()).unwrap()
}

fn kid_of(token: &str) -> String {
    jsonwebtoken::decode_header(token).unwrap().kid.unwrap()
}

/// Whether a token holds by the JWK set that a process publishes; the process's own look-up has to
/// say the same.
fn holds(keys: &SigningKeys, token: &str) -> bool {
    let kid = kid_of(token);
    let is_known = keys.public_key(&kid).is_some();
    let set: JwkSet = serde_json::from_value(keys.jwks()).unwrap();
    let found = set.find(&kid);
    assert_eq!(found.is_some(), is_known, "{kid}");
    found.is_some_and(|key| {
        let key = DecodingKey::from_jwk(key).unwrap();
        let validation = Validation::new(Algorithm::RS256);
        jsonwebtoken::decode::<Value>(token, &key, &validation).is_ok()
    })
}

#[test]
fn a_second_process_finds_the_key_that_the_first_made() {
    let folder = Folder::new();
    let (first, second) = (folder.open(), folder.open());
    assert_eq!(first.jwks(), second.jwks());
    let mode = fs::metadata(folder.path().join(FIRST)).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(folder.files(), [FIRST], "no draft is left");
}

#[test]
fn processes_that_begin_at_once_share_one_key() {
    let folder = Folder::new();
    let barrier = std::sync::Barrier::new(6);
    let found: Vec<Value> = std::thread::scope(|scope| {
        let open = || {
            barrier.wait();
            folder.open().jwks()
        };
        let processes: Vec<_> = (0..6).map(|_| scope.spawn(open)).collect();
        processes.into_iter().map(|process| process.join().unwrap()).collect()
    });
    assert!(found.iter().all(|jwks| *jwks == found[0]), "{found:?}");
    assert_eq!(folder.files(), [FIRST], "no draft is left");
}

#[test]
fn the_public_keys_have_nothing_private() {
    let folder = Folder::new();
    let keys = folder.open();
    let set = keys.jwks();
    let members: Vec<&String> = set["keys"][0].as_object().unwrap().keys().collect();
    assert_eq!(members, ["alg", "e", "kid", "kty", "n", "use"]);
    assert!(!format!("{keys:?}").contains("PRIVATE"));
}

#[test]
fn what_is_signed_is_checked_with_the_public_key_and_no_other() {
    let (one, two) = (Folder::new(), Folder::new());
    let (one, two) = (one.open(), two.open());
    let token = token(&one);
    assert!(holds(&one, &token));
    assert!(!holds(&two, &token));
}

#[test]
fn a_file_that_holds_something_else_is_not_replaced() {
    let folder = Folder::new();
    fs::write(folder.path().join(FIRST), "something else").unwrap();
    let opened = SigningKeys::open(folder.path(), folder.clock());
    assert!(matches!(opened, Err(SigningKeyError::NoKey { .. })));
    assert_eq!(fs::read_to_string(folder.path().join(FIRST)).unwrap(), "something else");
}

#[test]
fn files_of_other_names_are_no_keys() {
    let folder = Folder::new();
    folder.open();
    let pem = fs::read(folder.path().join(FIRST)).unwrap();
    for name in [
        "signing-key.pem.bak",
        "signing-key.old.pem",
        "signing-key.0.pem",
        "signing-key.07.pem",
        "signing-key.+7.pem",
        "signing-key.7.8.pem",
        "key.pem",
    ] {
        fs::write(folder.path().join(name), &pem).unwrap();
    }
    assert_eq!(folder.states(), [KeyState::Signs { since: 0 }]);
    assert_eq!(published(&folder.open()).len(), 1);
}
