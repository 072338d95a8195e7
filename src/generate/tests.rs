//! The catalogue seen from outside: what any reader of its bytes may rely on.

use super::catalogue::{Ask, Counts, generate};
use super::faults::{Fault, Share};
use super::sample;
use crate::iri::{KINDS, record_of};
use crate::vocab::{dct, fl};
use oxigraph::io::{RdfFormat, RdfParser};
use oxigraph::model::vocab::{rdf, xsd};
use oxigraph::model::{NamedNodeRef, NamedOrBlankNode, Quad, Term};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

fn catalogue(experiences: u64, seed: u64) -> (Vec<u8>, Counts) {
    faulty(experiences, seed, Vec::new())
}

fn faulty(experiences: u64, seed: u64, faults: Vec<Share>) -> (Vec<u8>, Counts) {
    let source = Ask::SOURCE.to_owned();
    let ask = Ask { experiences, seed, base: sample::base(), source, faults };
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
    assert_eq!(start, "3279e5a9ea9635e0");
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
fn there_are_about_fifty_quads_for_each_experience() {
    let (_, counts) = catalogue(4_000, 9);
    let each = counts.quads as f64 / counts.experiences as f64;
    assert!((50.0..56.0).contains(&each), "{each}");
    assert_eq!((counts.actors, counts.networks, counts.assessments), (1_000, 160, 400));
}

#[test]
fn every_record_of_the_catalogue_that_is_named_is_also_described() {
    let (bytes, _) = catalogue(1_000, 3);
    let read = quads(&bytes);
    let described: BTreeSet<&str> = read.iter().map(subject).collect();
    // The ground is not of the catalogue: territories, themes and target groups stand already.
    let kinds = KINDS.iter().filter(|kind| !["territorio", "tema", "destinatario"].contains(kind));
    let own: Vec<String> = kinds.map(|kind| sample::base().record(kind, "")).collect();
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
    let is_experience = |node: &str| node.contains("/esperienza/") && !node.contains('#');
    let (bytes, _) = catalogue(1_000, 6);
    for quad in quads(&bytes) {
        let Term::Literal(text) = &quad.object else { continue };
        let described = quad.predicate == dct::DESCRIPTION;
        if described && text.language() == Some("it") && is_experience(subject(&quad)) {
            let words = text.value().split_whitespace().count();
            assert!((40..=90).contains(&words), "{words}: {text}");
        }
    }
}

/// Terms that no record of a catalogue carries: the shipped territory and questionnaires have them,
/// or rules infer them.
const ELSEWHERE: [&str; 26] = [
    "Answer",
    "FormerMunicipality",
    "HorizontalNetwork",
    "Municipality",
    "Province",
    "Question",
    "Questionnaire",
    "Region",
    "Territory",
    "VerticalNetwork",
    "answer",
    "cadastralCode",
    "coordinates",
    "implementedBy",
    "inspired",
    "istatCode",
    "leads",
    "memberOf",
    "nutsCode",
    "partnerIn",
    "population",
    "promotes",
    "question",
    "transferredTo",
    "validFrom",
    "validUntil",
];

/// Terms that calls of `fl:search` and `fl:related` are written with, and no record carries;
/// their filters come on top.
const CALLS: [&str; 9] =
    ["language", "limit", "query", "rank", "reason", "related", "search", "snippet", "to"];

#[test]
fn every_term_of_the_ontology_that_records_carry_occurs() {
    let (bytes, _) = catalogue(3_000, 2);
    let read = quads(&bytes);
    let said: BTreeSet<&str> = read
        .iter()
        .flat_map(|quad| [Some(quad.predicate.as_str()), object(quad)])
        .flatten()
        .filter_map(|iri| iri.strip_prefix(fl::NAMESPACE))
        .collect();
    let ontology = include_str!("../../ontology/familylab.ttl");
    let defined = RdfParser::from_format(RdfFormat::Turtle).for_slice(ontology);
    let defined: BTreeSet<String> = defined
        .map(|quad| quad.unwrap().subject.to_string())
        .filter_map(|iri| {
            iri.trim_matches(['<', '>']).strip_prefix(fl::NAMESPACE).map(str::to_owned)
        })
        .collect();
    assert!(defined.len() > 100);
    let is_elsewhere = |term: &str| {
        ELSEWHERE.contains(&term) || CALLS.contains(&term) || term.starts_with("filter")
    };
    let wanted: BTreeSet<&str> =
        defined.iter().map(String::as_str).filter(|term| !is_elsewhere(term)).collect();
    assert_eq!(said, wanted);
    assert!(ELSEWHERE.iter().chain(&CALLS).all(|term| defined.contains(*term)));
}

/// What is said of every subject, by property.
struct Told<'a>(BTreeMap<&'a str, BTreeMap<&'a str, Vec<&'a Term>>>);

impl<'a> Told<'a> {
    fn new(quads: &'a [Quad]) -> Self {
        let mut told: BTreeMap<_, BTreeMap<_, Vec<_>>> = BTreeMap::new();
        for quad in quads {
            let about = told.entry(subject(quad)).or_default();
            about.entry(quad.predicate.as_str()).or_default().push(&quad.object);
        }
        Self(told)
    }

    fn of(&self, subject: &str, property: NamedNodeRef<'_>) -> &[&'a Term] {
        let said = self.0.get(subject).and_then(|about| about.get(property.as_str()));
        said.map_or(&[], Vec::as_slice)
    }

