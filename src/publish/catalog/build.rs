//! Puts the whole catalogue together: what ships with the program, who publishes, what the log and
//! the exported files tell. Reads nothing itself.

use super::facts::{DATASETS, Facts, Source, Span};
use super::files::{self, Draft};
use super::graph::{Graph, Names};
use super::who::Who;
use crate::iri::{Base, spelled};
use crate::publish::files::{Export, Part};
use crate::vocab::{contact, dcat, dcatapit, dct, dcterms, foaf, note, vcard};
use oxigraph::model::vocab::{rdf, xsd};
use oxigraph::model::{Literal, NamedNodeRef, Term};

/// The services that every node has.
const SERVICES: [&str; 4] = ["sparql", "search", "ldes", "oai"];

/// What a catalogue is made of.
pub struct Parts<'a> {
    pub base: &'a Base,
    pub who: &'a Who,
    /// What ships with the program, at this node's addresses.
    pub shipped: &'a Graph,
    pub facts: &'a Facts,
    pub export: Option<&'a Export>,
    /// Since when the settings and what ships are as they are.
    pub since: &'a str,
}

/// A catalogue being made.
pub struct Build<'a> {
    pub parts: Parts<'a>,
    pub graph: Graph,
    /// The IRIs of the datasets in the order in which pages show them.
    pub datasets: Vec<String>,
    publisher: String,
}

impl<'a> Build<'a> {
    /// Makes the whole catalogue.
    pub fn run(parts: Parts<'a>) -> Self {
        let graph = parts.shipped.clone();
        let mut build = Self { parts, graph, datasets: Vec::new(), publisher: String::new() };
        build.publisher();
        build.contact();
        for (slug, kinds) in DATASETS {
            let span = build.parts.facts.spans.get(slug).cloned().unwrap_or_else(|| build.still());
            let mut draft = Draft::of(slug, span);
            draft.parts = match kinds {
                [] => vec![(String::new(), Part::All)],
                [kind] => vec![(String::new(), Part::Kind((*kind).to_owned()))],
                kinds => kinds
                    .iter()
                    .map(|kind| (format!("-{kind}"), Part::Kind((*kind).to_owned())))
                    .collect(),
            };
            draft.stream = match kinds {
                [] => Some("/ldes".to_owned()),
                [kind] => Some(format!("/ldes/kind/{kind}")),
                _ => None,
            };
            if slug == "esperienze" {
                draft.period = build.period();
            }
            build.dataset(&draft);
        }
        let facts = build.parts.facts;
        for source in &facts.sources {
            build.source(source);
        }
        build.years();
        build.services();
        build.catalog();
        build
    }

    /// An address of the catalogue.
    pub fn iri(&self, path: &str) -> String {
        self.parts.base.join(&format!("/catalog/{path}"))
    }

    /// Says of a resource what a model of what ships says.
    pub fn like(&mut self, subject: &str, model: &str, words: &[(&str, &Names)]) -> bool {
        let shipped = self.parts.shipped;
        let model = shipped.of(&self.parts.base.join(&format!("/modello/{model}")));
        if let Some(model) = model {
            self.graph.like(subject, model, words);
        }
        model.is_some()
    }

    /// The moment of what never had records.
    fn still(&self) -> Span {
        let since = self.parts.since.to_owned();
        Span { first: since.clone(), last: since, seq: 0 }
    }

    fn publisher(&mut self) {
        let who = self.parts.who;
        let names = Names::from([("it".to_owned(), who.name.clone())]);
        self.publisher = self.agent(&who.slug, &names, &who.code, Some(&who.kind));
    }

    fn agent(&mut self, slug: &str, names: &Names, code: &str, kind: Option<&str>) -> String {
        let iri = self.iri(&format!("agent/{slug}"));
        // A source may be the publisher itself, of which the settings know best.
        if iri == self.publisher {
            return iri;
        }
        self.graph.text(&iri, dct::IDENTIFIER, code);
        for (language, name) in names {
            self.graph.add(&iri, foaf::NAME, named(name, language));
        }
        if let Some(kind) = kind {
            self.graph.link(&iri, dct::TYPE, kind);
        }
        self.like(&iri, "agent", &[]);
        iri
    }

