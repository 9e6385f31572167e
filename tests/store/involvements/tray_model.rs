//! Whatever people have done, the tray shows what a plain look at every involvement shows, in the same order.

use std::collections::BTreeSet;

use chrono::Days;
use milepost::calendar::Date;
use milepost::engine::{ClockKey, Command};
use milepost::ids::{AccountId, InvolvementId};
use milepost::involvements::{Involvements, LINES_A_PAGE, Owner, TrayFilter, TrayItem, Urgency};

use super::desk::{Desk, fire, note, opened_on};
use super::storms::numbers;
use crate::support::databases::on_both_databases;

/// Every open involvement under the filter with its urgency, read one by one and put in order.
async fn plainly(desk: &Desk, all: &[InvolvementId], filter: &TrayFilter) -> Vec<TrayItem> {
    let today = desk.clock.today();
    let soon = desk.involvements.calendar().nth_working_day(today + Days::new(1), 5).unwrap();
    let mut items = Vec::new();
    for id in all {
        let held = desk.involvements.find(id).await.unwrap().unwrap();
        let involvement = &held.involvement;
        let line = desk.involvements.engine(&held).tray_line(involvement);
        let is_exempt = line.exempt_until.is_some_and(|until| until >= today);
        let urgency = match line.next_due_on {
            Some(on) if !is_exempt && on < today => Urgency::Overdue,
            Some(on) if !is_exempt && on == today => Urgency::DueToday,
            Some(on) if !is_exempt && on <= soon => Urgency::DueSoon,
            Some(_) if !is_exempt => Urgency::DueLater,
            _ => Urgency::ExemptOrWaiting,
        };
        let is_chosen = involvement.ended_on.is_none()
            && match &filter.owner {
                Owner::Anyone => true,
                Owner::Nobody => involvement.owner.is_none(),
                Owner::One(account) => involvement.owner.as_ref() == Some(account),
            }
            && filter.stage.as_ref().is_none_or(|stage| *stage == line.stage)
            && filter.awaiting.as_ref().is_none_or(|adviser| line.awaiting.contains(adviser))
            && (!filter.exempt_only || is_exempt)
            && filter.children.as_ref().is_none_or(|children| children.contains(&held.child));
        if is_chosen {
            let (child, owner, started_on) = (held.child.clone(), involvement.owner.clone(), involvement.started_on);
            let title = held.definition.definition.title.clone();
            items.push(TrayItem { id: id.clone(), title, child, owner, started_on, urgency, line });
        }
    }
    items.sort_by_key(|item| (item.urgency, item.line.next_due_on.is_none(), item.line.next_due_on, item.id.clone()));
    items
}

/// Compares each group and all of them, page by page; gives the groups that had lines.
async fn compare(desk: &Desk, tray: &Involvements, all: &[InvolvementId], filter: TrayFilter) -> BTreeSet<Urgency> {
    let expected = plainly(desk, all, &filter).await;
    let counts = Urgency::ALL.map(|urgency| expected.iter().filter(|item| item.urgency == urgency).count() as i64);
    for urgency in std::iter::once(None).chain(Urgency::ALL.map(Some)) {
        let filter = TrayFilter { urgency, ..filter.clone() };
        let of_group = |item: &&TrayItem| urgency.is_none_or(|urgency| item.urgency == urgency);
        let expected: Vec<&TrayItem> = expected.iter().filter(of_group).collect();
        let mut shown = Vec::new();
        for page in 1.. {
            let tray = tray.tray(&filter, page).await.unwrap();
            assert_eq!((tray.counts, tray.total), (counts, expected.len() as i64), "{filter:?}");
            shown.extend(tray.items.clone());
            if page * LINES_A_PAGE >= tray.total {
                break;
            }
            assert_eq!(tray.items.len() as i64, LINES_A_PAGE, "only the last page has room");
        }
        assert_eq!(shown.iter().collect::<Vec<_>>(), expected, "{filter:?} on {}", desk.clock.today());
    }
    expected.iter().map(|item| item.urgency).collect()
}

