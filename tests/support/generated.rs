//! A large and sound definition, for benchmarks and tests of speed.

use std::fmt::Write;

/// The RON text of a process with this many states (ten or more), one stage for every twenty. All of it is sound: from each state one goes on
/// to the next, back, or to an end; limits begin and are met along the way.
pub fn text_of(states: usize) -> String {
    let mut text = String::from(
        "Timeline(\n    id: \"generated\", title: \"Generated\", version: 1, in_force: (from: \"2014-09-01\"), law: \"None\",\n    \
         start: \"state-0\", started_label: \"Received\", started_as: \"received\",\n    stages: [\n",
    );
    let last = states - 1;
    for stage in 0..states.div_ceil(20) {
        let _ = writeln!(
            text,
            "        Stage(id: \"stage-{stage}\", title: \"Stage {stage}\", for_families: \"Something happens.\"),"
        );
    }
    text.push_str("    ],\n    facts: [\n        Fact(id: \"route\", label: \"Route\", kind: Choice([(id: \"short\", label: \"Short\"), (id: \"long\", label: \"Long\")])),\n    ],\n    states: [\n");
    for state in 0..states {
        let ends = if state == last { ", ends: \"Over\"" } else { "" };
        let _ = writeln!(
            text,
            "        State(id: \"state-{state}\", stage: \"stage-{}\", label: \"State {state}\", for_families: \"It goes on.\"{ends}),",
            state / 20
        );
    }
    text.push_str("    ],\n    clocks: [\n");
    for clock in 0..(states / 40).min(100) {
        let _ = writeln!(
            text,
            "        Clock(id: \"clock-{clock}\", label: \"Limit {clock}\", starts: [Entered(\"state-{}\")], stops: [Fired(\"leave-{}\")], \
             counts_from: \"entered\", limit: Within(Weeks(6)), basis: \"None\", confidence: Text),",
            clock * 40,
            clock * 40
        );
    }
    text.push_str("    ],\n    transitions: [\n");
    for state in 0..last {
        let _ = writeln!(
            text,
            "        Transition(id: \"leave-{state}\", label: \"Leave {state}\", done: \"Left {state}\", from: [\"state-{state}\"], to: \"state-{}\", \
             by: [Caseworker], when: Any([Is(\"route\", \"long\"), Not(Known(\"route\"))])),",
            state + 1
        );
        if state % 3 == 1 {
            let _ = writeln!(
                text,
                "        Transition(id: \"return-{state}\", label: \"Return to {}\", done: \"Returned\", from: [\"state-{state}\"], to: \"state-{}\", \
                 by: [Caseworker]),",
                state - 1,
                state - 1
            );
        }
    }
    text + "    ],\n)\n"
}
