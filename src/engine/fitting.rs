//! A summary made short enough to be sent: what is told apart becomes less, what it covers never
//! does. Knows sizes, nothing of who reads it.

use super::ends::Ends;
use super::summary::Summary;
use std::collections::BinaryHeap;

impl Summary {
    /// The summary as JSON of so many bytes at most. Where it would be longer, it is changed: first
    /// the longest lists of ends tell fewer IRIs apart, then the rarest predicates and classes are
    /// told together.
    pub fn fit(&mut self, most: usize) -> Vec<u8> {
        loop {
            let json = serde_json::to_vec(self).expect("names and numbers can be written as JSON");
            let excess = json.len().saturating_sub(most);
            if excess == 0 || !(self.coarsen(excess) || self.put_together(excess)) {
                return json;
            }
        }
    }

    /// Lets ends tell less, until so many bytes are saved or nothing more can be.
    fn coarsen(&mut self, excess: usize) -> bool {
        let predicates = self.predicates.values_mut().chain(&mut self.others);
        let mut ends: Vec<&mut Ends> = predicates
            .flat_map(|predicate| [&mut predicate.subject_ends, &mut predicate.object_ends])
            .collect();
        let weights = ends.iter().enumerate().map(|(at, ends)| (ends.weight(), at));
        let mut heaviest: BinaryHeap<(usize, usize)> = weights.collect();
        let mut saved = 0;
        while saved < excess
            && let Some((weight, at)) = heaviest.pop()
        {
            if ends[at].coarsen() {
                let now = ends[at].weight();
                saved += weight.saturating_sub(now);
                heaviest.push((now, at));
            }
        }
        saved > 0
    }

    /// Lets the rarest predicates and classes be some of the others, until so many bytes are saved.
    fn put_together(&mut self, excess: usize) -> bool {
        let predicates = self.predicates.iter().map(|(name, it)| (it.triples, name, true));
        let classes = self.classes.iter().map(|(name, count)| (*count, name, false));
        let mut rarest: Vec<(u64, &String, bool)> = predicates.chain(classes).collect();
        rarest.sort_unstable();
        let mut saved = 0;
        let gone = rarest.into_iter().take_while(|(_, name, is_predicate)| {
            let is_needed = saved < excess;
            // Beside its name a predicate has numbers and ends.
            saved += name.len() + if *is_predicate { 100 } else { 8 };
            is_needed
        });
        let gone: Vec<(String, bool)> =
            gone.map(|(_, name, is_predicate)| (name.clone(), is_predicate)).collect();
        for (name, is_predicate) in &gone {
            if !is_predicate {
                let count = self.classes.remove(name).unwrap_or_default();
                self.other_classes = self.other_classes.saturating_add(count);
            } else if let Some(predicate) = self.predicates.remove(name) {
                self.others.get_or_insert_default().join(&predicate);
            }
        }
        !gone.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use oxigraph::model::vocab::rdf;
    use oxigraph::model::{NamedNode, Triple};
    use std::convert::Infallible;

    /// Many predicates, each between many places, and many classes.
    fn triples() -> Vec<Triple> {
        let node = |text: String| NamedNode::new_unchecked(text);
        let many = (0..20_000).map(|number| {
            let subject = node(format!("https://h{}.example/s{}/x", number % 50, number % 7));
            let place = node(format!("https://o{}.example/t{}/y", number % 60, number % 3));
            match number % 4 {
                0 => Triple::new(subject, rdf::TYPE, node(format!("urn:class:{number}"))),
                _ => Triple::new(subject, node(format!("urn:predicate:{}", number % 700)), place),
            }
        });
        many.collect()
    }

    #[test]
    fn a_summary_that_is_cut_to_any_size_still_covers_its_graph() {
        let Ok(whole) = Summary::read(triples().into_iter().map(Ok::<_, Infallible>), Some(7));
        let mut before = usize::MAX;
        for most in [usize::MAX, 1 << 17, 1 << 16, 1 << 14, 1000] {
            let mut summary = whole.clone();
            let json = summary.fit(most);
            assert!(json.len() <= most && json.len() < before, "{} of {most}", json.len());
            before = json.len();
            let read: Summary = serde_json::from_slice(&json).unwrap();
            assert_eq!((read.seq, read.triples), (Some(7), 20_000));
            for triple in triples() {
                let known = read.predicate(triple.predicate.as_str()).unwrap();
                assert!(known.subject_ends.may_hold(&triple.subject.clone().into()), "{triple}");
                assert!(known.object_ends.may_hold(&triple.object), "{triple}");
                if let (true, oxigraph::model::Term::NamedNode(class)) =
                    (triple.predicate == rdf::TYPE, &triple.object)
                {
                    assert!(read.instances(class.as_str()) > 0, "{triple}");
                }
            }
        }
        assert!(whole.predicate("urn:predicate:none").is_none());
        let mut least = whole;
        let json = least.fit(0);
        assert!(json.len() < 1000 && least.predicates.is_empty(), "nothing more can be left out");
    }

    #[test]
    fn what_is_no_summary_is_not_taken_for_one() {
        for text in [
            "{}",
            "[]",
            "{\"triples\":1,\"predicates\":{}}",
            "{\"triples\":-1,\"predicates\":{},\"classes\":{}}",
            "{\"triples\":1,\"predicates\":{\"p\":{\"triples\":1}},\"classes\":{}}",
            "{\"triples\":1,\"predicates\":{},\"classes\":{},\"except\":[\"p\"]}",
        ] {
            assert!(serde_json::from_str::<Summary>(text).is_err(), "{text}");
        }
        let empty = "{\"triples\":0,\"predicates\":{},\"classes\":{}}";
        assert!(serde_json::from_str::<Summary>(empty).is_ok());
    }
}
