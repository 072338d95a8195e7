//! Sources that fail: what is still true is answered, what would be wrong is not.

use super::endpoint::{Endpoint, Manner};
use super::world::{answer, node, parse, run, runtime, store, summary};
use familylab::engine::{EngineError, Federation, Options, Outcome, Source};
use oxigraph::model::{Literal, NamedNode, Triple};
use oxigraph::sparql::QueryResults;
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// So many things, each with a name; the source of a number has things of its own.
fn things(source: usize, count: usize) -> Vec<Triple> {
    let name = NamedNode::new_unchecked("https://shared.example/name");
    let thing = |n| NamedNode::new_unchecked(format!("https://n{source}.example/id/{n}"));
    let literal = |n: usize| Literal::from(i64::try_from(n).expect("a small number"));
    (0..count).map(|n| Triple::new(thing(n), name.clone(), literal(n))).collect()
}

fn endpoint(number: usize, manner: Manner) -> Arc<Endpoint> {
    let triples = things(number, 3);
    Arc::new(Endpoint::new(node(number), store(&triples), Some(summary(&triples)), manner))
}

fn with_one(manner: Manner) -> Federation {
    Federation::new(vec![endpoint(0, Manner::Answers), endpoint(1, manner)])
}

fn ask(federation: &Federation, text: &str, partial: bool) -> Outcome<Vec<String>> {
    let wait = Duration::from_millis(300);
    let options = Options { partial, wait, ..Options::default() };
    let outcome = answer(&runtime(), federation, &parse(text), options, &HashSet::new());
    outcome.expect("it can be planned")
}

