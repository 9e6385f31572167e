//! Who moves when: by the school year a child is about to begin and the kind of setting they are at.

use chrono::Datelike;

use crate::calendar::{Date, date};
use crate::children::fold;

/// A move as the regulation sorts it, by the option of the timeline's fact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    IntoSchool,
    BetweenSchools,
    SecondaryToPost16,
}

impl Phase {
    pub const ALL: [Phase; 3] = [Phase::IntoSchool, Phase::BetweenSchools, Phase::SecondaryToPost16];

    /// The option of the timeline's fact.
    pub fn id(self) -> &'static str {
        match self {
            Phase::IntoSchool => "into-school",
            Phase::BetweenSchools => "between-schools",
            Phase::SecondaryToPost16 => "secondary-to-post-16",
        }
    }
}

/// What a child moves from and to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Move {
    pub phase: Phase,
    pub label: &'static str,
    /// The setting's kind does not say whether it goes on to the next phase: somebody has to look.
    pub unsure: bool,
}

/// The years that somebody may begin with a move, as numbers of the National Curriculum; Reception is 0.
const YEARS: [i32; 6] = [0, 3, 5, 7, 9, 12];

/// First and last birthday of those who begin each of those years in September.
pub(super) fn bands(year: i32) -> [(Date, Date); 6] {
    YEARS.map(|begins| {
        let born = year - 5 - begins;
        (date(born, 9, 1), date(born + 1, 8, 31))
    })
}

/// The move of a child in September of a year. `setting` is its kind and its name.
pub(super) fn move_of(born_on: Date, setting: &str, year: i32) -> Option<Move> {
    let begins = year - 5 - (born_on.year() - i32::from(born_on.month() < 9));
    let words = fold(setting);
    let is = |kinds: &[&str]| kinds.iter().any(|kind| words.split(' ').any(|word| word == *kind));
    let known = is(&[
        "nursery",
        "infant",
        "infants",
        "first",
        "junior",
        "primary",
        "middle",
        "secondary",
        "high",
        "special",
        "college",
        "academy",
        "through",
        "preschool",
        "kindergarten",
    ]);
    // A special or an all-through school may keep a child for the next phase; so may a setting of an unknown kind.
    let unsure = is(&["special", "through", "academy"]) || !known;
    let moves = |phase, label| Some(Move { phase, label, unsure });
    match begins {
        0 if !is(&["primary", "infant", "infants", "first"]) => moves(Phase::IntoSchool, "Early years to school"),
        3 if is(&["infant", "infants"]) => moves(Phase::BetweenSchools, "Infant to junior"),
        5 if is(&["first"]) => moves(Phase::BetweenSchools, "First to middle"),
        7 if !is(&["middle", "secondary", "high"]) => moves(Phase::BetweenSchools, "Primary to secondary"),
        9 if is(&["middle"]) => moves(Phase::BetweenSchools, "Middle to secondary"),
        12 if !is(&["college"]) => moves(Phase::SecondaryToPost16, "Secondary to post-16"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn label(born_on: Date, setting: &str, year: i32) -> Option<&'static str> {
        move_of(born_on, setting, year).map(|found| found.label)
    }

    #[test]
    fn a_child_of_primary_school_moves_in_the_september_in_which_they_begin_year_7() {
        assert_eq!(label(date(2016, 8, 31), "Alder Primary School", 2027), Some("Primary to secondary"));
        assert_eq!(label(date(2015, 9, 1), "Alder Primary School", 2027), Some("Primary to secondary"));
        assert_eq!(label(date(2016, 9, 1), "Alder Primary School", 2027), None, "a year later");
        assert_eq!(label(date(2015, 8, 31), "Alder Primary School", 2027), None, "a year earlier");
    }

    #[test]
    fn the_kind_of_setting_decides_who_moves_between_schools() {
        assert_eq!(label(date(2020, 3, 1), "Moor Infant School", 2027), Some("Infant to junior"));
        assert_eq!(label(date(2020, 3, 1), "Moor Primary School", 2027), None);
        assert_eq!(label(date(2018, 3, 1), "first school", 2027), Some("First to middle"));
        assert_eq!(label(date(2014, 3, 1), "Dale Middle School", 2027), Some("Middle to secondary"));
        assert_eq!(label(date(2014, 3, 1), "Dale High School", 2027), None);
    }

    #[test]
    fn a_setting_that_may_go_on_is_marked_for_somebody_to_look() {
        let special = move_of(date(2016, 3, 1), "special Northmoor School", 2027).expect("may move");
        assert!(special.unsure && special.phase == Phase::BetweenSchools);
        assert!(move_of(date(2011, 3, 1), "", 2027).expect("may move").unsure);
        assert!(!move_of(date(2011, 3, 1), "Northmoor High School", 2027).expect("moves").unsure);
    }

    #[test]
    fn somebody_at_college_already_does_not_move_there() {
        assert_eq!(label(date(2011, 3, 1), "Northmoor Sixth Form College", 2027), None);
        assert_eq!(label(date(2011, 3, 1), "Northmoor High School", 2027), Some("Secondary to post-16"));
    }

    proptest! {
        #[test]
        fn whoever_moves_was_born_in_one_of_the_bands(days in 0i64..10_000, year in 2015i32..2040) {
            let born_on = date(2012, 1, 1) + chrono::TimeDelta::days(days);
            if move_of(born_on, "Moor Infant First Middle School", year).is_some() {
                prop_assert!(bands(year).iter().any(|(first, last)| (*first..=*last).contains(&born_on)));
            }
        }
    }
}
