//! One pass over all matches: the best of them, how many there are, and the facets, each counted
//! as if nothing had been chosen in it (drilling sideways). Knows no text and no address.

use super::columns::SegmentColumns;
use super::facet::Facet;
use super::index::Snapshot;
use std::cmp::Ordering;
use std::collections::BinaryHeap;
use std::sync::Arc;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::{DateTime, DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

/// Mean radius of the Earth.
const EARTH_KM: f64 = 6371.0;

/// In what order results come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Order {
    /// The most relevant first.
    Relevance,
    /// The newest first.
    Date,
    /// The nearest first; what has no place last.
    Distance,
}

/// Around where, and how far.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    pub lat: f64,
    pub long: f64,
    pub within_km: Option<f64>,
}

/// A place in the order of all results, after which the next page begins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mark {
    pub rank: f64,
    pub tie: u64,
}

/// What to collect.
#[derive(Clone)]
pub struct Collect {
    pub order: Order,
    pub near: Option<Near>,
    /// The best so many are kept.
    pub limit: usize,
    pub after: Option<Mark>,
    /// Facets in which values were chosen: numbers of the values, any of which will do.
    pub chosen: Vec<(Facet, Vec<u32>)>,
    /// Facets to count.
    pub counted: Vec<Facet>,
    /// What the score of a document is multiplied with, by the number of its kind.
    pub priors: Vec<f32>,
    pub snapshot: Arc<Snapshot>,
}

/// A result; the greatest comes first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Hit {
    pub mark: Mark,
    pub score: Score,
    pub address: DocAddress,
}

/// What was collected.
#[derive(Debug, Clone, Default)]
pub struct Collected {
    pub total: u64,
    pub hits: Vec<Hit>,
    /// How often each value occurs, by its number, for each counted facet.
    pub counts: Vec<Vec<u32>>,
}

impl Eq for Hit {}

impl Ord for Hit {
    fn cmp(&self, other: &Self) -> Ordering {
        self.mark.rank.total_cmp(&other.mark.rank).then(other.mark.tie.cmp(&self.mark.tie))
    }
}

impl PartialOrd for Hit {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Mark {
    /// Whether a result belongs on a page that begins after this mark.
    fn is_before(&self, other: &Self) -> bool {
        other.rank < self.rank || (other.rank == self.rank && other.tie > self.tie)
    }
}

impl Collector for Collect {
    type Fruit = Collected;
    type Child = Segment;

