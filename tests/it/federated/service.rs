//! SERVICE in a query over many sources: whom it calls, what that node is asked, what SILENT passes
//! over. What `SERVICE <node>` answers is held against what `GRAPH <node>` answers in one store.

use super::endpoint::{Endpoint, Manner};
use super::random::Chance;
use super::split::WAYS;
use super::world::{World, answer, node, parse, runtime, store, summary};
use familylab::engine::{EngineError, Federation, Options, Outcome, Source};
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::{NamedNode, Triple};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use spargebra::SparqlParser;
use std::collections::HashSet;
use std::sync::Arc;

const PREFIXES: &str = "PREFIX s: <https://shared.example/> PREFIX a: <https://n0.example/>
                        PREFIX b: <https://n1.example/> PREFIX c: <https://n2.example/> ";

fn endpoint(number: usize, turtle: &str, manner: Manner) -> Arc<Endpoint> {
    let text = format!("{}{turtle}", PREFIXES.replace("PREFIX", "\nPREFIX"));
    let quads = RdfParser::from_format(RdfFormat::Turtle).for_slice(&text).map(Result::unwrap);
    let triples = quads.map(|quad| Triple::new(quad.subject, quad.predicate, quad.object));
    let triples: Vec<Triple> = triples.collect();
    Arc::new(Endpoint::new(node(number), store(&triples), Some(summary(&triples)), manner))
}

/// Links and where to look, names, names at somebody who may fail.
fn three(manner: Manner) -> [Arc<Endpoint>; 3] {
    let links = "a:1 s:link b:1 ; s:at b: . a:2 s:link b:2 ; s:at c: .";
    let names = "b:1 s:name 'uno', 'due' ; s:at c: . b:2 s:name 'uno' .";
    [
        endpoint(0, links, Manner::Answers),
        endpoint(1, names, Manner::Answers),
        endpoint(2, "b:1 s:name 'tre' . b:2 s:name 'tre' .", manner),
    ]
}

fn ask(endpoints: &[Arc<Endpoint>], text: &str, partial: bool) -> Outcome<Vec<String>> {
    let sources = endpoints.iter().map(|endpoint| Arc::clone(endpoint) as Arc<dyn Source>);
    let federation = Federation::new(sources.collect());
    let query = parse(&format!("{PREFIXES}{text}"));
    let options = Options { partial, ..Options::default() };
    let outcome = answer(&runtime(), &federation, &query, options, &HashSet::new());
    outcome.expect("it can be planned")
}

fn rows(endpoints: &[Arc<Endpoint>], text: &str) -> usize {
    let outcome = ask(endpoints, text, false);
    outcome.value.unwrap_or_else(|error| panic!("{text}: {error}\n{}", outcome.explanation)).len()
}

fn asked(endpoint: &Endpoint) -> Vec<String> {
    endpoint.asked.lock().expect("no test holds it and panics").clone()
}

#[test]
fn a_service_is_asked_of_its_node_alone_for_what_joins_the_rest() {
    let endpoints = three(Manner::Answers);
    let text = "SELECT * { ?x s:link ?y SERVICE b: { ?y s:name ?n } }";
    assert_eq!(rows(&endpoints, text), 3);
    assert!(asked(&endpoints[2]).is_empty());
    let many: String = (0..20_000).map(|n| format!("b:{n} s:name 'n{n}' . ")).collect();
    let endpoints = [
        endpoint(0, "a:1 s:link b:7, b:8 .", Manner::Answers),
        endpoint(1, &many, Manner::Answers),
    ];
    let outcome = ask(&endpoints, text, false);
    assert_eq!(outcome.value.unwrap().len(), 2);
    assert_eq!(outcome.report.sources[1].rows, 2);
    assert!(asked(&endpoints[1])[0].contains("VALUES"));
}

