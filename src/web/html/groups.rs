//! Which properties stand under which heading on the page of a record, by kind.
//! Names and order only; knows no values.

use crate::vocab::{dct, fl, foaf, skos};
use crate::web::words::RecordWords;
use oxigraph::model::NamedNodeRef;
use oxigraph::model::vocab::{rdf, rdfs};

/// A heading with the properties below it.
pub struct Group {
    /// The anchor.
    pub id: &'static str,
    pub title: fn(&RecordWords) -> &'static str,
    pub properties: &'static [NamedNodeRef<'static>],
}

/// What the head of a page shows already, and what only programs need.
pub const SHOWN: [NamedNodeRef<'static>; 9] = [
    dct::TITLE,
    skos::PREF_LABEL,
    rdfs::LABEL,
    foaf::NAME,
    dct::DESCRIPTION,
    skos::DEFINITION,
    rdf::TYPE,
    fl::DEMONSTRATION,
    fl::ASSESSMENT,
];

/// Properties that refer to a record and are worth telling on its page.
pub const TOLD: [NamedNodeRef<'static>; 8] = [
    dct::HAS_PART,
    fl::ABOUT,
    fl::DERIVED_FROM,
    fl::IMPLEMENTS,
    fl::COMPETENCE,
    fl::OFFERS_COMPETENCE,
    skos::BROADER,
    skos::RELATED,
];

const EXPERIENCE: [Group; 10] = [
    Group {
        id: "in-breve",
        title: |words| words.summary,
        properties: &[
            fl::LEAD_ACTOR,
            fl::TERRITORY_OF,
            dct::SUBJECT,
            fl::TARGET_GROUP,
            fl::PHASE,
            fl::START_DATE,
            fl::END_DATE,
            fl::GOVERNMENT_LEVEL,
            fl::BUDGET,
        ],
    },
    Group { id: "bisogno", title: |words| words.need, properties: &[fl::CONTEXT, fl::OBJECTIVE] },
    Group {
        id: "attivita",
        title: |words| words.done,
        properties: &[fl::ACTIVITY, fl::COMPETENCE],
    },
    Group {
        id: "risultati",
        title: |words| words.results,
        properties: &[fl::ACHIEVED_RESULT, fl::EXPECTED_RESULT, fl::INDICATOR],
    },
    Group {
        id: "imparato",
        title: |words| words.learnt,
        properties: &[
            fl::OBSTACLE,
            fl::OBSTACLE_KIND,
            fl::SUCCESS_FACTOR,
            fl::SUCCESS_FACTOR_KIND,
            fl::TRANSFER_STEP,
        ],
    },
    Group {
        id: "mezzi",
        title: |words| words.means,
        properties: &[fl::STAFF, fl::COST, fl::FUNDING_SOURCE, fl::FUNDING],
    },
    Group { id: "chi", title: |words| words.who, properties: &[fl::PARTNER, fl::NETWORK_OF] },
    Group { id: "contatti", title: |words| words.contact, properties: &[fl::CONTACT_POINT] },
    Group {
        id: "fonti",
        title: |words| words.sources,
        properties: &[fl::LEGAL_BASIS, fl::LEGAL_REFERENCE, dct::SOURCE, dct::LICENSE],
    },
    Group {
        id: "altro",
        title: |words| words.other,
        properties: &[
            dct::IDENTIFIER,
            dct::ISSUED,
            dct::MODIFIED,
            fl::LAST_REVIEWED,
            dct::LANGUAGE,
        ],
    },
];

const OTHERS: [Group; 4] = [
    Group {
        id: "in-breve",
        title: |words| words.summary,
        properties: &[
            dct::TYPE,
            fl::GOVERNMENT_LEVEL,
            fl::TERRITORY_OF,
            fl::START_DATE,
            fl::END_DATE,
            dct::ISSUED,
            dct::DATE,
            dct::SUBJECT,
            fl::TARGET_GROUP,
            fl::POPULATION,
            fl::ISTAT_CODE,
            fl::CADASTRAL_CODE,
            fl::NUTS_CODE,
            skos::ALT_LABEL,
            fl::COORDINATOR,
            fl::FOUNDED_ON,
            fl::JOINING_RULE,
            fl::DURATION,
            fl::IMPLEMENTS,
            fl::ABOUT,
            fl::DERIVED_FROM,
            fl::COMPETENCE,
            fl::OFFERS_COMPETENCE,
            skos::BROADER,
            skos::RELATED,
            fl::ASSESSES,
            fl::ASSESSOR_ROLE,
            fl::REVIEWED,
            fl::QUESTIONNAIRE,
            fl::IPA_CODE,
            fl::TAX_CODE,
            foaf::HOMEPAGE,
            foaf::PAGE,
            fl::CONTACT_POINT,
        ],
    },
    Group {
        id: "scheda",
        title: |words| words.contents,
        properties: &[
            fl::CORE_ELEMENT,
            fl::ADAPTABLE_ELEMENT,
            fl::PREREQUISITE,
            dct::HAS_PART,
            fl::MEMBER,
            fl::MEMBERSHIP,
            fl::SCORE,
        ],
    },
    Group { id: "passi", title: |words| words.steps, properties: &[fl::STEP] },
    Group { id: "altro", title: |words| words.other, properties: &[dct::IDENTIFIER] },
];

/// The headings of the page of a kind of record, in their order.
pub fn groups(kind: &str) -> &'static [Group] {
    if kind == "esperienza" { &EXPERIENCE } else { &OTHERS }
}
