//! A formula evaluated over one segment, some thousands of documents at a time: every list of
//! postings adds its scores to plain arrays, which costs a few nanoseconds a posting where pulling
//! one document after the other through nested scorers costs ten times as many. Knows no words.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::BlockSegmentPostings;
use tantivy::query::{Bm25Weight, Scorer};
use tantivy::{DocId, DocSet, Score, TERMINATED};

/// So many documents are looked at together; their arrays stay in the processor's nearest cache.
const WIDTH: usize = 2048;

/// How the scores of parts become one.
#[derive(Debug, Clone, Copy)]
pub(super) enum Combine {
    /// The greatest, and this much of the others.
    Most(Score),
    /// Their sum, where at least so many parts match.
    Enough(usize),
    /// The sum of the first, which must match, and of the others, which may.
    With,
}

/// A part of a formula within a segment.
pub(super) enum Node {
    Postings(Box<Postings>),
    /// What only Tantivy can find, and what its score is multiplied with.
    Other(Box<dyn Scorer>, Score),
    Inner(Box<Inner>),
}

/// The documents that have a term.
pub(super) struct Postings {
    blocks: BlockSegmentPostings,
    /// The place of the next document in the current block.
    at: usize,
    worth: Worth,
}

/// What a posting is worth.
pub(super) enum Worth {
    Same(Score),
    Bm25(Bm25Weight, FieldNormReader),
}

/// Parts that are combined.
pub(super) struct Inner {
    parts: Vec<Node>,
    combine: Combine,
    slots: Slots,
}

/// What was found in the current window, by place. All zero between two windows.
struct Slots {
    matched: Vec<u64>,
    /// The greatest score where that counts, otherwise the sum.
    score: Vec<Score>,
    /// The sum of scores where the greatest counts.
    sum: Vec<Score>,
    /// How many parts matched, elsewhere.
    parts: Vec<u16>,
}

/// The documents from one number up to another.
#[derive(Clone, Copy)]
struct Window {
    from: DocId,
    to: DocId,
}

impl Window {
    fn at(from: DocId) -> Self {
        Self { from, to: from.saturating_add(WIDTH as DocId).min(TERMINATED) }
    }

    fn place(&self, document: DocId) -> usize {
        (document - self.from) as usize
    }
}

impl Node {
    /// The documents of these blocks.
    pub(super) fn postings(blocks: BlockSegmentPostings, worth: Worth) -> Self {
        Self::Postings(Box::new(Postings { blocks, at: 0, worth }))
    }

    /// Parts combined, in a segment that has so many documents.
    pub(super) fn inner(mut parts: Vec<Self>, combine: Combine, documents: DocId) -> Self {
        if matches!(combine, Combine::Enough(least) if least == parts.len()) {
            // What all parts must have is looked for among those of the rarest.
            parts.sort_by_key(Self::cost);
        }
        let slots = Slots::new(combine, WIDTH.min(documents as usize));
        Self::Inner(Box::new(Inner { parts, combine, slots }))
    }

    /// About how many documents have to be looked at.
    fn cost(&self) -> u64 {
        match self {
            Self::Postings(postings) => u64::from(postings.blocks.doc_freq()),
            Self::Other(scorer, _) => scorer.cost(),
            Self::Inner(inner) => inner.parts.iter().map(Self::cost).sum(),
        }
    }

    /// No document before this one is left to be found.
    fn next(&self) -> DocId {
        match self {
            Self::Postings(postings) => postings.next(),
            Self::Other(scorer, _) => scorer.doc(),
            Self::Inner(inner) => {
                let mut parts = inner.parts.iter().map(Self::next);
                let next = match inner.combine {
                    Combine::With => parts.next(),
                    Combine::Most(_) | Combine::Enough(0 | 1) => parts.min(),
                    Combine::Enough(least) => {
                        let mut parts: Vec<DocId> = parts.collect();
                        parts.sort_unstable();
                        parts.get(least - 1).copied()
                    }
                };
                next.unwrap_or(TERMINATED)
            }
        }
    }

    /// Calls `found` with the place and score of every match in a window, in order.
    fn each(&mut self, window: Window, found: impl FnMut(usize, Score)) {
        match self {
            Self::Postings(postings) => postings.each(window, found),
            Self::Other(scorer, boost) => each_scored(scorer.as_mut(), *boost, window, found),
            Self::Inner(inner) => {
                inner.fill(window);
                inner.slots.drain(inner.combine, found);
            }
        }
    }
}

fn each_scored(
    scorer: &mut dyn Scorer,
    boost: Score,
    window: Window,
    mut found: impl FnMut(usize, Score),
) {
    let mut document = scorer.doc();
    if document < window.from {
        document = scorer.seek(window.from);
    }
    while document < window.to {
        found(window.place(document), scorer.score() * boost);
        document = scorer.advance();
    }
}

impl Postings {
    fn next(&self) -> DocId {
        self.blocks.docs().get(self.at).copied().unwrap_or(TERMINATED)
    }

    fn each(&mut self, window: Window, mut found: impl FnMut(usize, Score)) {
        if self.next() < window.from {
            self.at = self.blocks.seek(window.from);
        }
        loop {
            let documents = self.blocks.docs();
            let rest = documents.get(self.at..).unwrap_or_default();
            let inside = rest.partition_point(|document| *document < window.to);
            let span = self.at..self.at + inside;
            match &self.worth {
                Worth::Same(score) => {
                    for document in &documents[span] {
                        found(window.place(*document), *score);
                    }
                }
                Worth::Bm25(weight, lengths) => {
                    for place in span {
                        let document = documents[place];
                        let length = lengths.fieldnorm_id(document);
                        let score = weight.score(length, self.blocks.freq(place));
                        found(window.place(document), score);
                    }
                }
            }
            self.at += inside;
            if inside < rest.len() || documents.is_empty() {
                return;
            }
            self.blocks.advance();
            self.at = 0;
        }
    }
}

