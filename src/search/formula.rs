//! What a question asks of a record and how it is scored: words, and parts of which the best, the
//! sum or all count. A query of Tantivy that is evaluated in windows. Knows no language.

use super::windows::{Combine, Matches, Node, Worth};
use tantivy::fieldnorm::FieldNormReader;
use tantivy::query::{Bm25Weight, EmptyScorer, EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, SegmentReader, TantivyError, Term};

/// What is asked for.
#[derive(Debug)]
pub(super) enum Formula {
    /// A word, scored by BM25 times this; how often it is there counts only where that is said.
    Word { term: Term, boost: Score, frequent: bool },
    /// A term that is worth the same wherever it is.
    Having { term: Term, score: Score },
    /// What Tantivy finds, its scores times this.
    Other { query: Box<dyn Query>, boost: Score },
    /// Parts, of which the greatest score counts, and so much of the others.
    Most { parts: Vec<Self>, tie: Score },
    /// Parts whose scores are summed, where at least so many match.
    Enough { parts: Vec<Self>, least: usize },
    /// What must match, and what adds to its score.
    With { must: Box<Self>, more: Vec<Self> },
}

impl Formula {
    /// Any of these, their scores summed.
    pub(super) fn any(parts: Vec<Self>) -> Self {
        Self::Enough { parts, least: 1 }
    }

    /// All of these.
    pub(super) fn all(parts: Vec<Self>) -> Self {
        let least = parts.len();
        Self::Enough { parts, least }
    }

    /// What Tantivy finds.
    pub(super) fn other(query: Box<dyn Query>) -> Self {
        Self::Other { query, boost: 1.0 }
    }

    /// Any of these values, which add nothing to a score.
    pub(super) fn any_value(field: Field, values: &[String]) -> Self {
        let having =
            |value: &String| Self::Having { term: Term::from_field_text(field, value), score: 0.0 };
        Self::any(values.iter().map(having).collect())
    }

    fn weigh(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Weighed> {
        let weigh = |parts: &[Self]| -> tantivy::Result<Vec<Weighed>> {
            parts.iter().map(|part| part.weigh(scoring)).collect()
        };
        Ok(match self {
            Self::Word { term, boost, frequent } => Weighed::Term {
                term: term.clone(),
                frequent: *frequent,
                worth: match scoring {
                    EnableScoring::Enabled { statistics_provider, .. } => {
                        let term = std::slice::from_ref(term);
                        let weight = Bm25Weight::for_terms(statistics_provider, term)?;
                        Ok(weight.boost_by(*boost))
                    }
                    EnableScoring::Disabled { .. } => Err(*boost),
                },
            },
            Self::Having { term, score } => {
                Weighed::Term { term: term.clone(), frequent: false, worth: Err(*score) }
            }
            Self::Other { query, boost } => Weighed::Other(query.weight(scoring)?, *boost),
            Self::Most { parts, tie } => Weighed::Inner(weigh(parts)?, Combine::Most(*tie)),
            Self::Enough { parts, least } => {
                Weighed::Inner(weigh(parts)?, Combine::Enough((*least).max(1)))
            }
            Self::With { must, more } => {
                let mut parts = vec![must.weigh(scoring)?];
                parts.extend(weigh(more)?);
                Weighed::Inner(parts, Combine::With)
            }
        })
    }
}

impl Clone for Formula {
    fn clone(&self) -> Self {
        match self {
            Self::Word { term, boost, frequent } => {
                Self::Word { term: term.clone(), boost: *boost, frequent: *frequent }
            }
            Self::Having { term, score } => Self::Having { term: term.clone(), score: *score },
            Self::Other { query, boost } => Self::Other { query: query.box_clone(), boost: *boost },
            Self::Most { parts, tie } => Self::Most { parts: parts.clone(), tie: *tie },
            Self::Enough { parts, least } => Self::Enough { parts: parts.clone(), least: *least },
            Self::With { must, more } => Self::With { must: must.clone(), more: more.clone() },
        }
    }
}

impl Query for Formula {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.weigh(scoring)?))
    }

    fn query_terms<'a>(&'a self, visitor: &mut dyn FnMut(&'a Term, bool)) {
        match self {
            Self::Word { term, .. } | Self::Having { term, .. } => visitor(term, false),
            Self::Other { query, .. } => query.query_terms(visitor),
            Self::Most { parts, .. } | Self::Enough { parts, .. } => {
                parts.iter().for_each(|part| part.query_terms(visitor));
            }
            Self::With { must, more } => {
                must.query_terms(visitor);
                more.iter().for_each(|part| part.query_terms(visitor));
            }
        }
    }
}

