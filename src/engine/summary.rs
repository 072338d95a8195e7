//! What is known of a source's graph without asking it: which predicates and classes it uses, how
//! often, and where the IRIs beside them come from. Knows nothing of queries.

use super::ends::Ends;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::OnceLock;

/// What is known of a graph. It never says less than the graph holds, so that what it rules out
/// is not there.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Summary {
    /// The change of the source's log that it shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seq: Option<u64>,
    /// When it was counted, where the source tells no change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<String>,
    pub triples: u64,
    pub predicates: BTreeMap<String, PredicateSummary>,
    /// All other predicates together. Where there is nothing here, the graph uses no others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub others: Option<PredicateSummary>,
    /// How often each class is said to be that of something.
    pub classes: BTreeMap<String, u64>,
    /// The same of all other classes together. Where it is 0, the graph uses no others.
    #[serde(default, skip_serializing_if = "is_none")]
    pub other_classes: u64,
    #[serde(skip)]
    whole: OnceLock<Whole>,
}

/// What is known of the triples of one predicate.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PredicateSummary {
    pub triples: u64,
    /// About how many there are.
    pub subjects: u64,
    /// About how many there are.
    pub objects: u64,
    pub subject_ends: Ends,
    pub object_ends: Ends,
}

/// What is known of the triples of all predicates.
#[derive(Debug, Clone)]
pub(super) struct Whole {
    pub all: PredicateSummary,
    pub predicate_ends: Ends,
}

/// By which summary of a source a query is planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Basis {
    /// The one of this change of its log.
    Seq(u64),
    /// The one that was counted at this moment.
    Counted(String),
    /// One that does not tell of when it is.
    Undated,
    /// None, for this reason.
    None(String),
}

impl Summary {
    /// The summary of a graph that uses these predicates and these classes, and no others.
    pub fn of(
        predicates: BTreeMap<String, PredicateSummary>,
        classes: BTreeMap<String, u64>,
    ) -> Self {
        let triples = predicates.values().map(|predicate| predicate.triples);
        let triples = triples.fold(0, u64::saturating_add);
        Self { triples, predicates, classes, ..Self::default() }
    }

    /// Which summary this is.
    pub fn basis(&self) -> Basis {
        match (self.seq, &self.counted) {
            (Some(seq), _) => Basis::Seq(seq),
            (None, Some(counted)) => Basis::Counted(counted.clone()),
            (None, None) => Basis::Undated,
        }
    }

    /// What is known of a predicate; nothing where the graph does not use it.
    pub(super) fn predicate(&self, name: &str) -> Option<&PredicateSummary> {
        self.predicates.get(name).or(self.others.as_ref())
    }

    /// How often a class may be said to be that of something.
    pub(super) fn instances(&self, class: &str) -> u64 {
        self.classes.get(class).copied().unwrap_or(self.other_classes)
    }

    /// What is known of all predicates together.
    pub(super) fn whole(&self) -> &Whole {
        self.whole.get_or_init(|| {
            let mut all = PredicateSummary::default();
            let mut predicate_ends = Ends::default();
            for predicate in self.predicates.values().chain(&self.others) {
                all.join(predicate);
            }
            predicate_ends.iris.extend(self.predicates.keys().cloned());
            if self.others.is_some() {
                predicate_ends.join(&Ends { iris: Ends::any().iris, ..Ends::default() });
            }
            Whole { all, predicate_ends }
        })
    }
}

impl PredicateSummary {
    /// So many triples of which nothing else is known.
    pub fn open(triples: u64) -> Self {
        let (subjects, objects) = (triples, triples);
        Self { triples, subjects, objects, subject_ends: Ends::any(), object_ends: Ends::any() }
    }

    /// Both together.
    pub(super) fn join(&mut self, other: &Self) {
        self.triples = self.triples.saturating_add(other.triples);
        self.subjects = self.subjects.max(other.subjects);
        self.objects = self.objects.saturating_add(other.objects);
        self.subject_ends.join(&other.subject_ends);
        self.object_ends.join(&other.object_ends);
    }
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Seq(seq) => write!(f, "its summary of change {seq}"),
            Self::Counted(at) => write!(f, "its summary as it was counted at {at}"),
            Self::Undated => f.write_str("its summary"),
            Self::None(reason) => write!(f, "no summary: {reason}"),
        }
    }
}

fn is_none(count: &u64) -> bool {
    *count == 0
}
