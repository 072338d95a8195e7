//! What to say when a shape brings no message of its own: one sentence a constraint, in both
//! languages, telling what to do. Knows the names of SHACL's components and nothing of data.

use crate::schema::text::Text;

/// A component, alone or with a limit that asks for words of its own, and what to say in Italian and
/// in English.
type Row = (&'static str, &'static str, &'static str);

/// Sentences that name the limit at `{}`, for the components whose parameter a reader understands.
/// The kinds of node are those of SHACL, section 4.1.3.
const WITH_LIMIT: [Row; 23] = [
    (
        "MinCount",
        "Servono almeno {} valori: aggiungere quelli che mancano.",
        "At least {} values are needed: add the missing ones.",
    ),
    (
        "MaxCount 1",
        "È ammesso un solo valore: togliere gli altri.",
        "Only one value is allowed: remove the others.",
    ),
    (
        "MaxCount",
        "Sono ammessi al massimo {} valori: togliere quelli in più.",
        "At most {} values are allowed: remove the extra ones.",
    ),
    ("Datatype", "Scrivere il valore nel formato {}.", "Write the value in the format {}."),
    (
        "Class",
        "Indicare una voce che sia del tipo {} e che esista già.",
        "Refer to an existing entry of the type {}.",
    ),
    ("In", "Scegliere uno dei valori ammessi: {}.", "Choose one of the allowed values: {}."),
    ("HasValue", "Aggiungere il valore {}.", "Add the value {}."),
    ("MinLength", "Scrivere almeno {} caratteri.", "Write at least {} characters."),
    (
        "MaxLength",
        "Accorciare il testo a non più di {} caratteri.",
        "Shorten the text to at most {} characters.",
    ),
    ("MinInclusive", "Indicare un valore non inferiore a {}.", "Give a value of at least {}."),
    ("MinExclusive", "Indicare un valore maggiore di {}.", "Give a value greater than {}."),
    ("MaxInclusive", "Indicare un valore non superiore a {}.", "Give a value of at most {}."),
    ("MaxExclusive", "Indicare un valore minore di {}.", "Give a value smaller than {}."),
    (
        "Pattern",
        "Correggere il valore: deve corrispondere al modello {}.",
        "Correct the value: it must match the pattern {}.",
    ),
    (
        "LanguageIn",
        "Scrivere il testo in una di queste lingue: {}.",
        "Write the text in one of these languages: {}.",
    ),
    (
        "LessThan",
        "Indicare un valore che preceda quello di «{}».",
        "Give a value that comes before that of “{}”.",
    ),
    (
        "LessThanOrEquals",
        "Indicare un valore che non superi quello di «{}».",
        "Give a value that does not exceed that of “{}”.",
    ),
    ("Equals", "Ripetere gli stessi valori di «{}».", "Repeat the same values as “{}”."),
    ("Disjoint", "Usare valori diversi da quelli di «{}».", "Use values other than those of “{}”."),
    (
        "QualifiedMinCount",
        "Aggiungere valori adatti: ne servono almeno {}.",
        "Add suitable values: at least {} are needed.",
    ),
    (
        "QualifiedMaxCount",
        "Togliere valori: di questo genere se ne ammettono al massimo {}.",
        "Remove values: at most {} of this kind are allowed.",
    ),
    (
        "NodeKind IRI",
        "Indicare un indirizzo (IRI), non un testo.",
        "Give an address (IRI), not a text.",
    ),
    (
        "NodeKind Literal",
        "Scrivere un testo o un numero, non un indirizzo.",
        "Write a text or a number, not an address.",
    ),
];

/// Sentences that need no limit.
const PLAIN: [Row; 14] = [
    ("MinCount", "Manca un valore: aggiungerlo.", "A value is missing: add it."),
    (
        "MaxCount",
        "Ci sono troppi valori: togliere quelli in più.",
        "There are too many values: remove the extra ones.",
    ),
    (
        "Datatype",
        "Il formato del valore è sbagliato: correggerlo.",
        "The value has the wrong format: correct it.",
    ),
    (
        "Class",
        "Il valore è di un altro tipo: indicarne uno adatto.",
        "The value is of another type: refer to a suitable one.",
    ),
    (
        "NodeKind",
        "Il valore è di un altro genere: controllare se serve un indirizzo o un testo.",
        "The value is of another kind: check whether an address or a text is wanted.",
    ),
    (
        "In",
        "Il valore non è tra quelli ammessi: sceglierne uno dall'elenco.",
        "The value is not an allowed one: choose one from the list.",
    ),
    (
        "HasValue",
        "Manca un valore obbligatorio: aggiungerlo.",
        "A required value is missing: add it.",
    ),
    (
        "UniqueLang",
        "Ci sono più testi nella stessa lingua: lasciarne uno per lingua.",
        "There are several texts in one language: keep one a language.",
    ),
    (
        "Closed",
        "Questa proprietà non è prevista: toglierla.",
        "This property is not expected: remove it.",
    ),
    (
        "Or",
        "Il valore non soddisfa nessuna delle alternative: correggerlo perché ne soddisfi una.",
        "The value meets none of the alternatives: correct it to meet one.",
    ),
    (
        "Xone",
        "Il valore deve soddisfare una sola delle alternative: correggerlo.",
        "The value must meet exactly one of the alternatives: correct it.",
    ),
    (
        "And",
        "Il valore non soddisfa tutte le condizioni: correggerlo.",
        "The value does not meet all conditions: correct it.",
    ),
    (
        "Not",
        "Il valore è tra quelli esclusi: cambiarlo.",
        "The value is an excluded one: change it.",
    ),
    (
        "Node",
        "La voce indicata è incompleta o sbagliata: correggerla.",
        "The entry referred to is incomplete or wrong: correct it.",
    ),
];

const ANYTHING: Row = (
    "",
    "Il valore non rispetta le regole: controllarlo e correggerlo.",
    "The value breaks the rules: check and correct it.",
);

/// The sentence for a component of SHACL core, given by its local name without
/// `ConstraintComponent`; `limit` is the value of its parameter, ready to be read.
pub(crate) fn sentence(component: &str, limit: Option<&str>) -> Text {
    // That one value is needed says no more than that it is missing.
    let limit = limit.filter(|limit| (component, *limit) != ("MinCount", "1"));
    let with_limit = limit.and_then(|limit| {
        let (_, it, en) = row(&WITH_LIMIT, &format!("{component} {limit}"))
            .or_else(|| row(&WITH_LIMIT, component))?;
        Some((it.replace("{}", limit), en.replace("{}", limit)))
    });
    let (it, en) = with_limit.unwrap_or_else(|| {
        let (_, it, en) = row(&PLAIN, component).unwrap_or(&ANYTHING);
        ((*it).to_owned(), (*en).to_owned())
    });
    Text::new(it, en)
}

fn row<'t>(table: &'t [Row], name: &str) -> Option<&'t Row> {
    table.iter().find(|(component, ..)| *component == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_named_where_it_helps() {
        assert_eq!(sentence("MinLength", Some("3")).en, "Write at least 3 characters.");
        assert_eq!(sentence("MinCount", Some("1")).it, "Manca un valore: aggiungerlo.");
        assert_eq!(
            sentence("MinCount", Some("2")).en,
            "At least 2 values are needed: add the missing ones."
        );
        assert_eq!(sentence("NodeKind", Some("IRI")).en, "Give an address (IRI), not a text.");
    }

    #[test]
    fn an_unknown_component_has_a_sentence_too() {
        assert!(!sentence("FromElsewhere", Some("x")).it.is_empty());
    }
}
