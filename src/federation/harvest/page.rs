//! A page of a stream: its members, and where the stream goes on. TREE hypermedia, sections 3 and 4.
//! Refuses to know which pages were read before.

use super::item::Item;
use super::member::{Member, Paths};
use crate::ingest::wrong_term;
use crate::schema::Text;
use crate::vocab::{ldes, tree};
use jiff::Timestamp;
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::vocab::rdf;
use oxigraph::model::{GraphName, NamedOrBlankNode, Quad, Term};
use std::collections::{BTreeMap, HashMap, HashSet};

/// A page as it was read.
#[derive(Debug)]
pub(super) struct Page {
    /// By what the page calls itself, if it does.
    pub own: Option<String>,
    pub is_closed: bool,
    /// Where the stream goes on, the earliest first.
    pub links: Vec<String>,
    pub items: Vec<Item>,
    /// The number of the last change among its members.
    pub number: Option<u64>,
    pub paths: Paths,
}

/// The statements of a page by where they stand, and what could not be read.
#[derive(Default)]
struct Sheet {
    head: Vec<Quad>,
    graphs: HashMap<String, Vec<Quad>>,
    faults: Vec<Fault>,
}

/// A line that cannot be read.
struct Fault {
    number: u64,
    text: String,
    why: String,
}

/// Reads a page; the records of its members go to a graph. Fails where its syntax is broken in a way
/// that leaves nothing to go by.
pub(super) fn read(
    body: &[u8],
    format: RdfFormat,
    url: &str,
    mut paths: Paths,
    graph: &str,
) -> Result<Page, String> {
    let sheet = Sheet::read(body, format, url)?;
    for quad in &sheet.head {
        paths.learn(quad);
    }
    let members: Vec<&str> = sheet.objects(tree::MEMBER.as_str());
    let mut wrong: HashMap<&str, &str> = HashMap::new();
    let mut items = Vec::new();
    let known: HashSet<&str> = members.iter().copied().collect();
    for Fault { number, text, why } in &sheet.faults {
        let mut named = text.split('<').filter_map(|rest| Some(rest.split_once('>')?.0));
        match named.find_map(|iri| known.get(iri)) {
            Some(member) => {
                wrong.insert(member, why);
            }
            None => items.push(Item::line(url, *number, broken(why))),
        }
    }
    let (mut number, places) = (None, sheet.places());
    for iri in members {
        let quads = sheet.of_member(iri, &places);
        let faulty = quads.iter().find_map(|quad| wrong_term(quad));
        let wrong = wrong.get(iri).map(|why| broken(why)).or(faulty.map(|fault| fault.message));
        let said = Member { iri, quads, wrong }.read(&paths, graph);
        number = number.max(said.number);
        items.extend(said.items);
    }
    let own = sheet.own();
    let closes = |quad: &Quad| {
        quad.predicate == ldes::IMMUTABLE
            && own.as_ref().is_none_or(|own| name(&quad.subject) == *own)
            && matches!(&quad.object, Term::Literal(literal) if matches!(literal.value(), "true" | "1"))
    };
    let is_closed = sheet.head.iter().any(closes);
    Ok(Page { is_closed, links: sheet.links(), own, items, number, paths })
}

fn broken(why: &str) -> Text {
    Text::new(format!("non si può leggere: {why}"), format!("it cannot be read: {why}"))
}

impl Sheet {
    fn read(body: &[u8], format: RdfFormat, url: &str) -> Result<Self, String> {
        let parser = RdfParser::from_format(format).with_base_iri(url);
        let parser = parser.map_err(|error| error.to_string())?.lenient();
        let mut sheet = Self::default();
        for quad in parser.for_slice(body) {
            match quad {
                Ok(quad) => sheet.put(quad),
                Err(_) if matches!(format, RdfFormat::NTriples | RdfFormat::NQuads) => {
                    return Ok(Self::by_lines(body, format));
                }
                Err(error) => return Err(format!("it is not {}: {error}", format.name())),
            }
        }
        Ok(sheet)
    }

