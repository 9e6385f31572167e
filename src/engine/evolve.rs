//! Applies events to an involvement: total, so that an old log always folds.

use std::collections::HashMap;

use super::event::{Event, RequestNo, Seq, What};
use super::involvement::{Answer, Claim, Involvement, Known, Request, Run, Stopped};
use crate::calendar::Date;
use crate::timeline::{ClockIx, Compiled, Hooks, StateIx, TransitionIx, Trigger, Value, Whose};

/// Applies one event that is not a correction. Corrections and moves to another version need the whole
/// log: see `Engine::fold`.
pub fn evolve(definition: &Compiled, involvement: &mut Involvement, event: &Event) {
    involvement.version += 1;
    apply(definition, involvement, &event.what, event.occurred_on);
}

/// What the corrections of a log leave of one of its events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It took effect on this date, which a correction may have changed.
    Stands {
        on: Date,
    },
    Voided,
}

/// For each event of a log, what the later corrections leave of it. What a corrected event brought about follows it, and
/// what was typed in with the opening follows the opening.
pub fn standing(log: &[Event]) -> Vec<Standing> {
    let mut moved: HashMap<Seq, Standing> = HashMap::new();
    for event in log {
        match &event.what {
            What::Redated { seq, on, .. } => moved.insert(*seq, Standing::Stands { on: *on }),
            What::Voided { seq, .. } => moved.insert(*seq, Standing::Voided),
            _ => None,
        };
    }
    let own = |event: &Event| Standing::Stands { on: event.occurred_on };
    if let Some(opening) = moved.get(&1).copied() {
        for seq in 2..2 + typed_with_the_opening(log) as Seq {
            moved.entry(seq).or_insert(opening);
        }
    }
    log.iter()
        .zip(1..)
        .map(|(event, seq)| match moved.get(&seq) {
            Some(standing) => *standing,
            None => match event.caused_by.and_then(|cause| Some((log.get(cause as usize - 1)?, moved.get(&cause)?))) {
                Some((_, Standing::Voided)) => Standing::Voided,
                Some((cause, moved)) if cause.occurred_on == event.occurred_on => *moved,
                _ => own(event),
            },
        })
        .collect()
}

/// How many events after the opening are the facts and the owner that came with it, on the same form.
fn typed_with_the_opening(log: &[Event]) -> usize {
    let Some((opening, rest)) = log.split_first() else { return 0 };
    let is_with_it = |event: &&Event| {
        matches!(event.what, What::FactRecorded { .. } | What::Assigned { .. })
            && event.caused_by.is_none()
            && (event.recorded_at, event.occurred_on) == (opening.recorded_at, opening.occurred_on)
            && event.actor == opening.actor
    };
    rest.iter().take_while(is_with_it).count()
}

pub(super) fn apply(definition: &Compiled, involvement: &mut Involvement, what: &What, on: Date) {
    match what {
        What::Started { born_on, linked, .. } => {
            involvement.started_on = on;
            involvement.linked.clone_from(linked);
            involvement.born_on = *born_on;
            hook(definition, involvement, &definition.started, on);
            enter(definition, involvement, definition.start, on);
        }
        What::Fired { transition, to, .. } => {
            if let Some(transition) = definition.transition(transition) {
                involvement.fired[transition.at()] = Some(on);
                let transition = &definition.transitions[transition.at()];
                stop(involvement, &transition.stops, on);
                start(definition, involvement, &transition.starts, on);
            }
            if let Some(to) = definition.state(to) {
                enter(definition, involvement, to, on);
            }
        }
        What::FactRecorded { fact, value } => {
            if let Some(fact) = definition.fact(fact) {
                involvement.facts[fact.at()] = Some(Known { value: value.clone(), on });
                let counted_on = value.counts_from().unwrap_or(on);
                let fact = &definition.facts[fact.at()];
                stop(involvement, &fact.stops, counted_on);
                let (kept, started): (Vec<ClockIx>, Vec<ClockIx>) =
                    fact.starts.iter().partition(|clock| is_behind(definition, involvement, **clock));
                start(definition, involvement, &started, counted_on);
                follow(involvement, &started, value);
                correct(involvement, &kept, value);
            }
        }
        What::AdviceRequested { request, advice, of } => {
            if let Some(advice) = definition.advice(advice) {
                involvement.requests.push(Request {
                    no: *request,
                    advice,
                    of: of.clone(),
                    run: Run::starting(on),
                    chased_on: None,
                    answer: Answer::Waiting,
                });
                hook(definition, involvement, &definition.advice_requested, on);
            }
        }
        What::AdviceChased { request } => {
            if let Some(request) = request_mut(involvement, *request) {
                request.chased_on = Some(on);
            }
        }
        What::AdviceReceived { request } => answer(definition, involvement, *request, on, Answer::Received(on)),
        What::AdviceDeclined { request, reason } => {
            answer(definition, involvement, *request, on, Answer::Declined { on, reason: reason.clone() });
        }
        What::AdviceWithdrawn { request, reason } => {
            answer(definition, involvement, *request, on, Answer::Withdrawn { on, reason: reason.clone() });
        }
        What::ExemptionClaimed { claim, clock, exemption, from, until, reason, evidence } => {
            if let (Some(exemption), Some(clock_ix)) = (definition.exemption(exemption), definition.clock(&clock.clock))
            {
                involvement.claims.push(Claim {
                    no: *claim,
                    exemption,
                    clock: clock_ix,
                    request: clock.request,
                    from: *from,
                    until: *until,
                    reason: reason.clone(),
                    evidence: evidence.clone(),
                    ended: false,
                });
            }
        }
        What::ExemptionEnded { claim, .. } => {
            if let Some(claim) = involvement.claims.iter_mut().find(|held| held.no == *claim) {
                claim.ended = true;
            }
        }
        What::ClockWarned { clock, due_on, before } => {
            if let Some(run) = run_mut(definition, involvement, &clock.clock, clock.request) {
                run.warned = Some((*due_on, *before));
            }
        }
        What::ClockBreached { clock, due_on } | What::PeriodClosed { clock, due_on } => {
            if let Some(run) = run_mut(definition, involvement, &clock.clock, clock.request) {
                run.passed = Some(*due_on);
            }
        }
        What::Assigned { owner } => involvement.owner = owner.clone(),
        // A move to another version is carried out between two definitions: see `replay`.
        What::Migrated { .. } => {}
        What::RuleRan { .. } | What::Noted { .. } | What::Redated { .. } | What::Voided { .. } => {}
    }
}

