//! The part of a text that shows best why a record was found.

use super::analysis::{EN, IT, analyzer, is_stop_word, terms, words};
use super::thing::Tagged;
use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tantivy::tokenizer::TextAnalyzer;

/// How long a snippet is, in characters; longer words at its ends are kept whole.
const LENGTH: usize = 220;

/// So many analyzers for each language are kept, each with some megabytes of words.
const MOST_KEPT: usize = 4;

/// A piece of a snippet, marked where it holds a word that was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    pub text: String,
    pub marked: bool,
}

/// The analyzers for both languages that searches hand on to each other: they know the words again
/// that they have met, and stemming costs more than all else of a snippet.
#[derive(Default)]
pub struct Analyzers(Mutex<Vec<[TextAnalyzer; 2]>>);

/// What to mark.
pub struct Marker<'a> {
    analyzers: &'a Analyzers,
    italian: TextAnalyzer,
    english: TextAnalyzer,
    plain: HashSet<String>,
    stems: HashSet<String>,
    prefixes: Vec<String>,
}

impl Analyzers {
    fn kept(&self) -> MutexGuard<'_, Vec<[TextAnalyzer; 2]>> {
        // A lock's poison means a panic while one was put in or taken out, which leaves the list whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Marker<'_> {
    fn drop(&mut self) {
        let mut kept = self.analyzers.kept();
        if kept.len() < MOST_KEPT {
            let taken = |own: &mut TextAnalyzer, name| std::mem::replace(own, analyzer(name));
            kept.push([taken(&mut self.italian, IT), taken(&mut self.english, EN)]);
        }
    }
}

impl<'a> Marker<'a> {
    /// Marks these words in all their forms, and what begins like `word*`.
    pub fn new(list: &[String], analyzers: &'a Analyzers) -> Self {
        let kept = analyzers.kept().pop();
        let [italian, english] = kept.unwrap_or_else(|| [analyzer(IT), analyzer(EN)]);
        let mut marker = Self {
            analyzers,
            italian,
            english,
            plain: HashSet::new(),
            stems: HashSet::new(),
            prefixes: Vec::new(),
        };
        for word in list {
            if let Some(prefix) = word.strip_suffix('*') {
                marker.prefixes.push(prefix.to_owned());
                continue;
            }
            marker.stems.extend(terms(&mut marker.italian, word));
            marker.stems.extend(terms(&mut marker.english, word));
            marker.plain.insert(word.clone());
        }
        marker
    }

    /// The best part of the texts in the reader's language, or of any text where none of those
    /// holds a word that was looked for; with the language it is in.
    pub fn snippet(&mut self, texts: &[Tagged], language: &str) -> (Vec<Part>, String) {
        let own = texts.iter().filter(|text| text.language == language);
        let other = texts.iter().filter(|text| text.language != language);
        let mut best: Option<(usize, Vec<Part>, &Tagged)> = None;
        for text in own.chain(other) {
            let is_own =
                best.as_ref().is_some_and(|(most, _, text)| *most > 0 && text.language == language);
            if is_own && text.language != language {
                break;
            }
            let (value, parts) = self.look(&text.text);
            if best.as_ref().is_none_or(|(most, ..)| value > *most) {
                best = Some((value, parts, text));
            }
        }
        best.map_or_else(Default::default, |(_, parts, text)| (parts, text.language.clone()))
    }

    /// How many different words a text's best window holds, and that window.
    fn look(&mut self, text: &str) -> (usize, Vec<Part>) {
        let mut places: Vec<(usize, usize, String)> = Vec::new();
        for word in words(text) {
            let prefix = self.prefixes.iter().find(|prefix| word.text.starts_with(prefix.as_str()));
            let stem = || {
                let mut stems = terms(&mut self.italian, &word.text);
                stems.extend(terms(&mut self.english, &word.text));
                stems.into_iter().find(|stem| self.stems.contains(stem))
            };
            let known = if self.plain.contains(&word.text) && !is_stop_word(&word.text) {
                Some(word.text.clone())
            } else {
                prefix.cloned().or_else(stem)
            };
            places.extend(known.map(|known| (word.from, word.to, known)));
        }
        let (mut most, mut start) = (0, 0);
        for (first, (from, ..)) in places.iter().enumerate() {
            let inside = places[first..].iter().take_while(|(_, to, _)| to - from <= LENGTH);
            let different: HashSet<&str> = inside.map(|(_, _, word)| word.as_str()).collect();
            if different.len() > most {
                (most, start) = (different.len(), *from);
            }
        }
        (most, window(text, start, &places))
    }
}

