//! Harvests by OAI-PMH: whole, by set, by time, while others write, and after a restart.

use crate::support::harvest::{Header, Page, headers, page, pages, refused, told};
use crate::support::stream::stated;
use crate::support::{BASE, Node, TOKEN, actor, demo, graph, parse, run, vocabulary};
use oxigraph::io::RdfFormat;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

const ALL: &str = "metadataPrefix=oai_dc";

fn put(node: &Node, source: &str, body: String) {
    let address = node.url(&format!("/graphs?graph={}", graph(source)));
    let put = node.client.put(address).bearer_auth(TOKEN);
    let put = put.header("Content-Type", "application/n-triples").body(body).send();
    assert!(put.expect("an answer").status().is_success());
    node.published();
}

fn actors(names: impl Iterator<Item = usize>) -> String {
    names.map(|name| actor(&format!("ente-{name}"))).collect()
}

fn iri(slug: &str) -> String {
    format!("{BASE}/id/attore/{slug}")
}

fn identifiers(headers: &[Header]) -> Vec<&str> {
    headers.iter().map(|header| header.identifier.as_str()).collect()
}

/// The records that the node states something of.
fn records(lines: &BTreeSet<String>) -> BTreeSet<&str> {
    let subjects = lines.iter().filter_map(|line| line.strip_prefix('<')?.split(['>', '#']).next());
    subjects.collect()
}

#[test]
fn a_harvest_of_the_whole_catalogue_in_pages_is_what_the_node_states() {
    let node = demo();
    node.published();
    let expected = stated(node, None);
    let pages = pages(node, "ListRecords", "metadataPrefix=dcat_ap");
    assert!(pages.len() > 50 && pages[0].headers.len() == 100, "{}", pages.len());
    let (mut found, mut seen) = (BTreeSet::new(), Vec::new());
    for page in &pages {
        for part in page.text.split("<rdf:RDF").skip(1) {
            let (part, _) = part.split_once("</rdf:RDF>").expect("an end");
            for quad in parse(format!("<rdf:RDF{part}</rdf:RDF>"), RdfFormat::RdfXml).iter() {
                let subject = quad.subject.to_string();
                if subject.starts_with(&format!("<{BASE}/id/")) {
                    found.insert(format!("{subject} {} {}", quad.predicate, quad.object));
                }
            }
        }
        seen.extend(page.headers.clone());
    }
    let lost: Vec<_> = expected.difference(&found).take(3).collect();
    let more: Vec<_> = found.difference(&expected).take(3).collect();
    assert!(lost.is_empty() && more.is_empty(), "{lost:?} {more:?}");
    let listed: Vec<&str> = identifiers(&seen);
    assert_eq!(listed.iter().collect::<BTreeSet<_>>().len(), listed.len(), "each stands once");
    assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), records(&expected));
    assert!(seen.is_sorted_by_key(|header| header.stamp.clone()) && !seen[0].is_deleted);
    assert_eq!(headers(node, ALL), seen, "both lists tell the same headers");
}

#[test]
fn sets_are_what_the_headers_say_and_sets_above_them_hold_all() {
    let node = demo();
    node.published();
    let all = headers(node, ALL);
    let listed: BTreeSet<String> =
        told(node, "verb=ListSets").all("set").map(|set| set.one("setSpec").text.clone()).collect();
    let mut members: BTreeMap<&str, Vec<Header>> = BTreeMap::new();
    for header in &all {
        let of = |set: &str| header.sets.iter().filter(|one| one.starts_with(set)).count();
        assert!(of("kind:") == 1 && of("source:") >= 1 && header.sets.len() >= 2, "{header:?}");
        for set in &header.sets {
            assert!(listed.contains(set), "{set}");
            members.entry(set).or_default().push(header.clone());
        }
    }
    for set in &listed {
        let arguments = format!("{ALL}&set={set}");
        match members.get(set.as_str()) {
            Some(members) => assert_eq!(headers(node, &arguments), *members, "{set}"),
            None if set.contains(':') => {
                assert_eq!(
                    refused(node, &format!("verb=ListRecords&{arguments}")),
                    ["noRecordsMatch"]
                );
            }
            None => assert_eq!(headers(node, &arguments), all, "{set}"),
        }
    }
}

