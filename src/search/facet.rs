//! Facets: the few properties by which results are counted and narrowed.
//! Knows their names and how numbers fall into bands; nothing of counting.

use crate::schema::Text;

/// A property whose values are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Facet {
    Kind,
    Territory,
    Theme,
    Target,
    Level,
    ActorType,
    Phase,
    Evidence,
    Cost,
    Population,
    Period,
    Network,
    Actor,
    Funding,
    Language,
    Source,
}

/// Every facet, in the order in which pages list them.
pub const FACETS: [Facet; 16] = [
    Facet::Kind,
    Facet::Territory,
    Facet::Theme,
    Facet::Target,
    Facet::Level,
    Facet::ActorType,
    Facet::Phase,
    Facet::Evidence,
    Facet::Cost,
    Facet::Population,
    Facet::Period,
    Facet::Network,
    Facet::Actor,
    Facet::Funding,
    Facet::Language,
    Facet::Source,
];

/// Upper bounds of the bands of a municipality's inhabitants.
const POPULATION: [u64; 6] = [3_000, 10_000, 30_000, 100_000, 250_000, 1_000_000];
/// Upper bounds of the bands of a budget, in euro.
const COST: [u64; 6] = [10_000, 50_000, 200_000, 500_000, 1_000_000, 5_000_000];

impl Facet {
    /// Its name as a parameter and as a field of the index.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kind => "kind",
            Self::Territory => "territory",
            Self::Theme => "theme",
            Self::Target => "target",
            Self::Level => "level",
            Self::ActorType => "actor-type",
            Self::Phase => "phase",
            Self::Evidence => "evidence",
            Self::Cost => "cost",
            Self::Population => "population",
            Self::Period => "period",
            Self::Network => "network",
            Self::Actor => "actor",
            Self::Funding => "funding",
            Self::Language => "language",
            Self::Source => "source",
        }
    }

    /// What it is called on pages and in a typed query.
    pub fn label(self) -> Text {
        let (it, en) = match self {
            Self::Kind => ("Tipo", "Kind"),
            Self::Territory => ("Territorio", "Territory"),
            Self::Theme => ("Tema", "Theme"),
            Self::Target => ("Destinatari", "Recipients"),
            Self::Level => ("Livello", "Level"),
            Self::ActorType => ("Ente", "Body"),
            Self::Phase => ("Fase", "Phase"),
            Self::Evidence => ("Evidenza", "Evidence"),
            Self::Cost => ("Costo", "Cost"),
            Self::Population => ("Popolazione", "Population"),
            Self::Period => ("Periodo", "Period"),
            Self::Network => ("Rete", "Network"),
            Self::Actor => ("Attore", "Actor"),
            Self::Funding => ("Finanziamento", "Funding"),
            Self::Language => ("Lingua", "Language"),
            Self::Source => ("Fonte", "Source"),
        };
        Text::new(it, en)
    }

    /// The facet with this name.
    pub fn named(name: &str) -> Option<Self> {
        FACETS.into_iter().find(|facet| facet.name() == name)
    }

    /// Its place in [`FACETS`].
    pub fn place(self) -> usize {
        self as usize
    }

    /// Whether a value stands for all the values below it as well.
    pub fn is_tree(self) -> bool {
        matches!(self, Self::Territory | Self::Theme | Self::Target)
    }

    /// The band a number falls into, as a value of this facet: `10000-50000`, `5000000-`.
    pub fn band(self, number: f64) -> Option<String> {
        let bounds = match self {
            Self::Population => &POPULATION,
            Self::Cost => &COST,
            _ => return None,
        };
        if !number.is_finite() || number < 0.0 {
            return None;
        }
        let place = bounds.iter().take_while(|bound| number >= **bound as f64).count();
        let from = if place == 0 { 0 } else { bounds[place - 1] };
        Some(bounds.get(place).map_or_else(|| format!("{from}-"), |to| format!("{from}-{to}")))
    }

    /// The five years a year falls into: `2020-2024`.
    pub fn period(year: i64) -> String {
        let from = year.div_euclid(5) * 5;
        format!("{from}-{}", from + 4)
    }

    /// What a band is called; `None` where values are no bands.
    pub fn band_label(self, value: &str) -> Option<Text> {
        let (from, to) = value.split_once('-')?;
        let (from, to) = (from.parse::<u64>().ok()?, to.parse::<u64>().ok());
        let grouped = |number: u64, separator: char| grouped(number, separator);
        match (self, to) {
            (Self::Period, Some(to)) => {
                Some(Text::new(format!("{from}–{to}"), format!("{from}–{to}")))
            }
            (Self::Population, Some(to)) if from == 0 => Some(Text::new(
                format!("meno di {} abitanti", grouped(to, '.')),
                format!("fewer than {} inhabitants", grouped(to, ',')),
            )),
            (Self::Population, Some(to)) => Some(Text::new(
                format!("da {} a {} abitanti", grouped(from, '.'), grouped(to, '.')),
                format!("{} to {} inhabitants", grouped(from, ','), grouped(to, ',')),
            )),
            (Self::Population, None) => Some(Text::new(
                format!("{} abitanti e più", grouped(from, '.')),
                format!("{} inhabitants and more", grouped(from, ',')),
            )),
            (Self::Cost, Some(to)) if from == 0 => Some(Text::new(
                format!("meno di {} €", grouped(to, '.')),
                format!("less than €{}", grouped(to, ',')),
            )),
            (Self::Cost, Some(to)) => Some(Text::new(
                format!("da {} a {} €", grouped(from, '.'), grouped(to, '.')),
                format!("€{} to €{}", grouped(from, ','), grouped(to, ',')),
            )),
            (Self::Cost, None) => Some(Text::new(
                format!("{} € e più", grouped(from, '.')),
                format!("€{} and more", grouped(from, ',')),
            )),
            _ => None,
        }
    }
}

impl serde::Serialize for Facet {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

fn grouped(number: u64, separator: char) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_falls_into_one_band_that_has_a_name() {
        let cases =
            [(0.0, "0-3000"), (3_000.0, "3000-10000"), (1e6, "1000000-"), (5e9, "1000000-")];
        for (number, band) in cases {
            assert_eq!(Facet::Population.band(number).as_deref(), Some(band));
            assert!(Facet::Population.band_label(band).is_some(), "{band}");
        }
        assert_eq!(Facet::Cost.band(-1.0), None);
        assert_eq!(Facet::Cost.band_label("50000-200000").unwrap().it, "da 50.000 a 200.000 €");
        assert_eq!(Facet::period(2023), "2020-2024");
    }

    #[test]
    fn every_facet_stands_at_its_place_under_its_name() {
        for (place, facet) in FACETS.into_iter().enumerate() {
            assert_eq!(facet.place(), place);
            assert_eq!(Facet::named(facet.name()), Some(facet));
        }
    }
}
