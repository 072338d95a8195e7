//! Facets as links: what narrows a list, what has narrowed it, and how to go back.
//! Knows the parameters of a search, not where it is shown.

use super::frame::{Anchor, Frame};
use crate::search::{Count, Counted};
use crate::web::asked::encoded;
use crate::web::extract::Parameters;

/// So many values of a facet are shown at once; the others are folded away.
const VALUES: usize = 8;
/// What a page keeps of the search when it changes something else.
pub const OWN: [&str; 5] = ["format", "after", "page", "facets", "lang"];

/// What was chosen and what may be chosen.
#[derive(Default)]
pub struct Facets {
    pub chosen: Vec<Anchor>,
    pub parts: Vec<FacetPart>,
}

/// One facet.
pub struct FacetPart {
    pub name: &'static str,
    pub label: String,
    pub values: Vec<ValuePart>,
    pub rest: Vec<ValuePart>,
    /// Whether it is unfolded at first.
    pub is_open: bool,
}

/// One value of a facet.
#[derive(Clone)]
pub struct ValuePart {
    pub address: String,
    pub text: String,
    pub count: String,
    pub chosen: bool,
    pub below: Vec<ValuePart>,
}

/// Where a list is and what it was asked for.
pub struct Place<'p> {
    /// The path, without the language.
    pub path: &'p str,
    pub parameters: &'p Parameters,
}

impl Place<'_> {
    /// The address with these parameters.
    pub fn address(&self, frame: &Frame<'_>, pairs: &[(String, String)]) -> String {
        let query = encoded(pairs);
        let mark = if query.is_empty() { "" } else { "?" };
        format!("{}{mark}{query}", frame.at(self.path))
    }

    /// The address with one parameter more.
    pub fn with(&self, frame: &Frame<'_>, name: &str, value: &str) -> String {
        let mut pairs = self.parameters.except(&OWN);
        pairs.push((name.to_owned(), value.to_owned()));
        self.address(frame, &pairs)
    }

    /// The address with another value of a parameter.
    pub fn changed(&self, frame: &Frame<'_>, name: &str, value: Option<&str>) -> String {
        let mut pairs = self.parameters.except(&OWN);
        pairs.retain(|(other, _)| other != name);
        pairs.extend(value.map(|value| (name.to_owned(), value.to_owned())));
        self.address(frame, &pairs)
    }

    /// The address without one value of a parameter.
    pub fn without(&self, frame: &Frame<'_>, name: &str, value: &str) -> String {
        let mut pairs = self.parameters.except(&OWN);
        pairs.retain(|(other, text)| other != name || !stands_for(text, value));
        self.address(frame, &pairs)
    }
}

/// The facets of what was found, as links from a place.
pub fn facets(frame: &Frame<'_>, place: &Place<'_>, found: &[Counted], open: usize) -> Facets {
    let mut facets = Facets::default();
    for counted in found {
        let name = counted.facet.name();
        for value in counted.values.iter().filter(|value| value.chosen) {
            let text = value.label.get(frame.reader.language);
            facets.chosen.push(Anchor::new(place.without(frame, name, &value.value), text));
        }
        let mut values = values(frame, place, counted);
        let any_chosen = counted.values.iter().any(|value| value.chosen);
        if values.len() > 1 || any_chosen {
            let rest = values.split_off(VALUES.min(values.len()));
            facets.parts.push(FacetPart {
                name,
                label: counted.facet.label().get(frame.reader.language).to_owned(),
                is_open: any_chosen || facets.parts.len() < open,
                values,
                rest,
            });
        }
    }
    facets
}

/// The values of a facet, those of a tree below what they are part of.
fn values(frame: &Frame<'_>, place: &Place<'_>, counted: &Counted) -> Vec<ValuePart> {
    let shown = |value: &&Count| value.count > 0 || value.chosen;
    let listed: Vec<&Count> = counted.values.iter().filter(shown).collect();
    let is_top = |value: &Count| match &value.above {
        Some(above) => listed.iter().all(|other| other.value != *above),
        None => true,
    };
    let make = |value: &Count| part(frame, place, counted.facet.name(), value, &listed, 0);
    let mut parts: Vec<ValuePart> =
        listed.iter().filter(|value| is_top(value)).map(|value| make(value)).collect();
    // What is chosen stays in sight.
    parts.sort_by_key(|part| !(part.chosen || part.below.iter().any(|below| below.chosen)));
    parts
}

fn part(
    frame: &Frame<'_>,
    place: &Place<'_>,
    name: &str,
    value: &Count,
    listed: &[&Count],
    depth: usize,
) -> ValuePart {
    let below: Vec<&&Count> = listed
        .iter()
        .filter(|other| other.above.as_deref() == Some(value.value.as_str()))
        .collect();
    let is_open = value.chosen || below.iter().any(|other| is_chosen(other, listed));
    let below = if is_open && depth < 4 {
        below.iter().map(|other| part(frame, place, name, other, listed, depth + 1)).collect()
    } else {
        Vec::new()
    };
    ValuePart {
        address: match value.chosen {
            true => place.without(frame, name, &value.value),
            false => place.with(frame, name, &value.value),
        },
        text: value.label.get(frame.reader.language).to_owned(),
        count: frame.words.number(&value.count.to_string()).unwrap_or_default(),
        chosen: value.chosen,
        below,
    }
}

/// Whether a value or one below it is chosen.
fn is_chosen(value: &Count, listed: &[&Count]) -> bool {
    value.chosen
        || listed
            .iter()
            .any(|other| other.above.as_deref() == Some(value.value.as_str()) && other.chosen)
}

/// Whether a text stands for a value: `municipal` for `…/levels#municipal`.
fn stands_for(text: &str, value: &str) -> bool {
    let ends = |value: &str, text: &str| {
        value.strip_suffix(text).is_some_and(|start| start.ends_with(['/', '#']))
    };
    text == value || ends(value, text)
}
