//! The exported data described in the Vocabulary of Interlinked Datasets: how much there is of what,
//! and where to get it. Knows the numbers of an export; refuses to count and to write syntaxes.

use super::counts::{Counts, Tally};
use super::export::{Export, Part};
use crate::iri::{Base, spelled};
use crate::publish::hashing::mark;
use crate::vocab::{
    CANONICAL_ID, LICENCE_CC_BY, NATIONAL_TERRITORIES, ONTOLOGY, PREFIXES, dct, skos, void,
};
use oxigraph::model::vocab::{rdf, rdfs, xsd};
use oxigraph::model::{Literal, NamedNode, NamedNodeRef, Term, Triple};
use std::collections::BTreeMap;

/// Where the description stands. VoID, section 7.2, and RFC 8615.
const PLACE: &str = "/.well-known/void";
/// The sets of others that links lead to: a name, where their addresses begin, what they are called.
const OTHERS: [(&str, &str, [&str; 2]); 2] = [
    (
        "condivisi",
        CANONICAL_ID,
        [
            "Temi, destinatari e territori che i nodi condividono",
            "Themes, target groups and places that nodes share",
        ],
    ),
    (
        "territori-nazionali",
        NATIONAL_TERRITORIES,
        ["Classificazioni territoriali nazionali", "National territorial classifications"],
    ),
];

/// The description of an export.
pub fn description(base: &Base, export: &Export, counts: &Counts) -> Vec<Triple> {
    let mut writing = Writing { base, export, triples: Vec::new() };
    writing.document(counts);
    let whole = writing.whole(counts);
    for (kind, tally) in &counts.kinds {
        let set = writing.subset(&whole, &format!("tipo-{kind}"), &Part::Kind(kind.clone()));
        let title = spelled(kind);
        writing.texts(&set, dct::TITLE, [&title, &title]);
        writing.say(&set, void::URI_SPACE, Literal::new_simple_literal(base.record(kind, "")));
        writing.number(&set, void::ENTITIES, tally.records);
        writing.tally(&set, tally);
    }
    for (source, tally) in &counts.sources {
        let set = writing.subset(&whole, &format!("fonte-{source}"), &Part::Source(source.clone()));
        let title = spelled(source);
        writing.texts(&set, dct::TITLE, [&format!("Fonte: {title}"), &format!("Source: {title}")]);
        writing.say(&set, dct::SOURCE, base.graph(source));
        writing.number(&set, void::TRIPLES, tally.statements);
        writing.number(&set, void::ENTITIES, tally.records);
        // One graph and records apart: no subject is counted twice.
        writing.number(&set, void::DISTINCT_SUBJECTS, tally.subjects);
    }
    writing.triples
}

struct Writing<'a> {
    base: &'a Base,
    export: &'a Export,
    triples: Vec<Triple>,
}

