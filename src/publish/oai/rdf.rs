//! Statements as RDF/XML inside another document. RDF 1.1 XML Syntax.
//! Knows what that syntax cannot say, nothing of what the statements are about.

use crate::entity::write_triples;
use crate::vocab::harvest::{RDF, SYNTAX_TERMS, XMLNS};
use crate::vocab::{CATALOGUE_PREFIXES, PREFIXES};
use oxigraph::io::RdfFormat;
use oxigraph::model::vocab::rdf;
use oxigraph::model::{NamedOrBlankNode, Term, Triple};

/// The statements as an element `rdf:RDF` that declares its own namespaces. What the syntax cannot say
/// is counted in a comment.
pub fn element(triples: &[Triple]) -> String {
    let (ordered, left_out) = writable(triples);
    let ordered: Vec<Triple> = ordered.into_iter().cloned().collect();
    let prefixes = PREFIXES.into_iter().chain(CATALOGUE_PREFIXES);
    let bytes = write_triples(&ordered, RdfFormat::RdfXml, prefixes)
        .expect("what RDF/XML cannot say was left out, and memory takes all");
    let document = String::from_utf8(bytes).expect("RDF/XML was written as UTF-8");
    // The declaration belongs to the document around it, and a bare carriage return would be read as
    // a line feed. XML 1.0, sections 2.8 and 2.11.
    let element = document.split_once("?>").map_or(document.as_str(), |(_, element)| element);
    let element = element.trim_start().replace('\r', "&#13;");
    if left_out == 0 {
        return element;
    }
    format!(
        "{}\n<!-- {left_out} more statements cannot be said in RDF/XML; they are in the other formats \
         of the record -->\n</rdf:RDF>",
        element.trim_end_matches("</rdf:RDF>").trim_end()
    )
}

/// The statements that can be said, those of a subject side by side, and how many cannot. A property
/// must be the name of an element, and so must a class that the subject's element is named by.
fn writable(triples: &[Triple]) -> (Vec<&Triple>, usize) {
    let mut groups: Vec<(&NamedOrBlankNode, Vec<&Triple>)> = Vec::new();
    for triple in triples.iter().filter(|triple| is_name(triple.predicate.as_str())) {
        match groups.iter_mut().find(|(subject, _)| **subject == triple.subject) {
            Some((_, group)) => group.push(triple),
            None => groups.push((&triple.subject, vec![triple])),
        }
    }
    let mut ordered = Vec::new();
    for (_, mut group) in groups {
        group.sort_by_key(|triple| rank(triple));
        // Where nothing else is said of it, such a class would have to be the element.
        if rank(group[0]) < LAST {
            ordered.extend(group);
        }
    }
    let left_out = triples.len() - ordered.len();
    (ordered, left_out)
}

/// The rank of a class that cannot be an element: it is told after something else.
const LAST: u8 = 2;

fn rank(triple: &Triple) -> u8 {
    match &triple.object {
        _ if triple.predicate != rdf::TYPE => 1,
        Term::NamedNode(class) if is_name(class.as_str()) => 0,
        _ => LAST,
    }
}

/// Whether an IRI ends with a name that an element can have; fewer than XML would allow. Namespaces in
/// XML 1.0, section 3.
fn is_name(iri: &str) -> bool {
    let is_in_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let tail = iri.rfind(|c| !is_in_name(c)).map_or("", |at| {
        let sign = iri[at..].chars().next().map_or(0, char::len_utf8);
        &iri[at + sign..]
    });
    let start = tail.find(|c: char| c.is_ascii_alphabetic() || c == '_');
    let Some(start) = start else { return false };
    let (namespace, name) = iri.split_at(iri.len() - tail.len() + start);
    let is_syntax = namespace == RDF && SYNTAX_TERMS.contains(&name);
    !is_syntax && namespace != XMLNS
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxigraph::io::RdfParser;
    use oxigraph::model::{Dataset, GraphName, Literal, NamedNode, Quad};

    fn triple(subject: &str, predicate: &str, object: impl Into<Term>) -> Triple {
        let node = |iri: &str| NamedNode::new(iri).unwrap();
        Triple::new(node(subject), node(predicate), object)
    }

    fn read(element: &str) -> Dataset {
        let parser = RdfParser::from_format(RdfFormat::RdfXml);
        parser
            .for_slice(element)
            .collect::<Result<_, _>>()
            .unwrap_or_else(|e| panic!("{e}: {element}"))
    }

    #[test]
    fn what_is_written_is_read_again_and_what_cannot_be_is_counted() {
        let node = |iri: &str| NamedNode::new(iri).unwrap();
        let a = rdf::TYPE.as_str();
        let good = vec![
            triple("http://x/a", a, node("http://x/ns#Thing")),
            triple("http://x/a", a, node("http://x/ns#1")),
            triple("http://x/a", "http://x/ns#n-1", Literal::new_simple_literal("a\r\n<&>")),
            triple("http://x/a#b", "http://x/ns/9p", node("http://x/è")),
            triple("http://x/a#c", a, node("http://x/ns#2")),
            triple("http://x/a#c", "http://x/ns#p", Literal::new_simple_literal("c")),
        ];
        let bad = [
            triple("http://x/a", "http://x/ns#1", Literal::new_simple_literal("no name")),
            triple("http://x/a", &format!("{RDF}about"), Literal::new_simple_literal("syntax")),
            triple("http://x/a#d", a, node("http://x/ns#2")),
            triple("http://x/a", "http://www.w3.org/2000/xmlns/p", node("http://x/b")),
        ];
        let all: Vec<Triple> = good.iter().chain(&bad).cloned().collect();
        let text = element(&all);
        let expected: Dataset = good
            .into_iter()
            .map(|t| Quad::new(t.subject, t.predicate, t.object, GraphName::DefaultGraph))
            .collect();
        assert_eq!(read(&text), expected, "{text}");
        assert!(text.starts_with("<rdf:RDF") && text.contains("4 more statements"), "{text}");
        assert_eq!(read(&element(&bad)).len(), 0);
        assert_eq!(read(&element(&[])).len(), 0);
    }
}