    fn contact(&mut self) {
        let (who, iri) = (self.parts.who, self.iri("contact"));
        self.graph.forget(&iri, vcard::HAS_EMAIL);
        self.graph.text(&iri, vcard::FN, &who.contact);
        self.graph.link(&iri, vcard::HAS_EMAIL, &who.mail);
        for (property, value) in [(vcard::HAS_TELEPHONE, &who.phone), (contact::HAS_URL, &who.url)]
        {
            if let Some(value) = value {
                self.graph.link(&iri, property, value);
            }
        }
    }

    /// Who publishes a resource and whom to ask about it.
    fn signed(&mut self, iri: &str) {
        let (publisher, contact) = (self.publisher.clone(), self.iri("contact"));
        self.graph.link(iri, dcterms::PUBLISHER, &publisher);
        self.graph.link(iri, dcat::CONTACT_POINT, &contact);
    }

    fn dataset(&mut self, draft: &Draft) -> String {
        let iri = self.iri(&format!("dataset/{}", draft.slug));
        if let Some(model) = draft.model {
            self.like(&iri, model, &draft.words());
        }
        self.like(&iri, "dataset", &[]);
        self.signed(&iri);
        let owner = draft.owner.clone().unwrap_or_else(|| self.publisher.clone());
        self.graph.link(&iri, dcterms::CREATOR, &owner);
        self.graph.link(&iri, dcterms::RIGHTS_HOLDER, &owner);
        let identifier = format!("{}:{}", self.parts.who.code, draft.slug);
        self.graph.text(&iri, dct::IDENTIFIER, &identifier);
        self.graph.text(&iri, dcat::VERSION, &draft.span.seq.to_string());
        self.dated(&iri, &draft.span.first, &draft.span.last);
        let whole = (day(&draft.span.first), day(&draft.span.last));
        let (from, until) = draft.period.clone().unwrap_or(whole);
        let period = format!("{iri}#periodo");
        self.graph.link(&iri, dcterms::TEMPORAL, &period);
        self.graph.add(&period, rdf::TYPE, dcterms::PERIOD_OF_TIME);
        // Each profile has terms of its own for the same days, and takes no other.
        for (day, properties) in [
            (from, [dcat::START_DATE, dcatapit::START_DATE]),
            (until, [dcat::END_DATE, dcatapit::END_DATE]),
        ] {
            for property in properties {
                self.typed(&period, property, &day, xsd::DATE);
            }
        }
        if let Some(series) = &draft.series {
            self.graph.link(&iri, dcat::IN_SERIES, series);
        }
        files::distributions(self, draft, &iri);
        self.datasets.push(iri.clone());
        iri
    }

    fn dated(&mut self, iri: &str, first: &str, last: &str) {
        let moment = |at| Literal::new_typed_literal(at, xsd::DATE_TIME);
        self.graph.add(iri, dct::ISSUED, moment(first));
        self.graph.add(iri, dct::MODIFIED, moment(last));
    }

    /// The dataset of one source, with the source as an agent of its own where it has a code.
    fn source(&mut self, source: &Source) {
        let mut draft = Draft::of(&format!("fonte-{}", source.slug), source.span.clone());
        draft.model = Some("fonte");
        draft.called(match source.names.is_empty() {
            true => Names::from([("it".to_owned(), spelled(&source.slug))]),
            false => source.names.clone(),
        });
        draft.parts = vec![(String::new(), Part::Source(source.slug.clone()))];
        draft.stream = Some(format!("/ldes/source/{}", source.slug));
        if let Some(code) = source.code.as_deref().filter(|_| !source.names.is_empty()) {
            let kind = source.level.as_deref().and_then(|level| self.kind_at(level));
            draft.owner = Some(self.agent(&source.slug, &source.names, code, kind.as_deref()));
        }
        self.dataset(&draft);
    }

    /// What kind of publisher belongs to a level of government.
    fn kind_at(&self, level: &str) -> Option<String> {
        let is_level =
            |term: &Term| matches!(term, Term::NamedNode(node) if node.as_str() == level);
        let mut subjects = self.parts.shipped.subjects();
        let found = subjects.find(|(subject, _)| {
            self.parts.shipped.values(subject, note::CLOSE_MATCH).iter().any(is_level)
        });
        found.map(|(subject, _)| subject.clone())
    }

    /// The first and the last day of the years of which there are files.
    fn period(&self) -> Option<(String, String)> {
        let years = self.exported_years();
        let (first, last) = (years.first()?, years.last()?);
        Some((format!("{first:04}-01-01"), format!("{last:04}-12-31")))
    }

