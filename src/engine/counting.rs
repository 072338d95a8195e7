//! A summary read from triples as they come, in memory that does not grow with them. Knows no store
//! and no order: what is too much to be told apart is told together.

use super::ends::Gathering;
use super::summary::{PredicateSummary, Summary};
use datasketches::hll::{HllSketch, HllType};
use oxigraph::model::vocab::rdf;
use oxigraph::model::{TermRef, Triple};
use std::collections::HashMap;

/// More predicates than this are not told apart; those that come first are.
const MOST_PREDICATES: usize = 1000;
/// More classes than this are not told apart; those that come first are.
const MOST_CLASSES: usize = 2000;
/// A predicate or a class with a longer name is one of the others.
const LONGEST: usize = 400;
/// The binary logarithm of how many registers count different terms: a number is off by 1.6 %, and
/// takes 4 KiB.
const REGISTERS: u8 = 12;

/// How many different terms there are: nearly exact for a few, an estimate for many.
struct Distinct(HllSketch);

#[derive(Default)]
struct Predicate {
    triples: u64,
    subjects: Distinct,
    objects: Distinct,
    subject_ends: Gathering,
    object_ends: Gathering,
}

#[derive(Default)]
struct Counting {
    predicates: HashMap<String, Predicate>,
    others: Option<Box<Predicate>>,
    classes: HashMap<String, u64>,
    other_classes: u64,
    triples: u64,
}

impl Summary {
    /// Reads a graph once. A triple that comes twice is counted twice, which rules nothing out.
    pub fn read<E>(
        triples: impl IntoIterator<Item = Result<Triple, E>>,
        seq: Option<u64>,
    ) -> Result<Self, E> {
        let mut counting = Counting::default();
        for triple in triples {
            counting.add(&triple?);
        }
        let mut summary = counting.finish();
        summary.seq = seq;
        Ok(summary)
    }
}

impl Counting {
    fn add(&mut self, triple: &Triple) {
        let (subject, object) = (TermRef::from(triple.subject.as_ref()), triple.object.as_ref());
        self.triples += 1;
        self.predicate(triple.predicate.as_str()).add(subject, object);
        if let TermRef::NamedNode(class) = object
            && triple.predicate == rdf::TYPE
        {
            self.count_class(class.as_str());
        }
    }

    fn predicate(&mut self, name: &str) -> &mut Predicate {
        let is_known = self.predicates.contains_key(name);
        if !is_known && (self.predicates.len() == MOST_PREDICATES || name.len() > LONGEST) {
            return self.others.get_or_insert_default();
        }
        if !is_known {
            self.predicates.insert(name.to_owned(), Predicate::default());
        }
        self.predicates.get_mut(name).expect("it is there or was just put there")
    }

    fn count_class(&mut self, name: &str) {
        if let Some(count) = self.classes.get_mut(name) {
            *count += 1;
        } else if self.classes.len() == MOST_CLASSES || name.len() > LONGEST {
            self.other_classes += 1;
        } else {
            self.classes.insert(name.to_owned(), 1);
        }
    }

    fn finish(self) -> Summary {
        let predicates = self.predicates.into_iter();
        let predicates = predicates.map(|(name, predicate)| (name, predicate.finish())).collect();
        let mut summary = Summary::of(predicates, self.classes.into_iter().collect());
        summary.triples = self.triples;
        summary.others = self.others.map(|others| others.finish());
        summary.other_classes = self.other_classes;
        summary
    }
}

impl Predicate {
    fn add(&mut self, subject: TermRef<'_>, object: TermRef<'_>) {
        self.triples += 1;
        self.subjects.add(subject);
        self.objects.add(object);
        self.subject_ends.add(subject);
        self.object_ends.add(object);
    }

    fn finish(self) -> PredicateSummary {
        PredicateSummary {
            triples: self.triples,
            subjects: self.subjects.count(),
            objects: self.objects.count(),
            subject_ends: self.subject_ends.finish(),
            object_ends: self.object_ends.finish(),
        }
    }
}

impl Default for Distinct {
    fn default() -> Self {
        let sketch = HllSketch::new(REGISTERS, HllType::Hll8);
        Self(sketch.expect("it takes logarithms from 4 to 21"))
    }
}

impl Distinct {
    fn add(&mut self, term: TermRef<'_>) {
        self.0.update(term);
    }

