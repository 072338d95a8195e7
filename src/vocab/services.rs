//! The terms in which the node speaks of itself and of the shapes of records.

use super::term::term;
use oxigraph::model::NamedNodeRef;

/// SPARQL 1.1 Service Description.
pub mod sd {
    use super::{NamedNodeRef, term};

    /// The namespace.
    pub const NAMESPACE: &str = "http://www.w3.org/ns/sparql-service-description#";
    /// `sd:Service`
    pub const SERVICE: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/sparql-service-description#Service");
    /// `sd:endpoint`
    pub const ENDPOINT: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/sparql-service-description#endpoint");
    /// `sd:supportedLanguage`
    pub const SUPPORTED_LANGUAGE: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/sparql-service-description#supportedLanguage");
    /// `sd:SPARQL11Query`
    pub const SPARQL_11_QUERY: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/sparql-service-description#SPARQL11Query");
    /// `sd:SPARQL11Update`
    pub const SPARQL_11_UPDATE: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/sparql-service-description#SPARQL11Update");
    /// `sd:resultFormat`
    pub const RESULT_FORMAT: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/sparql-service-description#resultFormat");
    /// `sd:inputFormat`
    pub const INPUT_FORMAT: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/sparql-service-description#inputFormat");
    /// `sd:feature`
    pub const FEATURE: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/sparql-service-description#feature");
    /// `sd:Feature`
    pub const FEATURE_CLASS: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/sparql-service-description#Feature");
    /// `sd:languageExtension`
    pub const LANGUAGE_EXTENSION: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/sparql-service-description#languageExtension");
    /// `sd:UnionDefaultGraph`
    pub const UNION_DEFAULT_GRAPH: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/sparql-service-description#UnionDefaultGraph");
    /// `sd:defaultDataset`
    pub const DEFAULT_DATASET: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/sparql-service-description#defaultDataset");
    /// `sd:Dataset`
    pub const DATASET: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/sparql-service-description#Dataset");
    /// `sd:defaultGraph`
    pub const DEFAULT_GRAPH: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/sparql-service-description#defaultGraph");
    /// `sd:Graph`
    pub const GRAPH: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/sparql-service-description#Graph");
    /// `sd:namedGraph`
    pub const NAMED_GRAPH: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/sparql-service-description#namedGraph");
    /// `sd:NamedGraph`
    pub const NAMED_GRAPH_CLASS: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/sparql-service-description#NamedGraph");
    /// `sd:name`
    pub const NAME: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/sparql-service-description#name");
    /// `sd:graph`
    pub const GRAPH_OF: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/sparql-service-description#graph");
}

/// The Shapes Constraint Language.
pub mod sh {
    use super::{NamedNodeRef, term};

    /// The namespace.
    pub const NAMESPACE: &str = "http://www.w3.org/ns/shacl#";
    /// `sh:ClassConstraintComponent`
    pub const CLASS_CONSTRAINT_COMPONENT: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/shacl#ClassConstraintComponent");
    /// `sh:name`
    pub const NAME: NamedNodeRef<'static> = term("http://www.w3.org/ns/shacl#name");
    /// `sh:message`
    pub const MESSAGE: NamedNodeRef<'static> = term("http://www.w3.org/ns/shacl#message");
    /// `sh:path`
    pub const PATH: NamedNodeRef<'static> = term("http://www.w3.org/ns/shacl#path");
    /// `sh:property`
    pub const PROPERTY: NamedNodeRef<'static> = term("http://www.w3.org/ns/shacl#property");
    /// `sh:targetClass`
    pub const TARGET_CLASS: NamedNodeRef<'static> = term("http://www.w3.org/ns/shacl#targetClass");
    /// `sh:group`
    pub const GROUP: NamedNodeRef<'static> = term("http://www.w3.org/ns/shacl#group");
    /// `sh:order`
    pub const ORDER: NamedNodeRef<'static> = term("http://www.w3.org/ns/shacl#order");
    /// `sh:sparql`
    pub const SPARQL: NamedNodeRef<'static> = term("http://www.w3.org/ns/shacl#sparql");
    /// `sh:conforms`
    pub const CONFORMS: NamedNodeRef<'static> = term("http://www.w3.org/ns/shacl#conforms");
    /// `sh:result`
    pub const RESULT: NamedNodeRef<'static> = term("http://www.w3.org/ns/shacl#result");
    /// `sh:focusNode`
    pub const FOCUS_NODE: NamedNodeRef<'static> = term("http://www.w3.org/ns/shacl#focusNode");
    /// `sh:resultPath`
    pub const RESULT_PATH: NamedNodeRef<'static> = term("http://www.w3.org/ns/shacl#resultPath");
    /// `sh:value`
    pub const VALUE: NamedNodeRef<'static> = term("http://www.w3.org/ns/shacl#value");
    /// `sh:resultMessage`
    pub const RESULT_MESSAGE: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/shacl#resultMessage");
    /// `sh:sourceShape`
    pub const SOURCE_SHAPE: NamedNodeRef<'static> = term("http://www.w3.org/ns/shacl#sourceShape");
    /// `sh:sourceConstraintComponent`
    pub const SOURCE_CONSTRAINT_COMPONENT: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/shacl#sourceConstraintComponent");
    /// `sh:resultSeverity`
    pub const RESULT_SEVERITY: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/shacl#resultSeverity");
    /// `sh:ConstraintComponent`
    pub const CONSTRAINT_COMPONENT: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/shacl#ConstraintComponent");
    /// `sh:class`
    pub const CLASS: NamedNodeRef<'static> = term("http://www.w3.org/ns/shacl#class");
    /// `sh:datatype`
    pub const DATATYPE: NamedNodeRef<'static> = term("http://www.w3.org/ns/shacl#datatype");
    /// `sh:in`
    pub const IN: NamedNodeRef<'static> = term("http://www.w3.org/ns/shacl#in");
    /// `sh:IRI`
    pub const IRI: NamedNodeRef<'static> = term("http://www.w3.org/ns/shacl#IRI");
    /// `sh:maxCount`
    pub const MAX_COUNT: NamedNodeRef<'static> = term("http://www.w3.org/ns/shacl#maxCount");
    /// `sh:minCount`
    pub const MIN_COUNT: NamedNodeRef<'static> = term("http://www.w3.org/ns/shacl#minCount");
    /// `sh:NodeShape`
    pub const NODE_SHAPE: NamedNodeRef<'static> = term("http://www.w3.org/ns/shacl#NodeShape");
    /// `sh:nodeKind`
    pub const NODE_KIND: NamedNodeRef<'static> = term("http://www.w3.org/ns/shacl#nodeKind");
    /// `sh:qualifiedMinCount`
    pub const QUALIFIED_MIN_COUNT: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/shacl#qualifiedMinCount");
    /// `sh:severity`
    pub const SEVERITY: NamedNodeRef<'static> = term("http://www.w3.org/ns/shacl#severity");
    /// `sh:Violation`
    pub const VIOLATION: NamedNodeRef<'static> = term("http://www.w3.org/ns/shacl#Violation");
    /// `sh:Warning`
    pub const WARNING: NamedNodeRef<'static> = term("http://www.w3.org/ns/shacl#Warning");
    /// `sh:Info`
    pub const INFO: NamedNodeRef<'static> = term("http://www.w3.org/ns/shacl#Info");
    /// `sh:ValidationReport`
    pub const VALIDATION_REPORT: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/shacl#ValidationReport");
    /// `sh:ValidationResult`
    pub const VALIDATION_RESULT: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/shacl#ValidationResult");
}
