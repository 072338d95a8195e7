//! The pages of SPARQL, of named queries and of the documentation, as they come without scripts.

use crate::support::demo;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const BROWSER: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const FL: &str = "https://w3id.org/familylab/ontology#";

fn page(path: &str) -> (u16, String) {
    let answer = demo().get(path, BROWSER);
    let kind = answer.headers()["content-type"].to_str().expect("plain").to_owned();
    let status = answer.status().as_u16();
    assert!(kind.starts_with("text/html"), "{path}: {status} {kind}");
    (status, answer.text().expect("a text"))
}

#[track_caller]
fn good(path: &str) -> String {
    let (status, text) = page(path);
    assert_eq!(status, 200, "{path}");
    text
}

fn sparql(parameters: &[(&str, &str)]) -> String {
    let url = reqwest::Url::parse_with_params("http://x/sparql", parameters).expect("a URL");
    format!("/sparql?{}", url.query().unwrap_or_default())
}

fn rows(html: &str) -> usize {
    html.split("<tbody>")
        .nth(1)
        .map_or(0, |body| body.split("</tbody>").next().unwrap_or_default().matches("<tr>").count())
}

fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = fs::read_dir(folder).expect("the folder can be read");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    paths.filter(|path| path.extension().is_some_and(|other| other == extension)).collect()
}

#[test]
fn a_browser_is_shown_the_answer_below_the_query_and_programs_get_data() {
    let query = format!("SELECT ?s ?p ?o {{ ?s a <{FL}Experience> ; ?p ?o }}");
    let path = sparql(&[("query", &query)]);
    let first = good(&path);
    assert_eq!(rows(&first), 100);
    assert!(first.contains("<textarea") && first.contains("SELECT ?s ?p ?o {"), "the query stays");
    assert!(first.contains("Nessuna riga è tolta dalla risposta"), "what is not shown is told");
    assert!(first.contains("page=2"));
    let second = good(&format!("{path}&page=2"));
    assert_eq!(rows(&second), 100);
    assert_ne!(first, second);
    let english = good(&format!("/en{path}"));
    assert!(english.contains("No row is taken from the answer"));
    for accept in ["*/*", "text/csv", "application/json"] {
        let answer = demo().get(&path, accept);
        let kind = answer.headers()["content-type"].to_str().expect("plain").to_owned();
        assert!(!kind.starts_with("text/html"), "{accept}: {kind}");
    }
    let kept = demo().get(&format!("{path}&format=csv&download=true"), BROWSER);
    assert_eq!(kept.headers()["content-disposition"], "attachment; filename=\"familylab.csv\"");
}

#[test]
fn truths_graphs_and_empty_answers_have_pages_too() {
    assert!(good(&sparql(&[("query", "ASK { ?s ?p ?o }")])).contains("Sì: i dati lo confermano."));
    let none = good(&sparql(&[("query", "SELECT * { <urn:x:y> ?p ?o }")]));
    assert!(none.contains("Nessuna riga: la domanda è corretta"));
    let graph = format!("CONSTRUCT {{ ?s a <urn:x:c> }} {{ ?s a <{FL}Network> }}");
    let graph = good(&sparql(&[("query", &graph)]));
    assert!(rows(&graph) > 3 && graph.contains("value=\"ttl\""), "{}", rows(&graph));
}

#[test]
fn a_mistake_is_shown_beside_the_query_in_the_reader_s_language() {
    let path = sparql(&[("query", "SELECT *\nWHER { ?s ?p ?o }")]);
    let (status, italian) = page(&path);
    assert_eq!(status, 400);
    assert!(italian.contains("Riga 2, colonna 1: qui non può stare «WHER»."));
    assert!(italian.contains("WHER { ?s ?p ?o }</textarea>"));
    let (_, english) = page(&format!("/en{path}"));
    assert!(english.contains("Line 2, column 1: “WHER” cannot stand here."));
    let other = sparql(&[("query", "SELECT * { SERVICE <http://x.example/> { ?s ?p ?o } }")]);
    let (status, text) = page(&other);
    assert!(status == 400 && text.contains("Il nodo rifiuta la domanda."));
}

