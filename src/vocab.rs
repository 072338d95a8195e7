//! Every IRI the program knows by name, and nothing else.
//! Elsewhere in `src/` a string holding a web address is a mistake.

mod family;
mod feeds;
pub mod harvest;
mod logic;
mod pages;
mod portals;
mod services;
mod streams;
mod term;
pub mod void;

pub use feeds::{SITEMAP, TOMBSTONES, XHTML};
pub use logic::{note, owl};
pub use pages::{PREFIXES, datatype};
pub use portals::{
    CATALOGUE_PREFIXES, DCAT_AP, DCAT_AP_IT, DCATAPIT, GZIP, ITALIAN_TERMS, LICENCES,
    PUBLISHER_TYPES, contact, dcat, dcatapit, dcterms, hydra, spdx,
};
pub use services::{sd, sh};
pub use streams::{activity, ldes, prov, tree, version};

use oxigraph::model::NamedNodeRef;
use term::term;

/// Where the project's own terms live; the shipped files are written against it.
pub const CANONICAL: &str = "https://w3id.org/familylab/";
/// The part of [`CANONICAL`] that each node replaces by its own `{base}/id/`.
pub const CANONICAL_ID: &str = "https://w3id.org/familylab/id/";
/// The ontology document.
pub const ONTOLOGY: &str = "https://w3id.org/familylab/ontology";
/// The shapes document.
pub const SHAPES: &str = "https://w3id.org/familylab/shapes";
/// Where the controlled lists live, one scheme a name.
pub const SCHEMES: &str = "https://w3id.org/familylab/vocabulary/";
/// The licence contributions carry when they name none: CC BY 4.0, in the Italian vocabulary.
pub const LICENCE_CC_BY: &str = "https://w3id.org/italia/controlled-vocabulary/licences/A21_CCBY40";
/// The national territories, where the Italian vocabulary names them.
pub const NATIONAL_TERRITORIES: &str =
    "https://w3id.org/italia/controlled-vocabulary/territorial-classifications/";
/// The EU authority list of languages.
pub const LANGUAGES: &str = "http://publications.europa.eu/resource/authority/language/";
/// The questionnaires that ship with the program, one a version.
pub const QUESTIONNAIRES: &str = "https://w3id.org/familylab/questionnaire/";
/// Atom feeds. RFC 4287, section 1.2.
pub const ATOM: &str = "http://www.w3.org/2005/Atom";
/// OpenSearch 1.1 descriptions.
pub const OPENSEARCH: &str = "http://a9.com/-/spec/opensearch/1.1/";
/// The terms of schema.org.
pub const SCHEMA: &str = "https://schema.org/";
/// Where made-up addresses stand: a domain that belongs to nobody. RFC 2606, section 3.
pub const EXAMPLE: &str = "https://example.org/";
/// The result and graph formats of the service description.
pub const FORMATS: &str = "http://www.w3.org/ns/formats/";

/// The family-policy ontology, `ontology/familylab.ttl`.
pub mod fl {
    pub use super::family::*;
    use super::{NamedNodeRef, term};

