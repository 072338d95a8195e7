//! Words: how a text is cut into them, folded and stemmed, alike for what is indexed and for what
//! is asked. Refuses to know where a text comes from.

use super::stopwords::{ENGLISH, ITALIAN};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock};
use tantivy::tokenizer::{
    Language, RawTokenizer, Stemmer, TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager,
};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Stemmed Italian without stop words.
pub const IT: &str = "familylab-it";
/// Stemmed English without stop words.
pub const EN: &str = "familylab-en";
/// Folded words as they are.
pub const PLAIN: &str = "familylab-plain";

/// What an apostrophe cuts off the next word in Italian, folded.
const ELIDED: [&str; 27] = [
    "l", "d", "c", "s", "n", "t", "v", "m", "un", "dell", "all", "nell", "sull", "dall", "coll",
    "quell", "quest", "bell", "sant", "buon", "senz", "anch", "tutt", "dov", "com", "nessun",
    "ciascun",
];

/// One word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Lower case, without accents; `0-3` and `pippi` for `P.I.P.P.I.` are one word each.
    pub text: String,
    /// Where it stands in the text, in bytes.
    pub from: usize,
    pub to: usize,
}

/// The analyzers by their names, for an index to use.
pub fn analyzers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    for name in [IT, EN, PLAIN] {
        manager.register(name, analyzer(name));
    }
    manager
}

/// An analyzer by its name. Costs little: what analyzers need is made once and shared.
pub fn analyzer(name: &str) -> TextAnalyzer {
    static STEMMED: LazyLock<[TextAnalyzer; 2]> = LazyLock::new(|| {
        [(Language::Italian, ITALIAN), (Language::English, ENGLISH)]
            .map(|(language, stops)| TextAnalyzer::from(Stems::new(language, stops)))
    });
    match name {
        IT => STEMMED[0].clone(),
        EN => STEMMED[1].clone(),
        _ => TextAnalyzer::from(Words),
    }
}

/// The terms an analyzer makes of a text.
pub fn terms(analyzer: &mut TextAnalyzer, text: &str) -> Vec<String> {
    let mut terms = Vec::new();
    analyzer.token_stream(text).process(&mut |token| terms.push(token.text.clone()));
    terms
}

/// Whether a folded word says nothing by itself in either language.
pub fn is_stop_word(word: &str) -> bool {
    static STOPS: LazyLock<HashSet<&str>> =
        LazyLock::new(|| ITALIAN.split_whitespace().chain(ENGLISH.split_whitespace()).collect());
    STOPS.contains(word)
}

/// Lower case without accents.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect()
}

/// The words of a text, in order.
pub fn words(text: &str) -> Vec<Word> {
    let runs = runs(text);
    let mut words = Vec::with_capacity(runs.len());
    let mut next = 0;
    while let Some((from, to)) = runs.get(next).copied() {
        let length = acronym(text, &runs[next..]).or_else(|| range(text, &runs, next)).unwrap_or(1);
        let end = runs[next + length - 1].1;
        next += length;
        let folded = match length {
            1 => fold(&text[from..to]),
            _ => fold(&text[from..end].replace('.', "").replace(['–', '/'], "-")),
        };
        if length == 1 && is_cut_off(text, from, to, &folded) {
            continue;
        }
        words.push(Word { text: folded, from, to: end });
    }
    words
}

/// Where letters and digits stand together.
fn runs(text: &str) -> Vec<(usize, usize)> {
    let mut runs = Vec::new();
    let mut start = None;
    for (place, c) in text.char_indices() {
        match (c.is_alphanumeric() || is_combining_mark(c), start) {
            (true, None) => start = Some(place),
            (false, Some(from)) => {
                runs.push((from, place));
                start = None;
            }
            _ => {}
        }
    }
    runs.extend(start.map(|from| (from, text.len())));
    runs
}

/// How many runs make an acronym with dots: single letters, at least two.
fn acronym(text: &str, runs: &[(usize, usize)]) -> Option<usize> {
    let single = |(from, to): (usize, usize)| {
        let mut characters = text[from..to].chars();
        characters.next().is_some_and(char::is_alphabetic) && characters.next().is_none()
    };
    let mut length = 0;
    while runs.get(length).is_some_and(|run| single(*run))
        && (length == 0 || text[runs[length - 1].1..runs[length].0] == *".")
    {
        length += 1;
    }
    (length > 1).then_some(length)
}

/// Two runs that are a range of ages such as `0-3`: at most two digits each, and no date.
fn range(text: &str, runs: &[(usize, usize)], at: usize) -> Option<usize> {
    let short = |(from, to): (usize, usize)| {
        to - from <= 2 && text[from..to].bytes().all(|b| b.is_ascii_digit())
    };
    let joined = |first: usize| {
        let (Some(a), Some(b)) = (runs.get(first), runs.get(first + 1)) else { return false };
        let between = &text[a.1..b.0];
        matches!(between, "-" | "–" | "/") && text[a.0..a.1].bytes().all(|b| b.is_ascii_digit())
    };
    let pair = short(runs[at]) && joined(at) && short(runs[at + 1]);
    let date = joined(at + 1) || (at > 0 && joined(at - 1));
    (pair && !date).then_some(2)
}

