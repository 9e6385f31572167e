//! Numbers of lines in CSV files, as people count them.

/// Whether the first line of a file ends as lines do on Windows.
pub fn ends_lines_with_crlf(start: &[u8]) -> bool {
    let end = start.iter().position(|byte| *byte == b'\n');
    end.is_some_and(|end| end > 0 && start[end - 1] == b'\r')
}

/// The number of a record's line, from 1. The csv reader ends a record at the carriage return and counts the line feed
/// after it only with the next one, so that its own number is one too low where lines end with both.
pub fn line_number(position: &csv::Position, crlf: bool) -> u64 {
    position.line() + u64::from(crlf && position.byte() > 0)
}
