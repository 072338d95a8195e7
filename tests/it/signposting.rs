//! The way of machines from a record's page: typed links, linksets, schema.org.

use crate::support::{BASE, demo};
use serde_json::Value;

const PAGE: &str = "/esperienze/stanze-per-le-famiglie-nel-quartiere-san-paolo-di-bari";
const PATH: &str = "esperienza/stanze-per-le-famiglie-nel-quartiere-san-paolo-di-bari";

#[test]
fn a_page_says_in_its_headers_what_it_is_about_and_where_the_rest_stands() {
    let answer = demo().get(PAGE, "text/html");
    assert_eq!(answer.status(), 200);
    let lines = answer.headers().get_all("link").iter().map(|v| v.to_str().unwrap());
    let links = lines.collect::<Vec<_>>().join(", ");
    assert!(links.len() < 4096, "{links}");
    for expected in [
        format!("<{BASE}/id/{PATH}>; rel=\"cite-as\""),
        format!("<{BASE}/doc/{PATH}.ttl>; rel=\"describedby\"; type=\"text/turtle\""),
        format!("<{BASE}/linkset/{PATH}>; rel=\"linkset\"; type=\"application/linkset+json\""),
        "<https://schema.org/Article>; rel=\"type\"".to_owned(),
        "<https://w3id.org/familylab/ontology#Experience>; rel=\"type\"".to_owned(),
        format!("<{BASE}/catalog>; rel=\"collection\""),
        "rel=\"license\"".to_owned(),
        "rel=\"author\"".to_owned(),
    ] {
        assert!(links.contains(&expected), "{expected} is not in {links}");
    }
}

#[test]
fn a_linkset_says_the_same_in_both_its_forms() {
    let node = demo();
    let path = format!("/linkset/{PATH}");
    let answer = node.get(&path, "application/linkset+json");
    assert_eq!(answer.headers()["content-type"], "application/linkset+json");
    let set: Value = answer.json().expect("JSON");
    let own = &set["linkset"][0];
    assert_eq!(own["anchor"], format!("{BASE}{PAGE}"));
    assert_eq!(own["cite-as"][0]["href"], format!("{BASE}/id/{PATH}"));
    assert_eq!(own["describedby"].as_array().map(Vec::len), Some(4));
    let text = node.get(&path, "application/linkset").text().unwrap();
    assert!(text.contains(&format!("anchor=\"{BASE}{PAGE}\"")), "{text}");
    assert_eq!(node.get("/linkset/esperienza/mai-vista", "*/*").status(), 404);
    assert_eq!(node.get(&path, "image/png").status(), 406);
}

#[test]
fn the_first_page_and_that_of_the_data_describe_the_catalogue_as_a_dataset() {
    for path in ["/", "/dati", "/en/dati"] {
        let text = demo().get(path, "text/html").text().unwrap();
        let linked = text.split("<script type=\"application/ld+json\">").nth(1).unwrap();
        let linked: Value =
            serde_json::from_str(linked.split("</script>").next().unwrap()).unwrap();
        let graph = linked["@graph"].as_array().unwrap();
        let dataset = graph.iter().find(|thing| thing["@type"] == "Dataset").expect("a dataset");
        assert!(dataset["distribution"].as_array().is_some_and(|list| !list.is_empty()), "{path}");
        assert_eq!(dataset["@id"], format!("{BASE}/catalog/dataset/tutto"));
    }
}
