//! Blank nodes become fragment IRIs of the record they hang from, always the same ones.
//! The only file that knows sophia, whose RDFC-1.0 gives blank nodes canonical labels.

use super::change::hex;
use crate::iri::record_of;
use oxigraph::model::{BlankNode, GraphName, NamedNode, NamedOrBlankNode, Quad, Term, TermRef};
use sha2::{Digest, Sha256};
use sophia::api::quad::Spog;
use sophia::api::term::{BnodeId, IriRef, LanguageTag, SimpleTerm};
use sophia::c14n::rdfc10;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Why blank nodes could not be given names.
#[derive(Debug, thiserror::Error)]
pub enum BlankError {
    #[error(
        "the blank nodes of {owner} are tied together in so many ways that no name can be worked \
         out for them ({reason}); give the nodes IRIs"
    )]
    Tangled { owner: String, reason: String },
    #[error("a blank node names a graph; give the graph an IRI")]
    GraphName,
}

/// Replaces the blank nodes of one graph by fragment IRIs.
///
/// `quads` are all quads of the graph that mention a blank node. A blank node belongs to the
/// first record, by code point, that leads to it; those that no record leads to belong to the
/// graph itself. Names come from the property that leads to the node and its canonical rank:
/// `…/esperienza/x#contactPoint-b1`. `taken` are fragment IRIs that the data uses already.
pub fn name_blank_nodes(
    graph: &NamedNode,
    quads: Vec<Quad>,
    taken: &HashSet<String>,
) -> Result<Vec<Quad>, BlankError> {
    let mut named = Vec::with_capacity(quads.len());
    for (owner, quads) in by_owner(graph, quads) {
        let names = names(&owner, &quads, taken)?;
        for quad in quads {
            named.push(Quad::new(
                rename_subject(quad.subject, &names),
                quad.predicate,
                rename_object(quad.object, &names),
                quad.graph_name,
            ));
        }
    }
    Ok(named)
}

/// Sorts the quads by the record from which their blank nodes hang.
fn by_owner(graph: &NamedNode, quads: Vec<Quad>) -> BTreeMap<String, Vec<Quad>> {
    let mut components = Components::default();
    for quad in &quads {
        if let (NamedOrBlankNode::BlankNode(a), Term::BlankNode(b)) = (&quad.subject, &quad.object)
        {
            components.join(a.as_str(), b.as_str());
        }
    }
    let mut owners: HashMap<String, String> = HashMap::new();
    for quad in &quads {
        if let (NamedOrBlankNode::NamedNode(subject), Term::BlankNode(node)) =
            (&quad.subject, &quad.object)
        {
            let owner = record_of(subject.as_str()).to_owned();
            let known =
                owners.entry(components.root(node.as_str())).or_insert_with(|| owner.clone());
            if owner < *known {
                *known = owner;
            }
        }
    }
    let mut sorted: BTreeMap<String, Vec<Quad>> = BTreeMap::new();
    for quad in quads {
        let ((NamedOrBlankNode::BlankNode(node), _) | (_, Term::BlankNode(node))) =
            (&quad.subject, &quad.object)
        else {
            continue;
        };
        let root = components.root(node.as_str());
        let owner = owners.get(&root).map_or_else(|| graph.as_str().to_owned(), Clone::clone);
        sorted.entry(owner).or_default().push(quad);
    }
    sorted
}

/// The names of one owner's blank nodes.
fn names(
    owner: &str,
    quads: &[Quad],
    taken: &HashSet<String>,
) -> Result<HashMap<String, NamedNode>, BlankError> {
    let dataset: HashSet<Spog<SimpleTerm<'static>>> = quads.iter().map(spog).collect();
    let (_, labels) = rdfc10::relabel(&dataset).map_err(|error| BlankError::Tangled {
        owner: owner.to_owned(),
        reason: error.to_string(),
    })?;
    let mut stems: HashMap<&str, &str> = HashMap::new();
    for quad in quads {
        if let Term::BlankNode(node) = &quad.object {
            let stem = local_name(quad.predicate.as_str());
            let known = stems.entry(node.as_str()).or_insert(stem);
            if stem < *known {
                *known = stem;
            }
        }
    }
    // A node that nothing leads to is named by its content, so that files do not collide.
    let orphan = format!("node-{}", &digest(quads, &labels)[..12]);
    let mut ranked: Vec<(usize, &str, &str)> = labels
        .iter()
        .map(|(original, canonical)| {
            let stem = stems.get(original.as_ref()).copied().unwrap_or(orphan.as_str());
            (canonical.as_str().trim_start_matches("c14n").parse().unwrap_or(0), &**original, stem)
        })
        .collect();
    ranked.sort_unstable();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let mut names = HashMap::new();
    for (_, original, stem) in ranked {
        let count = counts.entry(stem).or_default();
        let name = loop {
            *count += 1;
            let name = format!("{owner}#{stem}-b{count}");
            if !taken.contains(&name) {
                break name;
            }
        };
        names.insert(original.to_owned(), NamedNode::new_unchecked(name));
    }
    Ok(names)
}

type Labels = BTreeMap<std::rc::Rc<str>, BnodeId<std::rc::Rc<str>>>;

/// A hash of the quads that does not depend on the labels they came with.
fn digest(quads: &[Quad], labels: &Labels) -> String {
    let label = |node: &BlankNode| {
        labels.get(node.as_str()).map_or_else(String::new, |label| format!("_:{}", label.as_str()))
    };
    let mut lines: Vec<String> = quads
        .iter()
        .map(|quad| {
            let subject = match &quad.subject {
                NamedOrBlankNode::BlankNode(node) => label(node),
                NamedOrBlankNode::NamedNode(node) => node.to_string(),
            };
            let object = match &quad.object {
                Term::BlankNode(node) => label(node),
                other => other.to_string(),
            };
            format!("{subject} {} {object}\n", quad.predicate)
        })
        .collect();
    lines.sort_unstable();
    hex(&Sha256::digest(lines.concat().as_bytes()))
}

