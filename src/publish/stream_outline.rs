//! Where the pages of a stream begin and end: every so many events of the log in its order, so that
//! a page once full is the same for ever. Knows the tree over the pages, nothing of what is in them.

use super::publication::{Publication, PublishError};
use crate::store::{Choice, Event, Place};

/// How many members a page holds.
pub const PAGE: u64 = 250;
/// How many nodes an index node leads to.
pub const WIDTH: u64 = 100;
/// How many events are read at once.
const BATCH: i64 = 2_000;

/// A node of a stream's tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Spot {
    /// The entrance, which leads to the uppermost nodes.
    Root,
    /// An index node: its level, from 1, and its number, from 1. One of level 1 leads to pages.
    Index(u32, u64),
    /// A page, by its number from 1.
    Page(u64),
}

/// Where some events begin and end, in place and time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    pub first: Place,
    pub last: Place,
    pub from: String,
    pub until: String,
}

/// What a node leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Child {
    pub spot: Spot,
    pub span: Span,
    pub is_closed: bool,
}

/// The pages of one stream, as far as it was read.
#[derive(Debug, Default)]
pub struct Outline {
    /// Up to where the log was read.
    read: Place,
    /// How many events there are.
    count: u64,
    /// One for each page, also for one that is not full yet.
    pages: Vec<Span>,
}

impl Outline {
    /// Reads what was published since the last time. What a batch brings is kept at once, so nothing
    /// is lost where whoever waits for it goes away.
    pub async fn extend(
        &mut self,
        publication: &Publication,
        choice: &Choice,
    ) -> Result<(), PublishError> {
        let through = publication.through();
        while self.read < end_of(through) {
            let events = publication.log().events(choice, self.read, through, BATCH).await?;
            let is_last = (events.len() as i64) < BATCH;
            for event in events {
                self.push(event);
            }
            if is_last {
                self.read = end_of(through);
            }
        }
        Ok(())
    }

    fn push(&mut self, event: Event) {
        self.read = event.place;
        let is_new = self.count.is_multiple_of(PAGE);
        self.count += 1;
        match self.pages.last_mut().filter(|_| !is_new) {
            Some(page) => (page.last, page.until) = (event.place, event.at),
            None => self.pages.push(Span {
                first: event.place,
                last: event.place,
                from: event.at.clone(),
                until: event.at,
            }),
        }
    }

    /// How many events there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// What a node covers: all its pages. Nothing where the stream is empty, or the node is not
    /// there yet.
    pub fn span(&self, spot: Spot) -> Option<Span> {
        let pages = match spot {
            Spot::Root => 1..=self.page_count(),
            Spot::Index(level, _) if level == 0 || level > self.height() => return None,
            Spot::Index(level, number) => self.covered(level, number)?,
            Spot::Page(number) => number..=number,
        };
        let (first, last) = (self.page(*pages.start())?, self.page(*pages.end())?);
        Some(Span {
            first: first.first,
            last: last.last,
            from: first.from.clone(),
            until: last.until.clone(),
        })
    }

    /// Whether a node never changes again.
    pub fn is_closed(&self, spot: Spot) -> bool {
        let full = self.count / PAGE;
        match spot {
            Spot::Root => false,
            Spot::Index(level, number) => pages_below(level)
                .and_then(|size| size.checked_mul(number))
                .is_some_and(|last| last <= full),
            Spot::Page(number) => number <= full,
        }
    }

    /// What a node leads to, in order.
    pub fn children(&self, spot: Spot) -> Vec<Child> {
        let (level, numbers) = match spot {
            Spot::Page(_) => return Vec::new(),
            Spot::Root => (self.height(), 1..=WIDTH),
            Spot::Index(level, number) => {
                let before = number.saturating_sub(1).saturating_mul(WIDTH);
                (level.saturating_sub(1), before.saturating_add(1)..=before.saturating_add(WIDTH))
            }
        };
        let spots = numbers.map(|number| match level {
            0 => Spot::Page(number),
            level => Spot::Index(level, number),
        });
        spots
            .map_while(|spot| {
                let span = self.span(spot)?;
                Some(Child { spot, span, is_closed: self.is_closed(spot) })
            })
            .collect()
    }