/// Cuts a window of a text around `start` and marks the places in it.
fn window(text: &str, start: usize, places: &[(usize, usize, String)]) -> Vec<Part> {
    let sentence = text[..start].rfind(['.', '!', '?', ';']).map_or(0, |place| place + 1);
    let lead =
        if start - sentence <= LENGTH / 3 { sentence } else { before(text, start, LENGTH / 4) };
    let from = lead + (text[lead..].len() - text[lead..].trim_start().len());
    let to = after(text, from, LENGTH);
    let mut parts = Vec::new();
    let mut push = |text: &str, marked: bool| {
        if !text.is_empty() {
            parts.push(Part { text: text.to_owned(), marked });
        }
    };
    if from > 0 && from != sentence + (text[sentence..].len() - text[sentence..].trim_start().len())
    {
        push("… ", false);
    }
    let mut done = from;
    for (begin, end, _) in places.iter().filter(|(begin, end, _)| *begin >= from && *end <= to) {
        push(&text[done..*begin], false);
        push(&text[*begin..*end], true);
        done = *end;
    }
    push(text[done..to].trim_end(), false);
    if to < text.trim_end().len() {
        push(" …", false);
    }
    parts
}

/// A place at a word's beginning, about `length` characters before `place`.
fn before(text: &str, place: usize, length: usize) -> usize {
    let back = text[..place].char_indices().rev().nth(length).map_or(0, |(place, _)| place);
    text[back..place].find(char::is_whitespace).map_or(back, |space| back + space)
}

/// A place at a word's end, about `length` characters after `place`.
fn after(text: &str, place: usize, length: usize) -> usize {
    let Some((ahead, _)) = text[place..].char_indices().nth(length) else { return text.len() };
    let ahead = place + ahead;
    text[place..ahead].rfind(char::is_whitespace).map_or(ahead, |space| place + space)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(words: &[&str], text: &str) -> String {
        let list: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        let tagged = Tagged { language: "it".to_owned(), text: text.to_owned() };
        let (parts, _) = Marker::new(&list, &Analyzers::default()).snippet(&[tagged], "it");
        let mark = |part: &Part| {
            if part.marked { format!("[{}]", part.text) } else { part.text.clone() }
        };
        parts.iter().map(mark).collect()
    }

    #[test]
    fn words_are_marked_in_all_their_forms() {
        assert_eq!(shown(&["asilo"], "Gli asili di Bari."), "Gli [asili] di Bari.");
        assert_eq!(shown(&["citta"], "Una città viva"), "Una [città] viva");
        assert_eq!(shown(&["micro*"], "un micronido"), "un [micronido]");
    }

    #[test]
    fn the_window_is_where_most_words_are() {
        let text = format!(
            "{} Qui il nido apre presto la mattina. {}",
            "bla ".repeat(100),
            "x ".repeat(200)
        );
        let snippet = shown(&["nido", "mattina"], &text);
        assert!(snippet.contains("[nido]") && snippet.contains("[mattina]"), "{snippet}");
        assert!(snippet.starts_with("… ") && snippet.ends_with(" …"), "{snippet}");
    }

    #[test]
    fn the_reader_s_language_comes_first_where_it_holds_anything() {
        let tagged = |language: &str, text: &str| Tagged {
            language: language.to_owned(),
            text: text.to_owned(),
        };
        let texts = [tagged("en", "a nursery, a micro nursery"), tagged("it", "Un nido aperto")];
        let language = |words: &[&str]| {
            let list: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            Marker::new(&list, &Analyzers::default()).snippet(&texts, "it").1
        };
        assert_eq!(language(&["nido", "nursery", "micro"]), "it");
        assert_eq!(language(&["nursery"]), "en");
        assert_eq!(language(&["altro"]), "it");
    }

    proptest! {
        #[test]
        fn any_text_can_be_cut(text in "\\PC{0,600}", word in "[a-zà]{1,6}") {
            let list = vec![word];
            let tagged = Tagged { language: String::new(), text };
            Marker::new(&list, &Analyzers::default()).snippet(&[tagged], "it");
        }
    }
}
