//! Facets as they are shown: which of the counted values, in what order, and what they are called.

use super::collect::Collected;
use super::error::SearchError;
use super::facet::Facet;
use super::find::{Ask, Count, Counted};
use super::index::Snapshot;
use super::service::Search;
use crate::iri::spelled;
use crate::schema::Text;
use std::collections::HashSet;

/// No facet shows more values.
const MOST: usize = 100;

/// Kinds of records by what they are called.
const KINDS: [(&str, &str, &str); 15] = [
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
        let open = self.open(snapshot, facet, picked)?;
        let mut numbers: Vec<(u32, u32)> = Vec::new();
        for (number, count) in counts.iter().enumerate() {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            if *count > 0 || picked.contains(&number) {
                numbers.push((number, *count));
            }
        }
        numbers.sort_unstable_by_key(|(number, count)| (std::cmp::Reverse(*count), *number));
        let mut values = Vec::new();
        for (number, count) in numbers {
            if values.len() >= MOST && !picked.contains(&number) {
                continue;
            }
            let Some(value) = snapshot.dictionary.value(facet, number) else { continue };
            let chosen = picked.contains(&number);
            let above = match facet.is_tree() {
                true => self.things.above(&value)?.first().cloned(),
                false => None,
            };
            // Of a tree only what is open is shown: the tops, and what is below a chosen value.
            if facet == Facet::Territory && !chosen {
                let hidden = above.as_ref().is_some_and(|above| !open.contains(above));
                if hidden {
                    continue;
                }
            }
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

    /// The chosen values of a tree and what stands above them.
    fn open(
        &self,
        snapshot: &Snapshot,
        facet: Facet,
        picked: &HashSet<u32>,
    ) -> Result<HashSet<String>, SearchError> {
        let mut open = HashSet::new();
        if facet.is_tree() {
            for value in
                picked.iter().filter_map(|number| snapshot.dictionary.value(facet, *number))
            {
                open.extend(self.things.above(&value)?.iter().cloned());
                open.insert(value);
            }
        }
        Ok(open)
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
