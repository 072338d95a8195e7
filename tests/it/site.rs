//! The pages for people: their places, their languages, what they are dressed in, what visitors
//! write. How they look and what they do with scripts is tested in a browser (tests/browser).

use crate::support::{Node, demo, familylab};
use reqwest::blocking::Response;

const HTML: &str = "text/html,application/xhtml+xml,*/*;q=0.8";
const EXPERIENCE: &str = "/esperienze/stanze-per-le-famiglie-nel-quartiere-san-paolo-di-bari";

/// Where the records of each kind are listed, and one of them, where the catalogue has one.
const PLACES: [&str; 14] = [
    "/esperienze",
    "/attori",
    "/reti",
    "/territori",
    "/temi",
    "/destinatari",
    "/valutazioni",
    "/modelli",
    "/percorsi",
    "/competenze",
    "/saperi",
    "/notizie",
    "/eventi",
    "/raccolte",
];

fn header(answer: &Response, name: &str) -> String {
    answer
        .headers()
        .get(name)
        .map_or_else(String::new, |v| v.to_str().expect("a plain header").to_owned())
}

fn page(node: &Node, path: &str) -> String {
    let answer = node.get(path, HTML);
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().expect("a text")
}

/// The address of the first result of a list.
fn first(list: &str) -> String {
    let marked =
        list.split("data-record=").nth(1).or_else(|| list.split("class=\"branches\"").nth(1));
    let rest = marked.and_then(|rest| rest.split("<h3><a href=\"").nth(1));
    rest.and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
}

#[test]
fn every_kind_has_a_list_and_pages_in_both_languages() {
    let node = demo();
    node.indexed();
    for place in PLACES {
        for (prefix, lang) in [("", "it"), ("/en", "en")] {
            let list = page(node, &format!("{prefix}{place}"));
            assert!(list.contains(&format!("<html lang=\"{lang}\">")), "{prefix}{place}");
            let address = match place {
                "/territori" => format!("{prefix}/territori/puglia"),
                _ => first(&list),
            };
            assert!(address.starts_with(&format!("{prefix}{place}/")), "{address:?} in {place}");
            let record = page(node, &address);
            assert_eq!(record.matches("<h1").count(), 1, "{address}");
            let other =
                if lang == "it" { format!("/en{address}") } else { address[3..].to_owned() };
            assert!(record.contains(&format!("href=\"{other}\"")), "{address} leads to {other}");
        }
    }
}

#[test]
fn a_record_s_page_says_what_search_engines_must_know() {
    let text = page(demo(), EXPERIENCE);
    let base = "http://localhost:7070";
    for expected in [
        format!("<link rel=\"canonical\" href=\"{base}{EXPERIENCE}\">"),
        format!("<link rel=\"alternate\" hreflang=\"en\" href=\"{base}/en{EXPERIENCE}\">"),
        "<meta property=\"og:title\" content=\"Stanze per le famiglie".to_owned(),
        "type=\"text/turtle\"".to_owned(),
    ] {
        assert!(text.contains(&expected), "{expected} is not in {text}");
    }
    let linked = text.split("<script type=\"application/ld+json\">").nth(1).unwrap();
    let linked = linked.split("</script>").next().unwrap();
    let linked: serde_json::Value = serde_json::from_str(linked).unwrap();
    let kinds: Vec<&str> =
        linked["@graph"].as_array().unwrap().iter().filter_map(|t| t["@type"].as_str()).collect();
    assert_eq!(kinds, ["WebPage", "BreadcrumbList", "Article"]);
    assert_eq!(linked["@graph"][2]["author"][0]["name"], "Comune di Bari");
}

#[test]
fn a_territory_is_found_by_its_istat_code() {
    let node = demo();
    node.indexed();
    let to = |path: &str| {
        let answer = node.get(path, HTML);
        (answer.status().as_u16(), header(&answer, "location"))
    };
    assert_eq!(to("/territori/072006"), (301, "/territori/bari".to_owned()));
    assert_eq!(to("/en/territori/16"), (301, "/en/territori/puglia".to_owned()));
    assert_eq!(to("/territori/999999").0, 404);
}

#[test]
fn what_pages_are_dressed_in_is_there_and_kept_for_ever() {
    let node = demo();
    let text = page(node, "/");
    let sheets: Vec<&str> = text
        .split("<link rel=\"stylesheet\" href=\"")
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap())
        .collect();
    assert!(!sheets.is_empty(), "{text}");
    for sheet in sheets {
        let answer = node.get(sheet, "text/css");
        assert_eq!(answer.status(), 200, "{sheet}");
        assert_eq!(header(&answer, "content-type"), "text/css; charset=utf-8");
        let is_plain = sheet == "/assets/plain.css";
        assert_eq!(header(&answer, "cache-control").contains("immutable"), !is_plain, "{sheet}");
    }
    assert_eq!(node.get("/assets/manifest.json", "*/*").status(), 404);
    assert_eq!(node.get("/assets/..%2fmanifest.json", "*/*").status(), 404);
}