impl Inner {
    /// Adds up what the parts find in a window.
    fn fill(&mut self, window: Window) {
        let Self { parts, combine, slots } = self;
        let all = parts.len();
        match *combine {
            Combine::Most(_) => {
                for part in parts.iter_mut().filter(|part| part.next() < window.to) {
                    part.each(window, |place, score| slots.raise(place, score));
                }
            }
            Combine::Enough(least) if least < all => {
                for part in parts.iter_mut().filter(|part| part.next() < window.to) {
                    part.each(window, |place, score| slots.add(place, score));
                }
            }
            Combine::Enough(_) | Combine::With => {
                let is_with = matches!(combine, Combine::With);
                for (number, part) in parts.iter_mut().enumerate() {
                    let before = if is_with { number.min(1) } else { number };
                    match before {
                        0 => part.each(window, |place, score| slots.add(place, score)),
                        _ if slots.is_empty() => return,
                        _ => part.each(window, |place, score| slots.join(place, score, before)),
                    }
                }
            }
        }
    }
}

impl Slots {
    fn new(combine: Combine, width: usize) -> Self {
        let is_most = matches!(combine, Combine::Most(_));
        let (sums, parts) = if is_most { (width, 0) } else { (0, width) };
        Self {
            matched: vec![0; width.div_ceil(64)],
            score: vec![0.0; width],
            sum: vec![0.0; sums],
            parts: vec![0; parts],
        }
    }

    fn is_empty(&self) -> bool {
        self.matched.iter().all(|word| *word == 0)
    }

    fn mark(&mut self, place: usize) {
        self.matched[place / 64] |= 1 << (place % 64);
    }

    /// A part of which the greatest score counts.
    fn raise(&mut self, place: usize, score: Score) {
        self.mark(place);
        self.score[place] = self.score[place].max(score);
        self.sum[place] += score;
    }

    /// A part that counts by itself.
    fn add(&mut self, place: usize, score: Score) {
        self.mark(place);
        self.score[place] += score;
        self.parts[place] = self.parts[place].saturating_add(1);
    }

    /// A part that counts only where at least so many were found before.
    fn join(&mut self, place: usize, score: Score, before: usize) {
        if usize::from(self.parts[place]) >= before {
            self.score[place] += score;
            self.parts[place] = self.parts[place].saturating_add(1);
        }
    }

    /// Gives what matches, in order, and forgets everything.
    fn drain(&mut self, combine: Combine, mut found: impl FnMut(usize, Score)) {
        for number in 0..self.matched.len() {
            let mut word = std::mem::take(&mut self.matched[number]);
            while word != 0 {
                let place = number * 64 + word.trailing_zeros() as usize;
                word &= word - 1;
                let score = std::mem::take(&mut self.score[place]);
                match combine {
                    Combine::Most(tie) => {
                        let sum = std::mem::take(&mut self.sum[place]);
                        found(place, score + (sum - score) * tie);
                    }
                    Combine::Enough(least) => {
                        let parts = std::mem::take(&mut self.parts[place]);
                        if usize::from(parts) >= least {
                            found(place, score);
                        }
                    }
                    Combine::With => {
                        self.parts[place] = 0;
                        found(place, score);
                    }
                }
            }
        }
    }
}

/// The matches of a formula in a segment, one after the other, for what joins them with others.
pub(super) struct Matches {
    root: Node,
    /// Those of the current window.
    found: Vec<(DocId, Score)>,
    at: usize,
    /// No document after the window was looked at.
    next: DocId,
    last: DocId,
}

impl Matches {
    /// The matches of a segment that has so many documents.
    pub(super) fn new(root: Node, documents: DocId) -> Self {
        let mut matches = Self { root, found: Vec::new(), at: 0, next: 0, last: documents };
        matches.refill();
        matches
    }

    /// Calls `found` with every match.
    pub(super) fn for_each(mut self, found: &mut dyn FnMut(DocId, Score)) {
        while self.at < self.found.len() {
            for (document, score) in &self.found {
                found(*document, *score);
            }
            self.at = self.found.len();
            self.refill();
        }
    }

    /// Looks into windows until one holds a match.
    fn refill(&mut self) {
        self.found.clear();
        self.at = 0;
        while self.found.is_empty() {
            self.next = self.next.max(self.root.next());
            if self.next >= self.last {
                return;
            }
            let window = Window::at(self.next);
            let found = &mut self.found;
            self.root
                .each(window, |place, score| found.push((window.from + place as DocId, score)));
            self.next = window.to;
        }
    }
}

impl DocSet for Matches {
    fn advance(&mut self) -> DocId {
        self.at += 1;
        if self.at >= self.found.len() {
            self.refill();
        }
        self.doc()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if target >= self.next {
            self.next = target;
            self.refill();
        } else {
            self.at += self.found[self.at.min(self.found.len())..]
                .partition_point(|(document, _)| *document < target);
            if self.at >= self.found.len() {
                self.refill();
            }
        }
        self.doc()
    }

    fn doc(&self) -> DocId {
        self.found.get(self.at).map_or(TERMINATED, |(document, _)| *document)
    }

    fn size_hint(&self) -> u32 {
        u32::try_from(self.root.cost()).unwrap_or(u32::MAX).min(self.last)
    }
}

impl Scorer for Matches {
    fn score(&mut self) -> Score {
        self.found.get(self.at).map_or(0.0, |(_, score)| *score)
    }
}
