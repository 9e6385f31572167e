//! A desk at which steps are asked for: the service on one database, a small timeline and a clock that stands still.

use milepost::access::Role;
use milepost::audit;
use milepost::calendar::{Date, date};
use milepost::clock::{Clock, Instant};
use milepost::db::Db;
use milepost::engine::{Actor, Asked, Command, Opening, outgoing};
use milepost::ids::{AccountId, ChildId, InvolvementId};
use milepost::involvements::{Involvements, Open, Origin, Outcome, Step, Trouble};
use milepost::params;
use milepost::timeline::{Definition, Value};

pub const SOURCE: &str = include_str!("../../engine/small.ron");

pub fn small() -> Definition {
    let options = ron::Options::default().with_default_extension(ron::extensions::Extensions::IMPLICIT_SOME);
    options.from_str(SOURCE).expect("the fixture is well formed")
}

pub const OPENED_ON: (i32, u32, u32) = (2026, 3, 2);

pub fn opened_on() -> Date {
    date(OPENED_ON.0, OPENED_ON.1, OPENED_ON.2)
}

pub fn morning_of(day: Date) -> Instant {
    Instant::at_start_of(day).plus_millis(9 * 3_600_000)
}

#[derive(Clone)]
pub struct Desk {
    pub db: Db,
    pub clock: Clock,
    pub involvements: Involvements,
}

impl Desk {
    /// A desk on 2 March 2026 with the small timeline published.
    pub async fn at(db: &Db) -> Desk {
        let clock = Clock::set_to(morning_of(opened_on()));
        let involvements = Involvements::new(db.clone(), clock.clone());
        involvements.publish(small(), SOURCE).await.expect("the small timeline goes live");
        Desk { db: db.clone(), clock, involvements }
    }

    /// The service as another process has it, with nothing in memory.
    pub fn another_node(&self) -> Involvements {
        Involvements::new(self.db.clone(), self.clock.clone())
    }

    pub fn travel_to(&self, day: Date) {
        self.clock.travel_to(morning_of(day));
    }

    pub fn asked(&self) -> Asked {
        let by = Actor::Person { account: AccountId::from("CASEWORKER"), role: Role::Caseworker };
        Asked::new(by, self.clock.now())
    }

    pub fn opening(&self, child: &str, key: Option<&str>) -> Open {
        Open {
            child: ChildId::from(child),
            timeline: "small".into(),
            opening: Opening { on: opened_on(), born_on: None, owner: None, facts: vec![], linked: None },
            asked: self.asked(),
            key: key.map(Into::into),
            origin: Origin::new("/office/involvements"),
        }
    }

    pub async fn opened(&self, child: &str) -> InvolvementId {
        self.involvements.open(self.opening(child, None)).await.expect("it opens").involvement
    }

    pub fn step(&self, id: &InvolvementId, command: Command) -> Step {
        Step {
            involvement: id.clone(),
            command,
            asked: self.asked(),
            seen: None,
            key: None,
            origin: Origin::new("/office/involvements/:id"),
        }
    }

    pub async fn take(&self, id: &InvolvementId, command: Command) -> Result<Outcome, Trouble> {
        self.involvements.take(self.step(id, command)).await
    }

    pub async fn version(&self, id: &InvolvementId) -> u32 {
        self.involvements.find(id).await.unwrap().unwrap().involvement.version
    }

    pub async fn count(&self, statement: &'static str) -> i64 {
        self.db.read(async |c| c.fetch_one(statement, params![]).await?.get(0)).await.unwrap()
    }

    pub async fn execute(&self, sqlite: &'static str, postgres: &'static str) {
        self.db.write(async |c| c.execute(c.say(sqlite, postgres), params![]).await).await.unwrap();
    }

    /// Everything that must hold of every involvement whatever has happened.
    pub async fn check_invariants(&self) {
        let rows =
            self.db.read(async |c| c.fetch_all("select id, version, wakes_on from involvements", params![]).await);
        for row in rows.await.unwrap() {
            let id: InvolvementId = row.get("id").unwrap();
            let held = self.involvements.find(&id).await.unwrap().unwrap();
            let past = self.involvements.past(&id).await.unwrap();
            let engine = self.involvements.engine(&held).having_run_on(&past.earlier);
            let log = &past.log;
            assert_eq!(log.len() as u32, row.get::<u32>("version").unwrap(), "the version counts the events");
            assert_eq!(engine.fold(log), Some(held.involvement.clone()), "replay equals live");
            let wakes_on = engine.wakes_on(&held.involvement);
            assert_eq!(row.get::<Option<Date>>("wakes_on").unwrap(), wakes_on, "the timer is the one that follows");
            let sent: Vec<String> = log
                .iter()
                .zip(engine.through(log))
                .zip(1..)
                .flat_map(|((event, engine), seq)| outgoing(engine.definition, event, seq))
                .map(|outgoing| format!("{id}:{}:{}", outgoing.seq, outgoing.index))
                .collect();
            let kept = "select id from outbox where involvement_id = $1";
            let kept = self.db.read(async |c| c.fetch_all(kept, params![&id]).await).await.unwrap();
            let mut kept: Vec<String> = kept.iter().map(|row| row.get(0).unwrap()).collect();
            let mut sent = sent;
            kept.sort();
            sent.sort();
            assert_eq!(kept, sent, "each effect is in the outbox once");
        }
        let rebuilt = self.involvements.rebuild().await.unwrap();
        assert_eq!(rebuilt.mended, 0, "the rows are what their logs say");
        audit::seal(&self.db).await.unwrap();
        let report = audit::verify(&self.db, &[]).await.unwrap();
        assert_eq!((report.unsealed, report.fault), (0, None), "the audit trail is whole");
        let steps = self.count("select count(*) from events where step = seq").await;
        assert_eq!(report.entries, steps, "each step has its entry");
    }
}

pub fn fire(transition: &str, on: Date) -> Command {
    let facts = if transition == "agree" { vec![("panel-date".to_owned(), Value::Date(on))] } else { vec![] };
    Command::Fire {
        transition: transition.into(),
        on,
        facts,
        note: None,
        told: milepost::timeline::NoticeContent::ALL.to_vec(),
    }
}

pub fn note(text: &str) -> Command {
    Command::Note { text: text.into(), on: opened_on() }
}
