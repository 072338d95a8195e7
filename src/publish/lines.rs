//! Statements of records as the lines of N-Quads and as TriG, from the lines of the log.
//! Knows the syntaxes; refuses to know which records are written and where.

use crate::store::Triples;
use crate::vocab::PREFIXES;
use oxigraph::model::vocab::rdf;

/// A statement in the terms of N-Triples.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line<'l> {
    pub subject: &'l str,
    pub predicate: &'l str,
    pub object: &'l str,
}

impl<'l> Line<'l> {
    /// Cuts a line of the log. RDF 1.1 N-Triples, section 2: no IRI holds a space.
    pub fn of(line: &'l str) -> Option<Self> {
        let (subject, rest) = line.split_once(' ')?;
        let (predicate, rest) = rest.split_once(' ')?;
        let object = rest.trim_end_matches('\n').strip_suffix(" .")?;
        Some(Self { subject, predicate, object })
    }

    /// The IRI in angle brackets, or nothing where the term is none.
    pub fn iri(term: &str) -> Option<&str> {
        term.strip_prefix('<')?.strip_suffix('>')
    }
}

/// The statements of a record.
pub(super) fn lines(triples: &Triples) -> impl Iterator<Item = Line<'_>> {
    triples.lines().filter_map(Line::of)
}

/// Appends a record as N-Quads. RDF 1.1 N-Quads, section 2.
pub(super) fn push_quads(out: &mut String, graph: &str, triples: &Triples) {
    for line in triples.lines() {
        out.push_str(line.trim_end_matches(".\n"));
        out.push('<');
        out.push_str(graph);
        out.push_str("> .\n");
    }
}

/// The prefixes with which every TriG file begins.
pub(super) fn trig_prefixes() -> String {
    let mut text = String::new();
    for (prefix, namespace) in PREFIXES {
        text.push_str(&format!("@prefix {prefix}: <{namespace}> .\n"));
    }
    text
}

/// Appends a record as TriG, to stand inside the braces of its graph. RDF 1.1 TriG, section 2.
pub(super) fn push_trig(out: &mut String, triples: &Triples) {
    let (mut subject, mut predicate) = ("", "");
    for line in lines(triples) {
        if line.subject != subject {
            out.push_str(if subject.is_empty() { "" } else { " .\n" });
            push_term(out, line.subject);
        } else if line.predicate == predicate {
            out.push_str(" ,\n        ");
            push_term(out, line.object);
            continue;
        } else {
            out.push_str(" ;");
        }
        out.push_str("\n    ");
        (subject, predicate) = (line.subject, line.predicate);
        match Line::iri(predicate) {
            Some(iri) if iri == rdf::TYPE.as_str() => out.push('a'),
            _ => push_term(out, predicate),
        }
        out.push(' ');
        push_term(out, line.object);
    }
    out.push_str(if subject.is_empty() { "" } else { " .\n" });
}

/// A term with its prefix where it has one; what is no plain name stays as it is.
fn push_term(out: &mut String, term: &str) {
    let (literal, iri) = match term.rfind("\"^^<") {
        Some(at) if term.starts_with('"') => term.split_at(at + 3),
        _ => ("", term),
    };
    out.push_str(literal);
    let short = Line::iri(iri).and_then(|iri| {
        PREFIXES.iter().find_map(|(prefix, namespace)| {
            let local = iri.strip_prefix(namespace)?;
            is_plain(local).then_some((prefix, local))
        })
    });
    match short {
        Some((prefix, local)) => {
            out.push_str(prefix);
            out.push(':');
            out.push_str(local);
        }
        None => out.push_str(iri),
    }
}

/// Whether a local name needs no escapes; fewer than the grammar would allow.
fn is_plain(local: &str) -> bool {
    local.starts_with(|c: char| c.is_ascii_alphabetic())
        && local.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxigraph::io::{RdfFormat, RdfParser};
    use oxigraph::model::{Dataset, Quad};

    #[test]
    fn both_ways_of_writing_a_record_say_the_same() {
        let triples = Triples::from_lines(
            "<http://x/a> <http://purl.org/dc/terms/title> \"a \\\"^^<b> . , ; { \\n\"@it .\n\
             <http://x/a> <http://purl.org/dc/terms/title> \"e\"@en .\n\
             <http://x/a> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://x/C> .\n\
             <http://x/a> <http://x/p> \"1\"^^<http://www.w3.org/2001/XMLSchema#integer> .\n\
             <http://x/a> <http://x/p> \"\\\\\"^^<http://x/odd name> .\n\
             <http://x/a#b> <http://purl.org/dc/terms/a/b> <http://purl.org/dc/terms/c.> .\n",
        );
        let (mut quads, mut trig) = (String::new(), trig_prefixes());
        push_quads(&mut quads, "http://x/g", &triples);
        trig.push_str("<http://x/g> {\n");
        push_trig(&mut trig, &triples);
        trig.push_str("}\n");
        let read = |format, text: &str| -> Dataset {
            let parser = RdfParser::from_format(format).lenient();
            parser
                .for_slice(text)
                .collect::<Result<_, _>>()
                .unwrap_or_else(|e| panic!("{e}: {text}"))
        };
        let (one, two) = (read(RdfFormat::NQuads, &quads), read(RdfFormat::TriG, &trig));
        assert_eq!(one.len(), 6);
        assert_eq!(one, two);
        let expected: Vec<Quad> = triples.quads("http://x/g").map(Result::unwrap).collect();
        assert_eq!(one, expected.into_iter().collect());
        assert!(trig.contains("dct:title") && trig.contains("\n    a <http://x/C>"), "{trig}");
    }
}
