//! An answer of a repository, read: its records as they are marked up, where the list goes on, what it
//! refuses. OAI-PMH 2.0, section 3. Refuses to know what the records say.

use crate::federation::markup::attribute;
use crate::vocab::harvest::XMLNS;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeMap;

/// An answer.
#[derive(Debug, Default)]
pub(super) struct Answer {
    /// When it was given, by the repository's clock.
    pub at: String,
    /// Why there is no list: a code, and words.
    pub refusal: Option<(String, String)>,
    pub records: Vec<Listed>,
    /// Where the list goes on.
    pub token: Option<String>,
    /// The formats it offers: what they are called, and their namespaces.
    pub formats: Vec<(String, String)>,
    pub granularity: String,
}

/// A record of a list.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Listed {
    pub identifier: String,
    pub is_deleted: bool,
    /// What it says, as a document of its own.
    pub metadata: String,
}

/// Reads an answer.
pub(super) fn read(body: &str) -> Result<Answer, String> {
    let mut reading = Reading { body, answer: Answer::default(), inside: Vec::new(), begun: None };
    let mut reader = Reader::from_str(body);
    let mut before = 0;
    loop {
        let event = reader.read_event().map_err(|error| error.to_string())?;
        let here = usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX);
        match event {
            Event::Start(start) => reading.start(&start, before)?,
            Event::Empty(start) => {
                reading.start(&start, before)?;
                reading.end(here);
            }
            Event::End(_) => reading.end(here),
            Event::Text(text) => {
                let text = text.unescape().map_err(|error| error.to_string())?;
                reading.text(&text);
            }
            Event::CData(text) => reading.text(&String::from_utf8_lossy(&text)),
            Event::Eof => break,
            _ => {}
        }
        before = here;
    }
    match reading.inside.is_empty() && reading.answer.is_one() {
        true => Ok(reading.answer),
        false => Err("it is no whole answer of OAI-PMH".to_owned()),
    }
}

impl Answer {
    fn is_one(&self) -> bool {
        !self.at.is_empty()
    }
}

/// An element that is open, with the namespaces that it declares.
struct Element {
    name: String,
    spaces: BTreeMap<String, String>,
}

struct Reading<'b> {
    body: &'b str,
    answer: Answer,
    inside: Vec<Element>,
    /// Where the markup of a record began, and with what it has to begin to stand alone.
    begun: Option<(usize, String)>,
}

/// How deep the markup of a record stands.
const DEPTH: usize = 5;

impl Reading<'_> {
    fn start(&mut self, start: &BytesStart<'_>, at: usize) -> Result<(), String> {
        let name = String::from_utf8_lossy(start.local_name().as_ref()).into_owned();
        let spaces = spaces(start)?;
        self.inside.push(Element { name, spaces });
        match path(&self.inside).as_slice() {
            ["OAI-PMH", "error"] => {
                let code = attribute(start, "code").unwrap_or_default();
                self.answer.refusal = Some((code, String::new()));
            }
            ["OAI-PMH", "ListMetadataFormats", "metadataFormat"] => {
                self.answer.formats.push((String::new(), String::new()));
            }
            ["OAI-PMH", "ListRecords", "record"] => self.answer.records.push(Listed::default()),
            ["OAI-PMH", "ListRecords", "record", "header"] => {
                let is_deleted = attribute(start, "status").as_deref() == Some("deleted");
                if let Some(record) = self.answer.records.last_mut() {
                    record.is_deleted = is_deleted;
                }
            }
            ["OAI-PMH", "ListRecords", "record", "metadata", _] => {
                self.begun = Some((at, self.head(start)));
            }
            _ => {}
        }
        Ok(())
    }

    fn end(&mut self, at: usize) {
        if self.inside.len() == DEPTH
            && let Some((from, head)) = self.begun.take()
            && let Some(rest) = self.body.get(from..at)
            && let Some(record) = self.answer.records.last_mut()
        {
            // The tag's name ends where a space, a slash or a bracket stands.
            let name = rest.find([' ', '\t', '\r', '\n', '/', '>']).unwrap_or(rest.len());
            record.metadata = format!("{head}{}", &rest[name..]);
        }
        self.inside.pop();
    }

    fn text(&mut self, text: &str) {
        let text = text.trim();
        let answer = &mut self.answer;
        match path(&self.inside).as_slice() {
            ["OAI-PMH", "responseDate"] => answer.at += text,
            ["OAI-PMH", "error"] => {
                if let Some((_, words)) = &mut answer.refusal {
                    *words += text;
                }
            }
            ["OAI-PMH", "Identify", "granularity"] => answer.granularity += text,
            ["OAI-PMH", "ListRecords", "resumptionToken"] if !text.is_empty() => {
                answer.token.get_or_insert_default().push_str(text);
            }
            ["OAI-PMH", "ListRecords", "record", "header", "identifier"] => {
                if let Some(record) = answer.records.last_mut() {
                    record.identifier += text;
                }
            }
            [
                "OAI-PMH",
                "ListMetadataFormats",
                _,
                part @ ("metadataPrefix" | "metadataNamespace"),
            ] => {
                if let Some((name, space)) = answer.formats.last_mut() {
                    *(if *part == "metadataPrefix" { name } else { space }) += text;
                }
            }
            _ => {}
        }
    }

    /// The beginning of a tag with the namespaces that elements around it declare. Namespaces in XML
    /// 1.0, section 6.1.
    fn head(&self, start: &BytesStart<'_>) -> String {
        let mut around: BTreeMap<&str, &str> = BTreeMap::new();
        for element in &self.inside[..self.inside.len() - 1] {
            around.extend(element.spaces.iter().map(|(name, it)| (name.as_str(), it.as_str())));
        }
        let mut head = format!("<{}", String::from_utf8_lossy(start.name().as_ref()));
        let own = self.inside.last().map(|element| &element.spaces);
        for (name, space) in around {
            if !own.is_some_and(|own| own.contains_key(name)) {
                head += &format!(" {name}=\"{}\"", quick_xml::escape::escape(space));
            }
        }
        head
    }
}

