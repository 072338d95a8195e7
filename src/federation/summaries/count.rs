//! The summary of an endpoint that tells none, by counting queries. Endpoints cut off long answers
//! without saying so: what is not proved by sums is left open. SPARQL 1.1, sections 11 and 17.4.3.
//! Refuses to know who wants it.

use crate::engine::{Ends, PredicateSummary, Summary};
use crate::media::SOLUTIONS_TO_READ;
use crate::net::{Limits, Net, Request, Url};
use jiff::Timestamp;
use oxigraph::model::Term;
use oxigraph::model::vocab::rdf;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sparesults::{
    QueryResultsFormat, QueryResultsParser, QuerySolution, SliceQueryResultsParserOutput,
};
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

const FORM: &str = "application/x-www-form-urlencoded";
/// Counting takes long; who takes longer than this has no summary.
const LIMITS: Limits = Limits {
    first_byte: Duration::from_secs(60),
    idle: Duration::from_secs(10),
    total: Duration::from_secs(90),
    bytes: 8 << 20,
};
/// No summary is larger, in bytes of JSON.
const LARGEST: usize = 256 << 10;
/// More authorities beside one predicate than this are not told apart.
const MOST_AUTHORITIES: usize = 64;
/// What stands for blank nodes among the beginnings of IRIs.
const BLANK: &str = "_";
/// What stands for literals there.
const LITERAL: &str = "'";

const ALL: &str = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }";
const PREDICATES: &str = "SELECT ?p (COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?subjects) \
     (COUNT(DISTINCT ?o) AS ?objects) WHERE { ?s ?p ?o } GROUP BY ?p";
const CLASSES: &str = "SELECT ?c (COUNT(*) AS ?n) WHERE { ?s a ?c } GROUP BY ?c";

/// Scheme and authority of what stands in a place, with how often, by predicate.
fn authorities(place: char) -> String {
    format!(
        "SELECT ?p ?a (COUNT(*) AS ?n) WHERE {{ ?s ?p ?o BIND (IF(isIRI(?{place}), \
         REPLACE(STR(?{place}), \"^([^:]*:(//[^/?#]*/?)?).*$\", \"$1\"), \
         IF(isBlank(?{place}), \"{BLANK}\", \"{LITERAL}\")) AS ?a) }} GROUP BY ?p ?a"
    )
}

/// Counts what an endpoint's default graph holds.
pub(super) async fn count(net: &Net, base: &Url, at: Timestamp) -> Result<Summary, String> {
    let ask = async |query: &str| rows(net, base, query).await;
    let all = ask(ALL).await?;
    let all = all.first().and_then(|row| number(row, "n")).ok_or("it does not count to the end")?;
    let predicates = predicates(&ask(PREDICATES).await?)?;
    let mut summary = Summary::of(predicates, BTreeMap::new());
    if summary.triples != all {
        let missing = all.saturating_sub(summary.triples).max(1);
        summary.others = Some(PredicateSummary::open(missing));
        summary.triples = all;
    }
    let typed = summary.predicates.get(rdf::TYPE.as_str()).or(summary.others.as_ref());
    let typed = typed.map_or(0, |predicate| predicate.triples);
    summary.other_classes = typed;
    // These only make it more exact: who cannot answer them has a summary all the same.
    if let Ok(classes) = ask(CLASSES).await {
        take_classes(&mut summary, &classes, typed);
    }
    for place in ['s', 'o'] {
        if let Ok(found) = ask(&authorities(place)).await {
            take_ends(&mut summary, &found, place);
        }
    }
    summary.counted = Some(at.to_string());
    summary.fit(LARGEST);
    Ok(summary)
}

