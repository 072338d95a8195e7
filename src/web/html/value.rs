//! Things, properties and values as a page shows them, nested as they are.
//! Knows the templates of a node and a value, nothing of whole pages.

use super::frame::{Anchor, Frame};
use crate::entity::{Label, Link, Node, Property, Value};
use crate::vocab::{datatype, fl};
use crate::web::address::{Document, encode, why};
use crate::web::words::Words;
use askama::Template;
use oxigraph::model::vocab::rdf;
use oxigraph::model::{Literal, NamedNode, NamedNodeRef, Term, Triple};
use std::collections::HashSet;

/// How many values are shown before the rest is folded away.
const SHOWN: usize = 20;
/// The longest text in a cell of a table, and the most columns.
const CELL: usize = 120;
const COLUMNS: usize = 6;
/// What is left out of nested things on pages for people.
const LEFT_OUT: [NamedNodeRef<'static>; 2] = [rdf::TYPE, fl::POSITION];
/// The properties whose numbers are euro.
const MONEY: [NamedNodeRef<'static>; 2] = [fl::BUDGET, fl::AMOUNT];

/// A thing with its properties.
#[derive(Template)]
#[template(path = "node.html")]
pub struct NodePart {
    pub link: Anchor,
    /// The fragment, where it is not on the page yet.
    pub id: String,
    nested: bool,
    properties: Vec<PropertyPart>,
}

/// A property with its values.
#[derive(Template)]
#[template(path = "property.html")]
pub struct PropertyPart {
    words: &'static Words,
    pub link: Anchor,
    definition: Option<String>,
    first: Vec<ValuePart>,
    rest: Vec<ValuePart>,
    /// Things of one kind, side by side.
    table: Option<TablePart>,
}

/// The values of a property without its name, for a cell.
#[derive(Template)]
#[template(path = "bare.html")]
struct BarePart<'p> {
    first: &'p [ValuePart],
    rest: &'p [ValuePart],
    table: &'p Option<TablePart>,
}

impl PropertyPart {
    /// The values without the name, as HTML.
    pub fn bare(&self) -> String {
        let part = BarePart { first: &self.first, rest: &self.rest, table: &self.table };
        part.render().unwrap_or_default()
    }
}

/// Things of one kind as a table.
struct TablePart {
    columns: Vec<Anchor>,
    rows: Vec<RowPart>,
}

struct RowPart {
    id: String,
    cells: Vec<Vec<ValuePart>>,
}

/// One value.
#[derive(Template)]
#[template(path = "value.html")]
pub struct ValuePart {
    words: &'static Words,
    link: Anchor,
    kind: Kind,
    /// Where it is told why a rule infers it.
    why: Option<String>,
}

enum Kind {
    Text,
    /// A date, with its exact form.
    Time(String),
    /// A resource, with its own address where a browser can open it.
    Link(Option<String>),
    Node(Box<NodePart>),
    List(Vec<ValuePart>),
}

/// Makes the parts of one page; each fragment has its anchor once.
pub struct Parts<'f> {
    frame: &'f Frame<'f>,
    anchored: HashSet<String>,
    /// Whether rules gave what is shown.
    pub inferred: bool,
    /// Whether what only programs need is left out: classes of nested things, their places.
    pub is_plain: bool,
    /// Whether numbers are euro.
    is_money: bool,
}

impl<'f> Parts<'f> {
    /// Parts for a page in this frame.
    pub fn new(frame: &'f Frame<'f>) -> Self {
        Self { frame, anchored: HashSet::new(), inferred: false, is_plain: false, is_money: false }
    }

    /// A thing, at the top of its source or nested in another.
    pub fn node(&mut self, node: &Node, nested: bool) -> NodePart {
        let fragment = node.fragment();
        let new = !fragment.is_empty() && self.anchored.insert(fragment.to_owned());
        let is_left_out = |property: &&Property| {
            let says_name = matches!(property.values.as_slice(),
                [Value::Literal { label, .. }] if label.text == node.link.label.text);
            let is_for_programs = LEFT_OUT.iter().any(|p| p.as_str() == property.link.iri);
            nested && self.is_plain && (is_for_programs || says_name)
        };
        let shown: Vec<&Property> =
            node.properties.iter().filter(|property| !is_left_out(property)).collect();
        NodePart {
            link: if self.is_plain && nested {
                numbered(self.own_page(&node.link), node)
            } else {
                self.own_page(&node.link)
            },
            id: if new { fragment.to_owned() } else { String::new() },
            nested,
            properties: shown
                .into_iter()
                .map(|property| self.property(&node.link.iri, property))
                .collect(),
        }
    }

    /// A fragment by itself, with what refers to it; anything else at its usual place.
    fn own_page(&self, link: &Link) -> Anchor {
        if !link.iri.contains('#') {
            return self.frame.link(link);
        }
        let document = Document::of_any(&link.iri);
        self.frame.anchor(document.page(self.frame.base, self.frame.reader), &link.label)
    }

    /// A property with its values; things that are alike in a table.
    pub fn property(&mut self, subject: &str, property: &Property) -> PropertyPart {
        self.is_money = MONEY.iter().any(|name| name.as_str() == property.link.iri);
        let table = self.table(property);
        let mut first: Vec<ValuePart> = property
            .values
            .iter()
            .map(|value| ValuePart {
                why: self.why(subject, &property.link.iri, value),
                ..self.value(value)
            })
            .collect();
        if table.is_some() {
            first.clear();
        }
        let rest = if first.len() > SHOWN + 5 { first.split_off(SHOWN) } else { Vec::new() };
        PropertyPart {
            link: self.frame.link(&property.link),
            words: self.frame.words,
            definition: property.definition.as_ref().map(|label| label.text.clone()),
            first,
            rest,
            table,
        }
    }