#[test]
fn a_wrong_address_is_answered_with_help_in_its_language() {
    let node = demo();
    for (path, word) in
        [("/esperienze/mai-vista", "Mappa"), ("/en/esperienze/mai-vista", "site map")]
    {
        let answer = node.get(path, HTML);
        assert_eq!(answer.status(), 404);
        let text = answer.text().unwrap();
        assert!(text.to_lowercase().contains(&word.to_lowercase()), "{text}");
        assert!(text.contains("value=\"mai vista\""), "what was looked for is in the search box");
    }
    assert_eq!(node.get("/esperienze?view=torta", HTML).status(), 400);
    assert_eq!(node.get("/esperienze/confronta?id=mai-vista", HTML).status(), 404);
}

#[test]
fn a_visitor_s_message_is_kept_for_those_who_run_the_node_and_for_nobody_else() {
    let node = Node::start_in(crate::support::vocabulary(), &[]);
    let send = |body: &str| {
        let request = node.client.post(node.url("/accessibilita")).header("Accept", HTML);
        let request = request.header("Content-Type", "application/x-www-form-urlencoded");
        request.body(body.to_owned()).send().unwrap()
    };
    let kept = send("message=La+mappa+non+si+legge+bene&page=%2Fesperienze&mail=chi%40example.org");
    assert_eq!(kept.status(), 200);
    assert_eq!(send("message=corto").status(), 422);
    assert_eq!(send(&format!("message={}", "a".repeat(6_000))).status(), 422);
    let found =
        node.select("SELECT ?s WHERE { ?s ?p ?o FILTER(CONTAINS(STR(?o), 'non si legge')) }");
    assert!(found.is_empty(), "{found:?}");
    let output = familylab(node.data.path()).arg("feedback").output().unwrap();
    assert!(output.status.success());
    let lines = String::from_utf8(output.stdout).unwrap();
    let messages: Vec<serde_json::Value> =
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(messages.len(), 1, "{lines}");
    assert_eq!(messages[0]["message"], "La mappa non si legge bene");
    assert_eq!(messages[0]["mail"], "chi@example.org");
}

#[test]
fn what_a_page_says_a_level_rests_on_is_what_the_rule_looks_at() {
    let node = demo();
    // The rule's own conditions, asked of every experience, whatever level it states.
    let rule = include_str!("../../ontology/rules/evidence-level.rq");
    let (head, conditions) = rule.split_once("CONSTRUCT").expect("a rule");
    let (_, conditions) = conditions.split_once("WHERE").expect("its conditions");
    let (stated, objective) = ("fl:evidenceLevel ?stated", "fl:objective ?objective");
    let kept: Vec<&str> = conditions
        .lines()
        .filter(|line| !line.contains(stated) && !line.contains(objective))
        .collect();
    assert_eq!(kept.len() + 2, conditions.lines().count(), "{conditions}");
    let asked = "SELECT ?experience ?isMeasured ?isReviewed ?isTakenOver ?isLasting WHERE";
    let rows = node.select(&format!("{head}{asked}{}", kept.join("\n")));
    assert!(rows.len() > 70, "{rows:?}");
    let mut compared = 0;
    for row in &rows {
        let (iri, expected) = row.split_once(',').expect("five columns");
        let slug = iri.rsplit('/').next().expect("a slug");
        let text = page(node, &format!("/esperienze/{slug}"));
        let (_, rest) = text.split_once("<ul class=\"earned\">").unwrap_or(("", "</ul>"));
        let (list, _) = rest.split_once("</ul>").expect("its end");
        let told: Vec<&str> = list
            .split("<li class=\"")
            .skip(1)
            .map(|item| if item.starts_with("yes") { "true" } else { "false" })
            .collect();
        // Where there is no level, the page does not say what it would rest on.
        assert!(told.is_empty() || told.join(",") == expected, "{slug}: {told:?}, not {expected}");
        compared += usize::from(!told.is_empty());
    }
    assert!(compared > 60, "{compared} pages tell what a level rests on");
    for fact in 1..5 {
        let values = rows.iter().map(|row| row.split(',').nth(fact).expect("a value"));
        let values: std::collections::BTreeSet<&str> = values.collect();
        assert_eq!(values.len(), 2, "the catalogue holds no case of both: {fact}");
    }
}