    /// The namespace.
    pub const NAMESPACE: &str = "https://w3id.org/familylab/ontology#";
    /// `fl:Experience`
    pub const EXPERIENCE: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#Experience");
    /// `fl:Actor`
    pub const ACTOR: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#Actor");
    /// `fl:PublicAdministration`
    pub const PUBLIC_ADMINISTRATION: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#PublicAdministration");
    /// `fl:ThirdSectorOrganization`
    pub const THIRD_SECTOR_ORGANIZATION: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#ThirdSectorOrganization");
    /// `fl:PrivateSocialOrganization`
    pub const PRIVATE_SOCIAL_ORGANIZATION: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#PrivateSocialOrganization");
    /// `fl:Network`
    pub const NETWORK: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#Network");
    /// `fl:HorizontalNetwork`
    pub const HORIZONTAL_NETWORK: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#HorizontalNetwork");
    /// `fl:VerticalNetwork`
    pub const VERTICAL_NETWORK: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#VerticalNetwork");
    /// `fl:Territory`
    pub const TERRITORY: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#Territory");
    /// `fl:Region`
    pub const REGION: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#Region");
    /// `fl:Province`
    pub const PROVINCE: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#Province");
    /// `fl:Municipality`
    pub const MUNICIPALITY: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#Municipality");
    /// `fl:FormerMunicipality`
    pub const FORMER_MUNICIPALITY: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#FormerMunicipality");
    /// `fl:validFrom`
    pub const VALID_FROM: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#validFrom");
    /// `fl:validUntil`
    pub const VALID_UNTIL: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#validUntil");
    /// `fl:SelfAssessment`
    pub const SELF_ASSESSMENT: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#SelfAssessment");
    /// `fl:Score`
    pub const SCORE_CLASS: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#Score");
    /// `fl:Indicator`
    pub const INDICATOR_CLASS: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#Indicator");
    /// `fl:Step`
    pub const STEP_CLASS: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#Step");
    /// `fl:context`
    pub const CONTEXT: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#context");
    /// `fl:targetGroup`
    pub const TARGET_GROUP: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#targetGroup");
    /// `fl:objective`
    pub const OBJECTIVE: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#objective");
    /// `fl:activity`
    pub const ACTIVITY: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#activity");
    /// `fl:expectedResult`
    pub const EXPECTED_RESULT: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#expectedResult");
    /// `fl:achievedResult`
    pub const ACHIEVED_RESULT: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#achievedResult");
    /// `fl:indicator`
    pub const INDICATOR: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#indicator");
    /// `fl:leadActor`
    pub const LEAD_ACTOR: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#leadActor");
    /// `fl:partner`
    pub const PARTNER: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#partner");
    /// `fl:network`
    pub const NETWORK_OF: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#network");
    /// `fl:territory`
    pub const TERRITORY_OF: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#territory");
    /// `fl:governmentLevel`
    pub const GOVERNMENT_LEVEL: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#governmentLevel");
    /// `fl:phase`
    pub const PHASE: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#phase");
    /// `fl:startDate`
    pub const START_DATE: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#startDate");
    /// `fl:endDate`
    pub const END_DATE: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#endDate");
    /// `fl:budget`
    pub const BUDGET: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#budget");
    /// `fl:fundingSource`
    pub const FUNDING_SOURCE: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#fundingSource");
    /// `fl:staff`
    pub const STAFF: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#staff");
    /// `fl:legalBasis`
    pub const LEGAL_BASIS: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#legalBasis");
    /// `fl:obstacle`
    pub const OBSTACLE: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#obstacle");
    /// `fl:successFactor`
    pub const SUCCESS_FACTOR: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#successFactor");
    /// `fl:transferStep`
    pub const TRANSFER_STEP: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#transferStep");
    /// `fl:transferredFrom`
    pub const TRANSFERRED_FROM: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#transferredFrom");
    /// `fl:assessment`
    pub const ASSESSMENT: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#assessment");
    /// `fl:assesses`
    pub const ASSESSES: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#assesses");
    /// `fl:evidenceLevel`
    pub const EVIDENCE_LEVEL: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#evidenceLevel");
    /// `fl:contactPoint`
    pub const CONTACT_POINT: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#contactPoint");
    /// `fl:lastReviewed`
    pub const LAST_REVIEWED: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#lastReviewed");
    /// `fl:ipaCode`
    pub const IPA_CODE: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#ipaCode");
    /// `fl:taxCode`
    pub const TAX_CODE: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#taxCode");
    /// `fl:member`
    pub const MEMBER: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#member");
    /// `fl:coordinator`
    pub const COORDINATOR: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#coordinator");
    /// `fl:foundedOn`
    pub const FOUNDED_ON: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#foundedOn");
    /// `fl:joiningRule`
    pub const JOINING_RULE: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#joiningRule");
    /// `fl:istatCode`
    pub const ISTAT_CODE: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#istatCode");
    /// `fl:cadastralCode`
    pub const CADASTRAL_CODE: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#cadastralCode");
    /// `fl:nutsCode`
    pub const NUTS_CODE: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#nutsCode");
    /// `fl:population`
    pub const POPULATION: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#population");
    /// `fl:score`
    pub const SCORE: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#score");
    /// `fl:criterion`
    pub const CRITERION: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#criterion");
    /// `fl:value`
    pub const VALUE: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#value");
    /// `fl:justification`
    pub const JUSTIFICATION: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#justification");
    /// `fl:evidence`
    pub const EVIDENCE: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#evidence");
    /// `fl:questionnaireVersion`
    pub const QUESTIONNAIRE_VERSION: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#questionnaireVersion");
    /// `fl:assessorRole`
    pub const ASSESSOR_ROLE: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#assessorRole");
    /// `fl:reviewed`
    pub const REVIEWED: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#reviewed");
    /// `fl:position`
    pub const POSITION: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#position");
    /// `fl:unit`
    pub const UNIT: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#unit");
    /// `fl:baseline`
    pub const BASELINE: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#baseline");
    /// `fl:demonstration`
    pub const DEMONSTRATION: NamedNodeRef<'static> =
        term("https://w3id.org/familylab/ontology#demonstration");
}

