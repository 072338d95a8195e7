//! A node of a stream's tree, written down: its relations, its members, and at the entrance what the
//! stream is. The same node gives the same bytes. Refuses to know where its members come from.

use super::publication::PublishError;
use super::stream_member::{Member, push};
use super::stream_outline::{Child, Span, Spot};
use crate::vocab::{self, activity, dct, ldes, sh, tree, version};
use oxigraph::io::{RdfFormat, RdfParser, RdfSerializer};
use oxigraph::model::vocab::{rdf, rdfs, xsd};
use oxigraph::model::{LiteralRef, NamedNodeRef};

/// Every how many seconds it is worth looking for something new.
const POLLING: &str = "60";
const TITLES: [(&str, &str); 2] = [
    ("it", "Le modifiche di FamilyLab, versione per versione"),
    ("en", "The changes of FamilyLab, version by version"),
];
const KEPT: [(&str, &str); 2] = [
    ("it", "Tutto resta: nessuna versione viene mai tolta."),
    ("en", "Everything is kept: no version is ever taken away."),
];

/// What is written of a node.
pub struct Node {
    /// The address of the stream's entrance.
    pub stream: String,
    pub spot: Spot,
    pub is_closed: bool,
    /// What it covers; nothing at the entrance of an empty stream.
    pub span: Option<Span>,
    pub children: Vec<Child>,
    pub members: Vec<Member>,
}

impl Node {
    /// The node in a syntax that has named graphs: each member is the graph that its IRI names.
    ///
    /// Clients take a member whole from there, fragment IRIs too. LDES server primer, "Members".
    pub fn write(&self, format: RdfFormat) -> Result<Vec<u8>, PublishError> {
        let head = self.head();
        match format {
            RdfFormat::TriG => {
                let graphs = self.members.iter();
                let graphs: String = graphs
                    .map(|member| format!("<{}> {{\n{}}}\n", member.iri, member.lines))
                    .collect();
                Ok((head + &graphs).into_bytes())
            }
            RdfFormat::NQuads => Ok((head + &self.quads()).into_bytes()),
            format => {
                let mut writer = RdfSerializer::from_format(format).for_writer(Vec::new());
                let text = head + &self.quads();
                for quad in RdfParser::from_format(RdfFormat::NQuads).lenient().for_slice(&text) {
                    let quad = quad.map_err(std::io::Error::other)?;
                    writer.serialize_quad(&quad)?;
                }
                Ok(writer.finish()?)
            }
        }
    }

    fn quads(&self) -> String {
        let mut quads = String::new();
        for member in &self.members {
            for line in member.lines.lines() {
                // A line of N-Triples ends with its full stop.
                quads += line.trim_end_matches('.');
                quads += &format!("<{}> .\n", member.iri);
            }
        }
        quads
    }

    /// What stands in the default graph.
    fn head(&self) -> String {
        let address = address(&self.stream, self.spot);
        let node = NamedNodeRef::new_unchecked(&address);
        let stream = format!("{}#stream", self.stream);
        let stream = NamedNodeRef::new_unchecked(&stream);
        let mut lines = String::new();
        if self.spot == Spot::Root {
            self.introduce(&mut lines, stream, node);
        }
        push(&mut lines, node, rdf::TYPE, tree::NODE_CLASS);
        if self.is_closed {
            let yes = LiteralRef::new_typed_literal("true", xsd::BOOLEAN);
            push(&mut lines, node, ldes::IMMUTABLE, yes);
        }
        for (number, child) in self.children.iter().enumerate() {
            self.relate(&mut lines, node, number + 1, child);
        }
        for member in &self.members {
            push(&mut lines, stream, tree::MEMBER, NamedNodeRef::new_unchecked(&member.iri));
        }
        lines
    }

