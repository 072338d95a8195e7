//! Which sources may hold a match of a triple pattern, and whether matches of two patterns can
//! join across sources, from summaries alone. What is not known is taken to be possible.
//! Knows no algebra beyond triple patterns.

use super::ends::Ends;
use super::meeting::Meeting;
use super::source::Source;
use super::summary::{Basis, PredicateSummary, Summary};
use oxigraph::model::vocab::rdf;
use oxigraph::model::{Term, Variable};
use spargebra::term::{NamedNodePattern, TermPattern, TriplePattern};
use std::collections::HashMap;
use std::sync::Arc;

/// How many rows a pattern has at a source of which nothing is known.
const UNKNOWN_ROWS: f64 = 5000.0;

/// What is known of all sources.
pub(super) struct Selection {
    sources: Vec<Option<Arc<Summary>>>,
    bases: Vec<Basis>,
    /// The ends where nothing is known, and where nothing is.
    any: Ends,
    none: Ends,
}

impl Selection {
    pub fn new(sources: &[Arc<dyn Source>]) -> Self {
        let known: Vec<Option<Arc<Summary>>> =
            sources.iter().map(|source| source.summary()).collect();
        let bases = known.iter().zip(sources).map(|(known, source)| match known {
            Some(summary) => summary.basis(),
            None => Basis::None(source.why_unknown()),
        });
        let bases = bases.collect();
        Self { sources: known, bases, any: Ends::any(), none: Ends::default() }
    }

    /// By which summary each source is known.
    pub fn bases(&self) -> &[Basis] {
        &self.bases
    }

    /// Whether anything is known of a source.
    pub fn is_known(&self, source: usize) -> bool {
        self.sources[source].is_some()
    }

    /// Why a source cannot hold a match, if that is sure.
    pub fn why_not(&self, source: usize, pattern: &TriplePattern) -> Option<String> {
        let summary = self.sources[source].as_deref()?;
        let Some(predicate) = predicate_of(summary, pattern) else {
            return Some(format!("it has no {}", pattern.predicate));
        };
        if let Some(class) = class_of(pattern) {
            let is_used = summary.instances(class) > 0;
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
    pub fn ends(&self, source: usize, pattern: &TriplePattern, variable: &Variable) -> &Ends {
        let Some(summary) = self.sources[source].as_deref() else { return &self.any };
        let Some(predicate) = predicate_of(summary, pattern) else { return &self.none };
        if is(&pattern.subject, variable) {
            &predicate.subject_ends
        } else if is(&pattern.object, variable) {
            &predicate.object_ends
        } else {
            &summary.whole().predicate_ends
        }
    }

    /// The ends of a variable in the matches at some sources.
    fn meeting(&self, matches: &Matches<'_>, variable: &Variable) -> Meeting<'_> {
        let sources = matches.sources.iter();
        Meeting::of(sources.map(|i| (*i, self.ends(*i, matches.pattern, variable))))
    }

    /// About how many matches a source holds.
    pub fn rows(&self, source: usize, pattern: &TriplePattern) -> f64 {
        let Some(summary) = self.sources[source].as_deref() else { return UNKNOWN_ROWS };
        let Some(predicate) = predicate_of(summary, pattern) else { return 0.0 };
        if let Some(class) = class_of(pattern) {
            let rows = summary.instances(class);
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
        let Some(summary) = self.sources[source].as_deref() else { return rows };
        let Some(predicate) = predicate_of(summary, pattern) else { return 0.0 };
        let values = if is(&pattern.subject, variable) {
            predicate.subjects
        } else if is(&pattern.object, variable) {
            predicate.objects
        } else {
            u64::try_from(summary.predicates.len()).unwrap_or(u64::MAX)
        };
        number(values).min(rows)
    }

    /// Whether matches of one pattern join those of another at the same source only.
    pub fn is_local(&self, one: &Matches<'_>, two: &Matches<'_>) -> bool {
        shared(one.pattern, two.pattern).into_iter().any(|variable| {
            let others = self.meeting(two, &variable);
            let mut sources = one.sources.iter();
            !sources.any(|i| others.meets_elsewhere(*i, self.ends(*i, one.pattern, &variable)))
        })
    }

    /// Whether no two sources can hold the same match.
    pub fn is_disjoint(&self, matches: &Matches<'_>) -> bool {
        variables(matches.pattern).into_iter().any(|variable| {
            let all = self.meeting(matches, &variable);
            let mut sources = matches.sources.iter();
            !sources.any(|i| all.meets_elsewhere(*i, self.ends(*i, matches.pattern, &variable)))
        })
    }

    /// Leaves out sources whose matches can join nothing; returns which, and for which variable.
    pub fn prune(
        &self,
        patterns: &mut [(TriplePattern, Vec<usize>)],
    ) -> Vec<(usize, usize, Variable)> {
        let mut gone = Vec::new();
        let mut meetings: HashMap<(usize, Variable), Meeting<'_>> = HashMap::new();
        loop {
            let before = gone.len();
            for at in 0..patterns.len() {
                let lost = self.lonely(at, patterns, &mut meetings);
                if lost.is_empty() {
                    continue;
                }
                patterns[at].1.retain(|i| lost.iter().all(|(source, _)| source != i));
                meetings.retain(|(other, _), _| *other != at);
                gone.extend(lost.into_iter().map(|(source, variable)| (at, source, variable)));
            }
            if gone.len() == before {
                return gone;
            }
        }
    }

    /// The sources of a pattern whose matches can join none of another pattern, and for which
    /// variable. What is known of other patterns is kept in `meetings`.
    fn lonely<'a>(
        &'a self,
        at: usize,
        patterns: &[(TriplePattern, Vec<usize>)],
        meetings: &mut HashMap<(usize, Variable), Meeting<'a>>,
    ) -> Vec<(usize, Variable)> {
        let (pattern, sources) = &patterns[at];
        let mut lost: Vec<(usize, Variable)> = Vec::new();
        for (other, (pattern_there, sources_there)) in patterns.iter().enumerate() {
            if other == at {
                continue;
            }
            let there = Matches { pattern: pattern_there, sources: sources_there };
            for variable in shared(pattern, pattern_there) {
                let meeting = meetings
                    .entry((other, variable.clone()))
                    .or_insert_with(|| self.meeting(&there, &variable));
                for source in sources {
                    let is_known = lost.iter().any(|(lost, _)| lost == source);
                    if !is_known && !meeting.meets(*source, self.ends(*source, pattern, &variable))
                    {
                        lost.push((*source, variable.clone()));
                    }
                }
            }
        }
        lost
    }
}

/// What is known of a pattern's predicate; nothing where the graph does not use it.
fn predicate_of<'a>(summary: &'a Summary, pattern: &TriplePattern) -> Option<&'a PredicateSummary> {
    match &pattern.predicate {
        NamedNodePattern::NamedNode(node) => summary.predicate(node.as_str()),
        NamedNodePattern::Variable(_) => Some(&summary.whole().all),
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
