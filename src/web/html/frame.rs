//! What every page has: its language, its title, where it stands, what it says to search engines.
//! Knows nothing of what a page shows.

use crate::app::App;
use crate::config::SiteSettings;
use crate::entity::{Label, Link};
use crate::iri::Base;
use crate::schema::Language;
use crate::web::address::{self, page};
use crate::web::assets;
use crate::web::error::HttpError;
use crate::web::language::{Reader, prefix, tag};
use crate::web::words::{TermWords, Words};
use askama::Template;
use axum::http::{HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

/// Only what the node itself serves. Drawings in style sheets are data. CSP, level 3.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; \
                      img-src 'self' data:; connect-src 'self'; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";
/// What a page says of itself where it has nothing better, at most.
const DESCRIPTION: usize = 200;
/// The parts of the site, in the order of the menu: their paths and their names.
const PARTS: [&str; 9] = [
    "/esperienze",
    "/temi",
    "/territori",
    "/attori",
    "/reti",
    "/percorsi",
    "/saperi",
    "/notizie",
    "/dati",
];

/// What surrounds the content of a page.
pub struct Frame<'a> {
    pub words: &'static Words,
    pub title: String,
    /// The path under which the node stands, often nothing.
    pub root: String,
    /// The way back: every step but the page itself.
    pub crumbs: Vec<Anchor>,
    pub reader: Reader,
    pub base: &'a Base,
    pub site: &'a SiteSettings,
    /// What search engines and those who share the page show of it.
    pub description: String,
    /// What the page is about, in the terms of schema.org.
    pub structured: Vec<Value>,
    /// The scripts of this page beside the site's own, by the names of their files.
    pub scripts: Vec<&'static str>,
    /// The style sheets of this page beside the site's own, by the names of their files.
    pub styles: Vec<&'static str>,
    /// Whether the page holds a search box of its own.
    pub has_search: bool,
    /// The address of what the page shows as a feed of news.
    pub feed: Option<String>,
    /// Whether search engines are to leave the page out.
    pub is_hidden: bool,
    /// The path of the page, without the language.
    pub path: String,
    query: String,
    canonical: Option<String>,
}

/// A link as a page shows it.
#[derive(Debug, Clone)]
pub struct Anchor {
    pub address: String,
    pub text: String,
    /// The language of the text, where it is not that of the page.
    pub language: Option<String>,
}

/// A part of the site in its menu.
pub struct MenuItem {
    pub address: String,
    pub text: &'static str,
    pub is_here: bool,
}

impl Anchor {
    /// A link whose text is in the language of the page.
    pub fn new(address: impl Into<String>, text: impl Into<String>) -> Self {
        Self { address: address.into(), text: text.into(), language: None }
    }

    /// The `lang` attribute, if one is needed.
    pub fn lang(&self) -> String {
        self.language.as_ref().map_or_else(String::new, |tag| format!(" lang=\"{tag}\""))
    }
}

impl<'a> Frame<'a> {
    /// The frame of a page at an address, its language taken off.
    pub fn new(app: &'a App, reader: Reader, uri: &Uri, title: String) -> Self {
        let words = Words::of(reader.language);
        let mut frame = Self {
            words,
            title,
            root: address::root(&app.base).to_owned(),
            crumbs: Vec::new(),
            reader,
            base: &app.base,
            site: &app.settings.site,
            description: String::new(),
            structured: Vec::new(),
            scripts: Vec::new(),
            styles: Vec::new(),
            has_search: false,
            feed: None,
            is_hidden: false,
            path: uri.path().to_owned(),
            query: kept(uri.query().unwrap_or_default()),
            canonical: None,
        };
        if frame.path != "/" {
            frame.crumb(frame.home(), words.home);
        }
        frame
    }

    /// Adds a step to the way back.
    pub fn crumb(&mut self, address: String, text: &str) {
        self.crumbs.push(Anchor::new(address, text));
    }

