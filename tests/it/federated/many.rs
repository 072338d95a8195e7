//! Plans over hundreds of sources: who is asked follows from their summaries, whatever their number.

use super::world::{node, parse, summary};
use familylab::engine::{Explanation, Federation, Options, Request, Rows, Source, Summary};
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::{NamedNode, Triple};
use std::sync::Arc;
use std::time::Instant;

const SOURCES: usize = 200;
const PREFIX: &str = "PREFIX s: <https://shared.example/ns#> PREFIX t: <https://shared.example/t/>";

/// A source that is planned for and never asked.
struct Planned {
    name: NamedNode,
    summary: Arc<Summary>,
}

impl Source for Planned {
    fn name(&self) -> &NamedNode {
        &self.name
    }

    fn summary(&self) -> Option<Arc<Summary>> {
        Some(Arc::clone(&self.summary))
    }

    fn ask(&self, request: Request) -> Rows {
        panic!("{request:?} is asked, where only a plan is wanted")
    }
}

/// What one administration holds: experiences with actors of its own, in places that all share.
fn triples(number: usize) -> Vec<Triple> {
    let own = |kind: &str, at: usize| format!("<https://n{number}.example/{kind}/{at}>");
    let mut turtle = PREFIX.replace("PREFIX", "\nPREFIX") + "\n";
    for at in 0..3 {
        let (experience, actor) = (own("id", at), own("attore", at));
        turtle += &format!(
            "{experience} a s:Experience ; s:title 't{at}' ; s:actor {actor} ; s:year {at} .
             {actor} a s:Actor ; s:name 'a{at}' ; s:place t:{at} . t:{at} s:label 'l{at}' .\n"
        );
        for predicate in 0..60 {
            turtle += &format!("{experience} s:p{predicate} t:{predicate}, {actor} .\n");
        }
    }
    if number == 7 {
        turtle += &format!("{} s:only 1 .", own("id", 0));
    }
    let quads = RdfParser::from_format(RdfFormat::Turtle).for_slice(&turtle).map(Result::unwrap);
    quads.map(|quad| Triple::new(quad.subject, quad.predicate, quad.object)).collect()
}

/// The plan of a query, with the time that it took for whoever reads what tests print.
fn plan(sources: &[Arc<dyn Source>], query: &str) -> Explanation {
    let query = parse(&format!("{PREFIX} {query}"));
    let start = Instant::now();
    let federation = Federation::new(sources.to_vec());
    let planned = federation.plan(&query, Options::default()).expect("a plan");
    println!("planned over {} sources in {:?}: {query}", sources.len(), start.elapsed());
    planned.explain()
}

#[test]
fn a_plan_over_hundreds_of_sources_asks_each_once_or_not_at_all() {
    let sources: Vec<Arc<dyn Source>> = (0..SOURCES)
        .map(|number| {
            let summary = summary(&triples(number));
            Arc::new(Planned { name: node(number), summary }) as Arc<dyn Source>
        })
        .collect();
    let own = plan(
        &sources,
        "SELECT * { ?e a s:Experience ; s:title ?t ; s:actor ?a ; s:p1 ?c ; s:p2 ?d .
                    ?a a s:Actor ; s:name ?n ; s:place ?l . OPTIONAL { ?e s:year ?y } }",
    );
    let step = &own.fragments[0];
    assert_eq!((step.operator, step.sources.len()), ("fetch", SOURCES), "{own}");
    let one = plan(&sources, "SELECT * { ?e s:only ?x ; s:title ?t ; s:actor/s:name ?n }");
    let step = &one.fragments[0];
    assert_eq!((step.operator, &step.sources), ("fetch", &vec![node(7).into_string()]), "{one}");
    assert!(one.pruned.len() >= 4 * (SOURCES - 1), "each is told for each pattern");
    // Places are shared, so their names may be anywhere.
    let shared = plan(
        &sources,
        "SELECT * { ?e a s:Experience ; s:actor ?a ; s:p1 ?c . ?a s:place ?l . ?l s:label ?n .
                    ?x s:p3 ?c ; s:title ?t ; s:year ?y . ?c s:label ?cn }",
    );
    assert_ne!(shared.fragments[0].operator, "fetch", "{shared}");
    let any = plan(&sources, "SELECT * { ?e ?p ?o . ?o ?q ?r . ?r s:label ?l }");
    assert!(!any.fragments.is_empty());
}
