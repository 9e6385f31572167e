//! The lines of a file, one after another, however large it is.

use std::io::{Read, Write};

use super::columns::Columns;
use super::text::{Encoding, MARK, not_text, text_of};
use super::{ImportError, decide::fault};
use crate::children::Fault;
use crate::lines::{ends_lines_with_crlf, line_number};

/// How much of a file is looked at before it is read.
const START: u64 = 64 * 1024;

/// More than any line of a register: what is longer is an unclosed quote.
const LINE_BYTES_MOST: usize = 64 * 1024;

/// A line with its number, as texts by column.
pub(super) struct Line {
    pub number: u64,
    pub texts: Result<Vec<String>, Fault>,
}

pub(super) struct Lines<R> {
    reader: csv::Reader<std::io::Chain<std::io::Cursor<Vec<u8>>, R>>,
    pub columns: Columns,
    /// A field was not UTF-8.
    pub windows_1252: bool,
    /// Lines end as on Windows.
    crlf: bool,
}

impl<R: Read> Lines<R> {
    /// Reads the first line.
    ///
    /// # Errors
    /// When it is no text, or its first line does not name the columns that are needed.
    pub fn of(mut source: R) -> Result<Lines<R>, ImportError> {
        let mut start = Vec::new();
        source.by_ref().take(START).read_to_end(&mut start)?;
        if start.starts_with(MARK) {
            start.drain(..MARK.len());
        }
        if let Some(why) = not_text(&start) {
            return Err(ImportError::File(why.into()));
        }
        let delimiter = delimiter(&start);
        let crlf = ends_lines_with_crlf(&start);
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(delimiter)
            .flexible(true)
            .from_reader(std::io::Cursor::new(start).chain(source));
        let headers = reader.byte_headers().map_err(of_csv)?;
        let headers: Option<Vec<(String, Encoding)>> = headers.iter().map(text_of).collect();
        let headers = headers.ok_or_else(|| ImportError::File("the first line is not text".into()))?;
        let windows_1252 = headers.iter().any(|(_, encoding)| *encoding == Encoding::Windows1252);
        let names: Vec<String> = headers.into_iter().map(|(text, _)| text).collect();
        Ok(Lines { columns: Columns::of(&names).map_err(ImportError::File)?, reader, windows_1252, crlf })
    }

    /// The next line; none after the last.
    ///
    /// # Errors
    /// When the file cannot be read on.
    pub fn next(&mut self) -> Result<Option<Line>, ImportError> {
        let mut record = csv::ByteRecord::new();
        if !self.reader.read_byte_record(&mut record).map_err(of_csv)? {
            return Ok(None);
        }
        let number = record.position().map_or(0, |position| line_number(position, self.crlf));
        Ok(Some(Line { number, texts: self.texts(&record) }))
    }

    fn texts(&mut self, record: &csv::ByteRecord) -> Result<Vec<String>, Fault> {
        if record.len() != self.columns.number() {
            let text = format!("It has {} columns where the first line has {}", record.len(), self.columns.number());
            return Err(fault("line", text));
        }
        if record.as_slice().len() > LINE_BYTES_MOST {
            return Err(fault("line", "It is longer than 64 kB: is a quotation mark not closed?"));
        }
        let mut texts = Vec::with_capacity(record.len());
        for field in record {
            let (text, encoding) =
                text_of(field).ok_or_else(|| fault("line", "It is neither UTF-8 nor Windows-1252 text"))?;
            self.windows_1252 |= encoding == Encoding::Windows1252;
            texts.push(text);
        }
        Ok(texts)
    }
}

/// A comma, unless the first line has none and has what other spreadsheets write.
fn delimiter(start: &[u8]) -> u8 {
    let first = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let among = |byte: u8| first.contains(&byte);
    [b',', b';', b'\t'].into_iter().find(|byte| among(*byte)).unwrap_or(b',')
}

fn of_csv(error: csv::Error) -> ImportError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => ImportError::Read(error),
        other => ImportError::File(format!("the file cannot be read as CSV: {other:?}")),
    }
}

/// Writes an example that can be filled in.
///
/// # Errors
/// When it cannot be written.
pub fn write_example(mut out: impl Write) -> std::io::Result<()> {
    out.write_all(
        b"given_name,family_name,preferred_name,date_of_birth,upn,nhs_number,address,postcode,setting_name,setting_kind\n\
          Ada,Okafor,,31/05/2018,,,1 Mill Lane,NM1 1AA,Alder Primary School,Primary school\n",
    )
}
