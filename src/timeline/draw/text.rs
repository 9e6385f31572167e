//! Text in a drawing: how wide it is, where it breaks, and how it is written into SVG.

use std::fmt::Write;

/// Width in pixels at a size, on the safe side for Arial, Helvetica and Liberation Sans.
pub(super) fn width(text: &str, size: i32, is_bold: bool) -> i32 {
    let thousandths: i32 = text
        .chars()
        .map(|letter| match letter {
            'i' | 'j' | 'l' | '\'' | '|' => 235,
            ' ' | '.' | ',' | ':' | ';' | '!' | 'f' | 't' | 'I' | '/' | '·' => 285,
            'r' | '(' | ')' | '[' | ']' | '-' | '"' => 345,
            'm' | 'M' | 'w' | '%' | '@' => 850,
            'W' => 960,
            'A'..='Z' | '&' => 720,
            'c' | 'k' | 's' | 'v' | 'x' | 'y' | 'z' => 510,
            letter if letter.is_ascii() => 565,
            // East Asian and the like: a full square.
            letter if u32::from(letter) >= 0x2E80 => 1000,
            _ => 620,
        })
        .sum();
    let bold = if is_bold { 108 } else { 100 };
    (thousandths * size * bold).div_euclid(100_000) + 1
}

/// Breaks text into lines of a width; a word that is too long for a line is cut.
pub(super) fn lines(text: &str, size: i32, is_bold: bool, most: i32) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace() {
        let word = shortened(word, size, is_bold, most);
        let longer = if line.is_empty() { word.clone() } else { format!("{line} {word}") };
        if width(&longer, size, is_bold) <= most {
            line = longer;
        } else {
            lines.push(std::mem::replace(&mut line, word));
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines.retain(|line| !line.is_empty());
    if lines.len() > LINES_MOST {
        lines.truncate(LINES_MOST);
        let last = lines.pop().unwrap_or_default();
        lines.push(shortened(&format!("{last} …"), size, is_bold, most));
    }
    lines
}

/// A label with more lines than this belongs in the text table.
const LINES_MOST: usize = 4;

fn shortened(word: &str, size: i32, is_bold: bool, most: i32) -> String {
    if width(word, size, is_bold) <= most {
        return word.to_owned();
    }
    let mut short = String::new();
    for letter in word.chars() {
        if width(&short, size, is_bold) + width("m…", size, is_bold) > most {
            break;
        }
        short.push(letter);
    }
    short + "…"
}

/// Text as it may stand in XML: escaped, and without the characters that XML forbids.
pub(in crate::timeline) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' => out.push(' '),
            letter if letter.is_control() || matches!(letter, '\u{FFFE}' | '\u{FFFF}') => {}
            letter => out.push(letter),
        }
    }
    out
}

/// How a line of text looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub size: i32,
    pub colour: &'static str,
    pub is_bold: bool,
    pub is_italic: bool,
    pub anchor: Anchor,
    /// A light edge keeps it readable where a line passes behind it.
    pub has_halo: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

impl Style {
    pub fn plain(size: i32) -> Style {
        Style { size, colour: INK, is_bold: false, is_italic: false, anchor: Anchor::Start, has_halo: false }
    }

    pub fn bold(self) -> Style {
        Style { is_bold: true, ..self }
    }

    pub fn anchored(self, anchor: Anchor) -> Style {
        Style { anchor, ..self }
    }

    pub fn coloured(self, colour: &'static str) -> Style {
        Style { colour, ..self }
    }

    pub fn with_halo(self) -> Style {
        Style { has_halo: true, ..self }
    }
}

/// Black that is kind to the eyes; 19:1 on white.
pub(super) const INK: &str = "#0b0c0c";

/// Writes one line of text with its baseline at `y`.
pub(super) fn write(out: &mut String, x: i32, y: i32, text: &str, style: Style) {
    let anchor = match style.anchor {
        Anchor::Start => "",
        Anchor::Middle => " text-anchor=\"middle\"",
        Anchor::End => " text-anchor=\"end\"",
    };
    let weight = if style.is_bold { " font-weight=\"bold\"" } else { "" };
    let slant = if style.is_italic { " font-style=\"italic\"" } else { "" };
    let halo = if style.has_halo {
        " stroke=\"#ffffff\" stroke-width=\"4\" stroke-linejoin=\"round\" paint-order=\"stroke\""
    } else {
        ""
    };
    let _ = writeln!(
        out,
        "<text x=\"{x}\" y=\"{y}\" font-size=\"{}\" fill=\"{}\"{anchor}{weight}{slant}{halo}>{}</text>",
        style.size,
        style.colour,
        escaped(text)
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_text_breaks_between_words_and_never_grows_past_the_width() {
        let broken = lines("Tell the family that we will not assess", 12, false, 120);
        assert_eq!(broken.join(" "), "Tell the family that we will not assess");
        assert!(broken.len() > 1);
        assert!(broken.iter().all(|line| width(line, 12, false) <= 120), "{broken:?}");
    }

    #[test]
    fn a_word_without_spaces_is_cut_rather_than_run_into_its_neighbour() {
        let broken = lines(&"x".repeat(500), 12, false, 120);
        assert_eq!(broken.len(), 1);
        assert!(width(&broken[0], 12, false) <= 120);
    }

    #[test]
    fn what_xml_forbids_is_left_out() {
        assert_eq!(escaped("a<b>&\"'\u{0}\u{1b}c"), "a&lt;b&gt;&amp;&quot;&#39;c");
    }
}
