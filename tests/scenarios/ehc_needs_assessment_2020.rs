//! The EHC needs assessment in the coronavirus months of 2020.

use milepost::calendar::date;
use milepost::engine::*;

use crate::desk::*;

const FILE: &str = "ehc-needs-assessment-2020.ron";

fn coronavirus(clock: &str) -> Command {
    Command::ClaimExemption {
        clock: ClockKey { clock: clock.into(), request: None },
        exemption: "coronavirus".into(),
        from: date(2020, 6, 15),
        until: date(2020, 8, 31),
        reason: "The school was closed to most children and nobody could see Ada".into(),
        evidence: "E-mail of the head, 16 June 2020".into(),
    }
}

fn asked_in_june_2020() -> Involved {
    Involved::opened(FILE, date(2020, 6, 15), &[("requested-by", choice("parent"))])
}

#[test]
fn coronavirus_excuses_a_limit_and_leaves_its_date_where_it_is() {
    let mut ada = asked_in_june_2020();
    ada.command(coronavirus("decide-whether-to-assess"), date(2020, 6, 20)).expect("it can be claimed");
    assert_eq!(ada.due("decide-whether-to-assess"), Some(date(2020, 7, 27)));
    let standing = ada.standing("decide-whether-to-assess", date(2020, 8, 3));
    assert_eq!(standing, ClockStanding::Exempt { until: date(2020, 8, 31) });
    assert!(ada.progress(date(2020, 8, 3)).late.is_none());
    assert_eq!(ada.standing("decide-whether-to-assess", date(2020, 9, 1)), ClockStanding::Overdue { days: 36 });
}

#[test]
fn nobody_can_claim_coronavirus_for_a_request_of_today_or_from_before_those_months() {
    for on in [date(2020, 4, 30), date(2026, 3, 2)] {
        let mut ada = Involved::request_received(on);
        let refusal = ada.command(coronavirus("final-plan"), date(2026, 3, 3)).unwrap_err();
        assert!(matches!(refusal, Refusal::Unknown { .. } | Refusal::GroundNotGiven { .. }), "{refusal}");
    }
}

#[test]
fn the_temporary_version_takes_no_request_from_after_its_last_day() {
    let refusal = Involved::try_opened(FILE, date(2020, 9, 26), &[("requested-by", choice("parent"))]);
    assert!(matches!(refusal, Err(Refusal::AfterTheLaw { .. })));
}

/// What is mended in one version is mended in the other: beside the ground, its version and its words, nothing differs.
#[test]
fn the_temporary_version_differs_in_the_one_ground_alone() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("workflows");
    let read = |file: &str| {
        let text = std::fs::read(folder.join(file)).expect("it is shipped");
        milepost::timeline::check(file, &text).definition.expect("it can be read")
    };
    let lasting = read("ehc-needs-assessment.ron");
    let mut temporary = read(FILE);
    temporary.exemptions.retain(|ground| ground.id != "coronavirus");
    for clock in &mut temporary.clocks {
        clock.exemptions.retain(|ground| ground != "coronavirus");
    }
    (temporary.version, temporary.in_force, temporary.law) = (lasting.version, lasting.in_force, lasting.law.clone());
    assert_eq!(temporary, lasting);
}

#[test]
fn late_in_2020_is_late_once_the_ground_has_passed_and_correcting_the_day_moves_every_date() {
    let mut ada = asked_in_june_2020();
    ada.redate(1, date(2020, 6, 22), date(2020, 7, 1)).expect("the letter was stamped on the 22nd");
    assert_eq!(ada.due("final-plan"), Some(date(2020, 11, 9)));
    ada.fire("agree-to-assess", date(2020, 8, 5), &[panel()]).expect("agreed, two days late");
    let standing = ada.standing("decide-whether-to-assess", date(2020, 8, 5));
    assert_eq!(standing, ClockStanding::MetLate { on: date(2020, 8, 5), days: 2, exempt: false });
}
