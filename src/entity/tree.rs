//! The statements of a description as a tree for people: sources, things, properties, values,
//! with the fragments of a record nested where they are mentioned. Pure but for labels.

use super::describe::{EntityError, was_blank};
use super::label::{Label, Labels, Link};
use super::order::Order;
use crate::schema::Language;
use crate::vocab::fl;
use oxigraph::model::vocab::rdf;
use oxigraph::model::{GraphName, NamedOrBlankNode, Quad, Term};
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

/// Nothing is nested deeper than this; what lies deeper stands by itself.
const DEEPEST: u32 = 12;

/// What one source states.
#[derive(Debug, Clone)]
pub struct Part {
    /// The source graph, empty for the default graph.
    pub graph: String,
    /// What is described first, then the fragments that nothing nests.
    pub nodes: Vec<Node>,
}

/// One thing and what is stated about it.
#[derive(Debug, Clone)]
pub struct Node {
    pub link: Link,
    pub properties: Vec<Property>,
}

/// One property of one thing.
#[derive(Debug, Clone)]
pub struct Property {
    pub link: Link,
    pub definition: Option<Label>,
    pub values: Vec<Value>,
}

/// One value.
#[derive(Debug, Clone)]
pub enum Value {
    Literal {
        label: Label,
        datatype: String,
    },
    Link(Link),
    /// A fragment, described in place.
    Node(Node),
    /// An RDF list.
    List(Vec<Value>),
}

impl Node {
    /// The part of the IRI after `#`, empty for a record.
    pub fn fragment(&self) -> &str {
        self.link.iri.split_once('#').map_or("", |(_, fragment)| fragment)
    }
}

impl Node {
    /// The place it says it has among its like.
    fn position(&self) -> Option<u64> {
        let property =
            self.properties.iter().find(|property| property.link.iri == fl::POSITION.as_str())?;
        match property.values.first()? {
            Value::Literal { label, .. } => label.text.parse().ok(),
            _ => None,
        }
    }
}

/// Makes the tree of each source, by source.
pub(super) fn parts(
    root: &str,
    quads: &[Quad],
    order: &Order,
    labels: &Labels<'_>,
) -> Result<Vec<Part>, EntityError> {
    let mut by_graph: BTreeMap<String, Vec<&Quad>> = BTreeMap::new();
    for quad in quads {
        let graph = match &quad.graph_name {
            GraphName::NamedNode(node) => node.as_str().to_owned(),
            _ => String::new(),
        };
        by_graph.entry(graph).or_default().push(quad);
    }
    let mut parts = Vec::new();
    for (graph, quads) in by_graph {
        let nodes = Planter::new(root, &quads, order, labels).plant(root)?;
        parts.push(Part { graph, nodes });
    }
    Ok(parts)
}

/// Builds the tree of one source.
struct Planter<'a, 'q, 's> {
    about: BTreeMap<&'q str, Vec<&'q Quad>>,
    /// Where each nested fragment goes: under the thing that mentions it first.
    parent: HashMap<&'q str, &'q str>,
    placed: HashSet<&'q str>,
    order: &'a Order,
    labels: &'a Labels<'s>,
}

