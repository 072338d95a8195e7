//! The terms in which the node speaks of its changes as a stream.

use super::term::term;
use oxigraph::model::NamedNodeRef;

/// Linked Data Event Streams.
pub mod ldes {
    use super::{NamedNodeRef, term};

    /// `ldes:EventStream`
    pub const EVENT_STREAM: NamedNodeRef<'static> = term("https://w3id.org/ldes#EventStream");
    /// `ldes:timestampPath`
    pub const TIMESTAMP_PATH: NamedNodeRef<'static> = term("https://w3id.org/ldes#timestampPath");
    /// `ldes:sequencePath`
    pub const SEQUENCE_PATH: NamedNodeRef<'static> = term("https://w3id.org/ldes#sequencePath");
    /// `ldes:versionOfPath`
    pub const VERSION_OF_PATH: NamedNodeRef<'static> = term("https://w3id.org/ldes#versionOfPath");
    /// `ldes:versionCreateObject`
    pub const VERSION_CREATE_OBJECT: NamedNodeRef<'static> =
        term("https://w3id.org/ldes#versionCreateObject");
    /// `ldes:versionUpdateObject`
    pub const VERSION_UPDATE_OBJECT: NamedNodeRef<'static> =
        term("https://w3id.org/ldes#versionUpdateObject");
    /// `ldes:versionDeleteObject`
    pub const VERSION_DELETE_OBJECT: NamedNodeRef<'static> =
        term("https://w3id.org/ldes#versionDeleteObject");
    /// `ldes:retentionPolicy`
    pub const RETENTION_POLICY: NamedNodeRef<'static> =
        term("https://w3id.org/ldes#retentionPolicy");
    /// `ldes:RetentionPolicy`
    pub const RETENTION_POLICY_CLASS: NamedNodeRef<'static> =
        term("https://w3id.org/ldes#RetentionPolicy");
    /// `ldes:startingFrom`
    pub const STARTING_FROM: NamedNodeRef<'static> = term("https://w3id.org/ldes#startingFrom");
    /// `ldes:pollingInterval`
    pub const POLLING_INTERVAL: NamedNodeRef<'static> =
        term("https://w3id.org/ldes#pollingInterval");
    /// `ldes:immutable`
    pub const IMMUTABLE: NamedNodeRef<'static> = term("https://w3id.org/ldes#immutable");
}

/// The TREE hypermedia specification.
pub mod tree {
    use super::{NamedNodeRef, term};

    /// `tree:Node`
    pub const NODE_CLASS: NamedNodeRef<'static> = term("https://w3id.org/tree#Node");
    /// `tree:view`
    pub const VIEW: NamedNodeRef<'static> = term("https://w3id.org/tree#view");
    /// `tree:member`
    pub const MEMBER: NamedNodeRef<'static> = term("https://w3id.org/tree#member");
    /// `tree:shape`
    pub const SHAPE: NamedNodeRef<'static> = term("https://w3id.org/tree#shape");
    /// `tree:relation`
    pub const RELATION: NamedNodeRef<'static> = term("https://w3id.org/tree#relation");
    /// `tree:node`
    pub const NODE: NamedNodeRef<'static> = term("https://w3id.org/tree#node");
    /// `tree:path`
    pub const PATH: NamedNodeRef<'static> = term("https://w3id.org/tree#path");
    /// `tree:value`
    pub const VALUE: NamedNodeRef<'static> = term("https://w3id.org/tree#value");
    /// `tree:GreaterThanOrEqualToRelation`
    pub const FROM: NamedNodeRef<'static> =
        term("https://w3id.org/tree#GreaterThanOrEqualToRelation");
    /// `tree:LessThanOrEqualToRelation`
    pub const UNTIL: NamedNodeRef<'static> =
        term("https://w3id.org/tree#LessThanOrEqualToRelation");
}

/// Activity Streams 2.0: the kinds of change.
pub mod activity {
    use super::{NamedNodeRef, term};

    /// `as:Create`
    pub const CREATE: NamedNodeRef<'static> = term("https://www.w3.org/ns/activitystreams#Create");
    /// `as:Update`
    pub const UPDATE: NamedNodeRef<'static> = term("https://www.w3.org/ns/activitystreams#Update");
    /// `as:Delete`
    pub const DELETE: NamedNodeRef<'static> = term("https://www.w3.org/ns/activitystreams#Delete");
}

/// What is said of a version of a record, beside `dct:isVersionOf`.
pub mod version {
    use super::{NamedNodeRef, term};

    /// `prov:generatedAtTime`
    pub const GENERATED_AT: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/prov#generatedAtTime");
    /// `prov:hadPrimarySource`
    pub const SOURCE: NamedNodeRef<'static> = term("http://www.w3.org/ns/prov#hadPrimarySource");
    /// `schema:version`
    pub const NUMBER: NamedNodeRef<'static> = term("https://schema.org/version");
    /// `dct:conformsTo`
    pub const CONFORMS_TO: NamedNodeRef<'static> = term("http://purl.org/dc/terms/conformsTo");
}

/// PROV-O: where something comes from.
pub mod prov {
    use super::{NamedNodeRef, term};

    /// `prov:Entity`
    pub const ENTITY: NamedNodeRef<'static> = term("http://www.w3.org/ns/prov#Entity");
    /// `prov:Activity`
    pub const ACTIVITY: NamedNodeRef<'static> = term("http://www.w3.org/ns/prov#Activity");
    /// `prov:wasDerivedFrom`
    pub const WAS_DERIVED_FROM: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/prov#wasDerivedFrom");
    /// `prov:wasGeneratedBy`
    pub const WAS_GENERATED_BY: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/prov#wasGeneratedBy");
    /// `prov:wasAssociatedWith`
    pub const WAS_ASSOCIATED_WITH: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/prov#wasAssociatedWith");
    /// `prov:used`
    pub const USED: NamedNodeRef<'static> = term("http://www.w3.org/ns/prov#used");
    /// `prov:startedAtTime`
    pub const STARTED_AT: NamedNodeRef<'static> = term("http://www.w3.org/ns/prov#startedAtTime");
}
