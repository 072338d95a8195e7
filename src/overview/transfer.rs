//! Who took an experience over from whom: the chain up to where it came from, and everything that
//! grew out of that. Knows no drawing.

use super::graph::Facts;
use crate::entity::{EntityError, Label, Link};
use crate::vocab::{dct, fl};
use std::collections::HashSet;

/// Nothing is followed further than this.
const DEEPEST: usize = 12;
/// A tree has no more members.
const MOST: usize = 200;

/// An experience in a tree of transfers.
#[derive(Debug, Clone)]
pub struct TransferTree {
    pub link: Link,
    pub place: Option<Link>,
    pub year: Option<String>,
    /// Whether it is the one the tree was asked for.
    pub is_asked: bool,
    pub taken_over_by: Vec<TransferTree>,
}

/// What was kept and what was changed when an experience was taken over.
#[derive(Debug, Clone)]
pub struct Transfer {
    pub from: Vec<Link>,
    pub date: Option<String>,
    pub adopted: Vec<Label>,
    pub adapted: Vec<Label>,
    pub dropped: Vec<Label>,
    pub support: Vec<Label>,
}

impl TransferTree {
    /// Whether nobody took anything over here.
    pub fn is_alone(&self) -> bool {
        self.is_asked && self.taken_over_by.is_empty()
    }
}

/// The tree an experience is in, from where it began; several where it came from several places.
pub fn transfers(facts: &Facts<'_>, iri: &str) -> Result<Vec<TransferTree>, EntityError> {
    let mut roots = Vec::new();
    let mut seen = HashSet::new();
    origins(facts, iri, 0, &mut seen, &mut roots)?;
    let mut placed = HashSet::new();
    let mut trees = Vec::new();
    for root in roots {
        if placed.insert(root.clone()) {
            trees.push(grow(facts, &root, iri, 0, &mut placed)?);
        }
    }
    Ok(trees)
}

fn origins(
    facts: &Facts<'_>,
    iri: &str,
    depth: usize,
    seen: &mut HashSet<String>,
    roots: &mut Vec<String>,
) -> Result<(), EntityError> {
    if !seen.insert(iri.to_owned()) {
        return Ok(());
    }
    let above = facts.nodes(iri, fl::TRANSFERRED_FROM)?;
    if above.is_empty() || depth >= DEEPEST {
        roots.push(iri.to_owned());
    }
    above.iter().try_for_each(|above| origins(facts, above, depth + 1, seen, roots))
}

fn grow(
    facts: &Facts<'_>,
    iri: &str,
    asked: &str,
    depth: usize,
    placed: &mut HashSet<String>,
) -> Result<TransferTree, EntityError> {
    let mut taken_over_by = Vec::new();
    if depth < DEEPEST {
        for next in facts.subjects(fl::TRANSFERRED_FROM, iri)? {
            if placed.len() < MOST && placed.insert(next.clone()) {
                taken_over_by.push(grow(facts, &next, asked, depth + 1, placed)?);
            }
        }
    }
    taken_over_by.sort_by(|a, b| (&a.year, &a.link.iri).cmp(&(&b.year, &b.link.iri)));
    let start = facts.literal(iri, fl::START_DATE)?;
    Ok(TransferTree {
        link: facts.labels.link(iri)?,
        place: facts.links(iri, fl::TERRITORY_OF)?.into_iter().next(),
        year: start.and_then(|date| date.get(..4).map(str::to_owned)),
        is_asked: iri == asked,
        taken_over_by,
    })
}

impl Transfer {
    /// Every transfer that an experience tells of.
    pub fn told_by(facts: &Facts<'_>, iri: &str) -> Result<Vec<Self>, EntityError> {
        let mut told = Vec::new();
        for transfer in facts.nodes(iri, fl::TRANSFER)? {
            let texts = |property| -> Result<Vec<Label>, EntityError> {
                let objects = facts.objects(&transfer, property)?.into_iter();
                Ok(objects
                    .filter_map(|term| match term {
                        oxigraph::model::Term::Literal(literal) => Some(Label {
                            language: literal.language().map(str::to_owned),
                            text: literal.value().to_owned(),
                        }),
                        _ => None,
                    })
                    .collect())
            };
            told.push(Self {
                from: facts.links(&transfer, fl::TRANSFER_OF)?,
                date: facts.literal(&transfer, dct::DATE)?,
                adopted: texts(fl::ADOPTED)?,
                adapted: texts(fl::ADAPTED)?,
                dropped: texts(fl::DROPPED)?,
                support: texts(fl::SUPPORT)?,
            });
        }
        Ok(told)
    }
}
