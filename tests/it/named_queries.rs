//! The named queries: each answers the rows that were worked out for it, and checks what it is
//! given. `tests/queries/README.md` says how the expected rows are written.

use crate::support::demo;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

struct Case {
    name: String,
    query: String,
    parameters: String,
    /// The heading.
    columns: Vec<String>,
    /// The rows in the order of the answer.
    expected: Vec<Vec<String>>,
}

fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut files: Vec<PathBuf> =
        paths.filter(|path| path.extension().is_some_and(|other| other == extension)).collect();
    files.sort();
    files
}

fn stem(path: &Path) -> String {
    path.file_stem().expect("a name").to_string_lossy().into_owned()
}

fn cases() -> Vec<Case> {
    let read = |path: &PathBuf| {
        let text = fs::read_to_string(path).expect("a text");
        let (head, rows) = text.split_once('\n').expect("a first line");
        let name = stem(path);
        let (columns, expected) = table(rows);
        Case {
            columns,
            query: name.split('.').next().expect("a name").to_owned(),
            parameters: head.strip_prefix('#').expect("a comment").trim().to_owned(),
            expected,
            name,
        }
    };
    files("tests/queries", "csv").iter().map(read).collect()
}

/// The heading and the rows of a CSV answer.
fn table(text: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let row = |row: Result<csv::StringRecord, csv::Error>| -> Vec<String> {
        row.expect("a row").iter().map(str::to_owned).collect()
    };
    let mut rows: Vec<Vec<String>> = reader.records().map(row).collect();
    assert!(!rows.is_empty(), "an answer has a heading");
    let columns = rows.remove(0);
    (columns, rows)
}

/// What is in one list and not in the other, as often as it is there more often.
fn without(rows: &[Vec<String>], others: &[Vec<String>]) -> Vec<Vec<String>> {
    let mut others = others.to_vec();
    let mut left = Vec::new();
    for row in rows {
        match others.iter().position(|other| other == row) {
            Some(place) => drop(others.swap_remove(place)),
            None => left.push(row.clone()),
        }
    }
    left
}

fn listed() -> Vec<Value> {
    let list: Value = demo().get("/q", "application/json").json().expect("JSON");
    list["queries"].as_array().expect("a list").clone()
}

#[test]
fn every_query_has_expected_rows_and_every_expectation_a_query() {
    let queries: BTreeSet<String> = files("queries", "rq").iter().map(|path| stem(path)).collect();
    let expected: BTreeSet<String> = cases().into_iter().map(|case| case.query).collect();
    assert!(queries.len() >= 15);
    assert_eq!(queries, expected);
    let names =
        listed().iter().map(|query| query["name"].as_str().expect("a name").to_owned()).collect();
    assert_eq!(queries, names, "what the node lists is what is in queries/");
}

#[test]
fn every_query_answers_its_expected_rows() {
    let node = demo();
    let mut wrong = BTreeMap::new();
    for case in cases() {
        let path = format!("/q/{}?{}", case.query, case.parameters);
        let answer = node.get(&path, "text/csv");
        let (status, text) = (answer.status(), answer.text().expect("a text"));
        assert_eq!(status, 200, "{path}: {text}");
        let (columns, rows) = table(&text);
        assert_eq!(columns, case.columns, "{path}");
        if rows != case.expected {
            let (missing, surplus) =
                (without(&case.expected, &rows), without(&rows, &case.expected));
            let both = rows.iter().zip(&case.expected);
            let place = both.take_while(|(one, other)| one == other).count();
            wrong.insert(case.name, (missing, surplus, format!("another order from row {place}")));
        }
    }
    assert!(wrong.is_empty(), "(missing, surplus, order): {wrong:#?}");
}

#[test]
fn every_parameter_is_given_in_some_case() {
    let cases = cases();
    let mut never = Vec::new();
    for query in listed() {
        for parameter in query["parameters"].as_array().expect("a list") {
            let name = format!("{}=", parameter["name"].as_str().expect("a name"));
            let gives =
                |case: &Case| case.parameters.split('&').any(|part| part.starts_with(&name));
            let own = || cases.iter().filter(|case| query["name"] == case.query.as_str());
            if !own().any(gives) {
                never.push(format!("{}: {name}", query["name"]));
            }
        }
    }
    assert!(never.is_empty(), "{never:#?}");
}

#[test]
fn every_query_says_what_it_is_for_in_both_languages() {
    for query in listed() {
        for language in ["it", "en"] {
            for field in ["summary", "description"] {
                let text = query[field][language].as_str().unwrap_or_default();
                assert!(!text.is_empty(), "{} lacks {field} in {language}", query["name"]);
            }
            for parameter in query["parameters"].as_array().expect("a list") {
                let text = parameter["summary"][language].as_str().unwrap_or_default();
                assert!(!text.is_empty(), "{}: {parameter}", query["name"]);
            }
        }
    }
}

#[test]
fn the_text_of_every_query_can_be_read() {
    for path in files("queries", "rq") {
        let answer = demo().get(&format!("/q/{}.rq", stem(&path)), "*/*");
        let media = answer.headers()["content-type"].to_str().expect("plain").to_owned();
        assert!(media.starts_with("application/sparql-query"), "{media}");
        assert_eq!(answer.text().expect("a text"), fs::read_to_string(path).expect("a text"));
    }
}

#[test]
fn parameters_are_checked_and_the_answer_says_what_to_write() {
    let query = "/q/esperienze-per-tema-e-regione";
    for (parameters, status, reason) in [
        ("", 200, ""),
        ("tema=", 200, ""),
        ("tema=tema/nidi-e-micronidi&format=json&min-seq=1", 200, ""),
        ("tema=https://w3id.org/familylab/id/tema/nidi-e-micronidi", 200, ""),
        ("tema=nidi", 400, "kind/slug"),
        ("tema=tema/x%3E%20%3Fp%20%3Fo", 400, "kind/slug"),
        ("spesa=1.000,00", 400, "a number with a point"),
        ("spesa=1%29%20%7C%7C%20%28true", 400, "a number with a point"),
        ("lingua=it%22", 400, "a language tag"),
        ("spesa=1&spesa=2", 400, "more than once"),
        ("theme=tema/nidi-e-micronidi", 400, "there is no parameter \\\"theme\\\""),
        ("format=ttl", 406, "there are: "),
    ] {
        let answer = demo().get(&format!("{query}?{parameters}"), "*/*");
        let (given, text) = (answer.status(), answer.text().expect("a text"));
        assert_eq!(given, status, "{parameters}: {text}");
        assert!(text.contains(reason), "{parameters}: {text}");
    }
    assert_eq!(demo().get("/q/non-esiste", "*/*").status(), 404);
    assert_eq!(demo().get("/q/non-esiste.rq", "*/*").status(), 404);
}

#[test]
fn an_answer_is_known_by_its_tag() {
    let node = demo();
    let path = "/q/vuoti-di-copertura";
    let tag = node.get(path, "text/csv").headers()["etag"].clone();
    let request = node.client.get(node.url(path)).header("Accept", "text/csv");
    let again = request.header("If-None-Match", tag).send().expect("an answer");
    assert_eq!(again.status(), 304);
}
