//! The words of the pages of named queries.

use crate::schema::Language;

/// The words of these pages in one language.
#[derive(Debug)]
pub struct QueryWords {
    pub title: &'static str,
    pub lead: &'static str,
    pub parameters: &'static str,
    pub no_parameters: &'static str,
    pub required: &'static str,
    pub usual: &'static str,
    pub optional: &'static str,
    pub takes_iri: &'static str,
    pub takes_string: &'static str,
    pub takes_integer: &'static str,
    pub takes_decimal: &'static str,
    pub takes_date: &'static str,
    pub takes_lang: &'static str,
    pub run: &'static str,
    pub need: &'static str,
    pub wrong: &'static str,
    pub answer: &'static str,
    pub address: &'static str,
    pub address_hint: &'static str,
    pub text: &'static str,
    pub open: &'static str,
    pub open_hint: &'static str,
    pub long: &'static str,
    pub italian: &'static str,
    pub english: &'static str,
    pub such_as: &'static str,
    pub all: &'static str,
}

impl QueryWords {
    /// The words of a language.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::Italian => &ITALIAN,
            Language::English => &ENGLISH,
        }
    }
}

const ITALIAN: QueryWords = QueryWords {
    title: "Domande pronte",
    lead: "Domande sui dati già scritte, ordinate per argomento: si scelgono i parametri e si legge, si scarica o si riusa la risposta.",
    parameters: "Parametri",
    no_parameters: "Questa domanda non ha parametri.",
    required: "obbligatorio",
    usual: "Se lasci vuoto: {value}",
    optional: "Facoltativo",
    takes_iri: "Scegli dall'elenco mentre scrivi, o scrivi tipo/nome (per esempio tema/abitare) o un IRI.",
    takes_string: "Un testo.",
    takes_integer: "Un numero intero, per esempio 2.",
    takes_decimal: "Un numero, con il punto per i decimali: 1500.50.",
    takes_date: "Un giorno.",
    takes_lang: "Il codice di una lingua: it, en.",
    run: "Mostra la risposta",
    need: "Compila i campi obbligatori per avere la risposta.",
    wrong: "Un parametro non va bene",
    answer: "Risposta",
    address: "Indirizzo di questa risposta per i programmi",
    address_hint: "Chi lo chiede da un programma riceve JSON, XML, CSV o TSV secondo l'intestazione Accept o il parametro format.",
    text: "La domanda in SPARQL",
    open: "Apri nell'editor",
    open_hint: "Nell'editor la domanda si apre con i valori scelti.",
    long: "La risposta per tutto il catalogo richiede tempo: scegli qualche parametro, o premi «Mostra la risposta» per averla comunque.",
    italian: "Italiano",
    english: "Inglese",
    such_as: ", per esempio",
    all: "Tutte le domande pronte",
};

const ENGLISH: QueryWords = QueryWords {
    title: "Ready-made questions",
    lead: "Questions about the data that are already written, by subject: choose the parameters, then read, download or reuse the answer.",
    parameters: "Parameters",
    no_parameters: "This query has no parameters.",
    required: "required",
    usual: "If left empty: {value}",
    optional: "Optional",
    takes_iri: "Choose from the list as you write, or write kind/name (such as tema/abitare) or an IRI.",
    takes_string: "A text.",
    takes_integer: "A whole number, such as 2.",
    takes_decimal: "A number, with a point for decimals: 1500.50.",
    takes_date: "A day.",
    takes_lang: "The code of a language: it, en.",
    run: "Show the answer",
    need: "Fill in the required fields to have the answer.",
    wrong: "A parameter does not fit",
    answer: "Answer",
    address: "Address of this answer for programs",
    address_hint: "A program that asks for it gets JSON, XML, CSV or TSV by the Accept header or the format parameter.",
    text: "The query in SPARQL",
    open: "Open in the editor",
    open_hint: "In the editor the query opens with the chosen values.",
    long: "The answer for the whole catalogue takes time: choose some parameters, or press “Show the answer” to have it all the same.",
    italian: "Italian",
    english: "English",
    such_as: ", such as",
    all: "All ready-made questions",
};