    fn instances(&self, class: NamedNodeRef<'_>) -> Vec<&'a str> {
        let class = Term::from(class);
        let all = self.0.keys().copied();
        all.filter(|node| self.of(node, rdf::TYPE).contains(&&class)).collect()
    }

    /// The sum of the amounts of all lines, in cents; none without lines.
    fn sum(&self, subject: &str, lines: NamedNodeRef<'_>) -> Option<i64> {
        let amounts =
            self.of(subject, lines).iter().map(|line| cents(self.of(iri(line), fl::AMOUNT)[0]));
        amounts.reduce(|sum, amount| sum + amount)
    }
}

fn iri(term: &Term) -> &str {
    let Term::NamedNode(node) = term else { panic!("{term} is not an IRI") };
    node.as_str()
}

fn value(term: &Term) -> &str {
    let Term::Literal(literal) = term else { panic!("{term} is not a literal") };
    literal.value()
}

fn cents(term: &Term) -> i64 {
    value(term).replace('.', "").parse().unwrap()
}

/// Whether a record has a fault.
fn has(told: &Told<'_>, fault: Fault, node: &str) -> bool {
    let of = |property| told.of(node, property);
    let budget = of(fl::BUDGET).first();
    let is_decimal =
        |term: &&Term| matches!(term, Term::Literal(text) if text.datatype() == xsd::DECIMAL);
    match fault {
        Fault::MissingTitle => of(dct::TITLE).is_empty(),
        Fault::UnknownTheme => {
            of(dct::SUBJECT).iter().any(|theme| iri(theme).contains(Ask::SOURCE))
        }
        Fault::DanglingActor => {
            of(fl::PARTNER).iter().any(|actor| told.of(iri(actor), rdf::TYPE).is_empty())
        }
        Fault::EndBeforeStart => {
            of(fl::END_DATE).iter().any(|end| value(end) < value(of(fl::START_DATE)[0]))
        }
        Fault::NegativeCost => {
            of(fl::COST).iter().any(|line| cents(told.of(iri(line), fl::AMOUNT)[0]) < 0)
        }
        Fault::WrongDatatype => budget.is_some_and(|budget| !is_decimal(budget)),
        Fault::TwoLeads => of(fl::LEAD_ACTOR).len() > 1,
        Fault::OverclaimedEvidence => {
            let consolidated = |level: &&&Term| iri(level).ends_with("#consolidated");
            of(fl::EVIDENCE_LEVEL).iter().any(|level| consolidated(&level))
                && of(fl::INDICATOR).is_empty()
        }
        Fault::CostsDoNotAddUp => {
            told.sum(node, fl::COST).is_some_and(|sum| sum != cents(budget.unwrap()))
        }
        Fault::CyclicTransfer => of(fl::TRANSFERRED_FROM).iter().any(|origin| {
            told.of(iri(origin), fl::TRANSFERRED_FROM).iter().any(|back| iri(back) == node)
        }),
    }
}

#[test]
fn a_fault_is_found_in_about_its_share_of_experiences_and_no_other_with_it() {
    for fault in Fault::ALL {
        let (bytes, _) = faulty(2_000, 3, vec![Share { fault, per_million: 100_000 }]);
        let read = quads(&bytes);
        let told = Told::new(&read);
        let experiences = told.instances(fl::EXPERIENCE);
        assert_eq!(experiences.len(), 2_000);
        for other in Fault::ALL {
            let found = experiences.iter().filter(|node| has(&told, other, node)).count();
            let wanted = if other == fault { 140..260 } else { 0..1 };
            assert!(wanted.contains(&found), "{}: {} {found}", fault.name(), other.name());
        }
    }
}

#[test]
fn a_faulty_catalogue_is_a_sound_one_but_for_what_is_struck() {
    let faults = Fault::ALL.map(|fault| Share { fault, per_million: 10_000 }).to_vec();
    let lines = |bytes: Vec<u8>| -> BTreeSet<String> {
        String::from_utf8(bytes).unwrap().lines().map(str::to_owned).collect()
    };
    let (sound, faulty) = (lines(catalogue(1_000, 4).0), lines(faulty(1_000, 4, faults).0));
    let lost = sound.difference(&faulty).count();
    assert!(lost > 20 && lost < sound.len() / 50, "{lost} of {} lines", sound.len());
}

#[test]
fn a_share_of_experiences_has_costs_fundings_and_other_languages() {
    let (bytes, _) = catalogue(3_000, 8);
    let read = quads(&bytes);
    let told = Told::new(&read);
    let experiences = told.instances(fl::EXPERIENCE);
    let share = |test: &dyn Fn(&str) -> bool| {
        experiences.iter().filter(|node| test(node)).count() * 100 / experiences.len()
    };
    assert!((56..=64).contains(&share(&|node| !told.of(node, fl::COST).is_empty())));
    assert!((29..=37).contains(&share(&|node| !told.of(node, fl::FUNDING).is_empty())));
    let tagged = |node: &str, tag| {
        let title =
            |term: &&Term| matches!(term, Term::Literal(text) if text.language() == Some(tag));
        told.of(node, dct::TITLE).iter().any(title)
    };
    assert!((16..=24).contains(&share(&|node| tagged(node, "en"))));
    assert!((1..=8).contains(&share(&|node| tagged(node, "de"))));
    for node in &experiences {
        let Some(sum) = told.sum(node, fl::FUNDING) else { continue };
        assert!(sum <= cents(told.of(node, fl::BUDGET)[0]), "{node}");
    }
}
