//! What is known of a source's graph without asking it: which predicates and classes it uses, how
//! often, and where the IRIs beside them come from. Knows nothing of queries.

use super::ends::{Ends, Gathering};
use oxigraph::model::vocab::rdf;
use oxigraph::model::{Term, Triple};
use serde::{Deserialize, Serialize};
use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{Hash, Hasher};

/// What is known of a graph. It never says less than the graph holds, so that what it rules out
/// is not there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// The change of the source's log that it shows.
    pub seq: Option<u64>,
    pub triples: u64,
    pub predicates: BTreeMap<String, PredicateSummary>,
    pub classes: BTreeMap<String, ClassSummary>,
}

/// What is known of the triples of one predicate.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PredicateSummary {
    pub triples: u64,
    pub subjects: u64,
    pub objects: u64,
    pub subject_ends: Ends,
    pub object_ends: Ends,
}

/// What is known of the instances of one class.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassSummary {
    pub instances: u64,
    /// How many instances have some value of a predicate.
    pub predicates: BTreeMap<String, u64>,
}

#[derive(Default)]
struct Counting {
    triples: u64,
    subjects: HashSet<u64>,
    objects: HashSet<u64>,
    subject_ends: Gathering,
    object_ends: Gathering,
}

/// The predicates and classes of one subject, by their numbers.
#[derive(Default)]
struct Character {
    predicates: Vec<usize>,
    classes: Vec<usize>,
}

/// Names in the order in which they were met.
#[derive(Default)]
struct Names {
    numbers: HashMap<String, usize>,
}

impl Names {
    fn number(&mut self, name: &str) -> usize {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        let number = self.numbers.len();
        self.numbers.insert(name.to_owned(), number);
        number
    }
}

impl Summary {
    /// Reads a graph once. A triple that comes twice is counted twice, which rules nothing out.
    pub fn read<E>(
        triples: impl IntoIterator<Item = Result<Triple, E>>,
        seq: Option<u64>,
    ) -> Result<Self, E> {
        let mut predicates: HashMap<String, Counting> = HashMap::new();
        let mut characters: HashMap<u64, Character> = HashMap::new();
        let (mut predicate_names, mut class_names) = (Names::default(), Names::default());
        let mut total = 0;
        for triple in triples {
            let Triple { subject, predicate, object } = triple?;
            let subject = Term::from(subject);
            let key = hash(&subject);
            let counting = predicates.entry(predicate.as_str().to_owned()).or_default();
            counting.triples += 1;
            counting.subjects.insert(key);
            counting.objects.insert(hash(&object));
            counting.subject_ends.add(&subject);
            counting.object_ends.add(&object);
            let character = characters.entry(key).or_default();
            note(&mut character.predicates, predicate_names.number(predicate.as_str()));
            if let Term::NamedNode(class) = &object
                && predicate == rdf::TYPE
            {
                note(&mut character.classes, class_names.number(class.as_str()));
            }
            total += 1;
        }
        let predicates =
            predicates.into_iter().map(|(name, counting)| (name, counting.finish())).collect();
        let classes = classes(&characters, &predicate_names, &class_names);
        Ok(Self { seq, triples: total, predicates, classes })
    }
}

impl Counting {
    fn finish(self) -> PredicateSummary {
        let count = |set: &HashSet<u64>| u64::try_from(set.len()).unwrap_or(u64::MAX);
        PredicateSummary {
            triples: self.triples,
            subjects: count(&self.subjects),
            objects: count(&self.objects),
            subject_ends: self.subject_ends.finish(),
            object_ends: self.object_ends.finish(),
        }
    }
}

fn classes(
    characters: &HashMap<u64, Character>,
    predicates: &Names,
    classes: &Names,
) -> BTreeMap<String, ClassSummary> {
    let names: HashMap<usize, &String> =
        predicates.numbers.iter().map(|(name, number)| (*number, name)).collect();
    let mut counted = vec![ClassSummary::default(); classes.numbers.len()];
    for character in characters.values() {
        for class in &character.classes {
            let class = &mut counted[*class];
            class.instances += 1;
            for predicate in &character.predicates {
                *class.predicates.entry(names[predicate].clone()).or_default() += 1;
            }
        }
    }
    let named = classes.numbers.iter();
    named.map(|(name, number)| (name.clone(), counted[*number].clone())).collect()
}

fn note(list: &mut Vec<usize>, number: usize) {
    if !list.contains(&number) {
        list.push(number);
    }
}

fn hash(term: &Term) -> u64 {
    let mut hasher = DefaultHasher::new();
    term.hash(&mut hasher);
    hasher.finish()
}
