//! The catalogue that portals harvest: the same graph in every format, complete datasets only, what
//! each client is given, profiles, addresses that answer, settings that are refused.

use crate::support::{BASE, Node, demo, parse, syntax, vocabulary};
use familylab::schema::{Shapes, validate_graph};
use oxigraph::model::vocab::rdf;
use oxigraph::model::{Dataset, NamedNode, NamedOrBlankNodeRef, TermRef, Triple};
use reqwest::blocking::Response;
use std::collections::BTreeSet;
use std::process::Stdio;

const DCAT: &str = "http://www.w3.org/ns/dcat#";
const DCT: &str = "http://purl.org/dc/terms/";
const IT: &str = "http://dati.gov.it/onto/dcatapit#";
const HYDRA: &str = "http://www.w3.org/ns/hydra/core#";
const FOAF: &str = "http://xmlns.com/foaf/0.1/";

/// What the node publishes may come a moment after it is written.
#[track_caller]
fn published(node: &Node) {
    let ready: serde_json::Value = node.get("/ready", "*/*").json().expect("JSON");
    let answer = node.get(&format!("/catalog?min-seq={}", ready["seq"]), "text/turtle");
    assert_eq!(answer.status(), 200);
}

#[track_caller]
fn graph(node: &Node, path: &str, extension: &str) -> Dataset {
    let answer = node.get(path, "*/*");
    assert_eq!(answer.status(), 200, "{path}");
    parse(answer.text().expect("a text"), syntax(extension))
}

fn catalogue() -> Dataset {
    published(demo());
    graph(demo(), "/catalog.nt", "nt")
}

fn iri(namespace: &str, name: &str) -> NamedNode {
    NamedNode::new(format!("{namespace}{name}")).expect("an IRI")
}

/// The IRIs of what has a class.
fn of_class(graph: &Dataset, class: &NamedNode) -> BTreeSet<String> {
    let typed = graph.quads_for_predicate(rdf::TYPE);
    let own = typed.filter(|quad| quad.object == TermRef::from(class.as_ref()));
    own.map(|quad| match quad.subject {
        NamedOrBlankNodeRef::NamedNode(node) => node.as_str().to_owned(),
        NamedOrBlankNodeRef::BlankNode(node) => panic!("{node} has no IRI"),
    })
    .collect()
}

fn values(graph: &Dataset, subject: &str, property: &NamedNode) -> Vec<String> {
    let subject = NamedNode::new(subject).expect("an IRI");
    let said = graph.quads_for_subject(&subject);
    let own = said.filter(|quad| quad.predicate == property.as_ref());
    own.map(|quad| match quad.object {
        TermRef::NamedNode(node) => node.as_str().to_owned(),
        other => other.to_string(),
    })
    .collect()
}

fn header<'a>(answer: &'a Response, name: &str) -> &'a str {
    answer.headers().get(name).map_or("", |value| value.to_str().expect("a text"))
}

#[test]
fn every_format_is_the_same_graph_without_blank_nodes_and_stays_the_same_bytes() {
    let first = catalogue();
    assert!(first.len() > 1_000, "{}", first.len());
    for extension in ["ttl", "rdf", "jsonld", "nt"] {
        let path = format!("/catalog.{extension}");
        let texts = [0, 1].map(|_| demo().get(&path, "*/*").bytes().expect("bytes"));
        assert_eq!(texts[0], texts[1], "{extension}");
        let read = parse(&texts[0], syntax(extension));
        assert!(read == first, "{extension} is another graph");
        assert!(
            !read.iter().any(|quad| quad.subject.is_blank_node() || quad.object.is_blank_node())
        );
        assert_eq!(demo().client.head(demo().url(&path)).send().expect("an answer").status(), 200);
    }
}

#[test]
fn every_dataset_is_complete_in_both_profiles() {
    let graph = catalogue();
    let datasets = of_class(&graph, &iri(DCAT, "Dataset"));
    for slug in ["tutto", "esperienze", "attori", "reti", "valutazioni", "vocabolari", "territorio"]
    {
        assert!(datasets.contains(&format!("{BASE}/catalog/dataset/{slug}")), "{slug}");
    }
    let bologna = format!("{BASE}/catalog/dataset/fonte-comune-di-bologna");
    assert!(datasets.contains(&bologna));
    let titles = values(&graph, &bologna, &iri(DCT, "title"));
    assert!(titles.contains(&"\"Schede di Comune di Bologna\"@it".to_owned()), "{titles:?}");
    assert_eq!(datasets, of_class(&graph, &iri(IT, "Dataset")));
    for dataset in &datasets {
        for (namespace, property) in [
            (DCT, "title"),
            (DCT, "description"),
            (DCT, "identifier"),
            (DCT, "modified"),
            (DCT, "issued"),
            (DCT, "rightsHolder"),
            (DCT, "accrualPeriodicity"),
            (DCT, "publisher"),
            (DCT, "spatial"),
            (DCT, "temporal"),
            (DCAT, "theme"),
            (DCAT, "contactPoint"),
            (DCAT, "keyword"),
            (DCAT, "distribution"),
            (DCAT, "landingPage"),
        ] {
            let found = values(&graph, dataset, &iri(namespace, property));
            assert!(!found.is_empty(), "{dataset} has no {property}");
        }
        let identifiers = values(&graph, dataset, &iri(DCT, "identifier"));
        let slug = dataset.rsplit('/').next().expect("a slug");
        assert_eq!(identifiers, [format!("\"pcm:{slug}\"")]);
    }
    for distribution in of_class(&graph, &iri(DCAT, "Distribution")) {
        for (namespace, property) in [(DCT, "format"), (DCT, "license"), (DCAT, "accessURL")] {
            let found = values(&graph, &distribution, &iri(namespace, property));
            assert_eq!(found.len(), 1, "{distribution} {property}: {found:?}");
        }
    }
}

