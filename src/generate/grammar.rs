//! Italian determiners: articles, and prepositions joined to them.
//! Knows the first letters of the next word, its gender and number; nothing of meaning.

/// What stands before a noun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Determiner {
    None,
    Indefinite,
    /// The definite article, after the stem of a preposition: "", "de", "a", "ne", "da", "su".
    Definite(&'static str),
}

/// How a word begins, as far as articles care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Onset {
    Vowel,
    /// s and a consonant, z, gn, ps, pn, x, y, i and a vowel: "lo", "uno", "gli".
    Strong,
    Plain,
}

/// Reads a determiner as templates write it, with whether it is plural.
pub(crate) fn determiner(name: &str) -> Option<(Determiner, bool)> {
    Some(match name {
        "-" => (Determiner::None, false),
        "=" => (Determiner::None, true),
        "un" => (Determiner::Indefinite, false),
        "il" => (Determiner::Definite(""), false),
        "del" => (Determiner::Definite("de"), false),
        "al" => (Determiner::Definite("a"), false),
        "nel" => (Determiner::Definite("ne"), false),
        "dal" => (Determiner::Definite("da"), false),
        "sul" => (Determiner::Definite("su"), false),
        "i" => (Determiner::Definite(""), true),
        "dei" => (Determiner::Definite("de"), true),
        "ai" => (Determiner::Definite("a"), true),
        "nei" => (Determiner::Definite("ne"), true),
        "dai" => (Determiner::Definite("da"), true),
        "sui" => (Determiner::Definite("su"), true),
        _ => return None,
    })
}

/// Writes a determiner in the form its noun asks for, with the space or apostrophe after it.
pub(crate) fn determine(
    kind: Determiner,
    noun: &str,
    feminine: bool,
    plural: bool,
    out: &mut String,
) {
    let onset = onset(noun);
    match kind {
        Determiner::None => {}
        Determiner::Indefinite => out.push_str(match (feminine, onset) {
            (true, Onset::Vowel) => "un'",
            (true, _) => "una ",
            (false, Onset::Strong) => "uno ",
            (false, _) => "un ",
        }),
        Determiner::Definite(stem) => {
            let (alone, joined) = definite(feminine, plural, onset);
            out.push_str(stem);
            out.push_str(if stem.is_empty() { alone } else { joined });
        }
    }
}

/// The definite article alone and after the stem of a preposition.
fn definite(feminine: bool, plural: bool, onset: Onset) -> (&'static str, &'static str) {
    match (plural, feminine, onset) {
        (true, true, _) => ("le ", "lle "),
        (true, false, Onset::Plain) => ("i ", "i "),
        (true, false, _) => ("gli ", "gli "),
        (false, _, Onset::Vowel) => ("l'", "ll'"),
        (false, true, _) => ("la ", "lla "),
        (false, false, Onset::Strong) => ("lo ", "llo "),
        (false, false, Onset::Plain) => ("il ", "l "),
    }
}

fn onset(word: &str) -> Onset {
    let mut letters = word.chars().flat_map(char::to_lowercase);
    let (first, second) = (letters.next().unwrap_or(' '), letters.next().unwrap_or(' '));
    let vowel = |c: char| "aeiouàèéìòù".contains(c);
    match (first, second) {
        ('i', next) if vowel(next) => Onset::Strong,
        (c, _) if vowel(c) => Onset::Vowel,
        ('s', next) if !vowel(next) => Onset::Strong,
        ('z' | 'x' | 'y', _) | ('g', 'n') | ('p', 's' | 'n') => Onset::Strong,
        _ => Onset::Plain,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn determiners_take_the_form_their_noun_asks_for() {
        let cases = [
            ("il", "nido", false, "il nido"),
            ("il", "sportello", false, "lo sportello"),
            ("il", "incontro", false, "l'incontro"),
            ("il", "associazione", true, "l'associazione"),
            ("i", "affidi", false, "gli affidi"),
            ("i", "reti", true, "le reti"),
            ("del", "spazio", false, "dello spazio"),
            ("del", "nido", false, "del nido"),
            ("dei", "psicologi", false, "degli psicologi"),
            ("dei", "nidi", false, "dei nidi"),
            ("ai", "famiglie", true, "alle famiglie"),
            ("nel", "azienda", true, "nell'azienda"),
            ("sul", "comune", false, "sul comune"),
            ("dal", "rete", true, "dalla rete"),
            ("un", "alleanza", true, "un'alleanza"),
            ("un", "zaino", false, "uno zaino"),
            ("un", "orto", false, "un orto"),
            ("=", "reti", true, "reti"),
        ];
        for (name, noun, feminine, wanted) in cases {
            let (kind, plural) = determiner(name).unwrap();
            let mut said = String::new();
            determine(kind, noun, feminine, plural, &mut said);
            assert_eq!(said + noun, wanted);
        }
    }
}