    fn exported_years(&self) -> Vec<i16> {
        let files = self.parts.export.iter().flat_map(|export| &export.files);
        let years = files.filter_map(|file| match file.part {
            Part::Year(year) => Some(year),
            _ => None,
        });
        let mut years: Vec<i16> = years.collect();
        years.sort_unstable();
        years.dedup();
        years
    }

    /// The series of yearly editions, where there are any.
    fn years(&mut self) {
        let years = self.exported_years();
        if years.is_empty() {
            return;
        }
        let span = self.parts.facts.spans.get("esperienze").cloned();
        let span = span.unwrap_or_else(|| self.still());
        let series = self.iri("dataset/esperienze-per-anno");
        self.like(&series, "series", &[]);
        self.signed(&series);
        self.dated(&series, &span.first, &span.last);
        for year in years {
            let mut draft = Draft::of(&format!("esperienze-{year}"), span.clone());
            draft.model = Some("anno");
            draft.called(Names::from([("it".to_owned(), year.to_string())]));
            draft.parts = vec![(String::new(), Part::Year(year))];
            draft.series = Some(series.clone());
            draft.period = Some((format!("{year:04}-01-01"), format!("{year:04}-12-31")));
            self.dataset(&draft);
        }
    }

    fn services(&mut self) {
        for name in SERVICES {
            let iri = self.iri(&format!("service/{name}"));
            self.like(&iri, "service", &[]);
            self.signed(&iri);
            self.graph.link(&iri, dct::LICENSE, &self.parts.who.licence);
            for dataset in &self.datasets {
                self.graph.link(&iri, dcat::SERVES_DATASET, dataset);
            }
        }
    }

    fn catalog(&mut self) {
        let (base, who) = (self.parts.base, self.parts.who);
        let iri = base.join("/catalog");
        let publisher = self.publisher.clone();
        self.graph.link(&iri, dcterms::PUBLISHER, &publisher);
        self.graph.link(&iri, dcterms::CREATOR, &publisher);
        self.graph.link(&iri, dct::LICENSE, &who.licence);
        let homepage = who.homepage.clone().unwrap_or_else(|| base.join("/"));
        self.graph.link(&iri, foaf::HOMEPAGE, &homepage);
        self.graph.add(&homepage, rdf::TYPE, contact::DOCUMENT);
        let issued = self.parts.facts.spans.get("tutto").map(|span| span.first.clone());
        let issued = issued.unwrap_or_else(|| self.parts.since.to_owned());
        let modified = self.modified();
        self.dated(&iri, &issued, &modified);
        for name in SERVICES {
            let service = self.iri(&format!("service/{name}"));
            self.graph.link(&iri, dcat::SERVICE, &service);
        }
        for dataset in &self.datasets {
            self.graph.link(&iri, dcat::DATASET, dataset);
        }
    }

    /// When the catalogue changed last: its data, or what is said of it.
    pub fn modified(&self) -> String {
        let since = self.parts.since;
        let last = self.parts.facts.spans.get("tutto").map(|span| span.last.as_str());
        let later = last.filter(|last| parsed(last) >= parsed(since));
        later.unwrap_or(since).to_owned()
    }

    /// The titles of a dataset by language.
    pub fn titles(&self, iri: &str) -> Names {
        let titles = self.graph.values(iri, dct::TITLE).iter().filter_map(|title| match title {
            Term::Literal(title) => Some((title.language()?.to_owned(), title.value().to_owned())),
            _ => None,
        });
        titles.collect()
    }

    /// States what a property of a file is, as a number or a code.
    pub fn typed(
        &mut self,
        subject: &str,
        property: NamedNodeRef<'_>,
        value: &str,
        datatype: NamedNodeRef<'_>,
    ) {
        self.graph.add(subject, property, Literal::new_typed_literal(value, datatype));
    }
}

fn named(name: &str, language: &str) -> Literal {
    if language.is_empty() {
        return Literal::new_simple_literal(name);
    }
    Literal::new_language_tagged_literal_unchecked(name, language)
}

fn parsed(at: &str) -> Option<jiff::Timestamp> {
    at.parse().ok()
}

/// The day of a moment in UTC.
fn day(at: &str) -> String {
    at.get(..10).unwrap_or(at).to_owned()
}