    fn page_count(&self) -> u64 {
        self.pages.len() as u64
    }

    fn page(&self, number: u64) -> Option<&Span> {
        self.pages.get(usize::try_from(number.checked_sub(1)?).ok()?)
    }

    /// The level of the nodes below the root, 0 where these are pages.
    fn height(&self) -> u32 {
        let (mut height, mut nodes) = (0, self.page_count());
        while nodes > WIDTH {
            (height, nodes) = (height + 1, nodes.div_ceil(WIDTH));
        }
        height
    }

    /// The pages below an index node, as far as they are there.
    fn covered(&self, level: u32, number: u64) -> Option<std::ops::RangeInclusive<u64>> {
        let size = pages_below(level)?;
        let first = number.checked_sub(1)?.checked_mul(size)?.checked_add(1)?;
        let last = first.checked_add(size - 1)?.min(self.page_count());
        (first <= last).then_some(first..=last)
    }
}

/// How many pages a full index node of a level covers.
fn pages_below(level: u32) -> Option<u64> {
    WIDTH.checked_pow(level)
}

/// After everything in a change.
fn end_of(seq: u64) -> Place {
    Place { seq, position: i64::MAX }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outline(events: u64) -> Outline {
        let mut outline = Outline::default();
        for number in 1..=events {
            let place = Place { seq: number, position: 1 };
            outline.push(Event { place, at: format!("moment {number}"), is_shared: false });
        }
        outline
    }

    #[test]
    fn pages_are_full_before_another_begins() {
        assert!(outline(0).children(Spot::Root).is_empty());
        let two = outline(PAGE + 1);
        let pages = two.children(Spot::Root);
        assert_eq!(pages.len(), 2);
        assert_eq!((pages[0].spot, pages[0].is_closed), (Spot::Page(1), true));
        assert_eq!((pages[1].spot, pages[1].is_closed), (Spot::Page(2), false));
        assert_eq!(pages[0].span.last.seq, PAGE);
        assert_eq!(pages[1].span.from, format!("moment {}", PAGE + 1));
        assert_eq!(outline(PAGE).children(Spot::Root).len(), 1);
        assert_eq!(two.span(Spot::Page(3)), None);
        assert_eq!(two.span(Spot::Page(0)), None);
        assert_eq!(two.span(Spot::Index(1, 1)), None, "no index node before one is needed");
    }

    #[test]
    fn no_node_is_wider_than_the_others_and_all_pages_are_below_the_root() {
        for pages in [100, 101, 10_000, 10_001] {
            let mut outline = Outline { count: pages * PAGE, ..Outline::default() };
            outline.pages = (1..=pages)
                .map(|number| {
                    let place = Place { seq: number, position: 1 };
                    let at = number.to_string();
                    Span { first: place, last: place, from: at.clone(), until: at }
                })
                .collect();
            let (mut found, mut open) = (Vec::new(), vec![Spot::Root]);
            while let Some(spot) = open.pop() {
                let children = outline.children(spot);
                assert!(children.len() as u64 <= WIDTH);
                for child in children.iter().rev() {
                    assert_eq!(outline.span(child.spot).as_ref(), Some(&child.span));
                    open.push(child.spot);
                }
                if let Spot::Page(number) = spot {
                    found.push(number);
                }
            }
            assert_eq!(found, (1..=pages).collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_index_node_is_closed_when_all_it_can_lead_to_is() {
        let outline = |pages: u64| Outline {
            count: pages * PAGE,
            pages: vec![
                Span {
                    first: Place::default(),
                    last: Place::default(),
                    from: String::new(),
                    until: String::new(),
                };
                usize::try_from(pages).unwrap()
            ],
            ..Outline::default()
        };
        assert!(outline(101).is_closed(Spot::Index(1, 1)));
        assert!(!outline(101).is_closed(Spot::Index(1, 2)));
        assert_eq!(outline(101).children(Spot::Index(1, 2)).len(), 1);
        assert_eq!(outline(101).span(Spot::Index(1, u64::MAX)), None);
        assert_eq!(outline(101).span(Spot::Index(60, 1)), None);
        assert!(!outline(101).is_closed(Spot::Index(u32::MAX, 1)));
    }
}
