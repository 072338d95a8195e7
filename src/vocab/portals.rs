//! The terms in which the node describes its datasets to portals, and where profiles of them are named.
//! Like the rest of the vocabulary, IRIs and nothing else.

use super::term::term;
use oxigraph::model::NamedNodeRef;

/// What DCAT-AP is named by as a profile, the first one when the node speaks.
pub const DCAT_AP: [&str; 2] =
    ["https://semiceu.github.io/DCAT-AP/releases/3.0.1/", "http://data.europa.eu/r5r/"];
/// What the Italian profile is named by.
pub const DCAT_AP_IT: [&str; 2] =
    ["http://dati.gov.it/onto/dcatapit", "http://dati.gov.it/onto/dcatapit#"];
/// The namespace of the Italian profile's own terms.
pub const DCATAPIT: &str = "http://dati.gov.it/onto/dcatapit#";
/// Where the licences of Italian public data live.
pub const LICENCES: &str = "https://w3id.org/italia/controlled-vocabulary/licences/";
/// Where the kinds of publishers live.
pub const PUBLISHER_TYPES: &str = "http://purl.org/adms/publishertype/";
/// The media type of what is packed with gzip.
pub const GZIP: NamedNodeRef<'static> =
    term("http://www.iana.org/assignments/media-types/application/gzip");
/// Prefixes of a written catalogue, beside those of all RDF the node writes.
pub const CATALOGUE_PREFIXES: [(&str, &str); 9] = [
    ("adms", "http://www.w3.org/ns/adms#"),
    ("dcatap", "http://data.europa.eu/r5r/"),
    ("dcatapit", DCATAPIT),
    ("euvoc", "http://publications.europa.eu/resource/authority/"),
    ("gsp", "http://www.opengis.net/ont/geosparql#"),
    ("hydra", "http://www.w3.org/ns/hydra/core#"),
    ("iana", "http://www.iana.org/assignments/media-types/"),
    ("licence", LICENCES),
    ("spdx", "http://spdx.org/rdf/terms#"),
];
/// What a catalogue of the Italian profile is said with: it knows no services, series or checksums.
pub const ITALIAN_TERMS: [&str; 44] = [
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
    "http://purl.org/dc/terms/title",
    "http://purl.org/dc/terms/description",
    "http://purl.org/dc/terms/publisher",
    "http://purl.org/dc/terms/modified",
    "http://purl.org/dc/terms/issued",
    "http://purl.org/dc/terms/language",
    "http://purl.org/dc/terms/license",
    "http://purl.org/dc/terms/spatial",
    "http://purl.org/dc/terms/identifier",
    "http://purl.org/dc/terms/rightsHolder",
    "http://purl.org/dc/terms/accrualPeriodicity",
    "http://purl.org/dc/terms/creator",
    "http://purl.org/dc/terms/conformsTo",
    "http://purl.org/dc/terms/temporal",
    "http://purl.org/dc/terms/format",
    "http://purl.org/dc/terms/type",
    "http://purl.org/dc/terms/subject",
    "http://purl.org/dc/terms/isVersionOf",
    "http://www.w3.org/ns/dcat#dataset",
    "http://www.w3.org/ns/dcat#themeTaxonomy",
    "http://www.w3.org/ns/dcat#theme",
    "http://www.w3.org/ns/dcat#contactPoint",
    "http://www.w3.org/ns/dcat#distribution",
    "http://www.w3.org/ns/dcat#keyword",
    "http://www.w3.org/ns/dcat#landingPage",
    "http://www.w3.org/ns/dcat#accessURL",
    "http://www.w3.org/ns/dcat#downloadURL",
    "http://www.w3.org/ns/dcat#byteSize",
    "http://www.w3.org/ns/dcat#startDate",
    "http://www.w3.org/ns/dcat#endDate",
    "http://xmlns.com/foaf/0.1/homepage",
    "http://xmlns.com/foaf/0.1/name",
    "http://www.w3.org/2002/07/owl#versionInfo",
    "http://www.w3.org/2004/02/skos/core#prefLabel",
    "http://www.w3.org/2004/02/skos/core#inScheme",
    "http://www.w3.org/2006/vcard/ns#fn",
    "http://www.w3.org/2006/vcard/ns#hasEmail",
    "http://www.w3.org/2006/vcard/ns#hasTelephone",
    "http://www.w3.org/2006/vcard/ns#hasURL",
    "http://www.w3.org/ns/dcat#bbox",
    "http://www.w3.org/ns/dcat#centroid",
    "http://dati.gov.it/onto/dcatapit#startDate",
    "http://dati.gov.it/onto/dcatapit#endDate",
];

