//! What a child's details must be, and how names are compared.

use chrono::Datelike;
use serde::{Deserialize, Serialize};

use crate::calendar::Date;

/// What the register says about a child.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChildDetails {
    pub given_name: String,
    pub family_name: String,
    pub preferred_name: Option<String>,
    pub born_on: Option<Date>,
    pub upn: Option<String>,
    pub nhs_number: Option<String>,
    pub address: String,
    pub postcode: String,
    pub setting_name: String,
    pub setting_kind: String,
}

/// Something wrong with one field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub field: &'static str,
    pub text: String,
}

/// A plan can be kept to the age of 25, so nobody older than this comes onto the register.
const AGE_MOST: i32 = 26;

impl ChildDetails {
    /// The details tidied up.
    ///
    /// # Errors
    /// Everything that is wrong with them.
    pub(super) fn checked(self, today: Date) -> Result<ChildDetails, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut fault = |field, text: &str| faults.push(Fault { field, text: text.to_owned() });
        let details = ChildDetails {
            given_name: tidy(&self.given_name),
            family_name: tidy(&self.family_name),
            preferred_name: filled(self.preferred_name.as_deref().map(tidy)),
            born_on: self.born_on,
            upn: filled(self.upn.map(|upn| without_spaces(&upn))),
            nhs_number: filled(self.nhs_number.map(|number| without_spaces(&number).replace('-', ""))),
            address: tidy(&self.address),
            postcode: tidy(&self.postcode).to_uppercase(),
            setting_name: tidy(&self.setting_name),
            setting_kind: tidy(&self.setting_kind),
        };
        for (field, name, missing) in [
            ("given_name", &details.given_name, "Enter the given name"),
            ("family_name", &details.family_name, "Enter the family name"),
        ] {
            match name.chars().count() {
                0 => fault(field, missing),
                1..=100 => {}
                _ => fault(field, "Names have 100 characters or fewer"),
            }
        }
        for (field, text) in [("address", &details.address), ("setting_name", &details.setting_name)] {
            if text.chars().count() > 300 {
                fault(field, "Use 300 characters or fewer");
            }
        }
        match details.born_on {
            None => fault("born_on", "Enter the date of birth"),
            Some(born_on) if born_on > today => fault("born_on", "The date of birth must be in the past"),
            Some(born_on) if today.year() - born_on.year() > AGE_MOST => {
                fault("born_on", "The date of birth is more than 26 years ago: plans end at 25");
            }
            Some(_) => {}
        }
        if details.upn.as_deref().is_some_and(|upn| !is_upn(upn)) {
            fault("upn", "The UPN has a letter and 12 numbers, and its letter must fit the numbers");
        }
        if details.nhs_number.as_deref().is_some_and(|number| !is_nhs_number(number)) {
            fault("nhs_number", "The NHS number has 10 numbers, and the last must fit the others");
        }
        if details.postcode.chars().count() > 8 {
            fault("postcode", "Enter a real postcode");
        }
        if faults.is_empty() { Ok(details) } else { Err(faults) }
    }

    pub(super) fn shares_a_number_with(&self, held: &super::Child) -> bool {
        let same = |a: &Option<String>, b: &Option<String>| a.is_some() && a == b;
        same(&held.details.upn, &self.upn) || same(&held.details.nhs_number, &self.nhs_number)
    }

    /// The fields that are not the same, by name.
    pub(super) fn differs_from(&self, other: &ChildDetails) -> Vec<&'static str> {
        let all = [
            ("given_name", self.given_name != other.given_name),
            ("family_name", self.family_name != other.family_name),
            ("preferred_name", self.preferred_name != other.preferred_name),
            ("born_on", self.born_on != other.born_on),
            ("upn", self.upn != other.upn),
            ("nhs_number", self.nhs_number != other.nhs_number),
            ("address", self.address != other.address),
            ("postcode", self.postcode != other.postcode),
            ("setting_name", self.setting_name != other.setting_name),
            ("setting_kind", self.setting_kind != other.setting_kind),
        ];
        all.into_iter().filter(|(_, differs)| *differs).map(|(field, _)| field).collect()
    }

    /// The names a search looks in.
    pub(super) fn folded_name(&self) -> String {
        let preferred = self.preferred_name.as_deref().unwrap_or_default();
        let words = [self.family_name.as_str(), &self.given_name, preferred].map(fold);
        words.iter().filter(|word| !word.is_empty()).cloned().collect::<Vec<_>>().join(" ")
    }
}

/// Without control characters and without space around or doubled inside.
fn tidy(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.is_empty())
}

fn without_spaces(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect::<String>().to_uppercase()
}

