//! The words of the search page and of what is like what.

use crate::schema::Language;

/// The words of one language.
#[derive(Debug)]
pub struct SearchWords {
    pub title: &'static str,
    pub label: &'static str,
    pub hint: &'static str,
    pub submit: &'static str,
    pub results: &'static str,
    pub one_result: &'static str,
    pub narrow: &'static str,
    pub chosen: &'static str,
    pub remove: &'static str,
    pub next: &'static str,
    pub nothing: &'static str,
    pub advice: &'static str,
    pub relaxed: &'static str,
    pub corrected: &'static str,
    pub suggestion: &'static str,
    pub concepts: &'static str,
    pub unknown_field: &'static str,
    pub unknown_value: &'static str,
    pub related: &'static str,
    pub as_data: &'static str,
    pub demonstration: &'static str,
}

const ITALIAN: SearchWords = SearchWords {
    title: "Cerca",
    label: "Che cosa cerchi?",
    hint: "Parole, \"frasi\", -senza, OR, inizio*, tema:affido, anno:2020..2024, territorio:Bari",
    submit: "Cerca",
    results: "risultati",
    one_result: "risultato",
    narrow: "Restringi",
    chosen: "Filtri scelti",
    remove: "Togli il filtro",
    next: "Altri risultati",
    nothing: "Non si è trovato nulla.",
    advice: "Prova con meno parole o con meno filtri, con una parola più generale, o con il nome di un Comune vicino.",
    relaxed: "Nessuna scheda ha tutte queste parole: ecco quelle che ne hanno qualcuna.",
    corrected: "Nessuna scheda contiene questa parola, si è cercato invece:",
    suggestion: "Forse cercavi:",
    concepts: "Compreso ciò che riguarda:",
    unknown_field: "Non è il nome di un campo, si è cercato come parola:",
    unknown_value: "Nessuna scheda ha questo valore:",
    related: "Schede simili",
    as_data: "Gli stessi risultati come dati",
    demonstration: "dimostrazione",
};

const ENGLISH: SearchWords = SearchWords {
    title: "Search",
    label: "What are you looking for?",
    hint: "Words, \"phrases\", -without, OR, begin*, theme:fostering, year:2020..2024, place:Bari",
    submit: "Search",
    results: "results",
    one_result: "result",
    narrow: "Narrow down",
    chosen: "Chosen filters",
    remove: "Remove the filter",
    next: "More results",
    nothing: "Nothing was found.",
    advice: "Try fewer words or filters, a more general word, or the name of a municipality nearby.",
    relaxed: "No record has all of these words: here are those that have some.",
    corrected: "No record holds this word, so this was searched for instead:",
    suggestion: "Did you mean:",
    concepts: "With what is about:",
    unknown_field: "This is no field’s name and was searched for as a word:",
    unknown_value: "No record has this value:",
    related: "Records like this one",
    as_data: "The same results as data",
    demonstration: "demonstration",
};

impl SearchWords {
    /// The words of a language.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::Italian => &ITALIAN,
            Language::English => &ENGLISH,
        }
    }
}