/// The Italian profile.
pub mod dcatapit {
    use super::{NamedNodeRef, term};

    /// `dcatapit:startDate`
    pub const START_DATE: NamedNodeRef<'static> =
        term("http://dati.gov.it/onto/dcatapit#startDate");
    /// `dcatapit:endDate`
    pub const END_DATE: NamedNodeRef<'static> = term("http://dati.gov.it/onto/dcatapit#endDate");
}

/// DCAT 3.
pub mod dcat {
    use super::{NamedNodeRef, term};

    /// `dcat:Dataset`
    pub const DATASET_CLASS: NamedNodeRef<'static> = term("http://www.w3.org/ns/dcat#Dataset");
    /// `dcat:distribution`
    pub const DISTRIBUTION: NamedNodeRef<'static> = term("http://www.w3.org/ns/dcat#distribution");
    /// `dcat:dataset`
    pub const DATASET: NamedNodeRef<'static> = term("http://www.w3.org/ns/dcat#dataset");
    /// `dcat:service`
    pub const SERVICE: NamedNodeRef<'static> = term("http://www.w3.org/ns/dcat#service");
    /// `dcat:servesDataset`
    pub const SERVES_DATASET: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/dcat#servesDataset");
    /// `dcat:contactPoint`
    pub const CONTACT_POINT: NamedNodeRef<'static> = term("http://www.w3.org/ns/dcat#contactPoint");
    /// `dcat:accessURL`
    pub const ACCESS_URL: NamedNodeRef<'static> = term("http://www.w3.org/ns/dcat#accessURL");
    /// `dcat:downloadURL`
    pub const DOWNLOAD_URL: NamedNodeRef<'static> = term("http://www.w3.org/ns/dcat#downloadURL");
    /// `dcat:byteSize`
    pub const BYTE_SIZE: NamedNodeRef<'static> = term("http://www.w3.org/ns/dcat#byteSize");
    /// `dcat:compressFormat`
    pub const COMPRESS_FORMAT: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/dcat#compressFormat");
    /// `dcat:inSeries`
    pub const IN_SERIES: NamedNodeRef<'static> = term("http://www.w3.org/ns/dcat#inSeries");
    /// `dcat:startDate`
    pub const START_DATE: NamedNodeRef<'static> = term("http://www.w3.org/ns/dcat#startDate");
    /// `dcat:endDate`
    pub const END_DATE: NamedNodeRef<'static> = term("http://www.w3.org/ns/dcat#endDate");
    /// `dcat:version`
    pub const VERSION: NamedNodeRef<'static> = term("http://www.w3.org/ns/dcat#version");
}

/// SPDX, as DCAT uses it for checksums.
pub mod spdx {
    use super::{NamedNodeRef, term};

    /// `spdx:Checksum`
    pub const CHECKSUM_CLASS: NamedNodeRef<'static> = term("http://spdx.org/rdf/terms#Checksum");
    /// `spdx:checksum`
    pub const CHECKSUM: NamedNodeRef<'static> = term("http://spdx.org/rdf/terms#checksum");
    /// `spdx:algorithm`
    pub const ALGORITHM: NamedNodeRef<'static> = term("http://spdx.org/rdf/terms#algorithm");
    /// `spdx:checksumValue`
    pub const CHECKSUM_VALUE: NamedNodeRef<'static> =
        term("http://spdx.org/rdf/terms#checksumValue");
    /// `spdx:checksumAlgorithm_sha256`
    pub const SHA_256: NamedNodeRef<'static> =
        term("http://spdx.org/rdf/terms#checksumAlgorithm_sha256");
}

