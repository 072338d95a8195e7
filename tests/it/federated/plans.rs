//! What is asked of whom: as little as a person would ask who knows what the sources hold.

use super::endpoint::{Endpoint, Manner};
use super::world::{answer, node, parse, runtime, store, summary};
use familylab::engine::{Federation, Options, Outcome, Source};
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::Triple;
use std::collections::HashSet;
use std::sync::Arc;

const PREFIXES: &str = "PREFIX s: <https://shared.example/> PREFIX a: <https://n0.example/id/>
                        PREFIX b: <https://n1.example/id/> PREFIX c: <https://n2.example/id/>
                        PREFIX d: <https://n3.example/id/> ";

/// The prefixes of what the sources hold, by their numbers.
const PLACES: [&str; 4] = ["a", "b", "c", "d"];

fn triples(turtle: &str) -> Vec<Triple> {
    let text = format!("{}{turtle}", PREFIXES.replace("PREFIX", "\nPREFIX"));
    let quads = RdfParser::from_format(RdfFormat::Turtle).for_slice(&text).map(Result::unwrap);
    quads.map(|quad| Triple::new(quad.subject, quad.predicate, quad.object)).collect()
}

fn endpoints(parts: &[&str], manner: Manner) -> Vec<Arc<Endpoint>> {
    let endpoint = |(number, turtle): (usize, &&str)| {
        let triples = triples(turtle);
        let known = Some(summary(&triples));
        Arc::new(Endpoint::new(node(number), store(&triples), known, manner))
    };
    parts.iter().enumerate().map(endpoint).collect()
}

fn ask(endpoints: &[Arc<Endpoint>], text: &str) -> Outcome<Vec<String>> {
    let sources = endpoints.iter().map(|endpoint| Arc::clone(endpoint) as Arc<dyn Source>);
    let federation = Federation::new(sources.collect());
    let query = parse(&format!("{PREFIXES}{text}"));
    let outcome = answer(&runtime(), &federation, &query, Options::default(), &HashSet::new());
    outcome.expect("it can be planned")
}

fn requests(outcome: &Outcome<Vec<String>>) -> Vec<u64> {
    outcome.report.sources.iter().map(|source| source.requests).collect()
}

const EXPERIENCES: [&str; 3] = [
    "a:1 a s:Experience ; s:title 'uno' ; s:year 2020 . a:2 a s:Experience ; s:title 'due' .",
    "b:1 a s:Experience ; s:title 'tre' ; s:year 2021 .",
    "s:theme1 s:label 'tema' . c:1 s:about s:theme1 .",
];

#[test]
fn what_joins_within_one_source_is_asked_as_one_question() {
    let endpoints = endpoints(&EXPERIENCES, Manner::Answers);
    let text = "SELECT * { ?e a s:Experience ; s:title ?t . OPTIONAL { ?e s:year ?y }
                           FILTER (?t != 'due') }";
    let outcome = ask(&endpoints, text);
    assert_eq!(outcome.value.as_ref().unwrap().len(), 2);
    assert_eq!(requests(&outcome), [1, 1, 0]);
    let skipped = outcome.report.sources[2].skipped.as_deref().unwrap();
    assert!(skipped.contains("Experience") || skipped.contains("title"), "{skipped}");
    assert!(endpoints[0].asked.lock().unwrap()[0].contains("OPTIONAL"));
    let plan = &outcome.explanation.fragments[0];
    assert_eq!((plan.operator, plan.done.as_ref().unwrap().rows), ("fetch", 2));
    assert!(outcome.explanation.to_string().contains("not asked: https://n2.example/"));
}

#[test]
fn a_triple_that_two_sources_hold_counts_once() {
    let endpoints = endpoints(&["s:x s:p 1, 2 .", "s:x s:p 2, 3 ."], Manner::Answers);
    let outcome = ask(&endpoints, "SELECT ?x { ?x s:p ?n }");
    assert_eq!(outcome.value.unwrap().len(), 3);
    let outcome = ask(&endpoints, "SELECT (COUNT(*) AS ?n) { ?x s:p ?n . ?x s:p ?m }");
    assert!(outcome.value.unwrap()[0].contains("\"9\""));
}

