//! A part of a query that each of some sources answers whole: what it matches joins within one
//! source only. Knows how such parts grow together, not how they are asked.

use super::select::{Matches, Selection};
use super::source::{Bindings, Request};
use oxigraph::model::Variable;
use spargebra::algebra::{Expression, GraphPattern, OrderExpression};
use spargebra::term::TriplePattern;
use std::collections::{BTreeMap, HashSet};

/// A pattern and the sources it is sent to; the answer is the union of theirs.
#[derive(Debug, Clone)]
pub(super) struct Leaf {
    /// Triple patterns, OPTIONAL and FILTER. Over one graph no two solutions are alike.
    pub pattern: GraphPattern,
    /// What every solution matches, each with the sources that may hold matches.
    pub required: Vec<(TriplePattern, Vec<usize>)>,
    /// What some solutions match.
    pub optional: Vec<(TriplePattern, Vec<usize>)>,
    /// The sources that are meant, those included that hold no matches.
    pub scope: Vec<usize>,
    /// The variable that tells the source, for `GRAPH ?node`.
    pub tag: Option<Variable>,
    /// Which rows of a source come first, where that matters.
    pub order: Vec<OrderExpression>,
    /// How many rows of a source are enough.
    pub limit: Option<usize>,
}

impl Leaf {
    /// One triple pattern.
    pub fn new(
        pattern: TriplePattern,
        (sources, scope): (Vec<usize>, Vec<usize>),
        tag: Option<Variable>,
    ) -> Self {
        let bgp = GraphPattern::Bgp { patterns: vec![pattern.clone()] };
        Self {
            pattern: bgp,
            required: vec![(pattern, sources)],
            optional: Vec::new(),
            scope,
            tag,
            order: Vec::new(),
            limit: None,
        }
    }

    /// The sources that may hold whole solutions.
    pub fn sources(&self) -> Vec<usize> {
        let (_, first) = &self.required[0];
        let others = self.required[1..].iter().map(|(_, sources)| sources.iter().collect());
        let others: Vec<HashSet<&usize>> = others.collect();
        let everywhere = |i: &&usize| others.iter().all(|sources| sources.contains(i));
        first.iter().filter(everywhere).copied().collect()
    }

    /// The sources that are asked first and those that are asked after them: all of them and none, or
    /// the one that is known to hold most and the others, where that one may be enough.
    pub fn waves(&self, selection: &Selection) -> (Vec<usize>, Vec<usize>) {
        let mut sources = self.sources();
        let rows = |place: usize| self.rows_at(sources[place], selection);
        let most = self.limit.filter(|_| self.order.is_empty()).and_then(|_| {
            let places = (0..sources.len()).rev();
            places.max_by(|one, two| rows(*one).total_cmp(&rows(*two)))
        });
        match most.filter(|place| selection.is_known(sources[*place])) {
            Some(most) => (vec![sources.remove(most)], sources),
            None => (sources, Vec::new()),
        }
    }

    /// The variables that every solution binds, the tag left out.
    pub fn certain(&self) -> Vec<Variable> {
        variables_of(self.required.iter())
    }

    /// The variables that a source is asked for.
    pub fn asked(&self) -> Vec<Variable> {
        variables_of(self.required.iter().chain(&self.optional))
    }

    /// Whether solutions of both join within one source only.
    pub fn is_local_to(&self, other: &Self, selection: &Selection) -> bool {
        if self.tag.is_some() || other.tag.is_some() {
            // The name of the graph is the same, so the source is.
            return self.tag == other.tag;
        }
        self.required.iter().any(|one| {
            other.required.iter().any(|two| selection.is_local(&matches(one), &matches(two)))
        })
    }

    /// Whether a source of another part may be asked for this one too, as what may be missing: it is
    /// meant as well, and not another one of which only the other part speaks.
    pub fn is_meant_by(&self, other: &Self) -> bool {
        other.sources().iter().all(|source| self.scope.contains(source))
    }

