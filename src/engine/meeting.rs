//! Ends of several sources in one order, so that those that may meet are found without comparing
//! each with each. Knows no queries.

use super::ends::Ends;

/// The ends of some sources.
pub(super) struct Meeting<'a> {
    /// What IRIs begin with, and the source whose IRIs do, in order.
    starts: Vec<(&'a str, usize)>,
    /// For each of them, the nearest one before it that it begins with itself.
    around: Vec<Option<usize>>,
    literals: Vec<usize>,
    blank_nodes: Vec<usize>,
}

impl<'a> Meeting<'a> {
    /// Sources by their numbers, each with its ends.
    pub fn of(sources: impl IntoIterator<Item = (usize, &'a Ends)>) -> Self {
        let (mut starts, mut literals, mut blank_nodes) = (Vec::new(), Vec::new(), Vec::new());
        for (source, ends) in sources {
            starts.extend(ends.iris.iter().map(|start| (start.as_str(), source)));
            literals.extend(ends.literals.then_some(source));
            blank_nodes.extend(ends.blank_nodes.then_some(source));
        }
        starts.sort_unstable();
        let mut around = Vec::with_capacity(starts.len());
        let mut open: Vec<usize> = Vec::new();
        for (at, (start, _)) in starts.iter().enumerate() {
            while open.last().is_some_and(|last| !start.starts_with(starts[*last].0)) {
                open.pop();
            }
            around.push(open.last().copied());
            open.push(at);
        }
        Self { starts, around, literals, blank_nodes }
    }

    /// Whether a term at a source may be one at another source. Blank nodes never are.
    pub fn meets_elsewhere(&self, source: usize, ends: &Ends) -> bool {
        let is_other = |other: usize| other != source;
        ends.literals && self.literals.iter().any(|other| is_other(*other))
            || ends.iris.iter().any(|start| self.holds(start, is_other))
    }

    /// Whether a term at a source may be one at another source, or another one at the same.
    pub fn meets(&self, source: usize, ends: &Ends) -> bool {
        ends.literals && !self.literals.is_empty()
            || ends.blank_nodes && self.blank_nodes.contains(&source)
            || ends.iris.iter().any(|start| self.holds(start, |_| true))
    }

    /// Whether some source that is meant has IRIs that begin so, or so far as its own begin.
    fn holds(&self, start: &str, is_meant: impl Fn(usize) -> bool) -> bool {
        let at = self.starts.partition_point(|(other, _)| *other < start);
        let mut longer = self.starts[at..].iter().take_while(|(other, _)| other.starts_with(start));
        if longer.any(|(_, source)| is_meant(*source)) {
            return true;
        }
        // What is shorter stands around the one just before.
        let mut before = at.checked_sub(1);
        while let Some(place) = before {
            let (other, source) = self.starts[place];
            if start.starts_with(other) && is_meant(source) {
                return true;
            }
            before = self.around[place];
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn ends(iris: &[&str]) -> Ends {
        let iris: BTreeSet<String> = iris.iter().map(|iri| (*iri).to_owned()).collect();
        Ends { iris, ..Ends::default() }
    }

    /// Compared one by one, as it is meant.
    fn meet(one: &Ends, two: &Ends) -> bool {
        let share = |a: &String| two.iris.iter().any(|b| a.starts_with(b) || b.starts_with(a));
        one.literals && two.literals || one.iris.iter().any(share)
    }

    #[test]
    fn those_that_meet_are_those_that_meet_one_by_one() {
        let all = [
            ends(&["https://a.example/"]),
            ends(&["https://a.example/id/", "https://c.example/id/"]),
            ends(&["https://a.example/id/", "https://a.example/ns#"]),
            ends(&["https://a.example/idea", "https://b.example/"]),
            ends(&["https://b.example"]),
            ends(&["urn:"]),
            ends(&["urn:uuid:", "https://z.example/"]),
            ends(&[]),
            Ends { literals: true, ..ends(&[]) },
            Ends { literals: true, blank_nodes: true, ..ends(&["mailto:"]) },
            Ends::any(),
        ];
        // Every choice of sources for one side.
        for choice in 0_usize..1 << all.len() {
            let chosen = all.iter().enumerate().filter(|(at, _)| choice >> at & 1 == 1);
            let meeting = Meeting::of(chosen.clone());
            for (source, own) in all.iter().enumerate() {
                let elsewhere =
                    chosen.clone().any(|(other, ends)| other != source && meet(own, ends));
                assert_eq!(meeting.meets_elsewhere(source, own), elsewhere, "{choice:b} {source}");
                let anywhere = chosen.clone().any(|(other, ends)| {
                    meet(own, ends) || other == source && own.blank_nodes && ends.blank_nodes
                });
                assert_eq!(meeting.meets(source, own), anywhere, "{choice:b} {source}");
            }
        }
    }
}
