//! A description in an RDF syntax. Knows the syntaxes, nothing of HTTP.

use super::describe::{Description, EntityError};
use super::jsonld;
use crate::iri::Base;
use crate::schema::ontology_file;
use crate::vocab;
use oxigraph::io::{RdfFormat, RdfSerializer};
use oxigraph::model::Triple;
use std::io;

/// The project's JSON-LD context, as the node serves it.
pub fn context() -> Result<String, EntityError> {
    Ok(ontology_file("context.jsonld")?)
}

/// Writes the statements of a description. JSON-LD is compacted with the project's context,
/// to which it refers by the address at which the node serves it.
pub fn write(
    description: &Description,
    format: RdfFormat,
    base: &Base,
) -> Result<Vec<u8>, EntityError> {
    let triples = description.triples();
    if matches!(format, RdfFormat::JsonLd { .. }) {
        let context = jsonld::Context::parse(&context()?)?;
        let document = context.compact(&triples, &base.join("/context.jsonld"));
        return Ok(serde_json::to_vec_pretty(&document)?);
    }
    Ok(write_triples(&triples, format, vocab::PREFIXES)?)
}

/// Writes triples in a syntax, with those of some prefixes that they use: name and namespace.
pub fn write_triples(
    triples: &[Triple],
    format: RdfFormat,
    prefixes: impl IntoIterator<Item = (&'static str, &'static str)>,
) -> io::Result<Vec<u8>> {
    let mut serializer = RdfSerializer::from_format(format);
    let text: String = triples.iter().map(Triple::to_string).collect();
    for (prefix, namespace) in prefixes {
        if text.contains(namespace) {
            serializer = serializer
                .with_prefix(prefix, namespace)
                .expect("the prefixes are well-formed constants");
        }
    }
    let mut writer = serializer.for_writer(Vec::new());
    for triple in triples {
        writer.serialize_triple(triple)?;
    }
    writer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema;
    use crate::store::{Group, Key, Triples};
    use oxigraph::io::{JsonLdProfileSet, RdfParser};
    use oxigraph::model::Quad;
    use std::collections::BTreeSet;

    const SYNTAXES: [RdfFormat; 4] = [
        RdfFormat::Turtle,
        RdfFormat::NTriples,
        RdfFormat::RdfXml,
        RdfFormat::JsonLd { profile: JsonLdProfileSet::empty() },
    ];

    fn base() -> Base {
        Base::parse("http://n.example").unwrap()
    }

    /// Writes, reads again with the context in its place, and compares as graphs.
    fn check(description: &Description) {
        let expected: BTreeSet<String> =
            description.triples().iter().map(Triple::to_string).collect();
        for format in SYNTAXES {
            let mut bytes = write(description, format, &base()).unwrap();
            if matches!(format, RdfFormat::JsonLd { .. }) {
                bytes = embedded(&bytes);
            }
            let read: BTreeSet<String> = RdfParser::from_format(format)
                .for_slice(&bytes)
                .map(|quad| Triple::from(quad.unwrap()).to_string())
                .collect();
            assert_eq!(read, expected, "{} as {format}", description.iri);
        }
    }

    fn embedded(bytes: &[u8]) -> Vec<u8> {
        let mut document: serde_json::Value = serde_json::from_slice(bytes).unwrap();
        let ours: serde_json::Value = serde_json::from_str(&context().unwrap()).unwrap();
        let place = match &mut document["@context"] {
            serde_json::Value::Array(contexts) => &mut contexts[0],
            one => one,
        };
        assert_eq!(*place, "http://n.example/context.jsonld");
        *place = ours["@context"].clone();
        serde_json::to_vec(&document).unwrap()
    }

    fn description(key: &Key, triples: &Triples) -> Description {
        let quads = triples.quads(&key.graph).map(Result::unwrap).collect();
        Description { iri: key.record.clone(), quads, versions: Vec::new(), version: None }
    }

    #[test]
    fn every_shipped_record_is_the_same_graph_in_every_syntax() {
        let mut quads = schema::vocabulary(&base()).unwrap();
        quads.extend(
            schema::demonstration(&base()).unwrap().into_iter().flat_map(|(_, quads)| quads),
        );
        let mut group = Group::naming_blank_nodes();
        for quad in quads {
            group.add(quad).unwrap();
        }
        for record in group.finish().unwrap() {
            let (key, triples) = record.unwrap();
            check(&description(&key, &triples));
        }
    }

    #[test]
    fn odd_values_survive_every_syntax() {
        let lines = "<http://n.example/id/a> <https://w3id.org/familylab/ontology#budget> \"1\" .\n\
            <http://n.example/id/a> <https://w3id.org/familylab/ontology#budget> \"x\"@it .\n\
            <http://n.example/id/a> <https://w3id.org/familylab/ontology#value> \"2\"^^<http://www.w3.org/2001/XMLSchema#integer> .\n\
            <http://n.example/id/a> <http://purl.org/dc/terms/title> \"senza lingua <&>\" .\n\
            <http://n.example/id/a> <http://purl.org/dc/terms/title> <geo:45.07,7.68> .\n\
            <http://n.example/id/a> <http://purl.org/dc/terms/subject> \"tema\" .\n\
            <http://n.example/id/a> <http://x.example/p/q> <http://x.example/Citt\u{e0}%20alta> .\n";
        let quads: Vec<Quad> = RdfParser::from_format(RdfFormat::NTriples)
            .for_slice(lines)
            .map(Result::unwrap)
            .collect();
        let iri = "http://n.example/id/a".to_owned();
        check(&Description { iri, quads, versions: Vec::new(), version: None });
    }
}