fn path(inside: &[Element]) -> Vec<&str> {
    inside.iter().map(|element| element.name.as_str()).collect()
}

fn spaces(start: &BytesStart<'_>) -> Result<BTreeMap<String, String>, String> {
    let mut spaces = BTreeMap::new();
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|error| error.to_string())?;
        let name = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
        if name == "xmlns" || name.starts_with("xmlns:") {
            let value = attribute.unescape_value().map_err(|error| error.to_string())?;
            if value != XMLNS {
                spaces.insert(name, value.into_owned());
            }
        }
    }
    Ok(spaces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_stands_alone_with_the_names_that_were_declared_around_it() {
        let text = "<OAI-PMH xmlns='http://o' xmlns:r='http://r'><responseDate>2026-01-01T00:00:00Z\
                    </responseDate><ListRecords><record><header><identifier>a</identifier></header>\
                    <metadata><r:RDF xmlns:q='http://q'><q:x/></r:RDF></metadata></record><record>\
                    <header status='deleted'><identifier>b</identifier></header></record>\
                    <resumptionToken cursor='0'>x&amp;y</resumptionToken></ListRecords></OAI-PMH>";
        let answer = read(text).unwrap();
        let [first, second] = answer.records.as_slice() else { panic!("two records") };
        let wanted =
            "<r:RDF xmlns=\"http://o\" xmlns:r=\"http://r\" xmlns:q='http://q'><q:x/></r:RDF>";
        assert_eq!((first.identifier.as_str(), first.metadata.as_str()), ("a", wanted));
        assert!(second.is_deleted && second.identifier == "b");
        assert_eq!(answer.token.as_deref(), Some("x&y"));
        assert_eq!(answer.at, "2026-01-01T00:00:00Z");
        assert!(read(&text[..text.len() - 10]).is_err(), "it was cut off");
        assert!(read("<html/>").is_err());
    }

    #[test]
    fn refusals_and_formats_are_read() {
        let answer = |inside: &str| {
            read(&format!("<OAI-PMH><responseDate>1</responseDate>{inside}</OAI-PMH>")).unwrap()
        };
        let refusal = answer("<error code='noRecordsMatch'>nothing</error>").refusal;
        assert_eq!(refusal, Some(("noRecordsMatch".to_owned(), "nothing".to_owned())));
        let formats = answer(
            "<ListMetadataFormats><metadataFormat><metadataPrefix>rdf</metadataPrefix>\
             <metadataNamespace>http://r</metadataNamespace></metadataFormat></ListMetadataFormats>",
        );
        assert_eq!(formats.formats, [("rdf".to_owned(), "http://r".to_owned())]);
    }
}
