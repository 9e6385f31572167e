//! The children of the demonstration and what happened to each. Names and settings are invented.

use crate::calendar::Date;
use crate::engine::{ClockKey, Command};
use crate::timeline::Value;

/// A child and what happened.
pub(super) struct Story {
    pub given: &'static str,
    pub family: &'static str,
    pub age_in_days: i64,
    pub setting: &'static str,
    /// Which of the demonstration's parents follows this child.
    pub parent: Option<usize>,
    pub received_days_ago: Option<i64>,
    pub deeds: Vec<Deed>,
}

impl Story {
    pub fn opening_facts(&self) -> Vec<(String, Value)> {
        let by = ["parent", "setting", "parent", "someone-else"][self.given.len() % 4];
        vec![("requested-by".into(), Value::Choice(by.into()))]
    }
}

/// Something that was done, so many days after the request was received.
pub(super) struct Deed {
    pub day: i64,
    pub by_manager: bool,
    what: What,
}

enum What {
    Fire(&'static str, Vec<(&'static str, Fact)>),
    Facts(Vec<(&'static str, Fact)>),
    Ask(&'static str, &'static str),
    Receive(u32),
    Chase(u32),
    Decline(u32, &'static str),
    Exempt { clock: &'static str, ground: &'static str, days: i64, reason: &'static str },
    Note(&'static str),
}

#[derive(Clone, Copy)]
enum Fact {
    Choice(&'static str),
    Text(&'static str),
    /// So many days after it is recorded.
    In(i64),
    Yes,
}

impl Deed {
    pub fn command(&self, on: Date) -> Command {
        match &self.what {
            What::Fire(transition, facts) => {
                Command::Fire { transition: (*transition).into(), on, facts: values(facts, on), note: None }
            }
            What::Facts(facts) => Command::RecordFacts { facts: values(facts, on), on },
            What::Ask(advice, of) => Command::RequestAdvice { advice: (*advice).into(), of: (*of).into(), on },
            What::Receive(request) => Command::ReceiveAdvice { request: *request, on },
            What::Chase(request) => Command::ChaseAdvice { request: *request, on },
            What::Decline(request, reason) => Command::DeclineAdvice { request: *request, on, reason: (*reason).into() },
            What::Exempt { clock, ground, days, reason } => Command::ClaimExemption {
                clock: ClockKey { clock: (*clock).into(), request: None },
                exemption: (*ground).into(),
                from: on,
                until: on + chrono::TimeDelta::days(*days),
                reason: (*reason).into(),
                evidence: "Letter from the family, kept on the file".into(),
            },
            What::Note(text) => Command::Note { text: (*text).into(), on },
        }
    }
}

fn values(facts: &[(&'static str, Fact)], on: Date) -> Vec<(String, Value)> {
    let value = |fact: &Fact| match fact {
        Fact::Choice(choice) => Value::Choice((*choice).into()),
        Fact::Text(text) => Value::Text((*text).into()),
        Fact::In(days) => Value::Date(on + chrono::TimeDelta::days(*days)),
        Fact::Yes => Value::YesNo(true),
    };
    facts.iter().map(|(name, fact)| ((*name).to_owned(), value(fact))).collect()
}

fn deed(day: i64, what: What) -> Deed {
    Deed { day, by_manager: false, what }
}

const PANEL: (&str, Fact) = ("decided-by", Fact::Choice("panel"));

fn considered() -> Vec<Deed> {
    vec![
        deed(2, What::Note("Rang the family to say that we have the request and what happens now.")),
        deed(6, What::Facts(vec![("panel-date", Fact::In(28))])),
    ]
}

fn agreed(day: i64) -> Vec<Deed> {
    let mut deeds = considered();
    deeds.push(deed(day, What::Fire("agree-to-assess", vec![PANEL])));
    deeds
}

/// Advice asked for by agreeing: 1 family, 2 setting, 3 health, 4 psychology, 5 social care.
fn advice_in(agreed_on: i64, replies: &[(u32, i64)]) -> Vec<Deed> {
    let mut deeds = agreed(agreed_on);
    deeds.extend(replies.iter().map(|(request, days)| deed(agreed_on + days, What::Receive(*request))));
    deeds
}

fn all_advice_in() -> Vec<Deed> {
    advice_in(36, &[(1, 12), (2, 25), (5, 30), (3, 38), (4, 41)])
}

fn drafting() -> Vec<Deed> {
    let mut deeds = all_advice_in();
    deeds.push(deed(100, What::Fire("agree-to-issue-plan", vec![PANEL])));
    deeds
}

fn drafted() -> Vec<Deed> {
    let mut deeds = drafting();
    deeds.push(deed(112, What::Fire("send-draft", vec![])));
    deeds
}

fn consulting() -> Vec<Deed> {
    let mut deeds = drafted();
    deeds.push(deed(119, What::Facts(vec![("preferred-setting", Fact::Text("Alder Primary School"))])));
    deeds.push(deed(120, What::Fire("begin-consultation", vec![])));
    deeds.push(deed(120, What::Ask("setting-consultation", "Alder Primary School")));
    deeds.push(deed(120, What::Ask("setting-consultation", "Beck Lane Primary School")));
    deeds
}

const LATE: (&str, Fact) = ("late-reason", Fact::Text("We do not have enough educational psychologists at the moment, and we are sorry."));

/// What happened, by the name of the story.
fn deeds(story: &str) -> Vec<Deed> {
    match story {
        "considering" => considered(),
        "considering_late" => {
            let mut deeds = considered();
            deeds.push(deed(44, What::Facts(vec![("late-reason", Fact::Text("Our panel was cancelled because of illness.")), ("next-update-on", Fact::In(20))])));
            deeds
        }
        "considering_exempt" => {
            let mut deeds = considered();
            let reason = "A death in the close family";
            deeds.push(deed(35, What::Exempt { clock: "decide-whether-to-assess", ground: "exceptional-circumstances", days: 40, reason }));
            deeds
        }
        "gathering_fresh" => agreed(40),
        "gathering" => advice_in(36, &[(1, 9), (2, 20)]),
        "gathering_declined" => {
            let mut deeds = advice_in(36, &[(1, 9)]);
            deeds.push(deed(50, What::Decline(5, "Not known to social care")));
            deeds
        }
        "gathering_late" => {
            let mut deeds = advice_in(36, &[(1, 9), (2, 20), (5, 31), (3, 40)]);
            deeds.push(deed(82, What::Chase(4)));
            deeds.push(deed(90, What::Note("The psychology service says that the visit is booked.")));
            deeds
        }
        "gathering_exempt" => {
            let mut deeds = advice_in(36, &[(1, 9), (2, 20)]);
            let reason = "The family is abroad for a long stay with relatives";
            deeds.push(deed(60, What::Exempt { clock: "notify-not-to-issue", ground: "absent", days: 56, reason }));
            deeds.push(deed(60, What::Exempt { clock: "final-plan", ground: "absent", days: 56, reason }));
            deeds
        }
        "weighing" => all_advice_in(),
        "weighing_late" => {
            let mut deeds = all_advice_in();
            deeds.push(deed(114, What::Facts(vec![LATE, ("next-update-on", Fact::In(14))])));
            deeds
        }
        "without_advice" => {
            let mut deeds = advice_in(36, &[(1, 9), (2, 20), (5, 31), (3, 40)]);
            let why = Fact::Text("The adviser has left, and the report of last term is enough.");
            deeds.push(deed(95, What::Fire("go-on-without-advice", vec![("evidence-missing", why)])));
            deeds
        }
        "drafting" => drafting(),
        "drafted" => drafted(),
        "consulting" => consulting(),
        "consulting_late" => {
            let mut deeds = consulting();
            deeds.push(deed(134, What::Decline(7, "No places in the year group")));
            deeds.push(deed(142, What::Facts(vec![("late-reason", Fact::Text("We have not yet found a school that can give the support.")), ("next-update-on", Fact::In(14))])));
            deeds
        }
        "issued" | "issued_late" => {
            let mut deeds = consulting();
            deeds.push(deed(130, What::Receive(6)));
            deeds.push(deed(131, What::Decline(7, "No places in the year group")));
            let day = if story == "issued" { 138 } else { 171 };
            deeds.push(deed(day, What::Facts(vec![("family-has-finished", Fact::Yes)])));
            deeds.push(deed(day, What::Fire("issue-final-plan", vec![("named-setting", Fact::Text("Alder Primary School"))])));
            deeds
        }
        "refused" => {
            let mut deeds = considered();
            let reasons = Fact::Text("The support that the school can give from its own means is working, as the reports of this year show.");
            deeds.push(deed(39, What::Fire("refuse-to-assess", vec![PANEL, ("decision-reasons", reasons)])));
            deeds
        }
        "not_issued" => {
            let mut deeds = all_advice_in();
            let reasons = Fact::Text("The advice shows that the needs can be met from what is ordinarily available.");
            deeds.push(deed(104, What::Fire("refuse-to-issue-plan", vec![PANEL, ("decision-reasons", reasons)])));
            deeds
        }
        "withdrawn" => {
            let mut deeds = considered();
            deeds.push(deed(25, What::Fire("withdraw-request", vec![("withdrawal-reason", Fact::Text("The family wants to wait for the new school year."))])));
            deeds
        }
        "moved" => {
            let mut deeds = agreed(36);
            deeds.push(deed(70, What::Fire("record-move", vec![("new-authority", Fact::Text("Southfell Council"))])));
            deeds
        }
        "closed" => {
            let fire = What::Fire("close-otherwise", vec![("closing-reason", Fact::Choice("mistake"))]);
            vec![Deed { day: 1, by_manager: true, what: fire }]
        }
        _ => Vec::new(),
    }
}

/// Given name, family name, age in years, setting, story, days since the request, which parent follows.
type Line = (&'static str, &'static str, i64, &'static str, &'static str, Option<i64>, Option<usize>);

#[rustfmt::skip]
const LINES: &[Line] = &[
    ("Ada", "Okafor", 7, "Alder Primary School", "considering", Some(45), Some(0)),
    ("Chidi", "Okafor", 12, "Northmoor High School", "gathering", Some(70), Some(0)),
    ("Rosie", "Whitlock", 9, "Beck Lane Primary School", "drafted", Some(118), Some(1)),
    ("Yusuf", "Rahman", 5, "Alder Primary School", "considering", Some(42), None),
    ("Maya", "Lindqvist", 8, "St Hilda's Primary School", "considering", Some(37), None),
    ("Oliver", "Pemberton", 6, "Beck Lane Primary School", "considering", Some(10), None),
    ("Amina", "Hassan", 4, "Little Acorns Nursery", "considering", Some(3), None),
    ("Jakub", "Nowak", 10, "Moorside Junior School", "considering", Some(0), None),
    ("Sophie", "Barnes", 11, "Moorside Junior School", "considering_exempt", Some(50), None),
    ("Leo", "Castellano", 13, "Northmoor High School", "considering_late", Some(60), None),
    ("Harriet", "Dunmore", 7, "Alder Primary School", "gathering_fresh", Some(44), None),
    ("Isaac", "Boateng", 9, "St Hilda's Primary School", "gathering", Some(66), None),
    ("Freya", "Holloway", 14, "Northmoor High School", "gathering_late", Some(95), None),
    ("Arjun", "Mehta", 6, "Beck Lane Primary School", "gathering", Some(80), None),
    ("Zara", "Qureshi", 16, "Northmoor Sixth Form College", "gathering_late", Some(100), None),
    ("Theo", "Marchetti", 5, "Alder Primary School", "gathering_declined", Some(75), None),
    ("Niamh", "Gallagher", 8, "Moorside Junior School", "gathering_fresh", Some(50), None),
    ("Kofi", "Asante", 10, "Beck Lane Primary School", "gathering_exempt", Some(90), None),
    ("Elsie", "Thornbury", 15, "Northmoor High School", "weighing", Some(107), None),
    ("Mateusz", "Zielinski", 7, "St Hilda's Primary School", "weighing", Some(112), None),
    ("Ruby", "Fairclough", 12, "Northmoor High School", "weighing_late", Some(120), None),
    ("Samir", "Haddad", 9, "Alder Primary School", "without_advice", Some(109), None),
    ("Poppy", "Ravensworth", 6, "Little Acorns Nursery", "drafting", Some(116), None),
    ("Elijah", "Mensah", 11, "Moorside Junior School", "drafting", Some(138), None),
    ("Lena", "Vogel", 13, "Northmoor High School", "drafted", Some(122), None),
    ("Callum", "Sinclair", 8, "Beck Lane Primary School", "drafted", Some(130), None),
    ("Aaliyah", "Bennett", 10, "St Hilda's Primary School", "consulting", Some(135), None),
    ("Finn", "Armitage", 7, "Alder Primary School", "consulting", Some(140), None),
    ("Hana", "Kobayashi", 14, "Northmoor High School", "consulting_late", Some(150), None),
    ("Dylan", "Prosser", 17, "Northmoor Sixth Form College", "consulting_late", Some(190), None),
    ("Imogen", "Latham", 9, "Moorside Junior School", "issued", Some(160), None),
    ("Tariq", "Aziz", 6, "Alder Primary School", "issued", Some(175), None),
    ("Bethany", "Cartwright", 12, "Northmoor High School", "issued_late", Some(210), None),
    ("Luca", "Romano", 8, "Beck Lane Primary School", "refused", Some(65), None),
    ("Esme", "Wainwright", 10, "St Hilda's Primary School", "refused", Some(90), None),
    ("Omar", "Siddiqui", 5, "Little Acorns Nursery", "not_issued", Some(130), None),
    ("Keira", "Donnelly", 15, "Northmoor High School", "withdrawn", Some(55), None),
    ("Jonah", "Abara", 7, "Alder Primary School", "moved", Some(88), None),
    ("Tilly", "Greenhalgh", 9, "Moorside Junior School", "closed", Some(30), None),
    ("Wren", "Solomons", 3, "Little Acorns Nursery", "none", None, None),
    ("Gethin", "Pryce", 19, "Northmoor Sixth Form College", "none", None, None),
];

pub(super) fn all() -> Vec<Story> {
    let story = |line: &Line| {
        let (given, family, age, setting, story, received_days_ago, parent) = *line;
        // Birthdays spread over the year.
        let age_in_days = age * 365 + (given.len() as i64 * 37 + family.len() as i64 * 53) % 340;
        Story { given, family, age_in_days, setting, parent, received_days_ago, deeds: deeds(story) }
    };
    LINES.iter().map(story).collect()
}
