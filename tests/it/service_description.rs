//! What the endpoint says of itself: the services it adds to SPARQL, each with its documentation.

use crate::support::{BASE, demo, parse, syntax};
use oxigraph::model::{Dataset, NamedNode, Term};

const SD: &str = "http://www.w3.org/ns/sparql-service-description#";
const FL: &str = "https://w3id.org/familylab/ontology#";
const RDFS: &str = "http://www.w3.org/2000/01/rdf-schema#";

fn node(namespace: &str, name: &str) -> NamedNode {
    NamedNode::new(format!("{namespace}{name}")).expect("an IRI")
}

fn objects(description: &Dataset, subject: &NamedNode, predicate: &NamedNode) -> Vec<Term> {
    let quads = description.quads_for_subject(subject);
    let own = quads.filter(|quad| quad.predicate == predicate.as_ref());
    own.map(|quad| quad.object.into_owned()).collect()
}

#[test]
fn the_description_names_the_search_services_and_says_what_they_do() {
    for extension in ["ttl", "jsonld", "rdf"] {
        let answer = demo().get(&format!("/sparql?format={extension}"), "*/*");
        let description = parse(answer.text().expect("a text"), syntax(extension));
        let service = node(BASE, "/sparql");
        for name in ["search", "related"] {
            let extension = node(FL, name);
            for property in ["languageExtension", "feature"] {
                let named = objects(&description, &service, &node(SD, property));
                assert!(named.contains(&extension.clone().into()), "{property} {name}: {named:?}");
            }
            let of = |property: &NamedNode| objects(&description, &extension, property);
            let kinds = of(&oxigraph::model::vocab::rdf::TYPE.into_owned());
            assert_eq!(kinds, [Term::from(node(SD, "Feature"))]);
            for property in ["label", "comment"] {
                let mut languages: Vec<String> = of(&node(RDFS, property))
                    .iter()
                    .map(|text| text.to_string().rsplit('@').next().unwrap_or_default().to_owned())
                    .collect();
                languages.sort_unstable();
                assert_eq!(languages, ["en", "it"], "{property} of {name}");
            }
            let page = of(&node("http://xmlns.com/foaf/0.1/", "page"));
            assert_eq!(page, [Term::from(node(BASE, &format!("/ontologia#{name}")))]);
        }
    }
}

#[test]
fn a_plain_store_adds_nothing_to_sparql() {
    let plain = crate::support::Node::start(&["--bare"]);
    let answer = plain.get("/sparql?format=nt", "*/*").text().expect("a text");
    assert!(answer.contains("supportedLanguage"), "{answer}");
    assert!(!answer.contains("languageExtension"), "{answer}");
}