#[test]
fn the_plan_is_a_table() {
    let query = format!("SELECT ?s {{ ?s a <{FL}Experience> ; <{FL}budget> ?b }} ORDER BY ?b");
    let plan = good(&sparql(&[("query", &query), ("explain", "true")]));
    assert!(plan.contains("Piano della domanda") && rows(&plan) > 2);
    assert!(!plan.contains("alive"));
}

#[test]
fn named_queries_are_listed_by_subject_and_have_a_field_for_each_parameter() {
    let list: serde_json::Value = demo().get("/q", "application/json").json().expect("JSON");
    let queries = list["queries"].as_array().expect("a list");
    for (prefix, language) in [("", "it"), ("/en", "en")] {
        let listed = good(&format!("{prefix}/q"));
        for query in queries {
            let name = query["name"].as_str().expect("a name");
            assert!(listed.contains(&format!("href=\"{prefix}/q/{name}\"")), "{name}");
            let own = good(&format!("{prefix}/q/{name}"));
            for parameter in query["parameters"].as_array().expect("a list") {
                let field = format!("name=\"{}\"", parameter["name"].as_str().expect("a name"));
                assert!(own.contains(&field), "{name}: {field}");
            }
            if own.contains("id=\"p-lingua\"") {
                let chosen = format!("<option value=\"{language}\" selected>");
                assert!(own.contains(&chosen), "{name} speaks the reader's language");
            }
        }
    }
    assert_eq!(page("/q/non-esiste").0, 404);
}

#[test]
fn a_named_query_shows_what_its_address_answers() {
    let path = "/q/esperienze-per-tema-e-regione?tema=tema/nidi-e-micronidi&lingua=it";
    let data = demo().get(path, "text/csv").text().expect("a text");
    let shown = good(path);
    assert_eq!(rows(&shown), data.lines().count() - 1);
    assert!(shown.contains("<option value=\"tema/nidi-e-micronidi\" selected>"));
    assert!(
        shown.contains("/id/tema/nidi-e-micronidi&gt;") || shown.contains("nidi-e-micronidi&#62;"),
        "the text has the value"
    );
    let (status, wrong) = page("/q/esperienze-per-tema-e-regione?spesa=mille");
    assert!(status == 400 && wrong.contains("Un parametro non va bene"));
}

