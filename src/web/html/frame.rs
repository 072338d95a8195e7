//! What every page has: its language, its title, the way back, links in the reader's language.
//! Knows nothing of what a page shows.

use crate::entity::Link;
use crate::iri::Base;
use crate::schema::Language;
use crate::web::address::{self, page};
use crate::web::error::HttpError;
use crate::web::language::{Reader, tag};
use crate::web::words::Words;
use askama::Template;
use axum::http::{HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};

/// Only what the node itself serves; no scripts. Content Security Policy, level 3.
const POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";

/// What surrounds the content of a page.
pub struct Frame<'a> {
    pub words: &'static Words,
    pub title: String,
    /// The path under which the node stands, often nothing.
    pub root: String,
    /// This page in the other language.
    pub other_language: String,
    pub crumbs: Vec<Anchor>,
    pub reader: Reader,
    pub base: &'a Base,
}

/// A link as a page shows it.
#[derive(Debug, Clone)]
pub struct Anchor {
    pub address: String,
    pub text: String,
    /// The language of the text, where it is not that of the page.
    pub language: Option<String>,
}

impl Anchor {
    /// The `lang` attribute, if one is needed.
    pub fn lang(&self) -> String {
        self.language.as_ref().map_or_else(String::new, |tag| format!(" lang=\"{tag}\""))
    }
}

impl<'a> Frame<'a> {
    /// The frame of a page at an address.
    pub fn new(base: &'a Base, reader: Reader, uri: &Uri, title: String) -> Self {
        let words = Words::of(reader.language);
        let root = address::root(base).to_owned();
        let other_language = switched(&root, uri, other(reader.language));
        let mut frame =
            Self { words, title, root, other_language, crumbs: Vec::new(), reader, base };
        if uri.path() != "/" {
            frame.crumb(frame.home(), words.home);
        }
        frame
    }

    /// Adds a step to the way back.
    pub fn crumb(&mut self, address: String, text: &str) {
        self.crumbs.push(Anchor { address, text: text.to_owned(), language: None });
    }

    /// An address of this node, in the language the reader chose.
    pub fn at(&self, path: &str) -> String {
        let language = tag(self.reader.language);
        let chosen = if self.reader.chosen { format!("?lang={language}") } else { String::new() };
        format!("{}{path}{chosen}", self.root)
    }

    /// The first page.
    pub fn home(&self) -> String {
        self.at("/")
    }

    /// The tag of the other language.
    pub fn other_tag(&self) -> &'static str {
        tag(other(self.reader.language))
    }

    /// A link to a resource.
    pub fn link(&self, link: &Link) -> Anchor {
        self.anchor(page(self.base, &link.iri, self.reader), &link.label)
    }

    /// A text that links somewhere.
    pub fn anchor(&self, address: String, label: &crate::entity::Label) -> Anchor {
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

/// An address with another language.
fn switched(root: &str, uri: &Uri, language: Language) -> String {
    let kept = uri.query().unwrap_or_default().split('&');
    let mut parameters: Vec<String> =
        kept.filter(|part| !part.is_empty() && !part.starts_with("lang=")).map(str::to_owned).collect();
    parameters.push(format!("lang={}", tag(language)));
    format!("{root}{}?{}", uri.path(), parameters.join("&"))
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
    headers.insert(header::VARY, HeaderValue::from_static("Accept, Accept-Language"));
    Ok(response)
}
