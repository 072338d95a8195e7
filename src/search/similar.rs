//! Experiences like the one somebody needs: a municipality and a need in one's own words.

use super::analysis::words;
use super::error::SearchError;
use super::facet::Facet;
use super::related::Alike;
use super::seed::{Seed, stems};
use super::service::Search;
use crate::vocab::fl;

/// What is needed, and where.
#[derive(Debug, Clone, Default)]
pub struct Need {
    /// The IRI of a territory.
    pub municipality: Option<String>,
    /// In one's own words.
    pub text: String,
}

impl Search {
    /// The experiences that come nearest to a need, with the reasons. Blocking.
    pub fn similar(
        &self,
        need: &Need,
        limit: usize,
        language: &str,
    ) -> Result<Vec<Alike>, SearchError> {
        let snapshot = self.shelf.take()?;
        let mut seed = Seed { kind: "esperienza".to_owned(), ..Seed::default() };
        seed.stems = stems(&snapshot, std::iter::once((need.text.as_str(), 1.0)))?;
        let list: Vec<String> = words(&need.text).into_iter().map(|word| word.text).collect();
        for named in snapshot.thesaurus.named(&list) {
            for number in named.concepts {
                let concept = &snapshot.thesaurus.concepts[number];
                let values = seed.facets.entry(concept.facet).or_default();
                values.insert(concept.iri.clone());
            }
        }
        if let Some(iri) = &need.municipality {
            if !self.things.classes(iri)?.iter().any(|class| class == fl::TERRITORY.as_str()) {
                return Err(SearchError::Ask(format!(
                    "{iri} is no municipality, province or region of this node"
                )));
            }
            let places = seed.facets.entry(Facet::Territory).or_default();
            places.insert(iri.clone());
            places.extend(self.things.above(iri)?.iter().cloned());
            let spot = self.things.whereabouts(iri)?;
            (seed.population, seed.place) = (spot.population, spot.place);
            if let Some(band) =
                spot.population.and_then(|people| Facet::Population.band(people as f64))
            {
                seed.facets.entry(Facet::Population).or_default().insert(band);
            }
        }
        if seed.stems.is_empty() && seed.values(Facet::Theme).next().is_none() {
            return Err(SearchError::Ask(
                "say in a few words what is needed: no record knows any of these words".to_owned(),
            ));
        }
        let mut alike = self.alike(&seed, limit, language)?;
        for reason in alike.iter_mut().flat_map(|one| &mut one.reasons) {
            if reason.signal == "text" {
                *reason = self.reason(super::reason::Signal::Need, reason.part)?;
            }
        }
        Ok(alike)
    }
}
