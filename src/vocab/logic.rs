//! The terms by which the ontology and the vocabularies are described and explained.

use super::term::term;
use oxigraph::model::NamedNodeRef;

/// OWL 2.
pub mod owl {
    use super::{NamedNodeRef, term};

    /// `owl:sameAs`
    pub const SAME_AS: NamedNodeRef<'static> = term("http://www.w3.org/2002/07/owl#sameAs");
    /// `owl:Class`
    pub const CLASS: NamedNodeRef<'static> = term("http://www.w3.org/2002/07/owl#Class");
    /// `owl:ObjectProperty`
    pub const OBJECT_PROPERTY: NamedNodeRef<'static> =
        term("http://www.w3.org/2002/07/owl#ObjectProperty");
    /// `owl:DatatypeProperty`
    pub const DATATYPE_PROPERTY: NamedNodeRef<'static> =
        term("http://www.w3.org/2002/07/owl#DatatypeProperty");
    /// `owl:AnnotationProperty`
    pub const ANNOTATION_PROPERTY: NamedNodeRef<'static> =
        term("http://www.w3.org/2002/07/owl#AnnotationProperty");
    /// `owl:Ontology`
    pub const ONTOLOGY: NamedNodeRef<'static> = term("http://www.w3.org/2002/07/owl#Ontology");
    /// `owl:inverseOf`
    pub const INVERSE_OF: NamedNodeRef<'static> = term("http://www.w3.org/2002/07/owl#inverseOf");
    /// `owl:equivalentClass`
    pub const EQUIVALENT_CLASS: NamedNodeRef<'static> =
        term("http://www.w3.org/2002/07/owl#equivalentClass");
    /// `owl:equivalentProperty`
    pub const EQUIVALENT_PROPERTY: NamedNodeRef<'static> =
        term("http://www.w3.org/2002/07/owl#equivalentProperty");
    /// `owl:versionInfo`
    pub const VERSION_INFO: NamedNodeRef<'static> =
        term("http://www.w3.org/2002/07/owl#versionInfo");
    /// `owl:deprecated`
    pub const DEPRECATED: NamedNodeRef<'static> = term("http://www.w3.org/2002/07/owl#deprecated");
}

/// What SKOS says of meanings and of how concepts hang together.
pub mod note {
    use super::{NamedNodeRef, term};

    /// `skos:scopeNote`
    pub const SCOPE_NOTE: NamedNodeRef<'static> =
        term("http://www.w3.org/2004/02/skos/core#scopeNote");
    /// `skos:example`
    pub const EXAMPLE: NamedNodeRef<'static> = term("http://www.w3.org/2004/02/skos/core#example");
    /// `skos:closeMatch`
    pub const CLOSE_MATCH: NamedNodeRef<'static> =
        term("http://www.w3.org/2004/02/skos/core#closeMatch");
    /// `skos:broadMatch`
    pub const BROAD_MATCH: NamedNodeRef<'static> =
        term("http://www.w3.org/2004/02/skos/core#broadMatch");
    /// `skos:relatedMatch`
    pub const RELATED_MATCH: NamedNodeRef<'static> =
        term("http://www.w3.org/2004/02/skos/core#relatedMatch");
    /// `skos:hiddenLabel`
    pub const HIDDEN_LABEL: NamedNodeRef<'static> =
        term("http://www.w3.org/2004/02/skos/core#hiddenLabel");
    /// `skos:topConceptOf`
    pub const TOP_CONCEPT_OF: NamedNodeRef<'static> =
        term("http://www.w3.org/2004/02/skos/core#topConceptOf");
}
