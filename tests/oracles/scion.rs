//! SCION, an interpreter of SCXML, plays back the ways that the engine takes and comes to the same places.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use milepost::timeline::{Compiled, Definition, export};
use serde::Serialize;

use crate::support::{Dice, installed, shipped};
use crate::walk::{Fired, Often, walk};

/// How many ways through each timeline, and how many attempts on each.
const WALKS: usize = 250;
const ATTEMPTS: usize = 100;

#[derive(Debug, Serialize)]
struct Asked {
    chart: String,
    walks: Vec<Vec<String>>,
}

/// For each chart and walk, where SCION is at the start and after each event.
type Played = Vec<Vec<Vec<String>>>;

fn played(charts: &[(String, Vec<Vec<Fired>>)]) -> Played {
    let scion = installed().join("scion");
    assert!(scion.join("node_modules").exists(), "SCION is not installed in {}: run tests/tools", scion.display());
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let asked = charts.iter().enumerate().map(|(number, (chart, walks))| {
        let path = folder.path().join(format!("{number}.scxml"));
        std::fs::write(&path, chart).expect("the chart can be written");
        let names = |walk: &Vec<Fired>| walk.iter().map(|fired| fired.transition.clone()).collect();
        Asked { chart: path.display().to_string(), walks: walks.iter().map(names).collect() }
    });
    let asked: Vec<Asked> = asked.collect();
    let mut process = Command::new("node")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracles/scion.mjs"))
        .arg(&scion)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node starts");
    let mut to_it = process.stdin.take().expect("piped");
    to_it.write_all(&serde_json::to_vec(&asked).expect("plain data")).expect("SCION reads");
    drop(to_it);
    let output = process.wait_with_output().expect("it ends");
    assert!(output.status.success(), "SCION failed");
    serde_json::from_slice(&output.stdout).expect("it answers in JSON")
}

/// Where the engine is at the start and after each transition.
fn engines(definition: &Definition, walk: &[Fired]) -> Vec<String> {
    [definition.start.clone()].into_iter().chain(walk.iter().map(|fired| fired.state.clone())).collect()
}

fn walks() -> Vec<(Definition, Vec<Vec<Fired>>)> {
    let mut dice = Dice(2015);
    shipped()
        .into_iter()
        .map(|definition| {
            let compiled = Compiled::new(definition.clone()).expect("it is shipped");
            let mut often = Often::new();
            let walks = (0..WALKS).map(|_| walk(&compiled, &mut dice, &mut often, ATTEMPTS)).collect();
            (definition, walks)
        })
        .collect()
}

#[test]
fn scion_is_where_the_engine_is_after_every_transition_of_every_timeline() {
    let walks = walks();
    let charts: Vec<_> = walks.iter().map(|(definition, walks)| (export::scxml(definition), walks.clone())).collect();

    let played = played(&charts);

    let mut compared = 0;
    for ((definition, walks), theirs) in walks.iter().zip(&played) {
        for (walk, theirs) in walks.iter().zip(theirs) {
            assert_eq!(theirs, &engines(definition, walk), "{}: {walk:#?}", definition.id);
            compared += walk.len();
        }
        let fired: BTreeSet<&str> = walks.iter().flatten().map(|fired| fired.transition.as_str()).collect();
        let never: Vec<&str> =
            definition.transitions.iter().map(|one| one.id.as_str()).filter(|id| !fired.contains(id)).collect();
        assert!(never.len() <= 2, "{}: the ways leave out {never:?}", definition.id);
    }
    assert!(compared > 2_000, "only {compared} transitions were compared");
}

#[test]
fn a_chart_that_leads_elsewhere_is_noticed() {
    let mut noticed = BTreeMap::new();
    let mut charts = Vec::new();
    let walks = walks();
    for (definition, walks) in &walks {
        let last = walks.iter().flatten().next_back().expect("something was fired");
        let mut elsewhere = definition.clone();
        let other = definition.states.iter().find(|state| state.id != last.state).expect("there are several states");
        let turned = elsewhere.transitions.iter_mut().find(|one| one.id == last.transition).expect("it was fired");
        turned.to.clone_from(&other.id);
        charts.push((export::scxml(&elsewhere), walks.clone()));
    }
    for ((definition, walks), theirs) in walks.iter().zip(played(&charts)) {
        let differs = walks.iter().zip(theirs).any(|(walk, theirs)| theirs != engines(definition, walk));
        noticed.insert((&definition.id, definition.version), differs);
    }
    assert!(noticed.values().all(|noticed| *noticed), "{noticed:?}");
}
