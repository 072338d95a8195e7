//! A harvester of OAI-PMH 2.0: asks, holds each answer against what the schema of the protocol wants,
//! and follows resumption tokens to the end.

use super::node::Node;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeMap;

/// An element of an answer, named as it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Element {
    pub name: String,
    pub attributes: BTreeMap<String, String>,
    pub text: String,
    pub children: Vec<Element>,
}

impl Element {
    /// The children of a name.
    pub fn all<'e, 'n>(&'e self, name: &'n str) -> impl Iterator<Item = &'e Element> + use<'e, 'n> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The only child of a name.
    #[track_caller]
    pub fn one(&self, name: &str) -> &Element {
        let found: Vec<_> = self.all(name).collect();
        assert_eq!(found.len(), 1, "{name} in {self:?}");
        found[0]
    }

    pub fn names(&self) -> Vec<&str> {
        self.children.iter().map(|child| child.name.as_str()).collect()
    }
}

/// Reads a document that must be well-formed.
#[track_caller]
pub fn read(text: &str) -> Element {
    let mut reader = Reader::from_str(text);
    let mut open = vec![Element::default()];
    let start = |start: &BytesStart<'_>| Element {
        name: String::from_utf8(start.name().as_ref().to_vec()).expect("UTF-8"),
        attributes: start
            .attributes()
            .map(|attribute| {
                let attribute = attribute.expect("an attribute");
                let name = String::from_utf8(attribute.key.as_ref().to_vec()).expect("UTF-8");
                (name, attribute.unescape_value().expect("a value").into_owned())
            })
            .collect(),
        ..Element::default()
    };
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{error}: {text}")) {
            Event::Start(event) => open.push(start(&event)),
            Event::Empty(event) => {
                open.last_mut().expect("a parent").children.push(start(&event));
            }
            Event::Text(event) => {
                let text = event.unescape().expect("a text");
                open.last_mut().expect("a parent").text.push_str(&text);
            }
            Event::End(_) => {
                let mut closed = open.pop().expect("an open element");
                if !closed.children.is_empty() {
                    closed.text.clear();
                }
                open.last_mut().expect("a parent").children.push(closed);
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(open.len(), 1, "all is closed");
    open.remove(0).children.pop().expect("a root")
}

/// Whether a text may stand in XML at all.
fn is_clean(text: &str) -> bool {
    text.chars().all(|c| matches!(c, '\t' | '\n' | ' '..='\u{FFFD}' | '\u{10000}'..))
}

/// Asks for a query string and gives the root of the answer, and its text.
#[track_caller]
pub fn asked(node: &Node, query: &str) -> (Element, String) {
    let answer = node.get(&format!("/oai?{query}"), "*/*");
    assert_eq!(answer.status(), 200, "{query}");
    assert_eq!(answer.headers()["content-type"], "text/xml; charset=utf-8");
    let text = answer.text().expect("a text");
    assert!(is_clean(&text), "{query}");
    let root = read(&text);
    assert_eq!(root.name, "OAI-PMH");
    let own = "http://www.openarchives.org/OAI/2.0/";
    assert_eq!(root.attributes["xmlns"], own);
    assert_eq!(root.attributes["xsi:schemaLocation"], format!("{own} {own}OAI-PMH.xsd"));
    assert_eq!(root.names()[..2], ["responseDate", "request"], "{text}");
    (root, text)
}

/// What a verb is answered with: the element of its name.
#[track_caller]
pub fn told(node: &Node, query: &str) -> Element {
    let (root, text) = asked(node, query);
    let verb = root.one("request").attributes.get("verb").cloned().unwrap_or_default();
    assert_eq!(root.children.len(), 3, "{text}");
    assert_eq!(root.children[2].name, verb, "{query}: {text}");
    root.children[2].clone()
}

/// The codes of the errors a request is answered with.
#[track_caller]
pub fn refused(node: &Node, query: &str) -> Vec<String> {
    let (root, text) = asked(node, query);
    let errors = &root.children[2..];
    assert!(!errors.is_empty() && errors.iter().all(|error| error.name == "error"), "{text}");
    assert!(errors.iter().all(|error| error.text.len() > 10), "each says what to do: {text}");
    errors.iter().map(|error| error.attributes["code"].clone()).collect()
}

/// The header of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    pub identifier: String,
    pub stamp: String,
    pub is_deleted: bool,
    pub sets: Vec<String>,
}

impl Header {
    #[track_caller]
    pub fn of(element: &Element) -> Self {
        assert_eq!(element.names()[..2], ["identifier", "datestamp"]);
        assert!(element.names()[2..].iter().all(|name| *name == "setSpec"));
        Self {
            identifier: element.one("identifier").text.clone(),
            stamp: element.one("datestamp").text.clone(),
            is_deleted: element.attributes.get("status").is_some_and(|status| status == "deleted"),
            sets: element.all("setSpec").map(|set| set.text.clone()).collect(),
        }
    }
}

/// A page of a list.
#[derive(Debug, Clone)]
pub struct Page {
    pub headers: Vec<Header>,
    pub text: String,
    /// Where the list goes on.
    pub token: Option<String>,
    /// How many came before, where the page says so.
    pub cursor: Option<usize>,
}

/// One page of a list.
#[track_caller]
pub fn page(node: &Node, query: &str) -> Page {
    let (root, text) = asked(node, query);
    let list = &root.children[2];
    let headers: Vec<Header> = match list.name.as_str() {
        "ListIdentifiers" => list.all("header").map(Header::of).collect(),
        "ListRecords" => list.all("record").map(|record| record_header(record)).collect(),
        _ => panic!("{query}: {text}"),
    };
    let last = list.children.last().expect("a child");
    let tokens = list.all("resumptionToken").count();
    assert!(!headers.is_empty() && tokens <= 1 && list.children.len() == headers.len() + tokens);
    assert!(tokens == 0 || last.name == "resumptionToken", "the token comes last");
    let end = (tokens == 1).then_some(last);
    Page {
        headers,
        text,
        token: end.map(|end| end.text.clone()).filter(|token| !token.is_empty()),
        cursor: end.map(|end| end.attributes["cursor"].parse().expect("a number")),
    }
}

#[track_caller]
fn record_header(record: &Element) -> Header {
    let header = Header::of(record.one("header"));
    let expected: &[&str] = if header.is_deleted { &["header"] } else { &["header", "metadata"] };
    assert_eq!(record.names(), expected);
    header
}

/// Every page of a list, by a verb and its arguments.
#[track_caller]
pub fn pages(node: &Node, verb: &str, arguments: &str) -> Vec<Page> {
    let mut pages = vec![page(node, &format!("verb={verb}&{arguments}"))];
    while let Some(token) = pages.last().and_then(|page| page.token.clone()) {
        pages.push(page(node, &format!("verb={verb}&resumptionToken={token}")));
    }
    let mut before = 0;
    for (at, page) in pages.iter().enumerate() {
        assert!(pages.len() == 1 || page.cursor == Some(before), "{at}: {:?}", page.cursor);
        before += page.headers.len();
    }
    pages
}

/// Every header of a list.
#[track_caller]
pub fn headers(node: &Node, arguments: &str) -> Vec<Header> {
    let pages = pages(node, "ListIdentifiers", arguments);
    pages.into_iter().flat_map(|page| page.headers).collect()
}
