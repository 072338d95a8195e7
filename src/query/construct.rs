//! CONSTRUCT as a SELECT whose solutions fill a template, in bounded memory: Oxigraph's own way
//! remembers a million triples to tell duplicates. SPARQL 1.1 Query Language, section 16.2.

use oxigraph::model::{BlankNode, Literal, NamedNode, NamedOrBlankNode, Term, Triple, Variable};
use oxigraph::sparql::{QueryEvaluationError, QuerySolution, QuerySolutionIter, QueryTripleIter};
use spargebra::Query;
use spargebra::algebra::GraphPattern;
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern};
use std::collections::{HashMap, HashSet};
use std::vec::IntoIter;

/// How much of the answer is remembered, in bytes, so as not to say it twice. Beyond this a triple
/// may come again, which makes no other graph.
const REMEMBERED: usize = 8 << 20;
/// What a remembered triple takes beside its texts, roughly.
const TRIPLE_BYTES: usize = 200;

/// What a CONSTRUCT makes of each solution.
pub(super) struct Template(Vec<TriplePattern>);

impl Template {
    /// Takes the template out of a CONSTRUCT and leaves a SELECT of what the template needs.
    pub fn take(query: &mut Query) -> Option<Self> {
        let Query::Construct { template, dataset, pattern, base_iri } = query else { return None };
        let template = Self(std::mem::take(template));
        let inner = Box::new(std::mem::take(pattern));
        *query = Query::Select {
            dataset: dataset.take(),
            pattern: GraphPattern::Project { inner, variables: template.variables() },
            base_iri: base_iri.take(),
        };
        Some(template)
    }

    /// The triples that the solutions make, as they come.
    pub fn fill<'a>(self, solutions: QuerySolutionIter<'a>) -> QueryTripleIter<'a> {
        QueryTripleIter::new(Filled {
            template: self.0,
            solutions,
            made: Vec::new().into_iter(),
            recent: Recent::default(),
        })
    }

    fn variables(&self) -> Vec<Variable> {
        let mut variables = Vec::new();
        self.0.iter().for_each(|triple| note_variables(triple, &mut variables));
        variables
    }
}

fn note_variables(triple: &TriplePattern, variables: &mut Vec<Variable>) {
    if let NamedNodePattern::Variable(variable) = &triple.predicate {
        note(variable, variables);
    }
    for term in [&triple.subject, &triple.object] {
        match term {
            TermPattern::Variable(variable) => note(variable, variables),
            TermPattern::Triple(triple) => note_variables(triple, variables),
            _ => {}
        }
    }
}

fn note(variable: &Variable, variables: &mut Vec<Variable>) {
    if !variables.contains(variable) {
        variables.push(variable.clone());
    }
}

struct Filled<'a> {
    template: Vec<TriplePattern>,
    solutions: QuerySolutionIter<'a>,
    /// What the last solution made.
    made: IntoIter<Triple>,
    recent: Recent,
}

impl Iterator for Filled<'_> {
    type Item = Result<Triple, QueryEvaluationError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            for triple in self.made.by_ref() {
                if self.recent.is_new(&triple) {
                    return Some(Ok(triple));
                }
            }
            let solution = match self.solutions.next()? {
                Ok(solution) => solution,
                Err(error) => return Some(Err(error)),
            };
            let mut filling = Filling { solution: &solution, fresh: HashMap::new() };
            let made: Vec<Triple> =
                self.template.iter().filter_map(|triple| filling.triple(triple)).collect();
            self.made = made.into_iter();
        }
    }
}

/// One solution in the place of the variables. Its blank nodes are its own.
struct Filling<'a> {
    solution: &'a QuerySolution,
    fresh: HashMap<&'a BlankNode, BlankNode>,
}

impl<'a> Filling<'a> {
    /// Nothing where a variable has no value, or where RDF allows no such triple.
    fn triple(&mut self, pattern: &'a TriplePattern) -> Option<Triple> {
        let subject: NamedOrBlankNode = self.term(&pattern.subject)?.try_into().ok()?;
        let predicate: NamedNode = match &pattern.predicate {
            NamedNodePattern::NamedNode(node) => node.clone(),
            NamedNodePattern::Variable(variable) => {
                self.solution.get(variable)?.clone().try_into().ok()?
            }
        };
        Some(Triple { subject, predicate, object: self.term(&pattern.object)? })
    }