#[test]
fn agents_have_codes_and_are_never_contact_points() {
    let graph = catalogue();
    let agents = of_class(&graph, &iri(FOAF, "Agent"));
    assert!(agents.len() > 5, "{agents:?}");
    for agent in &agents {
        assert_eq!(values(&graph, agent, &iri(DCT, "identifier")).len(), 1, "{agent}");
        assert!(!values(&graph, agent, &iri(FOAF, "name")).is_empty(), "{agent}");
    }
    let bologna = format!("{BASE}/catalog/agent/comune-di-bologna");
    assert_eq!(values(&graph, &bologna, &iri(DCT, "identifier")), ["\"c_a944\""]);
    let contacts = of_class(&graph, &iri("http://www.w3.org/2006/vcard/ns#", "Kind"));
    assert_eq!(contacts.len(), 1);
    assert!(agents.is_disjoint(&contacts));
}

#[test]
fn a_page_names_no_dataset_that_it_does_not_describe_and_the_last_one_no_next() {
    let graph = catalogue();
    let listed = values(&graph, &format!("{BASE}/catalog"), &iri(DCAT, "dataset"));
    let described = of_class(&graph, &iri(DCAT, "Dataset"));
    assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), described);
    let view = format!("{BASE}/catalog?page=1");
    for class in ["PagedCollection", "PartialCollectionView"] {
        assert!(of_class(&graph, &iri(HYDRA, class)).contains(&view), "{class}");
    }
    for (property, wanted) in
        [("first", Some(&view)), ("last", Some(&view)), ("next", None), ("nextPage", None)]
    {
        assert_eq!(values(&graph, &view, &iri(HYDRA, property)).first(), wanted, "{property}");
    }
    for (page, status, words) in
        [("0", 400, "from 1"), ("abc", 400, "from 1"), ("9", 404, "the last page is 1")]
    {
        let answer = demo().get(&format!("/catalog?page={page}"), "text/turtle");
        assert_eq!(answer.status(), status, "{page}");
        let text = answer.text().expect("a text");
        assert!(text.contains(words), "{page}: {text}");
    }
}

#[test]
fn a_catalogue_of_many_sources_is_read_page_by_page_in_the_format_asked_for() {
    let node = Node::start_in(vocabulary(), &[]);
    for number in 0..105 {
        let text = crate::support::competence(&format!("prova-{number}"), "\"Ascolto\"@it");
        let address = node.url(&format!("/graph/fonte-{number}"));
        let put = node.client.put(address).bearer_auth(crate::support::TOKEN);
        let put = put.header("Content-Type", "application/n-triples").body(text).send();
        assert!(put.expect("an answer").status().is_success(), "{number}");
    }
    published(&node);
    let first = graph(&node, "/catalog.ttl", "ttl");
    let next = values(&first, &format!("{BASE}/catalog?page=1"), &iri(HYDRA, "next"));
    assert_eq!(next, [format!("{BASE}/catalog.ttl?page=2")]);
    let second = graph(&node, "/catalog.ttl?page=2", "ttl");
    let view = format!("{BASE}/catalog?page=2");
    assert!(values(&second, &view, &iri(HYDRA, "next")).is_empty());
    assert!(values(&second, &view, &iri(HYDRA, "nextPage")).is_empty());
    let pages = [&first, &second].map(|page| of_class(page, &iri(DCAT, "Dataset")));
    assert_eq!((pages[0].len(), pages[1].len()), (100, 12));
    assert!(pages[0].is_disjoint(&pages[1]));
    for (page, datasets) in [&first, &second].into_iter().zip(&pages) {
        for dataset in datasets {
            assert!(!values(page, dataset, &iri(DCT, "title")).is_empty(), "{dataset}");
        }
        let serves = format!("{BASE}/catalog/service/sparql");
        assert_eq!(values(page, &serves, &iri(DCAT, "servesDataset")).len(), datasets.len());
    }
}

