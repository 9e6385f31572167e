//! Seals secrets with a key that lies outside the database, each bound to the row it belongs to.

use std::path::Path;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::ids::hexadecimal;

/// The service's key: seals TOTP seeds and signs form tokens.
pub struct Key([u8; 32]);

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Key(..)")
    }
}

/// Why the key file could not be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    #[error("the key file {path} cannot be used: {why}")]
    File { path: String, why: String },
}

impl Key {
    pub fn random() -> Key {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
        Key(bytes)
    }

    /// Reads the key file, or makes one that only this user can read when there is none.
    ///
    /// # Errors
    /// When the file cannot be read or made, or does not hold a key.
    pub fn of_file(path: &Path) -> Result<Key, KeyError> {
        let failed = |why: String| KeyError::File { path: path.display().to_string(), why };
        match std::fs::read_to_string(path) {
            Ok(text) => {
                let bytes = from_hexadecimal(text.trim()).and_then(|bytes| bytes.try_into().ok());
                bytes.map(Key).ok_or_else(|| failed("it does not hold 64 hexadecimal digits".into()))
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                let key = Key::random();
                write_private(path, &hexadecimal(&key.0)).map_err(|error| failed(error.to_string()))?;
                Ok(key)
            }
            Err(error) => Err(failed(error.to_string())),
        }
    }

    /// Seals bytes so that they open only with this key and for this row.
    pub fn seal(&self, row: &str, secret: &[u8]) -> Vec<u8> {
        let mut nonce = [0; 12];
        getrandom::fill(&mut nonce).expect("the operating system gives random bytes");
        let payload = Payload { msg: secret, aad: row.as_bytes() };
        let sealed = self.cipher().encrypt(&Nonce::from(nonce), payload).expect("a short secret can be sealed");
        [nonce.as_slice(), &sealed].concat()
    }

    /// What was sealed; `None` when it was changed, or belongs to another row or key.
    pub fn open(&self, row: &str, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_at_checked(12)?;
        let nonce: [u8; 12] = nonce.try_into().ok()?;
        self.cipher().decrypt(&Nonce::from(nonce), Payload { msg: sealed, aad: row.as_bytes() }).ok()
    }

    /// A tag over text for one purpose, in hexadecimal.
    pub fn tag(&self, purpose: &str, text: &str) -> String {
        let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        hexadecimal(&mac.finalize().into_bytes())
    }

    fn cipher(&self) -> ChaCha20Poly1305 {
        ChaCha20Poly1305::new(&self.0.into())
    }
}

/// Bytes that were written as [`hexadecimal`] writes them.
pub(super) fn from_hexadecimal(text: &str) -> Option<Vec<u8>> {
    if !text.is_ascii() || !text.len().is_multiple_of(2) {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).ok()).collect()
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_only_for_its_row_and_unchanged() {
        let key = Key::random();
        let mut sealed = key.seal("A", b"seed");
        assert_eq!(key.open("A", &sealed).as_deref(), Some(b"seed".as_slice()));
        assert_eq!(key.open("B", &sealed), None);
        assert_eq!(Key::random().open("A", &sealed), None);
        sealed[13] ^= 1;
        assert_eq!(key.open("A", &sealed), None);
    }

    #[test]
    fn the_key_file_is_made_once_and_for_this_user_alone() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("data/milepost.key");
        let made = Key::of_file(&path).expect("made");
        let read = Key::of_file(&path).expect("read");
        assert_eq!(made.tag("x", "y"), read.tag("x", "y"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            assert_eq!(std::fs::metadata(&path).expect("there").permissions().mode() & 0o777, 0o600);
        }
        std::fs::write(&path, "nonsense").expect("written");
        assert!(Key::of_file(&path).is_err());
    }
}
