//! Which sources may hold a match of a triple pattern, and whether matches of two patterns can
//! join across sources, from summaries alone. What is not known is taken to be possible.
//! Knows no algebra beyond triple patterns.

use super::ends::Ends;
use super::source::Source;
use super::summary::{PredicateSummary, Summary};
use oxigraph::model::vocab::rdf;
use oxigraph::model::{Term, Variable};
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern};
use std::sync::Arc;

/// How many rows a pattern has at a source of which nothing is known.
const UNKNOWN_ROWS: f64 = 5000.0;

/// What is known of all sources.
pub(super) struct Selection {
    sources: Vec<Option<Known>>,
}

/// A summary, and what it says of all predicates together.
struct Known {
    summary: Arc<Summary>,
    all: PredicateSummary,
    predicate_ends: Ends,
}

impl Known {
    fn new(summary: Arc<Summary>) -> Self {
        let mut all = PredicateSummary::default();
        let mut predicate_ends = Ends::default();
        for (name, predicate) in &summary.predicates {
            all.triples += predicate.triples;
            all.subjects = all.subjects.max(predicate.subjects);
            all.objects += predicate.objects;
            all.subject_ends.join(&predicate.subject_ends);
            all.object_ends.join(&predicate.object_ends);
            predicate_ends.iris.insert(name.clone());
        }
        Self { summary, all, predicate_ends }
    }

    /// What is known of a pattern's predicate; nothing where the source does not use it.
    fn predicate(&self, pattern: &TriplePattern) -> Option<&PredicateSummary> {
        match &pattern.predicate {
            NamedNodePattern::NamedNode(node) => self.summary.predicates.get(node.as_str()),
            NamedNodePattern::Variable(_) => Some(&self.all),
        }
    }
}

impl Selection {
    pub fn new(sources: &[Arc<dyn Source>]) -> Self {
        let sources = sources.iter().map(|source| source.summary().map(Known::new)).collect();
        Self { sources }
    }

    /// Why a source cannot hold a match, if that is sure.
    pub fn why_not(&self, source: usize, pattern: &TriplePattern) -> Option<String> {
        let known = self.sources[source].as_ref()?;
        let Some(predicate) = known.predicate(pattern) else {
            return Some(format!("it has no {}", pattern.predicate));
        };
        if let Some(class) = class_of(pattern) {
            let is_used = known.summary.classes.contains_key(class);
            return (!is_used).then(|| format!("it has nothing of class <{class}>"));
        }
        for (term, ends) in
            [(&pattern.subject, &predicate.subject_ends), (&pattern.object, &predicate.object_ends)]
        {
            if let Some(term) = constant(term)
                && !ends.may_hold(&term)
            {
                return Some(format!("{term} cannot be there beside {}", pattern.predicate));
            }
        }
        (predicate.triples == 0).then(|| "it is empty".to_owned())
    }

    /// Where the values come from that a variable has in the matches at a source.
    pub fn ends(&self, source: usize, pattern: &TriplePattern, variable: &Variable) -> Ends {
        let Some(known) = &self.sources[source] else { return Ends::any() };
        let Some(predicate) = known.predicate(pattern) else { return Ends::default() };
        if is(&pattern.subject, variable) {
            predicate.subject_ends.clone()
        } else if is(&pattern.object, variable) {
            predicate.object_ends.clone()
        } else {
            known.predicate_ends.clone()
        }
    }

    /// About how many matches a source holds.
    pub fn rows(&self, source: usize, pattern: &TriplePattern) -> f64 {
        let Some(known) = &self.sources[source] else { return UNKNOWN_ROWS };
        let Some(predicate) = known.predicate(pattern) else { return 0.0 };
        if let Some(class) = class_of(pattern) {
            let rows = known.summary.classes.get(class).map_or(0, |class| class.instances);
            return if constant(&pattern.subject).is_some() { 1.0 } else { number(rows) };
        }
        let mut rows = number(predicate.triples);
        if constant(&pattern.subject).is_some() {
            rows /= number(predicate.subjects).max(1.0);
        }
        if constant(&pattern.object).is_some() {
            rows /= number(predicate.objects).max(1.0);
        }
        rows
    }

    /// About how many values a variable has in the matches at a source.
    pub fn distinct(&self, source: usize, pattern: &TriplePattern, variable: &Variable) -> f64 {
        let rows = self.rows(source, pattern);
        let Some(known) = &self.sources[source] else { return rows };
        let Some(predicate) = known.predicate(pattern) else { return 0.0 };
        let values = if is(&pattern.subject, variable) {
            predicate.subjects
        } else if is(&pattern.object, variable) {
            predicate.objects
        } else {
            u64::try_from(known.summary.predicates.len()).unwrap_or(u64::MAX)
        };
        number(values).min(rows)
    }