fn predicates(rows: &[QuerySolution]) -> Result<BTreeMap<String, PredicateSummary>, String> {
    let mut predicates = BTreeMap::new();
    for row in rows {
        let numbers = ["n", "subjects", "objects"].map(|name| number(row, name));
        let (Some(Term::NamedNode(name)), [Some(triples), Some(subjects), Some(objects)]) =
            (row.get("p"), numbers)
        else {
            // A graph without triples may be told as one row of nothing.
            if number(row, "n") == Some(0) {
                continue;
            }
            return Err("its counts by predicate are none".to_owned());
        };
        let known = PredicateSummary { subjects, objects, ..PredicateSummary::open(triples) };
        predicates.insert(name.as_str().to_owned(), known);
    }
    Ok(predicates)
}

fn take_classes(summary: &mut Summary, rows: &[QuerySolution], typed: u64) {
    let mut counted: u64 = 0;
    for row in rows {
        let Some(count) = number(row, "n") else { continue };
        counted = counted.saturating_add(count);
        if let Some(Term::NamedNode(class)) = row.get("c") {
            summary.classes.insert(class.as_str().to_owned(), count);
        }
    }
    if counted == typed && summary.predicates.contains_key(rdf::TYPE.as_str()) {
        summary.other_classes = 0;
    }
}

/// Takes over what stands beside each predicate of which every triple was counted.
fn take_ends(summary: &mut Summary, rows: &[QuerySolution], place: char) {
    let mut found: HashMap<&str, (u64, Ends)> = HashMap::new();
    for row in rows {
        let (Some(Term::NamedNode(name)), Some(count)) = (row.get("p"), number(row, "n")) else {
            continue;
        };
        let Some(Term::Literal(start)) = row.get("a") else { continue };
        // Not each endpoint's REPLACE knows of groups.
        if !(start.value().contains(':') || [BLANK, LITERAL].contains(&start.value())) {
            continue;
        }
        let (counted, ends) = found.entry(name.as_str()).or_default();
        *counted = counted.saturating_add(count);
        match start.value() {
            BLANK => ends.blank_nodes = true,
            LITERAL => ends.literals = true,
            start => drop(ends.iris.insert(start.to_owned())),
        }
    }
    for (name, (counted, mut ends)) in found {
        let Some(predicate) = summary.predicates.get_mut(name) else { continue };
        if counted != predicate.triples {
            continue;
        }
        if ends.iris.len() > MOST_AUTHORITIES {
            ends.iris = Ends::any().iris;
        }
        *(if place == 's' { &mut predicate.subject_ends } else { &mut predicate.object_ends }) =
            ends;
    }
}

fn number(row: &QuerySolution, name: &str) -> Option<u64> {
    match row.get(name)? {
        Term::Literal(number) => number.value().parse().ok(),
        _ => None,
    }
}

/// All rows of an answer. SPARQL 1.1 Protocol, section 2.1.2.
async fn rows(net: &Net, base: &Url, query: &str) -> Result<Vec<QuerySolution>, String> {
    let form = format!("query={}", utf8_percent_encode(query, NON_ALPHANUMERIC));
    let request = Request::post(base.clone(), FORM, form).accept(SOLUTIONS_TO_READ);
    let answer = net.send(request.within(LIMITS).aside()).await;
    let answer = answer.map_err(|error| error.in_words())?;
    let media = answer.media().unwrap_or_default().to_owned();
    let body = answer.whole().await.map_err(|error| error.in_words())?;
    let read = move || {
        let format = QueryResultsFormat::from_media_type(&media)
            .ok_or_else(|| format!("it is {media:?}, no SPARQL results"))?;
        match QueryResultsParser::from_format(format).for_slice(&body) {
            Ok(SliceQueryResultsParserOutput::Solutions(rows)) => {
                rows.collect::<Result<_, _>>().map_err(|error| error.to_string())
            }
            Ok(SliceQueryResultsParserOutput::Boolean(_)) => {
                Err("it is a truth value, where rows were asked for".to_owned())
            }
            Err(error) => Err(error.to_string()),
        }
    };
    let read = tokio::task::spawn_blocking(read).await;
    read.map_err(|_| "what it sent could not be read".to_owned())?
        .map_err(|error| format!("it cannot be counted: {error}"))
}
