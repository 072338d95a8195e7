//! Reads the rows of a table from JSON: an array of objects, or one object a line.
//! Holds one item at a time; knows nothing of what the keys mean.

use super::row::{Cell, Content, ROW_CAP, Row, TableError};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;
use std::fmt;
use std::io::{BufRead, Read};
use std::sync::Arc;

/// The items of a JSON text in UTF-8, RFC 8259, numbered from 1.
pub struct Items<R> {
    source: R,
    in_array: bool,
    number: usize,
    first: Option<Result<Row, TableError>>,
    done: bool,
}

impl<R: BufRead> Items<R> {
    /// Reads the first item, whose keys decide what table it is.
    pub fn open(source: R) -> Result<Self, TableError> {
        let mut items = Self { source, in_array: false, number: 0, first: None, done: false };
        if items.source.fill_buf()?.starts_with("\u{FEFF}".as_bytes()) {
            items.source.consume('\u{FEFF}'.len_utf8());
        }
        items.in_array = items.peek()? == Some(b'[');
        if items.in_array {
            items.source.consume(1);
        }
        items.first = items.advance();
        match items.first {
            None => Err(TableError::Empty),
            Some(_) => Ok(items),
        }
    }

    /// The keys of the first item.
    pub fn headings(&self) -> Vec<Arc<str>> {
        let Some(Ok(row)) = &self.first else { return Vec::new() };
        row.cells.iter().map(|cell| Arc::clone(&cell.heading)).collect()
    }

    /// The next byte that is not white space, left in place.
    fn peek(&mut self) -> Result<Option<u8>, TableError> {
        loop {
            let bytes = self.source.fill_buf()?;
            if bytes.is_empty() {
                return Ok(None);
            }
            let blank = bytes.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            let next = bytes.get(blank).copied();
            self.source.consume(blank);
            if next.is_some() {
                return Ok(next);
            }
        }
    }

    /// Moves to where the next item begins; false after the last one.
    fn seek(&mut self) -> Result<bool, TableError> {
        let mut next = self.peek()?;
        let separated = self.in_array && self.number > 0 && next == Some(b',');
        if separated {
            self.source.consume(1);
            next = self.peek()?;
        }
        if self.in_array && !separated && next == Some(b']') {
            self.source.consume(1);
            return match self.peek()? {
                None => Ok(false),
                Some(_) => Err(self.wrong("something follows the end of the array")),
            };
        }
        let first = self.number == 0;
        match next {
            Some(b'{') if separated || first || !self.in_array => Ok(true),
            None if !self.in_array => Ok(false),
            None => Err(self.wrong("the array is not closed")),
            Some(_) => Err(self.wrong("an object in braces is expected")),
        }
    }

    fn wrong(&self, reason: &str) -> TableError {
        TableError::Json { row: self.number + 1, reason: reason.to_owned() }
    }

    fn item(&mut self) -> Result<Item, TableError> {
        let mut limited = self.source.by_ref().take(ROW_CAP as u64);
        let item = Item::deserialize(&mut serde_json::Deserializer::from_reader(&mut limited));
        let spent = limited.limit() == 0;
        item.map_err(|error| match spent {
            true => TableError::TooLong { row: self.number + 1 },
            false => self.wrong(&error.to_string()),
        })
    }

    fn advance(&mut self) -> Option<Result<Row, TableError>> {
        if self.done {
            return None;
        }
        let item = match self.seek() {
            Ok(true) => self.item(),
            Ok(false) => {
                self.done = true;
                return None;
            }
            Err(error) => Err(error),
        };
        self.done = item.is_err();
        self.number += 1;
        Some(item.and_then(|item| row(self.number, item)))
    }
}

/// Ends after an error that leaves the rest unreadable.
impl<R: BufRead> Iterator for Items<R> {
    type Item = Result<Row, TableError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.first.take().or_else(|| self.advance())
    }
}

/// An object with its keys as they come, even twice.
struct Item(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Item;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Item, A::Error> {
                let mut pairs = Vec::new();
                while let Some(pair) = map.next_entry()? {
                    pairs.push(pair);
                }
                Ok(Item(pairs))
            }
        }
        deserializer.deserialize_map(Pairs)
    }
}

fn row(number: usize, Item(pairs): Item) -> Result<Row, TableError> {
    let cell = |(key, value): (String, Value)| {
        let content = match value {
            Value::Array(values) => {
                values.into_iter().map(text).collect::<Option<_>>().map(Content::List)
            }
            value => text(value).map(Content::Text),
        };
        let heading = Arc::from(key.trim());
        match content {
            Some(content) => Ok(Cell { heading, content }),
            None => Err(TableError::Nested { row: number, column: key }),
        }
    };
    let cells = pairs.into_iter().map(cell).collect::<Result<_, _>>()?;
    Ok(Row { number, cells })
}

/// A single value as a cell would show it; a decimal sign is a comma, as `1.125` would be grouped.
fn text(value: Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::Bool(yes) => Some(if yes { "sì" } else { "no" }.to_owned()),
        Value::Number(number) => Some(number.to_string().replace('.', ",")),
        Value::String(text) => Some(text),
        Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Item numbers with their keys; an error as its English sentence.
    fn told(json: &str) -> Vec<String> {
        let items = match Items::open(json.as_bytes()) {
            Ok(items) => items,
            Err(error) => return vec![error.to_string()],
        };
        let show = |row: Row| {
            let keys: Vec<&str> = row.cells.iter().map(|cell| &*cell.heading).collect();
            format!("{}:{}", row.number, keys.join("+"))
        };
        items.map(|row| row.map_or_else(|error| error.to_string(), show)).collect()
    }

    #[test]
    fn an_array_and_a_file_of_lines_give_the_same_rows() {
        for json in [
            "\u{FEFF} [ {\"a\": 1}\n, {\"b\": [\"x\"], \"b\": null} ]\n",
            "{\"a\": 1}\n\n{\"b\": [], \"b\": true}",
        ] {
            assert_eq!(told(json), ["1:a", "2:b+b"]);
        }
        assert!(told("[]")[0].contains("is empty"));
        assert!(told("")[0].contains("is empty"));
    }

    #[test]
    fn what_is_not_an_array_of_objects_is_told_with_its_item() {
        for (json, item) in [
            ("[1]", 1),
            ("x", 1),
            ("[{\"a\":1} {\"a\":1}]", 2),
            ("[{\"a\":1},]", 2),
            ("[{\"a\":1}", 2),
            ("[{\"a\":1}] x", 2),
            ("{\"a\":1}\n{\"a\":", 2),
        ] {
            let told = told(json);
            let expected = format!("item {item} is not JSON as expected");
            assert!(told.last().unwrap().starts_with(&expected), "{json}: {told:?}");
            assert_eq!(told.len(), item);
        }
    }

    #[test]
    fn a_nested_value_is_refused_and_the_next_item_read() {
        let told = told("{\"a\": {}}\n{\"b\": 2}");
        assert!(told[0].starts_with("item 1: \"a\" must hold"), "{told:?}");
        assert_eq!(told[1], "2:b");
    }

    #[test]
    fn an_item_without_end_is_not_held() {
        let long = format!("[{{\"a\": \"{}\"}}]", "x".repeat(ROW_CAP));
        assert!(told(&long)[0].starts_with("row 1 is longer than 1 MiB"));
    }

    #[test]
    fn a_number_keeps_its_value_as_an_amount() {
        assert_eq!(text(serde_json::json!(12500.5)).as_deref(), Some("12500,5"));
        assert_eq!(text(serde_json::json!(12500)).as_deref(), Some("12500"));
    }
}