#[test]
fn a_time_is_a_part_of_the_list_to_the_second_and_to_the_day() {
    let node = demo();
    node.published();
    let kind = format!("{ALL}&set=kind:attore");
    let all = headers(node, &kind);
    let (first, last) = (&all[0].stamp, &all[all.len() - 1].stamp);
    let of = |from: Option<&str>, until: Option<&str>| -> Vec<Header> {
        // Days are compared as days, which are the beginnings of stamps.
        let is_in = |header: &&Header| {
            from.is_none_or(|from| header.stamp[..from.len()] >= *from)
                && until.is_none_or(|until| header.stamp[..until.len()] <= *until)
        };
        all.iter().filter(is_in).cloned().collect()
    };
    let stamps: BTreeSet<&str> = all.iter().map(|header| header.stamp.as_str()).collect();
    let middle = stamps.iter().nth(stamps.len() / 2).expect("a stamp");
    for (from, until) in [
        (Some(first.as_str()), Some(last.as_str())),
        (Some(middle), None),
        (None, Some(middle)),
        (Some(middle), Some(middle)),
        (Some(&last[..]), None),
        (Some(&first[..10]), Some(&last[..10])),
        (Some(&first[..10]), None),
        (None, Some(&last[..10])),
        (None, Some("2999-01-01")),
        (Some("1900-01-01"), None),
    ] {
        let mut arguments = kind.clone();
        for (name, value) in [("from", from), ("until", until)] {
            arguments.extend(value.map(|value| format!("&{name}={value}")));
        }
        let expected = of(from, until);
        assert!(!expected.is_empty());
        assert_eq!(headers(node, &arguments), expected, "{arguments}");
    }
    let earliest = told(node, "verb=Identify").one("earliestDatestamp").text.clone();
    assert!(earliest <= *first);
}

/// What a harvester knows after a list: the state of every record, by its identifier.
fn known(pages: &[Page]) -> BTreeMap<String, bool> {
    let all: Vec<&Header> = pages.iter().flat_map(|page| &page.headers).collect();
    let known: BTreeMap<String, bool> =
        all.iter().map(|header| (header.identifier.clone(), header.is_deleted)).collect();
    assert_eq!(known.len(), all.len(), "each record stands once");
    known
}

#[test]
fn what_is_written_during_a_harvest_and_a_restart_moves_no_record() {
    let node = Node::start_in(vocabulary(), &[]);
    put(&node, "prova", actors(0..350));
    let arguments = "metadataPrefix=oai_dc&set=source:prova";
    let before = pages(&node, "ListRecords", arguments);
    assert_eq!(
        before.iter().map(|page| page.headers.len()).collect::<Vec<_>>(),
        [100, 100, 100, 50]
    );
    let first = page(&node, &format!("verb=ListRecords&{arguments}"));
    let began = first.text.split("responseDate>").nth(1).expect("a date").trim_end_matches("</");
    let began = began.to_owned();
    // Some are changed, some deleted, some new; some of them told already, some not yet.
    let kept = actors((0..20).chain(40..340).chain(900..910));
    put(&node, "prova", kept.replace("Comune di ente-7\"", "Comune di sette\""));
    let resume =
        |node: &Node, token: &str| page(node, &format!("verb=ListRecords&resumptionToken={token}"));
    let second = resume(&node, &first.token.clone().expect("a token"));
    let kept = second.token.clone().expect("a token");
    let (_, data) = node.stop();
    let node = Node::start_in(data, &[]);
    put(&node, "prova", actors(0..5));
    let third = resume(&node, &kept);
    let fourth = resume(&node, &third.token.clone().expect("a token"));
    assert_eq!((fourth.token.clone(), fourth.cursor), (None, Some(300)));
    let harvested = [first, second, third, fourth];
    let told = |pages: &[Page]| -> Vec<Header> {
        pages.iter().flat_map(|page| page.headers.clone()).collect()
    };
    assert_eq!(told(&harvested), told(&before), "the state of the first request");
    let mut state = known(&harvested);
    state.extend(known(&pages(&node, "ListRecords", &format!("{arguments}&from={began}"))));
    let there = state.iter().filter(|(_, is_deleted)| !**is_deleted).map(|(iri, _)| iri.clone());
    let expected: BTreeSet<String> = (0..5).map(|name| iri(&format!("ente-{name}"))).collect();
    assert_eq!(there.collect::<BTreeSet<_>>(), expected, "the harvester knows what there is");
    assert_eq!(state.len(), 360);
}

