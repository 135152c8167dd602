//! The key that our tokens are signed with: in a file, shared by all processes of an installation.

use std::{
    fs::{self, File, OpenOptions, Permissions},
    io::{self, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use aws_lc_rs::{
    encoding::{AsDer, Pkcs8V1Der},
    rsa::{KeyPair, KeySize, PublicKeyComponents},
    signature::KeyPair as _,
};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// The file of the key, in the folder of keys.
const FILE: &str = "signing-key.pem";
const PEM_BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const PEM_END: &str = "-----END PRIVATE KEY-----";
const PEM_LINE: usize = 64;

/// Why there is no key to sign with.
#[derive(Debug, thiserror::Error)]
pub enum SigningKeyError {
    /// The folder or the file cannot be used.
    #[error("`{path}` cannot be used")]
    File {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// The file holds no RSA key.
    #[error("`{path}` holds no RSA key in PKCS#8; move it away to have a new one made")]
    NoKey {
        /// The file.
        path: PathBuf,
    },
    /// No key could be made.
    #[error("no key could be made")]
    Generate,
}

/// The key that our tokens are signed with (RS256).
pub struct SigningKeys {
    kid: String,
    private: EncodingKey,
    jwks: Value,
}

impl SigningKeys {
    /// The key in this folder. The first process makes it, all others find it.
    ///
    /// # Errors
    /// When the folder cannot be used, or holds something else.
    pub fn open(folder: &Path) -> Result<Self, SigningKeyError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |source| SigningKeyError::File { path, source }
        };
        fs::create_dir_all(folder).map_err(failed(folder))?;
        fs::set_permissions(folder, Permissions::from_mode(0o700)).map_err(failed(folder))?;
        let path = folder.join(FILE);
        match fs::read_to_string(&path) {
            Ok(pem) => return Self::read(&pem, &path),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(&path)(error)),
        }
        create(folder, &path)?;
        Self::read(&fs::read_to_string(&path).map_err(failed(&path))?, &path)
    }

    /// The key in this folder; nothing where there is none. Makes and changes nothing.
    ///
    /// # Errors
    /// When the file cannot be read, or holds something else.
    pub fn find(folder: &Path) -> Result<Option<Self>, SigningKeyError> {
        let path = folder.join(FILE);
        match fs::read_to_string(&path) {
            Ok(pem) => Self::read(&pem, &path).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(SigningKeyError::File { path, source }),
        }
    }

    /// The id of the key, as tokens name it.
    #[must_use]
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The public keys, as a JWK set (RFC 7517).
    #[must_use]
    pub const fn jwks(&self) -> &Value {
        &self.jwks
    }

    pub(crate) fn sign(
        &self,
        claims: &Map<String, Value>,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(self.kid.clone());
        jsonwebtoken::encode(&header, claims, &self.private)
    }

    fn read(pem: &str, path: &Path) -> Result<Self, SigningKeyError> {
        let refused = || SigningKeyError::NoKey { path: path.to_owned() };
        let base64: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
        let der = STANDARD.decode(base64).map_err(|_| refused())?;
        let pair = KeyPair::from_pkcs8(&der).map_err(|_| refused())?;
        let public = PublicKeyComponents::<Vec<u8>>::from(pair.public_key());
        let kid = hex::encode(Sha256::digest(&public.n).split_at(8).0);
        Ok(Self {
            private: EncodingKey::from_rsa_pem(pem.as_bytes()).map_err(|_| refused())?,
            jwks: json!({ "keys": [{
                "kty": "RSA",
                "use": "sig",
                "alg": "RS256",
                "kid": kid,
                "n": URL_SAFE_NO_PAD.encode(&public.n),
                "e": URL_SAFE_NO_PAD.encode(&public.e),
            }]}),
            kid,
        })
    }
}

impl std::fmt::Debug for SigningKeys {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("SigningKeys").field("kid", &self.kid).finish_non_exhaustive()
    }
}

/// Makes a key. It gets its name only when it is whole, and only if no other process was faster.
fn create(folder: &Path, path: &Path) -> Result<(), SigningKeyError> {
    let pair = KeyPair::generate(KeySize::Rsa2048).map_err(|_| SigningKeyError::Generate)?;
    let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| SigningKeyError::Generate)?;
    let draft = folder.join(format!(".{}", Uuid::new_v4()));
    let written = write(&draft, &pem(der.as_ref())).and_then(|()| fs::hard_link(&draft, path));
    let removed = fs::remove_file(&draft);
    // A name is durable when its folder is.
    let synced = File::open(folder).and_then(|folder| folder.sync_all());
    match written.and(removed).and(synced) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        Err(source) => Err(SigningKeyError::File { path: path.to_owned(), source }),
        Ok(()) => Ok(()),
    }
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn pem(der: &[u8]) -> String {
    let base64 = STANDARD.encode(der);
    let mut pem = format!("{PEM_BEGIN}\n");
    for (index, character) in base64.chars().enumerate() {
        if index > 0 && index % PEM_LINE == 0 {
            pem.push('\n');
        }
        pem.push(character);
    }
    format!("{pem}\n{PEM_END}\n")
}

#[cfg(test)]
mod tests;