/// SKOS.
pub mod skos {
    use super::{NamedNodeRef, term};

    /// The namespace.
    pub const NAMESPACE: &str = "http://www.w3.org/2004/02/skos/core#";
    /// `skos:Concept`
    pub const CONCEPT: NamedNodeRef<'static> = term("http://www.w3.org/2004/02/skos/core#Concept");
    /// `skos:ConceptScheme`
    pub const CONCEPT_SCHEME: NamedNodeRef<'static> =
        term("http://www.w3.org/2004/02/skos/core#ConceptScheme");
    /// `skos:prefLabel`
    pub const PREF_LABEL: NamedNodeRef<'static> =
        term("http://www.w3.org/2004/02/skos/core#prefLabel");
    /// `skos:altLabel`
    pub const ALT_LABEL: NamedNodeRef<'static> =
        term("http://www.w3.org/2004/02/skos/core#altLabel");
    /// `skos:notation`
    pub const NOTATION: NamedNodeRef<'static> =
        term("http://www.w3.org/2004/02/skos/core#notation");
    /// `skos:broader`
    pub const BROADER: NamedNodeRef<'static> = term("http://www.w3.org/2004/02/skos/core#broader");
    /// `skos:exactMatch`
    pub const EXACT_MATCH: NamedNodeRef<'static> =
        term("http://www.w3.org/2004/02/skos/core#exactMatch");
    /// `skos:related`
    pub const RELATED: NamedNodeRef<'static> = term("http://www.w3.org/2004/02/skos/core#related");
    /// `skos:inScheme`
    pub const IN_SCHEME: NamedNodeRef<'static> =
        term("http://www.w3.org/2004/02/skos/core#inScheme");
    /// `skos:definition`
    pub const DEFINITION: NamedNodeRef<'static> =
        term("http://www.w3.org/2004/02/skos/core#definition");
}

/// DCMI metadata terms.
pub mod dct {
    use super::{NamedNodeRef, term};

