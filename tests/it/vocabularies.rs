//! The controlled vocabularies: each is a tree of two levels at most, named and defined in both
//! languages, in which no word stands for two things.

use crate::support::Facts;
use familylab::schema::{ontology_file, ontology_files};
use std::collections::{BTreeMap, BTreeSet};

fn vocabularies() -> Facts {
    let names = ontology_files("vocabularies/", ".ttl");
    assert!(names.len() >= 10, "the vocabularies were not found");
    Facts::of(names.iter().map(|name| ontology_file(name).expect("the file is in the program")))
}

fn concepts(facts: &Facts) -> BTreeSet<&str> {
    let concepts = facts.pointing("rdf:type", "skos:Concept");
    assert!(concepts.len() > 150, "the concepts were not found");
    concepts
}

/// Everything broader than a concept, at any distance; the concept too if it is in a cycle.
fn all_broader(facts: &Facts, concept: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut next: Vec<String> = facts.nodes(concept, "skos:broader").into_iter().collect();
    while let Some(broader) = next.pop() {
        next.extend(facts.nodes(&broader, "skos:broader").difference(&found).cloned());
        found.insert(broader);
    }
    found
}

/// Fails unless whatever a property links is linked backwards by the other.
#[track_caller]
fn assert_inverse(facts: &Facts, property: &str, inverse: &str) {
    for subject in facts.having(property) {
        for object in facts.nodes(subject, property) {
            let back = facts.nodes(&object, inverse);
            assert!(back.contains(subject), "{subject} {property} {object}, which lacks {inverse}");
        }
    }
}

#[test]
fn every_concept_is_in_one_scheme_and_every_scheme_is_described() {
    let facts = vocabularies();
    let schemes = facts.pointing("rdf:type", "skos:ConceptScheme");
    assert_eq!(schemes.len(), 10);
    for scheme in &schemes {
        assert!(facts.in_both_languages(scheme, "dct:title"), "{scheme} lacks its title");
        assert!(facts.in_both_languages(scheme, "dct:description"), "{scheme} lacks what it is");
        assert!(!facts.nodes(scheme, "skos:hasTopConcept").is_empty(), "{scheme} is empty");
    }
    for concept in concepts(&facts) {
        let own: Vec<String> = facts.nodes(concept, "skos:inScheme").into_iter().collect();
        assert_eq!(own.len(), 1, "{concept} is in {own:?}");
        assert!(schemes.contains(own[0].as_str()), "{} is no scheme", own[0]);
    }
}

#[test]
fn every_concept_is_at_the_top_or_right_below_it() {
    let facts = vocabularies();
    for concept in concepts(&facts) {
        let scheme = facts.nodes(concept, "skos:inScheme");
        let broader = all_broader(&facts, concept);
        assert!(!broader.contains(concept), "{concept} is broader than itself");
        assert!(broader.len() <= 1, "{concept} is below {broader:?}");
        let top = facts.nodes(broader.first().map_or(concept, String::as_str), "skos:topConceptOf");
        assert_eq!(top, scheme, "{concept} does not reach the top of its scheme");
        let is_top = !facts.nodes(concept, "skos:topConceptOf").is_empty();
        assert!(is_top == broader.is_empty(), "{concept} is at the top and below it");
    }
}

#[test]
fn links_between_concepts_agree_in_both_directions() {
    let facts = vocabularies();
    assert_inverse(&facts, "skos:broader", "skos:narrower");
    assert_inverse(&facts, "skos:narrower", "skos:broader");
    assert_inverse(&facts, "skos:topConceptOf", "skos:hasTopConcept");
    assert_inverse(&facts, "skos:hasTopConcept", "skos:topConceptOf");
    assert_inverse(&facts, "skos:related", "skos:related");
}

/// SKOS, integrity condition S27.
#[test]
fn no_concept_is_related_to_one_above_or_below_it() {
    let facts = vocabularies();
    for concept in facts.having("skos:related") {
        for related in facts.nodes(concept, "skos:related") {
            let above = all_broader(&facts, concept).contains(&related);
            let below = all_broader(&facts, &related).contains(concept);
            assert!(!above && !below, "{concept} is related to {related}");
        }
    }
}

#[test]
fn every_concept_is_named_and_defined_in_both_languages() {
    let facts = vocabularies();
    for concept in concepts(&facts) {
        for property in ["skos:prefLabel", "skos:definition"] {
            assert!(facts.in_both_languages(concept, property), "{concept} lacks {property}");
        }
        if !facts.values(concept, "skos:scopeNote").is_empty() {
            assert!(facts.in_both_languages(concept, "skos:scopeNote"), "{concept}: half a note");
        }
    }
}

#[test]
fn no_name_stands_for_two_concepts_of_a_scheme() {
    let facts = vocabularies();
    let mut names: BTreeMap<(String, &str, String), &str> = BTreeMap::new();
    for concept in concepts(&facts) {
        let scheme: String = facts.nodes(concept, "skos:inScheme").into_iter().collect();
        for language in ["it", "en"] {
            for name in facts.texts(concept, "skos:prefLabel", language) {
                let name = (scheme.clone(), language, name.to_lowercase());
                if let Some(other) = names.insert(name, concept) {
                    panic!("{concept} and {other} have the same name");
                }
            }
        }
    }
}

/// SKOS, integrity condition S13.
#[test]
fn no_other_name_of_a_concept_repeats_its_name() {
    let facts = vocabularies();
    for concept in concepts(&facts) {
        let others = facts.values(concept, "skos:altLabel");
        let languages: usize =
            ["it", "en"].iter().map(|tag| facts.texts(concept, "skos:altLabel", tag).len()).sum();
        assert_eq!(others.len(), languages, "{concept}: an other name without its language");
        for name in facts.values(concept, "skos:prefLabel") {
            assert!(!others.contains(name), "{concept}: {name} is there twice");
        }
    }
}
