//! The text of a file as people save it: UTF-8, or what older spreadsheets write.

/// What stands at the start of a file that is not text, and what to do about it.
pub(super) fn not_text(start: &[u8]) -> Option<&'static str> {
    if start.starts_with(b"PK\x03\x04") || start.starts_with(b"\xd0\xcf\x11\xe0") {
        return Some("this is a spreadsheet, not a CSV file; save it as \"CSV UTF-8\"");
    }
    if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") || start.contains(&0) {
        return Some("this is UTF-16 (\"Unicode text\"); save it as \"CSV UTF-8\"");
    }
    start.iter().all(u8::is_ascii_whitespace).then_some("the file is empty")
}

/// The mark that spreadsheets put before UTF-8 text.
pub(super) const MARK: &[u8] = b"\xef\xbb\xbf";

/// How a field was encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    Utf8,
    Windows1252,
}

/// A field's text. What is not UTF-8 is read as Windows-1252, which spreadsheets in Britain write; `None` when it is that
/// neither.
pub(super) fn text_of(bytes: &[u8]) -> Option<(String, Encoding)> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Some((text.to_owned(), Encoding::Utf8)),
        Err(_) => {
            let text: Option<String> = bytes.iter().map(|byte| windows_1252(*byte)).collect();
            text.map(|text| (text, Encoding::Windows1252))
        }
    }
}

fn windows_1252(byte: u8) -> Option<char> {
    // From 0x80; a space stands for the five that mean nothing.
    const SPECIAL: &str = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ";
    match byte {
        0x80..=0x9f => SPECIAL.chars().nth(usize::from(byte - 0x80)).filter(|c| *c != ' '),
        other => Some(char::from(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_from_an_older_spreadsheet_keep_their_letters() {
        assert_eq!(text_of("Zoë".as_bytes()), Some(("Zoë".into(), Encoding::Utf8)));
        assert_eq!(text_of(b"Zo\xeb O\x92Brien"), Some(("Zoë O’Brien".into(), Encoding::Windows1252)));
        assert_eq!(text_of(b"\x8aulc \x9f"), Some(("Šulc Ÿ".into(), Encoding::Windows1252)));
        assert_eq!(text_of(b"Zo\x81"), None);
    }

    #[test]
    fn what_is_not_text_is_named() {
        assert!(not_text(b"PK\x03\x04abc").is_some_and(|why| why.contains("spreadsheet")));
        assert!(not_text(b"\xff\xfeg\0i\0").is_some_and(|why| why.contains("UTF-16")));
        assert_eq!(not_text(b" \r\n"), Some("the file is empty"));
        assert_eq!(not_text(b"given_name,family_name"), None);
    }
}
