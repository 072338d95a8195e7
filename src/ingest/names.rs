//! Finds the IRI behind what a person wrote: a label, a code, a slug, or the IRI itself.
//! Refuses to guess: of two equal names it tells both, of an unknown one it tells the near ones.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// How many near names are told.
const SUGGESTIONS: usize = 5;
/// How many names that share most letters are compared in full.
const SHORTLIST: usize = 100;
/// From which likeness, between 0 and 1, a name counts as near.
const NEAR: f64 = 0.55;

/// What a name is looked up among.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Group {
    Theme,
    TargetGroup,
    Level,
    Phase,
    Funding,
    Evidence,
    Territory,
    Actor,
    Network,
    Experience,
}

/// One of several things that share a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// The first name that was given for it.
    pub name: String,
    /// Its IRI, which tells it from the others.
    pub iri: String,
}

/// Why a text names nothing, or not one thing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unknown {
    #[error("{text:?} is not known")]
    Name { text: String, near: Vec<String> },
    #[error("{text:?} is the name of {} things", candidates.len())]
    Several { text: String, candidates: Vec<Candidate> },
}

/// The names of everything a table may point to.
#[derive(Debug, Default)]
pub struct Names(HashMap<Group, Index>);

impl Names {
    /// Adds a name: label, other label, notation or code. The first one given for an IRI is shown
    /// to people; the last part of the IRI counts as a name by itself.
    pub fn add(&mut self, group: Group, name: &str, iri: &str) {
        self.0.entry(group).or_default().add(name, iri);
    }

    /// The one IRI that `text` names, whatever its case, accents, apostrophes and spaces.
    pub fn find(&self, group: Group, text: &str) -> Result<&str, Unknown> {
        let unknown = || Unknown::Name { text: text.to_owned(), near: Vec::new() };
        self.0.get(&group).ok_or_else(unknown)?.find(text.trim())
    }
}

/// The names of one group.
#[derive(Debug, Default)]
struct Index {
    things: Vec<Candidate>,
    names: Vec<Name>,
    by_iri: HashMap<String, usize>,
    by_key: HashMap<String, usize>,
    by_gram: HashMap<[char; 3], Vec<usize>>,
}

/// A folded name, how it is properly spelled, and the places of the things that bear it.
#[derive(Debug)]
struct Name {
    key: String,
    spelling: String,
    things: Vec<usize>,
}

impl Index {
    fn add(&mut self, name: &str, iri: &str) {
        if let Some(&thing) = self.by_iri.get(iri) {
            return self.name(name, thing);
        }
        let thing = self.things.len();
        self.by_iri.insert(iri.to_owned(), thing);
        self.things.push(Candidate { name: name.to_owned(), iri: iri.to_owned() });
        self.name(name, thing);
        self.name(iri.rsplit(['/', '#']).next().unwrap_or(iri), thing);
    }

    fn name(&mut self, spelling: &str, thing: usize) {
        let key = fold(spelling);
        if key.is_empty() {
            return;
        }
        if let Some(&known) = self.by_key.get(&key) {
            let bearers = &mut self.names[known].things;
            if !bearers.contains(&thing) {
                bearers.push(thing);
            }
            return;
        }
        let place = self.names.len();
        for gram in grams(&key) {
            self.by_gram.entry(gram).or_default().push(place);
        }
        self.by_key.insert(key.clone(), place);
        self.names.push(Name { key, spelling: spelling.to_owned(), things: vec![thing] });
    }

    fn find(&self, text: &str) -> Result<&str, Unknown> {
        if let Some(&thing) = self.by_iri.get(text) {
            return Ok(&self.things[thing].iri);
        }
        let key = fold(text);
        let text = text.to_owned();
        match self.by_key.get(&key).map(|&place| self.names[place].things.as_slice()) {
            Some(&[thing]) => Ok(&self.things[thing].iri),
            Some(things) => {
                let candidates = things.iter().map(|&thing| self.things[thing].clone()).collect();
                Err(Unknown::Several { text, candidates })
            }
            None => Err(Unknown::Name { text, near: self.near(&key) }),
        }
    }

    /// The names most like `key`, each of another thing, nearest first. Only those that share
    /// most groups of three letters are compared in full, so that a large group stays fast.
    fn near(&self, key: &str) -> Vec<String> {
        let mut shared = vec![0_u16; self.names.len()];
        for gram in grams(key) {
            for &place in self.by_gram.get(&gram).into_iter().flatten() {
                shared[place] = shared[place].saturating_add(1);
            }
        }
        let mut places: Vec<usize> = (0..shared.len()).filter(|&place| shared[place] > 0).collect();
        if places.len() > SHORTLIST {
            places.select_nth_unstable_by_key(SHORTLIST, |&place| (Reverse(shared[place]), place));
            places.truncate(SHORTLIST);
        }
        let mut told = HashSet::new();
        nearest(
            key,
            places.into_iter().map(|place| (&self.names[place], self.names[place].key.as_str())),
        )
        .into_iter()
        .filter(|name| told.insert(name.things[0]))
        .take(SUGGESTIONS)
        .map(|name| name.spelling.clone())
        .collect()
    }
}

