//! N-Quads, written straight to bytes. W3C RDF 1.1 N-Quads, section 2.
//! Knows how a statement is spelled, not which statements a record needs.

use crate::vocab;
use oxigraph::model::NamedNodeRef;
use oxigraph::model::vocab::xsd;
use std::fmt::Display;
use std::io::{self, Write};

/// One record of the catalogue: its kind as in `{base}/id/{kind}/{slug}`, and its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) kind: &'static str,
    pub(crate) number: u64,
}

/// What a statement can say of its subject.
pub(crate) enum Object<'a> {
    Iri(&'a str),
    /// A concept of one of the project's own lists: the scheme, and the name in it.
    Concept(&'static str, &'static str),
    /// An entry of a list of others: where the list lives, and the name in it.
    Listed(&'static str, &'static str),
    Record(Record),
    /// A fragment below the current record.
    Fragment(&'a str),
    /// The slug of a record, as a string.
    Slug(Record),
    /// A text in a language.
    Text(&'a str, &'static str),
    String(&'a dyn Display),
    Typed(&'a dyn Display, NamedNodeRef<'static>),
}

/// Writes quads about one record after another into one graph.
pub(crate) struct Quads<'a, W> {
    out: &'a mut W,
    /// What every record IRI of the catalogue begins with, up to the kind.
    id: String,
    /// What stands between kind and number.
    source: String,
    /// The end of every line.
    graph: String,
    subject: String,
    count: u64,
}

impl<'a, W: Write> Quads<'a, W> {
    /// Writes to the graph of `source` at the node of `base`, an address without a final slash.
    pub(crate) fn new(out: &'a mut W, base: &str, source: &str) -> Self {
        Self {
            out,
            id: format!("{base}/id/"),
            source: format!("/{source}-"),
            graph: format!(" <{base}/graph/{source}> .\n"),
            subject: String::new(),
            count: 0,
        }
    }

    /// How many quads have been written.
    pub(crate) fn count(&self) -> u64 {
        self.count
    }

    /// Turns to another record.
    pub(crate) fn about(&mut self, record: Record) {
        use std::fmt::Write as _;
        let Self { id, source, subject, .. } = self;
        subject.clear();
        write!(subject, "{id}{}{source}{}", record.kind, record.number)
            .expect("a string takes all that is written to it");
    }

    /// Says something of the current record.
    pub(crate) fn say(&mut self, property: NamedNodeRef<'_>, object: Object<'_>) -> io::Result<()> {
        self.say_of("", property, object)
    }

    /// Says something of a fragment of the current record; the empty name is the record itself.
    pub(crate) fn say_of(
        &mut self,
        fragment: &str,
        property: NamedNodeRef<'_>,
        object: Object<'_>,
    ) -> io::Result<()> {
        self.count += 1;
        self.out.write_all(b"<")?;
        self.out.write_all(self.subject.as_bytes())?;
        if !fragment.is_empty() {
            self.out.write_all(b"#")?;
            self.out.write_all(fragment.as_bytes())?;
        }
        self.out.write_all(b"> <")?;
        self.out.write_all(property.as_str().as_bytes())?;
        self.out.write_all(b"> ")?;
        self.object(object)?;
        self.out.write_all(self.graph.as_bytes())
    }

    fn object(&mut self, object: Object<'_>) -> io::Result<()> {
        match object {
            Object::Iri(iri) => write!(self.out, "<{iri}>"),
            Object::Concept(scheme, name) => {
                write!(self.out, "<{}{scheme}#{name}>", vocab::SCHEMES)
            }
            Object::Listed(list, name) => write!(self.out, "<{list}{name}>"),
            Object::Fragment(name) => write!(self.out, "<{}#{name}>", self.subject),
            Object::Record(Record { kind, number }) => {
                write!(self.out, "<{}{kind}{}{number}>", self.id, self.source)
            }
            Object::Slug(Record { number, .. }) => {
                write!(self.out, "\"{}{number}\"", self.source.trim_start_matches('/'))
            }
            Object::Text(text, language) => {
                self.quote(text)?;
                self.out.write_all(b"@")?;
                self.out.write_all(language.as_bytes())
            }
            // Only numbers, dates and codes come here: they hold nothing to escape.
            Object::String(value) => write!(self.out, "\"{value}\""),
            Object::Typed(value, datatype) => {
                write!(self.out, "\"{value}\"^^<{}>", datatype.as_str())
            }
        }
    }

    /// A string between quotes, with what the grammar forbids escaped.
    fn quote(&mut self, text: &str) -> io::Result<()> {
        self.out.write_all(b"\"")?;
        let mut rest = text;
        while let Some(at) = rest.find(['"', '\\', '\n', '\r']) {
            let (plain, special) = rest.split_at(at);
            self.out.write_all(plain.as_bytes())?;
            self.out.write_all(match special.as_bytes()[0] {
                b'"' => b"\\\"",
                b'\\' => b"\\\\",
                b'\n' => b"\\n",
                _ => b"\\r",
            })?;
            rest = &special[1..];
        }
        self.out.write_all(rest.as_bytes())?;
        self.out.write_all(b"\"")
    }
}

impl<'a> Object<'a> {
    /// An Italian text.
    pub(crate) fn it(text: &'a str) -> Self {
        Self::Text(text, "it")
    }

    /// An English text.
    pub(crate) fn en(text: &'a str) -> Self {
        Self::Text(text, "en")
    }

    /// A day, ISO 8601.
    pub(crate) fn date(day: &'a jiff::civil::Date) -> Self {
        Self::Typed(day, xsd::DATE)
    }

    /// The truth of what the property says.
    pub(crate) fn yes() -> Self {
        Self::Typed(&true, xsd::BOOLEAN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vocab::{dct, fl};
    use oxigraph::io::{RdfFormat, RdfParser};
    use oxigraph::model::{Literal, Quad, Term};

    #[test]
    fn a_text_with_quotes_and_line_breaks_is_read_back_as_it_was() {
        let (mut bytes, text) = (Vec::new(), "l'«asilo» \"a\\b\"\r\nè qui");
        let mut quads = Quads::new(&mut bytes, "http://localhost:7070", "prova");
        quads.about(Record { kind: "esperienza", number: 4 });
        quads.say(dct::TITLE, Object::it(text)).unwrap();
        quads.say_of("contact", fl::NETWORK_OF, Object::Fragment("x")).unwrap();
        assert_eq!(quads.count(), 2);
        let read: Vec<Quad> = RdfParser::from_format(RdfFormat::NQuads)
            .for_slice(&bytes)
            .collect::<Result<_, _>>()
            .unwrap();
        let wanted = Literal::new_language_tagged_literal(text, "it").unwrap();
        assert_eq!(read[0].object, Term::from(wanted));
        assert_eq!(
            read[1].subject.to_string(),
            "<http://localhost:7070/id/esperienza/prova-4#contact>"
        );
        assert_eq!(read[1].object.to_string(), "<http://localhost:7070/id/esperienza/prova-4#x>");
        assert_eq!(read[0].graph_name.to_string(), "<http://localhost:7070/graph/prova>");
    }
}
