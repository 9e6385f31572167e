//! pm4py's WOFLAN agrees on which timelines are sound: the shipped ones, and many that were damaged on purpose.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use milepost::timeline::{self, Definition, Transition, export};

use crate::support::{Dice, installed, shipped};

/// How many damaged copies of each timeline are judged.
const MUTANTS: usize = 50;

/// What `milepost check` finds where a workflow net is unsound: a part that no way leads to, and a way that leads nowhere.
/// An end with a way out is an error too, but a net that may go on after its end is still sound.
const UNSOUND: [&str; 2] = ["unreachable-state", "dead-end"];

/// A copy with one piece of damage, and what it was. Transitions stay declared, so that no name is left without its owner:
/// that would be found before any way is followed.
fn damaged(definition: &Definition, dice: &mut Dice) -> (Definition, String) {
    let mut copy = definition.clone();
    let transition = dice.up_to(copy.transitions.len());
    let state = dice.up_to(copy.states.len());
    let id = copy.states[state].id.clone();
    let what = match dice.up_to(5) {
        0 => {
            copy.transitions[transition].to.clone_from(&id);
            format!("\"{}\" leads to \"{id}\"", copy.transitions[transition].id)
        }
        1 => {
            leaves_nothing(&mut copy.transitions[transition]);
            format!("\"{}\" leaves no state", copy.transitions[transition].id)
        }
        2 => {
            copy.transitions.iter_mut().filter(|transition| transition.to == id).for_each(leaves_nothing);
            format!("nothing leads to \"{id}\"")
        }
        3 => {
            copy.states[state].ends = None;
            format!("\"{id}\" is no end")
        }
        _ => {
            copy.transitions.iter_mut().for_each(|transition| transition.from.retain(|from| *from != id));
            format!("only what leaves every state leaves \"{id}\"")
        }
    };
    (copy, what)
}

fn leaves_nothing(transition: &mut Transition) {
    transition.from.clear();
    transition.from_any_open_state = false;
}

fn is_sound_to_us(definition: &Definition) -> bool {
    let text = ron::to_string(definition).expect("a definition can be written");
    let checked = timeline::check("damaged.ron", format!("#![enable(implicit_some)]\n{text}").as_bytes());
    assert!(checked.definition.is_some(), "{:#?}", checked.findings);
    assert!(!checked.findings.iter().any(|finding| finding.check == "unknown-name"), "{:#?}", checked.findings);
    !checked.findings.iter().any(|finding| UNSOUND.contains(&finding.check))
}

/// What WOFLAN says of each net, in order.
fn judged(nets: &[String]) -> Vec<bool> {
    let python = installed().join("bin/python");
    assert!(python.exists(), "pm4py is not installed in {}: run tests/tools", python.display());
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles/soundness.py");
    let mut process = Command::new(python)
        .arg(script)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("pm4py starts");
    let mut asked = process.stdin.take().expect("piped");
    let paths: Vec<PathBuf> = nets
        .iter()
        .enumerate()
        .map(|(number, net)| {
            let path = folder.path().join(format!("{number}.pnml"));
            std::fs::write(&path, net).expect("the net can be written");
            path
        })
        .collect();
    let asking = std::thread::spawn(move || {
        for path in paths {
            writeln!(asked, "{}", path.display()).expect("pm4py reads");
        }
    });
    let answers = BufReader::new(process.stdout.take().expect("piped")).lines();
    let answers: Vec<bool> = answers.map(|line| line.expect("text") == "sound").collect();
    asking.join().expect("all were asked");
    assert!(process.wait().expect("it ends").success(), "pm4py failed after {} of {}", answers.len(), nets.len());
    answers
}

#[test]
fn woflan_agrees_on_every_shipped_timeline_and_on_fifty_damaged_copies_of_each() {
    let mut dice = Dice(2014);
    let mut cases: Vec<(String, bool, String)> = Vec::new();
    for definition in shipped() {
        let named = format!("{} version {}", definition.id, definition.version);
        cases.push((format!("{named}, as it is shipped"), is_sound_to_us(&definition), export::pnml(&definition)));
        for _ in 0..MUTANTS {
            let (copy, what) = damaged(&definition, &mut dice);
            cases.push((format!("{named}: {what}"), is_sound_to_us(&copy), export::pnml(&copy)));
        }
    }
    let nets: Vec<String> = cases.iter().map(|(_, _, net)| net.clone()).collect();
    let theirs = judged(&nets);
    assert_eq!(theirs.len(), cases.len());
    let disagreed: Vec<String> = cases
        .iter()
        .zip(&theirs)
        .filter(|((_, ours, _), theirs)| ours != *theirs)
        .map(|((what, ours, _), theirs)| format!("{what}: check says {ours}, WOFLAN {theirs}"))
        .collect();
    assert!(disagreed.is_empty(), "{} of {}:\n{}", disagreed.len(), cases.len(), disagreed.join("\n"));
    let unsound = theirs.iter().filter(|sound| !**sound).count();
    assert!(unsound >= 50 && unsound < theirs.len() - 50, "both kinds are among them: {unsound} of {}", theirs.len());
}
