//! The shape of a timeline as it stands in a RON file: what a SEND manager reads and edits.
//!
//! Every list is in document order, and document order decides wherever two things could happen at once. Names are
//! plain text here; [`super::compiled`] turns them into indices once they have been checked.

use serde::{Deserialize, Serialize};

use super::notice::Notice;
use crate::access::Role;
use crate::calendar::{Date, Limit, Span, Time, written_date};

/// The definition of one statutory process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Timeline")]
pub struct Definition {
    pub id: String,
    pub title: String,
    /// Raised by one for each version that goes live; a version that has gone live never changes.
    pub version: u32,
    pub in_force: InForce,
    /// The Acts and Regulations the process comes from, for people.
    pub law: String,
    /// The state an involvement is in when it is opened.
    pub start: String,
    /// What the first event is, for people: "Request received".
    pub started_label: String,
    /// The name of the date the first event brings, as used in `counts_from` and in bulk computations.
    pub started_as: String,
    /// Facts that must be given when an involvement is opened; they are asked for on the opening's own form.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub opening_facts: Vec<String>,
    pub stages: Vec<Stage>,
    #[serde(default)]
    pub facts: Vec<Fact>,
    pub states: Vec<State>,
    #[serde(default)]
    pub clocks: Vec<Clock>,
    #[serde(default)]
    pub exemptions: Vec<Exemption>,
    #[serde(default)]
    pub advice: Vec<Advice>,
    pub transitions: Vec<Transition>,
    #[serde(default)]
    pub notices: Vec<Notice>,
    #[serde(default)]
    pub messages: Vec<Message>,
    #[serde(default)]
    pub forms: Vec<FormRule>,
    #[serde(default)]
    pub rules: Vec<Rule>,
    #[serde(default)]
    pub suspense: Vec<SuspenseCheck>,
    /// Facts that tell a family why something is late and when they will hear more.
    #[serde(default)]
    pub when_late: Option<WhenLate>,
    /// Other timelines that a caseworker can open from an involvement of this one, ended ones included: the family has
    /// appealed, mediation was asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<Link>,
}

/// The dates on which a new involvement takes this version. `until` is the last day, included.
///
/// Where several versions hold on a day, the one whose time began last is taken, and of those the highest version: a
/// temporary version goes before the one that it interrupts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "InForce")]
pub struct InForce {
    pub from: Date,
    #[serde(default)]
    pub until: Option<Date>,
}

impl InForce {
    pub fn holds_on(self, day: Date) -> bool {
        self.from <= day && self.until.is_none_or(|until| day <= until)
    }

    pub fn in_words(self) -> String {
        let from = written_date(self.from);
        match self.until {
            Some(until) => format!("{from} to {}", written_date(until)),
            None => format!("from {from}"),
        }
    }
}

/// A named group of states that families see as one step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    pub id: String,
    pub title: String,
    /// What happens in this step, said to the family in the present tense.
    pub for_families: String,
}

/// A node of the graph.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    pub id: String,
    pub stage: String,
    pub label: String,
    /// What is happening now, said to the family. Required of every state a family can see.
    #[serde(default)]
    pub for_families: Option<String>,
    /// What happens next, said to the family.
    #[serde(default)]
    pub next_for_families: Option<String>,
    /// Who has to act for the involvement to move on.
    #[serde(default)]
    pub waiting_on: WaitingOn,
    /// Set on an end: how it ended, in words.
    #[serde(default)]
    pub ends: Option<String>,
    /// On an end: clocks that still run lapse, because the duty has fallen away (a withdrawn request).
    #[serde(default)]
    pub lapses: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum WaitingOn {
    #[default]
    Authority,
    Family,
    Advisers,
    Setting,
    Nobody,
}

/// A field of the involvement form that rules may test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    pub id: String,
    pub label: String,
    pub kind: FactKind,
    #[serde(default)]
    pub hint: Option<String>,
    /// Families and professionals with access see it on the progress page.
    #[serde(default)]
    pub shared: bool,
    /// A date fact may lie in the future (a panel date) unless this says otherwise.
    #[serde(default)]
    pub not_in_future: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum FactKind {
    Date,
    YesNo,
    Text,
    Number { min: i64, max: i64 },
    Choice(Vec<FactOption>),
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename = "Option")]
pub struct FactOption {
    pub id: String,
    pub label: String,
}

/// A statutory time limit, or (with `whose: Family`) a period the law gives somebody to act in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clock {
    pub id: String,
    pub label: String,
    /// Said to the family when the clock is shared: "Tell you whether we will assess".
    #[serde(default)]
    pub for_families: Option<String>,
    pub starts: Vec<Trigger>,
    pub stops: Vec<Trigger>,
    /// The input's name where this clock is computed in bulk, such as "request_received".
    pub counts_from: String,
    pub limit: Limit,
    /// Which days the law counts.
    #[serde(default, skip_serializing_if = "Time::is_ordinary")]
    pub time: Time,
    /// Other limits, each counted from a date fact where it is known: the latest of them all is the due date.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub or_later: Vec<OrLater>,
    /// A date fact that takes the place of the counted date where it is known: a date that the Tribunal directed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced_by: Option<String>,
    /// The limit applies only where these facts say so. It reads facts alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only_when: Option<Guard>,
    /// The provision.
    pub basis: String,
    /// Where to read it.
    #[serde(default)]
    pub basis_url: Option<String>,
    pub confidence: Confidence,
    #[serde(default)]
    pub whose: Whose,
    #[serde(default)]
    pub exemptions: Vec<String>,
    #[serde(default)]
    pub warn_before: Vec<Span>,
    /// Families and professionals with access see it.
    #[serde(default)]
    pub shared: bool,
}

