//! The Vocabulary of Interlinked Datasets, and what a description of data says beside it.

use super::term::term;
use oxigraph::model::NamedNodeRef;

/// The namespace.
pub const NAMESPACE: &str = "http://rdfs.org/ns/void#";
/// `void:DatasetDescription`
pub const DATASET_DESCRIPTION: NamedNodeRef<'static> =
    term("http://rdfs.org/ns/void#DatasetDescription");
/// `void:Dataset`
pub const DATASET: NamedNodeRef<'static> = term("http://rdfs.org/ns/void#Dataset");
/// `void:Linkset`
pub const LINKSET: NamedNodeRef<'static> = term("http://rdfs.org/ns/void#Linkset");
/// `void:subset`
pub const SUBSET: NamedNodeRef<'static> = term("http://rdfs.org/ns/void#subset");
/// `void:triples`
pub const TRIPLES: NamedNodeRef<'static> = term("http://rdfs.org/ns/void#triples");
/// `void:entities`
pub const ENTITIES: NamedNodeRef<'static> = term("http://rdfs.org/ns/void#entities");
/// `void:classes`
pub const CLASSES: NamedNodeRef<'static> = term("http://rdfs.org/ns/void#classes");
/// `void:properties`
pub const PROPERTIES: NamedNodeRef<'static> = term("http://rdfs.org/ns/void#properties");
/// `void:distinctSubjects`
pub const DISTINCT_SUBJECTS: NamedNodeRef<'static> =
    term("http://rdfs.org/ns/void#distinctSubjects");
/// `void:classPartition`
pub const CLASS_PARTITION: NamedNodeRef<'static> = term("http://rdfs.org/ns/void#classPartition");
/// `void:class`
pub const CLASS: NamedNodeRef<'static> = term("http://rdfs.org/ns/void#class");
/// `void:propertyPartition`
pub const PROPERTY_PARTITION: NamedNodeRef<'static> =
    term("http://rdfs.org/ns/void#propertyPartition");
/// `void:property`
pub const PROPERTY: NamedNodeRef<'static> = term("http://rdfs.org/ns/void#property");
/// `void:dataDump`
pub const DATA_DUMP: NamedNodeRef<'static> = term("http://rdfs.org/ns/void#dataDump");
/// `void:sparqlEndpoint`
pub const SPARQL_ENDPOINT: NamedNodeRef<'static> = term("http://rdfs.org/ns/void#sparqlEndpoint");
/// `void:openSearchDescription`
pub const OPEN_SEARCH_DESCRIPTION: NamedNodeRef<'static> =
    term("http://rdfs.org/ns/void#openSearchDescription");
/// `void:uriSpace`
pub const URI_SPACE: NamedNodeRef<'static> = term("http://rdfs.org/ns/void#uriSpace");
/// `void:vocabulary`
pub const VOCABULARY: NamedNodeRef<'static> = term("http://rdfs.org/ns/void#vocabulary");
/// `void:subjectsTarget`
pub const SUBJECTS_TARGET: NamedNodeRef<'static> = term("http://rdfs.org/ns/void#subjectsTarget");
/// `void:objectsTarget`
pub const OBJECTS_TARGET: NamedNodeRef<'static> = term("http://rdfs.org/ns/void#objectsTarget");
/// `void:linkPredicate`
pub const LINK_PREDICATE: NamedNodeRef<'static> = term("http://rdfs.org/ns/void#linkPredicate");
/// `foaf:primaryTopic`
pub const PRIMARY_TOPIC: NamedNodeRef<'static> = term("http://xmlns.com/foaf/0.1/primaryTopic");
