//! The vocabularies: their list, and each as a tree of concepts with what is said of them. Finds
//! nothing out by itself.

use super::frame::{Anchor, Frame, html};
use super::ontology::folded;
use crate::app::App;
use crate::entity::{Concept, Label, Scheme};
use crate::media::GRAPHS;
use crate::vocab::SCHEMES;
use crate::web::address::{Document, page};
use crate::web::error::HttpError;
use crate::web::language::Reader;
use crate::web::words::{TermWords, Words, told};
use askama::Template;
use axum::http::Uri;
use axum::response::Response;
use std::collections::BTreeMap;

/// A vocabulary with how often its concepts are used.
pub struct Tree {
    pub scheme: Scheme,
    pub concepts: Vec<Concept>,
    /// How many experiences have each concept, those below it included, where that is counted.
    pub counts: BTreeMap<String, u32>,
    /// The parameter of the list of experiences that narrows to a concept.
    pub parameter: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "vocabularies.html")]
struct List<'a> {
    frame: Frame<'a>,
    own: &'static TermWords,
    schemes: Vec<Listed>,
}

struct Listed {
    link: Anchor,
    description: Option<Anchor>,
    size: String,
}

#[derive(Template)]
#[template(path = "vocabulary.html")]
struct Page<'a> {
    frame: Frame<'a>,
    own: &'static TermWords,
    lead: Option<Anchor>,
    size: String,
    asked: String,
    found: Option<String>,
    /// The tree, as HTML.
    tree: String,
    iri: String,
    formats: Vec<Anchor>,
}

/// A concept in the tree; written out, it is HTML.
#[derive(Template)]
#[template(path = "concept.html")]
struct Entry<'a> {
    own: &'static TermWords,
    id: String,
    words: String,
    link: Anchor,
    definition: Option<Anchor>,
    scope: Option<Anchor>,
    notation: Option<&'a str>,
    also: Vec<Anchor>,
    related: Vec<Anchor>,
    matches: Vec<Anchor>,
    translations: Vec<Anchor>,
    experiences: Option<Anchor>,
    is_open: bool,
    /// The concepts below it, as HTML.
    below: String,
}

/// The list of vocabularies.
pub fn vocabularies_page(
    app: &App,
    reader: Reader,
    uri: &Uri,
    schemes: &[Scheme],
) -> Result<Response, HttpError> {
    let (own, words) = (TermWords::of(reader.language), Words::of(reader.language));
    let mut frame = Frame::new(app, reader, uri, own.vocabularies.to_owned());
    frame.describe(own.vocabularies_lead);
    frame.styles.push("terms.css");
    let listed = schemes.iter().map(|scheme| Listed {
        link: frame.anchor(frame.at(&format!("/vocabolari/{}", name(scheme))), &scheme.title),
        description: scheme.description.as_ref().map(|text| frame.anchor(String::new(), text)),
        size: size(own, words, scheme),
    });
    let mut schemes: Vec<Listed> = listed.collect();
    schemes.sort_by(|a, b| a.link.text.cmp(&b.link.text));
    html(&List { own, schemes, frame }, reader.language)
}

/// A vocabulary, or the part of it that holds some words.
pub fn vocabulary_page(
    app: &App,
    reader: Reader,
    uri: &Uri,
    asked: &str,
    tree: &Tree,
) -> Result<Response, HttpError> {
    let (own, words) = (TermWords::of(reader.language), Words::of(reader.language));
    let mut frame = Frame::new(app, reader, uri, tree.scheme.title.text.clone());
    frame.crumb(frame.at("/vocabolari"), own.vocabularies);
    let lead = tree.scheme.description.as_ref().map(|text| frame.anchor(String::new(), text));
    if let Some(lead) = &lead {
        frame.describe(&lead.text.clone());
    }
    frame.styles.push("terms.css");
    frame.scripts.push("terms.js");
    frame.is_hidden = !asked.is_empty();
    let wanted: Vec<String> = folded(asked).split_whitespace().map(str::to_owned).collect();
    let texts: Vec<String> = tree.concepts.iter().map(searched).collect();
    let fits: Vec<bool> =
        texts.iter().map(|text| wanted.iter().all(|word| text.contains(word))).collect();
    let branch = Branch {
        frame: &frame,
        own,
        words,
        tree,
        texts: &texts,
        fits: &fits,
        is_search: !wanted.is_empty(),
    };
    let drawn = branch.draw(0..tree.concepts.len(), 0)?;
    let total = fits.iter().filter(|fits| **fits).count();
    let found = (!wanted.is_empty()).then(|| match total {
        0 => own.found_none.to_owned(),
        total => told(own.found_concepts, &[("count", total.to_string())]),
    });
    let document = Document::about(&app.base, &tree.scheme.iri);
    let formats = GRAPHS.iter().take(4);
    let formats =
        formats.map(|media| Anchor::new(document.data(&app.base, *media, None), media.label));
    let page = Page {
        own,
        lead,
        size: size(own, words, &tree.scheme),
        asked: asked.to_owned(),
        found,
        tree: drawn,
        iri: tree.scheme.iri.clone(),
        formats: formats.collect(),
        frame,
    };
    html(&page, reader.language)
}