#[test]
fn what_a_service_asks_reaches_its_node_as_it_was_written() {
    let endpoints = three(Manner::Answers);
    // Three names, of which two are alike.
    assert_eq!(rows(&endpoints, "SELECT ?n { SERVICE b: { SELECT ?n { ?y s:name ?n } } }"), 3);
    let count = "SELECT * { SERVICE b: { SELECT (COUNT(*) AS ?c) { ?y s:name ?n } } }";
    let outcome = ask(&endpoints, count, false);
    assert!(outcome.value.unwrap()[0].contains("\"3\""));
    assert!(outcome.explanation.to_string().contains("SERVICE <https://n1.example/>"));
    assert!(asked(&endpoints[1]).iter().any(|text| text.contains("COUNT")));
    assert!(asked(&endpoints[2]).is_empty());
}

#[test]
fn a_service_inside_another_is_called_by_this_node() {
    let endpoints = three(Manner::Answers);
    let text =
        "SELECT * { SERVICE b: { ?y s:name 'due' OPTIONAL { SERVICE c: { ?y s:name ?m } } } }";
    assert_eq!(ask(&endpoints, text, false).value.unwrap().len(), 1);
    assert_eq!(asked(&endpoints[2]).len(), 1);
    assert!(endpoints.iter().all(|endpoint| !asked(endpoint).join(" ").contains("SERVICE")));
}

#[test]
fn a_variable_calls_each_node_that_is_its_value_once() {
    let endpoints = three(Manner::Answers);
    let text = "SELECT * { ?x s:link ?y ; s:at ?node SERVICE ?node { ?y s:name ?n } }";
    assert_eq!(rows(&endpoints, text), 3);
    assert_eq!(asked(&endpoints[2]).len(), 1);
    let one = "SELECT * { a:2 s:at ?node SERVICE ?node { ?y s:name ?n } }";
    let before = asked(&endpoints[1]).len();
    assert_eq!(rows(&endpoints, one), 2);
    assert_eq!(asked(&endpoints[1]).len(), before, "nothing names it");
    let optional = "SELECT * { ?x s:at ?node OPTIONAL { SERVICE ?node { ?x s:name 'due' } } }";
    assert_eq!(rows(&endpoints, optional), 3);
    // Nothing gives it values, so it is any node.
    assert_eq!(rows(&endpoints, "SELECT * { SERVICE ?node { ?y s:name 'tre' } }"), 2);
}

#[test]
fn who_is_on_no_list_is_not_called_and_silent_does_not_hide_it() {
    let endpoints = three(Manner::Answers);
    let sources = endpoints.iter().map(|endpoint| Arc::clone(endpoint) as Arc<dyn Source>);
    let federation = Federation::new(sources.collect());
    for text in ["SERVICE <urn:x> { ?s ?p ?o }", "?s ?p ?o SERVICE SILENT <urn:x> { ?s ?p ?o }"] {
        let query = parse(&format!("SELECT * {{ {text} }}"));
        match federation.plan(&query, Options::default()).err() {
            Some(EngineError::Unlisted(name)) => assert_eq!(name, "<urn:x>"),
            other => panic!("{text}: {other:?}"),
        }
    }
    assert!(endpoints.iter().all(|endpoint| asked(endpoint).is_empty()));
    let values = "SELECT * { VALUES ?node { b: <urn:x> } SERVICE ?node { b:1 s:name ?n } }";
    let outcome = ask(&endpoints, values, false);
    assert!(matches!(outcome.value, Err(EngineError::Unlisted(name)) if name == "<urn:x>"));
    // Where it is the data that names it, one solution stands for it, and the report says so.
    let outcome = ask(&endpoints, &values.replace("SERVICE", "SERVICE SILENT"), false);
    assert_eq!(outcome.value.unwrap().len(), 3);
    assert_eq!((outcome.report.unlisted, outcome.report.complete), (vec!["<urn:x>".into()], false));
}

