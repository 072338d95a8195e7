//! What the index holds of a record, before Tantivy turns it into postings and columns.
//! Refuses to know where it was read.

use super::analysis::fold;
use super::facet::Facet;
use super::fields::Fields;
use super::thing::Tagged;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use tantivy::{DateTime, TantivyDocument};

/// A text of a record and how much it matters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Piece {
    pub tagged: Tagged,
    /// How many times its words count.
    pub weight: u8,
    pub role: Role,
}

/// What a text is to its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Role {
    /// What it is called.
    Name,
    /// What else it is called.
    OtherName,
    /// What it says of itself; shown in snippets.
    Body,
    /// The name of something it is linked with.
    Link,
}

/// One record as it is searched.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Document {
    pub iri: String,
    pub kind: String,
    pub codes: Vec<String>,
    pub pieces: Vec<Piece>,
    pub facets: Vec<(Facet, String)>,
    /// Seconds since 1970.
    pub date: Option<i64>,
    /// First and last year.
    pub years: Option<(i64, i64)>,
    pub budget: Option<f64>,
    pub population: Option<u64>,
    pub place: Option<(f64, f64)>,
    pub links: Vec<String>,
    pub demonstration: bool,
}

/// What a result shows of a record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    pub kind: String,
    pub names: Vec<Tagged>,
    pub other_names: Vec<Tagged>,
    pub texts: Vec<Tagged>,
    pub sources: Vec<String>,
    pub demonstration: bool,
    /// A hash of all that is indexed: two documents with the same one are the same.
    pub digest: String,
}

impl Document {
    /// The values of one facet.
    pub fn values(&self, facet: Facet) -> impl Iterator<Item = &str> {
        self.facets.iter().filter(move |(of, _)| *of == facet).map(|(_, value)| value.as_str())
    }

    /// A hash of all that is indexed, in hexadecimal.
    pub fn digest(&self) -> Result<String, serde_json::Error> {
        let bytes = serde_json::to_vec(self)?;
        Ok(Sha256::digest(bytes).iter().take(16).map(|byte| format!("{byte:02x}")).collect())
    }

    /// The document as Tantivy takes it.
    pub fn to_index(&self, fields: &Fields) -> Result<TantivyDocument, serde_json::Error> {
        let mut document = TantivyDocument::new();
        document.add_text(fields.iri, &self.iri);
        for code in &self.codes {
            document.add_text(fields.code, fold(code));
        }
        for Piece { tagged: Tagged { language, text }, weight, role } in &self.pieces {
            for _ in 0..*weight {
                if language != "en" {
                    document.add_text(fields.it, text);
                }
                if language != "it" {
                    document.add_text(fields.en, text);
                }
            }
            // Words as they are need no weight: they only break ties and serve phrases.
            document.add_text(fields.plain, text);
            if matches!(role, Role::Name | Role::OtherName) {
                document.add_text(fields.title, text);
            }
        }
        for (facet, value) in &self.facets {
            document.add_text(fields.facets[facet.place()], value);
        }
        document.add_u64(fields.tie, tie(&self.iri));
        if let Some(date) = self.date {
            document.add_date(fields.date, DateTime::from_timestamp_secs(date));
        }
        if let Some((first, last)) = self.years {
            for year in first..=last.min(first + 100) {
                document.add_i64(fields.year, year);
            }
        }
        if let Some(budget) = self.budget {
            document.add_f64(fields.budget, budget);
        }
        if let Some(population) = self.population {
            document.add_u64(fields.population, population);
        }
        if let Some((lat, long)) = self.place {
            document.add_f64(fields.lat, lat);
            document.add_f64(fields.long, long);
        }
        for link in &self.links {
            document.add_text(fields.links, link);
        }
        document.add_text(fields.shown, serde_json::to_string(&self.shown()?)?);
        Ok(document)
    }

    fn shown(&self) -> Result<Shown, serde_json::Error> {
        let of = |role: Role| {
            let pieces = self.pieces.iter().filter(move |piece| piece.role == role);
            pieces.map(|piece| piece.tagged.clone()).collect()
        };
        Ok(Shown {
            kind: self.kind.clone(),
            names: of(Role::Name),
            other_names: of(Role::OtherName),
            texts: of(Role::Body),
            sources: self.values(Facet::Source).map(str::to_owned).collect(),
            demonstration: self.demonstration,
            digest: self.digest()?,
        })
    }
}

/// A number by which documents that are otherwise equal have one order for ever.
pub fn tie(iri: &str) -> u64 {
    let digest = Sha256::digest(iri.as_bytes());
    u64::from_be_bytes(digest[..8].try_into().expect("a SHA-256 has more than eight bytes"))
}