fn any_command(pick: &mut impl FnMut(u64) -> u64, today: Date) -> Command {
    match pick(9) {
        0 => fire("agree", today),
        1 => fire("send-draft", today),
        2 if pick(3) == 0 => fire("withdraw", today),
        3 => Command::RequestAdvice { advice: "other".into(), of: "A clinic".into(), on: today },
        4 => Command::ReceiveAdvice { request: pick(4) as u32 + 1, on: today },
        5 => Command::ClaimExemption {
            clock: ClockKey { clock: ["decide", "final"][pick(2) as usize].into(), request: None },
            exemption: "personal".into(),
            from: today - Days::new(pick(5)),
            until: today + Days::new(pick(30)),
            reason: "Bereavement".into(),
            evidence: "Letter".into(),
        },
        6 => Command::Assign { owner: [None, Some("PRIYA"), Some("TOM")][pick(3) as usize].map(AccountId::from) },
        7 => Command::DayPassed,
        _ => note("A call"),
    }
}

fn any_filter(pick: &mut impl FnMut(u64) -> u64) -> TrayFilter {
    let owner = match pick(6) {
        0 => Owner::Nobody,
        1 => Owner::One(AccountId::from("PRIYA")),
        _ => Owner::Anyone,
    };
    TrayFilter {
        owner,
        stage: (pick(4) == 0).then(|| "advice".into()),
        awaiting: (pick(4) == 0).then(|| "Setting".into()),
        urgency: None,
        exempt_only: pick(5) == 0,
        children: (pick(5) == 0).then(|| (0..40).map(|number| format!("CHILD-{number}").as_str().into()).collect()),
    }
}

on_both_databases! {
    async fn the_tray_shows_what_a_plain_look_at_everything_shows(db: Db) {
        let desk = Desk::at(&db).await;
        let mut pick = numbers(20);
        let mut all = Vec::new();
        let mut groups = BTreeSet::new();
        for round in 0..12 {
            desk.travel_to(opened_on() + Days::new(round * 9 + pick(9)));
            for number in 0..6 {
                let mut open = desk.opening(&format!("CHILD-{}", round * 6 + number), None);
                open.opening.on = desk.clock.today() - Days::new(pick(50));
                all.push(desk.involvements.open(open).await.unwrap().involvement);
            }
            let today = desk.clock.today();
            for _ in 0..40 {
                let id = &all[pick(all.len() as u64) as usize];
                // Refused where the process does not allow it, which changes nothing.
                let _ = desk.take(id, any_command(&mut pick, today)).await;
            }
            groups.extend(compare(&desk, &desk.involvements, &all, TrayFilter::default()).await);
            compare(&desk, &desk.involvements, &all, any_filter(&mut pick)).await;
        }
        assert_eq!(groups.len(), 5, "every group has had lines");
    }

    async fn the_step_of_another_process_is_in_the_tray_a_second_later(db: Db) {
        let desk = Desk::at(&db).await;
        let ada = desk.opened("ADA").await;
        let elsewhere = Involvements::new(db.clone(), desk.clock.clone());
        assert_eq!(elsewhere.tray(&TrayFilter::default(), 1).await.unwrap().items[0].owner, None);
        desk.take(&ada, Command::Assign { owner: Some(AccountId::from("PRIYA")) }).await.unwrap();
        let began = std::time::Instant::now();
        // Looking all the time does not keep the old page alive.
        loop {
            let tray = elsewhere.tray(&TrayFilter::default(), 1).await.unwrap();
            if tray.items[0].owner == Some(AccountId::from("PRIYA")) {
                break;
            }
            assert!(began.elapsed().as_secs_f64() < 1.5, "a second, and what it takes to read");
            tokio::task::yield_now().await;
        }
    }
}
