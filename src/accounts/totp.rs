//! The second step: six digits that change every thirty seconds (RFC 6238).

use totp_rs::{Builder, Secret, Totp};

use crate::clock::Instant;

/// 160 random bits.
pub(super) fn random_seed() -> [u8; 20] {
    let mut seed = [0; 20];
    getrandom::fill(&mut seed).expect("the operating system gives random bytes");
    seed
}

fn totp(seed: &[u8]) -> Option<Totp> {
    Builder::new().with_secret(seed.to_vec()).with_skew(1).build().ok()
}

/// The time step that a typed code belongs to: this one, the one before or the one after. Spaces do not matter, and
/// full-width digits count as digits.
pub(super) fn step_of(seed: &[u8], typed: &str, now: Instant) -> Option<i64> {
    let digit = |c: char| match c {
        '0'..='9' => Some(c),
        '０'..='９' => char::from_digit(c as u32 - '０' as u32, 10),
        _ => None,
    };
    let typed: Vec<char> = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').take(7).collect();
    let code: String = typed.iter().map(|c| digit(*c)).collect::<Option<String>>()?;
    let seconds = u64::try_from(now.0 / 1_000).ok()?;
    totp(seed)?.check(&code, seconds).and_then(|step| i64::try_from(step).ok())
}

/// The code at an instant, for the demonstration and for tests.
pub fn code_at(seed: &[u8], now: Instant) -> Option<String> {
    Some(totp(seed)?.generate(u64::try_from(now.0 / 1_000).ok()?).to_string())
}

/// The seed as people type it into an authenticator app.
pub fn seed_text(seed: &[u8]) -> String {
    Secret::from(seed.to_vec()).to_base32()
}

/// The address that an authenticator app reads from a QR code.
pub fn otpauth_url(seed: &[u8], email: &str) -> String {
    let escaped: String = form_urlencoded::byte_serialize(email.as_bytes()).collect();
    format!("otpauth://totp/Milepost:{escaped}?secret={}&issuer=Milepost", seed_text(seed))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEED: &[u8] = b"12345678901234567890";

    #[test]
    fn codes_are_those_of_the_standard() {
        // RFC 6238 appendix B gives 94287082 for T = 59 with eight digits; six digits are its end.
        assert_eq!(code_at(SEED, Instant(59_000)).as_deref(), Some("287082"));
    }

    #[test]
    fn a_code_is_good_one_step_early_and_one_step_late() {
        let code = |second: i64| code_at(SEED, Instant(second * 1_000)).expect("a code");
        let now = Instant(1_000_000_020_000);
        let at = |steps: i64| code(1_000_000_020 + 30 * steps);
        assert_eq!(step_of(SEED, &at(-2), now), None);
        assert!(step_of(SEED, &at(-1), now).is_some());
        assert!(step_of(SEED, &at(0), now).is_some());
        assert!(step_of(SEED, &at(1), now).is_some());
        assert_eq!(step_of(SEED, &at(2), now), None);
    }

    #[test]
    fn spaces_and_full_width_digits_do_not_matter() {
        let now = Instant(59_000);
        assert!(step_of(SEED, " 287 082 ", now).is_some());
        assert!(step_of(SEED, "２８７０８２", now).is_some());
        assert_eq!(step_of(SEED, "28708", now), None);
        assert_eq!(step_of(SEED, "287o82", now), None);
    }
}