/// A second limit of a clock, counted from a date fact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OrLater {
    /// The date fact.
    pub fact: String,
    /// The input's name where the clock is computed in bulk.
    pub counts_from: String,
    pub limit: Limit,
}

/// Another timeline that a caseworker can open from an involvement of this one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    pub timeline: String,
    /// What the caseworker presses: "Record that the family has appealed".
    pub label: String,
    /// In which states it is offered, ends among them.
    pub open_in: Vec<String>,
    /// Facts that both timelines know by the same id and that go along.
    #[serde(default)]
    pub carry: Vec<String>,
}

/// How sure we are of the provision: V was read in the text, S in a secondary source, K is to be confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Confidence {
    Text,
    Secondary,
    ToBeConfirmed,
}

/// Who must act within the clock's limit.
///
/// [`Whose::is_duty`] and [`Whose::is_period`] sort them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum Whose {
    /// Missing it is a breach.
    #[default]
    Authority,
    /// An adviser's reply: one clock for each advice request that names it. Missing it is a breach by the adviser.
    Adviser,
    /// A period the family may use. It closes by itself on its last day; nobody is late.
    Family,
    /// Somebody outside the authority (a mediation adviser, the Tribunal). Missing it is their breach, not ours.
    Other,
    /// A wait: what is due is the first day on which something may be done, the day after the limit counted. It ends by
    /// itself; nobody is late.
    Wait,
}

impl Whose {
    /// Somebody is late when the last day passes.
    pub fn is_duty(self) -> bool {
        !self.is_period()
    }

    /// It closes by itself when its last day has passed.
    pub fn is_period(self) -> bool {
        matches!(self, Whose::Family | Whose::Wait)
    }
}

/// What starts or stops a clock, or sets off a rule. The date is the event's `occurred_on`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Trigger {
    /// The involvement was opened.
    Started,
    /// A transition was fired.
    Fired(String),
    /// A state was entered, by whatever transition.
    Entered(String),
    /// A fact was recorded or changed. A date fact counts from the date it holds, a number fact from the 1 January of the
    /// year it holds, any other from the day it took effect; a clock that runs follows it when it changes. A clock that
    /// was stopped runs anew if a step from the current state can stop it again, and otherwise is measured anew.
    FactRecorded(String),
    /// An advice request that names this clock was made; the clock runs once for each.
    AdviceRequested,
    /// That request was answered, declined or withdrawn.
    AdviceAnswered,
    /// Every advice request has been answered, declined or withdrawn (and there was at least one).
    AllAdviceAnswered,
    /// A clock gave a warning.
    ClockWarned(String),
    /// A clock's limit passed.
    ClockBreached(String),
    /// A cron schedule with seconds, London time: `0 0 8 * * Mon-Fri`.
    Schedule(String),
}

/// A statutory ground on which a limit need not be met.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exemption {
    pub id: String,
    pub label: String,
    pub basis: String,
    /// Said to the family when it is claimed on a shared clock.
    pub for_families: String,
    /// The two dates it needs, in the words of its provision: `("closed from", "re-opens on")`.
    pub period: (String, String),
    /// The period must last at least this long.
    #[serde(default)]
    pub at_least: Option<Span>,
    /// The ground covers only a request made in the window from one week before the period to one week before its end.
    #[serde(default)]
    pub closure_window: bool,
}

/// One kind of adviser and what is asked of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Advice {
    pub id: String,
    pub label: String,
    pub from: Adviser,
    pub basis: String,
    /// The clock (with `whose: Adviser`) that limits the reply.
    pub clock: String,
    /// In which states it can be asked for.
    pub ask_in: Vec<String>,
    /// The form it comes back on.
    #[serde(default)]
    pub form: Option<String>,
    #[serde(default)]
    pub chase: Vec<Chase>,
    /// Said to the family: "an educational psychologist".
    pub for_families: String,
    /// Several can be open at once (settings consulted, other people asked).
    #[serde(default)]
    pub several: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Adviser {
    Family,
    YoungPerson,
    Setting,
    EducationalPsychologist,
    Health,
    SocialCare,
    Sensory,
    PreparingForAdulthood,
    Other,
}

impl Adviser {
    pub fn label(self) -> &'static str {
        match self {
            Adviser::Family => "Family",
            Adviser::YoungPerson => "Young person",
            Adviser::Setting => "Setting",
            Adviser::EducationalPsychologist => "Educational psychologist",
            Adviser::Health => "Health",
            Adviser::SocialCare => "Social care",
            Adviser::Sensory => "Sensory",
            Adviser::PreparingForAdulthood => "Preparing for adulthood",
            Adviser::Other => "Other",
        }
    }
}