/// Folds case, accents, apostrophes, hyphens and spaces away: `Forli'` and `FORLÌ` are one.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            folded.push(c);
        } else if !folded.is_empty() && !folded.ends_with(' ') {
            folded.push(' ');
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

/// Those of a few texts that are most like `text`, in their own spelling, nearest first.
pub(crate) fn near<'a>(text: &str, among: impl Iterator<Item = &'a str>) -> Vec<String> {
    let folded: Vec<(&str, String)> = among.map(|other| (other, fold(other))).collect();
    let near = nearest(&fold(text), folded.iter().map(|(other, key)| (*other, key.as_str())));
    near.into_iter().take(SUGGESTIONS).map(str::to_owned).collect()
}

fn nearest<'k, T>(key: &str, among: impl Iterator<Item = (T, &'k str)>) -> Vec<T> {
    let mut scored: Vec<(f64, T)> = among
        .map(|(thing, other)| (likeness(key, other), thing))
        .filter(|(likeness, _)| *likeness >= NEAR)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    scored.into_iter().map(|(_, thing)| thing).collect()
}

/// Likeness between 0 and 1; a name that holds whole what was written is near, however long.
fn likeness(wanted: &str, name: &str) -> f64 {
    let edits = strsim::normalized_damerau_levenshtein(wanted, name);
    let holds = wanted.len() > 2 && name.contains(wanted);
    if holds { edits.max(0.8) } else { edits }
}

fn grams(key: &str) -> HashSet<[char; 3]> {
    let letters: Vec<char> = format!(" {key} ").chars().collect();
    letters.windows(3).map(|w| [w[0], w[1], w[2]]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        let mut names = Names::default();
        for (name, iri) in [
            ("Forlì", "https://x.example/id/territorio/forli"),
            ("040012", "https://x.example/id/territorio/forli"),
            ("L'Aquila", "https://x.example/id/territorio/066049"),
            ("Samone", "https://x.example/id/territorio/001235"),
            ("Samone", "https://x.example/id/territorio/022165"),
        ] {
            names.add(Group::Territory, name, iri);
        }
        names
    }

    #[test]
    fn a_name_is_found_whatever_its_case_accents_apostrophes_and_spaces() {
        let names = names();
        let forli = "https://x.example/id/territorio/forli";
        for text in ["Forlì", "FORLI'", " forli ", "040012", "Forli\u{300}", forli] {
            assert_eq!(names.find(Group::Territory, text), Ok(forli), "{text}");
        }
        for text in ["l’aquila", "L Aquila", "066049"] {
            assert!(names.find(Group::Territory, text).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_name_of_two_municipalities_is_refused_with_both_iris() {
        let Err(Unknown::Several { candidates, .. }) = names().find(Group::Territory, "samone")
        else {
            panic!("one was chosen");
        };
        let iris: Vec<_> = candidates.iter().map(|candidate| candidate.iri.as_str()).collect();
        assert_eq!(
            iris,
            ["https://x.example/id/territorio/001235", "https://x.example/id/territorio/022165"]
        );
    }

    #[test]
    fn an_unknown_name_is_answered_with_near_ones_in_their_spelling() {
        let unknown = |group, text: &str| match names().find(group, text) {
            Err(Unknown::Name { near, .. }) => near,
            other => panic!("{other:?}"),
        };
        assert_eq!(unknown(Group::Territory, "forlli"), ["Forlì"]);
        assert_eq!(unknown(Group::Territory, "aquila"), ["L'Aquila"]);
        assert!(unknown(Group::Territory, "zzz").is_empty());
        assert!(unknown(Group::Theme, "Forlì").is_empty());
    }

    #[test]
    fn a_hundred_thousand_actors_are_searched_in_a_moment() {
        let mut names = Names::default();
        for number in 0..100_000 {
            let iri = format!("https://x.example/id/attore/comune-{number}");
            names.add(Group::Actor, &format!("Comune di Borgo {number:06}"), &iri);
        }
        let start = std::time::Instant::now();
        for number in 0..20 {
            let text = format!("Comune di Brogo {number:06}");
            let Err(Unknown::Name { near, .. }) = names.find(Group::Actor, &text) else {
                panic!("found {text}");
            };
            assert!(near.contains(&format!("Comune di Borgo {number:06}")), "{text}: {near:?}");
        }
        assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
    }
}
