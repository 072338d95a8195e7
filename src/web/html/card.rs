//! A record on a card, in a list, in a row of a table: the same facts each time.
//! Knows briefs and templates, not where they are shown.

use super::frame::{Anchor, Frame};
use crate::entity::{Label, Link};
use crate::overview::{Brief, Level};
use crate::search::Hit;
use crate::web::found::marked;

/// So much of a description is shown.
const TEXT: usize = 240;

/// A record in brief, ready to be shown.
pub struct Card {
    pub iri: String,
    pub link: Anchor,
    /// What it says of itself, cut, as HTML.
    pub text: String,
    /// The language of the text, where it is another one, as an attribute.
    pub text_lang: String,
    pub leads: Vec<Anchor>,
    pub territories: Vec<Anchor>,
    pub themes: Vec<Anchor>,
    pub phase: String,
    pub evidence: Vec<String>,
    /// Where the public members of a network stand, in words.
    pub level: Option<&'static str>,
    pub budget: Option<String>,
    pub when: Option<String>,
    pub distance: Option<String>,
    pub demonstration: bool,
    pub reasons: Vec<String>,
}

impl Card {
    /// A card of a record.
    pub fn new(frame: &Frame<'_>, brief: &Brief) -> Self {
        let links = |links: &[Link]| links.iter().map(|link| frame.link(link)).collect();
        let texts = |links: &[Link]| links.iter().map(|link| link.label.text.clone()).collect();
        let text = brief.text.as_ref().map(|label| cut(&label.text)).unwrap_or_default();
        Self {
            iri: brief.link.iri.clone(),
            link: frame.link(&brief.link),
            text: crate::web::found::escaped(&text),
            text_lang: lang(frame, brief.text.as_ref()),
            leads: links(&brief.leads),
            territories: links(&brief.territories),
            themes: links(&brief.themes),
            phase: brief.phases.first().map_or_else(String::new, |link| link.label.text.clone()),
            evidence: texts(&brief.evidence),
            level: brief.network.map(|level| match level {
                Level::Horizontal => frame.words.record.horizontal,
                Level::Vertical => frame.words.record.vertical,
                Level::Unknown => frame.words.record.unknown_level,
            }),
            budget: brief.budget.as_deref().and_then(|budget| frame.words.euro(budget)),
            when: when(frame, brief),
            distance: None,
            demonstration: brief.demonstration,
            reasons: Vec::new(),
        }
    }

    /// The same with what a search says of it: the words found, the distance.
    pub fn found(mut self, frame: &Frame<'_>, hit: &Hit, is_searched: bool) -> Self {
        if is_searched && hit.snippet.iter().any(|part| part.marked) {
            self.text = marked(&hit.snippet);
            self.text_lang = snippet_lang(frame, hit);
        }
        self.distance = hit.distance_km.map(|km| format!("{km:.0} km"));
        self
    }

    /// The end of its IRI, by which it is compared.
    pub fn slug(&self) -> &str {
        self.iri.rsplit('/').next().unwrap_or(&self.iri)
    }
}

/// The `lang` attribute of a text, if one is needed.
pub fn lang(frame: &Frame<'_>, label: Option<&Label>) -> String {
    label.map_or_else(String::new, |label| frame.anchor(String::new(), label).lang())
}

/// The `lang` attribute of a snippet, if one is needed.
pub fn snippet_lang(frame: &Frame<'_>, hit: &Hit) -> String {
    let language = Some(hit.snippet_language.clone()).filter(|language| !language.is_empty());
    lang(frame, Some(&Label { text: String::new(), language }))
}

/// When it takes place or has appeared.
fn when(frame: &Frame<'_>, brief: &Brief) -> Option<String> {
    let date = |text: &Option<String>| text.as_deref().and_then(|text| frame.words.date(text));
    match (date(&brief.start), date(&brief.end)) {
        (Some(start), Some(end)) if start != end => Some(format!("{start} – {end}")),
        (Some(start), _) => Some(start),
        _ => date(&brief.issued),
    }
}

/// The beginning of a text, up to a whole word.
pub fn cut(text: &str) -> String {
    match text.char_indices().nth(TEXT) {
        None => text.to_owned(),
        Some((end, _)) => {
            let end = text[..end].rfind(' ').unwrap_or(end);
            format!("{}…", text[..end].trim_end_matches([',', ';', ':', '.']))
        }
    }
}
