//! The first page: a search box, lines of work, a map, what is new, figures with their queries.
//! Knows no store.

use super::card::Card;
use super::frame::{Anchor, Frame, html};
use super::map::{Map, Spot};
use crate::app::App;
use crate::overview::Brief;
use crate::web::error::HttpError;
use crate::web::language::Reader;
use crate::web::words::{SearchWords, Words};
use askama::Template;
use axum::http::Uri;
use axum::response::Response;

/// What a visitor may try first, in the words of each language.
const EXAMPLES: [(&str, &str); 4] = [
    ("nido in montagna", "day nursery in the mountains"),
    ("adolescenti che lasciano la scuola", "teenagers who leave school"),
    ("affido familiare", "foster care"),
    ("caregiver di anziani", "carers of older people"),
];
/// The named queries that the first page offers.
const QUESTIONS: [&str; 6] = [
    "esperienze-simili-per-bisogno",
    "ostacoli-ricorrenti",
    "vuoti-di-copertura",
    "competenze-richieste-e-offerte",
    "catene-di-trasferimento",
    "fonti-di-finanziamento-per-regione",
];

/// What the first page shows.
#[derive(Default)]
pub struct Front {
    /// The lines of work: IRI, name, how many experiences.
    pub themes: Vec<(String, String, u32)>,
    pub spots: Vec<Spot>,
    pub latest: Vec<Brief>,
    pub news: Vec<Brief>,
    /// Kind of record and how many there are.
    pub kinds: Vec<(&'static str, u64)>,
    /// How many experiences are consolidated, and the value of the facet that lists them.
    pub consolidated: Option<(u32, String)>,
    pub demonstration: bool,
    /// Whether the index could be asked.
    pub is_ready: bool,
}

struct Figure {
    number: String,
    text: String,
    address: String,
}

struct ThemeTile {
    address: String,
    text: String,
    count: String,
}

#[derive(Template)]
#[template(path = "home.html")]
struct FrontPage<'a> {
    frame: &'a Frame<'a>,
    words: &'static Words,
    own: &'static SearchWords,
    examples: Vec<Anchor>,
    themes: Vec<ThemeTile>,
    map: Map<'a>,
    has_map: bool,
    latest: Vec<Card>,
    news: Vec<Card>,
    figures: Vec<Figure>,
    questions: Vec<Anchor>,
    demonstration: bool,
    is_ready: bool,
}

/// Renders the first page.
pub fn front_page(app: &App, reader: Reader, front: &Front) -> Result<Response, HttpError> {
    let words = Words::of(reader.language);
    let own = words.catalogue;
    let uri = Uri::from_static("/");
    let mut frame = Frame::new(app, reader, &uri, own.home_title.to_owned());
    frame.describe(words.node_hint);
    frame.has_search = true;
    frame.feed(&[]);
    let exported = app.publication.as_ref().and_then(crate::publish::Publication::exported);
    let files = exported.as_deref().map_or(&[][..], |export| &export.files);
    frame.structured.push(super::structured::dataset(&frame, files));
    let number = |count: u64| words.number(&count.to_string()).unwrap_or_default();
    let examples = EXAMPLES.iter().map(|(italian, english)| {
        let text = if words.tag == "it" { italian } else { english };
        let query = crate::web::asked::encoded(&[("q".to_owned(), (*text).to_owned())]);
        Anchor::new(format!("{}?{query}", frame.at("/esperienze")), *text)
    });
    let themes = front.themes.iter().map(|(iri, text, count)| ThemeTile {
        address: crate::web::address::page(&app.base, iri, reader),
        text: text.clone(),
        count: number(u64::from(*count)),
    });
    let mut figures: Vec<Figure> = front
        .kinds
        .iter()
        .filter(|(_, total)| *total > 0)
        .filter_map(|(kind, total)| {
            Some(Figure {
                number: number(*total),
                text: words.kind(kind)?.to_owned(),
                address: frame.at(crate::web::address::place(kind)?),
            })
        })
        .collect();
    if let Some((count, value)) = &front.consolidated {
        let query = crate::web::asked::encoded(&[("evidence".to_owned(), value.clone())]);
        figures.push(Figure {
            number: number(u64::from(*count)),
            text: own.home_reviewed.to_owned(),
            address: format!("{}?{query}", frame.at("/esperienze")),
        });
    }
    let regions = front.spots.iter().filter(|spot| spot.region.is_some() && spot.count > 0).count();
    if regions > 0 {
        figures.push(Figure {
            number: number(regions as u64),
            text: own.home_regions.to_owned(),
            address: frame.at("/q/esperienze-per-tema-e-regione"),
        });
    }
    let questions = QUESTIONS.iter().filter_map(|name| app.catalogue.get(name)).map(|query| {
        let address = frame.at(&format!("/q/{}", query.name));
        Anchor::new(address, query.summary.get(reader.language))
    });
    let page = FrontPage {
        words,
        own: SearchWords::of(reader.language),
        examples: examples.collect(),
        themes: themes.collect(),
        map: Map::new(&frame, &front.spots),
        has_map: !front.spots.is_empty(),
        latest: front.latest.iter().map(|brief| Card::new(&frame, brief)).collect(),
        news: front.news.iter().map(|brief| Card::new(&frame, brief)).collect(),
        figures,
        questions: questions.collect(),
        demonstration: front.demonstration,
        is_ready: front.is_ready,
        frame: &frame,
    };
    html(&page, reader.language)
}