    /// Two relations to a node bound the moments of its members on both sides, with the bounds in
    /// them, since many members have one moment; what can still grow has no upper bound.
    fn relate(&self, lines: &mut String, node: NamedNodeRef<'_>, number: usize, child: &Child) {
        let target = address(&self.stream, child.spot);
        let until = child.is_closed.then_some(("until", tree::UNTIL, &child.span.until));
        for (name, kind, value) in
            [Some(("from", tree::FROM, &child.span.from)), until].into_iter().flatten()
        {
            let relation = format!("{}#{name}-{number}", node.as_str());
            let relation = NamedNodeRef::new_unchecked(&relation);
            push(lines, node, tree::RELATION, relation);
            push(lines, relation, rdf::TYPE, kind);
            push(lines, relation, tree::PATH, version::GENERATED_AT);
            push(
                lines,
                relation,
                tree::VALUE,
                LiteralRef::new_typed_literal(value, xsd::DATE_TIME),
            );
            push(lines, relation, tree::NODE, NamedNodeRef::new_unchecked(&target));
        }
    }

    /// What the stream is. Server primer, "For the Root Node".
    ///
    /// The shape asks only for an IRI. One that asks for a property would make clients fetch every
    /// member by itself, since they do not look for it in the member's own graph; and a deletion has
    /// none to show. The shapes of the records are named beside it.
    fn introduce(&self, lines: &mut String, stream: NamedNodeRef<'_>, root: NamedNodeRef<'_>) {
        let [shape, retention] =
            ["member", "retention"].map(|name| format!("{}#{name}", root.as_str()));
        let shape = NamedNodeRef::new_unchecked(&shape);
        let retention = NamedNodeRef::new_unchecked(&retention);
        let shapes = NamedNodeRef::new_unchecked(vocab::SHAPES);
        push(lines, stream, rdf::TYPE, ldes::EVENT_STREAM);
        for (language, title) in TITLES {
            let title = LiteralRef::new_language_tagged_literal_unchecked(title, language);
            push(lines, stream, dct::TITLE, title);
        }
        push(lines, stream, dct::LICENSE, NamedNodeRef::new_unchecked(vocab::LICENCE_CC_BY));
        push(lines, stream, version::CONFORMS_TO, shapes);
        push(lines, stream, tree::VIEW, root);
        push(lines, stream, tree::SHAPE, shape);
        push(lines, stream, ldes::TIMESTAMP_PATH, version::GENERATED_AT);
        push(lines, stream, ldes::SEQUENCE_PATH, version::NUMBER);
        push(lines, stream, ldes::VERSION_OF_PATH, dct::IS_VERSION_OF);
        push(lines, stream, ldes::VERSION_CREATE_OBJECT, activity::CREATE);
        push(lines, stream, ldes::VERSION_UPDATE_OBJECT, activity::UPDATE);
        push(lines, stream, ldes::VERSION_DELETE_OBJECT, activity::DELETE);
        let polling = LiteralRef::new_typed_literal(POLLING, xsd::INTEGER);
        push(lines, stream, ldes::POLLING_INTERVAL, polling);
        push(lines, shape, rdf::TYPE, sh::NODE_SHAPE);
        push(lines, shape, sh::NODE_KIND, sh::IRI);
        push(lines, shape, rdfs::SEE_ALSO, shapes);
        push(lines, root, ldes::RETENTION_POLICY, retention);
        push(lines, retention, rdf::TYPE, ldes::RETENTION_POLICY_CLASS);
        for (language, comment) in KEPT {
            let comment = LiteralRef::new_language_tagged_literal_unchecked(comment, language);
            push(lines, retention, rdfs::COMMENT, comment);
        }
        // Everything since the first member is everything there is.
        if let Some(span) = &self.span {
            let first = LiteralRef::new_typed_literal(&span.from, xsd::DATE_TIME);
            push(lines, retention, ldes::STARTING_FROM, first);
        }
    }
}

/// The address of a node of a stream.
fn address(stream: &str, spot: Spot) -> String {
    match spot {
        Spot::Root => stream.to_owned(),
        Spot::Index(level, number) => format!("{stream}/index/{level}/{number}"),
        Spot::Page(number) => format!("{stream}/page/{number}"),
    }
}
