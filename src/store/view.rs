//! Quads as SPARQL patterns are matched against them where Oxigraph's own way will not do: in a
//! transaction as it stands, or in the whole store but one graph. Knows no query.

use oxigraph::model::{GraphName, NamedNode, NamedOrBlankNode, Quad, Term};
use oxigraph::store::{StorageError, Store, Transaction};
use spareval::{InternalQuad, QueryableDataset};

/// What patterns are matched against.
#[derive(Clone)]
pub struct View<'a> {
    source: Source<'a>,
    hidden: Option<GraphName>,
}

#[derive(Clone)]
enum Source<'a> {
    Transaction(&'a Transaction<'a>),
    Store(Store),
}

impl<'a> View<'a> {
    /// A transaction with what has been done in it.
    pub fn of(transaction: &'a Transaction<'a>) -> Self {
        Self { source: Source::Transaction(transaction), hidden: None }
    }

    /// Everything in the store.
    pub fn whole(store: Store) -> Self {
        Self { source: Source::Store(store), hidden: None }
    }

    /// Everything in the store but what is in one graph.
    pub fn without(store: Store, hidden: NamedNode) -> Self {
        Self { source: Source::Store(store), hidden: Some(hidden.into()) }
    }

    /// The quads that match, from every graph or from one.
    pub fn quads(
        &self,
        subject: Option<&NamedOrBlankNode>,
        predicate: Option<&NamedNode>,
        object: Option<&Term>,
        graph: Option<&GraphName>,
    ) -> Box<dyn Iterator<Item = Result<Quad, StorageError>> + 'a> {
        let (subject, predicate) =
            (subject.map(NamedOrBlankNode::as_ref), predicate.map(NamedNode::as_ref));
        let (object, graph) = (object.map(Term::as_ref), graph.map(GraphName::as_ref));
        let quads: Box<dyn Iterator<Item = _> + 'a> = match &self.source {
            Source::Transaction(transaction) => {
                Box::new(transaction.quads_for_pattern(subject, predicate, object, graph))
            }
            Source::Store(store) => {
                Box::new(store.quads_for_pattern(subject, predicate, object, graph))
            }
        };
        let Some(hidden) = self.hidden.clone() else { return quads };
        Box::new(quads.filter(move |quad| !matches!(quad, Ok(quad) if quad.graph_name == hidden)))
    }
}

impl<'a> QueryableDataset<'a> for View<'a> {
    type InternalTerm = Term;
    type Error = StorageError;

    fn internal_quads_for_pattern(
        &self,
        subject: Option<&Term>,
        predicate: Option<&Term>,
        object: Option<&Term>,
        graph_name: Option<Option<&Term>>,
    ) -> impl Iterator<Item = Result<InternalQuad<Term>, StorageError>> + use<'a> {
        let subject = subject.map(subject_of);
        let predicate = predicate.map(predicate_of);
        let graph = graph_name.map(|name| name.map_or(Some(GraphName::DefaultGraph), graph_of));
        // A term that cannot stand in its place matches nothing.
        let impossible = matches!(subject, Some(None))
            || matches!(predicate, Some(None))
            || matches!(graph, Some(None));
        let (subject, predicate) = (subject.flatten(), predicate.flatten());
        let any_named = graph.is_none();
        let graph = graph.flatten();
        let quads = (!impossible)
            .then(|| self.quads(subject.as_ref(), predicate.as_ref(), object, graph.as_ref()));
        quads.into_iter().flatten().filter_map(move |quad| match quad {
            Ok(quad) if any_named && quad.graph_name.is_default_graph() => None,
            Ok(quad) => Some(Ok(InternalQuad {
                subject: quad.subject.into(),
                predicate: quad.predicate.into(),
                object: quad.object,
                graph_name: match quad.graph_name {
                    GraphName::NamedNode(node) => Some(node.into()),
                    GraphName::BlankNode(node) => Some(node.into()),
                    GraphName::DefaultGraph => None,
                },
            })),
            Err(error) => Some(Err(error)),
        })
    }

    fn internalize_term(&self, term: Term) -> Result<Term, StorageError> {
        Ok(term)
    }

    fn externalize_term(&self, term: Term) -> Result<Term, StorageError> {
        Ok(term)
    }
}

fn subject_of(term: &Term) -> Option<NamedOrBlankNode> {
    match term {
        Term::NamedNode(node) => Some(node.clone().into()),
        Term::BlankNode(node) => Some(node.clone().into()),
        _ => None,
    }
}

fn predicate_of(term: &Term) -> Option<NamedNode> {
    match term {
        Term::NamedNode(node) => Some(node.clone()),
        _ => None,
    }
}

fn graph_of(term: &Term) -> Option<GraphName> {
    subject_of(term).map(Into::into)
}