#[test]
fn a_value_that_names_nobody_is_told_wherever_it_comes_from() {
    for text in [
        "VALUES ?g { <urn:x> UNDEF } SERVICE ?g { ?y s:name 'tre' }",
        "VALUES ?g { <urn:x> } FILTER NOT EXISTS { SERVICE ?g { ?y s:name 'tre' } }",
    ] {
        let outcome = ask(&three(Manner::Answers), &format!("SELECT * {{ {text} }}"), false);
        match outcome.value {
            Err(EngineError::Unlisted(name)) => assert_eq!(name, "<urn:x>"),
            other => panic!("{text}: {other:?}"),
        }
    }
    let unbound = "SELECT * { VALUES ?g { UNDEF } SERVICE ?g { ?y s:name 'tre' } }";
    assert_eq!(rows(&three(Manner::Answers), unbound), 2, "each node is called once");
    let address =
        "SELECT * { VALUES ?g { <https://n2.example/sparql> } SERVICE ?g { ?y s:name ?n } }";
    assert_eq!(rows(&three(Manner::Answers), address), 2);
}

#[test]
fn no_node_is_sent_a_service_that_it_would_call_for_others() {
    let endpoints = three(Manner::Answers);
    let sources = endpoints.iter().map(|endpoint| Arc::clone(endpoint) as Arc<dyn Source>);
    let federation = Federation::new(sources.collect());
    let inner = "SERVICE <http://10.0.0.1/x> { ?s ?p ?o }";
    for text in [
        format!("SERVICE SILENT b: {{ {inner} }}"),
        format!("?x s:at ?g SERVICE ?g {{ ?s ?p ?o {inner} }}"),
        format!("SERVICE b: {{ ?s ?p ?o FILTER EXISTS {{ {inner} }} }}"),
        format!("SERVICE b: {{ GRAPH ?g {{ {inner} }} }}"),
    ] {
        let query = parse(&format!("{PREFIXES} SELECT * {{ {text} }}"));
        let refused = federation.plan(&query, Options::default()).err();
        assert!(matches!(refused, Some(EngineError::Nested)), "{text}: {refused:?}");
    }
}

#[test]
fn who_is_called_by_name_is_asked_whatever_was_known_of_it() {
    let triples = [Triple::new(
        NamedNode::new_unchecked("https://n0.example/1"),
        NamedNode::new_unchecked("https://shared.example/new"),
        NamedNode::new_unchecked("https://n0.example/2"),
    )];
    let old = Some(summary(&[]));
    let endpoint = Arc::new(Endpoint::new(node(0), store(&triples), old, Manner::Answers));
    let endpoints = [endpoint];
    assert_eq!(rows(&endpoints, "SELECT * { SERVICE a: { ?x s:new ?y } }"), 1);
    assert_eq!(rows(&endpoints, "SELECT * { ?x s:new ?y }"), 0, "the summary rules it out");
}

#[test]
fn what_is_looked_up_for_each_row_is_asked_of_its_node_twice_at_most() {
    let endpoints = three(Manner::Answers);
    let text = "SELECT * { ?y s:name ?n FILTER NOT EXISTS
                  { SERVICE a: { { ?x s:link ?y } UNION { ?x s:at ?y } } } }";
    assert_eq!(rows(&endpoints, text), 0);
    let calls = asked(&endpoints[0]).iter().filter(|text| text.contains("UNION")).count();
    assert!((1..=2).contains(&calls), "{calls} calls");
}

