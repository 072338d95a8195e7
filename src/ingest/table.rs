//! Reads a spreadsheet saved as text: separator, quotes and row numbers, one row at a time.
//! Knows nothing of what the columns mean.

use super::encoding::{END, Encoding, Text, garbled};
use super::row::{Cell, Content, ROW_CAP, Row, TableError};
use csv::StringRecord;
use std::io::{ErrorKind, Read, Seek};
use std::sync::Arc;

/// How many bytes the reader may hold beyond the row it is in.
const AHEAD: usize = 64 * 1024;

/// The rows of a CSV file, RFC 4180 with any of `;`, `,` and tab; blank rows are passed over.
pub struct Table<R> {
    reader: csv::Reader<Text<R>>,
    headings: Vec<Arc<str>>,
    number: usize,
    done: bool,
}

impl<R: Read + Seek> Table<R> {
    /// Reads the heading row.
    pub fn open(source: R, encoding: Encoding) -> Result<Self, TableError> {
        let mut text = Text::open(source, encoding)?;
        let separator = separator(text.heading_line()?);
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(separator)
            .terminator(csv::Terminator::Any(b'\n'))
            .buffer_capacity(AHEAD)
            .from_reader(text);
        let mut table = Self { reader, headings: Vec::new(), number: 0, done: false };
        let record = table.record()?.ok_or(TableError::Empty)?;
        table.headings = record.iter().map(|heading| heading.trim().into()).collect();
        while table.headings.pop_if(|heading| heading.is_empty()).is_some() {}
        match table.headings.iter().find(|heading| garbled(heading)) {
            Some(heading) => Err(TableError::Garbled { heading: heading.to_string() }),
            None => Ok(table),
        }
    }
}

impl<R: Read> Table<R> {
    /// The headings as they stand in the file, without empty ones at the end.
    pub fn headings(&self) -> &[Arc<str>] {
        &self.headings
    }

    /// The next record that is not blank; `number` becomes its row.
    fn record(&mut self) -> Result<Option<StringRecord>, TableError> {
        loop {
            let mut record = StringRecord::new();
            let before = self.reader.position().line();
            self.reader.get_mut().allow(ROW_CAP + AHEAD);
            let row = self.number + 1;
            let more = self.reader.read_record(&mut record).map_err(|error| told(error, row))?;
            if !more {
                return Ok(None);
            }
            if record.iter().next_back().is_some_and(|cell| cell.ends_with("\u{3}\n")) {
                return Err(TableError::OpenQuote { row });
            }
            if record.as_slice().len() > ROW_CAP {
                return Err(TableError::TooLong { row });
            }
            // A quoted line end is part of a row; a blank line, which the reader skips, is a row.
            let lines = (self.reader.position().line() - before) as usize;
            self.number += lines.saturating_sub(record.as_slice().matches('\n').count());
            if record.iter().any(|cell| !cell.trim().is_empty() && cell != END) {
                return Ok(Some(record));
            }
        }
    }

    fn row(&self, record: &StringRecord) -> Result<Row, TableError> {
        let headings = self.headings.len();
        let blank = record.iter().rev().take_while(|cell| cell.trim().is_empty()).count();
        let filled = record.len() - blank;
        if filled > headings {
            return Err(TableError::TooManyCells { row: self.number, cells: filled, headings });
        }
        let cells = self.headings.iter().zip(record).map(|(heading, text)| Cell {
            heading: Arc::clone(heading),
            content: Content::Text(text.to_owned()),
        });
        Ok(Row { number: self.number, cells: cells.collect() })
    }
}

/// Ends after an error that leaves the rest unreadable.
impl<R: Read> Iterator for Table<R> {
    type Item = Result<Row, TableError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        match self.record() {
            Ok(Some(record)) => Some(self.row(&record)),
            Ok(None) => None,
            Err(error) => {
                self.done = true;
                Some(Err(error))
            }
        }
    }
}

fn told(error: csv::Error, row: usize) -> TableError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) if error.kind() == ErrorKind::FileTooLarge => {
            TableError::TooLong { row }
        }
        csv::ErrorKind::Io(error) => TableError::Io(error),
        other => TableError::Io(std::io::Error::other(format!("{other:?}"))),
    }
}

