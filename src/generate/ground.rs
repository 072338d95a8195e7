//! What the catalogue stands on: real territories, themes and target groups.
//! Knows the columns of the territory files, not where they are kept.

use super::grammar::{Determiner, determine};
use crate::iri::Base;
use serde::Deserialize;
use std::collections::HashMap;

/// Why the territory files cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum GroundError {
    #[error("the {file} file is not what was expected")]
    Csv { file: &'static str, source: csv::Error },
    #[error("{place} lies in {code:?}, which the {file} file does not have")]
    Parent { place: String, code: String, file: &'static str },
    #[error("there are no {0}")]
    Empty(&'static str),
}

/// A territory on which experiences happen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its IRI at this node.
    pub iri: String,
    /// Its Italian name.
    pub name: String,
    /// How a sentence says "there": "a Bari", "nella provincia di Pavia".
    pub within: String,
    /// Its German name, where German is spoken.
    pub german: Option<String>,
    /// What the register of public offices calls it by: cadastral code, sign of the province, name.
    pub code: String,
    /// Inhabitants.
    pub population: u64,
    /// The place in the next larger list that holds it; itself for a region.
    pub parent: usize,
}

/// The territory files, as texts.
#[derive(Debug, Clone, Copy)]
pub struct Territory<'a> {
    pub regions: &'a str,
    pub provinces: &'a str,
    pub municipalities: &'a str,
}

/// What the generator stands on. No list is empty.
#[derive(Debug, Clone)]
pub struct Ground {
    /// `parent` is a place in `provinces`.
    pub municipalities: Vec<Place>,
    /// `parent` is a place in `regions`.
    pub provinces: Vec<Place>,
    pub regions: Vec<Place>,
    /// IRIs of concepts.
    pub themes: Vec<String>,
    /// IRIs of concepts.
    pub targets: Vec<String>,
}

impl Ground {
    /// Reads the territory files and takes IRIs of concepts, moved to this node where they are
    /// the project's own.
    pub fn read(
        base: &Base,
        territory: Territory<'_>,
        themes: &[String],
        targets: &[String],
    ) -> Result<Self, GroundError> {
        let regions = rows("regions", territory.regions)?;
        let provinces = rows("provinces", territory.provinces)?;
        let municipalities = rows("municipalities", territory.municipalities)?;
        let local = |iris: &[String]| -> Vec<String> {
            iris.iter().map(|iri| base.localise(iri).unwrap_or_else(|| iri.clone())).collect()
        };
        let ground = Self {
            municipalities: places(base, &municipalities, Some(("provinces", &provinces)))?,
            provinces: places(base, &provinces, Some(("regions", &regions)))?,
            regions: places(base, &regions, None)?,
            themes: local(themes),
            targets: local(targets),
        };
        ground.filled()
    }

    fn filled(self) -> Result<Self, GroundError> {
        let sizes = [
            ("municipalities", self.municipalities.len()),
            ("provinces", self.provinces.len()),
            ("regions", self.regions.len()),
            ("themes", self.themes.len()),
            ("target groups", self.targets.len()),
        ];
        match sizes.iter().find(|(_, size)| *size == 0) {
            Some((what, _)) => Err(GroundError::Empty(what)),
            None => Ok(self),
        }
    }
}

/// The columns that matter here; the files have more.
#[derive(Debug, Deserialize)]
struct Row {
    slug: String,
    #[serde(alias = "name")]
    name_it: String,
    /// Names in other languages: `de:Bozen;lld:Balsan`.
    #[serde(default)]
    name_other: String,
    istat: String,
    #[serde(default)]
    cadastral: String,
    /// The sign of a province.
    #[serde(default)]
    sigla: String,
    /// The ISTAT code of the region a province lies in.
    #[serde(default)]
    region: String,
    /// The ISTAT code of the province a municipality lies in.
    #[serde(default)]
    province: String,
    population: Option<u64>,
}

fn rows(file: &'static str, text: &str) -> Result<Vec<Row>, GroundError> {
    csv::Reader::from_reader(text.as_bytes())
        .deserialize()
        .collect::<Result<_, _>>()
        .map_err(|source| GroundError::Csv { file, source })
}

fn places(
    base: &Base,
    rows: &[Row],
    parents: Option<(&'static str, &[Row])>,
) -> Result<Vec<Place>, GroundError> {
    let (file, larger) = parents.unwrap_or(("", &[]));
    let known: HashMap<&str, usize> =
        larger.iter().enumerate().map(|(at, row)| (row.istat.as_str(), at)).collect();
    let place = |(at, row): (usize, &Row)| {
        let above = if row.province.is_empty() { &row.region } else { &row.province };
        let parent = match parents {
            None => at,
            Some(_) => *known.get(above.as_str()).ok_or_else(|| GroundError::Parent {
                place: row.name_it.clone(),
                code: above.clone(),
                file,
            })?,
        };
        Ok(Place {
            iri: base.record("territorio", &row.slug),
            name: row.name_it.clone(),
            within: within(row),
            german: row
                .name_other
                .split(';')
                .find_map(|name| Some(name.strip_prefix("de:")?.into())),
            code: code(row),
            population: row.population.unwrap_or(0),
            parent,
        })
    };
    rows.iter().enumerate().map(place).collect()
}

fn code(row: &Row) -> String {
    let codes = [&row.cadastral, &row.sigla, &row.slug];
    codes
        .into_iter()
        .find(|code| !code.is_empty())
        .map(|code| code.to_lowercase())
        .unwrap_or_default()
}

/// "There", for a municipality, a province or a region.
fn within(row: &Row) -> String {
    let name = &row.name_it;
    if !row.province.is_empty() {
        let vowel = name.starts_with(['A', 'À']);
        return format!("{} {name}", if vowel { "ad" } else { "a" });
    }
    if row.region.is_empty() {
        return format!("nella regione {name}");
    }
    let mut letters = name.chars();
    let lower = letters.next().map(|c| c.to_lowercase().to_string()).unwrap_or_default();
    let name = lower + letters.as_str();
    let feminine = !(name.starts_with("libero") || name.starts_with("ente"));
    let mut said = String::new();
    determine(Determiner::Definite("ne"), &name, feminine, false, &mut said);
    said + &name
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn a_municipality_knows_its_province_and_a_province_its_region() {
        let ground = sample::ground();
        let rome = ground.municipalities.iter().find(|place| place.name == "Roma").unwrap();
        let province = &ground.provinces[rome.parent];
        assert_eq!(province.name, "Città metropolitana di Roma Capitale");
        assert_eq!(ground.regions[province.parent].name, "Lazio");
        assert_eq!(province.within, "nella città metropolitana di Roma Capitale");
        assert_eq!(rome.iri, "http://localhost:7070/id/territorio/roma");
        let codes = [&rome.code, &province.code, &ground.regions[province.parent].code];
        assert_eq!(codes, ["h501", "rm", "lazio"]);
        let german = ground.municipalities.iter().filter_map(|place| place.german.as_deref());
        assert_eq!(german.collect::<Vec<_>>(), ["Bozen"]);
    }

    #[test]
    fn a_municipality_in_an_unknown_province_is_refused() {
        let base = Base::parse("http://localhost:7070").unwrap();
        let territory = Territory {
            municipalities: "slug,name_it,istat,province,population\nx,X,1,999,10\n",
            ..sample::TERRITORY
        };
        let refused = Ground::read(&base, territory, &[], &[]);
        assert!(matches!(refused, Err(GroundError::Parent { .. })));
    }
}