#[test]
fn silent_passes_over_a_node_that_fails_and_nothing_else_does() {
    let node = "https://n2.example/";
    for (manner, name) in [(Manner::Refuses, "c:"), (Manner::BreaksOff, "c:")] {
        for called in [name, "?node"] {
            let endpoints = three(manner);
            let text = format!(
                "SELECT * {{ VALUES ?node {{ c: }} b:1 s:at ?node SERVICE {called} {{ ?y s:name ?n }} }}"
            );
            match ask(&endpoints, &text, false).value {
                Err(EngineError::Wrong { node: missing, .. }) => assert_eq!(missing.as_str(), node),
                other => panic!("{manner:?} {text}: {other:?}"),
            }
            let silent = ask(&endpoints, &text.replace("SERVICE", "SERVICE SILENT"), false);
            let rows = silent.value.unwrap();
            // None of what came before it broke off is left.
            assert_eq!(rows.len(), 1, "{manner:?} {text}: {rows:?}");
            assert!(!rows[0].contains("?n="), "{rows:?}");
            let failed = &silent.report.sources[2];
            assert!(failed.node == node && failed.failed.is_some() && !silent.report.complete);
            let partial = ask(&endpoints, &text, true);
            assert!(partial.value.is_ok() && !partial.report.complete);
        }
    }
    // What SILENT passed over once is still missing where it must not be.
    let text = "SELECT * { SERVICE SILENT c: { ?y s:name ?n } MINUS { ?y s:name 'tre' } }";
    assert!(matches!(
        ask(&three(Manner::Refuses), text, false).value,
        Err(EngineError::Wrong { .. })
    ));
    // Another node that is missing makes the answer shorter, not wrong.
    let others = "SELECT * { ?y s:name ?n SERVICE a: { ?x s:link ?y } }";
    let outcome = ask(&three(Manner::Refuses), others, false);
    assert_eq!((outcome.value.unwrap().len(), outcome.report.complete), (3, false));
}

/// Whether one GRAPH stands in another: such a SERVICE is for the node that is called. And whether
/// MINUS stands in GRAPH with a variable, which Oxigraph takes to be bound in there (known.toml).
fn means_another_thing(text: &str) -> bool {
    text.match_indices("GRAPH ").any(|(at, _)| {
        let mut depth = 0;
        let end = text[at..].find(|character| {
            depth += i32::from(character == '{') - i32::from(character == '}');
            character == '}' && depth == 0
        });
        let end = at + end.expect("groups are closed");
        let inside = &text[at + 1..end];
        inside.contains("GRAPH ") || text[at..].starts_with("GRAPH ?") && inside.contains("MINUS")
    })
}

#[test]
fn random_queries_call_nodes_as_one_store_reads_their_graphs() {
    let (runtime, mut compared, mut with_rows) = (runtime(), 0, 0);
    for seed in 1..=1200 {
        let mut chance = Chance(ChaCha8Rng::seed_from_u64(seed));
        let (triples, count) = (chance.triples(45), 1 + chance.below(4));
        let way = WAYS[chance.below(WAYS.len())];
        let world = World::split(&triples, count, way, &mut |end| chance.below(end));
        let mut text = chance.query();
        for number in count..6 {
            let name = |number: usize| format!("GRAPH <https://n{number}.example/>");
            text = text.replace(&name(number), &name(number % count));
        }
        // The parser of Oxigraph does not count the variable of SERVICE among those of `*`.
        let text = text.replace(" * {", " ?a ?b ?c ?d ?e ?g {");
        if !text.contains("GRAPH ") || means_another_thing(&text) {
            continue;
        }
        let parsed = SparqlParser::new().parse_query(&text).unwrap();
        let expected = world.expected(&parsed);
        if expected.len() > 20_000 {
            continue;
        }
        let calling = text.replace("GRAPH ", "SERVICE ");
        let query = SparqlParser::new().parse_query(&calling).unwrap();
        let options = Options::default();
        let got = answer(&runtime, &world.federation(), &query, options, &world.blank_nodes);
        let outcome = got.unwrap_or_else(|error| panic!("seed {seed}: {error} in {calling}"));
        let shown = outcome.explanation.to_string();
        let got = outcome.value.unwrap_or_else(|error| panic!("seed {seed}: {error}\n{shown}"));
        assert_eq!(got, expected, "seed {seed}, {count} sources by {way:?}\n{calling}\n{shown}");
        compared += 1;
        with_rows += usize::from(!got.is_empty());
    }
    assert!(compared > 80 && with_rows > 20, "{compared} compared, {with_rows} with rows");
}
