//! Tables of records, one a kind: which columns there are, and what stands in the cells of a row.
//! Those of experiences and actors have the headings of the import templates and are imported again.
//!
//! Nothing is put before a text that begins like a formula: it would be other data. The columns whose
//! headings begin with `#` are passed over by an import.

use super::labels::Labels;
use super::lines::{Line, lines};
use crate::ingest::Group;
use crate::ingest::columns::{Column, Form, Kind, Lands};
use crate::iri::{Base, KINDS};
use crate::schema::{Outline, ShippedError, outlines};
use crate::store::{Key, Triples};
use crate::vocab::{LICENCE_CC_BY, PREFIXES, dct, fl, skos};
use oxigraph::model::vocab::{rdf, xsd};
use oxigraph::model::{NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, Term};
use std::collections::{BTreeMap, HashSet};
use std::io;

/// With this mark spreadsheets know UTF-8.
const MARK: &str = "\u{FEFF}";
/// Between the values of a cell, as an import takes them apart.
const BETWEEN: &str = "|";

/// The classes of the kinds for which there is no template; concepts have columns of their own.
const CLASSES: [(&str, &[&str]); 10] = [
    ("rete", &["Network"]),
    ("territorio", &["Territory", "Region", "Province", "Municipality", "FormerMunicipality"]),
    ("valutazione", &["SelfAssessment"]),
    ("modello", &["ImplementationModel"]),
    ("percorso", &["ImplementationPath"]),
    ("competenza", &["Competence"]),
    ("risorsa", &["KnowledgeResource"]),
    ("notizia", &["News"]),
    ("evento", &["Event"]),
    ("raccolta", &["Collection"]),
];