/// The end of a vocabulary's IRI, by which its page is called.
fn name(scheme: &Scheme) -> &str {
    scheme.iri.strip_prefix(SCHEMES).unwrap_or(&scheme.iri)
}

fn size(own: &TermWords, words: &Words, scheme: &Scheme) -> String {
    let count = words.number(&scheme.size.to_string()).unwrap_or_default();
    told(own.entries, &[("count", count)])
}

/// The text in which a concept is looked for.
fn searched(concept: &Concept) -> String {
    let names = [&concept.link.label].into_iter().chain(&concept.alternatives);
    let names = names.chain(&concept.translations).chain(&concept.definition);
    let texts: Vec<&str> = names.map(|label| label.text.as_str()).collect();
    folded(&texts.join(" "))
}

/// The concepts of a page as they are drawn.
struct Branch<'b> {
    frame: &'b Frame<'b>,
    own: &'static TermWords,
    words: &'static Words,
    tree: &'b Tree,
    texts: &'b [String],
    fits: &'b [bool],
    is_search: bool,
}

impl Branch<'_> {
    /// The concepts of a level within a range, each with those below it; those that neither fit nor
    /// lead to one that does are left out.
    fn draw(&self, range: std::ops::Range<usize>, level: usize) -> Result<String, HttpError> {
        let mut drawn = String::new();
        let mut place = range.start;
        while place < range.end {
            let below = (place + 1..range.end)
                .find(|other| self.tree.concepts[*other].level <= level)
                .unwrap_or(range.end);
            if self.fits[place..below].contains(&true) {
                let children = self.draw(place + 1..below, level + 1)?;
                let entry = self.entry(place, children);
                let html = entry.render().map_err(|error| HttpError::Internal(error.into()))?;
                drawn.push_str(&html);
            }
            place = below;
        }
        Ok(drawn)
    }

    fn entry(&self, place: usize, below: String) -> Entry<'_> {
        let (frame, concept) = (self.frame, &self.tree.concepts[place]);
        let text = |label: &Label| frame.anchor(String::new(), label);
        let own_language =
            |label: &&Label| label.language.as_deref().is_none_or(|tag| tag == self.words.tag);
        let outside = |iri: &String| Anchor::new(page(frame.base, iri, frame.reader), iri.as_str());
        let iri = concept.link.iri.as_str();
        let id = iri.rsplit(['/', '#']).next().unwrap_or(iri).to_owned();
        let experiences = self.tree.counts.get(iri).filter(|count| **count > 0).map(|count| {
            let number = self.words.number(&count.to_string()).unwrap_or_default();
            let text = match count {
                1 => self.own.one_experience.to_owned(),
                _ => told(self.own.experiences, &[("count", number)]),
            };
            let parameter = self.tree.parameter.unwrap_or_default();
            Anchor::new(frame.at(&format!("/esperienze?{parameter}={id}")), text)
        });
        Entry {
            own: self.own,
            words: self.texts[place].clone(),
            link: frame.link(&concept.link),
            definition: concept.definition.as_ref().map(text),
            scope: concept.scope.as_ref().map(text),
            notation: concept.notation.as_deref(),
            also: concept.alternatives.iter().filter(own_language).map(text).collect(),
            related: concept.related.iter().map(|link| frame.link(link)).collect(),
            matches: concept.matches.iter().map(outside).collect(),
            translations: concept.translations.iter().map(text).collect(),
            experiences,
            is_open: self.is_search && self.fits[place],
            below,
            id,
        }
    }
}