#[test]
fn a_graph_is_a_node_and_a_node_is_chosen_by_from() {
    let endpoints = endpoints(&["s:x s:p 1, 2 .", "s:x s:p 2, 3 ."], Manner::Answers);
    let outcome = ask(&endpoints, "SELECT ?g { GRAPH ?g { s:x s:p 2 } }");
    let names = ["?g=<https://n0.example/>", "?g=<https://n1.example/>"];
    assert_eq!(outcome.value.unwrap(), names);
    let outcome = ask(&endpoints, "SELECT * { GRAPH <https://n1.example/> { s:x s:p ?n } }");
    assert_eq!((outcome.value.as_ref().unwrap().len(), requests(&outcome)), (2, vec![0, 1]));
    let outcome = ask(&endpoints, "SELECT * FROM <https://n0.example/> { s:x s:p ?n }");
    assert_eq!((outcome.value.as_ref().unwrap().len(), requests(&outcome)), (2, vec![1, 0]));
}

#[test]
fn what_is_asked_of_another_node_is_not_asked_where_it_is_looked_for() {
    let parts = ["a:1 s:name 'uno' .", "b:1 s:name 'altro' ."];
    let endpoints = endpoints(&parts, Manner::Answers);
    let ask = |inside: &str| {
        ask(
            &endpoints,
            &format!("SELECT * {{ GRAPH <{}> {{ ?x s:name ?n }} {inside} }}", node(0).as_str()),
        )
    };
    let other = format!("GRAPH <{}> {{ ?x s:name ?m }}", node(1).as_str());
    let outcome = ask(&format!("OPTIONAL {{ {other} }}"));
    let rows = outcome.value.unwrap();
    assert!(rows.len() == 1 && !rows[0].contains("?m"), "{rows:?}");
    let outcome = ask(&format!("FILTER NOT EXISTS {{ {other} }}"));
    assert_eq!(outcome.value.unwrap().len(), 1);
    let outcome = ask(&format!("MINUS {{ {other} }}"));
    assert_eq!(outcome.value.unwrap().len(), 1);
}

#[test]
fn what_stands_inside_exists_for_a_value_of_the_row_is_that_value() {
    for inside in ["MINUS { ?b s:last ?d }", "FILTER NOT EXISTS { ?b s:last ?d }"] {
        for (last, count) in [("a:8", 0), ("a:9", 1)] {
            let first = format!("a:1 s:first a:9 . a:2 s:last {last} .");
            let endpoints = endpoints(&[&first, "a:1 s:middle a:2 ."], Manner::Answers);
            let text = format!(
                "SELECT * {{ ?a s:first ?d FILTER NOT EXISTS {{ ?a s:middle ?b {inside} }} }}"
            );
            let outcome = ask(&endpoints, &text);
            assert_eq!(outcome.value.unwrap().len(), count, "{inside} {last}");
        }
    }
}

/// Few links at one source, many things with names at another.
fn linked() -> [String; 2] {
    let links: String = (0..40).map(|n| format!("a:{n} s:link b:{n} . ")).collect();
    let named: String = (0..20_000).map(|n| format!("b:{n} s:name 'n{n}' . ")).collect();
    [links, named]
}

#[test]
fn a_small_side_is_sent_to_a_large_one_as_values() {
    let [links, named] = linked();
    let endpoints = endpoints(&[&links, &named], Manner::Answers);
    let outcome = ask(&endpoints, "SELECT * { ?x s:link ?y . ?y s:name ?n }");
    assert_eq!(outcome.value.as_ref().unwrap().len(), 40);
    assert_eq!(outcome.report.sources[1].rows, 40);
    assert!(requests(&outcome)[1] <= 3, "{:?}", requests(&outcome));
    assert_eq!(outcome.explanation.fragments[0].operator, "bound join");
    let outcome = ask(&endpoints, "SELECT * { ?x s:link ?y OPTIONAL { ?y s:name ?n } }");
    assert_eq!(outcome.value.as_ref().unwrap().len(), 40);
    assert_eq!(outcome.report.sources[1].rows, 40);
}

