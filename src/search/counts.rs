//! Facets as they are shown: which of the counted values, in what order, and what they are called.

use super::collect::Collected;
use super::columns::place;
use super::error::SearchError;
use super::facet::Facet;
use super::find::{Ask, Count, Counted};
use super::index::Snapshot;
use super::service::Search;
use crate::iri::spelled;
use crate::schema::Text;
use std::cmp::Reverse;
use std::collections::HashSet;

/// No facet shows more values.
const MOST: usize = 100;

/// Kinds of records by what they are called.
const KINDS: [(&str, &str, &str); 16] = [
    ("esperienza", "Esperienze", "Experiences"),
    ("attore", "Attori", "Actors"),
    ("rete", "Reti", "Networks"),
    ("territorio", "Territori", "Territories"),
    ("tema", "Temi", "Themes"),
    ("destinatario", "Destinatari", "Recipients"),
    ("valutazione", "Autovalutazioni", "Self-assessments"),
    ("modello", "Modelli", "Models"),
    ("percorso", "Percorsi", "Paths"),
    ("competenza", "Competenze", "Competences"),
    ("risorsa", "Risorse", "Resources"),
    ("notizia", "Notizie", "News"),
    ("evento", "Eventi", "Events"),
    ("raccolta", "Raccolte", "Collections"),
    ("dataset", "Dataset", "Datasets"),
    ("altro", "Altro", "Other"),
];
const LANGUAGES: [(&str, &str, &str); 4] = [
    ("it", "Italiano", "Italian"),
    ("en", "Inglese", "English"),
    ("de", "Tedesco", "German"),
    ("fr", "Francese", "French"),
];

impl Search {
    /// The counted facets as readers see them.
    pub(super) fn facets(
        &self,
        snapshot: &Snapshot,
        ask: &Ask,
        chosen: &[(Facet, Vec<u32>)],
        collected: &Collected,
    ) -> Result<Vec<Counted>, SearchError> {
        let mut facets = Vec::new();
        for (facet, counts) in ask.counted.iter().zip(&collected.counts) {
            let picked = chosen.iter().filter(|(of, _)| of == facet);
            let picked: HashSet<u32> = picked.flat_map(|(_, numbers)| numbers.clone()).collect();
            let values = self.values(snapshot, *facet, counts, &picked)?;
            facets.push(Counted { facet: *facet, values });
        }
        Ok(facets)
    }

    fn values(
        &self,
        snapshot: &Snapshot,
        facet: Facet,
        counts: &[u32],
        picked: &HashSet<u32>,
    ) -> Result<Vec<Count>, SearchError> {
        // Of places only what is open is shown: the tops, and what is below a chosen one.
        let hidden = match facet {
            Facet::Territory => self.hidden(snapshot, picked)?,
            _ => Vec::new(),
        };
        let mut numbers: Vec<(u32, u32)> = Vec::new();
        for (number, count) in (0..).zip(counts) {
            let is_picked = picked.contains(&number);
            let is_hidden = || hidden.get(number as usize).copied().unwrap_or_default();
            if is_picked || (*count > 0 && !is_hidden()) {
                numbers.push((number, *count));
            }
        }
        numbers.sort_unstable_by_key(|(number, count)| (Reverse(*count), *number));
        let mut values = Vec::new();
        for (number, count) in numbers {
            let chosen = picked.contains(&number);
            if values.len() >= MOST && !chosen {
                continue;
            }
            let Some(value) = snapshot.dictionary.value(facet, number) else { continue };
            let above = match facet.is_tree() {
                true => self.things.above(&value)?.first().cloned(),
                false => None,
            };
            values.push(Count { label: self.label(facet, &value)?, value, count, chosen, above });
        }
        values.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.label.it.cmp(&b.label.it)));
        if matches!(facet, Facet::Cost | Facet::Population | Facet::Period) {
            let lower = |count: &Count| {
                count.value.split('-').next().and_then(|from| from.parse::<u64>().ok())
            };
            values.sort_by_key(lower);
        }
        Ok(values)
    }

    /// For each place, by its number, whether it is below one that is neither chosen nor above a
    /// chosen one.
    fn hidden(&self, snapshot: &Snapshot, picked: &HashSet<u32>) -> Result<Vec<bool>, SearchError> {
        let above = self.places_above(snapshot)?;
        let mut open = picked.clone();
        for number in picked {
            let mut next = above.get(*number as usize).copied().flatten();
            while let Some(number) = next.filter(|number| open.insert(*number)) {
                next = above.get(number as usize).copied().flatten();
            }
        }
        let is_hidden = |above: &Option<u32>| above.is_some_and(|above| !open.contains(&above));
        Ok(above.iter().map(is_hidden).collect())
    }

    /// The number of the place above each place, by its number: looked up once for a state of the
    /// index, since there are thousands and a list shows twenty.
    fn places_above<'s>(&self, snapshot: &'s Snapshot) -> Result<&'s [Option<u32>], SearchError> {
        if let Some(above) = snapshot.above.get() {
            return Ok(above);
        }
        let dictionary = &snapshot.dictionary;
        let mut list = Vec::new();
        while let Some(value) = dictionary.value(Facet::Territory, place(list.len())) {
            // A place above that no record has is as closed as one that is not chosen.
            let number = |iri: &String| dictionary.number(Facet::Territory, iri);
            let above = self.things.above(&value)?;
            list.push(above.first().map(|iri| number(iri).unwrap_or(u32::MAX)));
        }
        Ok(snapshot.above.get_or_init(|| list))
    }

    /// What a value is called.
    fn label(&self, facet: Facet, value: &str) -> Result<Text, SearchError> {
        let listed = |list: &[(&str, &str, &str)]| {
            let found = list.iter().find(|(key, ..)| *key == value);
            found.map_or_else(|| Text::new(value, value), |(_, it, en)| Text::new(*it, *en))
        };
        Ok(match facet {
            Facet::Kind => listed(&KINDS),
            Facet::Language => listed(&LANGUAGES),
            Facet::Source => {
                let actor = self.base.record("attore", value);
                match self.things.names(&actor)?.is_empty() {
                    true => Text::new(spelled(value), spelled(value)),
                    false => self.name(&actor)?,
                }
            }
            Facet::Cost | Facet::Population | Facet::Period => {
                facet.band_label(value).unwrap_or_else(|| Text::new(value, value))
            }
            _ => self.name(value)?,
        })
    }
}
