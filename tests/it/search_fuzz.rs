//! Whatever is typed into the search box, there is an answer, or a reason why not.

use crate::support::demo;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};
use reqwest::Url;
use serde_json::Value;

/// What means something to the reader of questions, whole and in pieces.
const SYNTAX: [&str; 32] = [
    "\"",
    "-",
    "OR",
    " OR ",
    "tema:",
    "anno:",
    "2019..2024",
    "..",
    "*",
    "asil*",
    ":",
    "(",
    ")",
    "costo:",
    "<100",
    ">=",
    "territorio:",
    "'",
    "\\",
    "/",
    "fonte:",
    "nido",
    "l'asilo",
    "comune",
    "Ne",
    "di",
    "d.lgs. 65/2017",
    "popolazione:1000..",
    "http://",
    "%",
    "\u{0}",
    "🧸",
];

/// A question: pieces of syntax and of anything else, with or without spaces between.
fn question() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => select(SYNTAX.as_slice()).prop_map(str::to_owned),
        1 => any::<String>(),
        1 => "[a-zàèìòù]{1,12}",
    ];
    (vec(piece, 0..8), any::<bool>())
        .prop_map(|(pieces, apart)| pieces.join(if apart { " " } else { "" }))
}

#[test]
fn any_question_is_answered_or_refused_with_a_reason() {
    let node = demo();
    let mut runner = TestRunner::new(Config { cases: 200, ..Config::default() });
    let outcome = runner.run(&question(), |text| {
        let address = Url::parse_with_params(&node.address, [("", &text)]).expect("an address");
        let q = address.query().unwrap_or_default().trim_start_matches('=');
        for path in ["/search?limit=3&q=", "/suggest?q=", "/similar?limit=3&need="] {
            let answer = node.get(&format!("{path}{q}"), "application/json");
            let status = answer.status().as_u16();
            let body: Value = answer.json().expect("JSON");
            prop_assert!(matches!(status, 200 | 400), "{path}{q}: {status} {body}");
            if status == 400 {
                let reason = body["detail"].as_str().unwrap_or_default();
                prop_assert!(!reason.is_empty(), "{path}{q}: refused without a reason");
            } else if path.starts_with("/search") {
                let hits = body["hits"].as_array().map_or(0, Vec::len) as u64;
                prop_assert!(body["total"].as_u64().is_some_and(|total| total >= hits), "{body}");
            }
        }
        Ok(())
    });
    outcome.expect("every question is answered");
}

#[test]
fn a_text_too_long_for_an_address_is_searched_for_or_refused_with_a_reason() {
    let node = demo();
    let post = |text: &str| {
        let form = node.client.post(node.url("/search")).header("Accept", "application/json");
        let answer = form.form(&[("q", text), ("kind", "esperienza"), ("limit", "3")]).send();
        let answer = answer.expect("an answer");
        (answer.status().as_u16(), answer.json::<Value>().expect("JSON"))
    };
    let (status, found) = post(&"asilo nido ".repeat(300));
    assert_eq!(status, 200, "{found}");
    assert!(found["total"].as_u64() > Some(0), "{found}");
    let (status, refused) = post(&"asilo nido ".repeat(9_100));
    assert_eq!(status, 400, "{refused}");
    assert!(refused["detail"].as_str().is_some_and(|why| why.contains("10000")), "{refused}");
}
