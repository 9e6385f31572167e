//! Recovery codes: eighty random bits each, in groups of four that are read and typed without mistakes.

use super::seal::Key;
use crate::ids::{AccountId, random_text};

/// So many are made at a time.
pub(super) const AT_A_TIME: usize = 10;

/// Sixteen characters of Crockford base32, in four groups.
pub(super) fn random_code() -> String {
    let text = random_text(16);
    format!("{}-{}-{}-{}", &text[..4], &text[4..8], &text[8..12], &text[12..])
}

/// What the database holds of a code: nobody without the key can try codes against it, and it fits one account alone.
pub(super) fn tag(key: &Key, account: &AccountId, typed: &str) -> Option<String> {
    Some(key.tag("recovery-code", &format!("{account} {}", plain(typed)?)))
}

/// A code as it was made, however it was typed: small letters, spaces, full width, and letters that look like digits.
fn plain(typed: &str) -> Option<String> {
    let letters = typed.chars().map(narrow).filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '—'));
    let code: String = letters.take(17).map(|c| as_made(c.to_ascii_uppercase())).collect();
    (code.len() == 16 && code.bytes().all(|byte| byte.is_ascii_alphanumeric())).then_some(code)
}

fn narrow(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(c as u32 - '！' as u32 + '!' as u32).unwrap_or(c),
        c => c,
    }
}

/// Crockford's alphabet leaves out what is easily mistaken.
fn as_made(c: char) -> char {
    match c {
        'O' => '0',
        'I' | 'L' => '1',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_four_groups_of_four_and_no_two_are_alike() {
        let codes: std::collections::BTreeSet<String> = (0..1_000).map(|_| random_code()).collect();
        assert_eq!(codes.len(), 1_000);
        assert!(codes.iter().all(|code| code.split('-').map(str::len).eq([4, 4, 4, 4])));
    }

    #[test]
    fn however_a_code_is_typed_it_is_the_same_one() {
        let as_made = plain("0123-4567-89AB-1Z0Z");
        assert!(as_made.is_some());
        for typed in ["0123456789ab1z0z", " o123 4567 89ab iZOz ", "０１２３－４５６７－８９ａｂ－Ｌｚ０ｚ"]
        {
            assert_eq!(plain(typed), as_made, "{typed}");
        }
        for wrong in ["", "0123-4567-89AB-1Z0", "0123-4567-89AB-1Z0Z-0", "0123-4567-89AB-1Z0é", "%%%%-%%%%-%%%%-%%%%"]
        {
            assert_eq!(plain(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_stored_tag_is_of_one_account_and_one_key() {
        let (key, ada, ben) = (Key::random(), AccountId::random(), AccountId::random());
        let code = random_code();
        assert_eq!(tag(&key, &ada, &code), tag(&key, &ada, &code.to_lowercase()));
        assert_ne!(tag(&key, &ada, &code), tag(&key, &ben, &code));
        assert_ne!(tag(&key, &ada, &code), tag(&Key::random(), &ada, &code));
    }
}
