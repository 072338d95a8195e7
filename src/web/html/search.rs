//! The search page: a form, results, facets as links, advice. No scripts.

use super::frame::{Anchor, Frame, html};
use crate::app::App;
use crate::schema::Language;
use crate::search::{Alike, Facet, Found, Hit};
use crate::web::address::page;
use crate::web::asked::{encoded, next};
use crate::web::error::HttpError;
use crate::web::extract::Parameters;
use crate::web::found::{RESULTS, marked};
use crate::web::language::{Reader, tag};
use crate::web::words::{SearchWords, Words};
use askama::Template;
use axum::http::Uri;
use axum::response::Response;

/// So many values of a facet are shown.
const VALUES: usize = 12;
/// What a page keeps of the search when it changes something else.
const OWN: [&str; 4] = ["format", "after", "page", "facets"];

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage<'a> {
    frame: Frame<'a>,
    own: &'static SearchWords,
    text: String,
    kept: Vec<(String, String)>,
    total: String,
    is_one: bool,
    notes: Vec<Note>,
    chosen: Vec<Anchor>,
    facets: Vec<FacetPart>,
    results: Vec<ResultPart>,
    next: Option<String>,
    formats: Vec<Anchor>,
}

/// A remark on how the search was read, with ways to go on.
struct Note {
    text: &'static str,
    links: Vec<Anchor>,
}

struct FacetPart {
    name: &'static str,
    label: String,
    values: Vec<ValuePart>,
}

struct ValuePart {
    address: String,
    text: String,
    count: String,
    chosen: bool,
}

struct ResultPart {
    link: Anchor,
    kind: &'static str,
    snippet: String,
    distance: Option<String>,
    demonstration: bool,
}

/// Another record and why it is like this one.
#[derive(Debug, Clone)]
pub struct AlikePart {
    pub link: Anchor,
    pub reasons: Vec<String>,
}

/// The page of a search's results.
pub fn search_page(
    app: &App,
    reader: Reader,
    uri: &Uri,
    parameters: &Parameters,
    found: &Found,
) -> Result<Response, HttpError> {
    let (words, own) = (Words::of(reader.language), SearchWords::of(reader.language));
    let frame = Frame::new(app, reader, uri, own.title.to_owned());
    let number = |number: u64| words.number(&number.to_string()).unwrap_or_default();
    let with = |name: &str, value: &str| {
        let mut pairs = parameters.except(&OWN);
        pairs.push((name.to_owned(), value.to_owned()));
        address(&frame, &pairs)
    };
    let without = |name: &str, value: &str| {
        let mut pairs = parameters.except(&OWN);
        let app_value = |text: &str| text == value || value.ends_with(&format!("/{text}"));
        pairs.retain(|(other, text)| other != name || !(app_value(text) || ends(value, text)));
        address(&frame, &pairs)
    };
    let mut facets = Vec::new();
    let mut chosen = Vec::new();
    for counted in &found.facets {
        let mut values = Vec::new();
        for value in counted.values.iter().filter(|value| value.count > 0 || value.chosen) {
            let (name, text) = (counted.facet.name(), value.label.get(reader.language).to_owned());
            let link = match value.chosen {
                true => without(name, &value.value),
                false => with(name, &value.value),
            };
            if value.chosen {
                chosen.push(Anchor { address: link.clone(), text: text.clone(), language: None });
            }
            if values.len() < VALUES || value.chosen {
                let count = number(u64::from(value.count));
                values.push(ValuePart { address: link, text, count, chosen: value.chosen });
            }
        }
        if values.len() > 1 || values.iter().any(|value| value.chosen) {
            let label = counted.facet.label().get(reader.language).to_owned();
            facets.push(FacetPart { name: counted.facet.name(), label, values });
        }
    }
    let mut kept = parameters.except(&OWN);
    kept.retain(|(name, _)| name != "q");
    let formats = RESULTS.iter().map(|media| Anchor {
        address: with("format", media.extension),
        text: media.label.to_owned(),
        language: None,
    });
    let page = SearchPage {
        text: parameters.one("q")?.unwrap_or_default(),
        kept,
        total: number(found.total),
        is_one: found.total == 1,
        notes: notes(&frame, own, parameters, found),
        chosen,
        facets,
        results: found.hits.iter().map(|hit| result(&frame, words, hit)).collect(),
        next: found.next.map(|mark| format!("{}?{}", frame.at("/search"), next(parameters, mark))),
        formats: formats.collect(),
        own,
        frame,
    };
    html(&page, reader.language)
}

