//! What pages and written RDF need to know of names: prefixes and datatypes.
//! Like the rest of the vocabulary, IRIs and nothing else.

/// Prefixes for people and for written RDF.
pub const PREFIXES: [(&str, &str); 18] = [
    ("dcat", "http://www.w3.org/ns/dcat#"),
    ("dct", "http://purl.org/dc/terms/"),
    ("fl", "https://w3id.org/familylab/ontology#"),
    ("flsh", "https://w3id.org/familylab/shapes#"),
    ("foaf", "http://xmlns.com/foaf/0.1/"),
    ("geo", "http://www.w3.org/2003/01/geo/wgs84_pos#"),
    ("org", "http://www.w3.org/ns/org#"),
    ("owl", "http://www.w3.org/2002/07/owl#"),
    ("prov", "http://www.w3.org/ns/prov#"),
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("rdfs", "http://www.w3.org/2000/01/rdf-schema#"),
    ("schema", "https://schema.org/"),
    ("sd", "http://www.w3.org/ns/sparql-service-description#"),
    ("sh", "http://www.w3.org/ns/shacl#"),
    ("skos", "http://www.w3.org/2004/02/skos/core#"),
    ("vann", "http://purl.org/vocab/vann/"),
    ("vcard", "http://www.w3.org/2006/vcard/ns#"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
];

/// The datatypes of XML Schema that pages write in their own way.
pub mod datatype {
    use oxigraph::model::vocab::xsd;

    /// `xsd:boolean`
    pub const BOOLEAN: &str = xsd::BOOLEAN.as_str();
    /// `xsd:duration`
    pub const DURATION: &str = xsd::DURATION.as_str();
    /// Those of numbers in digits.
    pub const NUMBERS: [&str; 3] =
        [xsd::INTEGER.as_str(), xsd::DECIMAL.as_str(), xsd::NON_NEGATIVE_INTEGER.as_str()];
    /// Those of days and moments.
    pub const TIMES: [&str; 2] = [xsd::DATE.as_str(), xsd::DATE_TIME.as_str()];
}
