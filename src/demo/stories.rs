//! The children of the demonstration and what happened to each. Names and settings are invented.

use chrono::Datelike;

use crate::calendar::Date;
use crate::engine::{ClockKey, Command};
use crate::timeline::{NoticeContent, Value};

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
        let years = self.age_in_days / 365;
        let by = if is_young_person(years) {
            "young-person"
        } else {
            ["parent", "setting", "parent", "someone-else"][self.given.len() % 4]
        };
        let year_group = Value::Number(year_group(years));
        vec![("requested-by".into(), Value::Choice(by.into())), ("year-group".into(), year_group)]
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
    Exempt { clock: &'static str, ground: &'static str, days: i64, reason: &'static str, evidence: &'static str },
    Note(&'static str),
}

#[derive(Clone, Copy)]
enum Fact {
    Choice(&'static str),
    Text(&'static str),
    /// So many days after it is recorded, or the Monday after.
    In(i64),
    Yes,
}

impl Deed {
    /// What an appeal would be about, where the deed is a decision against the family.
    pub fn can_be_appealed(&self) -> Option<&'static str> {
        match &self.what {
            What::Fire("refuse-to-assess", _) => Some("not-to-assess"),
            What::Fire("refuse-to-issue-plan", _) => Some("not-to-issue"),
            _ => None,
        }
    }

    pub fn command(&self, on: Date) -> Command {
        match &self.what {
            What::Fire(transition, facts) => {
                let told = NoticeContent::ALL.to_vec();
                Command::Fire { transition: (*transition).into(), on, facts: values(facts, on), note: None, told }
            }
            What::Facts(facts) => Command::RecordFacts { facts: values(facts, on), on },
            What::Ask(advice, of) => Command::RequestAdvice { advice: (*advice).into(), of: (*of).into(), on },
            What::Receive(request) => Command::ReceiveAdvice { request: *request, on },
            What::Chase(request) => Command::ChaseAdvice { request: *request, on },
            What::Decline(request, reason) => {
                Command::DeclineAdvice { request: *request, on, reason: (*reason).into() }
            }
            What::Exempt { clock, ground, days, reason, evidence } => Command::ClaimExemption {
                clock: ClockKey { clock: (*clock).into(), request: None },
                exemption: (*ground).into(),
                from: on,
                until: on + chrono::TimeDelta::days(*days),
                reason: (*reason).into(),
                evidence: (*evidence).into(),
            },
            What::Note(text) => Command::Note { text: (*text).into(), on },
        }
    }
}

fn values(facts: &[(&'static str, Fact)], on: Date) -> Vec<(String, Value)> {
    let value = |fact: &Fact| match fact {
        Fact::Choice(choice) => Value::Choice((*choice).into()),
        Fact::Text(text) => Value::Text((*text).into()),
        Fact::In(days) => Value::Date(weekday_from(on + chrono::TimeDelta::days(*days))),
        Fact::Yes => Value::YesNo(true),
    };
    facts.iter().map(|(name, fact)| ((*name).to_owned(), value(fact))).collect()
}

/// This day, or the Monday after a weekend: no panel meets on a Sunday.
fn weekday_from(day: Date) -> Date {
    match day.weekday() {
        chrono::Weekday::Sat => day + chrono::TimeDelta::days(2),
        chrono::Weekday::Sun => day + chrono::TimeDelta::days(1),
        _ => day,
    }
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

/// What of a child decides how the story goes.
#[derive(Clone, Copy)]
struct Of {
    /// How many are asked beyond the five whom agreeing always asks: from year 9 on, and young people themselves.
    more_asked: u32,
    /// The settings that are consulted; the first is named in the plan.
    settings: [&'static str; 2],
}

impl Of {
    fn years(years: i64) -> Of {
        let settings = match years {
            ..=4 => ["Alder Primary School, nursery class", "Little Acorns Nursery"],
            5..=10 => ["Alder Primary School", "Beck Lane Primary School"],
            11..=15 => ["Northmoor High School", "Heron Hill School"],
            _ => ["Northmoor Sixth Form College", "Southfell College"],
        };
        Of { more_asked: u32::from(year_group(years) >= 9) + u32::from(is_young_person(years)), settings }
    }
}

/// Near enough for people who do not exist.
fn year_group(years: i64) -> i64 {
    (years - 5).clamp(0, 15)
}

fn is_young_person(years: i64) -> bool {
    years >= 16
}

/// Advice asked for by agreeing: 1 family, 2 setting, 3 health, 4 psychology, 5 social care, then whoever else is asked.
fn advice_in(agreed_on: i64, replies: &[(u32, i64)]) -> Vec<Deed> {
    let mut deeds = agreed(agreed_on);
    deeds.extend(replies.iter().map(|(request, days)| deed(agreed_on + days, What::Receive(*request))));
    deeds
}

/// Those asked beyond the usual five have answered.
fn more_advice_in(of: Of, day: i64) -> impl Iterator<Item = Deed> {
    (6..6 + of.more_asked).map(move |request| deed(day, What::Receive(request)))
}

fn all_but_psychology(of: Of) -> Vec<Deed> {
    let mut deeds = advice_in(36, &[(1, 9), (2, 20), (5, 31)]);
    deeds.extend(more_advice_in(of, 70));
    deeds.push(deed(76, What::Receive(3)));
    deeds
}

fn all_advice_in(of: Of) -> Vec<Deed> {
    let mut deeds = all_but_psychology(of);
    deeds.push(deed(77, What::Receive(4)));
    deeds
}

fn drafting(of: Of) -> Vec<Deed> {
    let mut deeds = all_advice_in(of);
    deeds.push(deed(100, What::Fire("agree-to-issue-plan", vec![PANEL])));
    deeds
}

fn drafted(of: Of) -> Vec<Deed> {
    let mut deeds = drafting(of);
    deeds.push(deed(112, What::Fire("send-draft", vec![])));
    deeds
}

fn consulting(of: Of) -> Vec<Deed> {
    let mut deeds = drafted(of);
    deeds.push(deed(119, What::Facts(vec![("preferred-setting", Fact::Text(of.settings[0]))])));
    deeds.push(deed(120, What::Fire("begin-consultation", vec![])));
    deeds.extend(of.settings.map(|setting| deed(120, What::Ask("setting-consultation", setting))));
    deeds
}

/// The two settings as requests, in the order they were asked in.
fn consulted(of: Of) -> [u32; 2] {
    [6 + of.more_asked, 7 + of.more_asked]
}

/// Why it is late, and when the family will hear more.
fn explained(day: i64, reason: &'static str, days_until_more: i64) -> Deed {
    deed(day, What::Facts(vec![("late-reason", Fact::Text(reason)), ("next-update-on", Fact::In(days_until_more))]))
}

const FEW_PSYCHOLOGISTS: &str = "We do not have enough educational psychologists at the moment, and we are sorry.";
const NO_PLACE_FOUND: &str =
    "We have not yet found a school or college that can give the help in the plan, and we are sorry.";
const NO_PLACES: &str = "No places in the year group";

/// What happened, by the name of the story.
fn deeds(story: &str, of: Of) -> Vec<Deed> {
    match story {
        "considering" => considered(),
        "considering_late" => {
            let mut deeds = considered();
            deeds.push(explained(44, "Our panel was cancelled because of illness, and we are sorry.", 20));
            deeds
        }
        "considering_exempt" => {
            let mut deeds = considered();
            let reason = "A death in the close family";
            let evidence = "Letter from the family, kept on the file";
            let (clock, ground) = ("decide-whether-to-assess", "exceptional-circumstances");
            deeds.push(deed(35, What::Exempt { clock, ground, days: 40, reason, evidence }));
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
            let mut deeds = all_but_psychology(of);
            deeds.push(deed(82, What::Chase(4)));
            deeds.push(deed(90, What::Note("The psychology service says that the visit is booked.")));
            deeds
        }
        "gathering_away" => {
            let mut deeds = advice_in(36, &[(1, 9), (2, 20)]);
            deeds.extend(excused(
                60,
                "absent",
                56,
                "The family is abroad for a long stay with relatives",
                "Call with the mother",
            ));
            deeds
        }
        "gathering_closed" => {
            let mut deeds = advice_in(36, &[(1, 3)]);
            let reason = "The school is closed while its roof is repaired, and cannot give its advice";
            deeds.extend(excused(40, "school-closed", 46, reason, "The school's letter to all families"));
            deeds
        }
        "weighing" => all_advice_in(of),
        "weighing_late" => {
            let mut deeds = all_advice_in(of);
            deeds.push(explained(114, FEW_PSYCHOLOGISTS, 14));
            deeds
        }
        "without_advice" => {
            let mut deeds = all_but_psychology(of);
            let why = Fact::Text("The adviser has left, and the report of last term is enough.");
            deeds.push(deed(95, What::Fire("go-on-without-advice", vec![("evidence-missing", why)])));
            deeds
        }
        "drafting" => drafting(of),
        "drafted" => drafted(of),
        "drafted_again" => {
            let mut deeds = drafted(of);
            deeds.push(deed(
                119,
                What::Note("The family asks for the hours of speech therapy to be written into the plan."),
            ));
            deeds.push(deed(121, What::Fire("send-draft-again", vec![])));
            deeds
        }
        "consulting" => consulting(of),
        "consulting_late" => {
            let mut deeds = consulting(of);
            deeds.push(deed(134, What::Decline(consulted(of)[1], NO_PLACES)));
            deeds.push(explained(142, NO_PLACE_FOUND, 14));
            deeds
        }
        "consulting_very_late" => {
            let mut deeds = consulting(of);
            deeds.extend(consulted(of).map(|request| deed(138, What::Decline(request, NO_PLACES))));
            deeds.push(explained(142, NO_PLACE_FOUND, 28));
            deeds.push(deed(170, What::Ask("setting-consultation", "Heron Hill Further Education College")));
            deeds.push(explained(184, NO_PLACE_FOUND, 14));
            deeds
        }
        ended => deeds_to_an_end(ended, of),
    }
}

/// What happened where the involvement has ended.
fn deeds_to_an_end(story: &str, of: Of) -> Vec<Deed> {
    match story {
        "issued" | "issued_late" => {
            let mut deeds = consulting(of);
            let [first, second] = consulted(of);
            deeds.push(deed(130, What::Receive(first)));
            deeds.push(deed(131, What::Decline(second, NO_PLACES)));
            let day = if story == "issued" { 138 } else { 171 };
            deeds.push(deed(day, What::Facts(vec![("family-has-finished", Fact::Yes)])));
            deeds.push(deed(day, What::Fire("issue-final-plan", vec![("named-setting", Fact::Text(of.settings[0]))])));
            deeds
        }
        "refused" => {
            let mut deeds = considered();
            let reasons = Fact::Text(
                "The support that the school can give from its own means is working, as the reports of this year show.",
            );
            deeds.push(deed(39, What::Fire("refuse-to-assess", vec![PANEL, ("decision-reasons", reasons)])));
            deeds
        }
        "not_issued" => {
            let mut deeds = all_advice_in(of);
            let reasons = Fact::Text("The advice shows that the needs can be met from what is ordinarily available.");
            deeds.push(deed(104, What::Fire("refuse-to-issue-plan", vec![PANEL, ("decision-reasons", reasons)])));
            deeds
        }
        "withdrawn" => {
            let mut deeds = considered();
            let reason = Fact::Text("The family wants to wait for the new school year.");
            deeds.push(deed(25, What::Fire("withdraw-request", vec![("withdrawal-reason", reason)])));
            deeds
        }
        "moved" => {
            let mut deeds = agreed(36);
            let new = Fact::Text("Southfell Council");
            deeds.push(deed(70, What::Fire("record-move", vec![("new-authority", new)])));
            deeds
        }
        "closed" => {
            let fire = What::Fire("close-otherwise", vec![("closing-reason", Fact::Choice("mistake"))]);
            vec![Deed { day: 1, by_manager: true, what: fire }]
        }
        "none" => Vec::new(),
        other => unreachable!("no story is named {other}"),
    }
}

/// The 16 and the 20 weeks are excused together.
fn excused(day: i64, ground: &'static str, days: i64, reason: &'static str, evidence: &'static str) -> [Deed; 2] {
    ["notify-not-to-issue", "final-plan"].map(|clock| deed(day, What::Exempt { clock, ground, days, reason, evidence }))
}

/// Given name, family name, age in years, setting, story, days since the request, which parent follows.
type Line = (&'static str, &'static str, i64, &'static str, &'static str, Option<i64>, Option<usize>);

#[rustfmt::skip]
const LINES: &[Line] = &[
    ("Ada", "Okafor", 7, "Alder Primary School", "considering_late", Some(45), Some(0)),
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
    ("Arjun", "Mehta", 6, "Beck Lane Primary School", "gathering_closed", Some(80), None),
    ("Zara", "Qureshi", 16, "Northmoor Sixth Form College", "gathering_late", Some(100), None),
    ("Theo", "Marchetti", 5, "Alder Primary School", "gathering_declined", Some(75), None),
    ("Niamh", "Gallagher", 8, "Moorside Junior School", "gathering_fresh", Some(50), None),
    ("Kofi", "Asante", 10, "Beck Lane Primary School", "gathering_away", Some(90), None),
    ("Elsie", "Thornbury", 15, "Northmoor High School", "weighing", Some(107), None),
    ("Mateusz", "Zielinski", 7, "St Hilda's Primary School", "weighing", Some(112), None),
    ("Ruby", "Fairclough", 12, "Northmoor High School", "weighing_late", Some(120), None),
    ("Samir", "Haddad", 9, "Alder Primary School", "without_advice", Some(109), None),
    ("Poppy", "Ravensworth", 6, "Little Acorns Nursery", "drafting", Some(116), None),
    ("Elijah", "Mensah", 11, "Moorside Junior School", "drafting", Some(138), None),
    ("Lena", "Vogel", 13, "Northmoor High School", "drafted", Some(122), None),
    ("Callum", "Sinclair", 8, "Beck Lane Primary School", "drafted_again", Some(130), None),
    ("Aaliyah", "Bennett", 10, "St Hilda's Primary School", "consulting", Some(135), None),
    ("Finn", "Armitage", 7, "Alder Primary School", "consulting", Some(140), None),
    ("Hana", "Kobayashi", 14, "Northmoor High School", "consulting_late", Some(150), None),
    ("Dylan", "Prosser", 17, "Northmoor Sixth Form College", "consulting_very_late", Some(190), None),
    ("Imogen", "Latham", 9, "Moorside Junior School", "issued", Some(160), None),
    ("Tariq", "Aziz", 6, "Alder Primary School", "issued", Some(175), None),
    ("Bethany", "Cartwright", 12, "Northmoor High School", "issued_late", Some(210), None),
    ("Luca", "Romano", 8, "Beck Lane Primary School", "refused", Some(65), None),
    ("Esme", "Wainwright", 10, "St Hilda's Primary School", "refused", Some(90), None),
    ("Omar", "Siddiqui", 5, "Little Acorns Nursery", "not_issued", Some(130), None),
    ("Keira", "Donnelly", 15, "Northmoor High School", "withdrawn", Some(55), None),
    ("Jonah", "Abara", 7, "Alder Primary School", "moved", Some(88), None),
    ("Tilly", "Greenhalgh", 9, "Moorside Junior School", "closed", Some(30), None),
    ("Wren", "Solomons", 2, "Little Acorns Nursery", "none", None, None),
    ("Gethin", "Pryce", 20, "Northmoor Sixth Form College", "none", None, None),
];

pub(super) fn all() -> Vec<Story> {
    let story = |line: &Line| {
        let (given, family, age, setting, story, received_days_ago, parent) = *line;
        // Birthdays spread over the year.
        let age_in_days = age * 365 + (given.len() as i64 * 37 + family.len() as i64 * 53) % 340;
        Story {
            given,
            family,
            age_in_days,
            setting,
            parent,
            received_days_ago,
            deeds: deeds(story, Of::years(age_in_days / 365)),
        }
    };
    LINES.iter().map(story).collect()
}