    fn for_segment(
        &self,
        ordinal: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<Segment> {
        let columns = Arc::clone(&self.snapshot.columns[ordinal as usize]);
        let dictionary = &self.snapshot.dictionary;
        let chosen = self.chosen.iter().map(|(facet, numbers)| {
            let mut wanted = vec![false; dictionary.len(*facet)];
            for number in numbers {
                if let Some(place) = wanted.get_mut(*number as usize) {
                    *place = true;
                }
            }
            (*facet, wanted)
        });
        let fast = reader.fast_fields();
        Ok(Segment {
            ordinal,
            ask: self.clone(),
            chosen: chosen.collect(),
            counts: self.counted.iter().map(|facet| vec![0; dictionary.len(*facet)]).collect(),
            columns,
            tie: fast.u64("tie")?,
            date: fast.column_opt::<DateTime>("date")?,
            total: 0,
            best: BinaryHeap::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.order == Order::Relevance
    }

    fn merge_fruits(&self, segments: Vec<Collected>) -> tantivy::Result<Collected> {
        let mut all = Collected {
            counts: self
                .counted
                .iter()
                .map(|facet| vec![0; self.snapshot.dictionary.len(*facet)])
                .collect(),
            ..Collected::default()
        };
        for segment in segments {
            all.total += segment.total;
            all.hits.extend(segment.hits);
            for (sum, counts) in all.counts.iter_mut().zip(segment.counts) {
                for (place, count) in counts.into_iter().enumerate() {
                    sum[place] += count;
                }
            }
        }
        all.hits.sort_unstable_by(|a, b| b.cmp(a));
        all.hits.truncate(self.limit);
        Ok(all)
    }
}

/// The matches of one segment as they come.
pub struct Segment {
    ordinal: SegmentOrdinal,
    ask: Collect,
    chosen: Vec<(Facet, Vec<bool>)>,
    counts: Vec<Vec<u32>>,
    columns: Arc<SegmentColumns>,
    tie: Column<u64>,
    date: Option<Column<DateTime>>,
    total: u64,
    /// The worst of the best on top.
    best: BinaryHeap<std::cmp::Reverse<Hit>>,
}

impl Segment {
    fn distance(&self, near: &Near, document: DocId) -> Option<f64> {
        Some(distance((near.lat, near.long), self.columns.place(document)?))
    }

    fn rank(&self, document: DocId, score: Score, distance: Option<f64>) -> f64 {
        match self.ask.order {
            Order::Relevance => {
                let kind = self.columns.facet(Facet::Kind).of(document).first();
                let prior = kind.and_then(|kind| self.ask.priors.get(*kind as usize));
                f64::from(score * prior.copied().unwrap_or(1.0))
            }
            Order::Date => {
                let date = self.date.as_ref().and_then(|dates| dates.first(document));
                date.map_or(f64::MIN, |date| date.into_timestamp_secs() as f64)
            }
            Order::Distance => distance.map_or(f64::MIN, |km| -km),
        }
    }

    fn keep(&mut self, document: DocId, score: Score, distance: Option<f64>) {
        let rank = self.rank(document, score, distance);
        if self.ask.limit == 0 {
            return;
        }
        if let Some(worst) = self.best.peek()
            && self.best.len() >= self.ask.limit
            && rank < worst.0.mark.rank
        {
            return;
        }
        let mark = Mark { rank, tie: self.tie.first(document).unwrap_or_default() };
        if self.ask.after.is_some_and(|after| !after.is_before(&mark)) {
            return;
        }
        let address = DocAddress::new(self.ordinal, document);
        self.best.push(std::cmp::Reverse(Hit { mark, score, address }));
        if self.best.len() > self.ask.limit {
            self.best.pop();
        }
    }

    fn count(&mut self, only: Option<Facet>, document: DocId) {
        for (facet, counts) in self.ask.counted.iter().zip(&mut self.counts) {
            if only.is_none_or(|only| only == *facet) {
                for number in self.columns.facet(*facet).of(document) {
                    counts[*number as usize] += 1;
                }
            }
        }
    }
}

impl SegmentCollector for Segment {
    type Fruit = Collected;

    fn collect(&mut self, document: DocId, score: Score) {
        let mut distance = None;
        if let Some(near) = self.ask.near {
            distance = self.distance(&near, document);
            if let Some(within) = near.within_km
                && distance.is_none_or(|km| km > within)
            {
                return;
            }
        }
        // What fails in one facet only is counted there: that is what choosing more would add.
        let mut failed = None;
        for (facet, wanted) in &self.chosen {
            let has = |number: &u32| wanted.get(*number as usize).copied().unwrap_or_default();
            if !self.columns.facet(*facet).of(document).iter().any(has) {
                if failed.is_some() {
                    return;
                }
                failed = Some(*facet);
            }
        }
        if failed.is_none() {
            self.total += 1;
            self.keep(document, score, distance);
        }
        self.count(failed, document);
    }

    fn harvest(self) -> Collected {
        let hits = self.best.into_iter().map(|hit| hit.0).collect();
        Collected { total: self.total, hits, counts: self.counts }
    }
}

/// Kilometres between two places given as latitude and longitude, on a sphere.
pub fn distance(from: (f64, f64), to: (f64, f64)) -> f64 {
    let (lat1, lat2) = (from.0.to_radians(), to.0.to_radians());
    let (dlat, dlong) = (lat2 - lat1, (to.1 - from.1).to_radians());
    let half = (dlat / 2.0).sin().powi(2) + lat1.cos() * lat2.cos() * (dlong / 2.0).sin().powi(2);
    2.0 * EARTH_KM * half.sqrt().asin()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rome_is_about_480_kilometres_from_milan() {
        let km = distance((41.8933, 12.4829), (45.4642, 9.1896));
        assert!((470.0..490.0).contains(&km), "{km}");
    }

    #[test]
    fn the_order_of_hits_ends_ties_by_their_number() {
        let hit = |rank, tie| Hit {
            mark: Mark { rank, tie },
            score: 0.0,
            address: DocAddress::new(0, 0),
        };
        assert!(hit(2.0, 9) > hit(1.0, 1));
        assert!(hit(1.0, 1) > hit(1.0, 2));
        assert!(Mark { rank: 1.0, tie: 1 }.is_before(&Mark { rank: 1.0, tie: 2 }));
        assert!(!Mark { rank: 1.0, tie: 1 }.is_before(&Mark { rank: 1.0, tie: 1 }));
    }
}
