//! Where a machine finds its way from a record's page: typed links in headers, the long lists in
//! a linkset. Signposting the Scholarly Web; RFC 8288, RFC 9264. Knows statements, not stores.

use super::address::{Document, encode, whole};
use super::html::class;
use crate::entity::Description;
use crate::iri::{Base, record_of};
use crate::media::{DESCRIPTIONS, Kind};
use crate::vocab::{LICENCE_CC_BY, SCHEMA, dct, fl};
use axum::http::{HeaderMap, HeaderValue, header};
use oxigraph::model::vocab::rdf;
use oxigraph::model::{NamedNodeRef, NamedOrBlankNode, Term};
use serde_json::{Map, Value, json};

/// More links of one relation stand in the linkset only.
const FEW: usize = 5;
/// The most that these links take in a header, in bytes: with a document's other links, below the
/// 4 KiB that some servers and clients take at most.
const HEADER: usize = 2_800;

/// One link: its relation, where it leads, and of which media type that is.
#[derive(Debug, Clone)]
struct Post {
    rel: &'static str,
    href: String,
    media: Option<&'static str>,
}

/// The typed links of a record.
#[derive(Debug, Clone)]
pub struct Signposts {
    /// The page they lead away from.
    page: String,
    linkset: String,
    posts: Vec<Post>,
}

impl Signposts {
    /// The links of a record of this node; nothing for other resources and for versions.
    pub fn of(base: &Base, description: &Description) -> Option<Self> {
        let iri = description.iri.as_str();
        let path = iri.strip_prefix(&base.id()).filter(|_| description.version.is_none())?;
        let (kind, _) = path.split_once('/').filter(|_| record_of(iri) == iri)?;
        let document = Document::about(base, iri);
        let mut posts = vec![Post { rel: "cite-as", href: encode(iri), media: None }];
        for media in DESCRIPTIONS.iter().filter(|media| media.kind != Kind::Html) {
            let href = whole(base, &document.data(base, *media, None));
            posts.push(Post { rel: "describedby", href, media: Some(media.names[0]) });
        }
        let mut add = |rel, hrefs: Vec<String>| {
            posts.extend(hrefs.iter().map(|href| Post { rel, href: encode(href), media: None }));
        };
        add("type", vec![format!("{SCHEMA}{}", class(kind))]);
        add("type", objects(description, rdf::TYPE));
        let mut licences = objects(description, dct::LICENSE);
        if licences.is_empty() && sources(base, description).next().is_some() {
            licences.push(LICENCE_CC_BY.to_owned());
        }
        add("license", licences);
        let mut authors = objects(description, fl::LEAD_ACTOR);
        if authors.is_empty() {
            authors = sources(base, description)
                .map(|source| base.join(&format!("/catalog/agent/{source}")))
                .collect();
            authors.dedup();
        }
        add("author", authors);
        add("collection", vec![base.join("/catalog")]);
        add("item", objects(description, dct::HAS_PART));
        let page = whole(base, &document.page(base, super::language::ITALIAN));
        let linkset = base.join(&format!("/linkset/{}", encode(path)));
        Some(Self { page, linkset, posts })
    }

    /// The links as a header: those of a page, or the few that are of use beside data.
    pub fn header(&self, is_page: bool) -> String {
        let of_data = ["cite-as", "license", "collection"];
        let count = |rel: &str| self.posts.iter().filter(|post| post.rel == rel).count();
        let mut links: Vec<String> = ["application/linkset", "application/linkset+json"]
            .map(|media| format!("<{}>; rel=\"linkset\"; type=\"{media}\"", self.linkset))
            .into();
        let mut length: usize = links.iter().map(|link| link.len() + 2).sum();
        for post in &self.posts {
            let is_wanted =
                if is_page { count(post.rel) <= FEW } else { of_data.contains(&post.rel) };
            let link = post.written();
            if is_wanted && length + link.len() + 2 < HEADER {
                length += link.len() + 2;
                links.push(link);
            }
        }
        links.join(", ")
    }

    /// Adds the links of a page to its headers.
    pub fn put(&self, headers: &mut HeaderMap) {
        if let Ok(value) = HeaderValue::from_str(&self.header(true)) {
            headers.append(header::LINK, value);
        }
    }

    /// All links, as they would stand in a header. RFC 9264, section 4.1.
    pub fn text(&self) -> String {
        let anchored = |post: &Post| format!("{}; anchor=\"{}\"", post.written(), self.page);
        let back =
            |post: &Post| format!("<{}>; rel=\"describes\"; anchor=\"{}\"", self.page, post.href);
        let data = self.posts.iter().filter(|post| post.rel == "describedby").map(back);
        let lines: Vec<String> = self.posts.iter().map(anchored).chain(data).collect();
        format!("{}\n", lines.join(",\n"))
    }

    /// All links as JSON. RFC 9264, section 4.2.
    pub fn json(&self) -> Value {
        let mut own = Map::new();
        own.insert("anchor".to_owned(), json!(self.page));
        for post in &self.posts {
            let mut target = json!({ "href": post.href });
            if let Some(media) = post.media {
                target["type"] = json!(media);
            }
            let targets = own.entry(post.rel).or_insert_with(|| json!([]));
            targets.as_array_mut().into_iter().for_each(|list| list.push(target.clone()));
        }
        let data = self.posts.iter().filter(|post| post.rel == "describedby").map(|post| {
            json!({
                "anchor": post.href,
                "describes": [{ "href": self.page, "type": "text/html" }],
            })
        });
        let contexts: Vec<Value> = std::iter::once(Value::Object(own)).chain(data).collect();
        json!({ "linkset": contexts })
    }
}

impl Post {
    fn written(&self) -> String {
        let media = self.media.map_or_else(String::new, |media| format!("; type=\"{media}\""));
        format!("<{}>; rel=\"{}\"{media}", self.href, self.rel)
    }
}

/// The resources of a property of the record itself, each once.
fn objects(description: &Description, property: NamedNodeRef<'_>) -> Vec<String> {
    let is_own = |subject: &NamedOrBlankNode| matches!(subject, NamedOrBlankNode::NamedNode(node) if node.as_str() == description.iri);
    let mut found: Vec<String> = Vec::new();
    for quad in &description.quads {
        if let Term::NamedNode(node) = &quad.object
            && quad.predicate == property
            && is_own(&quad.subject)
            && !found.iter().any(|known| known == node.as_str())
        {
            found.push(node.as_str().to_owned());
        }
    }
    found
}

/// The administrations that state the record.
fn sources<'d>(base: &'d Base, description: &'d Description) -> impl Iterator<Item = &'d str> + 'd {
    description.quads.iter().filter_map(|quad| match &quad.graph_name {
        oxigraph::model::GraphName::NamedNode(graph) if base.is_writable(graph.as_str()) => {
            base.source_of(graph.as_str())
        }
        _ => None,
    })
}
