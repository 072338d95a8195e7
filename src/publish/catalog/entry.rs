//! The document about one record, described as a dataset like those of the catalogue.
//! Knows the words and the publisher of the catalogue, nothing of who asks for them.

use super::graph::{Graph, Names};
use super::open::Catalog;
use crate::media::{JSON_LD, Media, N_TRIPLES, RDF_XML, TURTLE};
use crate::vocab::harvest::PRIMARY_TOPIC;
use crate::vocab::{contact, dcat, dct, dcterms, foaf, vcard};
use oxigraph::model::vocab::xsd;
use oxigraph::model::{Literal, Triple};

/// The forms in which every document answers.
const FORMS: [Media; 4] = [TURTLE, RDF_XML, JSON_LD, N_TRIPLES];

/// What a record says of itself.
pub struct Entry<'e> {
    /// Its IRI.
    pub record: &'e str,
    /// Its names and the texts about it, in every language; at least one name.
    pub titles: &'e [Literal],
    pub descriptions: &'e [Literal],
    /// When it changed last, as an `xsd:dateTime`.
    pub modified: &'e str,
    /// The licences it names.
    pub licences: &'e [String],
}

impl Catalog {
    /// Describes the document about a record as a `dcat:Dataset`. That is what the document is: a
    /// collection of data that one agent publishes in several forms (DCAT 3, section 6.6). The record
    /// is none, for an experience, an actor or a place is not data; it is the topic of the document.
    pub fn entry(&self, entry: &Entry<'_>) -> Vec<Triple> {
        let (base, who) = (self.base(), self.who());
        let path = entry.record.strip_prefix(&base.id()).unwrap_or_default();
        let document = base.join(&format!("/doc/{path}"));
        let mut graph = Graph::default();
        for title in entry.titles {
            graph.add(&document, dct::TITLE, title.clone());
        }
        for description in entry.descriptions {
            graph.add(&document, dct::DESCRIPTION, description.clone());
        }
        let names = entry.titles.iter();
        let names =
            names.map(|name| (name.language().unwrap_or("it").to_owned(), name.value().to_owned()));
        let names: Names = names.collect();
        for model in ["scheda", "dataset"] {
            self.like(&mut graph, &document, model, &names);
        }
        graph.text(&document, dct::IDENTIFIER, &format!("{}:{path}", who.code));
        let modified = Literal::new_typed_literal(entry.modified, xsd::DATE_TIME);
        graph.add(&document, dct::MODIFIED, modified);
        graph.link(&document, PRIMARY_TOPIC, entry.record);
        self.signed(&mut graph, &document);
        self.forms(&mut graph, entry, &document, &names);
        self.tell_of_objects(&mut graph);
        graph.triples().collect()
    }

    /// Who publishes a document and whom to ask about it.
    fn signed(&self, graph: &mut Graph, document: &str) {
        let (base, who) = (self.base(), self.who());
        let publisher = base.join(&format!("/catalog/agent/{}", who.slug));
        let point = base.join("/catalog/contact");
        for property in [dcterms::PUBLISHER, dcterms::RIGHTS_HOLDER] {
            graph.link(document, property, &publisher);
        }
        graph.link(document, dcat::CONTACT_POINT, &point);
        graph.text(&publisher, dct::IDENTIFIER, &who.code);
        graph.add(
            &publisher,
            foaf::NAME,
            Literal::new_language_tagged_literal_unchecked(&who.name, "it"),
        );
        graph.link(&publisher, dct::TYPE, &who.kind);
        self.like(graph, &publisher, "agent", &Names::new());
        graph.text(&point, vcard::FN, &who.contact);
        graph.link(&point, vcard::HAS_EMAIL, &who.mail);
        for (property, value) in [(vcard::HAS_TELEPHONE, &who.phone), (contact::HAS_URL, &who.url)]
        {
            if let Some(value) = value {
                graph.link(&point, property, value);
            }
        }
    }

    /// The forms in which a document is had.
    fn forms(&self, graph: &mut Graph, entry: &Entry<'_>, document: &str, names: &Names) {
        let own = [self.who().licence.clone()];
        let licences = if entry.licences.is_empty() { &own[..] } else { entry.licences };
        for Media { extension, .. } in FORMS {
            let form = format!("{document}#{extension}");
            let address = format!("{document}.{extension}");
            graph.link(document, dcat::DISTRIBUTION, &form);
            graph.link(&form, dcat::ACCESS_URL, &address);
            graph.link(&form, dcat::DOWNLOAD_URL, &address);
            for licence in licences {
                graph.link(&form, dct::LICENSE, licence);
            }
            for model in [&format!("scheda-{extension}"), "distribution"] {
                self.like(graph, &form, model, names);
            }
        }
    }
}
