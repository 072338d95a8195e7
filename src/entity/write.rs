//! A description in an RDF syntax. Knows the syntaxes, nothing of HTTP.

use super::describe::{Description, EntityError};
use super::jsonld;
use crate::iri::Base;
use crate::schema::ontology_file;
use crate::vocab;
use oxigraph::io::{RdfFormat, RdfSerializer};

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
    let mut serializer = RdfSerializer::from_format(format);
    for (prefix, namespace) in vocab::PREFIXES {
        if triples.iter().any(|triple| triple.to_string().contains(namespace)) {
            serializer = serializer
                .with_prefix(prefix, namespace)
                .expect("the prefixes are well-formed constants");
        }
    }
    let mut writer = serializer.for_writer(Vec::new());
    for triple in &triples {
        writer.serialize_triple(triple)?;
    }
    Ok(writer.finish()?)
}
