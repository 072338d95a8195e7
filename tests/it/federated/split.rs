//! Triples dealt out to some sources. Blank nodes stay in one source, since those of two are never
//! the same.

use oxigraph::model::{NamedOrBlankNode, Term, Triple};
use std::collections::HashMap;

/// How triples are dealt out.
#[derive(Debug, Clone, Copy)]
pub enum Way {
    Subject,
    Predicate,
    Chance,
    /// By chance, and some of them to two sources.
    Doubled,
}

pub const WAYS: [Way; 4] = [Way::Subject, Way::Predicate, Way::Chance, Way::Doubled];

/// Deals triples out to so many sources; `dice` gives a number below the one it is given.
pub fn split(
    triples: &[Triple],
    count: usize,
    way: Way,
    dice: &mut dyn FnMut(usize) -> usize,
) -> Vec<Vec<Triple>> {
    let mut parts = vec![Vec::new(); count];
    let mut homes: HashMap<String, usize> = HashMap::new();
    let groups = groups(triples);
    for (triple, group) in triples.iter().zip(&groups) {
        let (key, is_fixed) = match (group, way) {
            (Some(group), _) => (format!("group {group}"), true),
            (None, Way::Subject) => (home(&triple.subject), true),
            (None, Way::Predicate) => (triple.predicate.to_string(), true),
            (None, Way::Chance | Way::Doubled) => (String::new(), false),
        };
        let place =
            if is_fixed { *homes.entry(key).or_insert_with(|| dice(count)) } else { dice(count) };
        parts[place].push(triple.clone());
        if matches!(way, Way::Doubled) && group.is_none() && dice(3) == 0 {
            let other = dice(count);
            if other != place {
                parts[other].push(triple.clone());
            }
        }
    }
    parts
}

/// The authority of a subject, so that what one administration says stays together.
fn home(subject: &NamedOrBlankNode) -> String {
    let text = subject.to_string();
    let mut parts = text.splitn(4, '/');
    parts.nth(2).map(str::to_owned).unwrap_or(text)
}

/// Which triples are held together by blank nodes; none for those without.
fn groups(triples: &[Triple]) -> Vec<Option<usize>> {
    let mut groups: Vec<Option<usize>> = vec![None; triples.len()];
    let mut known: HashMap<String, usize> = HashMap::new();
    for (at, triple) in triples.iter().enumerate() {
        for blank in blanks(triple) {
            let here = *groups[at].get_or_insert(at);
            let there = *known.entry(blank).or_insert(here);
            if there != here {
                groups.iter_mut().flatten().filter(|g| **g == here).for_each(|g| *g = there);
                known.values_mut().filter(|g| **g == here).for_each(|g| *g = there);
            }
        }
    }
    groups
}

fn blanks(triple: &Triple) -> Vec<String> {
    let mut found = Vec::new();
    if let NamedOrBlankNode::BlankNode(node) = &triple.subject {
        found.push(node.as_str().to_owned());
    }
    match &triple.object {
        Term::BlankNode(node) => found.push(node.as_str().to_owned()),
        Term::Triple(inner) => found.extend(blanks(inner)),
        Term::NamedNode(_) | Term::Literal(_) => {}
    }
    found
}