/// The separator that stands most often outside quotes, else `;`, as Italian spreadsheets write.
fn separator(heading: &str) -> u8 {
    let mut counts = [(b',', 0), (b'\t', 0), (b';', 0)];
    let mut quoted = false;
    for byte in heading.bytes() {
        quoted ^= byte == b'"';
        for (separator, count) in &mut counts {
            *count += usize::from(!quoted && byte == *separator);
        }
    }
    counts.into_iter().max_by_key(|(_, count)| *count).map_or(b';', |(separator, _)| separator)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn open(text: &str) -> Result<Table<Cursor<Vec<u8>>>, TableError> {
        Table::open(Cursor::new(text.as_bytes().to_vec()), Encoding::Detect)
    }

    /// Row numbers and cells; an error as its English sentence.
    fn rows(text: &str) -> Vec<String> {
        let show = |row: Row| {
            let cells = row.cells.into_iter().map(|cell| match cell.content {
                Content::Text(text) => text,
                Content::List(list) => list.join("+"),
            });
            format!("{}:{}", row.number, cells.collect::<Vec<_>>().join("/"))
        };
        let told = |row: Result<Row, TableError>| row.map_or_else(|error| error.to_string(), show);
        open(text).unwrap().map(told).collect()
    }

    #[test]
    fn each_separator_is_recognised_from_the_headings() {
        for separator in [";", ",", "\t"] {
            let text =
                ["a", "\"b;,\t\"", "c"].join(separator) + "\n" + &["1", "2", "3"].join(separator);
            let table = open(&text).unwrap();
            assert_eq!(table.headings(), ["a".into(), "b;,".into(), "c".into()]);
            assert_eq!(rows(&text), ["2:1/2/3"]);
        }
    }

    #[test]
    fn a_forced_encoding_reads_what_detection_would_not() {
        let bytes: Vec<u8> = "Città;b\n1;è\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let mut table = Table::open(Cursor::new(bytes), Encoding::Utf16).unwrap();
        assert_eq!(&*table.headings()[0], "Città");
        assert_eq!(table.next().unwrap().unwrap().cells[1].content, Content::Text("è".to_owned()));
    }

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_shows_them() {
        let text = "a;b\r\n1;\"two\r\nlines\"\r\n\r\n;;\r\n\"x\";y\r\n\r\n\r\nlast;";
        assert_eq!(rows(text), ["2:1/two\nlines", "5:x/y", "8:last/"]);
        assert_eq!(rows(&text.replace("\r\n", "\n")), rows(text));
        assert_eq!(rows(&text.replace("\r\n", "\r")), rows(text));
    }

    #[test]
    fn a_file_without_headings_is_empty() {
        for text in ["", "\n\n", "\u{FEFF}", ";;;\n"] {
            assert!(matches!(open(text), Err(TableError::Empty)), "{text:?}");
        }
    }

    #[test]
    fn a_row_with_too_many_cells_is_told_and_the_next_one_read() {
        let told = rows("a;b\n1;2;3\n4;5;;\n6");
        assert!(told[0].starts_with("row 2 has 3 cells below 2 headings"), "{told:?}");
        assert_eq!(told[1..], ["3:4/5", "4:6"]);
    }

    #[test]
    fn a_quote_that_is_never_closed_does_not_swallow_rows_in_silence() {
        let told = rows("a;b\n1;2\n\n3;\"4\n5;6\n");
        assert_eq!(told, ["2:1/2", "the quotation mark opened in row 3 is never closed"]);
        let told = rows(&format!("a;b\n1;\"{}", "x\n".repeat(ROW_CAP)));
        assert!(told[0].starts_with("row 2 is longer than 1 MiB"), "{told:?}");
        assert_eq!(told.len(), 1);
    }

    #[test]
    fn a_workbook_and_broken_headings_are_refused_with_advice() {
        assert!(matches!(open("PK\u{3}\u{4}…"), Err(TableError::Workbook)));
        let error = open("AttivitÃ\u{a0};b\n").map(|_| ()).unwrap_err();
        assert!(error.italian().contains("«AttivitÃ»"), "{error}");
    }
}
