//! QR codes, drawn as one path of dark squares.

use qrcodegen::{QrCode, QrCodeEcc};
use serde::Serialize;

/// The squares of empty edge that the standard (ISO/IEC 18004) asks for.
const EDGE: i32 = 4;

/// A drawing: its template places it dark on white.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Drawing {
    /// Squares from side to side, with the edge.
    pub size: i32,
    /// The dark squares, as the `d` of a path: one run of a row after the other.
    pub path: String,
}

/// The code of a text; `None` when it is longer than any QR code holds.
pub(super) fn drawing(text: &str) -> Option<Drawing> {
    let code = QrCode::encode_text(text, QrCodeEcc::Medium).ok()?;
    let mut path = String::new();
    for y in 0..code.size() {
        let mut x = 0;
        while x < code.size() {
            let run = (x..code.size()).take_while(|x| code.get_module(*x, y)).count() as i32;
            if run > 0 {
                path += &format!("M{} {}h{run}v1h-{run}z", x + EDGE, y + EDGE);
            }
            x += run.max(1);
        }
    }
    Some(Drawing { size: code.size() + 2 * EDGE, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_drawing_is_the_code_square_by_square() {
        let text =
            "otpauth://totp/Milepost:priya%40northmoor.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Milepost";
        let drawn = drawing(text).expect("it fits");
        let code = QrCode::encode_text(text, QrCodeEcc::Medium).expect("it fits");
        let mut dark = 0;
        for run in drawn.path.split_terminator('z') {
            let (at, rest) = run.trim_start_matches('M').split_once('h').expect("a run");
            let (x, y) = at.split_once(' ').expect("a place");
            let (x, y): (i32, i32) = (x.parse().expect("a number"), y.parse().expect("a number"));
            let length: i32 = rest.split('v').next().expect("a length").parse().expect("a number");
            for x in x..x + length {
                assert!(code.get_module(x - EDGE, y - EDGE), "{x} {y}");
                dark += 1;
            }
        }
        let all = (0..code.size()).flat_map(|y| (0..code.size()).map(move |x| (x, y)));
        assert_eq!(dark, all.filter(|(x, y)| code.get_module(*x, *y)).count());
        assert_eq!(drawn.size, code.size() + 8);
    }
}
