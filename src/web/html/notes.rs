//! Remarks on how a search was read, with ways to go on.
//! Knows what a search tells of itself, not where it is shown.

use super::facets::{OWN, Place};
use super::frame::{Anchor, Frame};
use crate::search::Found;
use crate::web::address::page;
use crate::web::words::SearchWords;

/// A remark on how the search was read, with ways to go on.
pub struct Note {
    pub text: &'static str,
    pub links: Vec<Anchor>,
}

/// Every remark on a search.
pub fn notes(
    frame: &Frame<'_>,
    own: &'static SearchWords,
    place: &Place<'_>,
    found: &Found,
) -> Vec<Note> {
    let plain = |text: &str| Anchor::new("", text);
    let mut notes = Vec::new();
    let mut add = |text: &'static str, links: Vec<Anchor>| {
        if !links.is_empty() {
            notes.push(Note { text, links });
        }
    };
    add(own.corrected, found.corrected.iter().map(|(_, better)| plain(better)).collect());
    if let Some(text) = &found.suggestion {
        let mut pairs = place.parameters.except(&OWN);
        pairs.retain(|(name, _)| name != "q");
        pairs.push(("q".to_owned(), text.clone()));
        add(own.suggestion, vec![Anchor::new(place.address(frame, &pairs), text.clone())]);
    }
    let themes = found.concepts.iter().take(4).map(|(iri, label)| {
        Anchor::new(page(frame.base, iri, frame.reader), label.get(frame.reader.language))
    });
    add(own.concepts, themes.collect());
    add(own.unknown_field, found.unknown_fields.iter().map(|name| plain(name)).collect());
    add(own.unknown_value, found.unknown_values.iter().map(|value| plain(value)).collect());
    if found.relaxed {
        notes.push(Note { text: own.relaxed, links: Vec::new() });
    }
    notes
}
