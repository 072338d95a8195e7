//! One parameter of a named query: what it takes, and how a text becomes an RDF term.
//! Knows no query text; values are made into terms, never into SPARQL.

use crate::iri::{self, Base};
use crate::schema::Text;
use oxigraph::model::{Literal, NamedNode, Term, Variable, vocab::xsd};
use oxsdatatypes::{Date, Decimal, Integer};

/// Why values do not fit a query's parameters. Each message says what to do.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum ParameterError {
    #[error("there is no parameter {name:?}; {advice}")]
    Unknown { name: String, advice: String },
    #[error("the parameter {name:?} is missing; add {name}=…, {takes}")]
    Missing { name: String, takes: &'static str },
    #[error("the parameter {name:?} is given more than once; keep one")]
    Repeated { name: String },
    #[error("{value:?} does not fit the parameter {name:?}; write {takes}")]
    Malformed { name: String, value: String, takes: &'static str },
}

/// What a parameter takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Iri,
    String,
    Integer,
    Decimal,
    Date,
    /// A language tag, as a plain string to compare with `LANG()`. RFC 5646.
    Lang,
}

impl Kind {
    /// The kind a query's header names.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "iri" => Self::Iri,
            "string" => Self::String,
            "integer" => Self::Integer,
            "decimal" => Self::Decimal,
            "date" => Self::Date,
            "lang" => Self::Lang,
            _ => return None,
        })
    }

    /// The name a query's header uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Iri => "iri",
            Self::String => "string",
            Self::Integer => "integer",
            Self::Decimal => "decimal",
            Self::Date => "date",
            Self::Lang => "lang",
        }
    }

    /// What grlc writes at the end of a variable of this kind.
    fn suffix(self) -> &'static str {
        match self {
            Self::Iri | Self::Integer | Self::Decimal | Self::Date => self.name(),
            Self::String | Self::Lang => "literal",
        }
    }

    /// What fits, as the end of "write …".
    fn takes(self) -> &'static str {
        match self {
            Self::Iri => {
                "an absolute IRI or a record of this node as kind/slug, such as tema/abitare"
            }
            Self::String => "a text",
            Self::Integer => "a whole number, such as 2",
            Self::Decimal => "a number with a point, such as 1500.50",
            Self::Date => "a day as year-month-day, such as 2026-01-31",
            Self::Lang => "a language tag, such as it or en",
        }
    }

    /// The term a text stands for, if it fits.
    fn term(self, value: &str, base: &Base) -> Option<Term> {
        let typed = |value: String, datatype| Literal::new_typed_literal(value, datatype).into();
        Some(match self {
            Self::Iri => node(value, base)?.into(),
            Self::String => Literal::new_simple_literal(value).into(),
            Self::Integer => typed(value.parse::<Integer>().ok()?.to_string(), xsd::INTEGER),
            Self::Decimal => typed(value.parse::<Decimal>().ok()?.to_string(), xsd::DECIMAL),
            Self::Date => typed(value.parse::<Date>().ok()?.to_string(), xsd::DATE),
            Self::Lang => {
                // Tags are kept in lower case, as the store does.
                let tagged = Literal::new_language_tagged_literal("", value).ok()?;
                Literal::new_simple_literal(tagged.language()?).into()
            }
        })
    }
}

/// One parameter, as the head of its query describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// What it is called in an address: letters and digits.
    pub name: String,
    pub kind: Kind,
    /// The kind of record it names, where it names one.
    pub among: Option<String>,
    /// The value taken when none is given.
    pub default: Option<String>,
    /// Whether a value must be given.
    pub required: bool,
    pub summary: Text,
}

impl Parameter {
    /// Its variable, by grlc's convention: `?_name_kind` if it always has a value, `?__name_kind`
    /// if it may be left out.
    pub fn variable(&self) -> Variable {
        let always = self.required || self.default.is_some();
        let mark = if always { "_" } else { "__" };
        Variable::new_unchecked(format!("{mark}{}_{}", self.name, self.kind.suffix()))
    }

    /// The term for a value, or for the default; none if the parameter is left out.
    ///
    /// An empty value counts as none, since forms send their empty fields.
    pub(super) fn bind(
        &self,
        value: Option<&str>,
        base: &Base,
    ) -> Result<Option<Term>, ParameterError> {
        let (name, takes) = (self.name.clone(), self.kind.takes());
        let given = value.map(str::trim).filter(|value| !value.is_empty());
        let Some(value) = given.or(self.default.as_deref()) else {
            let missing = ParameterError::Missing { name, takes };
            return if self.required { Err(missing) } else { Ok(None) };
        };
        let malformed = || ParameterError::Malformed { name, value: value.to_owned(), takes };
        self.kind.term(value, base).map(Some).ok_or_else(malformed)
    }
}

/// An absolute IRI, the project's own moved to this node; or a record of this node, `kind/slug`.
fn node(value: &str, base: &Base) -> Option<NamedNode> {
    match value.split_once('/') {
        Some((kind, slug)) if iri::KINDS.contains(&kind) && !slug.is_empty() => {
            iri::absolute(&base.record(kind, slug)).ok()
        }
        _ => iri::absolute(&base.localise(value).unwrap_or_else(|| value.to_owned())).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term(kind: Kind, value: &str) -> Option<String> {
        let base = Base::parse("http://localhost:7070").unwrap();
        kind.term(value, &base).map(|term| term.to_string())
    }

    #[test]
    fn an_iri_is_absolute_or_a_record_of_this_node() {
        let here = Some("<http://localhost:7070/id/tema/nidi>".to_owned());
        assert_eq!(term(Kind::Iri, "tema/nidi"), here);
        assert_eq!(term(Kind::Iri, "https://w3id.org/familylab/id/tema/nidi"), here);
        assert_eq!(term(Kind::Iri, "urn:x:y").as_deref(), Some("<urn:x:y>"));
        for wrong in ["nidi", "cosa/nidi", "tema/", "tema/a b", "tema/x> ?p ?o", "/tema/nidi"] {
            assert_eq!(term(Kind::Iri, wrong), None, "{wrong}");
        }
    }

    #[test]
    fn numbers_days_and_languages_take_their_canonical_spelling() {
        assert_eq!(term(Kind::Integer, "007"), term(Kind::Integer, "7"));
        assert_eq!(term(Kind::Decimal, "1500.50"), term(Kind::Decimal, "1500.5"));
        assert_eq!(term(Kind::Lang, "EN").as_deref(), Some("\"en\""));
        assert!(term(Kind::Date, "2026-01-31").is_some());
    }

    #[test]
    fn what_does_not_fit_its_kind_is_refused() {
        for (kind, wrong) in [
            (Kind::Integer, "1.5"),
            (Kind::Decimal, "1500,50"),
            (Kind::Decimal, "1e9"),
            (Kind::Date, "31/01/2026"),
            (Kind::Date, "2026-02-30"),
            (Kind::Lang, "it\" || true"),
        ] {
            assert_eq!(term(kind, wrong), None, "{wrong}");
        }
    }
}