#[test]
fn each_source_is_sent_only_its_own_values_all_of_them_at_once() {
    let parts: Vec<String> = (0..4)
        .map(|own| {
            let links =
                (0..200).map(|n| format!("{}:{n} s:link {}:{n} . ", PLACES[own], PLACES[n % 4]));
            let names = (0..20_000).map(|n| format!("{}:{n} s:name 'n{n}' . ", PLACES[own]));
            links.chain(names).collect()
        })
        .collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let endpoints = endpoints(&parts, Manner::Answers);
    let text = "SELECT * { ?x s:link ?y . ?y s:name ?n }";
    let outcome = ask(&endpoints, text);
    assert_eq!(outcome.value.as_ref().unwrap().len(), 800);
    assert_eq!(requests(&outcome), [2; 4], "{}", outcome.explanation);
    // Where a few are enough, a few are asked for.
    let outcome = ask(&endpoints, &format!("{text} LIMIT 3"));
    assert_eq!(outcome.value.as_ref().unwrap().len(), 3);
    let values = |text: &String| text.matches("/id/").count();
    // Links and names of the first query, links of the second, then names.
    let first = |it: &Arc<Endpoint>| it.asked.lock().unwrap().get(3).map_or(0, values);
    let first: Vec<usize> = endpoints.iter().map(first).collect();
    assert!(first.iter().all(|count| *count <= 16), "{first:?}");
    assert!(first.iter().sum::<usize>() > 0, "{first:?}");
}

#[test]
fn a_source_that_sorts_as_this_node_does_sends_only_the_first_of_its_rows() {
    let dated = |own: usize| -> String {
        let place = PLACES[own];
        let of = |n: usize| {
            format!(
                "{place}:{n} s:day {}, 'x{own}' . {place}:{n} s:title 't' . ",
                n * 7 % 1_000 * 3 + own
            )
        };
        (0..1_000).map(of).collect()
    };
    let parts = [0, 1, 2].map(dated);
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let text =
        "SELECT ?e ?d { ?e s:day ?d ; s:title ?t OPTIONAL { ?e s:none ?n } FILTER (?t = 't') }
                ORDER BY DESC(?d) ?e OFFSET 2 LIMIT 5";
    let whole = endpoints(&parts, Manner::Answers);
    let (all, first) = (ask(&whole, text), ask(&endpoints(&parts, Manner::Sorts), text));
    let rows = |outcome: &Outcome<Vec<String>>| -> u64 {
        outcome.report.sources.iter().map(|source| source.rows).sum()
    };
    assert_eq!((rows(&all), rows(&first)), (6_000, 21), "{}", first.explanation);
    assert_eq!(first.value.as_ref().unwrap().len(), 5);
    assert_eq!(all.value.unwrap(), first.value.unwrap());
    let few = endpoints(&["a:1 s:day 1, 2 . a:2 s:day 1 ."], Manner::Sorts);
    for order in ["ORDER BY ?e", ""] {
        let text = format!("SELECT REDUCED ?e {{ ?e s:day ?d }} {order} LIMIT 2");
        assert_eq!(ask(&few, &text).value.unwrap().len(), 2, "{text}");
    }
    // What is put out depends on more than the source's own rows.
    for text in [
        "SELECT ?e { ?e s:day ?d } ORDER BY (RAND()) LIMIT 5",
        "SELECT ?n (COUNT(*) AS ?c) { ?e s:day ?n } GROUP BY ?n ORDER BY ?c LIMIT 5",
        "SELECT DISTINCT ?d { ?e s:day ?d } ORDER BY ?d LIMIT 5",
    ] {
        let outcome = ask(&endpoints(&parts, Manner::Sorts), text);
        assert_eq!((rows(&outcome), outcome.value.unwrap().len()), (6_000, 5), "{text}");
    }
}

#[test]
fn what_is_too_large_for_a_source_is_asked_in_smaller_parts() {
    let [links, named] = linked();
    let endpoints = endpoints(&[&links, &named], Manner::TakesRows(5));
    let outcome = ask(&endpoints, "SELECT * { ?x s:link ?y . ?y s:name ?n }");
    assert_eq!(outcome.value.unwrap().len(), 40);
    assert!(outcome.report.complete);
}