const NAMES: &str = "SELECT * { ?s <https://shared.example/name> ?n }";
const OPTIONAL: &str = "SELECT * { ?s <https://shared.example/name> ?n
                        OPTIONAL { ?s <https://shared.example/name> 1 } }";
const COUNT: &str = "SELECT (COUNT(*) AS ?n) { ?s <https://shared.example/name> ?o }";
const MINUS: &str = "SELECT * { VALUES ?s { 1 2 } MINUS { ?t <https://shared.example/name> ?s } }";

#[test]
fn what_the_others_hold_is_answered_and_the_one_that_fails_is_named() {
    for (manner, rows) in [(Manner::Refuses, 3), (Manner::Hangs, 3), (Manner::BreaksOff, 6)] {
        let outcome = ask(&with_one(manner), NAMES, false);
        assert_eq!(outcome.value.unwrap().len(), rows, "{manner:?}");
        assert!(!outcome.report.complete);
        let [good, bad] = &outcome.report.sources[..] else { panic!("two sources") };
        assert_eq!((good.rows, good.failed.as_deref()), (3, None));
        assert!(bad.failed.is_some() && bad.node == node(1).as_str(), "{bad:?}");
    }
}

#[test]
fn what_would_be_wrong_is_refused_unless_it_is_wanted_so() {
    for text in [OPTIONAL, COUNT, MINUS] {
        let federation = with_one(Manner::Refuses);
        match ask(&federation, text, false).value {
            Err(EngineError::Wrong { node: name, reason }) => {
                assert_eq!(name, node(1));
                assert!(reason.contains("502"), "{reason}");
            }
            other => panic!("{text}: {other:?}"),
        }
        let partial = ask(&federation, text, true);
        assert!(partial.value.is_ok() && !partial.report.complete, "{text}");
    }
}

#[test]
fn a_no_is_no_answer_where_a_source_is_missing_and_a_yes_is() {
    let federation = with_one(Manner::Refuses);
    let yes = ask(&federation, "ASK { ?s <https://shared.example/name> 1 }", false);
    assert_eq!(yes.value.unwrap(), ["true"]);
    let no = "ASK { <https://n1.example/id/0> <https://shared.example/name> 9 }";
    assert!(matches!(ask(&federation, no, false).value, Err(EngineError::Wrong { .. })));
    assert_eq!(ask(&federation, no, true).value.unwrap(), ["false"]);
}

#[test]
fn a_query_ends_with_its_time_and_with_its_memory() {
    let federation = with_one(Manner::Hangs);
    let limit = Duration::from_millis(200);
    let options = Options { limit, ..Options::default() };
    let none = HashSet::new();
    let ended = answer(&runtime(), &federation, &parse(NAMES), options, &none).unwrap();
    assert!(matches!(ended.value, Err(EngineError::Deadline(time)) if time == limit));
    let options = Options { memory: 100, ..Options::default() };
    let federation = with_one(Manner::Answers);
    let joined = "SELECT * { ?s <https://shared.example/name> ?n . ?t ?p ?n }";
    let ended = answer(&runtime(), &federation, &parse(joined), options, &none).unwrap();
    assert!(matches!(ended.value, Err(EngineError::Memory { limit: 100 })));
}

#[test]
fn what_only_passes_through_is_not_held() {
    let triples = things(0, 5_000);
    let source = Endpoint::new(node(0), store(&triples), Some(summary(&triples)), Manner::Answers);
    let federation = Federation::new(vec![Arc::new(source)]);
    let options = Options { memory: 1_000, ..Options::default() };
    let ask = |text: &str| {
        let options = options.clone();
        answer(&runtime(), &federation, &parse(text), options, &HashSet::new()).unwrap().value
    };
    assert_eq!(ask(NAMES).unwrap().len(), 5_000);
    assert_eq!(ask(COUNT).unwrap().len(), 1);
    let twice = COUNT.replace('}', "} GROUP BY (?o > 7 AS ?t) ORDER BY ?n");
    assert_eq!(ask(&twice).unwrap().len(), 2);
    let reduced = NAMES.replace('*', "REDUCED ?n");
    let groups = COUNT.replace('}', "} GROUP BY ?o");
    for held in [&format!("{NAMES} ORDER BY ?n"), &reduced, &groups] {
        assert!(matches!(ask(held), Err(EngineError::Memory { limit: 1_000 })), "{held}");
    }
}

#[test]
fn a_query_that_nobody_waits_for_ends() {
    let options = Options::default();
    options.stop.cancel();
    let federation = with_one(Manner::Hangs);
    let ended = answer(&runtime(), &federation, &parse(NAMES), options, &HashSet::new()).unwrap();
    assert!(matches!(ended.value, Err(EngineError::Abandoned)));
}

#[test]
fn a_limit_stops_what_the_sources_would_still_send() {
    let triples = things(0, 20_000);
    let big = Endpoint::new(node(0), store(&triples), Some(summary(&triples)), Manner::Answers);
    let big = Arc::new(big);
    let federation = Federation::new(vec![Arc::clone(&big) as Arc<dyn Source>]);
    let text = "SELECT * { ?s <https://shared.example/name> ?n BIND (STR(?s) AS ?t) } LIMIT 10";
    assert_eq!(ask(&federation, text, false).value.unwrap().len(), 10);
    assert!(big.sent.load(Ordering::Relaxed) <= 10, "the source knows how many are enough");
    let text = "SELECT DISTINCT ?n { ?s <https://shared.example/name> ?n } LIMIT 10";
    assert_eq!(ask(&federation, text, false).value.unwrap().len(), 10);
    assert!(big.sent.load(Ordering::Relaxed) < 2_000, "nobody reads the rest");
}

#[test]
fn a_limit_asks_the_source_that_holds_most_and_the_others_only_for_what_is_missing() {
    let parts = [3, 40, 5].map(|count| things(count, count));
    let sources = parts.iter().enumerate().map(|(number, triples)| {
        let known = Some(summary(triples));
        let endpoint = Endpoint::new(node(number), store(triples), known, Manner::Answers);
        Arc::new(endpoint) as Arc<dyn Source>
    });
    let federation = Federation::new(sources.collect());
    for (limit, requests) in [(30, [0, 1, 0]), (45, [1, 1, 1]), (100, [1, 1, 1])] {
        let outcome = ask(&federation, &format!("{NAMES} LIMIT {limit}"), false);
        assert_eq!(outcome.value.unwrap().len(), limit.min(48));
        let sources = outcome.report.sources;
        assert_eq!(sources.iter().map(|it| it.requests).collect::<Vec<_>>(), requests);
        assert!(outcome.report.complete);
    }
}

#[test]
fn a_reader_who_stops_ends_the_work() {
    let triples = things(0, 20_000);
    let big = Endpoint::new(node(0), store(&triples), Some(summary(&triples)), Manner::Answers);
    let big = Arc::new(big);
    let federation = Federation::new(vec![Arc::clone(&big) as Arc<dyn Source>]);
    let first = run(&runtime(), &federation, &parse(NAMES), Options::default(), |results| {
        let QueryResults::Solutions(mut solutions) = results else { panic!("no solutions") };
        solutions.next().is_some_and(|solution| solution.is_ok())
    });
    assert!(first.unwrap().value.unwrap());
    assert!(big.sent.load(Ordering::Relaxed) < 10_000);
}

#[test]
fn what_cannot_be_asked_is_refused_before_anybody_is_asked() {
    let asked = endpoint(0, Manner::Answers);
    let federation = Federation::new(vec![Arc::clone(&asked) as Arc<dyn Source>]);
    let plan = |text: &str| federation.plan(&parse(text), Options::default()).err();
    let service = "SELECT * { ?s ?p ?o FILTER EXISTS { SERVICE <urn:x> { ?s ?p ?o } } }";
    assert!(matches!(plan(service), Some(EngineError::Unlisted(_))));
    let from = "SELECT * FROM <urn:nobody> { ?s ?p ?o }";
    assert!(
        matches!(plan(from), Some(EngineError::UnknownNode(name)) if name.as_str() == "urn:nobody")
    );
    assert!(asked.asked.lock().unwrap().is_empty());
}
