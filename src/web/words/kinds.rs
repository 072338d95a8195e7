//! What the lists of records say of themselves, in both languages.

use crate::schema::Language;

/// The plural names of the kinds of records, as the record model lists them.
const PLURALS: [(&str, &str, &str); 14] = [
    ("esperienza", "Esperienze", "Experiences"),
    ("attore", "Attori", "Actors"),
    ("rete", "Reti", "Networks"),
    ("territorio", "Territori", "Territories"),
    ("tema", "Temi", "Themes"),
    ("destinatario", "Destinatari", "Target groups"),
    ("valutazione", "Autovalutazioni", "Self-assessments"),
    ("modello", "Modelli di attuazione", "Implementation models"),
    ("percorso", "Percorsi di attuazione", "Implementation paths"),
    ("competenza", "Competenze", "Competences"),
    ("risorsa", "Risorse di conoscenza", "Knowledge resources"),
    ("notizia", "Notizie", "News"),
    ("evento", "Eventi", "Events"),
    ("raccolta", "Raccolte", "Collections"),
];

/// What the sources that are the node's own are called.
const SOURCES: [(&str, &str, &str); 3] = [
    ("vocabulary", "Ontologia e vocabolari", "Ontology and vocabularies"),
    ("territory", "Territorio", "Territory"),
    ("inferred", "Dedotto dai dati", "Inferred from the data"),
];

/// What a list says above its records.
const INTROS: [(&str, &str, &str); 14] = [
    (
        "esperienza",
        "Che cosa hanno fatto Comuni, Province, Regioni e terzo settore per le famiglie: il bisogno, le attività, i costi, i risultati, gli ostacoli e chi ha ripreso l’idea altrove.",
        "What municipalities, provinces, regions and the third sector did for families: the need, the activities, costs, results, obstacles, and who took the idea over elsewhere.",
    ),
    (
        "attore",
        "Le amministrazioni, gli enti del terzo settore e gli altri soggetti che guidano le esperienze o vi partecipano.",
        "The administrations, third-sector bodies and others who lead experiences or take part in them.",
    ),
    (
        "rete",
        "Le reti fra enti: orizzontali, quando i membri pubblici stanno allo stesso livello di governo; verticali, quando ne uniscono più d’uno.",
        "Networks of bodies: horizontal where the public members stand at one level of government, vertical where they join several.",
    ),
    (
        "territorio",
        "Regioni, Province, Città metropolitane e Comuni, con ciò che vi è stato fatto.",
        "Regions, provinces, metropolitan cities and municipalities, with what was done there.",
    ),
    (
        "tema",
        "Le linee di lavoro del catalogo, dai servizi per la prima infanzia al sostegno di chi si prende cura.",
        "The lines of work of the catalogue, from early childhood services to support for carers.",
    ),
    (
        "destinatario",
        "Le persone e le famiglie a cui le esperienze si rivolgono.",
        "The people and families that experiences are for.",
    ),
    (
        "valutazione",
        "Come chi conduce un’esperienza la giudica, criterio per criterio, con le ragioni.",
        "How those who run an experience judge it, criterion by criterion, with their reasons.",
    ),
    (
        "modello",
        "Modelli ricavati da più esperienze: che cosa tenere fermo, che cosa adattare, che cosa serve prima di cominciare.",
        "Models drawn from several experiences: what to keep, what to adapt, what is needed before starting.",
    ),
    (
        "percorso",
        "Come si mette in pratica un modello, passo dopo passo, con tempi, responsabili e rischi.",
        "How a model is put into practice, step by step, with times, people in charge and risks.",
    ),
    (
        "competenza",
        "Ciò che bisogna saper fare, e chi lo sa fare già.",
        "What one must be able to do, and who can do it already.",
    ),
    (
        "risorsa",
        "Quaderni, strumenti, schede e ricerche nati dalle esperienze.",
        "Notebooks, tools, forms and research that grew out of experiences.",
    ),
    (
        "notizia",
        "Che cosa succede nelle esperienze e nelle reti.",
        "What is happening in experiences and networks.",
    ),
    ("evento", "Incontri, visite, giornate di studio.", "Meetings, visits, study days."),
    (
        "raccolta",
        "Esperienze e materiali scelti e messi in fila da chi li conosce.",
        "Experiences and materials chosen and put in order by people who know them.",
    ),
];

/// What one record of a kind is called.
const SINGLE: [(&str, &str, &str); 14] = [
    ("esperienza", "Esperienza", "Experience"),
    ("attore", "Attore", "Actor"),
    ("rete", "Rete", "Network"),
    ("territorio", "Territorio", "Territory"),
    ("tema", "Tema", "Theme"),
    ("destinatario", "Destinatari", "Target group"),
    ("valutazione", "Autovalutazione", "Self-assessment"),
    ("modello", "Modello di attuazione", "Implementation model"),
    ("percorso", "Percorso di attuazione", "Implementation path"),
    ("competenza", "Competenza", "Competence"),
    ("risorsa", "Risorsa di conoscenza", "Knowledge resource"),
    ("notizia", "Notizia", "News item"),
    ("evento", "Evento", "Event"),
    ("raccolta", "Raccolta", "Collection"),
];

/// What the records of a kind are called, in the language of a tag.
pub fn plural(kind: &str, tag: &str) -> Option<&'static str> {
    find(&PLURALS, kind, tag == "it")
}

/// What a source is called that is the node's own, in the language of a tag.
pub fn source(name: &str, tag: &str) -> Option<&'static str> {
    find(&SOURCES, name, tag == "it")
}

/// What a list of a kind says of itself.
pub fn intro(kind: &str, language: Language) -> &'static str {
    among(&INTROS, kind, language)
}

/// What one record of a kind is called.
pub fn single(kind: &str, language: Language) -> &'static str {
    among(&SINGLE, kind, language)
}

fn among(
    list: &[(&str, &'static str, &'static str)],
    name: &str,
    language: Language,
) -> &'static str {
    find(list, name, language == Language::Italian).unwrap_or_default()
}

fn find(
    list: &[(&str, &'static str, &'static str)],
    wanted: &str,
    is_italian: bool,
) -> Option<&'static str> {
    let (_, italian, english) = list.iter().find(|(name, ..)| *name == wanted)?;
    Some(if is_italian { italian } else { english })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_words() {
        for kind in crate::iri::KINDS {
            for language in [Language::Italian, Language::English] {
                assert!(!intro(kind, language).is_empty() && !single(kind, language).is_empty());
            }
        }
    }
}