    /// Says what the page is about, cut where it is long.
    pub fn describe(&mut self, text: &str) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut end = text.len();
        if text.chars().count() > DESCRIPTION {
            end = text.char_indices().nth(DESCRIPTION).map_or(end, |(place, _)| place);
            end = text[..end].rfind(' ').unwrap_or(end);
        }
        let cut = if end < text.len() { "…" } else { "" };
        self.description = format!("{}{cut}", &text[..end]);
    }

    /// Names the path, without the language, that stands for this page and its likes.
    pub fn stands_for(&mut self, path: impl Into<String>) {
        self.canonical = Some(path.into());
    }

    /// An address of this node, in the reader's language.
    pub fn at(&self, path: &str) -> String {
        let prefix = self.reader.prefix();
        let path = if path == "/" && !prefix.is_empty() { "" } else { path };
        format!("{}{prefix}{path}", self.root)
    }

    /// The same, whole.
    pub fn at_whole(&self, path: &str) -> String {
        address::whole(self.base, &self.at(path))
    }

    /// The first page.
    pub fn home(&self) -> String {
        self.at("/")
    }

    /// This page in the other language.
    pub fn other_language(&self) -> String {
        let prefix = prefix(other(self.reader.language));
        let path = if self.path == "/" && !prefix.is_empty() { "" } else { &self.path };
        format!("{}{prefix}{path}{}", self.root, self.query)
    }

    /// Names the feed of the records that these parameters of a search find.
    pub fn feed(&mut self, pairs: &[(String, String)]) {
        let query = crate::web::asked::encoded(pairs);
        let mark = if query.is_empty() { "" } else { "?" };
        self.feed = Some(format!("{}{mark}{query}", self.at("/feed.atom")));
    }

    /// The address that stands for this page, whole.
    pub fn canonical(&self) -> String {
        self.whole(self.reader.language)
    }

    /// This page and the same in the other language, whole, by tag.
    pub fn alternates(&self) -> [(&'static str, String); 3] {
        let (italian, english) = (self.whole(Language::Italian), self.whole(Language::English));
        [("it", italian.clone()), ("en", english), ("x-default", italian)]
    }

    fn whole(&self, language: Language) -> String {
        let prefix = prefix(language);
        let path = self.canonical.as_deref().unwrap_or(&self.path);
        let path = if path == "/" && !prefix.is_empty() { "" } else { path };
        let query = match self.canonical {
            None if self.path == "/doc" => self.query.as_str(),
            _ => "",
        };
        self.base.join(&format!("{prefix}{path}{query}"))
    }

    /// What the page says of itself.
    pub fn summary(&self) -> &str {
        if self.description.is_empty() { self.words.node_hint } else { &self.description }
    }

    /// Whether the page is the first one.
    pub fn is_home(&self) -> bool {
        self.path == "/"
    }

    /// The parts of the site.
    pub fn menu(&self) -> Vec<MenuItem> {
        let here = |path: &str| {
            self.path == path
                || self.path.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'))
        };
        let items = PARTS.iter().zip(self.words.frame.menu);
        items
            .map(|(path, text)| MenuItem { address: self.at(path), text, is_here: here(path) })
            .collect()
    }

    /// What the page of vocabularies is called.
    pub fn vocabularies(&self) -> &'static str {
        TermWords::of(self.reader.language).vocabularies
    }

    /// The style sheets of the page.
    pub fn style_addresses(&self) -> Vec<String> {
        let names = std::iter::once("site.css").chain(self.styles.iter().copied());
        names.filter_map(assets::style).map(|path| format!("{}{path}", self.root)).collect()
    }

    /// The scripts of the page.
    pub fn script_addresses(&self) -> Vec<String> {
        let names = std::iter::once("site.js").chain(self.scripts.iter().copied());
        names.filter_map(|name| self.asset(name)).collect()
    }

    /// The address of an asset, where the program has it.
    pub fn asset(&self, name: &str) -> Option<String> {
        assets::path(name).map(|path| format!("{}{path}", self.root))
    }

    /// An icon that says nothing by itself, as HTML; nothing where the program has no icons.
    pub fn icon(&self, name: &str) -> String {
        self.asset("icons.svg").map_or_else(String::new, |icons| {
            format!(
                "<svg class=\"icon\" aria-hidden=\"true\"><use href=\"{icons}#{name}\"></use></svg>"
            )
        })
    }

    /// What search engines are told, as JSON that can stand in a script element.
    pub fn linked(&self) -> String {
        let mut graph = vec![json!({
            "@type": "WebPage",
            "@id": self.canonical(),
            "name": self.title,
            "description": self.summary(),
            "inLanguage": self.words.tag,
            "isPartOf": {
                "@type": "WebSite",
                "@id": self.base.join("/"),
                "name": self.words.node,
                "publisher": { "@type": "GovernmentOrganization", "name": self.site.administration },
                "potentialAction": {
                    "@type": "SearchAction",
                    "target": self.base.join("/search?q={search_term_string}"),
                    "query-input": "required name=search_term_string",
                },
            },
        })];
        if !self.crumbs.is_empty() {
            graph.push(json!({ "@type": "BreadcrumbList", "itemListElement": self.steps() }));
        }
        graph.extend(self.structured.iter().cloned());
        let context = crate::vocab::SCHEMA.trim_end_matches('/');
        json!({ "@context": context, "@graph": graph }).to_string().replace('<', "\\u003c")
    }

    fn steps(&self) -> Vec<Value> {
        let host = self.base.as_str().strip_suffix(&self.root).unwrap_or(self.base.as_str());
        let steps = self
            .crumbs
            .iter()
            .map(|crumb| (crumb.text.clone(), format!("{host}{}", crumb.address)));
        steps
            .chain([(self.title.clone(), self.canonical())])
            .enumerate()
            .map(|(place, (name, item))| {
                json!({ "@type": "ListItem", "position": place + 1, "name": name, "item": item })
            })
            .collect()
    }

    /// A link to a resource.
    pub fn link(&self, link: &Link) -> Anchor {
        self.anchor(page(self.base, &link.iri, self.reader), &link.label)
    }

    /// A text that links somewhere.
    pub fn anchor(&self, address: String, label: &Label) -> Anchor {
        let language = label
            .language
            .clone()
            .filter(|tag| tag != self.words.tag)
            .filter(|tag| tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'));
        Anchor { address, text: label.text.clone(), language }
    }
}

fn other(language: Language) -> Language {
    match language {
        Language::Italian => Language::English,
        Language::English => Language::Italian,
    }
}

/// The query of an address without a language, with its mark.
fn kept(query: &str) -> String {
    let parts = query.split('&').filter(|part| !part.is_empty() && !part.starts_with("lang="));
    let query = parts.collect::<Vec<_>>().join("&");
    if query.is_empty() { query } else { format!("?{query}") }
}

/// A page as an answer.
pub fn html(page: &impl Template, language: Language) -> Result<Response, HttpError> {
    let body = page.render().map_err(|error| HttpError::Internal(error.into()))?;
    let mut response = axum::response::Html(body).into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(tag(language)));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept"));
    Ok(response)
}
