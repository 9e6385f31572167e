//! One step: what is kept of it, who wins, and that the same form does it once.

use milepost::calendar::date;
use milepost::db::StoreError;
use milepost::engine::{Command, Refusal, What};
use milepost::ids::{ChildId, InvolvementId};
use milepost::involvements::{Involvements, PublishError, Trouble};
use milepost::params;
use milepost::timeline::InForce;

use super::desk::{Desk, SOURCE, fire, note, opened_on, small};
use crate::support::databases::on_both_databases;

on_both_databases! {
    async fn a_step_is_kept_with_its_messages_and_its_entry_in_the_trail(db: Db) {
        let desk = Desk::at(&db).await;
        let id = desk.opened("ADA").await;

        let outcome = desk.take(&id, fire("agree", opened_on())).await.unwrap();

        assert_eq!((outcome.first, outcome.repeated), (2, false));
        let kinds: Vec<&str> = outcome.events.iter().map(|event| event.what.kind()).collect();
        assert_eq!(kinds, ["fact-recorded", "fired", "advice-requested", "advice-requested", "rule-ran"]);
        assert_eq!(desk.involvements.log(&id).await.unwrap()[1..], outcome.events);
        assert_eq!(desk.count("select count(*) from outbox where done_at is null").await, 2);
        let row = "select state, next_clock, next_due_on, wakes_on, advice_asked from involvements";
        let row = db.read(async |c| c.fetch_one(row, params![]).await).await.unwrap();
        assert_eq!(row.get::<String>("state").unwrap(), "gathering");
        assert_eq!(row.get::<String>("next_clock").unwrap(), "final");
        assert_eq!(row.get::<String>("next_due_on").unwrap(), "2026-07-20");
        assert_eq!(row.get::<String>("wakes_on").unwrap(), "2026-04-06");
        assert_eq!(row.get::<i64>("advice_asked").unwrap(), 2);
        desk.check_invariants().await;
    }

    async fn of_two_people_on_the_same_page_the_second_is_told_what_changed(db: Db) {
        let desk = Desk::at(&db).await;
        let id = desk.opened("ADA").await;
        let mut first = desk.step(&id, fire("agree", opened_on()));
        let mut second = desk.step(&id, fire("refuse", opened_on()));
        (first.seen, second.seen) = (Some(1), Some(1));

        let outcomes = tokio::join!(desk.involvements.take(first), desk.involvements.take(second));

        let (won, lost) = match outcomes {
            (Ok(won), Err(lost)) | (Err(lost), Ok(won)) => (won, lost),
            other => panic!("one must win: {other:?}"),
        };
        let now = 1 + won.events.len() as u32;
        assert!(matches!(lost, Trouble::Changed { seen: 1, now: told } if told == now), "{lost:?}");
        assert_eq!(desk.involvements.log_after(&id, 1).await.unwrap(), won.events);
        desk.check_invariants().await;
    }

    async fn the_same_form_sent_ten_times_at_once_acts_once_and_always_says_the_same(db: Db) {
        let desk = Desk::at(&db).await;
        let id = desk.opened("ADA").await;
        let mut step = desk.step(&id, fire("agree", opened_on()));
        (step.seen, step.key) = (Some(1), Some("FORM-1".into()));
        let sent = (0..10).map(|_| {
            let (involvements, step) = (desk.involvements.clone(), step.clone());
            tokio::spawn(async move { involvements.take(step).await })
        });

        let mut outcomes = Vec::new();
        for sent in sent.collect::<Vec<_>>() {
            outcomes.push(sent.await.unwrap().unwrap());
        }

        assert_eq!(outcomes.iter().filter(|outcome| !outcome.repeated).count(), 1);
        assert!(outcomes.iter().all(|outcome| outcome.events == outcomes[0].events && outcome.first == 2));
        assert_eq!(desk.version(&id).await, 6);
        desk.check_invariants().await;
    }

    async fn the_same_form_sent_again_much_later_is_given_the_first_outcome(db: Db) {
        let desk = Desk::at(&db).await;
        let id = desk.opened("ADA").await;
        let mut step = desk.step(&id, fire("withdraw", opened_on()));
        step.key = Some("FORM-1".into());
        let first = desk.involvements.take(step.clone()).await.unwrap();
        let afresh = Involvements::new(db.clone(), desk.clock.clone());

        let again = afresh.take(step).await.unwrap();

        assert!(again.repeated);
        assert_eq!(again.events, first.events);
    }

    async fn an_opening_sent_twice_opens_one(db: Db) {
        let desk = Desk::at(&db).await;

        let (first, second) = tokio::join!(
            desk.involvements.open(desk.opening("ADA", Some("FORM-1"))),
            desk.involvements.open(desk.opening("ADA", Some("FORM-1"))),
        );

        assert_eq!(first.unwrap().involvement, second.unwrap().involvement);
        assert_eq!(desk.count("select count(*) from involvements").await, 1);
        desk.check_invariants().await;
    }

    async fn a_child_has_one_open_involvement_of_a_timeline(db: Db) {
        let desk = Desk::at(&db).await;
        let id = desk.opened("ADA").await;
        assert!(matches!(desk.involvements.open(desk.opening("ADA", Some("OTHER"))).await, Err(Trouble::AlreadyOpen)));

        desk.take(&id, fire("withdraw", opened_on())).await.unwrap();
        let second = desk.involvements.open(desk.opening("ADA", Some("OTHER"))).await.unwrap();

        let undo = Command::Void { seq: 2, reason: "Typed on the wrong page".into() };
        assert!(matches!(desk.take(&id, undo).await, Err(Trouble::AlreadyOpen)), "undoing the end would leave two");
        let of_child = desk.involvements.of_child(&ChildId::from("ADA")).await.unwrap();
        let mut of_child: Vec<_> = of_child.into_iter().map(|held| held.id).collect();
        of_child.sort();
        let mut both = vec![id, second.involvement];
        both.sort();
        assert_eq!(of_child, both);
        desk.check_invariants().await;
    }

    async fn a_correction_is_kept_beside_what_it_corrects(db: Db) {
        let desk = Desk::at(&db).await;
        let id = desk.opened("ADA").await;
        desk.travel_to(date(2026, 3, 9));
        desk.take(&id, fire("agree", date(2026, 3, 6))).await.unwrap();

        desk.take(&id, Command::Redate { seq: 1, on: date(2026, 2, 23), reason: "Received a week earlier".into() }).await.unwrap();

        let log = desk.involvements.log(&id).await.unwrap();
        assert_eq!(log[0].occurred_on, opened_on());
        assert!(matches!(log.last().unwrap().what, What::Redated { seq: 1, .. }));
        let due = "select next_due_on from involvements";
        let due: String = db.read(async |c| c.fetch_one(due, params![]).await?.get(0)).await.unwrap();
        assert_eq!(due, "2026-07-13");
        desk.check_invariants().await;
    }

    async fn a_refusal_changes_nothing_and_leaves_no_entry(db: Db) {
        let desk = Desk::at(&db).await;
        let id = desk.opened("ADA").await;

        let refused = desk.take(&id, fire("issue", opened_on())).await;

        assert!(matches!(refused, Err(Trouble::Refused(Refusal::NotFromHere { .. }))), "{refused:?}");
        assert_eq!(desk.version(&id).await, 1);
        desk.check_invariants().await;
    }

    async fn an_unknown_involvement_is_not_found(db: Db) {
        let desk = Desk::at(&db).await;
        let nowhere = InvolvementId::random();
        assert!(matches!(desk.take(&nowhere, note("Hello")).await, Err(Trouble::NotFound)));
        assert!(desk.involvements.find(&nowhere).await.unwrap().is_none());
        assert!(desk.involvements.log(&nowhere).await.unwrap().is_empty());
    }

    async fn the_log_can_only_be_added_to(db: Db) {
        let desk = Desk::at(&db).await;
        desk.opened("ADA").await;
        for statement in ["update events set occurred_on = '2020-01-01'", "delete from events"] {
            let outcome = db.write(async |c| c.execute(statement, params![]).await).await;
            assert!(matches!(outcome, Err(StoreError::AppendOnly)), "{outcome:?}");
        }
    }

    async fn a_version_that_went_live_is_not_replaced_by_other_contents(db: Db) {
        let desk = Desk::at(&db).await;
        let mut changed = small();
        changed.title = "Other".into();

        let outcome = desk.involvements.publish(changed, SOURCE).await;

        assert!(matches!(outcome, Err(PublishError::VersionTaken { version: 1, .. })), "{outcome:?}");
        assert_eq!(desk.involvements.published().await.unwrap().len(), 1);
    }

    async fn an_involvement_stays_on_the_version_it_was_opened_on(db: Db) {
        let desk = Desk::at(&db).await;
        let before = desk.opened("ADA").await;
        let mut newer = small();
        (newer.version, newer.in_force.from) = (2, date(2026, 3, 1));
        let newer = desk.involvements.publish(newer, SOURCE).await.unwrap();
        let after = desk.opened("GRACE").await;

        let afresh = Involvements::new(db.clone(), desk.clock.clone());

        assert_ne!(afresh.find(&before).await.unwrap().unwrap().definition.id, newer);
        assert_eq!(afresh.find(&after).await.unwrap().unwrap().definition.id, newer);
    }

    async fn a_temporary_version_goes_before_the_one_it_interrupts_whatever_their_numbers(db: Db) {
        let desk = Desk::at(&db).await;
        let mut temporary = small();
        (temporary.version, temporary.in_force) =
            (2, InForce { from: date(2020, 5, 1), until: Some(date(2020, 9, 25)) });
        let temporary = desk.involvements.publish(temporary, SOURCE).await.unwrap();
        let mut lasting = small();
        lasting.version = 3;
        let lasting = desk.involvements.publish(lasting, SOURCE).await.unwrap();
        for (child, on, expected) in [
            ("ADA", date(2020, 4, 30), &lasting),
            ("BEN", date(2020, 5, 1), &temporary),
            ("CAL", date(2020, 9, 25), &temporary),
            ("DEE", date(2020, 9, 26), &lasting),
        ] {
            let mut open = desk.opening(child, None);
            open.opening.on = on;
            let id = desk.involvements.open(open).await.unwrap().involvement;
            assert_eq!(&desk.involvements.find(&id).await.unwrap().unwrap().definition.id, expected, "{on}");
        }
    }

    async fn an_assessment_that_was_asked_for_in_june_2020_keeps_to_the_law_of_those_months(db: Db) {
        let desk = Desk::at(&db).await;
        let shipped = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("workflows");
        desk.involvements.publish_folder(&shipped).await.unwrap();
        let mut versions = Vec::new();
        for (child, on) in [("ADA", date(2020, 6, 15)), ("BEN", date(2020, 9, 26))] {
            let mut open = desk.opening(child, None);
            open.timeline = "ehc-needs-assessment".into();
            open.opening.on = on;
            let id = desk.involvements.open(open).await.unwrap().involvement;
            desk.take(&id, Command::Note { text: "Read again years later".into(), on: opened_on() }).await.unwrap();
            versions.push(desk.involvements.find(&id).await.unwrap().unwrap().definition.definition.version);
        }
        assert_eq!(versions, [2, 3]);
    }

    async fn a_timeline_without_a_version_in_force_opens_nothing(db: Db) {
        let desk = Desk::at(&db).await;
        let mut open = desk.opening("ADA", None);
        open.opening.on = date(2013, 1, 1);
        assert!(matches!(desk.involvements.open(open).await, Err(Trouble::NotInForce { .. })));
    }
}