/// The part of a property's IRI that can stand in a fragment.
fn local_name(iri: &str) -> &str {
    let name = iri.rsplit(['#', '/', ':']).next().unwrap_or_default();
    if name.is_empty() { "node" } else { name }
}

fn rename_subject(
    subject: NamedOrBlankNode,
    names: &HashMap<String, NamedNode>,
) -> NamedOrBlankNode {
    match &subject {
        NamedOrBlankNode::BlankNode(node) => {
            names.get(node.as_str()).cloned().map_or(subject, Into::into)
        }
        NamedOrBlankNode::NamedNode(_) => subject,
    }
}

fn rename_object(object: Term, names: &HashMap<String, NamedNode>) -> Term {
    match &object {
        Term::BlankNode(node) => names.get(node.as_str()).cloned().map_or(object, Into::into),
        _ => object,
    }
}

fn spog(quad: &Quad) -> Spog<SimpleTerm<'static>> {
    let graph = match &quad.graph_name {
        GraphName::NamedNode(node) => Some(simple(node.as_ref().into())),
        _ => None,
    };
    let subject = simple(quad.subject.as_ref().into());
    ([subject, simple(quad.predicate.as_ref().into()), simple(quad.object.as_ref())], graph)
}

/// A term as sophia holds it.
fn simple(term: TermRef<'_>) -> SimpleTerm<'static> {
    let iri = |iri: &str| IriRef::new_unchecked(iri.to_owned().into());
    match term {
        TermRef::NamedNode(node) => SimpleTerm::Iri(iri(node.as_str())),
        TermRef::BlankNode(node) => {
            SimpleTerm::BlankNode(BnodeId::new_unchecked(node.as_str().to_owned().into()))
        }
        TermRef::Literal(literal) => {
            let value = literal.value().to_owned().into();
            match literal.language() {
                Some(tag) => SimpleTerm::LiteralLanguage(
                    value,
                    LanguageTag::new_unchecked(tag.to_owned().into()),
                    None,
                ),
                None => SimpleTerm::LiteralDatatype(value, iri(literal.datatype().as_str())),
            }
        }
        TermRef::Triple(triple) => SimpleTerm::Triple(Box::new([
            simple(triple.subject.as_ref().into()),
            simple(triple.predicate.as_ref().into()),
            simple(triple.object.as_ref()),
        ])),
    }
}

/// Which blank nodes hang together: a union-find over their labels.
#[derive(Default)]
struct Components {
    parents: HashMap<String, String>,
}

impl Components {
    fn root(&mut self, node: &str) -> String {
        let mut root = node.to_owned();
        while let Some(parent) = self.parents.get(&root).filter(|parent| **parent != root) {
            root = parent.clone();
        }
        // Everything on the way points to the root from now on, so long chains stay cheap.
        let mut step = node.to_owned();
        while step != root {
            let next = self.parents.insert(step, root.clone());
            step = next.unwrap_or_else(|| root.clone());
        }
        root
    }

    fn join(&mut self, a: &str, b: &str) {
        let (a, b) = (self.root(a), self.root(b));
        if a != b {
            self.parents.insert(a, b);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxigraph::io::{RdfFormat, RdfParser};

    fn named(turtle: &str) -> Vec<String> {
        let graph = NamedNode::new("http://x/graph/g").unwrap();
        let quads = RdfParser::from_format(RdfFormat::Turtle)
            .with_default_graph(graph.clone())
            .for_slice(turtle)
            .map(Result::unwrap)
            .collect();
        let mut lines: Vec<String> = name_blank_nodes(&graph, quads, &HashSet::new())
            .unwrap()
            .iter()
            .map(ToString::to_string)
            .collect();
        lines.sort();
        lines
    }

    const TWO: &str = "<http://x/a> <http://x/contact> [ <http://x/n> 1 ; <http://x/in> [ <http://x/n> 2 ] ] , [ <http://x/n> 3 ] .";
    const TWO_AGAIN: &str = "_:z <http://x/n> 3 . _:q <http://x/n> 2 . _:r <http://x/in> _:q ; <http://x/n> 1 . <http://x/a> <http://x/contact> _:z , _:r .";

    #[test]
    fn names_depend_on_the_graph_and_not_on_labels_or_order() {
        assert_eq!(named(TWO), named(TWO_AGAIN));
        assert!(named(TWO).iter().any(|line| line.contains("<http://x/a#contact-b1>")));
        assert!(named(TWO).iter().any(|line| line.contains("<http://x/a#contact-b2>")));
        assert!(named(TWO).iter().any(|line| line.contains("<http://x/a#in-b1>")));
    }

    #[test]
    fn nodes_that_nothing_leads_to_hang_from_the_graph() {
        let lines = named("[] <http://x/n> 1 . ");
        assert!(lines[0].starts_with("<http://x/graph/g#node-"), "{lines:?}");
        assert_eq!(named("[] <http://x/n> 1 ."), named("_:other <http://x/n> 1 ."));
    }

    #[test]
    fn rings_of_blank_nodes_are_named_too() {
        let ring =
            "_:a <http://x/next> _:b . _:b <http://x/next> _:a . <http://x/r> <http://x/p> _:a .";
        let other =
            "_:c <http://x/next> _:d . <http://x/r> <http://x/p> _:d . _:d <http://x/next> _:c .";
        assert_eq!(named(ring), named(other));
    }
}
