//! Words as they are searched: by their stems in both languages, as they are, and, where they name
//! a concept or a kind of record, by that. Mends words that nobody wrote.

use super::analysis::{EN, IT, analyzer, fold, is_stop_word, terms, words};
use super::compile::{Compiled, Compiler, slop};
use super::error::SearchError;
use super::facet::Facet;
use super::formula::Formula;
use super::spelling::{correct, frequency};
use super::thesaurus::Named;
use super::thing::Tagged;
use tantivy::Term;
use tantivy::query::AllQuery;
use tantivy::schema::Field;

/// No more words of a query are looked at.
const MOST_WORDS: usize = 64;
/// A word that no record has is known by its stem only if that is as long as this.
const SHORTEST_STEM: usize = 4;
/// Kinds of records and the words that name them, folded.
const KINDS: [(&str, &str); 11] = [
    ("esperienza", "esperienza esperienze progetto progetti experience project"),
    ("attore", "comune regione provincia associazione associazioni cooperativa ente azienda"),
    ("rete", "rete reti alleanza network networks"),
    ("modello", "modello modelli model models"),
    ("percorso", "percorso percorsi passi path"),
    ("competenza", "competenza competenze imparare skill skills"),
    ("risorsa", "risorsa risorse guida linee manuale traccia modulo guide guidelines toolkit"),
    ("notizia", "notizia notizie novita news"),
    ("evento", "evento eventi incontro convegno seminario event conference"),
    ("raccolta", "raccolta raccolte dossier collection"),
    ("valutazione", "autovalutazione autovalutazioni valutazione assessment"),
];

/// Words that ask for an actor where they come first; elsewhere they only join clauses.
const WHO: [&str; 2] = ["chi", "who"];

/// The other names of what some words name.
struct Synonyms {
    /// How much the words tell that were typed.
    tells: f32,
    ways: Vec<Formula>,
    seen: Vec<Vec<String>>,
}

