//! What becomes of one line: added, updated, there already, or refused with the reason. Pure.

use crate::calendar::{Date, date_from_parts};
use crate::children::{Child, ChildDetails, Fault, LikeOthers, fold};

use super::columns::put;

/// What to do with a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Decision {
    Add(Box<Child>),
    /// The child as it is to be, and the fields that change.
    Update(Box<Child>, Vec<&'static str>),
    AlreadyThere(Box<Child>),
    Refuse(Vec<Fault>),
}

/// The details that a line brings, checked.
///
/// # Errors
/// Everything that is wrong with the line.
pub(super) fn details(filled: &[(&'static str, &str)], today: Date) -> Result<ChildDetails, Vec<Fault>> {
    let mut details = ChildDetails::default();
    let mut date_fault = None;
    for (field, text) in filled {
        if *field != "born_on" {
            put(&mut details, field, text);
            continue;
        }
        match written_date(text) {
            Ok(date) => details.born_on = Some(date),
            Err(why) => date_fault = Some(fault("born_on", format!("The date of birth {why}"))),
        }
    }
    let checked = details.checked(today);
    match date_fault {
        None => checked,
        Some(date_fault) => {
            // That the date is missing would only repeat that it could not be read.
            let others = checked.err().unwrap_or_default().into_iter().filter(|fault| fault.field != "born_on");
            Err(others.chain([date_fault]).collect())
        }
    }
}

/// `2018-05-31`, `31/05/2018`, `31.5.2018` or `31 May 2018`, with or without midnight behind it.
fn written_date(text: &str) -> Result<Date, String> {
    let midnight = [" 00:00:00", " 00:00", "T00:00:00"];
    let text = midnight.iter().find_map(|end| text.strip_suffix(end)).unwrap_or(text);
    let parts: Vec<&str> = text.split(['/', '-', '.', ' ']).filter(|part| !part.is_empty()).collect();
    let date = match parts[..] {
        [year, month, day] if year.len() == 4 => date_from_parts(day, month, year),
        [day, month, year] => date_from_parts(day, month, year),
        _ => return Err("must be written like 31/05/2018 or 2018-05-31".into()),
    };
    date.map_err(|error| error.to_string())?.ok_or_else(|| "must be a real date".into())
}

/// Decides on a line, as the child it would be if it is new, given those on the register who share a number, or name and birthday, with it.
pub(super) fn decide(new: Child, like: &[Child], like_others: LikeOthers) -> Decision {
    let details = &new.details;
    let same = |held: Option<&String>, brought: Option<&String>| held.is_some() && held == brought;
    let by_upn = like.iter().find(|held| same(held.details.upn.as_ref(), details.upn.as_ref()));
    let by_nhs = like.iter().find(|held| same(held.details.nhs_number.as_ref(), details.nhs_number.as_ref()));
    match (by_upn, by_nhs) {
        (Some(one), Some(other)) if one.id != other.id => {
            let (one, other) = (&one.reference, &other.reference);
            refuse("upn", format!("The UPN is that of {one} on the register, and the NHS number that of {other}"))
        }
        (Some(held), _) | (None, Some(held)) => update(held, details),
        (None, None) => match like.first() {
            None => Decision::Add(Box::new(new)),
            Some(held) => like_held(held, new, like_others),
        },
    }
}

/// The number says that it is this child: what the line brings replaces what is held, what it leaves empty stays.
fn update(held: &Child, brought: &ChildDetails) -> Decision {
    let other_name = fold(&held.details.family_name) != fold(&brought.family_name);
    if other_name && held.details.born_on != brought.born_on {
        let text =
            format!("The number is that of {} on the register, with another name and date of birth", held.reference);
        return refuse(if brought.upn.is_some() { "upn" } else { "nhs_number" }, text);
    }
    let differs =
        |held: &Option<String>, brought: &Option<String>| held.is_some() && brought.is_some() && held != brought;
    if differs(&held.details.upn, &brought.upn) {
        return refuse("upn", format!("The register has another UPN for {}, who has this NHS number", held.reference));
    }
    if differs(&held.details.nhs_number, &brought.nhs_number) {
        return refuse(
            "nhs_number",
            format!("The register has another NHS number for {}, who has this UPN", held.reference),
        );
    }
    let (merged, changed) = merge(&held.details, brought);
    if changed.is_empty() {
        return Decision::AlreadyThere(Box::new(held.clone()));
    }
    Decision::Update(Box::new(Child { details: merged, ..held.clone() }), changed)
}

/// Name and birthday are the same, and no number says whether it is the same child.
fn like_held(held: &Child, new: Child, like_others: LikeOthers) -> Decision {
    if merge(&held.details, &new.details).1.is_empty() {
        return Decision::AlreadyThere(Box::new(held.clone()));
    }
    match like_others {
        LikeOthers::AddAllTheSame => Decision::Add(Box::new(new)),
        LikeOthers::Ask => {
            let text = format!("{} on the register has the same name and date of birth", held.reference);
            refuse("family_name", text)
        }
    }
}

/// What is held with what is brought put over it, and the fields that this changes.
fn merge(held: &ChildDetails, brought: &ChildDetails) -> (ChildDetails, Vec<&'static str>) {
    let mut merged = held.clone();
    let mut changed = Vec::new();
    let mut over = |field, held: &mut String, brought: &String| {
        if !brought.is_empty() && held != brought {
            held.clone_from(brought);
            changed.push(field);
        }
    };
    over("given_name", &mut merged.given_name, &brought.given_name);
    over("family_name", &mut merged.family_name, &brought.family_name);
    over("address", &mut merged.address, &brought.address);
    over("postcode", &mut merged.postcode, &brought.postcode);
    over("setting_name", &mut merged.setting_name, &brought.setting_name);
    over("setting_kind", &mut merged.setting_kind, &brought.setting_kind);
    let mut over = |field, held: &mut Option<String>, brought: &Option<String>| {
        if brought.is_some() && held != brought {
            held.clone_from(brought);
            changed.push(field);
        }
    };
    over("preferred_name", &mut merged.preferred_name, &brought.preferred_name);
    over("upn", &mut merged.upn, &brought.upn);
    over("nhs_number", &mut merged.nhs_number, &brought.nhs_number);
    if brought.born_on.is_some() && merged.born_on != brought.born_on {
        merged.born_on = brought.born_on;
        changed.push("born_on");
    }
    (merged, changed)
}

pub(super) fn fault(field: &'static str, text: impl Into<String>) -> Fault {
    Fault { field, text: text.into() }
}

fn refuse(field: &'static str, text: String) -> Decision {
    Decision::Refuse(vec![fault(field, text)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::date;
    use crate::clock::Instant;
    use crate::ids::ChildId;

    fn ada() -> ChildDetails {
        ChildDetails {
            given_name: "Ada".into(),
            family_name: "Okafor".into(),
            born_on: Some(date(2018, 5, 31)),
            address: "1 Mill Lane".into(),
            ..ChildDetails::default()
        }
    }

    fn held(reference: &str, details: ChildDetails) -> Child {
        Child {
            id: ChildId::from(reference),
            reference: reference.into(),
            details,
            created_at: Instant(0),
            changed_at: Instant(0),
        }
    }

    fn new(details: &ChildDetails) -> Child {
        held("0NEW-0NEW", details.clone())
    }

    fn with_upn(details: ChildDetails) -> ChildDetails {
        ChildDetails { upn: Some("K123456789018".into()), ..details }
    }

    #[test]
    fn dates_are_understood_as_spreadsheets_write_them() {
        for text in
            ["2018-05-31", "31/05/2018", "31/5/2018", "31.05.2018", "31 May 2018", "31-May-2018", "2018-05-31 00:00:00"]
        {
            assert_eq!(written_date(text), Ok(date(2018, 5, 31)), "{text}");
        }
        assert_eq!(written_date("31/05/18"), Err("must have a year of four numbers between 1900 and 2100".into()));
        assert_eq!(written_date("29/02/2019"), Err("must be a real date".into()));
        assert_eq!(written_date("43251"), Err("must be written like 31/05/2018 or 2018-05-31".into()));
    }

    #[test]
    fn a_line_with_several_faults_tells_them_all() {
        let filled = [("given_name", "Ada"), ("born_on", "31/05/18"), ("upn", "A1")];
        let faults = details(&filled, date(2026, 3, 2)).unwrap_err();
        assert_eq!(faults.iter().map(|fault| fault.field).collect::<Vec<_>>(), ["family_name", "upn", "born_on"]);
    }

    #[test]
    fn the_same_upn_updates_what_the_line_brings_and_keeps_what_it_leaves_empty() {
        let on_register = held("7Q4K-92MD", with_upn(ada()));
        let moved = ChildDetails { address: "2 New Road".into(), ..with_upn(ada()) };
        let Decision::Update(child, changed) = decide(new(&moved), std::slice::from_ref(&on_register), LikeOthers::Ask)
        else {
            panic!()
        };
        assert_eq!((child.details.address.as_str(), changed.as_slice()), ("2 New Road", ["address"].as_slice()));

        let bare = ChildDetails { address: String::new(), ..with_upn(ada()) };
        assert!(matches!(decide(new(&bare), &[on_register], LikeOthers::Ask), Decision::AlreadyThere(_)));
    }

    #[test]
    fn a_number_that_belongs_to_somebody_quite_different_is_refused() {
        let on_register = held("7Q4K-92MD", with_upn(ada()));
        let other = ChildDetails { family_name: "Price".into(), born_on: Some(date(2015, 1, 2)), ..with_upn(ada()) };
        assert!(matches!(decide(new(&other), &[on_register], LikeOthers::AddAllTheSame), Decision::Refuse(_)));
    }

    #[test]
    fn the_same_name_and_birthday_without_a_number_is_asked_about_unless_nothing_differs() {
        let on_register = [held("7Q4K-92MD", ada())];
        assert!(matches!(decide(new(&ada()), &on_register, LikeOthers::AddAllTheSame), Decision::AlreadyThere(_)));
        let elsewhere = ChildDetails { address: "9 Far Street".into(), ..ada() };
        assert!(matches!(decide(new(&elsewhere), &on_register, LikeOthers::Ask), Decision::Refuse(_)));
        assert!(matches!(decide(new(&elsewhere), &on_register, LikeOthers::AddAllTheSame), Decision::Add(_)));
    }

    #[test]
    fn numbers_of_two_children_on_one_line_are_refused() {
        let upn = held("7Q4K-92MD", with_upn(ada()));
        let nhs = held("1ABC-2DEF", ChildDetails { nhs_number: Some("9434765919".into()), ..ada() });
        let both = ChildDetails { nhs_number: Some("9434765919".into()), ..with_upn(ada()) };
        assert!(matches!(decide(new(&both), &[upn, nhs], LikeOthers::AddAllTheSame), Decision::Refuse(_)));
    }
}