/// A formula with what the whole index tells of its words.
enum Weighed {
    Term {
        term: Term,
        frequent: bool,
        /// BM25, or the same score everywhere.
        worth: Result<Bm25Weight, Score>,
    },
    Other(Box<dyn Weight>, Score),
    Inner(Vec<Self>, Combine),
}

impl Weighed {
    /// What there is of it in a segment; nothing where it cannot match there.
    fn open(&self, reader: &SegmentReader) -> tantivy::Result<Option<Node>> {
        Ok(match self {
            Self::Term { term, frequent, worth } => {
                let option = match frequent {
                    true => IndexRecordOption::WithFreqs,
                    false => IndexRecordOption::Basic,
                };
                let index = reader.inverted_index(term.field())?;
                let Some(blocks) = index.read_block_postings(term, option)? else {
                    return Ok(None);
                };
                let worth = match worth {
                    Err(score) => Worth::Same(*score),
                    Ok(weight) => {
                        let lengths = reader.fieldnorms_readers().get_field(term.field())?;
                        let same = || FieldNormReader::constant(reader.max_doc(), 1);
                        Worth::Bm25(weight.clone(), lengths.unwrap_or_else(same))
                    }
                };
                Some(Node::postings(blocks, worth))
            }
            Self::Other(weight, boost) => {
                let scorer = weight.scorer(reader, 1.0)?;
                (scorer.doc() != tantivy::TERMINATED).then_some(Node::Other(scorer, *boost))
            }
            Self::Inner(parts, combine) => {
                let mut nodes = Vec::with_capacity(parts.len());
                for (number, part) in parts.iter().enumerate() {
                    match part.open(reader)? {
                        Some(node) => nodes.push(node),
                        None if number == 0 && matches!(combine, Combine::With) => return Ok(None),
                        None => {}
                    }
                }
                let least = match combine {
                    Combine::Enough(least) => *least,
                    _ => 1,
                };
                match nodes.len() {
                    found if found < least => None,
                    1 => nodes.pop(),
                    _ => Some(Node::inner(nodes, *combine, reader.max_doc())),
                }
            }
        })
    }
}