#[test]
fn no_token_is_taken_that_was_not_given_out_for_this_list() {
    let node = demo();
    node.published();
    let page = page(node, &format!("verb=ListIdentifiers&{ALL}"));
    let token = page.token.expect("a token");
    let other = Node::start_in(vocabulary(), &[]);
    other.published();
    assert_eq!(
        refused(&other, &format!("verb=ListIdentifiers&resumptionToken={token}")),
        ["badResumptionToken"],
        "of another log"
    );
    let ends = token.rsplit_once('.').expect("a check");
    let fields: Vec<&str> = token.split('.').collect();
    let changed = |at: usize, value: &str| {
        let mut fields = fields.clone();
        fields[at] = value;
        fields.join(".")
    };
    let mut wrong =
        vec![ends.0.to_owned(), ends.1.to_owned(), format!("{token}0"), format!("0{token}")];
    wrong.push(token.to_uppercase());
    wrong.push(token.replace('.', ":"));
    wrong.push(format!("{}..{}", ends.0, ends.1));
    wrong.push("%F0%9F%98%80.1".to_owned());
    wrong.push("%00".to_owned());
    wrong.push("1.".repeat(500));
    wrong.extend((0..fields.len()).map(|at| changed(at, "7")));
    wrong.extend((0..fields.len()).map(|at| changed(at, "")));
    wrong.push(changed(2, "dcat_ap"));
    wrong.push(changed(3, "kind"));
    wrong.push(changed(4, "99999999"));
    assert!(wrong.len() > 25);
    for token in wrong {
        let query = format!("verb=ListIdentifiers&resumptionToken={token}");
        assert_eq!(refused(node, &query), ["badResumptionToken"], "{token}");
    }
    let query = format!("verb=ListRecords&resumptionToken={token}");
    assert_eq!(refused(node, &query), ["badResumptionToken"], "of the other verb");
}

#[test]
fn what_two_sources_tell_is_one_record_and_gone_when_both_have_taken_it_back() {
    let node = Node::start_in(vocabulary(), &[]);
    put(&node, "uno", actor("comune") + &actor("solo"));
    let more = format!(
        "<{}> <http://xmlns.com/foaf/0.1/homepage> <https://due.example/> .\n",
        iri("comune")
    );
    put(&node, "due", actor("comune") + &more);
    let of = |set: &str| headers(&node, &format!("{ALL}&set={set}"));
    let both = of("source:due").remove(0);
    assert_eq!(both.sets, ["kind:attore", "source:due", "source:uno"]);
    assert_eq!(identifiers(&of("kind:attore")), [iri("solo"), iri("comune")], "it stands once");
    assert!(of("source:uno").contains(&both), "who follows one source is told what the other says");
    let get = |prefix: &str| {
        let query = format!("verb=GetRecord&metadataPrefix={prefix}&identifier={}", iri("comune"));
        node.get(&format!("/oai?{query}"), "*/*").text().expect("a text")
    };
    assert_eq!(get("dcat_ap").matches("https://due.example/").count(), 1);
    put(&node, "due", actor("altro"));
    let left = of("source:due");
    let left = left.iter().find(|header| header.identifier == iri("comune")).expect("it stays");
    assert!(!left.is_deleted && !get("dcat_ap").contains("https://due.example/"));
    put(&node, "uno", actor("solo"));
    for set in ["source:uno", "source:due", "kind:attore", "kind"] {
        let gone = of(set).into_iter().find(|header| header.identifier == iri("comune"));
        assert!(gone.is_some_and(|gone| gone.is_deleted), "{set}");
    }
    let gone = get("oai_dc");
    assert!(gone.contains("<header status=\"deleted\">") && !gone.contains("<metadata"), "{gone}");
    let formats = format!("verb=ListMetadataFormats&identifier={}", iri("comune"));
    assert_eq!(told(&node, &formats).children.len(), 2);
}

#[test]
fn a_record_that_is_kept_back_is_gone_and_one_that_never_was_published_is_not_there() {
    let node = Node::start_in(vocabulary(), &[]);
    put(&node, "prova", actor("buono") + &actor("guasto"));
    let (_, data) = node.stop();
    let file = data.path().join("prova.nt");
    let fl = "https://w3id.org/familylab/ontology#";
    let a = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>";
    let broken = |slug: &str| format!("<{}> {a} <{fl}PublicAdministration> .\n", iri(slug));
    fs::write(&file, broken("guasto") + &broken("mai")).expect("it can be written");
    let command = ["import", &file.to_string_lossy(), "--source", "prova", "--trusted"];
    run(data.path(), &command).accepted();
    let node = Node::start_in(data, &[]);
    node.published();
    let told = headers(&node, &format!("{ALL}&set=source:prova"));
    let state: Vec<(&str, bool)> =
        told.iter().map(|header| (header.identifier.as_str(), header.is_deleted)).collect();
    assert_eq!(state, [(iri("buono").as_str(), false), (iri("guasto").as_str(), true)]);
    let never = format!("verb=GetRecord&metadataPrefix=oai_dc&identifier={}", iri("mai"));
    assert_eq!(refused(&node, &never), ["idDoesNotExist"]);
}