/// Hydra, by which long lists are read page by page; the older names of its links stand beside the newer ones.
pub mod hydra {
    use super::{NamedNodeRef, term};

    /// `hydra:Collection`
    pub const COLLECTION: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/hydra/core#Collection");
    /// `hydra:PartialCollectionView`
    pub const PARTIAL_COLLECTION_VIEW: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/hydra/core#PartialCollectionView");
    /// `hydra:PagedCollection`
    pub const PAGED_COLLECTION: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/hydra/core#PagedCollection");
    /// `hydra:view`
    pub const VIEW: NamedNodeRef<'static> = term("http://www.w3.org/ns/hydra/core#view");
    /// `hydra:first`
    pub const FIRST: NamedNodeRef<'static> = term("http://www.w3.org/ns/hydra/core#first");
    /// `hydra:firstPage`
    pub const FIRST_PAGE: NamedNodeRef<'static> = term("http://www.w3.org/ns/hydra/core#firstPage");
    /// `hydra:previous`
    pub const PREVIOUS: NamedNodeRef<'static> = term("http://www.w3.org/ns/hydra/core#previous");
    /// `hydra:previousPage`
    pub const PREVIOUS_PAGE: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/hydra/core#previousPage");
    /// `hydra:next`
    pub const NEXT: NamedNodeRef<'static> = term("http://www.w3.org/ns/hydra/core#next");
    /// `hydra:nextPage`
    pub const NEXT_PAGE: NamedNodeRef<'static> = term("http://www.w3.org/ns/hydra/core#nextPage");
    /// `hydra:last`
    pub const LAST: NamedNodeRef<'static> = term("http://www.w3.org/ns/hydra/core#last");
    /// `hydra:lastPage`
    pub const LAST_PAGE: NamedNodeRef<'static> = term("http://www.w3.org/ns/hydra/core#lastPage");
    /// `hydra:totalItems`
    pub const TOTAL_ITEMS: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/hydra/core#totalItems");
    /// `hydra:itemsPerPage`
    pub const ITEMS_PER_PAGE: NamedNodeRef<'static> =
        term("http://www.w3.org/ns/hydra/core#itemsPerPage");
}

/// The Dublin Core terms that only catalogues use.
pub mod dcterms {
    use super::{NamedNodeRef, term};

    /// `dct:publisher`
    pub const PUBLISHER: NamedNodeRef<'static> = term("http://purl.org/dc/terms/publisher");
    /// `dct:creator`
    pub const CREATOR: NamedNodeRef<'static> = term("http://purl.org/dc/terms/creator");
    /// `dct:rightsHolder`
    pub const RIGHTS_HOLDER: NamedNodeRef<'static> = term("http://purl.org/dc/terms/rightsHolder");
    /// `dct:temporal`
    pub const TEMPORAL: NamedNodeRef<'static> = term("http://purl.org/dc/terms/temporal");
    /// `dct:PeriodOfTime`
    pub const PERIOD_OF_TIME: NamedNodeRef<'static> = term("http://purl.org/dc/terms/PeriodOfTime");
}

/// What catalogues say of pages and contacts.
pub mod contact {
    use super::{NamedNodeRef, term};

    /// `foaf:Document`
    pub const DOCUMENT: NamedNodeRef<'static> = term("http://xmlns.com/foaf/0.1/Document");
    /// `vcard:hasURL`
    pub const HAS_URL: NamedNodeRef<'static> = term("http://www.w3.org/2006/vcard/ns#hasURL");
}