/// Whether a run is only what an apostrophe left: `l` of `l'asilo`, `s` of `family's`.
fn is_cut_off(text: &str, from: usize, to: usize, folded: &str) -> bool {
    let apostrophe = |c: char| matches!(c, '\'' | '’' | 'ʼ' | '`');
    let mut after = text[to..].chars();
    let before = text[..from].chars().next_back();
    let leads =
        after.next().is_some_and(apostrophe) && after.next().is_some_and(char::is_alphanumeric);
    (leads && ELIDED.contains(&folded))
        || (before.is_some_and(apostrophe) && matches!(folded, "s" | "t"))
}

/// The tokenizer that Tantivy calls for words as they are.
#[derive(Clone)]
struct Words;

/// The tokenizer for stems: without stop words. It knows the words again that it has met, since a
/// few thousand of them make up most texts and stemming costs more than all else.
#[derive(Clone)]
struct Stems {
    stemmer: TextAnalyzer,
    stops: Arc<HashSet<&'static str>>,
    /// Nothing for stop words.
    met: HashMap<String, Option<String>>,
}

/// More words than this are forgotten and stemmed again.
const MOST_MET: usize = 50_000;

impl Stems {
    fn new(language: Language, stops: &'static str) -> Self {
        let stemmer =
            TextAnalyzer::builder(RawTokenizer::default()).filter(Stemmer::new(language)).build();
        let stops = Arc::new(stops.split_whitespace().collect());
        Self { stemmer, stops, met: HashMap::new() }
    }

    fn stem(&mut self, word: &str) -> Option<String> {
        if let Some(stem) = self.met.get(word) {
            return stem.clone();
        }
        let stem = match self.stops.contains(word) {
            true => None,
            false => terms(&mut self.stemmer, word).pop(),
        };
        if self.met.len() >= MOST_MET {
            self.met.clear();
        }
        self.met.insert(word.to_owned(), stem.clone());
        stem
    }
}

/// Words on their way into the index.
struct Stream {
    words: std::vec::IntoIter<Word>,
    token: Token,
}

impl Stream {
    fn of(words: Vec<Word>) -> Self {
        Self { words: words.into_iter(), token: Token::default() }
    }
}

impl Tokenizer for Words {
    type TokenStream<'a> = Stream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream {
        Stream::of(words(text))
    }
}

impl Tokenizer for Stems {
    type TokenStream<'a> = Stream;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Stream {
        let stemmed = |word: Word| Some(Word { text: self.stem(&word.text)?, ..word });
        Stream::of(words(text).into_iter().filter_map(stemmed).collect())
    }
}

impl TokenStream for Stream {
    fn advance(&mut self) -> bool {
        let Some(word) = self.words.next() else { return false };
        self.token.position = self.token.position.wrapping_add(1);
        self.token.offset_from = word.from;
        self.token.offset_to = word.to;
        self.token.text = word.text;
        true
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.text).collect()
    }

    #[test]
    fn apostrophes_and_accents_do_not_keep_words_apart() {
        assert_eq!(cut("L'asilo dell’infanzia"), ["asilo", "infanzia"]);
        assert_eq!(cut("perche' città perché citta'"), ["perche", "citta", "perche", "citta"]);
        assert_eq!(cut("the family's home"), ["the", "family", "home"]);
        assert_eq!(cut("Südtirol, Forlì–Cesena"), ["sudtirol", "forli", "cesena"]);
    }

    #[test]
    fn ages_and_acronyms_are_one_word_and_dates_are_not() {
        assert_eq!(cut("servizi 0-3, 0/6 e 12–18"), ["servizi", "0-3", "0-6", "e", "12-18"]);
        assert_eq!(cut("P.I.P.P.I. e L.R. 3"), ["pippi", "e", "lr", "3"]);
        assert_eq!(cut("12-05-2024 e 184/1983"), ["12", "05", "2024", "e", "184", "1983"]);
        assert_eq!(cut("a b"), ["a", "b"]);
    }

    #[test]
    fn forms_of_a_word_have_one_stem() {
        let mut italian = analyzer(IT);
        assert_eq!(terms(&mut italian, "gli asili nido"), terms(&mut italian, "L’asilo nido"));
        let mut english = analyzer(EN);
        assert_eq!(terms(&mut english, "the families"), terms(&mut english, "family"));
    }

    #[test]
    fn a_word_knows_its_place_in_the_text() {
        let text = "Perché l’àncora";
        let found = words(text);
        assert_eq!(&text[found[1].from..found[1].to], "àncora");
    }
}
