//! Names of the harvesting protocol and of what it carries. IRIs and nothing else.

use super::term::term;
use oxigraph::model::NamedNodeRef;

/// The answers of OAI-PMH 2.0.
pub const OAI_PMH: &str = "http://www.openarchives.org/OAI/2.0/";
/// The XML schema of these answers.
pub const OAI_PMH_SCHEMA: &str = "http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd";
/// Plain Dublin Core as OAI-PMH carries it.
pub const OAI_DC: &str = "http://www.openarchives.org/OAI/2.0/oai_dc/";
/// The XML schema of this Dublin Core.
pub const OAI_DC_SCHEMA: &str = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd";
/// The fifteen elements of Dublin Core.
pub const DUBLIN_CORE: &str = "http://purl.org/dc/elements/1.1/";
/// RDF/XML.
pub const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
/// XML schemas.
pub const XML_SCHEMA: &str = "http://www.w3.org/2001/XMLSchema";
/// What XML says of its schemas.
pub const SCHEMA_INSTANCE: &str = "http://www.w3.org/2001/XMLSchema-instance";
/// The namespace that no element may be in. Namespaces in XML 1.0, section 3.
pub const XMLNS: &str = "http://www.w3.org/2000/xmlns/";
/// Terms of RDF that are part of the syntax of RDF/XML and so cannot be properties in it. RDF 1.1 XML
/// Syntax, section 5.1.
pub const SYNTAX_TERMS: [&str; 9] =
    ["Description", "li", "RDF", "ID", "about", "parseType", "resource", "nodeID", "datatype"];

/// `foaf:primaryTopic`
pub const PRIMARY_TOPIC: NamedNodeRef<'static> = term("http://xmlns.com/foaf/0.1/primaryTopic");
