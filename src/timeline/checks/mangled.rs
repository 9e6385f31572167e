//! Shipped timelines with bytes flipped, pieces cut out and pieces doubled: whatever is left is checked, and every finding
//! points into it.

use proptest::prelude::*;
use proptest::sample::Index;

use crate::timeline::{Checked, Compiled, check, draw};

const SHIPPED: [&str; 2] = [
    include_str!("../../../workflows/ehc-needs-assessment.ron"),
    include_str!("../../../workflows/ehc-needs-assessment-2020.ron"),
];

/// The longest piece that is doubled. A cut may take everything from its place on.
const PIECE_MOST: usize = 2_000;

#[derive(Debug, Clone)]
enum Damage {
    Flip { at: Index, bit: u8 },
    Cut { at: Index, long: Index },
    CutToTheEnd { at: Index },
    Double { at: Index, long: Index, before: Index },
}

impl Damage {
    fn any() -> impl Strategy<Value = Damage> {
        prop_oneof![
            4 => (any::<Index>(), 0u8..8).prop_map(|(at, bit)| Damage::Flip { at, bit }),
            3 => (any::<Index>(), any::<Index>()).prop_map(|(at, long)| Damage::Cut { at, long }),
            1 => any::<Index>().prop_map(|at| Damage::CutToTheEnd { at }),
            3 => (any::<Index>(), any::<Index>(), any::<Index>())
                .prop_map(|(at, long, before)| Damage::Double { at, long, before }),
        ]
    }

    fn does(&self, bytes: &mut Vec<u8>) {
        // An empty file is among what may be left, and there is nothing in it to damage.
        if bytes.is_empty() {
            return;
        }
        let until = |from: usize, long: &Index| (from + 1 + long.index(PIECE_MOST)).min(bytes.len());
        match self {
            Damage::Flip { at, bit } => {
                let at = at.index(bytes.len());
                bytes[at] ^= 1 << bit;
            }
            Damage::Cut { at, long } => {
                let from = at.index(bytes.len());
                let until = until(from, long);
                bytes.drain(from..until);
            }
            Damage::CutToTheEnd { at } => bytes.truncate(at.index(bytes.len())),
            Damage::Double { at, long, before } => {
                let from = at.index(bytes.len());
                let piece = bytes[from..until(from, long)].to_vec();
                let before = before.index(bytes.len() + 1);
                bytes.splice(before..before, piece);
            }
        }
    }
}

/// Why a finding points beside the text, if one does. A place just behind a line's last letter is still inside.
fn beside_the_text(checked: &Checked) -> Option<String> {
    let lines: Vec<&str> = checked.source.text.split('\n').collect();
    let beside = checked.findings.iter().find(|finding| {
        let Some(line) = finding.line.checked_sub(1).and_then(|at| lines.get(at)) else { return true };
        let most = line.chars().count() + 1;
        let shown = finding.excerpt.chars().count();
        finding.column < 1
            || finding.column > most
            || finding.width < 1
            || !line.contains(&finding.excerpt)
            || finding.indent + finding.width > shown.max(finding.indent + 1)
    });
    beside.map(|finding| format!("{finding:?}"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 384, ..ProptestConfig::default() })]

    #[test]
    fn a_shipped_timeline_however_it_was_mangled_is_checked_and_every_finding_points_into_it(
        which in 0..SHIPPED.len(),
        damages in proptest::collection::vec(Damage::any(), 1..5),
    ) {
        let mut bytes = SHIPPED[which].as_bytes().to_vec();
        for damage in &damages {
            damage.does(&mut bytes);
        }
        let checked = check("mangled.ron", &bytes);
        prop_assert_eq!(beside_the_text(&checked), None);
        for finding in &checked.findings {
            prop_assert!(finding.picture().contains(finding.check));
        }
        prop_assert!(checked.definition.is_some() || !checked.findings.is_empty(), "it is refused without a reason");
        if let Some(definition) = &checked.definition {
            prop_assert!(draw::svg(definition, None).ends_with("</svg>\n"));
            prop_assert!(!checked.is_sound() || Compiled::new(definition.clone()).is_ok());
        }
    }
}

#[test]
fn a_finding_that_points_beside_the_text_is_noticed() {
    let mut checked =
        check("mangled.ron", SHIPPED[0].replacen("waiting_on: Advisers", "waiting_for: Advisers", 1).as_bytes());
    assert_eq!(beside_the_text(&checked), None);
    let right = checked.findings[0].clone();
    checked.findings[0].line = checked.source.text.lines().count() + 2;
    assert!(beside_the_text(&checked).is_some());
    checked.findings[0] = right;
    checked.findings[0].column = 1_000;
    assert!(beside_the_text(&checked).is_some());
}
