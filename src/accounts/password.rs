//! Passwords: Argon2id, a few hashes at once, and what a new one must be.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization;

/// The hash of nothing anybody types: it costs an unknown address the same time as a known one.
pub(super) const NOBODYS_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$NdlNeVEGZWaX6WNZRKXBxg$n1F1PVT8G5qzMJ0a1Pq0SYNpZlYb3J8TYkqWv0Cz5Zw";

/// Each hash takes 19 MiB and a core for some 35 ms, so only this many run at once.
static HASHES_AT_ONCE: Semaphore = Semaphore::const_new(2);

/// Parameters of the password hash (OWASP: Argon2id, 19 MiB, two passes, one lane).
fn argon2() -> Argon2<'static> {
    let params = Params::new(19_456, 2, 1, None).expect("the parameters are within Argon2's bounds");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

pub(super) async fn hash(password: String) -> String {
    on_a_thread(move || {
        argon2()
            .hash_password(as_meant(&password).as_bytes())
            .expect("a password within the length limit can be hashed")
            .to_string()
    })
    .await
}

pub(super) async fn matches(password: String, hash: String) -> bool {
    on_a_thread(move || match PasswordHash::new(&hash) {
        Ok(parsed) if is_affordable(&parsed) => {
            argon2().verify_password(as_meant(&password).as_bytes(), &parsed).is_ok()
        }
        Ok(_) | Err(_) => false,
    })
    .await
}

/// The password as its person means it, however their keyboard puts accents together (Unicode normalisation form C).
fn as_meant(password: &str) -> String {
    password.nfc().collect()
}

/// Whether verifying against a stored hash costs no more than one of ours by far: a row that somebody tampered with must not take
/// the machine's memory.
fn is_affordable(hash: &PasswordHash) -> bool {
    Params::try_from(hash).is_ok_and(|params| params.m_cost() <= 65_536 && params.t_cost() <= 4 && params.p_cost() <= 4)
}

async fn on_a_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let _permit = HASHES_AT_ONCE.acquire().await.expect("the semaphore is never closed");
    tokio::task::spawn_blocking(work).await.expect("hashing does not panic")
}

/// Why a new password does not do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    #[error("use 12 characters or more")]
    TooShort,
    #[error("use 256 characters or fewer")]
    TooLong,
    #[error("it must not be made of a name, an address or a word that everybody tries first")]
    EasilyGuessed,
}

/// Whether a new password will do: long enough, and not what somebody would try first.
///
/// # Errors
/// Says what to change.
pub fn check_new_password(password: &str, about_the_person: &[&str]) -> Result<(), PasswordFault> {
    match password.chars().count() {
        0..12 => return Err(PasswordFault::TooShort),
        257.. => return Err(PasswordFault::TooLong),
        _ => {}
    }
    let letters = |text: &str| text.to_lowercase().chars().filter(|c| c.is_alphabetic()).collect::<String>();
    let bare = letters(password);
    let common = ["password", "milepost", "council", "qwertyuiop", "letmein", "welcome", "iloveyou", "administrator"];
    let about = about_the_person.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    let about: Vec<String> = about.map(letters).filter(|word| word.len() >= 4).collect();
    // What is left when every such word is taken out has to be something of its own.
    let words = common.iter().map(|word| (*word).to_owned()).chain(about);
    let left = words.fold(bare.clone(), |left, word| left.replace(&word, ""));
    let guessed = left.len() < 4 && left.len() < bare.len();
    let one_letter = password.chars().next().is_some_and(|first| password.chars().all(|c| c == first));
    if guessed || one_letter { Err(PasswordFault::EasilyGuessed) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_matches_its_password_to_the_last_character() {
        let hash = hash("correct horse battery".into()).await;
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(matches("correct horse battery".into(), hash.clone()).await);
        assert!(!matches("correct horse batterz".into(), hash).await);
    }

    #[tokio::test]
    async fn an_accent_is_the_same_however_a_keyboard_puts_it_together() {
        let hash = hash("a caf\u{e9} in Ambleside".into()).await;
        assert!(matches("a cafe\u{301} in Ambleside".into(), hash.clone()).await);
        assert!(!matches("a cafe in Ambleside".into(), hash).await, "and it is not left out");
    }

    #[test]
    fn the_tag_of_rfc_9106_for_argon2id_comes_out() {
        let params = argon2::ParamsBuilder::new()
            .m_cost(32)
            .t_cost(3)
            .p_cost(4)
            .data(argon2::AssociatedData::new(&[4; 12]).expect("twelve bytes fit"))
            .output_len(32)
            .build()
            .expect("the standard's own parameters");
        let argon2 = Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, params).expect("a secret");
        let mut tag = [0; 32];
        argon2.hash_password_into(&[1; 32], &[2; 16], &mut tag).expect("hashed");
        let standard = "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659";
        assert_eq!(crate::ids::hexadecimal(&tag), standard);
    }

    #[tokio::test]
    async fn a_hash_that_would_cost_the_machine_its_memory_is_not_tried() {
        for (name, parameters) in
            [("memory", "m=4194304,t=2,p=1"), ("passes", "m=19456,t=4000000,p=1"), ("lanes", "m=19456,t=2,p=200")]
        {
            let absurd = NOBODYS_HASH.replace("m=19456,t=2,p=1", parameters);
            let began = std::time::Instant::now();
            assert!(!matches("anything".into(), absurd).await, "{name}");
            assert!(began.elapsed() < std::time::Duration::from_millis(500), "{name}: {:?}", began.elapsed());
        }
    }

    #[test]
    fn nobodys_hash_is_well_formed_so_that_it_costs_a_real_verification() {
        assert!(PasswordHash::new(NOBODYS_HASH).is_ok());
    }

    #[test]
    fn short_and_guessable_passwords_are_refused_and_long_plain_ones_are_not() {
        assert_eq!(check_new_password("short", &[]), Err(PasswordFault::TooShort));
        assert_eq!(check_new_password("password123456", &[]), Err(PasswordFault::EasilyGuessed));
        assert_eq!(
            check_new_password("priya.patel2026", &["priya.patel@x.example"]),
            Err(PasswordFault::EasilyGuessed)
        );
        assert_eq!(check_new_password("aaaaaaaaaaaaaa", &[]), Err(PasswordFault::EasilyGuessed));
        assert_eq!(check_new_password("plain words with spaces", &["priya@x.example"]), Ok(()));
    }
}