    fn term(&mut self, pattern: &'a TermPattern) -> Option<Term> {
        Some(match pattern {
            TermPattern::NamedNode(node) => node.clone().into(),
            TermPattern::Literal(literal) => literal.clone().into(),
            TermPattern::Variable(variable) => self.solution.get(variable)?.clone(),
            TermPattern::BlankNode(node) => self.fresh.entry(node).or_default().clone().into(),
            TermPattern::Triple(triple) => Box::new(self.triple(triple)?).into(),
        })
    }
}

/// The triples that were handed over lately.
#[derive(Default)]
struct Recent {
    triples: HashSet<Triple>,
    bytes: usize,
}

impl Recent {
    fn is_new(&mut self, triple: &Triple) -> bool {
        if self.triples.contains(triple) {
            return false;
        }
        self.bytes += TRIPLE_BYTES + length(triple);
        if self.bytes > REMEMBERED {
            self.triples = HashSet::new();
            self.bytes = TRIPLE_BYTES + length(triple);
        }
        self.triples.insert(triple.clone());
        true
    }
}

/// How long the texts of a triple are together.
fn length(triple: &Triple) -> usize {
    let node = |node: &NamedOrBlankNode| match node {
        NamedOrBlankNode::NamedNode(node) => node.as_str().len(),
        NamedOrBlankNode::BlankNode(node) => node.as_str().len(),
    };
    let literal = |literal: &Literal| literal.value().len() + literal.datatype().as_str().len();
    let object = match &triple.object {
        Term::NamedNode(node) => node.as_str().len(),
        Term::BlankNode(node) => node.as_str().len(),
        Term::Literal(value) => literal(value),
        Term::Triple(triple) => length(triple),
    };
    node(&triple.subject) + triple.predicate.as_str().len() + object
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxigraph::sparql::{QueryResults, SparqlEvaluator};
    use oxigraph::store::Store;
    use spargebra::SparqlParser;

    fn constructed(text: &str) -> Vec<Triple> {
        let mut query = SparqlParser::new().parse_query(text).unwrap();
        let template = Template::take(&mut query).unwrap();
        let prepared = SparqlEvaluator::new().for_query(query);
        let store = Store::new().unwrap();
        let QueryResults::Solutions(solutions) = prepared.on_store(&store).execute().unwrap()
        else {
            panic!("no solutions");
        };
        template.fill(solutions).map(Result::unwrap).collect()
    }

    #[test]
    fn a_blank_node_of_the_template_is_another_one_in_each_solution() {
        let made = constructed(
            "CONSTRUCT { _:a <urn:p> ?x . _:a <urn:q> _:b } WHERE { VALUES ?x { 1 2 } }",
        );
        let subjects: HashSet<_> = made.iter().map(|triple| triple.subject.clone()).collect();
        assert_eq!((made.len(), subjects.len()), (4, 2));
        assert_eq!(made[0].subject, made[1].subject);
    }

    #[test]
    fn triples_that_are_illegal_or_lack_a_value_are_left_out() {
        let made = constructed(
            "CONSTRUCT { ?s ?p ?o } WHERE { VALUES (?s ?p ?o) {
             (1 <urn:p> 1) (<urn:s> 'p' 1) (<urn:s> <urn:p> UNDEF) (<urn:s> <urn:p> 'yes') } }",
        );
        assert_eq!(made.len(), 1);
    }

    #[test]
    fn a_triple_of_several_solutions_is_made_once() {
        let made = constructed(
            "CONSTRUCT { <urn:s> <urn:p> ?x , 'same' } WHERE { VALUES ?x { 1 1 2 3 } }",
        );
        assert_eq!(made.len(), 4);
    }

    #[test]
    fn an_order_and_a_limit_are_kept() {
        let made = constructed(
            "CONSTRUCT { <urn:s> <urn:p> ?y } WHERE { VALUES ?x { 1 3 2 } BIND (?x + 1 AS ?y) }
             ORDER BY DESC(?x) LIMIT 2",
        );
        let values: Vec<String> = made.iter().map(|triple| triple.object.to_string()).collect();
        let integer = "^^<http://www.w3.org/2001/XMLSchema#integer>";
        assert_eq!(values, [format!("\"4\"{integer}"), format!("\"3\"{integer}")]);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let node = NamedNode::new("urn:s").unwrap();
        let mut recent = Recent::default();
        for number in 0..200_000 {
            let triple = Triple::new(node.clone(), node.clone(), Literal::from(number));
            assert!(recent.is_new(&triple) && !recent.is_new(&triple));
            assert!(recent.bytes <= REMEMBERED);
        }
        assert!(recent.triples.len() < REMEMBERED / TRIPLE_BYTES);
    }
}