    fn count(&self) -> u64 {
        self.0.estimate().round() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxigraph::model::{Literal, NamedNode, Term};
    use std::convert::Infallible;

    impl Counting {
        /// How many texts and bytes of sketches are held.
        fn held(&self) -> (usize, usize) {
            let (mut texts, mut bytes) = (self.predicates.len() + self.classes.len(), 0);
            for predicate in self.predicates.values().chain(self.others.as_deref()) {
                texts += predicate.subject_ends.held() + predicate.object_ends.held();
                let sketches = [&predicate.subjects, &predicate.objects];
                bytes += sketches.map(|sketch| sketch.0.estimated_size()).iter().sum::<usize>();
            }
            (texts, bytes)
        }
    }

    fn node(text: String) -> NamedNode {
        NamedNode::new_unchecked(text)
    }

    fn triple(number: u64) -> Triple {
        let subject = node(format!("https://h{}.example/id/{number}", number % 3));
        let (predicate, object): (NamedNode, Term) = match number % 4 {
            0 => {
                (rdf::TYPE.into_owned(), node(format!("https://s.example/C{}", number % 20)).into())
            }
            1 => {
                (node(format!("https://s.example/p{}", number % 40)), Literal::from(number).into())
            }
            2 => {
                let object = node(format!("https://o{number}.example/{number}"));
                (node("https://s.example/link".to_owned()), object.into())
            }
            _ => {
                let object = node(format!("urn:s{number}:x"));
                (node("https://s.example/name".to_owned()), object.into())
            }
        };
        Triple::new(subject, predicate, object)
    }

    #[test]
    fn what_is_held_does_not_grow_with_a_million_triples() {
        let mut counting = Counting::default();
        let mut before = (0, 0);
        for number in 0..1_000_000 {
            counting.add(&triple(number));
            if number == 100_000 {
                before = counting.held();
            }
        }
        let after = counting.held();
        assert!(after.0 <= before.0 + 10, "{before:?} {after:?}");
        // Thirteen predicates, two sketches each.
        assert!(counting.predicates.len() == 13 && after.1 < 13 * 2 * 6000, "{after:?}");
        let summary = counting.finish();
        assert_eq!((summary.triples, summary.classes.len(), summary.others), (1_000_000, 5, None));
        let link = &summary.predicates["https://s.example/link"];
        assert_eq!(link.triples, 250_000);
        assert!(link.objects.abs_diff(250_000) < 25_000, "{link:?}");
        assert_eq!((link.subject_ends.iris.len(), link.object_ends.iris.len()), (3, 1));
        assert!(link.object_ends.iris.contains(""), "too many authorities");
        let name = &summary.predicates["https://s.example/name"];
        assert!(name.object_ends.iris.contains("urn:"), "too many segments");
    }

    #[test]
    fn a_few_different_terms_are_counted_exactly() {
        for wanted in [0, 1, 2, 7, 40, 100] {
            let mut distinct = Distinct::default();
            for number in (0..wanted).chain(0..wanted) {
                distinct.add(node(format!("https://s.example/{number}")).as_ref().into());
            }
            assert_eq!(distinct.count(), wanted);
        }
    }

    #[test]
    fn predicates_and_classes_that_are_too_many_are_told_together() {
        let count = u64::try_from(2 * MOST_CLASSES).unwrap();
        let triples = (0..count).flat_map(|number| {
            let subject = node("https://a.example/id/1".to_owned());
            let (p, c) = (format!("https://s.example/p{number}"), format!("urn:c:{number}"));
            let typed = Triple::new(subject.clone(), rdf::TYPE, node(c));
            [typed, Triple::new(subject, node(p), Literal::from(1))]
        });
        let Ok(summary) = Summary::read(triples.map(Ok::<_, Infallible>), None);
        let others = summary.others.as_ref().unwrap();
        assert_eq!(summary.predicates.len(), MOST_PREDICATES);
        assert_eq!(others.triples, count + 1 - u64::try_from(MOST_PREDICATES).unwrap());
        assert!(others.object_ends.literals && others.object_ends.iris.is_empty());
        assert_eq!((summary.classes.len(), summary.other_classes), (MOST_CLASSES, count / 2));
        assert_eq!(summary.predicate("https://s.example/none"), Some(others));
        assert!(summary.instances("urn:c:none") > 0);
        let long = node(format!("urn:{}", "x".repeat(LONGEST)));
        let triple = Triple::new(long.clone(), long.clone(), long);
        let Ok(summary) = Summary::read([Ok::<_, Infallible>(triple)], None);
        assert!(summary.predicates.is_empty() && summary.others.is_some());
    }
}