#[test]
fn a_profile_can_be_asked_for_alone() {
    published(demo());
    let italian = graph(demo(), "/catalog.nt?profile=dcat-ap_it", "nt");
    assert!(!of_class(&italian, &iri(IT, "Dataset")).is_empty());
    assert!(of_class(&italian, &iri(DCAT, "DataService")).is_empty());
    let european = graph(demo(), "/catalog.nt?profile=dcat-ap", "nt");
    assert!(of_class(&european, &iri(IT, "Dataset")).is_empty());
    assert!(!of_class(&european, &iri(DCAT, "DataService")).is_empty());
    let ask = |profile: &str| {
        let request = demo().client.get(demo().url("/catalog.nt"));
        request.header("Accept-Profile", profile).send().expect("an answer")
    };
    let answer = ask("<http://example.org/other>, <http://dati.gov.it/onto/dcatapit>;q=0.5");
    assert_eq!(header(&answer, "content-profile"), "<http://dati.gov.it/onto/dcatapit>");
    assert!(header(&answer, "link").contains("rel=\"profile\""));
    assert!(parse(answer.text().expect("a text"), syntax("nt")) == italian);
    let refused = ask("<http://example.org/other>");
    assert_eq!(refused.status(), 406);
    assert!(refused.text().expect("a text").contains("dcat-ap_it"));
    let wrong = demo().get("/catalog?profile=altro", "text/turtle");
    assert_eq!(wrong.status(), 400);
    assert!(wrong.text().expect("a text").contains("dcat-ap_it"));
}

#[test]
fn every_resource_of_the_catalogue_answers_at_its_own_address() {
    let whole = catalogue();
    let subjects: BTreeSet<String> = whole
        .iter()
        .filter_map(|quad| match quad.subject {
            NamedOrBlankNodeRef::NamedNode(node) => node.as_str().strip_prefix(BASE),
            NamedOrBlankNodeRef::BlankNode(_) => None,
        })
        .filter(|path| path.starts_with("/catalog/") && !path.contains('#'))
        .map(str::to_owned)
        .collect();
    assert!(subjects.len() > 50, "{}", subjects.len());
    for path in &subjects {
        let described = graph(demo(), &format!("{path}.ttl"), "ttl");
        let own = values(&described, &format!("{BASE}{path}"), &rdf::TYPE.into_owned());
        assert!(!own.is_empty(), "{path}");
        for dataset in of_class(&described, &iri(DCAT, "Dataset")) {
            let titles = values(&described, &dataset, &iri(DCT, "title"));
            assert!(!titles.is_empty(), "{path} names {dataset} only");
        }
    }
    for path in ["/catalog/dataset/niente", "/catalog/agent/niente", "/catalog/niente"] {
        assert_eq!(demo().get(path, "text/turtle").status(), 404, "{path}");
    }
}

#[test]
fn settings_that_make_no_catalogue_are_refused_with_what_to_set() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = "[site]\nadministration = \"Comune di Prova\"\n\
        [catalog]\nlicence = \"boh\"\nhomepage = \"prova\"\ncontact_phone = \"chiama\"\n";
    std::fs::write(folder.path().join("familylab.toml"), file).expect("room on the disk");
    let mut command = crate::support::familylab(folder.path());
    let out = command.args(["serve", "--listen", "127.0.0.1:0"]).stdin(Stdio::null()).output();
    let out = out.expect("the program runs");
    assert!(!out.status.success());
    let said = String::from_utf8_lossy(&out.stderr);
    for words in ["ipa_code", "contact_mail", "A21_CCBY40", "homepage", "contact_phone"] {
        assert!(said.contains(words), "{words}: {said}");
    }
}

#[test]
fn the_catalogue_fits_the_shapes_of_dcat_ap() {
    let graph = catalogue();
    let triples: Vec<Triple> = graph.iter().map(|quad| Triple::from(quad.into_owned())).collect();
    let folder =
        std::env::var("FAMILYLAB_TEST_DATA").unwrap_or_else(|_| "../shared/data".to_owned());
    for name in ["shapes", "range"] {
        let file = format!("{folder}/dcat-ap/releases/3.0.1/html/shacl/{name}.ttl");
        let Ok(text) = std::fs::read_to_string(&file) else {
            crate::support::skipped(&format!("{file} is not there; set FAMILYLAB_TEST_DATA"));
            return;
        };
        let shapes = Shapes::parse(&text).expect("the shapes can be read");
        let findings = validate_graph(&shapes, triples.iter().cloned()).expect("checked");
        let grave: Vec<_> = findings
            .iter()
            .filter(|finding| finding.severity == familylab::schema::Severity::Violation)
            .collect();
        assert!(grave.is_empty(), "{name}: {:?}", &grave[..grave.len().min(5)]);
    }
}
