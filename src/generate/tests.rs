//! The catalogue seen from outside: what any reader of its bytes may rely on.

use super::catalogue::{Ask, Counts, generate};
use super::sample;
use crate::iri::record_of;
use crate::vocab::fl;
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::{NamedOrBlankNode, Quad, Term};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

fn catalogue(experiences: u64, seed: u64) -> (Vec<u8>, Counts) {
    let source = Ask::SOURCE.to_owned();
    let ask = Ask { experiences, seed, base: sample::base(), source };
    let mut bytes = Vec::new();
    let counts = generate(&ask, &sample::ground(), &mut bytes, |_| ()).unwrap();
    (bytes, counts)
}

fn quads(bytes: &[u8]) -> Vec<Quad> {
    RdfParser::from_format(RdfFormat::NQuads).for_slice(bytes).collect::<Result<_, _>>().unwrap()
}

fn subject(quad: &Quad) -> &str {
    match &quad.subject {
        NamedOrBlankNode::NamedNode(node) => node.as_str(),
        NamedOrBlankNode::BlankNode(node) => panic!("{node} is a blank node"),
    }
}

fn object(quad: &Quad) -> Option<&str> {
    match &quad.object {
        Term::NamedNode(node) => Some(node.as_str()),
        _ => None,
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let digest = |seed| Sha256::digest(catalogue(120, seed).0);
    assert_eq!(digest(1), digest(1));
    assert_ne!(digest(1), digest(2));
}

/// Guards against arithmetic that differs between machines. Whoever changes the words, the
/// templates or the order of the draws on purpose writes the new digest here.
#[test]
fn the_bytes_are_the_same_on_every_machine() {
    let digest = Sha256::digest(catalogue(120, 1).0);
    let start: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(start, "6a4b9b5e061989f8");
}

#[test]
fn a_larger_catalogue_begins_with_the_smaller_one() {
    let (small, large) = (catalogue(60, 5).0, catalogue(90, 5).0);
    assert!(large.starts_with(&small));
}

#[test]
fn every_line_is_a_quad_and_none_comes_twice() {
    let (bytes, counts) = catalogue(1_000, 1);
    let read = quads(&bytes);
    assert_eq!(read.len() as u64, counts.quads);
    let distinct: BTreeSet<String> = read.iter().map(ToString::to_string).collect();
    assert_eq!(distinct.len(), read.len());
}

#[test]
fn there_are_about_thirty_five_quads_for_each_experience() {
    let (_, counts) = catalogue(4_000, 9);
    let each = counts.quads as f64 / counts.experiences as f64;
    assert!((33.0..37.0).contains(&each), "{each}");
    assert_eq!((counts.actors, counts.networks, counts.assessments), (1_000, 160, 500));
}

#[test]
fn every_record_of_the_catalogue_that_is_named_is_also_described() {
    let (bytes, _) = catalogue(1_000, 3);
    let read = quads(&bytes);
    let described: BTreeSet<&str> = read.iter().map(subject).collect();
    let own =
        ["esperienza", "attore", "rete", "valutazione"].map(|kind| sample::base().record(kind, ""));
    for named in read.iter().filter_map(object) {
        if own.iter().any(|start| named.starts_with(start)) {
            assert!(described.contains(named), "{named} is not described");
        }
    }
}

#[test]
fn every_subject_is_a_record_of_this_node_and_says_that_it_is_a_demonstration() {
    let (bytes, _) = catalogue(200, 3);
    let read = quads(&bytes);
    let marked: BTreeSet<&str> =
        read.iter().filter(|quad| quad.predicate == fl::DEMONSTRATION).map(subject).collect();
    for quad in &read {
        assert!(subject(quad).starts_with(&sample::base().id()), "{quad}");
        assert!(marked.contains(record_of(subject(quad))), "{quad}");
    }
}

#[test]
fn an_experience_is_only_taken_over_from_an_earlier_one() {
    let (bytes, _) = catalogue(1_000, 3);
    let number = |iri: &str| iri.rsplit('-').next().unwrap().parse::<u64>().unwrap();
    let read = quads(&bytes);
    let transfers: Vec<&Quad> =
        read.iter().filter(|quad| quad.predicate == fl::TRANSFERRED_FROM).collect();
    assert!((80..160).contains(&transfers.len()), "{}", transfers.len());
    for quad in transfers {
        assert!(number(object(quad).unwrap()) < number(subject(quad)), "{quad}");
    }
}

#[test]
fn a_network_has_three_to_twelve_members_and_is_coordinated_by_one_of_them() {
    let (bytes, counts) = catalogue(2_000, 4);
    let read = quads(&bytes);
    for number in 0..counts.networks {
        let network = sample::base().record("rete", &format!("{}-{number}", Ask::SOURCE));
        let about = |property| {
            let matching = |quad: &&Quad| subject(quad) == network && quad.predicate == property;
            read.iter().filter(matching).filter_map(object).collect::<BTreeSet<_>>()
        };
        let (members, coordinators) = (about(fl::MEMBER), about(fl::COORDINATOR));
        assert!((3..=12).contains(&members.len()), "{network}: {}", members.len());
        assert!(coordinators.len() == 1 && coordinators.is_subset(&members), "{network}");
    }
}

#[test]
fn an_italian_description_has_forty_to_ninety_words() {
    let (bytes, _) = catalogue(1_000, 6);
    for quad in quads(&bytes) {
        let Term::Literal(text) = &quad.object else { continue };
        let described = quad.predicate == crate::vocab::dct::DESCRIPTION;
        if described && text.language() == Some("it") && subject(&quad).contains("/esperienza/") {
            let words = text.value().split_whitespace().count();
            assert!((40..=90).contains(&words), "{words}: {text}");
        }
    }
}