#[test]
fn a_blank_node_stays_with_its_source_and_is_never_sent() {
    let many: String = (0..5_000).map(|n| format!("_:c{n} s:name 'c{n}' . ")).collect();
    let parts =
        [format!("a:1 s:link _:b . _:b s:name 'b' . {many}"), many.clone() + "s:x s:link 1 ."];
    let endpoints = endpoints(&[&parts[0], &parts[1]], Manner::Answers);
    let outcome = ask(&endpoints, "SELECT ?n { ?x s:link ?y . ?y s:name ?n }");
    assert_eq!(outcome.value.unwrap(), ["?n=\"b\""]);
    let texts = [&endpoints[0], &endpoints[1]].map(|e| e.asked.lock().unwrap().join("\n"));
    assert!(texts.iter().all(|text| !text.contains("_:")), "{texts:?}");
}

#[test]
fn a_plan_is_shown_before_anybody_is_asked() {
    let endpoints = endpoints(&EXPERIENCES, Manner::Answers);
    let sources = endpoints.iter().map(|endpoint| Arc::clone(endpoint) as Arc<dyn Source>);
    let federation = Federation::new(sources.collect());
    let query = parse(&format!("{PREFIXES} SELECT * {{ ?e a s:Experience ; s:title ?t }}"));
    let plan = federation.plan(&query, Options::default()).unwrap().explain();
    let json = serde_json::to_value(&plan).unwrap();
    assert_eq!(json["fragments"][0]["operator"], "fetch");
    assert_eq!(json["fragments"][0]["sources"].as_array().unwrap().len(), 2);
    assert_eq!(json["pruned"][0]["node"], "https://n2.example/");
    assert!(endpoints.iter().all(|endpoint| endpoint.asked.lock().unwrap().is_empty()));
}

#[test]
fn what_a_path_of_few_triples_reaches_is_sent_along() {
    let tree: String = (1..40).map(|n| format!("a:{n} s:up a:{} . ", n % 5)).collect();
    let things = (0..20_000).map(|n| format!("b:{n} s:about a:{} . ", n % 400));
    let endpoints = endpoints(&[&tree, &things.collect::<String>()], Manner::Answers);
    let outcome = ask(&endpoints, "SELECT ?t ?x { ?t s:up* a:1 . ?x s:about ?t }");
    // The one itself and the seven below it, of which each has fifty.
    assert_eq!(outcome.value.as_ref().unwrap().len(), 8 * 50);
    assert_eq!(requests(&outcome), [1, 1], "{}", outcome.explanation);
    assert_eq!(outcome.report.sources[1].rows, 8 * 50, "{}", outcome.explanation);
}

/// A way that leaves one source, passes a blank node and comes back, beside many others.
fn ways() -> [String; 2] {
    let many: String = (0..5_000).map(|n| format!("s:x{n} s:up s:y{n} . ")).collect();
    let one = format!("a:0 s:up b:1 . b:3 s:up a:0, b:4 . {many}");
    [one, "b:1 s:up b:2 . b:2 s:up _:b . _:b s:up b:3 .".to_owned()]
}

#[test]
fn a_path_is_followed_from_source_to_source_where_that_is_less_than_all() {
    let [one, two] = ways();
    let endpoints = endpoints(&[&one, &two], Manner::Answers);
    for (text, count) in [
        ("SELECT ?x { a:0 s:up+ ?x }", 6),
        ("SELECT ?x { ?x s:up* b:4 }", 6),
        ("SELECT ?x { b:4 s:up* ?x }", 1),
        ("SELECT ?x { s:nobody s:up* ?x }", 0),
        ("SELECT ?x { ?x s:up+ b:4 . ?x s:up b:3 }", 1),
    ] {
        let outcome = ask(&endpoints, text);
        assert_eq!(outcome.value.unwrap().len(), count, "{text}");
        let rows: u64 = outcome.report.sources.iter().map(|source| source.rows).sum();
        assert!(rows < 100, "{text}: {rows} rows\n{}", outcome.explanation);
    }
    let shown = ask(&endpoints, "SELECT ?x { a:0 s:up+ ?x }").explanation;
    assert_eq!(shown.fragments[0].operator, "frontier");
}
