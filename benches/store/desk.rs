//! Involvements ready to take the step that is measured: a draft sent once more, which can be done for ever.

use milepost::access::Role;
use milepost::calendar::date;
use milepost::clock::{Clock, Instant};
use milepost::db::Db;
use milepost::engine::{Actor, Asked, Command, Opening};
use milepost::ids::{AccountId, ChildId, InvolvementId};
use milepost::involvements::{Involvements, Open, Origin, Step};
use milepost::timeline::{Definition, Value};

const SOURCE: &str = include_str!("../../tests/engine/small.ron");

pub fn small() -> Definition {
    let options = ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
    options.from_str(SOURCE).expect("the fixture is well formed")
}

pub fn now() -> Instant {
    Instant::at_start_of(date(2026, 3, 2)).plus_millis(9 * 3_600_000)
}

pub fn asked() -> Asked {
    Asked::new(Actor::Person { account: AccountId::from("CASEWORKER0000000000000000"), role: Role::Caseworker }, now())
}

pub fn fire(transition: &str) -> Command {
    let facts =
        if transition == "agree" { vec![("panel-date".to_owned(), Value::Date(date(2026, 3, 2)))] } else { vec![] };
    Command::Fire {
        transition: transition.into(),
        on: date(2026, 3, 2),
        facts,
        note: None,
        told: milepost::timeline::NoticeContent::ALL.to_vec(),
    }
}

pub fn step(id: &InvolvementId, command: Command) -> Step {
    let (asked, origin) = (asked(), Origin::new("/office/involvements/:id"));
    Step { involvement: id.clone(), command, asked, seen: None, key: None, origin }
}

pub async fn service(db: &Db) -> Involvements {
    let involvements = Involvements::new(db.clone(), Clock::set_to(now()));
    involvements.publish(small(), SOURCE).await.expect("the small timeline goes live");
    involvements
}

/// An involvement whose draft has been sent.
pub async fn drafted(involvements: &Involvements) -> InvolvementId {
    let opening = Opening { on: date(2026, 3, 2), born_on: None, owner: None, facts: vec![], linked: None };
    let (asked, origin) = (asked(), Origin::new("/office/involvements"));
    let open = Open { child: ChildId::random(), timeline: "small".into(), opening, asked, key: None, origin };
    let id = involvements.open(open).await.expect("it opens").involvement;
    let answers = [1, 2].map(|request| Command::ReceiveAdvice { request, on: date(2026, 3, 2) });
    for command in [fire("agree")].into_iter().chain(answers).chain([fire("send-draft")]) {
        involvements.take(step(&id, command)).await.expect("it is allowed");
    }
    id
}