impl<'a, 'q, 's> Planter<'a, 'q, 's> {
    fn new(root: &str, quads: &[&'q Quad], order: &'a Order, labels: &'a Labels<'s>) -> Self {
        let mut about: BTreeMap<&str, Vec<&Quad>> = BTreeMap::new();
        for &quad in quads {
            if let NamedOrBlankNode::NamedNode(subject) = &quad.subject {
                about.entry(subject.as_str()).or_default().push(quad);
            }
        }
        let parent = parents(root, &about);
        Self { about, parent, placed: HashSet::new(), order, labels }
    }

    fn plant(mut self, root: &str) -> Result<Vec<Node>, EntityError> {
        let tops: Vec<&str> = self
            .about
            .keys()
            .copied()
            .filter(|subject| *subject == root || !self.parent.contains_key(subject))
            .collect();
        let mut nodes = Vec::new();
        for top in tops {
            nodes.push(self.node(top)?);
        }
        let key = |node: &Node| (node.link.iri != root, node.link.label.text.to_lowercase());
        nodes.sort_by_cached_key(key);
        Ok(nodes)
    }

    fn node(&mut self, subject: &'q str) -> Result<Node, EntityError> {
        self.placed.insert(subject);
        let mut by_property: BTreeMap<&str, Vec<&Term>> = BTreeMap::new();
        for quad in self.about.get(subject).into_iter().flatten() {
            by_property.entry(quad.predicate.as_str()).or_default().push(&quad.object);
        }
        let mut properties = Vec::new();
        for (property, objects) in by_property {
            let link = self.labels.link(property)?;
            let definition = self.labels.definition(property)?;
            let mut values = Vec::new();
            for object in objects {
                values.push(self.value(subject, object)?);
            }
            values.sort_by_cached_key(|value| value.sort_key(self.labels.language()));
            properties.push(Property { link, definition, values });
        }
        properties.sort_by_cached_key(|property| {
            (self.order.rank(&property.link.iri), property.link.label.text.to_lowercase())
        });
        Ok(Node { link: self.labels.link(subject)?, properties })
    }

    fn value(&mut self, subject: &'q str, object: &'q Term) -> Result<Value, EntityError> {
        let Term::NamedNode(node) = object else { return Value::plain(object, self.labels) };
        let iri = node.as_str();
        if iri == rdf::NIL.as_str() || self.rest(iri).is_some() {
            return self.list(subject, iri);
        }
        if self.parent.get(iri) == Some(&subject) && !self.placed.contains(iri) {
            return Ok(Value::Node(self.node(iri)?));
        }
        Ok(Value::Link(self.labels.link(iri)?))
    }

    /// The values of a list; one that runs in a circle ends where it began.
    fn list(&mut self, subject: &'q str, head: &'q str) -> Result<Value, EntityError> {
        let (mut values, mut cell) = (Vec::new(), head);
        while let Some(rest) = self.rest(cell).filter(|_| self.placed.insert(cell)) {
            let first = self.about.get(cell).and_then(|quads| {
                quads.iter().find(|quad| quad.predicate == rdf::FIRST).map(|quad| &quad.object)
            });
            if let Some(first) = first {
                if let Term::NamedNode(node) = first
                    && self.parent.get(node.as_str()) == Some(&cell)
                {
                    self.parent.insert(node.as_str(), subject);
                }
                values.push(self.value(subject, first)?);
            }
            cell = rest;
        }
        Ok(Value::List(values))
    }

    fn rest(&self, cell: &str) -> Option<&'q str> {
        self.about.get(cell)?.iter().find_map(|quad| match &quad.object {
            Term::NamedNode(node) if quad.predicate == rdf::REST => Some(node.as_str()),
            _ => None,
        })
    }
}

/// Finds, breadth first, where each fragment is mentioned: below a record every fragment nests,
/// below a fragment only what was a blank node.
fn parents<'q>(root: &str, about: &BTreeMap<&'q str, Vec<&'q Quad>>) -> HashMap<&'q str, &'q str> {
    let mut parent: HashMap<&str, &str> = HashMap::new();
    let reached_from = |start: &'q str, all: bool, parent: &mut HashMap<&'q str, &'q str>| {
        let mut queue = VecDeque::from([(start, 0)]);
        while let Some((subject, depth)) = queue.pop_front() {
            for quad in about.get(subject).into_iter().flatten() {
                let Term::NamedNode(node) = &quad.object else { continue };
                let Some((&child, _)) = about.get_key_value(node.as_str()) else { continue };
                let fits = child != root && child != start && (all || was_blank(child));
                // The cells of a list lie beside each other, however many there are.
                let below = if quad.predicate == rdf::REST { depth } else { depth + 1 };
                if fits && below <= DEEPEST && !parent.contains_key(child) {
                    parent.insert(child, subject);
                    queue.push_back((child, below));
                }
            }
        }
    };
    if let Some((&root, _)) = about.get_key_value(root) {
        reached_from(root, !root.contains('#'), &mut parent);
    }
    for &subject in about.keys() {
        if !was_blank(subject) {
            reached_from(subject, false, &mut parent);
        }
    }
    parent
}

