//! Searching: words in all their forms, syntax, facets, places, advice; and what is like what.

use crate::support::{BASE, demo};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

fn encoded(text: &str) -> String {
    let byte = |b: u8| match b {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(b).to_string(),
        _ => format!("%{b:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// A search with these parameters, `name=value`.
#[track_caller]
fn search(parameters: &[&str]) -> Value {
    let (status, text) = ask(parameters);
    assert_eq!(status, 200, "{parameters:?}: {text}");
    serde_json::from_str(&text).expect("JSON")
}

fn ask(parameters: &[&str]) -> (u16, String) {
    let pairs = parameters.iter().map(|pair| {
        let (name, value) = pair.split_once('=').expect("name=value");
        format!("{name}={}", encoded(value))
    });
    let node = demo();
    let path = format!("/search?{}", pairs.collect::<Vec<_>>().join("&"));
    let answer = node.get(&path, "application/json");
    (answer.status().as_u16(), answer.text().expect("a text"))
}

fn iris(found: &Value) -> Vec<String> {
    let hits = found["hits"].as_array().expect("hits");
    hits.iter().map(|hit| hit["iri"].as_str().expect("an IRI").to_owned()).collect()
}

fn slugs(found: &Value) -> Vec<String> {
    let start = format!("{BASE}/id/");
    iris(found).iter().map(|iri| iri.trim_start_matches(&start).to_owned()).collect()
}

fn counts(found: &Value, facet: &str) -> BTreeMap<String, u64> {
    let facets = found["facets"].as_array().expect("facets");
    let facet = facets.iter().find(|one| one["facet"] == facet).expect("the facet");
    let values = facet["values"].as_array().expect("values");
    let pair = |value: &Value| {
        (
            value["value"].as_str().expect("a value").to_owned(),
            value["count"].as_u64().expect("a count"),
        )
    };
    values.iter().map(pair).collect()
}

#[test]
fn forms_accents_and_apostrophes_of_a_word_find_the_same() {
    let all = |q: &str| {
        let found = search(&[q, "kind=esperienza", "limit=1000", "facets="]);
        iris(&found).into_iter().collect::<BTreeSet<_>>()
    };
    let nursery = all("q=asilo nido");
    assert!(nursery.len() > 3, "{nursery:?}");
    assert_eq!(nursery, all("q=L’ASILO NIDO"));
    assert_eq!(nursery, all("q=gli asili nido"));
    assert_eq!(all("q=città"), all("q=citta'"));
}

#[test]
fn another_name_of_a_theme_finds_its_records() {
    let found = search(&["q=micronido", "kind=esperienza"]);
    assert!(found["total"].as_u64() > Some(2), "{found}");
    let concepts = found["concepts"].to_string();
    assert!(concepts.contains("/id/tema/"), "{concepts}");
}

#[test]
fn what_is_typed_as_syntax_narrows() {
    let total = |q: &str| search(&[q, "facets="])["total"].as_u64().expect("a number");
    let words = total("q=nido famiglie");
    assert!(total("q=\"asilo nido\"") <= total("q=asilo nido"));
    assert!(total("q=nido famiglie -Bologna") < words);
    assert!(total("q=nido OR anziani") > total("q=nido"));
    assert!(total("q=tipo:esperienza anno:2022..2024") > 0);
    assert_eq!(total("q=tipo:esperienza anno:1800"), 0);
    assert!(total("q=adoz*") > 0);
    assert!(total("q=tipo:esperienza territorio:Emilia-Romagna") > 0);
    assert!(total("q=titolo:nido") > 0);
}

#[test]
fn identifiers_find_their_record_first() {
    let first = |q: &str| slugs(&search(&[q])).first().cloned();
    assert_eq!(first("q=037006").as_deref(), Some("territorio/bologna"));
    assert_eq!(first("q=c_a944").as_deref(), Some("attore/comune-di-bologna"));
    let iri = format!("q={BASE}/id/attore/comune-di-bologna");
    assert!(slugs(&search(&[&iri, "limit=200"])).contains(&"attore/comune-di-bologna".to_owned()));
}

#[test]
fn a_mistyped_word_is_corrected_and_that_is_said() {
    let found = search(&["q=affdio familiare", "kind=esperienza"]);
    assert_eq!(found["corrected"][0]["searched"], "affido", "{found}");
    assert!(found["total"].as_u64() > Some(0));
}

#[test]
fn a_facet_counts_what_choosing_another_of_its_values_would_add() {
    let open = search(&["kind=esperienza", "facets=level"]);
    let before = counts(&open, "level");
    assert!(before.len() > 1, "{before:?}");
    let (value, count) = before.iter().max_by_key(|(_, count)| **count).expect("a value");
    let chosen = search(&["kind=esperienza", "facets=level", &format!("level={value}")]);
    assert_eq!(chosen["total"].as_u64(), Some(*count));
    assert_eq!(counts(&chosen, "level"), before, "the other levels can still be chosen");
}

#[test]
fn facets_count_as_sparql_does() {
    let found = search(&["kind=esperienza", "facets=theme,territory,phase", "limit=1"]);
    for (facet, path) in [
        ("theme", "dct:subject/skos:broader*"),
        ("territory", "fl:territory/skos:broader*"),
        ("phase", "fl:phase"),
    ] {
        let counts = counts(&found, facet);
        assert!(counts.len() > 2, "{facet}: {counts:?}");
        for (value, count) in counts {
            let rows = demo().select(&format!(
                "PREFIX fl: <https://w3id.org/familylab/ontology#>
                 PREFIX dct: <http://purl.org/dc/terms/>
                 PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
                 SELECT (COUNT(DISTINCT ?e) AS ?n) {{ ?e a fl:Experience ; {path} <{value}> }}"
            ));
            assert_eq!(rows, [count.to_string()], "{facet} {value}");
        }
    }
}

#[test]
fn pages_follow_one_another_without_repetition_or_gap() {
    let whole = iris(&search(&["q=famiglie", "limit=1000", "facets="]));
    let mut paged = Vec::new();
    let mut after = String::new();
    loop {
        let mut parameters = vec!["q=famiglie", "limit=7", "facets="];
        if !after.is_empty() {
            parameters.push(&after);
        }
        let page = search(&parameters);
        paged.extend(iris(&page));
        let Some(next) = page["next"].as_str() else { break };
        if paged.len() >= whole.len() {
            break;
        }
        after = next.split('&').find(|part| part.starts_with("after")).expect("after").to_owned();
        after = after.replace("%2D", "-");
    }
    assert_eq!(paged, whole);
    let third = iris(&search(&["q=famiglie", "limit=7", "page=3", "facets="]));
    assert_eq!(third, whole[14..21]);
}

#[test]
fn results_can_be_near_a_place_and_come_by_distance() {
    let found = search(&["near=Bologna", "within=80", "sort=distance", "kind=attore", "limit=50"]);
    let hits = found["hits"].as_array().expect("hits");
    assert!(hits.len() > 2, "{found}");
    let km: Vec<f64> = hits.iter().map(|hit| hit["distance_km"].as_f64().expect("km")).collect();
    assert!(km.is_sorted() && km.last() <= Some(&80.0), "{km:?}");
    let far = search(&["near=037006", "kind=attore", "limit=1"]);
    assert!(far["total"].as_u64() > found["total"].as_u64());
}

#[test]
fn results_are_written_in_every_format() {
    let node = demo();
    for (format, accept, start) in [
        ("csv", "text/csv", "iri,kind,title"),
        ("atom", "application/atom+xml", "<?xml"),
        ("jsonld", "application/ld+json", "{"),
        ("json", "application/json", "{"),
    ] {
        let by_header = node.get("/search?q=nido", accept);
        assert!(by_header.headers()["content-type"].to_str().expect("text").starts_with(accept));
        let text = by_header.text().expect("a text");
        assert!(text.starts_with(start), "{format}: {text}");
        let by_name = node.get(&format!("/search?q=nido&format={format}"), "*/*");
        assert_eq!(by_name.status(), 200, "{format}");
    }
    assert_eq!(node.get("/search?q=nido", "image/png").status(), 406);
    let opensearch = node.get("/opensearch.xml", "*/*").text().expect("a text");
    assert!(opensearch.contains("{searchTerms}"));
}

#[test]
fn completions_begin_as_what_is_typed() {
    let texts = |q: &str| -> Vec<String> {
        let answer: Value =
            demo().get(&format!("/suggest?q={}", encoded(q)), "*/*").json().expect("JSON");
        let list = answer["suggestions"].as_array().expect("a list");
        list.iter().map(|one| one["text"].as_str().expect("a text").to_lowercase()).collect()
    };
    assert!(texts("bolog").contains(&"bologna".to_owned()), "{:?}", texts("bolog"));
    assert!(texts("asil").iter().any(|text| text.starts_with("asil")), "{:?}", texts("asil"));
    assert!(texts("comune di bol").iter().any(|text| text == "comune di bologna"));
    assert!(texts("").is_empty() && texts("?!").is_empty());
}

#[test]
fn every_bad_question_is_answered_with_advice_and_never_with_a_fault() {
    for parameters in [
        vec!["q="],
        vec!["q=di il la"],
        vec!["q=!?… ---"],
        vec!["q=\"asilo nido"],
        vec!["q=colore:rosso nido"],
        vec!["theme=tema/che-non-c-e"],
        vec!["q=\u{0}\u{1}nido"],
        vec!["q=((((nido AND"],
    ] {
        search(&parameters);
    }
    let unknown = search(&["theme=tema/che-non-c-e"]);
    assert_eq!(unknown["total"], 0);
    assert_eq!(unknown["unknown_values"][0], "tema/che-non-c-e");
    assert_eq!(search(&["q=colore:rosso nido"])["unknown_fields"][0], "colore");
    let long = format!("q={}", "a".repeat(50_000));
    for (parameters, word) in [
        (vec![long.as_str()], "longer"),
        (vec!["page=1000000000"], "after"),
        (vec!["limit=0"], "limit"),
        (vec!["sort=beauty"], "relevance"),
        (vec!["sort=distance"], "near"),
        (vec!["near=Atlantide"], "near"),
        (vec!["facets=colour"], "theme"),
        (vec!["colour=red"], "theme"),
        (vec!["after=1-2-3"], "next"),
        (vec!["year=boh"], "2018..2022"),
        (vec!["from=ieri"], "2024-05-31"),
    ] {
        let (status, text) = ask(&parameters);
        assert!(status == 400 && text.contains(word), "{status} {text}");
    }
    assert_eq!(demo().get("/search?q=%FF%FEnido", "*/*").status(), 200, "broken UTF-8");
}

#[test]
fn related_records_come_with_reasons_and_never_the_record_itself() {
    let node = demo();
    let rows = node.select(
        "PREFIX fl: <https://w3id.org/familylab/ontology#>
         SELECT DISTINCT ?e ?f { ?e fl:transferredFrom ?f . ?e a fl:Experience . ?f a fl:Experience }",
    );
    assert!(rows.len() > 3, "{rows:?}");
    for row in rows {
        let (later, earlier) = row.split_once(',').expect("two");
        let path = format!("/related?limit=8&iri={}", encoded(later));
        let answer: Value = node.get(&path, "*/*").json().expect("JSON");
        let list = answer["related"].as_array().expect("a list");
        assert!(!list.is_empty(), "{later}");
        let found = |iri: &str| list.iter().find(|one| one["iri"] == iri);
        assert!(found(later).is_none(), "{later} is like itself");
        let source = found(earlier).unwrap_or_else(|| panic!("{later} lacks {earlier}"));
        assert!(source["reasons"].to_string().contains("\"transfer\""), "{source}");
        for one in list {
            let reasons = one["reasons"].as_array().expect("reasons");
            assert!(!reasons.is_empty(), "{one}");
            for reason in reasons {
                assert!(!reason["it"].as_str().expect("it").is_empty());
                assert!(!reason["en"].as_str().expect("en").is_empty());
            }
        }
    }
    let missing = node.get(&format!("/related?iri={}", encoded("http://x.example/no")), "*/*");
    assert_eq!(missing.status(), 404);
    assert_eq!(node.get("/related", "*/*").status(), 400);
}

#[test]
fn actors_and_networks_have_their_like() {
    for iri in ["attore/comune-di-bologna", "rete/alleanza-fra-citta-per-chi-cura"] {
        let path = format!("/related?iri={}", encoded(&format!("{BASE}/id/{iri}")));
        let answer: Value = demo().get(&path, "*/*").json().expect("JSON");
        let list = answer["related"].as_array().expect("a list");
        let kind = iri.split('/').next().expect("a kind");
        assert!(!list.is_empty(), "{iri}");
        assert!(list.iter().all(|one| one["kind"] == kind), "{answer}");
    }
}

#[test]
fn a_need_in_one_s_own_words_finds_experiences_with_reasons() {
    let need = "cerchiamo un aiuto per chi assiste a casa un genitore anziano non autosufficiente";
    let path = format!("/similar?municipality=Perugia&need={}", encoded(need));
    let answer: Value = demo().get(&path, "*/*").json().expect("JSON");
    let list = answer["similar"].as_array().expect("a list");
    assert!(list.len() > 2, "{answer}");
    assert!(list.iter().all(|one| one["kind"] == "esperienza"));
    assert!(list[0]["reasons"].to_string().contains("\"need\""), "{}", list[0]);
    for wrong in ["/similar", "/similar?need=nido&municipality=Atlantide", "/similar?need=xyzzyq"] {
        assert_eq!(demo().get(wrong, "*/*").status(), 400, "{wrong}");
    }
}

#[test]
fn sparql_calls_search_and_joins_what_it_finds() {
    const PREFIX: &str = "PREFIX fl: <https://w3id.org/familylab/ontology#>
        PREFIX dct: <http://purl.org/dc/terms/>";
    let rows = demo().select(&format!(
        "{PREFIX} SELECT ?e ?title ?score ?rank {{
           SERVICE fl:search {{ ?e fl:query \"asilo nido\" ; fl:score ?score ; fl:rank ?rank ;
             fl:snippet ?snippet ; fl:limit 5 ; fl:filterKind \"esperienza\" }}
           ?e dct:title ?title FILTER (lang(?title) = \"it\") }}"
    ));
    assert_eq!(rows.len(), 5, "{rows:?}");
    let bound = demo().select(&format!(
        "{PREFIX} SELECT ?q ?e {{ VALUES ?q {{ \"nido\" \"affido\" }}
           SERVICE fl:search {{ ?e fl:query ?q ; fl:limit 3 }} }}"
    ));
    assert_eq!(bound.len(), 6, "{bound:?}");
    let like = demo().select(&format!(
        "{PREFIX} SELECT ?e ?other ?why {{
           {{ SELECT ?e {{ ?e a fl:Experience }} ORDER BY ?e LIMIT 2 }}
           SERVICE fl:related {{ ?other fl:to ?e ; fl:reason ?why ; fl:limit 3 }} }}"
    ));
    assert!(like.len() >= 4, "{like:?}");
    let refused = |query: &str| {
        let answer = demo()
            .client
            .post(demo().url("/sparql"))
            .form(&[("query", &format!("{PREFIX} {query}"))])
            .send()
            .expect("an answer");
        (answer.status().as_u16(), answer.text().expect("a text"))
    };
    for (query, word) in [
        ("SELECT * { SERVICE fl:search { ?e fl:query ?q } }", "bound"),
        ("SELECT * { SERVICE fl:search { ?e fl:score ?s } }", "fl:query"),
        ("SELECT * { SERVICE fl:search { ?e fl:query \"x\" ; fl:budget ?c } }", "fl:score"),
        ("SELECT * { SERVICE <http://elsewhere.example/> { ?e ?p ?o } }", "refused"),
        (
            "SELECT * { ?e a ?c FILTER EXISTS { SERVICE fl:search { ?e fl:query \"x\" } } }",
            "FILTER",
        ),
    ] {
        let (status, text) = refused(query);
        assert!(status == 400 && text.contains(word), "{query}: {status} {text}");
    }
}
