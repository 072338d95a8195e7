//! What the catalogue tells of the data: which sources there are, from when to when records were
//! published. Reads the published log; refuses to know how it is told.

use super::error::CatalogError;
use super::graph::Names;
use crate::publish::publication::Publication;
use crate::store::{Extent, LogError};
use crate::vocab::{fl, skos};
use oxigraph::model::{NamedNodeRef, Quad, Term};
use std::collections::BTreeMap;

/// The datasets that every node has, and the kinds of records in each; none means all.
pub const DATASETS: [(&str, &[&str]); 7] = [
    ("tutto", &[]),
    ("esperienze", &["esperienza"]),
    ("attori", &["attore"]),
    ("reti", &["rete"]),
    ("valutazioni", &["valutazione"]),
    ("vocabolari", &["tema", "destinatario"]),
    ("territorio", &["territorio"]),
];

/// The moments between which records were published, and the last change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    pub first: String,
    pub last: String,
    pub seq: u64,
}

/// A source that has records.
#[derive(Debug, Clone)]
pub struct Source {
    pub slug: String,
    pub span: Span,
    /// Its name by language, where it is an actor with a record of its own.
    pub names: Names,
    /// The code by which portals know it.
    pub code: Option<String>,
    /// The IRI of its level of government.
    pub level: Option<String>,
}

/// What was published up to a change.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// The span of each dataset that has had records.
    pub spans: BTreeMap<&'static str, Span>,
    pub sources: Vec<Source>,
}

impl Facts {
    /// Reads what was published up to a change.
    pub async fn read(publication: &Publication, through: u64) -> Result<Self, CatalogError> {
        let reader = Reader { publication, through };
        let mut facts = Self::default();
        for (slug, kinds) in DATASETS {
            let mut extents = Vec::new();
            if kinds.is_empty() {
                extents = reader.extents(None).await?;
            }
            for kind in kinds {
                extents.extend(reader.extents(Some(kind)).await?);
            }
            if let Some(span) = reader.span(&extents).await? {
                facts.spans.insert(slug, span);
            }
            for extent in extents.iter().filter(|extent| kinds.is_empty() && extent.records > 0) {
                facts.sources.extend(reader.source(extent).await?);
            }
        }
        facts.sources.sort_by(|one, other| one.slug.cmp(&other.slug));
        Ok(facts)
    }
}

struct Reader<'a> {
    publication: &'a Publication,
    through: u64,
}

impl Reader<'_> {
    async fn extents(&self, kind: Option<&str>) -> Result<Vec<Extent>, LogError> {
        let below = self.publication.choice(kind, None).below.unwrap_or_default();
        self.publication.log().extents(&below, self.through).await
    }

    async fn span(&self, extents: &[Extent]) -> Result<Option<Span>, CatalogError> {
        let first = extents.iter().map(|extent| extent.first).min();
        let last = extents.iter().map(|extent| extent.last).max();
        let (Some(first), Some(seq)) = (first, last) else { return Ok(None) };
        let (first, last) = (self.moment(first).await?, self.moment(seq).await?);
        Ok(Some(Span { first, last, seq }))
    }

    async fn moment(&self, seq: u64) -> Result<String, CatalogError> {
        let change = self.publication.log().change(seq).await?;
        Ok(change.ok_or(CatalogError::Change(seq))?.at)
    }

    /// A source for which the public may write, with what its own record says of it.
    async fn source(&self, extent: &Extent) -> Result<Option<Source>, CatalogError> {
        let base = self.publication.base();
        let named = base.source_of(&extent.graph).filter(|_| base.is_writable(&extent.graph));
        let Some(slug) = named.map(str::to_owned) else { return Ok(None) };
        let Some(span) = self.span(std::slice::from_ref(extent)).await? else { return Ok(None) };
        let record = base.record("attore", &slug);
        let mut quads: Vec<Quad> = Vec::new();
        for revision in self.publication.log().revision_of(&record, self.through).await? {
            let after = revision.after.iter();
            let stated = after.flat_map(|triples| triples.quads(&revision.key.graph)).flatten();
            quads.extend(stated.filter(|quad| quad.subject.to_string() == format!("<{record}>")));
        }
        let mut names = Names::new();
        for name in values(&quads, skos::PREF_LABEL) {
            if let Term::Literal(name) = name {
                let language = name.language().unwrap_or_default().to_owned();
                names.entry(language).or_insert_with(|| name.value().to_owned());
            }
        }
        let code = values(&quads, fl::IPA_CODE).chain(values(&quads, fl::TAX_CODE)).next();
        let code = code.and_then(|code| match code {
            Term::Literal(code) => Some(code.value().to_owned()),
            _ => None,
        });
        let level = values(&quads, fl::GOVERNMENT_LEVEL).next().and_then(|level| match level {
            Term::NamedNode(level) => Some(level.as_str().to_owned()),
            _ => None,
        });
        Ok(Some(Source { slug, span, names, code, level }))
    }
}

fn values<'a>(
    quads: &'a [Quad],
    property: NamedNodeRef<'static>,
) -> impl Iterator<Item = &'a Term> {
    quads.iter().filter(move |quad| quad.predicate == property).map(|quad| &quad.object)
}