    /// Both parts, asked together.
    pub fn joined(mut self, other: Self) -> Self {
        self.pattern = match (self.pattern, other.pattern) {
            (GraphPattern::Bgp { mut patterns }, GraphPattern::Bgp { patterns: others }) => {
                patterns.extend(others);
                GraphPattern::Bgp { patterns }
            }
            (left, right) => GraphPattern::Join { left: Box::new(left), right: Box::new(right) },
        };
        self.required.extend(other.required);
        self.optional.extend(other.optional);
        self.scope.retain(|source| other.scope.contains(source));
        self
    }

    /// This part, and the other where there is one.
    pub fn with_optional(mut self, other: Self, expression: Option<Expression>) -> Self {
        let (left, right) = (Box::new(self.pattern), Box::new(other.pattern));
        self.pattern = GraphPattern::LeftJoin { left, right, expression };
        self.optional.extend(other.required);
        self.optional.extend(other.optional);
        self
    }

    /// Solutions for which an expression is true.
    pub fn filtered(&mut self, expr: Expression) {
        let inner = Box::new(std::mem::take(&mut self.pattern));
        self.pattern = GraphPattern::Filter { expr, inner };
    }

    /// Whether no two sources can send the same solution.
    pub fn is_disjoint(&self, selection: &Selection) -> bool {
        let sources = self.sources();
        sources.len() < 2
            || self.tag.is_some()
            || self
                .required
                .iter()
                .any(|(pattern, _)| selection.is_disjoint(&Matches { pattern, sources: &sources }))
    }

    /// About how many solutions there are.
    pub fn rows(&self, selection: &Selection) -> f64 {
        self.sources().into_iter().map(|source| self.rows_at(source, selection)).sum()
    }

    fn rows_at(&self, source: usize, selection: &Selection) -> f64 {
        let mut rows: Option<f64> = None;
        let mut distinct: BTreeMap<String, f64> = BTreeMap::new();
        for (pattern, _) in &self.required {
            let mut here = selection.rows(source, pattern);
            for variable in super::select::variables(pattern) {
                let values = selection.distinct(source, pattern, &variable).max(1.0);
                let known = distinct.entry(variable.as_str().to_owned()).or_insert(0.0);
                if *known > 0.0 {
                    here /= known.max(values);
                }
                *known = if *known > 0.0 { known.min(values) } else { values };
            }
            rows = Some(rows.map_or(here, |rows| rows * here));
        }
        rows.unwrap_or_default()
    }

    /// About how many values a variable has.
    pub fn distinct(&self, variable: &Variable, selection: &Selection) -> f64 {
        let at = |source: usize| {
            let holds = |(pattern, _): &&(TriplePattern, Vec<usize>)| {
                super::select::variables(pattern).contains(variable)
            };
            let values = self.required.iter().filter(holds);
            values
                .map(|(pattern, _)| selection.distinct(source, pattern, variable))
                .fold(f64::INFINITY, f64::min)
                .min(self.rows_at(source, selection))
        };
        self.sources().into_iter().map(at).sum()
    }

    /// The question that each source is asked.
    pub fn request(&self, bindings: Option<Bindings>) -> Request {
        Request {
            pattern: self.pattern.clone(),
            variables: self.asked(),
            bindings,
            order: self.order.clone(),
            limit: self.limit,
            keeps_repeats: false,
        }
    }
}

fn matches((pattern, sources): &(TriplePattern, Vec<usize>)) -> Matches<'_> {
    Matches { pattern, sources }
}

fn variables_of<'a>(
    patterns: impl Iterator<Item = &'a (TriplePattern, Vec<usize>)>,
) -> Vec<Variable> {
    let mut found: Vec<Variable> = Vec::new();
    for (pattern, _) in patterns {
        for variable in super::select::variables(pattern) {
            if !found.contains(&variable) {
                found.push(variable);
            }
        }
    }
    found
}