fn enter(definition: &Compiled, involvement: &mut Involvement, to: StateIx, on: Date) {
    let state = &definition.states[to.at()];
    involvement.state = to;
    involvement.entered_on = on;
    involvement.stages[state.stage.at()].get_or_insert(on);
    stop(involvement, &state.stops, on);
    start(definition, involvement, &state.starts, on);
    if state.is_end {
        involvement.ended_on = Some(on);
        lapse_what_still_runs(involvement, on);
    }
}

/// At an end nothing is waited for any more: the checks make sure that only a lapsing end leaves a duty undone.
fn lapse_what_still_runs(involvement: &mut Involvement, on: Date) {
    for run in involvement.clocks.iter_mut().flatten() {
        run.stopped.get_or_insert(Stopped::Lapsed(on));
    }
    for request in involvement.requests.iter_mut().filter(|request| request.waits()) {
        request.run.stopped = Some(Stopped::Lapsed(on));
        request.answer = Answer::Withdrawn { on, reason: "The process ended".into() };
    }
}

fn answer(definition: &Compiled, involvement: &mut Involvement, no: RequestNo, on: Date, answer: Answer) {
    let Some(request) = request_mut(involvement, no) else { return };
    request.answer = answer;
    request.run.stopped = Some(Stopped::Done(on));
    hook(definition, involvement, &definition.advice_answered, on);
    if involvement.requests.iter().all(|request| !request.waits()) {
        hook(definition, involvement, &definition.all_advice_answered, on);
    }
}

fn hook(definition: &Compiled, involvement: &mut Involvement, hooks: &Hooks, on: Date) {
    stop(involvement, &hooks.stops, on);
    start(definition, involvement, &hooks.starts, on);
}

fn start(definition: &Compiled, involvement: &mut Involvement, clocks: &[ClockIx], on: Date) {
    for clock in clocks {
        let whose = definition.clock_definition(*clock).whose;
        let slot = &mut involvement.clocks[clock.at()];
        match whose {
            // Runs once for each request, inside it.
            Whose::Adviser => {}
            // A duty that runs already began with the earlier event.
            Whose::Authority | Whose::Other if slot.as_ref().is_some_and(Run::runs) => {}
            // A new draft gives the family a new period.
            Whose::Authority | Whose::Other | Whose::Family | Whose::Wait => *slot = Some(Run::starting(on)),
        }
    }
}

/// A clock that counts from what a fact holds counts from the new date when the fact changes.
fn follow(involvement: &mut Involvement, clocks: &[ClockIx], value: &Value) {
    let Some(counts_from) = value.counts_from() else { return };
    for clock in clocks {
        if let Some(run) = involvement.clocks[clock.at()].as_mut().filter(|run| run.runs()) {
            run.count_from(counts_from);
        }
    }
}

/// A clock was stopped, and no step from here could stop it again: a date that changes now was typed wrongly before.
fn is_behind(definition: &Compiled, involvement: &Involvement, clock: ClockIx) -> bool {
    let is_done = |run: &Run| matches!(run.stopped, Some(Stopped::Done(_)));
    if !involvement.clocks[clock.at()].as_ref().is_some_and(is_done) {
        return false;
    }
    let by_steps = |trigger: &Trigger| matches!(trigger, Trigger::Fired(_) | Trigger::Entered(_));
    let stops_it = |transition: &TransitionIx| {
        let transition = &definition.transitions[transition.at()];
        transition.stops.contains(&clock) || definition.states[transition.to.at()].stops.contains(&clock)
    };
    definition.clock_definition(clock).stops.iter().all(by_steps)
        && !definition.states[involvement.state.at()].out.iter().any(stops_it)
}

/// What was done stays done; it is measured against the date that is right.
fn correct(involvement: &mut Involvement, clocks: &[ClockIx], value: &Value) {
    let Some(counts_from) = value.counts_from() else { return };
    for clock in clocks {
        if let Some(run) = &mut involvement.clocks[clock.at()] {
            run.count_from(counts_from);
        }
    }
}

fn stop(involvement: &mut Involvement, clocks: &[ClockIx], on: Date) {
    for clock in clocks {
        if let Some(run) = &mut involvement.clocks[clock.at()] {
            run.stopped.get_or_insert(Stopped::Done(on));
        }
    }
}

fn request_mut(involvement: &mut Involvement, no: RequestNo) -> Option<&mut Request> {
    involvement.requests.iter_mut().find(|request| request.no == no)
}

fn run_mut<'a>(
    definition: &Compiled,
    involvement: &'a mut Involvement,
    clock: &str,
    request: Option<RequestNo>,
) -> Option<&'a mut Run> {
    match request {
        Some(no) => request_mut(involvement, no).map(|request| &mut request.run),
        None => involvement.clocks[definition.clock(clock)?.at()].as_mut(),
    }
}