    /// `dct:isVersionOf`
    pub const IS_VERSION_OF: NamedNodeRef<'static> = term("http://purl.org/dc/terms/isVersionOf");
    /// `dct:hasVersion`
    pub const HAS_VERSION: NamedNodeRef<'static> = term("http://purl.org/dc/terms/hasVersion");
    /// `dct:replaces`
    pub const REPLACES: NamedNodeRef<'static> = term("http://purl.org/dc/terms/replaces");
    /// `dct:isReplacedBy`
    pub const IS_REPLACED_BY: NamedNodeRef<'static> = term("http://purl.org/dc/terms/isReplacedBy");
    /// The namespace.
    pub const NAMESPACE: &str = "http://purl.org/dc/terms/";
    /// `dct:title`
    pub const TITLE: NamedNodeRef<'static> = term("http://purl.org/dc/terms/title");
    /// `dct:description`
    pub const DESCRIPTION: NamedNodeRef<'static> = term("http://purl.org/dc/terms/description");
    /// `dct:identifier`
    pub const IDENTIFIER: NamedNodeRef<'static> = term("http://purl.org/dc/terms/identifier");
    /// `dct:issued`
    pub const ISSUED: NamedNodeRef<'static> = term("http://purl.org/dc/terms/issued");
    /// `dct:modified`
    pub const MODIFIED: NamedNodeRef<'static> = term("http://purl.org/dc/terms/modified");
    /// `dct:subject`
    pub const SUBJECT: NamedNodeRef<'static> = term("http://purl.org/dc/terms/subject");
    /// `dct:license`
    pub const LICENSE: NamedNodeRef<'static> = term("http://purl.org/dc/terms/license");
    /// `dct:source`
    pub const SOURCE: NamedNodeRef<'static> = term("http://purl.org/dc/terms/source");
    /// `dct:language`
    pub const LANGUAGE: NamedNodeRef<'static> = term("http://purl.org/dc/terms/language");
    /// `dct:date`
    pub const DATE: NamedNodeRef<'static> = term("http://purl.org/dc/terms/date");
    /// `dct:type`
    pub const TYPE: NamedNodeRef<'static> = term("http://purl.org/dc/terms/type");
    /// `dct:hasPart`
    pub const HAS_PART: NamedNodeRef<'static> = term("http://purl.org/dc/terms/hasPart");
}

/// WGS84 coordinates.
pub mod geo {
    use super::{NamedNodeRef, term};

    /// The namespace.
    pub const NAMESPACE: &str = "http://www.w3.org/2003/01/geo/wgs84_pos#";
    /// `geo:lat`
    pub const LAT: NamedNodeRef<'static> = term("http://www.w3.org/2003/01/geo/wgs84_pos#lat");
    /// `geo:long`
    pub const LONG: NamedNodeRef<'static> = term("http://www.w3.org/2003/01/geo/wgs84_pos#long");
}

/// FOAF.
pub mod foaf {
    use super::{NamedNodeRef, term};

    /// The namespace.
    pub const NAMESPACE: &str = "http://xmlns.com/foaf/0.1/";
    /// `foaf:homepage`
    pub const HOMEPAGE: NamedNodeRef<'static> = term("http://xmlns.com/foaf/0.1/homepage");
    /// `foaf:name`
    pub const NAME: NamedNodeRef<'static> = term("http://xmlns.com/foaf/0.1/name");
    /// `foaf:page`
    pub const PAGE: NamedNodeRef<'static> = term("http://xmlns.com/foaf/0.1/page");
}

/// vCard.
pub mod vcard {
    use super::{NamedNodeRef, term};

    /// The namespace.
    pub const NAMESPACE: &str = "http://www.w3.org/2006/vcard/ns#";
    /// `vcard:Organization`
    pub const ORGANIZATION: NamedNodeRef<'static> =
        term("http://www.w3.org/2006/vcard/ns#Organization");
    /// `vcard:fn`
    pub const FN: NamedNodeRef<'static> = term("http://www.w3.org/2006/vcard/ns#fn");
    /// `vcard:hasEmail`
    pub const HAS_EMAIL: NamedNodeRef<'static> = term("http://www.w3.org/2006/vcard/ns#hasEmail");
    /// `vcard:hasTelephone`
    pub const HAS_TELEPHONE: NamedNodeRef<'static> =
        term("http://www.w3.org/2006/vcard/ns#hasTelephone");
}

/// schema.org.
pub mod schema {
    use super::{NamedNodeRef, term};

    /// `schema:domainIncludes`
    pub const DOMAIN_INCLUDES: NamedNodeRef<'static> = term("https://schema.org/domainIncludes");
    /// `schema:rangeIncludes`
    pub const RANGE_INCLUDES: NamedNodeRef<'static> = term("https://schema.org/rangeIncludes");
}