/// Records like the one a page is about, with the reasons in the reader's language.
pub fn alike(frame: &Frame<'_>, list: &[Alike]) -> Vec<AlikePart> {
    let one = |alike: &Alike| AlikePart {
        link: anchor(frame, &alike.iri, &alike.title, &alike.names),
        reasons: alike
            .reasons
            .iter()
            .map(|reason| reason.text.get(frame.reader.language).to_owned())
            .collect(),
    };
    list.iter().map(one).collect()
}

fn result(frame: &Frame<'_>, words: &Words, hit: &Hit) -> ResultPart {
    ResultPart {
        link: anchor(frame, &hit.iri, &hit.title, &hit.names),
        kind: words.kind(&hit.kind).unwrap_or_default(),
        snippet: marked(&hit.snippet),
        distance: hit.distance_km.map(|km| format!("{km:.0} km")),
        demonstration: hit.demonstration,
    }
}

fn anchor(frame: &Frame<'_>, iri: &str, title: &str, names: &[crate::search::Tagged]) -> Anchor {
    let language = names.iter().find(|name| name.text == title).map(|name| name.language.clone());
    let language =
        language.filter(|language| !language.is_empty() && language != tag(frame.reader.language));
    Anchor { address: page(frame.base, iri, frame.reader), text: title.to_owned(), language }
}

fn notes(
    frame: &Frame<'_>,
    own: &'static SearchWords,
    parameters: &Parameters,
    found: &Found,
) -> Vec<Note> {
    let plain =
        |text: &str| Anchor { address: String::new(), text: text.to_owned(), language: None };
    let mut notes = Vec::new();
    let mut add = |text: &'static str, links: Vec<Anchor>| {
        if !links.is_empty() {
            notes.push(Note { text, links });
        }
    };
    add(own.corrected, found.corrected.iter().map(|(_, better)| plain(better)).collect());
    if let Some(text) = &found.suggestion {
        let mut pairs = parameters.except(&OWN);
        pairs.retain(|(name, _)| name != "q");
        pairs.push(("q".to_owned(), text.clone()));
        let link = Anchor { address: address(frame, &pairs), text: text.clone(), language: None };
        add(own.suggestion, vec![link]);
    }
    let language: Language = frame.reader.language;
    let themes = found.concepts.iter().take(4).map(|(iri, label)| Anchor {
        address: page(frame.base, iri, frame.reader),
        text: label.get(language).to_owned(),
        language: None,
    });
    add(own.concepts, themes.collect());
    add(own.unknown_field, found.unknown_fields.iter().map(|name| plain(name)).collect());
    add(own.unknown_value, found.unknown_values.iter().map(|value| plain(value)).collect());
    if found.relaxed {
        notes.push(Note { text: own.relaxed, links: Vec::new() });
    }
    notes
}

/// Whether a short text stands for a value: `municipal` for `…/levels#municipal`.
fn ends(value: &str, text: &str) -> bool {
    value.strip_suffix(text).is_some_and(|start| start.ends_with(['/', '#']))
}

fn address(frame: &Frame<'_>, pairs: &[(String, String)]) -> String {
    format!("{}?{}", frame.at("/search"), encoded(pairs))
}

/// The facets that the page counts.
pub const COUNTED: [Facet; 8] = [
    Facet::Kind,
    Facet::Territory,
    Facet::Theme,
    Facet::Target,
    Facet::Level,
    Facet::Phase,
    Facet::Evidence,
    Facet::Cost,
];