    /// Reads each line by itself: a text that does not end takes no more than its own line with it.
    fn by_lines(body: &[u8], format: RdfFormat) -> Self {
        let mut sheet = Self::default();
        for (number, line) in (1..).zip(body.split(|byte| *byte == b'\n')) {
            let quads = RdfParser::from_format(format).lenient().for_slice(line);
            match quads.collect::<Result<Vec<Quad>, _>>() {
                Ok(quads) => quads.into_iter().for_each(|quad| sheet.put(quad)),
                Err(error) => {
                    let text = String::from_utf8_lossy(line).into_owned();
                    sheet.faults.push(Fault { number, text, why: error.to_string() });
                }
            }
        }
        sheet
    }

    fn put(&mut self, quad: Quad) {
        match &quad.graph_name {
            GraphName::NamedNode(name) => {
                self.graphs.entry(name.as_str().to_owned()).or_default().push(quad);
            }
            _ => self.head.push(quad),
        }
    }

    /// The values of a property that are IRIs, each once, in the order in which they stand there.
    fn objects(&self, property: &str) -> Vec<&str> {
        let mut seen = HashSet::new();
        let found = self.head.iter().filter_map(|quad| match &quad.object {
            Term::NamedNode(node) if quad.predicate.as_str() == property => Some(node.as_str()),
            _ => None,
        });
        found.filter(|iri| seen.insert(*iri)).collect()
    }

    /// The statements outside named graphs by their subjects.
    fn places(&self) -> HashMap<String, Vec<&Quad>> {
        let mut places: HashMap<String, Vec<&Quad>> = HashMap::new();
        for quad in &self.head {
            places.entry(name(&quad.subject)).or_default().push(quad);
        }
        places
    }

    /// The statements of a member: those of the graph that it names, or else what hangs from it.
    fn of_member<'q>(
        &'q self,
        iri: &str,
        places: &HashMap<String, Vec<&'q Quad>>,
    ) -> Vec<&'q Quad> {
        if let Some(quads) = self.graphs.get(iri) {
            return quads.iter().collect();
        }
        let fragments = format!("{iri}#");
        let mut open = vec![iri.to_owned()];
        let mut seen: HashSet<String> = open.iter().cloned().collect();
        let mut found = Vec::new();
        while let Some(subject) = open.pop() {
            for quad in places.get(&subject).into_iter().flatten() {
                found.push(*quad);
                let next = match &quad.object {
                    Term::BlankNode(node) => node.to_string(),
                    Term::NamedNode(node) if node.as_str().starts_with(&fragments) => {
                        node.as_str().to_owned()
                    }
                    _ => continue,
                };
                if seen.insert(next.clone()) {
                    open.push(next);
                }
            }
        }
        found
    }

    fn own(&self) -> Option<String> {
        let relates = self.head.iter().find(|quad| quad.predicate == tree::RELATION);
        let is_node = |quad: &&Quad| {
            quad.predicate == rdf::TYPE
                && matches!(&quad.object, Term::NamedNode(class) if *class == tree::NODE_CLASS)
        };
        let named = relates.or_else(|| self.head.iter().find(is_node))?;
        match &named.subject {
            NamedOrBlankNode::NamedNode(node) => Some(node.as_str().to_owned()),
            NamedOrBlankNode::BlankNode(_) => None,
        }
    }

    /// Where the page leads: by its relations, in the order of their lower bounds, and to the view of
    /// the stream where the page is not in it.
    fn links(&self) -> Vec<String> {
        let mut targets: BTreeMap<String, String> = BTreeMap::new();
        let mut bounds: HashMap<String, Timestamp> = HashMap::new();
        for quad in &self.head {
            let subject = name(&quad.subject);
            match &quad.object {
                Term::NamedNode(node) if quad.predicate == tree::NODE => {
                    targets.insert(subject, node.as_str().to_owned());
                }
                Term::Literal(value) if quad.predicate == tree::VALUE => {
                    let at = value.value().parse::<Timestamp>().ok();
                    bounds.extend(at.map(|at| (subject, at)));
                }
                _ => {}
            }
        }
        // The lower bound of two is the earlier one, whatever the relations are called.
        let mut earliest: HashMap<String, Option<Timestamp>> = HashMap::new();
        for (relation, target) in targets {
            let bound = bounds.get(&relation).copied();
            let kept = earliest.entry(target).or_insert(bound);
            *kept = [*kept, bound].into_iter().flatten().min();
        }
        let own = self.own();
        for view in self.objects(tree::VIEW.as_str()) {
            if own.as_deref() != Some(view) {
                earliest.entry(view.to_owned()).or_insert(None);
            }
        }
        let mut links: Vec<(Option<Timestamp>, String, String)> =
            earliest.into_iter().map(|(url, from)| (from, padded(&url), url)).collect();
        links.sort();
        links.into_iter().map(|(_, _, url)| url).collect()
    }
}