    /// The values as a table, where they are things with few and short values each.
    fn table(&mut self, property: &Property) -> Option<TablePart> {
        let nodes: Vec<&Node> = property
            .values
            .iter()
            .map(|value| match value {
                Value::Node(node) => Some(node),
                _ => None,
            })
            .collect::<Option<_>>()?;
        let is_short = |value: &Value| match value {
            Value::Literal { label, .. } => label.text.chars().count() <= CELL,
            Value::Link(_) => true,
            Value::Node(_) | Value::List(_) => false,
        };
        let mut columns: Vec<Link> = Vec::new();
        for property in nodes.iter().flat_map(|node| &node.properties) {
            if property.link.iri != rdf::TYPE.as_str() && !columns.contains(&property.link) {
                columns.push(property.link.clone());
            }
            if !property.values.iter().all(is_short) {
                return None;
            }
        }
        if nodes.len() < 2 || columns.len() > COLUMNS {
            return None;
        }
        let rows = nodes.iter().map(|node| self.row(node, &columns)).collect();
        let columns = columns.iter().map(|link| self.frame.link(link)).collect();
        Some(TablePart { columns, rows })
    }

    fn row(&mut self, node: &Node, columns: &[Link]) -> RowPart {
        let fragment = node.fragment();
        let new = !fragment.is_empty() && self.anchored.insert(fragment.to_owned());
        let mut cells = Vec::new();
        for column in columns {
            let property = node.properties.iter().find(|property| property.link == *column);
            self.is_money = MONEY.iter().any(|name| name.as_str() == column.iri);
            let values = property.map(|property| property.values.as_slice()).unwrap_or_default();
            cells.push(values.iter().map(|value| self.value(value)).collect());
        }
        RowPart { id: if new { fragment.to_owned() } else { String::new() }, cells }
    }

    fn why(&self, subject: &str, property: &str, value: &Value) -> Option<String> {
        let node = |iri: &str| NamedNode::new_unchecked(iri);
        let object: Term = match value {
            Value::Link(link) | Value::Node(Node { link, .. }) => node(&link.iri).into(),
            Value::Literal { label: Label { text, language: Some(tag) }, .. } => {
                Literal::new_language_tagged_literal_unchecked(text, tag).into()
            }
            Value::Literal { label, datatype } => {
                Literal::new_typed_literal(&label.text, node(datatype)).into()
            }
            Value::List(_) => return None,
        };
        let statement = Triple::new(node(subject), node(property), object);
        self.inferred.then(|| why(self.frame.base, &statement, self.frame.reader))
    }

    /// One value by itself.
    pub fn value(&mut self, value: &Value) -> ValuePart {
        let words = self.frame.words;
        let nothing = Label { text: String::new(), language: None };
        let (link, kind) = match value {
            Value::Literal { label, datatype } => self.literal(label, datatype),
            Value::Link(link) if is_contact(&link.iri) => {
                let text = link.iri.split_once(':').map_or("", |(_, text)| text).to_owned();
                let label = Label { text, language: None };
                (self.frame.anchor(link.iri.clone(), &label), Kind::Link(None))
            }
            Value::Link(link) => {
                let own = self.frame.base.document(&link.iri).is_some();
                let outside = (!own && is_web(&link.iri)).then(|| encode(&link.iri));
                (self.frame.link(link), Kind::Link(outside))
            }
            Value::Node(node) => {
                let node = self.node(node, true);
                (node.link.clone(), Kind::Node(Box::new(node)))
            }
            Value::List(values) => {
                let items = values.iter().map(|value| self.value(value)).collect();
                (self.frame.anchor(String::new(), &nothing), Kind::List(items))
            }
        };
        ValuePart { words, link, kind, why: None }
    }

    fn literal(&self, label: &Label, kind: &str) -> (Anchor, Kind) {
        let words = self.frame.words;
        let text = label.text.as_str();
        let written = if self.is_money {
            words.euro(text)
        } else if kind == datatype::DURATION {
            words.duration(text)
        } else if datatype::NUMBERS.contains(&kind) {
            words.number(text)
        } else if kind == datatype::BOOLEAN {
            Some(if matches!(text, "true" | "1") { words.yes } else { words.no }.to_owned())
        } else {
            None
        };
        if datatype::TIMES.contains(&kind)
            && let Some(date) = words.date(text)
        {
            let label = Label { text: date, language: None };
            return (self.frame.anchor(String::new(), &label), Kind::Time(text.to_owned()));
        }
        let label = Label {
            text: written.unwrap_or_else(|| text.to_owned()),
            language: label.language.clone(),
        };
        (self.frame.anchor(String::new(), &label), Kind::Text)
    }
}

/// A thing without a name is called by its class and its place among its like: `Passo 2`.
fn numbered(link: Anchor, node: &Node) -> Anchor {
    if link.text != node.fragment() && !link.text.ends_with(node.fragment()) {
        return link;
    }
    let values = |name: NamedNodeRef<'_>| {
        let found = node.properties.iter().find(|property| property.link.iri == name.as_str());
        found.and_then(|property| property.values.first())
    };
    let class = match values(rdf::TYPE) {
        Some(Value::Link(class)) => class.label.clone(),
        _ => return link,
    };
    let place = match values(fl::POSITION) {
        Some(Value::Literal { label, .. }) => format!(" {}", label.text),
        _ => String::new(),
    };
    Anchor { text: format!("{}{place}", class.text), ..link }
}

/// Whether a browser opens the address as a page.
pub fn is_web(iri: &str) -> bool {
    iri.starts_with("https:") || iri.starts_with("http:")
}

fn is_contact(iri: &str) -> bool {
    iri.starts_with("mailto:") || iri.starts_with("tel:")
}