/// When an unanswered request is chased, counted from its due date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Chase {
    DaysBefore(u16),
    DaysAfter(u16),
}

/// An edge of the graph.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transition {
    pub id: String,
    pub label: String,
    /// What it records, once done: "Agreed to assess".
    pub done: String,
    #[serde(default)]
    pub from: Vec<String>,
    /// From every state that is not an end (a withdrawal).
    #[serde(default)]
    pub from_any_open_state: bool,
    pub to: String,
    #[serde(default)]
    pub by: Vec<Role>,
    /// Fires by itself as soon as its guard holds.
    #[serde(default)]
    pub automatic: bool,
    #[serde(default)]
    pub when: Option<Guard>,
    /// Facts that must be known; they are asked for on the transition's own form.
    #[serde(default)]
    pub needs: Vec<String>,
    #[serde(default)]
    pub does: Vec<Effect>,
    /// A decision against the family: its notice must carry the right of appeal.
    #[serde(default)]
    pub refusal: bool,
    /// What happened, said to the family: "We decided to assess".
    #[serde(default)]
    pub for_families: Option<String>,
    /// Asks once more before it is done.
    #[serde(default)]
    pub confirm: Option<String>,
}

/// What must hold for a transition to fire or a rule to act. Reads only what this involvement's own events say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Guard {
    /// The fact is recorded.
    Known(String),
    /// A choice or yes/no fact has this value ("yes", "no" or the option's id).
    Is(String, String),
    /// A number fact is at least this.
    AtLeast(String, i64),
    /// No advice request is waiting, and at least one was made.
    AllAdviceAnswered,
    /// No request of this kind is waiting, and at least one was made.
    AdviceAnswered(String),
    /// The clock's last day has passed, or it was stopped.
    Passed(String),
    /// A request for advice is this many days past its limit.
    AdviceOverdue(u16),
    /// The clock runs.
    Running(String),
    All(Vec<Guard>),
    Any(Vec<Guard>),
    Not(Box<Guard>),
}

/// What a step asks for beyond the change of state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Effect {
    /// Requests these kinds of advice.
    RequestAdvice(Vec<String>),
    /// A statutory notice must go to these people.
    Notice(String, Vec<Recipient>),
    /// A message goes to these people.
    Message(String, Vec<Recipient>),
    /// The form opens.
    OpenForm(String),
    /// Remind those whose advice is waiting.
    RemindAdvisers,
    /// Records a fact.
    Record(String, Value),
    /// Fires a transition, if it can fire.
    Fire(String),
    /// Opens an involvement of another timeline for the same child, from the day this took effect, and links the two.
    Start {
        timeline: String,
        /// Facts that both timelines know by the same id and that go along.
        #[serde(default)]
        carry: Vec<String>,
    },
    /// Fires a transition of every linked involvement of another timeline in which it can fire: resumes or ends it.
    Advance {
        timeline: String,
        transition: String,
        /// Facts that both timelines know by the same id and that go along.
        #[serde(default)]
        carry: Vec<String>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Recipient {
    Family,
    YoungPerson,
    Setting,
    Health,
    SocialCare,
    Advisers,
    Caseworker,
    SendManager,
}

impl Recipient {
    pub fn label(self) -> &'static str {
        match self {
            Recipient::Family => "the family",
            Recipient::YoungPerson => "the young person",
            Recipient::Setting => "the setting",
            Recipient::Health => "health",
            Recipient::SocialCare => "social care",
            Recipient::Advisers => "advisers",
            Recipient::Caseworker => "the caseworker",
            Recipient::SendManager => "the SEND manager",
        }
    }
}

/// The value of a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Value {
    Date(Date),
    YesNo(bool),
    Text(String),
    Number(i64),
    Choice(String),
}

impl Value {
    /// The date that a limit counts from where it counts from this fact: a date itself, a number as a year.
    pub fn counts_from(&self) -> Option<Date> {
        match self {
            Value::Date(date) => Some(*date),
            Value::Number(year) => Date::from_ymd_opt(i32::try_from(*year).ok()?, 1, 1),
            _ => None,
        }
    }
}

/// A message that is not a statutory notice; its words are a template of their own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    pub id: String,
    pub label: String,
}

/// When a form is open, and to whom.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormRule {
    pub form: String,
    pub label: String,
    pub to: Vec<Role>,
    pub open_in: Vec<String>,
    #[serde(default)]
    pub when: Option<Guard>,
}

/// Effects that are not tied to a transition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    pub id: String,
    pub on: Trigger,
    #[serde(default)]
    pub when: Option<Guard>,
    pub does: Vec<Effect>,
}

/// What is checked in suspense when a form of this kind comes in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuspenseCheck {
    pub on_form: String,
    pub policy: String,
}

/// The facts that are shown to a family when a shared clock is late.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhenLate {
    /// A text fact: why it is late.
    pub reason: String,
    /// A date fact: when the family will hear more.
    pub next_update_on: String,
}