fn name(node: &NamedOrBlankNode) -> String {
    match node {
        NamedOrBlankNode::NamedNode(node) => node.as_str().to_owned(),
        NamedOrBlankNode::BlankNode(node) => node.to_string(),
    }
}

/// An address with its numbers made equally long, so that page 9 comes before page 10.
fn padded(url: &str) -> String {
    let (mut padded, mut digits) = (String::new(), String::new());
    for letter in url.chars().chain(['\0']) {
        if letter.is_ascii_digit() {
            digits.push(letter);
            continue;
        }
        if !digits.is_empty() {
            padded += &format!("{digits:0>20}");
            digits.clear();
        }
        padded.push(letter);
    }
    padded
}

#[cfg(test)]
mod tests {
    use super::super::item::State;
    use super::*;

    const URL: &str = "http://n/ldes";

    #[test]
    fn a_page_leads_on_in_the_order_of_time_and_of_numbers() {
        let relation = |number: u8, page: u8, at: &str| {
            format!(
                "<{URL}> tree:relation <#r{number}> . <#r{number}> tree:node <ldes/page/{page}> ; \
                 tree:value \"{at}\"^^<http://www.w3.org/2001/XMLSchema#dateTime> .\n"
            )
        };
        let text = format!(
            "@prefix tree: <https://w3id.org/tree#> .\n{}{}{}",
            relation(1, 10, "2026-01-01T00:00:00Z"),
            relation(2, 9, "2026-01-01T00:00:00Z"),
            relation(3, 1, "2026-02-01T00:00:00Z"),
        );
        let page =
            read(text.as_bytes(), RdfFormat::Turtle, URL, Paths::default(), "http://g").unwrap();
        let pages = [9, 10, 1].map(|page| format!("{URL}/page/{page}"));
        assert_eq!((page.links, page.own.as_deref()), (pages.to_vec(), Some(URL)));
        assert!(!page.is_closed);
    }

    #[test]
    fn a_line_that_is_broken_spoils_its_member_and_no_other() {
        let member = |name: &str, rest: &str| {
            format!(
                "<{URL}#s> <https://w3id.org/tree#member> <http://n/{name}/v/1> .\n\
                 <http://n/{name}/v/1> <http://purl.org/dc/terms/isVersionOf> <http://n/{name}> \
                 <http://n/{name}/v/1> .\n\
                 <http://n/{name}/v/1> <http://p> {rest} <http://n/{name}/v/1> .\n"
            )
        };
        let text = member("a", "\"1\"")
            + &member("b", "\"1 ")
            + &member("c", "<http://a b>")
            + &member("d", "\"2\"");
        let page =
            read(text.as_bytes(), RdfFormat::NQuads, URL, Paths::default(), "http://g").unwrap();
        let told: Vec<_> = page
            .items
            .iter()
            .map(|item| (item.of.record.as_str(), matches!(item.state, State::Holds(_))))
            .collect();
        let wanted = [
            ("http://n/a", true),
            ("http://n/b", false),
            ("http://n/c", false),
            ("http://n/d", true),
        ];
        assert_eq!(told, wanted);
    }
}
