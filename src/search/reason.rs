//! Why two records are alike, in words.

use super::error::SearchError;
use super::facet::Facet;
use super::service::Search;
use crate::schema::Text;

/// So many things in common are named; the rest are counted.
const NAMED: usize = 3;

/// What is said, in Italian and in English, where texts are alike.
pub const SAME_THINGS: (&str, &str) = ("Parla delle stesse cose", "It tells of the same things");

/// What two records have in common.
#[derive(Debug, Clone, PartialEq)]
pub enum Signal {
    Text,
    Themes(Vec<String>),
    Recipients(Vec<String>),
    Networks(Vec<String>),
    Actors(Vec<String>),
    Population(String),
    Distance(f64),
    Province(String),
    Transfer,
    Evidence(Vec<String>),
    /// The need in somebody's words.
    Need,
}

/// A signal in words, and how much of the score it is.
#[derive(Debug, Clone)]
pub struct Reason {
    /// A name for programs.
    pub signal: &'static str,
    pub part: f64,
    pub text: Text,
}

impl Search {
    /// Puts a signal into words.
    pub(super) fn reason(&self, signal: Signal, part: f64) -> Result<Reason, SearchError> {
        let fixed = |name, it: &str, en: &str| (name, Text::new(it, en));
        let (signal, text) = match signal {
            Signal::Text => fixed("text", SAME_THINGS.0, SAME_THINGS.1),
            Signal::Need => {
                fixed("need", "Risponde al bisogno descritto", "It answers the need you described")
            }
            Signal::Transfer => {
                fixed("transfer", "Una è ripresa dall’altra", "One was taken over from the other")
            }
            Signal::Themes(iris) => (
                "themes",
                self.naming("Stesso tema", "Stessi temi", "Same theme", "Same themes", &iris)?,
            ),
            Signal::Recipients(iris) => (
                "recipients",
                self.naming(
                    "Stessi destinatari",
                    "Stessi destinatari",
                    "Same recipients",
                    "Same recipients",
                    &iris,
                )?,
            ),
            Signal::Networks(iris) => (
                "networks",
                self.naming("Stessa rete", "Stesse reti", "Same network", "Same networks", &iris)?,
            ),
            Signal::Actors(iris) => (
                "actors",
                self.naming("Stesso attore", "Stessi attori", "Same actor", "Same actors", &iris)?,
            ),
            Signal::Province(iri) => {
                ("province", self.naming("Stessa provincia", "", "Same province", "", &[iri])?)
            }
            Signal::Evidence(iris) => {
                ("evidence", self.naming("Evidenza", "Evidenza", "Evidence", "Evidence", &iris)?)
            }
            Signal::Population(band) => {
                let band = Facet::Population.band_label(&band).unwrap_or_default();
                let it = format!("Territorio di grandezza simile ({})", band.it);
                ("population", Text::new(it, format!("A place of similar size ({})", band.en)))
            }
            Signal::Distance(km) if km < 1.0 => fixed("distance", "Stesso luogo", "Same place"),
            Signal::Distance(km) => {
                let it = format!("A {km:.0} km di distanza");
                ("distance", Text::new(it, format!("{km:.0} km away")))
            }
        };
        Ok(Reason { signal, part, text })
    }

    /// `Stessi temi: Affido, Adozione e altri 2`.
    fn naming(
        &self,
        one: &str,
        several: &str,
        one_en: &str,
        several_en: &str,
        iris: &[String],
    ) -> Result<Text, SearchError> {
        let (mut it, mut en) = (Vec::new(), Vec::new());
        for iri in iris.iter().take(NAMED) {
            let name = self.name(iri)?;
            it.push(name.it);
            en.push(name.en);
        }
        let (mut it, mut en) = (it.join(", "), en.join(", "));
        let more = iris.len().saturating_sub(NAMED);
        if more > 0 {
            it.push_str(&format!(" e altri {more}"));
            en.push_str(&format!(" and {more} more"));
        }
        let (lead, lead_en) = if iris.len() == 1 { (one, one_en) } else { (several, several_en) };
        Ok(Text::new(format!("{lead}: {it}"), format!("{lead_en}: {en}")))
    }
}
