//! The terms of the ontology for money, transfers, memberships, models and what is read beside
//! experiences: the second half of [`super::fl`], which takes all of them in.

use super::term::term;
use oxigraph::model::NamedNodeRef;

/// `fl:Collection`
pub const COLLECTION: NamedNodeRef<'static> =
    term("https://w3id.org/familylab/ontology#Collection");
/// `fl:Competence`
pub const COMPETENCE_CLASS: NamedNodeRef<'static> =
    term("https://w3id.org/familylab/ontology#Competence");
/// `fl:Cost`
pub const COST_CLASS: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#Cost");
/// `fl:Event`
pub const EVENT: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#Event");
/// `fl:Funding`
pub const FUNDING_CLASS: NamedNodeRef<'static> =
    term("https://w3id.org/familylab/ontology#Funding");
/// `fl:ImplementationModel`
pub const IMPLEMENTATION_MODEL: NamedNodeRef<'static> =
    term("https://w3id.org/familylab/ontology#ImplementationModel");
/// `fl:ImplementationPath`
pub const IMPLEMENTATION_PATH: NamedNodeRef<'static> =
    term("https://w3id.org/familylab/ontology#ImplementationPath");
/// `fl:KnowledgeResource`
pub const KNOWLEDGE_RESOURCE: NamedNodeRef<'static> =
    term("https://w3id.org/familylab/ontology#KnowledgeResource");
/// `fl:Membership`
pub const MEMBERSHIP_CLASS: NamedNodeRef<'static> =
    term("https://w3id.org/familylab/ontology#Membership");
/// `fl:News`
pub const NEWS: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#News");
/// `fl:Transfer`
pub const TRANSFER_CLASS: NamedNodeRef<'static> =
    term("https://w3id.org/familylab/ontology#Transfer");
/// `fl:about`
pub const ABOUT: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#about");
/// `fl:adaptableElement`
pub const ADAPTABLE_ELEMENT: NamedNodeRef<'static> =
    term("https://w3id.org/familylab/ontology#adaptableElement");
/// `fl:adapted`
pub const ADAPTED: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#adapted");
/// `fl:adopted`
pub const ADOPTED: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#adopted");
/// `fl:amount`
pub const AMOUNT: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#amount");
/// `fl:competence`
pub const COMPETENCE: NamedNodeRef<'static> =
    term("https://w3id.org/familylab/ontology#competence");
/// `fl:coreElement`
pub const CORE_ELEMENT: NamedNodeRef<'static> =
    term("https://w3id.org/familylab/ontology#coreElement");
/// `fl:cost`
pub const COST: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#cost");
/// `fl:costKind`
pub const COST_KIND: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#costKind");
/// `fl:derivedFrom`
pub const DERIVED_FROM: NamedNodeRef<'static> =
    term("https://w3id.org/familylab/ontology#derivedFrom");
/// `fl:dropped`
pub const DROPPED: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#dropped");
/// `fl:duration`
pub const DURATION: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#duration");
/// `fl:funder`
pub const FUNDER: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#funder");
/// `fl:funding`
pub const FUNDING: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#funding");
/// `fl:implements`
pub const IMPLEMENTS: NamedNodeRef<'static> =
    term("https://w3id.org/familylab/ontology#implements");
/// `fl:legalReference`
pub const LEGAL_REFERENCE: NamedNodeRef<'static> =
    term("https://w3id.org/familylab/ontology#legalReference");
/// `fl:membership`
pub const MEMBERSHIP: NamedNodeRef<'static> =
    term("https://w3id.org/familylab/ontology#membership");
/// `fl:obstacleKind`
pub const OBSTACLE_KIND: NamedNodeRef<'static> =
    term("https://w3id.org/familylab/ontology#obstacleKind");
/// `fl:offersCompetence`
pub const OFFERS_COMPETENCE: NamedNodeRef<'static> =
    term("https://w3id.org/familylab/ontology#offersCompetence");
/// `fl:output`
pub const OUTPUT: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#output");
/// `fl:participant`
pub const PARTICIPANT: NamedNodeRef<'static> =
    term("https://w3id.org/familylab/ontology#participant");
/// `fl:prerequisite`
pub const PREREQUISITE: NamedNodeRef<'static> =
    term("https://w3id.org/familylab/ontology#prerequisite");
/// `fl:questionnaire`
pub const QUESTIONNAIRE: NamedNodeRef<'static> =
    term("https://w3id.org/familylab/ontology#questionnaire");
/// `fl:recurring`
pub const RECURRING: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#recurring");
/// `fl:responsible`
pub const RESPONSIBLE: NamedNodeRef<'static> =
    term("https://w3id.org/familylab/ontology#responsible");
/// `fl:risk`
pub const RISK: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#risk");
/// `fl:role`
pub const ROLE: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#role");
/// `fl:step`
pub const STEP: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#step");
/// `fl:successFactorKind`
pub const SUCCESS_FACTOR_KIND: NamedNodeRef<'static> =
    term("https://w3id.org/familylab/ontology#successFactorKind");
/// `fl:support`
pub const SUPPORT: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#support");
/// `fl:transfer`
pub const TRANSFER: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#transfer");
/// `fl:transferOf`
pub const TRANSFER_OF: NamedNodeRef<'static> =
    term("https://w3id.org/familylab/ontology#transferOf");
/// `fl:transferredTo`
pub const TRANSFERRED_TO: NamedNodeRef<'static> =
    term("https://w3id.org/familylab/ontology#transferredTo");
/// `fl:inspired`
pub const INSPIRED: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#inspired");
/// `fl:search`, a service of queries
pub const SEARCH: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#search");
/// `fl:related`, a service of queries
pub const RELATED: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#related");
/// `fl:query`
pub const QUERY: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#query");
/// `fl:to`
pub const TO: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#to");
/// `fl:limit`
pub const LIMIT: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#limit");
/// `fl:language`
pub const LANGUAGE: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#language");
/// `fl:rank`
pub const RANK: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#rank");
/// `fl:snippet`
pub const SNIPPET: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#snippet");
/// `fl:reason`
pub const REASON: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#reason");
/// `fl:year`
pub const YEAR: NamedNodeRef<'static> = term("https://w3id.org/familylab/ontology#year");
