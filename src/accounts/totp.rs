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
    fn the_ten_codes_of_rfc_4226_appendix_d_come_out() {
        let codes =
            ["755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871", "520489"];
        for (counter, code) in (0..).zip(codes) {
            assert_eq!(code_at(SEED, Instant(counter * 30_000)).as_deref(), Some(code), "counter {counter}");
        }
    }

    #[test]
    fn the_codes_of_rfc_6238_appendix_b_come_out() {
        use totp_rs::Algorithm::{SHA1, SHA256, SHA512};
        let times = [59, 1_111_111_109, 1_111_111_111, 1_234_567_890, 2_000_000_000, 20_000_000_000];
        for (algorithm, length, codes) in [
            (SHA1, 20, ["94287082", "07081804", "14050471", "89005924", "69279037", "65353130"]),
            (SHA256, 32, ["46119246", "68084774", "67062674", "91819424", "90698825", "77737706"]),
            (SHA512, 64, ["90693936", "25091201", "99943326", "93441116", "38618901", "47863826"]),
        ] {
            let seed: Vec<u8> = SEED.iter().copied().cycle().take(length).collect();
            let totp =
                Builder::new().with_algorithm(algorithm).with_digits(8).with_secret(seed).build().expect("a seed");
            for (time, code) in times.into_iter().zip(codes) {
                assert_eq!(totp.generate(time).to_string(), code, "{algorithm:?} at {time}");
            }
        }
    }

    #[test]
    fn a_code_is_good_one_step_early_and_one_step_late_and_no_further() {
        let code = |second: i64| code_at(SEED, Instant(second * 1_000)).expect("a code");
        let begins = 1_000_000_020;
        // The first and the last moment of a step.
        for now in [Instant(begins * 1_000), Instant(begins * 1_000 + 29_900)] {
            let accepted: Vec<Option<i64>> =
                (-2..=2).map(|steps| step_of(SEED, &code(begins + 30 * steps), now)).collect();
            let this = begins / 30;
            assert_eq!(accepted, [None, Some(this - 1), Some(this), Some(this + 1), None], "{now:?}");
        }
    }

    #[test]
    fn a_code_that_begins_with_noughts_keeps_them() {
        let early =
            (0..100_000).find(|step| code_at(SEED, Instant(step * 30_000)).is_some_and(|code| code.starts_with("00")));
        let now = Instant(early.expect("there is one") * 30_000);
        let code = code_at(SEED, now).expect("a code");
        assert!(step_of(SEED, &code, now).is_some());
        assert_eq!(step_of(SEED, code.trim_start_matches('0'), now), None);
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
