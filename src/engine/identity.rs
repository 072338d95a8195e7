//! What a query names, also by the names that others have for it: each end of a pattern that is named
//! may be any of them. Refuses to know which names mean the same.

use super::normal::fresh;
use crate::sparql::{Inner, children, parts, pattern_of};
use oxigraph::model::{NamedNode, Variable};
use serde::Serialize;
use spargebra::Query;
use spargebra::algebra::{Expression, GraphPattern};
use spargebra::term::{GroundTerm, TermPattern};
use std::collections::{BTreeMap, BTreeSet};

/// Another name for a thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OtherName {
    pub iri: String,
    /// Who says that it is the same.
    pub by: String,
}

/// The other names of things, by their IRIs.
pub type Identity = BTreeMap<String, Vec<OtherName>>;

/// The subjects and objects that the patterns of a query name.
pub fn ends_named(query: &Query) -> BTreeSet<NamedNode> {
    let (mut query, mut named) = (query.clone(), BTreeSet::new());
    leaves(pattern_of(&mut query), &mut |leaf| {
        ends(leaf, &mut |end| {
            if let TermPattern::NamedNode(node) = end {
                named.insert(node.clone());
            }
        });
    });
    named
}

/// Lets each end of a pattern that has other names be any of them. Each end is one by itself: what two
/// nodes say of a thing need not be said by the same name.
pub(super) fn rename(query: &mut Query, identity: &Identity) {
    if identity.is_empty() {
        return;
    }
    let (prefix, mut number) = (fresh(query, "same_"), 0);
    leaves(pattern_of(query), &mut |leaf| {
        let mut tables = Vec::new();
        ends(leaf, &mut |end| {
            let TermPattern::NamedNode(node) = end else { return };
            let Some(others) = identity.get(node.as_str()) else { return };
            let variable = Variable::new_unchecked(format!("{prefix}{number}"));
            number += 1;
            let others = others.iter().map(|other| NamedNode::new_unchecked(&other.iri));
            let names = std::iter::once(node.clone()).chain(others);
            tables.push(GraphPattern::Values {
                variables: vec![variable.clone()],
                bindings: names.map(|name| vec![Some(GroundTerm::NamedNode(name))]).collect(),
            });
            *end = variable.into();
        });
        for table in tables {
            let right = Box::new(std::mem::take(leaf));
            *leaf = GraphPattern::Join { left: Box::new(table), right };
        }
    });
}

/// Does something with every pattern of triples and every path, wherever it stands.
fn leaves(pattern: &mut GraphPattern, change: &mut dyn FnMut(&mut GraphPattern)) {
    if matches!(pattern, GraphPattern::Bgp { .. } | GraphPattern::Path { .. }) {
        return change(pattern);
    }
    parts(pattern, &mut |inner| match inner {
        Inner::Pattern(inner) => leaves(inner, change),
        Inner::Expression(inner) => within(inner, change),
    });
}

fn within(expression: &mut Expression, change: &mut dyn FnMut(&mut GraphPattern)) {
    children(expression, &mut |inner| match inner {
        Inner::Expression(inner) => within(inner, change),
        Inner::Pattern(inner) => leaves(inner, change),
    });
}

fn ends(leaf: &mut GraphPattern, change: &mut dyn FnMut(&mut TermPattern)) {
    match leaf {
        GraphPattern::Bgp { patterns } => {
            for triple in patterns {
                change(&mut triple.subject);
                change(&mut triple.object);
            }
        }
        GraphPattern::Path { subject, object, .. } => {
            change(subject);
            change(object);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use spargebra::SparqlParser;

    fn renamed(text: &str) -> String {
        let mut query = SparqlParser::new().parse_query(text).unwrap();
        let other = OtherName { iri: "http://b/x".to_owned(), by: "us".to_owned() };
        rename(&mut query, &Identity::from([("http://a/x".to_owned(), vec![other])]));
        query.to_string()
    }

    #[test]
    fn each_end_that_is_named_may_be_any_of_its_names() {
        let same = |one: &str, other: &str| {
            let query = |text: &str| SparqlParser::new().parse_query(text).unwrap().to_string();
            assert_eq!(renamed(one), query(other));
        };
        same(
            "SELECT ?s { ?s <http://a/x> <http://a/x> }",
            "SELECT ?s { VALUES ?same_0 { <http://a/x> <http://b/x> } ?s <http://a/x> ?same_0 }",
        );
        same(
            "SELECT ?s ?same_0 { ?s a ?same_0 FILTER NOT EXISTS { <http://a/x> <http://p>* ?s } }",
            "SELECT ?s ?same_0 { ?s a ?same_0 FILTER NOT EXISTS { \
             VALUES ?same__0 { <http://a/x> <http://b/x> } ?same__0 <http://p>* ?s } }",
        );
        same("SELECT ?s { ?s <http://p> 1 }", "SELECT ?s { ?s <http://p> 1 }");
    }

    #[test]
    fn only_ends_are_named() {
        let text = "SELECT * { GRAPH <http://g> { ?s <http://p> <http://o> } \
                    FILTER(?s = <http://f> || EXISTS { <http://e> <http://q>+ ?s }) }";
        let query = SparqlParser::new().parse_query(text).unwrap();
        let named: Vec<String> = ends_named(&query).into_iter().map(|it| it.to_string()).collect();
        assert_eq!(named, ["<http://e>", "<http://o>"]);
    }
}