#[test]
fn the_text_with_values_in_it_asks_the_same() {
    let node = demo();
    let (mut wrong, mut tried) = (Vec::new(), 0);
    for path in files("tests/queries", "csv") {
        let text = fs::read_to_string(&path).expect("a text");
        let parameters = text.lines().next().and_then(|line| line.strip_prefix('#'));
        let parameters = parameters.expect("a comment").trim();
        if parameters.is_empty() {
            continue;
        }
        tried += 1;
        let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
        let name = stem.split('.').next().expect("a name");
        let filled = node.get(&format!("/q/{name}.rq?{parameters}"), "*/*");
        let filled = filled.text().expect("a text");
        let direct = node.get(&format!("/q/{name}?{parameters}"), "text/csv").text();
        let mut direct: Vec<String> =
            direct.expect("a text").lines().skip(1).map(str::to_owned).collect();
        direct.sort_unstable();
        if node.select(&filled) != direct {
            wrong.push(stem);
        }
    }
    assert!(tried > 20, "{tried}");
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn the_ontology_page_has_an_anchor_for_every_term_and_finds_words() {
    let ontology = fs::read_to_string("ontology/familylab.ttl").expect("a text");
    let terms: BTreeSet<&str> = ontology
        .lines()
        .filter_map(|line| line.strip_prefix("fl:")?.split_once(" a ").map(|(name, _)| name))
        .collect();
    assert!(terms.len() > 140);
    for prefix in ["", "/en"] {
        let text = good(&format!("{prefix}/ontologia"));
        let missing: Vec<&&str> =
            terms.iter().filter(|term| !text.contains(&format!("id=\"{term}\""))).collect();
        assert!(missing.is_empty(), "{missing:?}");
        assert!(text.contains("cov:Organization"), "alignments have their prefixes");
    }
    let found = good("/ontologia?q=VOCE+di+costo");
    assert!(found.contains("id=\"Cost\"") && !found.contains("id=\"Network\""));
    assert!(good("/ontologia?q=zzzz").contains("Nessun termine contiene queste parole."));
    assert!(good("/ontologia").contains("src=\"/ontologia/Network.svg?lang=it\""));
    let drawing = demo().get("/ontologia/Experience.svg?lang=en", "image/svg+xml");
    assert_eq!(drawing.headers()["content-type"], "image/svg+xml");
    assert!(drawing.text().expect("a text").contains("Budget"));
    assert_eq!(demo().get("/ontologia/Nothing.svg", "*/*").status(), 404);
}

#[test]
fn the_queries_that_pages_begin_with_answer_something() {
    let examples = files("web/templates/examples", "rq");
    assert_eq!(examples.len(), 12);
    for path in examples {
        let text = fs::read_to_string(&path).expect("a text");
        // Where each node is a graph there is only one here.
        if text.contains("GRAPH ?") {
            let address = demo().url("/federation/sparql");
            let request = demo().client.post(address).header("Accept", "text/csv");
            let answer = request.form(&[("query", &text)]).send().expect("an answer");
            assert_eq!(answer.status(), 200, "{}", path.display());
            let rows = answer.text().expect("a text").lines().count() - 1;
            assert_eq!(rows > 0, !text.contains("HAVING"), "{}: {rows}", path.display());
            continue;
        }
        let rows = demo().select(&text);
        assert!(rows.len() > 4, "{}: {rows:?}", path.display());
    }
}

#[test]
fn a_vocabulary_is_a_tree_with_counts_and_can_be_searched() {
    let node = demo();
    let schemes = good("/vocabolari");
    for name in ["themes", "target-groups", "levels", "phases", "evidence", "factors"] {
        assert!(schemes.contains(&format!("href=\"/vocabolari/{name}\"")), "{name}");
    }
    let skos = "http://www.w3.org/2004/02/skos/core#";
    let labels = node.select(&format!(
        "SELECT ?l {{ ?c <{skos}inScheme> <https://w3id.org/familylab/vocabulary/themes> ; \
         <{skos}prefLabel> ?l FILTER(LANG(?l) = 'en') }}"
    ));
    let text = good("/en/vocabolari/themes");
    assert!(labels.len() > 60);
    for label in &labels {
        let label = label.trim_matches('"').replace("\"\"", "&#34;").replace('\'', "&#39;");
        assert!(text.contains(&label.replace('&', "&#38;")) || text.contains(&label), "{label}");
    }
    let count = node.select(&format!(
        "SELECT (COUNT(DISTINCT ?e) AS ?n) {{ ?e a <{FL}Experience> ; \
         <http://purl.org/dc/terms/subject>/<{skos}broader>* \
         <http://localhost:7070/id/tema/servizi-prima-infanzia> }}"
    ));
    let own = text.split("id=\"servizi-prima-infanzia\"").nth(1).expect("the concept");
    let summary = own.split("</summary>").next().expect("a summary");
    assert!(summary.contains(&format!("{} experiences", count[0])), "{summary}");
    let found = good("/vocabolari/themes?q=micronid");
    assert!(
        found.contains("id=\"nidi-e-micronidi\"")
            && found.contains("id=\"servizi-prima-infanzia\"")
    );
    assert!(!found.contains("id=\"abitare\""));
    let phases = good("/vocabolari/phases");
    let place = |id: &str| phases.find(&format!("<li id=\"{id}\"")).expect("a phase");
    assert!(place("idea") < place("design") && place("design") < place("pilot"));
    assert_eq!(page("/vocabolari/nulla").0, 404);
}