impl Compiler<'_> {
    /// Words in any order: concepts they name count by all their names; most of the words must
    /// be there, all where they are few.
    pub(super) fn words(
        &self,
        text: &str,
        compiled: &mut Compiled,
    ) -> Result<Formula, SearchError> {
        let mut list: Vec<String> =
            words(text).into_iter().take(MOST_WORDS).map(|word| word.text).collect();
        if list.is_empty() {
            return Ok(Formula::other(Box::new(AllQuery)));
        }
        self.mend(&mut list, compiled)?;
        if list.len() > 1 && WHO.contains(&list[0].as_str()) {
            compiled.kinds.push("attore");
        }
        let named = self.thesaurus.named(&list);
        let only_stop_words = list.iter().all(|word| is_stop_word(word));
        let mut parts = Vec::new();
        let mut place = 0;
        while place < list.len() {
            if let Some(name) = named.iter().find(|name| name.from == place) {
                parts.push(self.concept(name, &list, compiled)?);
                place = name.to;
                continue;
            }
            let word = &list[place];
            if only_stop_words || !is_stop_word(word) {
                parts.push(self.word_or_kind(word, compiled)?);
            }
            place += 1;
        }
        compiled
            .marked
            .extend(list.iter().filter(|word| only_stop_words || !is_stop_word(word)).cloned());
        let least = if self.loose { 1 } else { self.least(parts.len()) };
        Ok(self.with_nearness(Formula::Enough { parts, least }, &list, text))
    }

    /// How many of some words must match.
    fn least(&self, words: usize) -> usize {
        let share = self.weights.enough.clamp(0.0, 1.0) * words as f32;
        (share.ceil() as usize).max(1)
    }

    /// Records that have the words side by side, or in their titles, come first.
    fn with_nearness(&self, matching: Formula, list: &[String], text: &str) -> Formula {
        let fields = &self.snapshot.fields;
        // A slug, or a code with signs in it that part words.
        let codes = [list.join("-"), fold(text.trim())];
        let mut ways = vec![matching];
        ways.extend(codes.iter().map(|code| self.code(code)));
        let mut more = Vec::new();
        if list.len() > 1 && list.len() <= 8 {
            let nearness = self.weights.nearness;
            more.push(Formula::Other { query: slop(fields.plain, list, 2), boost: nearness });
            more.push(Formula::Other { query: slop(fields.title, list, 3), boost: nearness * 2.0 });
        }
        Formula::With { must: Box::new(Formula::any(ways)), more }
    }

    fn code(&self, code: &str) -> Formula {
        let term = Term::from_field_text(self.snapshot.fields.code, code);
        Formula::Word { term, boost: self.weights.code, frequent: false }
    }

    /// One word by its stems and as it is.
    pub(super) fn word(&self, word: &str) -> Formula {
        let fields = &self.snapshot.fields;
        let (own, other) = (1.0, self.weights.other_language);
        let (italian, english) = if self.language == "en" { (other, own) } else { (own, other) };
        let mut parts = Vec::new();
        for (field, name, weight) in [(fields.it, IT, italian), (fields.en, EN, english)] {
            // A stop word of one language may be a word of the other.
            for stem in terms(&mut analyzer(name), word) {
                parts.push(frequent(field, &stem, weight));
            }
        }
        parts.push(frequent(fields.plain, word, self.weights.exact));
        parts.push(frequent(fields.title, word, self.weights.title));
        parts.push(self.code(word));
        Formula::Most { parts, tie: 0.3 }
    }

    /// A word, or for less the kind of record that it names: `rete`, `dossier`, `midwives`.
    fn word_or_kind(&self, word: &str, compiled: &mut Compiled) -> Result<Formula, SearchError> {
        let named = |(_, list): &&(&str, &str)| list.split(' ').any(|name| name == word);
        let Some((kind, _)) = KINDS.iter().find(named) else { return Ok(self.word(word)) };
        compiled.kinds.push(kind);
        let field = self.snapshot.fields.facets[Facet::Kind.place()];
        let score = self.weights.kind * self.tells(&[word.to_owned()])?;
        let having = Formula::Having { term: Term::from_field_text(field, kind), score };
        Ok(Formula::Most { parts: vec![self.word(word), having], tie: 0.3 })
    }

    /// Words that name concepts: the words themselves, or records that have the concept, or its
    /// other names, or, for less, what is near it.
    fn concept(
        &self,
        name: &Named,
        list: &[String],
        compiled: &mut Compiled,
    ) -> Result<Formula, SearchError> {
        let weights = self.weights;
        let typed = &list[name.from..name.to];
        let own = typed.iter().filter(|word| typed.len() == 1 || !is_stop_word(word));
        let own = own.map(|word| self.word_or_kind(word, compiled));
        let own = own.collect::<Result<Vec<_>, _>>()?;
        let mut parts = vec![Formula::all(own)];
        // However rare a concept is, a common word that names it says no more than it says itself.
        let tells = self.tells(typed)?;
        let mut synonyms = Synonyms { tells, ways: Vec::new(), seen: Vec::new() };
        for number in &name.concepts {
            let concept = &self.thesaurus.concepts[*number];
            compiled.concepts.push(*number);
            let weight = match concept.facet {
                Facet::Territory => weights.place,
                _ => weights.concept,
            };
            parts.push(self.having(*number, weight * tells));
            for label in &concept.labels {
                self.label(label, weights.synonym, &mut synonyms)?;
            }
            // What lies within a place has the place among its values already.
            let narrower = concept.narrower.iter().filter(|_| concept.facet != Facet::Territory);
            for near in narrower {
                for label in &self.thesaurus.concepts[*near].labels {
                    self.label(label, weights.narrower, &mut synonyms)?;
                }
            }
            for near in &concept.related {
                parts.push(self.having(*near, weights.related_concept * tells));
            }
        }
        parts.append(&mut synonyms.ways);
        Ok(Formula::Most { parts, tie: 0.15 })
    }

    /// How much some words tell: the sum of their inverse document frequencies.
    fn tells(&self, list: &[String]) -> Result<f32, SearchError> {
        let fields = &self.snapshot.fields;
        let mut sum = 0.0;
        for word in list.iter().filter(|word| list.len() == 1 || !is_stop_word(word)) {
            let mut most = frequency(self.snapshot, fields.plain, word)?;
            for (field, name) in [(fields.it, IT), (fields.en, EN)] {
                for stem in terms(&mut analyzer(name), word) {
                    most = most.max(frequency(self.snapshot, field, &stem)?);
                }
            }
            sum += self.statistics.rarity(most);
        }
        Ok(sum)
    }

    /// Records whose facet has a concept; what is below it counts, as the facet holds it too.
    fn having(&self, number: usize, score: f32) -> Formula {
        let concept = &self.thesaurus.concepts[number];
        let field = self.snapshot.fields.facets[concept.facet.place()];
        Formula::Having { term: Term::from_field_text(field, &concept.iri), score }
    }

    /// Another name: all its words, by their stems.
    fn label(
        &self,
        label: &Tagged,
        weight: f32,
        synonyms: &mut Synonyms,
    ) -> Result<(), SearchError> {
        let fields = &self.snapshot.fields;
        let (field, name) = if label.language == "en" { (fields.en, EN) } else { (fields.it, IT) };
        let stems = terms(&mut analyzer(name), &label.text);
        if stems.is_empty() || synonyms.seen.contains(&stems) {
            return Ok(());
        }
        let mut own = 0.0;
        for stem in &stems {
            own += self.statistics.rarity(frequency(self.snapshot, field, stem)?);
        }
        // A rare name must not outweigh the common word that was typed.
        let weight = weight * (synonyms.tells / own.max(0.1)).min(1.0);
        let all = stems.iter().map(|stem| frequent(field, stem, weight));
        synonyms.ways.push(Formula::all(all.collect()));
        synonyms.seen.push(stems);
        Ok(())
    }

    /// Replaces words that no record has by the nearest one that some record has.
    fn mend(&self, list: &mut [String], compiled: &mut Compiled) -> Result<(), SearchError> {
        let fields = &self.snapshot.fields;
        for word in list.iter_mut() {
            let mut known = is_stop_word(word) || frequency(self.snapshot, fields.plain, word)? > 0;
            known = known || frequency(self.snapshot, fields.code, word)? > 0;
            for (field, name) in [(fields.it, IT), (fields.en, EN)] {
                // A short stem is shared by words that have nothing to do with each other.
                for stem in terms(&mut analyzer(name), word) {
                    let tells = stem.chars().count() >= SHORTEST_STEM;
                    known = known || (tells && frequency(self.snapshot, field, &stem)? > 0);
                }
            }
            known = known || !self.thesaurus.named(std::slice::from_ref(word)).is_empty();
            if !known && let Some(better) = correct(self.snapshot, word)? {
                compiled.corrected.push((word.clone(), better.clone()));
                *word = better;
            }
        }
        Ok(())
    }
}

/// A word that counts more the more often it is there.
fn frequent(field: Field, text: &str, boost: f32) -> Formula {
    Formula::Word { term: Term::from_field_text(field, text), boost, frequent: true }
}
