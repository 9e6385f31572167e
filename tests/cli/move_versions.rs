//! `milepost move`.

use milepost::access::Role;
use milepost::calendar::date;
use milepost::clock::Clock;
use milepost::db::Db;
use milepost::engine::{Actor, Asked, Opening};
use milepost::ids::{AccountId, ChildId};
use milepost::involvements::{Involvements, Open, Origin};
use milepost::timeline::Definition;

use crate::support::Place;

const SOURCE: &str = include_str!("../engine/small.ron");

/// A database with two versions of a timeline and two involvements on the first.
fn two_versions(place: &Place) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let file = place.path().join("data/milepost.db");
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
        let db = Db::open(&format!("sqlite:{}", file.display())).await.expect("opened");
        db.migrate().await.expect("migrated");
        let involvements = Involvements::new(db.clone(), Clock::System);
        let changed = SOURCE
            .replace("version: 1,", "version: 2,")
            .replace("in_force: (from: \"2014-09-01\")", "in_force: (from: \"2026-11-01\")")
            .replacen("limit: Within(Weeks(6))", "limit: Within(Weeks(8))", 1);
        for text in [SOURCE.to_owned(), changed] {
            let options = ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
            let definition: Definition = options.from_str(&text).expect("well formed");
            involvements.publish(definition, &text).await.expect("published");
        }
        for child in ["CHILD-1", "CHILD-2"] {
            let by = Actor::Person { account: AccountId::from("CASEWORKER"), role: Role::Caseworker };
            let open = Open {
                child: ChildId::from(child),
                timeline: "small".into(),
                opening: Opening { on: date(2026, 3, 2), born_on: None, owner: None, facts: vec![], linked: None },
                asked: Asked::new(by, Clock::System.now()),
                key: None,
                origin: Origin::new("test"),
            };
            involvements.open(open).await.expect("opened");
        }
        drop(involvements);
        db.close().await;
    });
}

#[test]
fn a_dry_run_names_what_would_change_and_only_apply_with_a_reason_moves() {
    let place = Place::new();
    two_versions(&place);
    let plan = ["move", "small", "--from", "1", "--to", "2", "--clock", "decide=recompute"];

    let dry = place.run(&[&plan[..], &["--report", "moves.csv"]].concat());
    assert_eq!(dry.code, 0, "{}", dry.err);
    assert!(dry.out.contains("2 involvements are open on version 1; 2 would move."), "{}", dry.out);
    assert!(dry.out.contains("Tell whether we will assess: 2 later (by up to 14 days)"), "{}", dry.out);
    assert!(dry.err.contains("nothing was moved"), "{}", dry.err);
    let report = std::fs::read_to_string(place.path().join("moves.csv")).expect("written");
    assert_eq!(report.lines().count(), 3, "{report}");
    assert!(report.contains(",Tell whether we will assess,2026-04-13,2026-04-27,"), "{report}");

    let without = place.run(&[&plan[..], &["--apply"]].concat());
    assert_eq!(without.code, 2, "a reason is needed: {}", without.err);

    let applied = place.run(&[&plan[..], &["--apply", "--reason", "The new regulations"]].concat());
    assert_eq!(applied.code, 0, "{}", applied.err);
    assert!(applied.err.contains("2 moved, 0 refused."), "{}", applied.err);
    let again = place.run(&plan);
    assert!(again.out.contains("0 involvements are open on version 1"), "{}", again.out);
    let trail = place.run(&["verify-audit"]);
    assert_eq!(trail.code, 0, "{}{}", trail.out, trail.err);
}

#[test]
fn what_cannot_be_is_said_with_what_was_most_likely_meant() {
    let place = Place::new();
    two_versions(&place);

    let wrong = place.run(&["move", "small", "--from", "1", "--to", "2", "--clock", "descide=keep"]);
    assert_eq!(wrong.code, 1);
    assert!(wrong.err.contains("version 2 has no time limit \"descide\"; did you mean \"decide\"?"), "{}", wrong.err);
    let wrong = place.run(&["move", "small", "--from", "1", "--to", "7"]);
    assert!(wrong.err.contains("version 7 of \"small\" has not gone live here"), "{}", wrong.err);
    let wrong = place.run(&["move", "small", "--from", "1", "--to", "2", "--clock", "decide=later"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.err.contains("keep, recompute or restart"), "{}", wrong.err);
}