/// Lower case, without accents, with spaces for punctuation: `O’Brien-Müller` is `o brien muller`.
pub fn fold(text: &str) -> String {
    let plain: String = text
        .to_lowercase()
        .chars()
        .map(|c| match c {
            'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
            'ç' | 'ć' | 'č' => 'c',
            'è'..='ë' | 'ē' | 'ė' | 'ę' | 'ě' => 'e',
            'ì'..='ï' | 'ī' | 'į' | 'ı' => 'i',
            'ñ' | 'ń' | 'ň' => 'n',
            'ò'..='ö' | 'ø' | 'ō' | 'ő' => 'o',
            'ù'..='ü' | 'ū' | 'ů' | 'ű' => 'u',
            'ý' | 'ÿ' => 'y',
            'ś' | 'š' | 'ş' | 'ș' => 's',
            'ź' | 'ż' | 'ž' => 'z',
            'ł' => 'l',
            'ğ' => 'g',
            'ŵ' => 'w',
            'ŷ' => 'y',
            'ţ' | 'ț' => 't',
            'đ' | 'ð' => 'd',
            c if c.is_alphanumeric() => c,
            _ => ' ',
        })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A unique pupil number: a check letter over the twelve characters behind it (DfE, UPN guide).
fn is_upn(upn: &str) -> bool {
    const LETTERS: &[u8; 23] = b"ABCDEFGHJKLMNPQRTUVWXYZ";
    let bytes = upn.as_bytes();
    if bytes.len() != 13 || !bytes[1..12].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let last = match bytes[12] {
        digit @ b'0'..=b'9' => usize::from(digit - b'0'),
        // A temporary number ends in a letter, which counts as its place in the alphabet of check letters.
        letter => match LETTERS.iter().position(|held| *held == letter) {
            Some(place) => place,
            None => return false,
        },
    };
    let sum: usize = bytes[1..12].iter().zip(2..).map(|(digit, weight)| usize::from(digit - b'0') * weight).sum();
    LETTERS[(sum + last * 13) % 23] == bytes[0]
}

/// Ten digits of which the last is a check over the others, modulus 11.
fn is_nhs_number(number: &str) -> bool {
    let digits: Vec<u32> = number.chars().filter_map(|c| c.to_digit(10)).collect();
    if digits.len() != 10 || number.len() != 10 {
        return false;
    }
    let sum: u32 = digits[..9].iter().zip((2..=10).rev()).map(|(digit, weight)| digit * weight).sum();
    (11 - sum % 11) % 11 == digits[9]
}

/// What somebody typed to find a child.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Search {
    /// Up to three beginnings of names, each wrapped for `like`.
    pub words: [Option<String>; 3],
    /// The text as a number or reference would be stored.
    pub number: String,
    pub born_on: Option<Date>,
}

impl Search {
    pub fn of(typed: &str) -> Search {
        let typed: String = typed.chars().take(200).collect();
        let folded = fold(&typed);
        let mut words = folded.split(' ').filter(|word| !word.is_empty()).map(|word| format!("% {word}%"));
        let date =
            Date::parse_from_str(typed.trim(), "%Y-%m-%d").or_else(|_| Date::parse_from_str(typed.trim(), "%d/%m/%Y"));
        Search { words: [words.next(), words.next(), words.next()], number: without_spaces(&typed), born_on: date.ok() }
    }
}

/// The year group of English schools on a day, from the date of birth.
pub(super) fn year_group(born_on: Date, today: Date) -> String {
    // The school year begins on 1 September; a child starts Reception in the one in which it turns five.
    let school_year = today.year() - i32::from(today.month() < 9);
    let birth_year = born_on.year() - i32::from(born_on.month() < 9);
    match school_year - birth_year - 5 {
        ..0 => "Nursery or before".into(),
        0 => "Reception".into(),
        year @ 1..=13 => format!("Year {year}"),
        _ => "Post-16, over 18".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::date;

    fn ada() -> ChildDetails {
        ChildDetails {
            given_name: " Ada ".into(),
            family_name: "Okafor".into(),
            born_on: Some(date(2018, 5, 31)),
            ..ChildDetails::default()
        }
    }

    #[test]
    fn details_are_tidied_and_every_fault_is_told_at_once() {
        assert_eq!(ada().checked(date(2026, 3, 2)).expect("good").given_name, "Ada");
        let bad = ChildDetails {
            given_name: "\u{0}".into(),
            upn: Some("A1".into()),
            nhs_number: Some("1".into()),
            born_on: Some(date(2027, 1, 1)),
            ..ada()
        };
        let faults = bad.checked(date(2026, 3, 2)).unwrap_err();
        assert_eq!(
            faults.iter().map(|fault| fault.field).collect::<Vec<_>>(),
            ["given_name", "born_on", "upn", "nhs_number"]
        );
    }

    #[test]
    fn numbers_are_checked_by_their_check_characters() {
        assert!(is_nhs_number("9434765919"));
        assert!(!is_nhs_number("9434765918"));
        // 1*2+2*3+3*4+4*5+5*6+6*7+7*8+8*9+9*10+0*11+1*12+8*13 = 446, and 446 mod 23 = 9: the tenth letter.
        assert!(is_upn("K123456789018"));
        assert!(!is_upn("A123456789018"));
        assert!(!is_upn("S123456789018"));
    }

    #[test]
    fn names_fold_to_what_people_type() {
        assert_eq!(fold("O’Brien-Müller"), "o brien muller");
        assert_eq!(fold("  José  ŁUKASZ "), "jose lukasz");
    }

    #[test]
    fn year_groups_follow_the_school_year() {
        assert_eq!(year_group(date(2018, 8, 31), date(2026, 9, 1)), "Year 4");
        assert_eq!(year_group(date(2018, 9, 1), date(2026, 9, 1)), "Year 3");
        assert_eq!(year_group(date(2021, 9, 1), date(2026, 9, 1)), "Reception");
        assert_eq!(year_group(date(2022, 9, 1), date(2026, 9, 1)), "Nursery or before");
    }
}
