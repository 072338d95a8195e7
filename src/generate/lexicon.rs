//! The words of the catalogue, read from `words.txt` and `fields.txt`, most frequent first.
//! Knows gender, number and frequency; sentences are made elsewhere.

use super::dice::{Dice, Weights};

const WORDS: &str = include_str!("words.txt");
const FIELDS: &str = include_str!("fields.txt");

/// A noun, perhaps with what always follows it ("centro per le famiglie").
#[derive(Debug)]
pub(crate) struct Noun {
    pub(crate) feminine: bool,
    pub(crate) singular: &'static str,
    pub(crate) plural: &'static str,
}

/// An adjective in its four forms: singular then plural, masculine then feminine.
#[derive(Debug)]
pub(crate) struct Adjective([String; 4]);

impl Adjective {
    pub(crate) fn form(&self, feminine: bool, plural: bool) -> &str {
        &self.0[usize::from(plural) * 2 + usize::from(feminine)]
    }
}

/// A named list, drawn from by Zipf's law.
#[derive(Debug)]
pub(crate) struct List<T> {
    name: &'static str,
    pub(crate) words: Vec<T>,
    ranks: Weights,
}

impl<T> List<T> {
    fn new(name: &'static str, words: Vec<T>) -> Self {
        Self { name, ranks: Weights::zipf(words.len()), words }
    }

    /// The place of a word in the list.
    pub(crate) fn draw(&self, dice: &mut Dice) -> usize {
        self.ranks.draw(dice)
    }
}

/// Lists that belong together: those for any subject, or those of one field.
#[derive(Debug, Default)]
pub(crate) struct Shelf {
    pub(crate) nouns: Vec<List<Noun>>,
    pub(crate) adjectives: Vec<List<Adjective>>,
    pub(crate) plain: Vec<List<&'static str>>,
}

/// One field of family policy, with words of its own.
#[derive(Debug)]
struct Field {
    /// A theme belongs to the field if its identifier contains one of these.
    keys: Vec<&'static str>,
    shelf: Shelf,
}

/// All the words.
#[derive(Debug)]
pub(crate) struct Lexicon {
    pub(crate) general: Shelf,
    fields: Vec<Field>,
}

impl Lexicon {
    /// Reads the words that are part of the program.
    pub(crate) fn new() -> Self {
        let fields = FIELDS.split("@field ").skip(1).map(|block| {
            let (head, lists) = block.split_once('\n').unwrap_or((block, ""));
            let keys = head.split_once('|').map_or("", |(_, keys)| keys);
            Field { keys: keys.split_whitespace().collect(), shelf: Shelf::read(lists) }
        });
        Self { general: Shelf::read(WORDS), fields: fields.collect() }
    }

    /// The field a theme belongs to; the last one takes what no other claims.
    pub(crate) fn field_of(&self, theme: &str) -> usize {
        let slug = theme.rsplit('/').next().unwrap_or(theme);
        self.fields
            .iter()
            .position(|field| field.keys.iter().any(|key| slug.contains(key)))
            .unwrap_or(self.fields.len() - 1)
    }

    /// The words of a field. Every field has the same lists in the same order.
    pub(crate) fn field(&self, field: usize) -> &Shelf {
        &self.fields[field].shelf
    }

    /// A general plain list by its name.
    pub(crate) fn plain(&self, name: &str) -> &List<&'static str> {
        let at = position(&self.general.plain, name).expect("words.txt has every list used here");
        &self.general.plain[at]
    }
}

/// Where a list stands on its shelf.
pub(crate) fn position<T>(lists: &[List<T>], name: &str) -> Option<usize> {
    lists.iter().position(|list| list.name == name)
}

impl Shelf {
    fn read(text: &'static str) -> Self {
        let mut shelf = Self::default();
        for block in text.split('@').skip(1) {
            let mut lines = block.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
            let (kind, name) =
                lines.next().and_then(|head| head.split_once(' ')).unwrap_or_default();
            match kind {
                "nouns" => shelf.nouns.push(List::new(name, lines.map(noun).collect())),
                "adjectives" => {
                    shelf.adjectives.push(List::new(name, lines.map(adjective).collect()));
                }
                _ => shelf.plain.push(List::new(name, lines.collect())),
            }
        }
        shelf
    }
}

/// Reads `f rete / reti`.
fn noun(line: &'static str) -> Noun {
    let (gender, forms) = line.split_once(' ').unwrap_or(("m", line));
    let (singular, plural) = forms.split_once(" / ").unwrap_or((forms, forms));
    Noun { feminine: gender == "f", singular, plural }
}

/// Reads `integrat-o`, `stabil-e` or four forms: both singular ones, then both plural ones.
fn adjective(line: &str) -> Adjective {
    let endings = |stem: &str, endings: [&str; 4]| endings.map(|ending| format!("{stem}{ending}"));
    if let Some(stem) = line.strip_suffix("-o") {
        return Adjective(endings(stem, ["o", "a", "i", "e"]));
    }
    if let Some(stem) = line.strip_suffix("-e") {
        return Adjective(endings(stem, ["e", "e", "i", "i"]));
    }
    let mut forms = line.split(' ').map(str::to_owned);
    Adjective([(); 4].map(|()| forms.next().unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_has_the_same_lists_and_none_is_empty() {
        let lexicon = Lexicon::new();
        for field in &lexicon.fields {
            let nouns: Vec<_> = field.shelf.nouns.iter().map(|list| list.name).collect();
            let plain: Vec<_> = field.shelf.plain.iter().map(|list| list.name).collect();
            assert_eq!(nouns, ["servizio", "bisogno", "utente"], "{:?}", field.keys);
            assert_eq!(plain, ["service", "need", "people"], "{:?}", field.keys);
            assert!(field.shelf.nouns.iter().all(|list| list.words.len() > 2));
        }
    }

    #[test]
    fn every_noun_has_two_forms_and_every_adjective_four() {
        let lexicon = Lexicon::new();
        let shelves = lexicon.fields.iter().map(|field| &field.shelf).chain([&lexicon.general]);
        for shelf in shelves {
            for noun in shelf.nouns.iter().flat_map(|list| &list.words) {
                assert!(!noun.singular.is_empty() && !noun.plural.contains('/'), "{noun:?}");
            }
            for adjective in shelf.adjectives.iter().flat_map(|list| &list.words) {
                assert!(adjective.0.iter().all(|form| !form.is_empty()), "{adjective:?}");
            }
        }
    }

    #[test]
    fn a_theme_speaks_with_the_words_of_its_field() {
        let lexicon = Lexicon::new();
        let first = |theme| lexicon.field(lexicon.field_of(theme)).nouns[0].words[0].singular;
        assert_eq!(first("https://x/id/tema/nidi-e-micronidi"), "nido d'infanzia");
        assert_eq!(first("https://x/id/tema/pedibus"), "distretto famiglia");
    }
}
