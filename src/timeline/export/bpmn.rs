//! A BPMN 2.0 process with its picture: a task for each state, a flow for each transition.

use std::collections::VecDeque;
use std::fmt::Write;

use super::{escaped, start, ways};
use crate::timeline::definition::Definition;

const WIDTH: usize = 150;
const HEIGHT: usize = 70;
const COLUMN: usize = 260;
const ROW: usize = 120;

/// The definition as a process that a modeller can open. A state is a task ("wait here until something is done"), an end
/// an end event; leaving a task by one of several flows is a choice, as it is in the timeline.
pub fn bpmn(definition: &Definition) -> String {
    let (ways, places) = (ways(definition), places(definition));
    let mut process = String::new();
    let mut picture = String::new();
    let started = escaped(&definition.started_label);
    let node = |at: usize| format!("s{at}");
    let _ = writeln!(process, "<startEvent id=\"start\" name=\"{started}\"><outgoing>f-start</outgoing></startEvent>");
    shape(&mut picture, "start", (20, 20 + HEIGHT / 2 - 18), (36, 36));
    for (at, state) in definition.states.iter().enumerate() {
        let tag = if state.ends.is_some() { "endEvent" } else { "userTask" };
        let _ = write!(process, "<{tag} id=\"{}\" name=\"{}\">", node(at), escaped(&state.label));
        if start(definition) == Some(at) {
            process.push_str("<incoming>f-start</incoming>");
        }
        for (number, _) in ways.iter().enumerate().filter(|(_, (_, to, _))| *to == at) {
            let _ = write!(process, "<incoming>f{number}</incoming>");
        }
        for (number, _) in ways.iter().enumerate().filter(|(_, (from, ..))| *from == at) {
            let _ = write!(process, "<outgoing>f{number}</outgoing>");
        }
        let _ = writeln!(process, "</{tag}>");
        let size = if state.ends.is_some() { (36, 36) } else { (WIDTH, HEIGHT) };
        shape(&mut picture, &node(at), places[at], size);
    }
    if let Some(first) = start(definition) {
        let _ = writeln!(process, "<sequenceFlow id=\"f-start\" sourceRef=\"start\" targetRef=\"{}\"/>", node(first));
        edge(&mut picture, "f-start", (56, 20 + HEIGHT / 2), (places[first].0, places[first].1 + HEIGHT / 2));
    }
    for (number, (from, to, transition)) in ways.iter().enumerate() {
        let _ = writeln!(
            process,
            "<sequenceFlow id=\"f{number}\" name=\"{}\" sourceRef=\"{}\" targetRef=\"{}\"/>",
            escaped(&transition.label),
            node(*from),
            node(*to)
        );
        let (from, to) = (places[*from], places[*to]);
        edge(&mut picture, &format!("f{number}"), (from.0 + WIDTH, from.1 + HEIGHT / 2), (to.0, to.1 + 18));
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" \
         xmlns:bpmndi=\"http://www.omg.org/spec/BPMN/20100524/DI\" xmlns:dc=\"http://www.omg.org/spec/DD/20100524/DC\" \
         xmlns:di=\"http://www.omg.org/spec/DD/20100524/DI\" id=\"definitions\" targetNamespace=\"urn:milepost:{id}\">\n\
         <process id=\"process\" name=\"{}\" isExecutable=\"false\">\n{process}</process>\n\
         <bpmndi:BPMNDiagram id=\"diagram\"><bpmndi:BPMNPlane id=\"plane\" bpmnElement=\"process\">\n{picture}\
         </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>\n</definitions>\n",
        escaped(&definition.title),
        id = escaped(&definition.id),
    )
}

/// Where each state stands: a column for each step from the start, rows in document order.
fn places(definition: &Definition) -> Vec<(usize, usize)> {
    let ways = ways(definition);
    let mut column: Vec<Option<usize>> = vec![None; definition.states.len()];
    let mut to_visit: VecDeque<usize> = start(definition).into_iter().collect();
    for first in &to_visit {
        column[*first] = Some(0);
    }
    while let Some(state) = to_visit.pop_front() {
        for (_, to, _) in ways.iter().filter(|(from, ..)| *from == state) {
            if column[*to].is_none() {
                column[*to] = column[state].map(|column| column + 1);
                to_visit.push_back(*to);
            }
        }
    }
    let mut used = vec![0; definition.states.len() + 1];
    let place = |column: Option<usize>| {
        let column = column.unwrap_or(0);
        let row = used[column];
        used[column] += 1;
        (120 + column * COLUMN, 20 + row * ROW)
    };
    column.into_iter().map(place).collect()
}

fn shape(picture: &mut String, id: &str, (x, y): (usize, usize), (width, height): (usize, usize)) {
    let _ = writeln!(
        picture,
        "<bpmndi:BPMNShape id=\"{id}-shape\" bpmnElement=\"{id}\"><dc:Bounds x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/></bpmndi:BPMNShape>"
    );
}

fn edge(picture: &mut String, id: &str, (x1, y1): (usize, usize), (x2, y2): (usize, usize)) {
    let _ = writeln!(
        picture,
        "<bpmndi:BPMNEdge id=\"{id}-edge\" bpmnElement=\"{id}\"><di:waypoint x=\"{x1}\" y=\"{y1}\"/><di:waypoint x=\"{x2}\" y=\"{y2}\"/></bpmndi:BPMNEdge>"
    );
}