impl Value {
    /// A term by itself, with nothing nested in it.
    pub fn plain(term: &Term, labels: &Labels<'_>) -> Result<Self, EntityError> {
        let (text, language, datatype) = match term {
            Term::NamedNode(node) => return Ok(Self::Link(labels.link(node.as_str())?)),
            Term::Literal(literal) => {
                (literal.value().to_owned(), literal.language(), literal.datatype().as_str())
            }
            other => (other.to_string(), None, ""),
        };
        let label = Label { text, language: language.map(str::to_owned) };
        Ok(Self::Literal { label, datatype: datatype.to_owned() })
    }

    /// What the reader understands comes first, then names by alphabet and numbers by size.
    fn sort_key(&self, language: Language) -> (u8, u64, String) {
        match self {
            Self::Literal { label, .. } => {
                let number = label.text.parse().unwrap_or(u64::MAX);
                (label.rank(language), number, label.text.to_lowercase())
            }
            Self::Link(link) => (0, u64::MAX, link.label.text.to_lowercase()),
            Self::Node(node) => (1, node.position().unwrap_or(u64::MAX), padded(&node.link.iri)),
            Self::List(_) => (1, u64::MAX, String::new()),
        }
    }
}

/// `…#step-2` before `…#step-10`.
fn padded(iri: &str) -> String {
    let digits = iri.len() - iri.trim_end_matches(|c: char| c.is_ascii_digit()).len();
    let (stem, number) = iri.split_at(iri.len() - digits);
    format!("{stem}{number:0>12}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxigraph::io::{RdfFormat, RdfParser};
    use oxigraph::store::Store;
    use std::sync::Arc;

    fn nodes(turtle: &str) -> Vec<Node> {
        let quads: Vec<Quad> = RdfParser::from_format(RdfFormat::Turtle)
            .for_slice(turtle)
            .map(Result::unwrap)
            .collect();
        let store = Store::new().unwrap();
        let labels = Labels::new(&store, Language::Italian, Arc::default());
        let parts = parts("http://x.example/a", &quads, &Order::default(), &labels).unwrap();
        parts.into_iter().flat_map(|part| part.nodes).collect()
    }

    #[test]
    fn a_fragment_nests_where_it_is_mentioned_and_only_once() {
        let nodes = nodes(
            "<http://x.example/a> <http://x.example/p> <http://x.example/a#one>, <http://x.example/b> . \
             <http://x.example/a#one> <http://x.example/p> <http://x.example/a> . \
             <http://x.example/a#alone> <http://x.example/p> <http://x.example/a#one> .",
        );
        assert_eq!(nodes.iter().map(Node::fragment).collect::<Vec<_>>(), ["", "alone"]);
        let values = &nodes[0].properties[0].values;
        assert!(
            matches!(&values[..], [Value::Link(_), Value::Node(node)] if node.fragment() == "one")
        );
        assert!(matches!(nodes[1].properties[0].values[..], [Value::Link(_)]));
    }

    #[test]
    fn a_list_is_read_in_its_order_and_a_circle_ends() {
        let list = "@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . \
             <http://x.example/a> <http://x.example/p> <http://x.example/a#l-b1> . \
             <http://x.example/a#l-b1> rdf:first \"z\" ; rdf:rest <http://x.example/a#l-b2> . \
             <http://x.example/a#l-b2> rdf:first \"a\" ; rdf:rest ";
        for end in ["rdf:nil .", "<http://x.example/a#l-b1> ."] {
            let nodes = nodes(&format!("{list}{end}"));
            assert_eq!(nodes.len(), 1);
            let [Value::List(values)] = &nodes[0].properties[0].values[..] else {
                panic!("a list")
            };
            let texts = values.iter().map(|value| match value {
                Value::Literal { label, .. } => label.text.as_str(),
                _ => "",
            });
            assert_eq!(texts.collect::<Vec<_>>(), ["z", "a"]);
        }
    }
}