impl Writing<'_> {
    fn say(&mut self, subject: &NamedNode, property: NamedNodeRef<'_>, object: impl Into<Term>) {
        self.triples.push(Triple::new(subject.clone(), property.into_owned(), object));
    }

    fn texts(&mut self, subject: &NamedNode, property: NamedNodeRef<'_>, texts: [&str; 2]) {
        for (text, language) in texts.into_iter().zip(["it", "en"]) {
            let text = Literal::new_language_tagged_literal_unchecked(text, language);
            self.say(subject, property, text);
        }
    }

    fn number(&mut self, subject: &NamedNode, property: NamedNodeRef<'_>, number: u64) {
        let number = Literal::new_typed_literal(number.to_string(), xsd::INTEGER);
        self.say(subject, property, number);
    }

    fn named(&self, fragment: &str) -> NamedNode {
        NamedNode::new_unchecked(self.base.join(&format!("{PLACE}#{fragment}")))
    }

    fn address(&self, path: &str) -> NamedNode {
        NamedNode::new_unchecked(self.base.join(path))
    }

    /// VoID, section 6.1.
    fn document(&mut self, counts: &Counts) {
        let document = self.address(PLACE);
        self.say(&document, rdf::TYPE, void::DATASET_DESCRIPTION.into_owned());
        self.texts(
            &document,
            dct::TITLE,
            ["Descrizione VoID dei dati di questo nodo", "VoID description of this node's data"],
        );
        self.modified(&document, counts);
        self.say(&document, void::PRIMARY_TOPIC, self.named("tutto"));
        // What other nodes plan their queries by.
        let summary = self.address("/federation/summary");
        self.say(&document, rdfs::SEE_ALSO, summary);
    }

    fn modified(&mut self, subject: &NamedNode, counts: &Counts) {
        let at = Literal::new_typed_literal(counts.at.as_str(), xsd::DATE_TIME);
        self.say(subject, dct::MODIFIED, at);
    }

    fn whole(&mut self, counts: &Counts) -> NamedNode {
        let set = self.named("tutto");
        self.about(&set, &Part::All);
        self.texts(
            &set,
            dct::TITLE,
            ["FamilyLab: tutti i dati di questo nodo", "FamilyLab: all data of this node"],
        );
        let seq = counts.seq;
        self.texts(
            &set,
            dct::DESCRIPTION,
            [
                &format!(
                    "Lo stato dopo la modifica numero {seq}, come nei file esportati. Si contano le \
                     affermazioni di ogni grafo delle fonti, del vocabolario e del territorio, ognuna \
                     nel suo grafo; ciò che è dedotto (graph/inferred) non è compreso, e nemmeno le \
                     schede trattenute perché hanno errori gravi. Le entità sono le schede di questo \
                     nodo: una scheda che due fonti descrivono conta due volte."
                ),
                &format!(
                    "The state after change number {seq}, as in the exported files. Counted are the \
                     statements of each graph of the sources, the vocabulary and the territory, each \
                     in its graph; what is inferred (graph/inferred) is not in it, nor are records \
                     that are kept back for grave faults. Entities are the records of this node: one \
                     that two sources describe counts twice."
                ),
            ],
        );
        self.modified(&set, counts);
        self.say(&set, void::URI_SPACE, Literal::new_simple_literal(self.base.id()));
        self.number(&set, void::ENTITIES, counts.entities);
        let search = self.address("/opensearch.xml");
        self.say(&set, void::OPEN_SEARCH_DESCRIPTION, search);
        let terms = [&counts.whole.classes, &counts.whole.properties];
        let terms: Vec<&String> = terms.into_iter().flatten().flat_map(BTreeMap::keys).collect();
        for (_, namespace) in PREFIXES {
            if terms.iter().any(|term| term.starts_with(namespace)) {
                self.say(&set, void::VOCABULARY, NamedNode::new_unchecked(namespace));
            }
        }
        self.say(&set, rdfs::SEE_ALSO, NamedNode::new_unchecked(ONTOLOGY));
        self.tally(&set, &counts.whole);
        self.links(&set, &counts.whole);
        set
    }

    fn subset(&mut self, whole: &NamedNode, fragment: &str, part: &Part) -> NamedNode {
        let set = self.named(fragment);
        self.say(whole, void::SUBSET, set.clone());
        self.about(&set, part);
        set
    }

    /// What is said of every set. VoID, sections 2.4, 3.2 and 3.3.
    fn about(&mut self, set: &NamedNode, part: &Part) {
        self.say(set, rdf::TYPE, void::DATASET.into_owned());
        self.say(set, dct::LICENSE, NamedNode::new_unchecked(LICENCE_CC_BY));
        let endpoint = self.address("/sparql");
        self.say(set, void::SPARQL_ENDPOINT, endpoint);
        let export = self.export;
        for file in export.of(part) {
            let dump = self.address(&format!("/dump/{}", file.name));
            self.say(set, void::DATA_DUMP, dump);
        }
    }

    /// The numbers of a set, by class and by property too. VoID, sections 4.5 and 4.6.
    fn tally(&mut self, set: &NamedNode, tally: &Tally) {
        self.number(set, void::TRIPLES, tally.statements);
        let classes = [void::CLASSES, void::CLASS_PARTITION, void::CLASS, void::ENTITIES];
        let properties =
            [void::PROPERTIES, void::PROPERTY_PARTITION, void::PROPERTY, void::TRIPLES];
        for (counts, terms) in [(&tally.classes, classes), (&tally.properties, properties)] {
            let Some(counts) = counts else { continue };
            let [total, partition, of, number] = terms;
            self.number(set, total, counts.len() as u64);
            for (term, count) in counts {
                let part = format!("{}-{:016x}", set.as_str(), mark(&format!("{of} {term}")));
                let part = NamedNode::new_unchecked(part);
                self.say(set, partition, part.clone());
                self.say(&part, rdf::TYPE, void::DATASET.into_owned());
                self.say(&part, of, NamedNode::new_unchecked(term));
                self.number(&part, number, *count);
            }
        }
    }

    /// The links to sets of others. VoID, section 5.
    fn links(&mut self, whole: &NamedNode, tally: &Tally) {
        for (name, space, texts) in OTHERS {
            let Some(links) = tally.links.get(space) else { continue };
            let (set, other) = (self.named(&format!("legami-{name}")), self.named(name));
            self.say(&other, rdf::TYPE, void::DATASET.into_owned());
            self.texts(&other, dct::TITLE, texts);
            self.say(&other, void::URI_SPACE, Literal::new_simple_literal(space));
            self.say(whole, void::SUBSET, set.clone());
            self.say(&set, rdf::TYPE, void::LINKSET.into_owned());
            self.say(&set, void::LINK_PREDICATE, skos::EXACT_MATCH.into_owned());
            self.say(&set, void::SUBJECTS_TARGET, whole.clone());
            self.say(&set, void::OBJECTS_TARGET, other);
            self.number(&set, void::TRIPLES, *links);
        }
    }
}