/// The columns of concepts: heading, property, whether it is text in languages.
const CONCEPT: [(&str, NamedNodeRef<'static>, bool); 8] = [
    ("Nome", skos::PREF_LABEL, true),
    ("Altri nomi", skos::ALT_LABEL, true),
    ("Definizione", skos::DEFINITION, true),
    ("Codice", skos::NOTATION, false),
    ("Voce superiore", skos::BROADER, false),
    ("Voci vicine", skos::RELATED, false),
    ("Vocabolario", skos::IN_SCHEME, false),
    ("Uguale a", skos::EXACT_MATCH, false),
];

/// What a column shows.
#[derive(Debug, Clone)]
enum Shows {
    Iri,
    Source,
    /// What an import reads.
    Template(&'static Column),
    /// The other way to say it: the address where that column has a name, a name where it has it.
    Aside(&'static Column),
    /// The values of a property; of texts only those in English, or only all others.
    Property(NamedNode, Option<bool>),
}

/// The table of one kind.
#[derive(Debug)]
pub(super) struct Table {
    columns: Vec<(String, Shows)>,
}

/// The tables of all kinds.
#[derive(Debug)]
pub(super) struct Tables(BTreeMap<&'static str, Table>);

impl Tables {
    /// Reads from the templates and the shapes which columns there are.
    pub fn shipped() -> Result<Self, ShippedError> {
        let outlines = outlines()?;
        Ok(Self(KINDS.into_iter().map(|kind| (kind, Table::new(kind, &outlines))).collect()))
    }

    pub fn of(&self, kind: &str) -> Option<&Table> {
        self.0.get(kind)
    }
}

impl Table {
    fn new(kind: &str, outlines: &[Outline]) -> Self {
        let own = [("#IRI", Shows::Iri), ("#Fonte", Shows::Source)];
        let mut columns: Vec<(String, Shows)> =
            own.into_iter().map(|(heading, shows)| (heading.to_owned(), shows)).collect();
        let form = [Form::Experiences, Form::Actors].into_iter().find(|form| form.kind() == kind);
        match (form, CLASSES.iter().find(|(name, _)| *name == kind)) {
            (Some(form), _) => {
                for column in form.columns() {
                    columns.push((column.heading.to_owned(), Shows::Template(column)));
                    if let Kind::Named(group) = column.kind {
                        let what = if is_open(group) { "nomi" } else { "indirizzi" };
                        let heading = format!("#{} ({what})", column.heading);
                        columns.push((heading, Shows::Aside(column)));
                    }
                }
            }
            (None, Some((_, classes))) => {
                columns.push(("Tipo".to_owned(), Shows::Property(rdf::TYPE.into(), None)));
                columns.extend(of_classes(classes, outlines));
            }
            (None, None) => {
                for (heading, property, is_text) in CONCEPT {
                    columns.extend(of_property(heading, property.into_owned(), is_text));
                }
            }
        }
        Self { columns }
    }

    /// The first line of a file.
    pub fn heading(&self) -> io::Result<Vec<u8>> {
        let cells = self.columns.iter().map(|(heading, _)| heading.clone());
        let mut line = MARK.as_bytes().to_vec();
        line.extend(written(cells.collect())?);
        Ok(line)
    }

    /// The line of a record.
    pub fn row(
        &self,
        base: &Base,
        key: &Key,
        triples: &Triples,
        labels: &Labels,
    ) -> io::Result<Vec<u8>> {
        let quads: Result<Vec<Quad>, _> = triples.quads(&key.graph).collect();
        let quads = quads.map_err(io::Error::other)?;
        let record = Record { node: NamedNode::new_unchecked(&key.record).into(), quads };
        let cells = self.columns.iter().map(|(_, shows)| match shows {
            Shows::Iri => key.record.clone(),
            Shows::Source => base.source_of(&key.graph).unwrap_or(&key.graph).to_owned(),
            Shows::Template(column) => record.template(column, labels).join(BETWEEN),
            Shows::Aside(column) => record.aside(column, labels).join(BETWEEN),
            Shows::Property(property, english) => {
                record.property(property.as_ref(), *english).join(BETWEEN)
            }
        });
        written(cells.collect())
    }

    /// The records elsewhere whose names the line of a record shows.
    pub fn named<'t>(&self, triples: &'t Triples) -> impl Iterator<Item = &'t str> + use<'t> {
        let open = self.columns.iter().filter_map(|(_, shows)| match shows {
            Shows::Aside(Column { kind: Kind::Named(group), lands, .. }) if is_open(*group) => {
                Some(lands.property())
            }
            _ => None,
        });
        let open: Vec<NamedNodeRef<'static>> = open.collect();
        lines(triples).filter_map(move |line| {
            let property = Line::iri(line.predicate)?;
            let shown = open.iter().any(|open| open.as_str() == property);
            if shown { Line::iri(line.object) } else { None }
        })
    }
}

/// Whether there may be any number of things in a group, two of one name too: a table then has the
/// address where an import reads it, and the name beside it.
fn is_open(group: Group) -> bool {
    matches!(group, Group::Actor | Group::Network | Group::Experience)
}

/// The columns of some classes; of two that are called alike both say their property.
fn of_classes(classes: &[&str], outlines: &[Outline]) -> Vec<(String, Shows)> {
    let own = outlines.iter().filter(|outline| classes.contains(&outline.class.as_str()));
    let mut seen = HashSet::new();
    let mut properties = Vec::new();
    for property in own.flat_map(|outline| outline.values.iter().chain(&outline.links)) {
        if let Some(iri) = expanded(&property.term).filter(|iri| *iri != rdf::TYPE)
            && seen.insert(iri.clone())
        {
            properties.push((property, iri));
        }
    }
    let alike =
        |name: &str| properties.iter().filter(|(other, _)| other.name.it == name).count() > 1;
    let columns = properties.iter().flat_map(|(property, iri)| {
        let name = &property.name.it;
        let heading = match name.is_empty() || alike(name) {
            true => format!("{name} ({})", property.term).trim_start().to_owned(),
            false => name.clone(),
        };
        of_property(&heading, iri.clone(), property.kind == "rdf:langString")
    });
    columns.collect()
}

fn of_property(heading: &str, property: NamedNode, is_text: bool) -> Vec<(String, Shows)> {
    if !is_text {
        return vec![(heading.to_owned(), Shows::Property(property, None))];
    }
    let english = Shows::Property(property.clone(), Some(true));
    let others = Shows::Property(property, Some(false));
    vec![(heading.to_owned(), others), (format!("{heading} (inglese)"), english)]
}

/// The IRI behind `fl:member`.
fn expanded(term: &str) -> Option<NamedNode> {
    let (prefix, local) = term.split_once(':')?;
    let (_, namespace) = PREFIXES.into_iter().find(|(known, _)| *known == prefix)?;
    Some(NamedNode::new_unchecked(format!("{namespace}{local}")))
}

/// Cells as a line: semicolons between them, as in the templates. RFC 4180, section 2.
fn written(cells: Vec<String>) -> io::Result<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .delimiter(b';')
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record(cells)?;
    writer.into_inner().map_err(csv::IntoInnerError::into_error)
}

/// A record whose values are looked up.
struct Record {
    node: NamedOrBlankNode,
    quads: Vec<Quad>,
}

impl Record {
    fn of<'r>(
        &'r self,
        subject: &'r NamedOrBlankNode,
        property: NamedNodeRef<'r>,
    ) -> impl Iterator<Item = &'r Term> + 'r {
        let own = move |quad: &&Quad| quad.subject == *subject && quad.predicate == property;
        self.quads.iter().filter(own).map(|quad| &quad.object)
    }

    /// The fragments that a property leads to.
    fn parts(&self, property: NamedNodeRef<'_>) -> Vec<NamedOrBlankNode> {
        let nodes = self.of(&self.node, property).filter_map(|object| match object {
            Term::NamedNode(node) => Some(node.clone().into()),
            _ => None,
        });
        nodes.collect()
    }

    /// The values of a column of a template.
    fn template(&self, column: &Column, labels: &Labels) -> Vec<String> {
        let write = |value: &Term| cell(column.kind, value, labels);
        match column.lands {
            Lands::Property(property) => self.of(&self.node, property).filter_map(write).collect(),
            Lands::Contact(property) => {
                let contacts = self.parts(fl::CONTACT_POINT);
                let values = contacts.iter().flat_map(|part| self.of(part, property));
                values.filter_map(write).collect()
            }
            Lands::Steps => {
                let mut steps = self.parts(fl::TRANSFER_STEP);
                steps.sort_by_key(|step| self.position(step));
                let texts = steps.iter().flat_map(|step| self.of(step, dct::DESCRIPTION));
                texts.filter_map(write).collect()
            }
        }
    }

    fn position(&self, step: &NamedOrBlankNode) -> u64 {
        let mut positions = self.of(step, fl::POSITION).filter_map(|term| match term {
            Term::Literal(literal) => literal.value().parse().ok(),
            _ => None,
        });
        positions.next().unwrap_or(u64::MAX)
    }

    /// What stands beside a column of a template.
    fn aside(&self, column: &Column, labels: &Labels) -> Vec<String> {
        let iris = self.of(&self.node, column.lands.property()).filter_map(|value| match value {
            Term::NamedNode(node) => Some(node.as_str()),
            _ => None,
        });
        match column.kind {
            Kind::Named(group) if is_open(group) => {
                iris.map(|iri| labels.record(iri).to_owned()).collect()
            }
            _ => iris.map(str::to_owned).collect(),
        }
    }

    fn property(&self, property: NamedNodeRef<'_>, english: Option<bool>) -> Vec<String> {
        let values = self.of(&self.node, property).filter_map(|value| match value {
            Term::NamedNode(node) => english.is_none_or(|it| !it).then(|| node.as_str().to_owned()),
            Term::Literal(literal) => {
                let is_english = literal.language() == Some("en");
                english.is_none_or(|it| it == is_english).then(|| literal.value().to_owned())
            }
            _ => None,
        });
        values.collect()
    }
}

/// A value as an import reads it again; nothing where it belongs into another column.
fn cell(kind: Kind, value: &Term, labels: &Labels) -> Option<String> {
    Some(match (kind, value) {
        (Kind::Text(language), Term::Literal(text)) => {
            (text.language() == Some(language)).then(|| text.value().to_owned())?
        }
        // With a point, three decimals would be read as thousands.
        (Kind::Amount, Term::Literal(amount)) => amount.value().replace('.', ","),
        (Kind::YesNo, Term::Literal(yes)) if yes.datatype() == xsd::BOOLEAN => {
            if yes.value() == "true" { "sì" } else { "no" }.to_owned()
        }
        (Kind::Named(group), Term::NamedNode(node)) if !is_open(group) => {
            labels.shared.name(group, node.as_str()).to_owned()
        }
        (Kind::ActorClass, Term::NamedNode(class)) => actor_class(class)?.to_owned(),
        (Kind::Email, Term::NamedNode(node)) => {
            node.as_str().strip_prefix("mailto:").unwrap_or(node.as_str()).to_owned()
        }
        (Kind::Licence, Term::NamedNode(node)) if node.as_str() == LICENCE_CC_BY => {
            "CC BY 4.0".to_owned()
        }
        (_, Term::Literal(literal)) => literal.value().to_owned(),
        (_, Term::NamedNode(node)) => node.as_str().to_owned(),
        _ => return None,
    })
}

/// The word for a class of actors; that they are actors goes without saying.
fn actor_class(class: &NamedNode) -> Option<&'static str> {
    [
        (fl::PUBLIC_ADMINISTRATION, "pubblica amministrazione"),
        (fl::THIRD_SECTOR_ORGANIZATION, "terzo settore"),
        (fl::PRIVATE_SOCIAL_ORGANIZATION, "privato sociale"),
    ]
    .into_iter()
    .find_map(|(known, word)| (*class == known).then_some(word))
}