impl Weight for Weighed {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        let Some(root) = self.open(reader)? else { return Ok(Box::new(EmptyScorer)) };
        let root = match boost == 1.0 {
            true => root,
            false => Node::Other(Box::new(Matches::new(root, reader.max_doc())), boost),
        };
        Ok(Box::new(Matches::new(root, reader.max_doc())))
    }

    fn for_each(
        &self,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score),
    ) -> tantivy::Result<()> {
        if let Some(root) = self.open(reader)? {
            Matches::new(root, reader.max_doc()).for_each(callback);
        }
        Ok(())
    }

    fn explain(&self, reader: &SegmentReader, document: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.scorer(reader, 1.0)?;
        match scorer.seek(document) == document {
            true => Ok(Explanation::new("a formula over words and concepts", scorer.score())),
            false => {
                Err(TantivyError::InvalidArgument(format!("document {document} does not match")))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;
    use std::sync::LazyLock;
    use tantivy::query::{
        BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, Occur, TermQuery,
    };
    use tantivy::schema::{Schema, TEXT};
    use tantivy::{DocAddress, Index, Searcher};

    const WORDS: [&str; 6] = ["nido", "asilo", "anziani", "comune", "rete", "mai"];

    /// Words of which the first is in every second document and each other one in a third of
    /// those of the one before, the last in none; three segments, one of them with deletions.
    static INDEX: LazyLock<(Searcher, Field)> = LazyLock::new(|| {
        let mut schema = Schema::builder();
        let field = schema.add_text_field("text", TEXT);
        let index = Index::create_in_ram(schema.build());
        let mut writer = index.writer_with_num_threads(1, 20_000_000).unwrap();
        writer.set_merge_policy(Box::new(tantivy::merge_policy::NoMergePolicy));
        for number in 0_u32..13_000 {
            let mixed = number.wrapping_mul(2_654_435_761) >> 7;
            let has = |place: &usize| mixed % (2 * 3_u32.pow(*place as u32)) == 0;
            let list = (0..WORDS.len() - 1).filter(has);
            let list = list.map(|place| format!("{} ", WORDS[place]).repeat(1 + place % 3));
            let filler = "parola ".repeat((number % 40) as usize);
            let text = format!("n{number} {filler}{}", list.collect::<String>());
            writer.add_document(tantivy::doc!(field => text)).unwrap();
            if number == 7_000 || number == 9_000 {
                writer.commit().unwrap();
            }
        }
        for number in (7_100..8_900).step_by(3) {
            writer.delete_term(Term::from_field_text(field, &format!("n{number}")));
        }
        writer.commit().unwrap();
        (index.reader().unwrap().searcher(), field)
    });

    fn formulas() -> impl Strategy<Value = Formula> {
        let term = |place: usize| Term::from_field_text(INDEX.1, WORDS[place]);
        let leaf =
            (0..WORDS.len(), 1_u8..4, any::<bool>()).prop_map(move |(place, boost, same)| {
                let (term, boost) = (term(place), f32::from(boost));
                match same {
                    true => Formula::Having { term, score: boost },
                    false => Formula::Word { term, boost, frequent: place % 2 == 0 },
                }
            });
        leaf.prop_recursive(3, 20, 4, |inner| {
            let parts = prop::collection::vec(inner, 1..5);
            (parts, 0_u8..5, 0_usize..5).prop_map(|(mut parts, kind, least)| match kind {
                0 => Formula::Most { parts, tie: 0.3 },
                1 => Formula::all(parts),
                2 => Formula::Enough { least: least.min(parts.len()), parts },
                3 => Formula::With { must: Box::new(parts.swap_remove(0)), more: parts },
                _ => Formula::Other { query: Box::new(Formula::any(parts)), boost: 2.0 },
            })
        })
    }

    /// The same out of Tantivy's own queries.
    fn told(formula: &Formula) -> Box<dyn Query> {
        let all = |parts: &[Formula]| parts.iter().map(told).collect::<Vec<_>>();
        match formula {
            Formula::Word { term, boost, frequent } => {
                let option = match frequent {
                    true => IndexRecordOption::WithFreqs,
                    false => IndexRecordOption::Basic,
                };
                let query = Box::new(TermQuery::new(term.clone(), option));
                Box::new(BoostQuery::new(query, *boost))
            }
            Formula::Having { term, score } => {
                let query = TermQuery::new(term.clone(), IndexRecordOption::Basic);
                Box::new(ConstScoreQuery::new(Box::new(query), *score))
            }
            Formula::Other { query, boost } => {
                let inner = query.downcast_ref::<Formula>().expect("tests hold formulas only");
                Box::new(BoostQuery::new(told(inner), *boost))
            }
            Formula::Most { parts, tie } => {
                Box::new(DisjunctionMaxQuery::with_tie_breaker(all(parts), *tie))
            }
            Formula::Enough { parts, least } => Box::new(
                BooleanQuery::union_with_minimum_required_clauses(all(parts), (*least).max(1)),
            ),
            Formula::With { must, more } => {
                let mut clauses = vec![(Occur::Must, told(must))];
                clauses.extend(all(more).into_iter().map(|query| (Occur::Should, query)));
                Box::new(BooleanQuery::new(clauses))
            }
        }
    }

    fn matches(query: &dyn Query) -> BTreeMap<DocAddress, Score> {
        let searcher = &INDEX.0;
        let weight = query.weight(EnableScoring::enabled_from_searcher(searcher)).unwrap();
        let mut found = BTreeMap::new();
        for (number, reader) in searcher.segment_readers().iter().enumerate() {
            let mut keep = |document: DocId, score: Score| {
                if reader.alive_bitset().is_none_or(|alive| alive.is_alive(document)) {
                    found.insert(DocAddress::new(number as u32, document), score);
                }
            };
            weight.for_each(reader, &mut keep).unwrap();
        }
        found
    }

    fn compare(own: &BTreeMap<DocAddress, Score>, other: &BTreeMap<DocAddress, Score>) {
        assert_eq!(own.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
        for (own, other) in own.values().zip(other.values()) {
            assert!((own - other).abs() <= 1e-4 * other.abs().max(1.0), "{own} {other}");
        }
    }

    #[test]
    fn the_test_s_index_holds_what_it_says() {
        let term = Term::from_field_text(INDEX.1, WORDS[2]);
        let found = matches(&Formula::Having { term, score: 1.0 });
        assert!((500..900).contains(&found.len()), "{}", found.len());
        assert_eq!(INDEX.0.segment_readers().len(), 3);
        assert!(INDEX.0.segment_readers().iter().any(SegmentReader::has_deletes));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]
        #[test]
        fn formulas_find_and_score_what_tantivy_s_own_queries_do(formula in formulas()) {
            let expected = matches(told(&formula).as_ref());
            compare(&matches(&formula), &expected);
            // One document after the other, from places that another query chooses.
            let term = Term::from_field_text(INDEX.1, WORDS[1]);
            let narrow = TermQuery::new(term, IndexRecordOption::Basic);
            let joined = |query: Box<dyn Query>| {
                matches(&BooleanQuery::new(vec![
                    (Occur::Must, query),
                    (Occur::Must, Box::new(ConstScoreQuery::new(Box::new(narrow.clone()), 0.0))),
                ]))
            };
            compare(&joined(Box::new(formula.clone())), &joined(told(&formula)));
        }
    }
}
