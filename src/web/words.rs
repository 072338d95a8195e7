//! Every word of the pages, in Italian and in English: the one place to change one.
//! Knows how dates and numbers are written; knows no page.

mod about;
mod catalogue;
mod explain;
mod federation;
mod filled;
mod frame;
mod interfaces;
mod kinds;
mod queries;
mod record;
mod search;
mod sparql;
mod status;
mod terms;

pub use federation::FederationWords;
pub use filled::told;
pub use interfaces::{INTERFACES, Interface};
pub use kinds::{intro, single};
pub use queries::QueryWords;
pub use search::SearchWords;
pub use sparql::SparqlWords;
pub use status::StatusWords;
pub use terms::TermWords;

use crate::schema::Language;
use about::AboutWords;
use catalogue::CatalogueWords;
use explain::Explain;
use frame::FrameWords;
pub use record::RecordWords;
use serde::Serialize;

/// The words of one language.
#[derive(Debug, Serialize)]
pub struct Words {
    pub tag: &'static str,
    pub alternate_formats: &'static str,
    pub also_in: &'static str,
    pub contents: &'static str,
    pub copy_iri: &'static str,
    pub counted: &'static str,
    pub deleted: &'static str,
    pub demonstration: &'static str,
    pub empty: &'static str,
    pub error_detail: &'static str,
    pub error_gone: &'static str,
    pub error_internal: &'static str,
    pub error_not_acceptable: &'static str,
    pub error_not_found: &'static str,
    pub error_request: &'static str,
    pub error_unavailable: &'static str,
    pub experiences: &'static str,
    pub formats: &'static str,
    pub home: &'static str,
    pub is_graph: &'static str,
    pub is_property: &'static str,
    pub more_values: &'static str,
    pub named_queries: &'static str,
    pub next: &'static str,
    pub no_statements: &'static str,
    pub node: &'static str,
    pub node_hint: &'static str,
    pub ontology: &'static str,
    pub openapi: &'static str,
    pub original_address: &'static str,
    pub page: &'static str,
    pub of: &'static str,
    pub part_of: &'static str,
    pub previous: &'static str,
    pub query: &'static str,
    pub query_hint: &'static str,
    pub run: &'static str,
    pub result_format: &'static str,
    pub search: &'static str,
    pub see_all: &'static str,
    pub seq: &'static str,
    pub shapes: &'static str,
    pub skip: &'static str,
    pub source: &'static str,
    pub sparql: &'static str,
    pub tagline: &'static str,
    pub version: &'static str,
    pub versions: &'static str,
    pub version_notice: &'static str,
    pub version_newest: &'static str,
    pub version_note: &'static str,
    pub version_who: &'static str,
    pub version_when: &'static str,
    pub what_refers: &'static str,
    pub years_months: [&'static str; 12],
    pub yes: &'static str,
    pub no: &'static str,
    pub explain: &'static Explain,
    pub frame: &'static FrameWords,
    pub about: &'static AboutWords,
    pub catalogue: &'static CatalogueWords,
    pub record: &'static RecordWords,
    #[serde(skip)]
    decimal: char,
    #[serde(skip)]
    thousands: char,
}

const ITALIAN: Words = Words {
    tag: "it",
    alternate_formats: "La stessa scheda come dati",
    also_in: "Read this page in English",
    contents: "Indice",
    copy_iri: "Identificatore da citare",
    counted: "in tutto",
    deleted: "eliminazione",
    demonstration: "Contenuto dimostrativo: serve a mostrare come funziona il catalogo e non è una dichiarazione degli enti nominati.",
    empty: "Non c'è ancora nulla.",
    error_detail: "Dettaglio tecnico",
    error_gone: "La scheda è stata eliminata",
    error_internal: "Qualcosa non ha funzionato",
    error_not_acceptable: "Il formato chiesto non c'è",
    error_not_found: "La pagina non c'è",
    error_request: "La richiesta non si capisce",
    error_unavailable: "Il nodo non riesce a rispondere adesso",
    experiences: "Esperienze",
    formats: "Formati",
    home: "Inizio",
    is_graph: "È una fonte: l'insieme delle schede che un ente ha pubblicato in questo nodo.",
    is_property: "I dati di questo nodo usano questo termine come proprietà.",
    more_values: "Mostra gli altri valori",
    named_queries: "Domande pronte",
    next: "Pagina successiva",
    no_statements: "Questo nodo non dice nulla di questa risorsa, ma altre schede vi rimandano.",
    node: "FamilyLab",
    node_hint: "FamilyLab raccoglie le esperienze di politiche per la famiglia delle amministrazioni e del terzo settore: che cosa è stato fatto, da chi, dove, con quali risultati e quali ostacoli. Ogni scheda è anche un dato aperto e collegato, con un indirizzo che non cambia.",
    ontology: "Ontologia",
    openapi: "Descrizione delle interfacce (OpenAPI)",
    original_address: "Apri l'indirizzo originale",
    page: "Pagina",
    of: "di",
    part_of: "Fa parte di",
    previous: "Pagina precedente",
    query: "Domanda in SPARQL",
    query_hint: "Scrivi una domanda SPARQL 1.1 sui dati di questo nodo.",
    run: "Chiedi",
    result_format: "Formato della risposta",
    search: "Cerca",
    see_all: "Vedi tutto l'elenco",
    seq: "Numero",
    shapes: "Vincoli delle schede",
    skip: "Vai al contenuto",
    source: "Fonte",
    sparql: "Interroga i dati (SPARQL)",
    tagline: "La memoria delle politiche per la famiglia",
    version: "Versione",
    versions: "Versioni",
    version_notice: "Questa è una versione precedente della scheda.",
    version_newest: "Vai alla scheda di oggi",
    version_note: "Nota",
    version_who: "Da",
    version_when: "Data",
    what_refers: "Che cosa rimanda qui",
    years_months: [
        "gennaio",
        "febbraio",
        "marzo",
        "aprile",
        "maggio",
        "giugno",
        "luglio",
        "agosto",
        "settembre",
        "ottobre",
        "novembre",
        "dicembre",
    ],
    yes: "sì",
    no: "no",
    explain: &explain::ITALIAN,
    frame: &frame::ITALIAN,
    about: &about::ITALIAN,
    catalogue: &catalogue::ITALIAN,
    record: &record::ITALIAN,
    decimal: ',',
    thousands: '.',
};

const ENGLISH: Words = Words {
    tag: "en",
    alternate_formats: "The same record as data",
    also_in: "Leggi questa pagina in italiano",
    contents: "Contents",
    copy_iri: "Identifier to cite",
    counted: "in all",
    deleted: "deletion",
    demonstration: "Demonstration content: it shows how the catalogue works and is no statement by the bodies it names.",
    empty: "There is nothing yet.",
    error_detail: "Technical detail",
    error_gone: "The record was deleted",
    error_internal: "Something did not work",
    error_not_acceptable: "The format asked for is not there",
    error_not_found: "The page is not there",
    error_request: "The request cannot be understood",
    error_unavailable: "The node cannot answer now",
    experiences: "Experiences",
    formats: "Formats",
    home: "Home",
    is_graph: "It is a source: the records that one body has published in this node.",
    is_property: "The data of this node uses this term as a property.",
    more_values: "Show the other values",
    named_queries: "Ready-made questions",
    next: "Next page",
    no_statements: "This node states nothing about this resource, but other records refer to it.",
    node: "FamilyLab",
    node_hint: "FamilyLab gathers the family-policy experience of administrations and of the third sector: what was done, by whom, where, with what results and what obstacles. Each record is linked open data too, at an address that does not change.",
    ontology: "Ontology",
    openapi: "Description of the interfaces (OpenAPI)",
    original_address: "Open the original address",
    page: "Page",
    of: "of",
    part_of: "Part of",
    previous: "Previous page",
    query: "Question in SPARQL",
    query_hint: "Write a SPARQL 1.1 question about the data of this node.",
    run: "Ask",
    result_format: "Format of the answer",
    search: "Search",
    see_all: "See the whole list",
    seq: "Number",
    shapes: "Shapes of the records",
    skip: "Skip to the content",
    source: "Source",
    sparql: "Query the data (SPARQL)",
    tagline: "The memory of family policies",
    version: "Version",
    versions: "Versions",
    version_notice: "This is an earlier version of the record.",
    version_newest: "Go to the record as it is today",
    version_note: "Note",
    version_who: "By",
    version_when: "Date",
    what_refers: "What refers here",
    years_months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    yes: "yes",
    no: "no",
    explain: &explain::ENGLISH,
    frame: &frame::ENGLISH,
    about: &about::ENGLISH,
    catalogue: &catalogue::ENGLISH,
    record: &record::ENGLISH,
    decimal: '.',
    thousands: ',',
};

impl Words {
    /// The words of a language.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::Italian => &ITALIAN,
            Language::English => &ENGLISH,
        }
    }

    /// What the records of a kind are called.
    pub fn kind(&self, kind: &str) -> Option<&'static str> {
        kinds::plural(kind, self.tag)
    }

    /// What a source is called that is the node's own.
    pub fn source(&self, name: &str) -> Option<&'static str> {
        kinds::source(name, self.tag)
    }

    /// A date or a moment: `24 novembre 2026`; `None` where the text is neither.
    pub fn date(&self, text: &str) -> Option<String> {
        let mut parts = text.get(..10)?.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let month = self.years_months.get(month.parse::<usize>().ok()?.checked_sub(1)?)?;
        let day: u8 = day.parse().ok()?;
        let time = text.get(11..16).map_or_else(String::new, |time| format!(", {time}"));
        Some(format!("{day} {month} {year}{time}"))
    }

    /// An amount of euro: `231.000 €`.
    pub fn euro(&self, text: &str) -> Option<String> {
        let text = text.strip_suffix(".00").or_else(|| text.strip_suffix(".0")).unwrap_or(text);
        let number = self.number(text)?;
        Some(if self.tag == "it" { format!("{number}\u{a0}€") } else { format!("€{number}") })
    }

    /// A duration in years, months and days: `3 mesi`; `None` where it has hours or is none.
    pub fn duration(&self, text: &str) -> Option<String> {
        let names = self.record.durations;
        let mut rest = text.strip_prefix('P').filter(|rest| !rest.is_empty())?;
        let mut parts = Vec::new();
        for (mark, [one, many]) in ['Y', 'M', 'W', 'D'].into_iter().zip(names) {
            if let Some((digits, after)) = rest.split_once(mark) {
                let count: u32 = digits.parse().ok()?;
                parts.push(format!("{count} {}", if count == 1 { one } else { many }));
                rest = after;
            }
        }
        rest.is_empty().then(|| parts.join(", "))
    }

    /// A number in digits, its thousands apart; `None` where the text is none.
    pub fn number(&self, text: &str) -> Option<String> {
        let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("−", digits));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() || !(whole.bytes().chain(fraction.bytes())).all(|b| b.is_ascii_digit())
        {
            return None;
        }
        let mut number = sign.to_owned();
        for (place, digit) in whole.chars().enumerate() {
            let left = whole.len() - place;
            if place > 0 && left.is_multiple_of(3) && whole.len() > 4 {
                number.push(self.thousands);
            }
            number.push(digit);
        }
        if !fraction.is_empty() {
            number.push(self.decimal);
            number.push_str(fraction);
        }
        Some(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::iri;

    /// Words that are the same in both languages.
    const SAME: [&str; 3] = ["no", "node", "menu_button"];

    #[test]
    fn no_word_is_missing_in_either_language() {
        let italian = serde_json::to_value(&ITALIAN).unwrap();
        let english = serde_json::to_value(&ENGLISH).unwrap();
        compare("", &italian, &english);
        let status = |language| serde_json::to_value(StatusWords::of(language)).unwrap();
        compare("", &status(Language::Italian), &status(Language::English));
        for kind in iri::KINDS {
            assert!(ITALIAN.kind(kind).is_some() && ENGLISH.kind(kind).is_some(), "{kind}");
        }
        for source in iri::RESERVED_SOURCES {
            assert!(ITALIAN.source(source).is_some(), "{source}");
        }
    }

    /// Goes through both side by side: every text is there twice and differs.
    fn compare(name: &str, italian: &serde_json::Value, english: &serde_json::Value) {
        use serde_json::Value;
        match (italian, english) {
            (Value::Object(words), Value::Object(others)) => {
                assert_eq!(words.len(), others.len(), "{name}");
                words.iter().for_each(|(name, word)| compare(name, word, &others[name]));
            }
            (Value::Array(words), Value::Array(others)) => {
                assert_eq!(words.len(), others.len(), "{name}");
                words.iter().zip(others).for_each(|(word, other)| compare(name, word, other));
            }
            (Value::String(word), Value::String(other)) => {
                assert!(!word.trim().is_empty() && !other.trim().is_empty(), "{name} is empty");
                assert!(word != other || SAME.contains(&name), "{name} is the same twice");
            }
            both => panic!("{name}: {both:?}"),
        }
    }

    #[test]
    fn dates_and_numbers_are_written_as_people_write_them() {
        assert_eq!(ITALIAN.date("2026-11-04").as_deref(), Some("4 novembre 2026"));
        assert_eq!(ENGLISH.date("2026-11-04T10:05:00Z").as_deref(), Some("4 November 2026, 10:05"));
        assert_eq!(ITALIAN.date("ieri"), None);
        assert_eq!(ITALIAN.number("1234567.5").as_deref(), Some("1.234.567,5"));
        assert_eq!(ENGLISH.number("-2000").as_deref(), Some("−2000"));
        assert_eq!(ITALIAN.number("1e3"), None);
        assert_eq!(ITALIAN.euro("231000.00").as_deref(), Some("231.000\u{a0}€"));
        assert_eq!(ENGLISH.euro("9000.5").as_deref(), Some("€9000.5"));
        assert_eq!(ITALIAN.duration("P1Y6M").as_deref(), Some("1 anno, 6 mesi"));
        assert_eq!(ENGLISH.duration("P7D").as_deref(), Some("7 days"));
        assert_eq!(ITALIAN.duration("PT2H"), None);
    }
}
