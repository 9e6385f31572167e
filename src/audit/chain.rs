//! The hash chain: what is hashed, in which order. `docs/verify-audit.py` computes the same and must go on doing so.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::db::{Row, StoreError};
use crate::ids::hexadecimal;

/// A place in the chain and its hash there: kept elsewhere, it shows a chain that was rewritten or cut off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    pub seq: i64,
    pub hash: String,
}

/// An audit row as it is hashed: JSON of all its columns but the salt, in this order, which never changes.
#[derive(Debug, Serialize)]
pub(super) struct Payload {
    id: i64,
    at: i64,
    account: Option<String>,
    role: Option<String>,
    action: String,
    why: String,
    child: Option<String>,
    involvement: Option<String>,
    object: Option<String>,
    request: Option<String>,
    session: Option<String>,
    address: Option<String>,
    details: String,
}

/// The text that is hashed and exported for a row of `audit`, and its salt.
pub(super) fn payload(row: &Row) -> Result<(String, String), StoreError> {
    let payload = Payload {
        id: row.get("id")?,
        at: row.get("at")?,
        account: row.get("account_id")?,
        role: row.get("role")?,
        action: row.get("action")?,
        why: row.get("why")?,
        child: row.get("child_id")?,
        involvement: row.get("involvement_id")?,
        object: row.get("object")?,
        request: row.get("request_id")?,
        session: row.get("session_id")?,
        address: row.get("address")?,
        details: row.get("details")?,
    };
    let text = serde_json::to_string(&payload).map_err(|why| StoreError::Unstorable(why.to_string()))?;
    Ok((text, row.get("salt")?))
}

/// What the chain says of a payload without telling it: SHA-256 of the salt's bytes and the text.
pub(super) fn commitment(salt: &str, payload: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(unhex(salt));
    hasher.update(payload.as_bytes());
    hexadecimal(&hasher.finalize())
}

/// The hash at `seq`, from the hash before it (none before the first).
pub(super) fn link(before: Option<&str>, seq: i64, commitment: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update([0]);
    hasher.update(before.map_or_else(|| vec![0; 32], unhex));
    hasher.update(seq.to_be_bytes());
    hasher.update(unhex(commitment));
    hexadecimal(&hasher.finalize())
}

/// The bytes of hexadecimal text; a pair that is none, which only tampering can bring, gives a byte that fits nothing.
fn unhex(text: &str) -> Vec<u8> {
    let pairs = text.as_bytes().chunks(2);
    pairs
        .map(|pair| std::str::from_utf8(pair).ok().and_then(|pair| u8::from_str_radix(pair, 16).ok()).unwrap_or(0))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_link_hashes_as_the_published_verifier_does() {
        // python3 -c 'import hashlib as h; c=h.sha256(bytes.fromhex("00ff")+b"{}").digest(); print(c.hex(),
        //   h.sha256(b"\0"+b"\0"*32+(1).to_bytes(8,"big")+c).hexdigest())'
        let commitment = commitment("00ff", "{}");
        assert_eq!(commitment, "d74d568b32ee9c59af9b3e26dc02c6d86388eda2f8ac72833649630900740f9f");
        assert_eq!(link(None, 1, &commitment), "1eb272d9307e29e5e1869fd32bde4103d09d020d18cef5662735e500ef6e2695");
    }
}
