//! What the graph of a peer says of itself: from where it was taken over, when, by which run. PROV-O,
//! sections 3.1 and 3.2. Never inside somebody's record.

use crate::store::{Entry, Triples};
use crate::vocab::{prov, version};
use jiff::Timestamp;
use oxigraph::model::vocab::{rdf, xsd};
use oxigraph::model::{LiteralRef, NamedNodeRef, TermRef, TripleRef};

/// Where the records of a peer come from.
#[derive(Debug, Clone)]
pub(super) struct Origin {
    /// The graph that they go to.
    pub graph: String,
    /// The address that is asked.
    pub source: String,
    /// The node that asks.
    pub node: String,
    pub started: Timestamp,
}

impl Origin {
    /// The record in which the graph speaks of itself, as of now; with the number of the peer's last
    /// change where it is known.
    pub fn entry(&self, now: Timestamp, number: Option<u64>) -> Entry {
        let run = format!("{}#harvest", self.graph);
        let graph = NamedNodeRef::new_unchecked(&self.graph);
        let run = NamedNodeRef::new_unchecked(&run);
        let source = NamedNodeRef::new_unchecked(&self.source);
        let node = NamedNodeRef::new_unchecked(&self.node);
        let (started, now) = (self.started.to_string(), now.to_string());
        let moment = |text| LiteralRef::new_typed_literal(text, xsd::DATE_TIME);
        let number = number.map(|number| number.to_string());
        let mut said: Vec<(NamedNodeRef<'_>, NamedNodeRef<'_>, TermRef<'_>)> = vec![
            (graph, rdf::TYPE, prov::ENTITY.into()),
            (graph, prov::WAS_DERIVED_FROM, source.into()),
            (graph, prov::WAS_GENERATED_BY, run.into()),
            (graph, version::GENERATED_AT, moment(&now).into()),
            (run, rdf::TYPE, prov::ACTIVITY.into()),
            (run, prov::USED, source.into()),
            (run, prov::STARTED_AT, moment(&started).into()),
            (run, prov::WAS_ASSOCIATED_WITH, node.into()),
        ];
        if let Some(number) = &number {
            let number = LiteralRef::new_typed_literal(number, xsd::INTEGER);
            said.push((graph, version::NUMBER, number.into()));
        }
        let triples = said.into_iter().map(|(subject, predicate, object)| TripleRef {
            subject: subject.into(),
            predicate,
            object,
        });
        Entry::put(self.graph.as_str(), self.graph.as_str(), Triples::from_triples(triples))
    }
}