    /// Whether matches of one pattern join those of another at the same source only.
    pub fn is_local(&self, one: &Matches<'_>, two: &Matches<'_>) -> bool {
        shared(one.pattern, two.pattern).into_iter().any(|variable| {
            one.sources.iter().all(|i| {
                let ends = self.ends(*i, one.pattern, &variable);
                let mut others = two.sources.iter().filter(|j| *j != i);
                others.all(|j| !ends.may_meet(&self.ends(*j, two.pattern, &variable)))
            })
        })
    }

    /// Whether no two sources can hold the same match.
    pub fn is_disjoint(&self, matches: &Matches<'_>) -> bool {
        variables(matches.pattern).into_iter().any(|variable| {
            let ends: Vec<Ends> =
                matches.sources.iter().map(|i| self.ends(*i, matches.pattern, &variable)).collect();
            (1..ends.len()).all(|j| ends[..j].iter().all(|other| !other.may_meet(&ends[j])))
        })
    }

    /// Leaves out sources whose matches can join nothing; returns which, and for which variable.
    pub fn prune(
        &self,
        patterns: &mut [(TriplePattern, Vec<usize>)],
    ) -> Vec<(usize, usize, Variable)> {
        let mut gone = Vec::new();
        loop {
            let before = gone.len();
            for at in 0..patterns.len() {
                let (pattern, sources) = &patterns[at];
                let lost: Vec<(usize, Variable)> = sources
                    .iter()
                    .filter_map(|i| Some((*i, self.lonely(*i, at, pattern, patterns)?)))
                    .collect();
                for (source, variable) in lost {
                    patterns[at].1.retain(|i| *i != source);
                    gone.push((at, source, variable));
                }
            }
            if gone.len() == before {
                return gone;
            }
        }
    }

    /// A variable for which the matches at a source can join none of another pattern.
    fn lonely(
        &self,
        source: usize,
        at: usize,
        pattern: &TriplePattern,
        patterns: &[(TriplePattern, Vec<usize>)],
    ) -> Option<Variable> {
        patterns.iter().enumerate().filter(|(other, _)| *other != at).find_map(
            |(_, (other, sources))| {
                shared(pattern, other).into_iter().find(|variable| {
                    let ends = self.ends(source, pattern, variable);
                    !sources.iter().any(|j| {
                        let others = self.ends(*j, other, variable);
                        if *j == source {
                            ends.may_meet_at_home(&others)
                        } else {
                            ends.may_meet(&others)
                        }
                    })
                })
            },
        )
    }
}

/// A pattern and the sources that may hold matches of it.
pub(super) struct Matches<'a> {
    pub pattern: &'a TriplePattern,
    pub sources: &'a [usize],
}

/// The class that a pattern asks for the instances of.
fn class_of(pattern: &TriplePattern) -> Option<&str> {
    match (&pattern.predicate, &pattern.object) {
        (NamedNodePattern::NamedNode(node), TermPattern::NamedNode(class))
            if *node == rdf::TYPE =>
        {
            Some(class.as_str())
        }
        _ => None,
    }
}

fn constant(term: &TermPattern) -> Option<Term> {
    match term {
        TermPattern::NamedNode(node) => Some(node.clone().into()),
        TermPattern::Literal(literal) => Some(literal.clone().into()),
        TermPattern::BlankNode(_) | TermPattern::Variable(_) | TermPattern::Triple(_) => None,
    }
}

fn is(term: &TermPattern, variable: &Variable) -> bool {
    matches!(term, TermPattern::Variable(own) if own == variable)
}

/// The variables of a triple pattern, each once.
pub(super) fn variables(pattern: &TriplePattern) -> Vec<Variable> {
    let mut found: Vec<Variable> = Vec::new();
    let mut note = |variable: &Variable| {
        if !found.contains(variable) {
            found.push(variable.clone());
        }
    };
    for term in [&pattern.subject, &pattern.object] {
        if let TermPattern::Variable(variable) = term {
            note(variable);
        }
    }
    if let NamedNodePattern::Variable(variable) = &pattern.predicate {
        note(variable);
    }
    found
}

fn shared(one: &TriplePattern, two: &TriplePattern) -> Vec<Variable> {
    let others = variables(two);
    variables(one).into_iter().filter(|variable| others.contains(variable)).collect()
}

#[expect(clippy::cast_precision_loss, reason = "an estimate")]
fn number(count: u64) -> f64 {
    count as f64
}
