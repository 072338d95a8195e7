//! Records read from the log for a harvest: one, or a page of those that were changed in a time.
//! Every page of a list is of the same state, so what is written meanwhile moves nothing.

use super::ask::Selection;
use super::item::Item;
use super::moment::Moment;
use super::set::Set;
use crate::publish::publication::Publication;
use crate::store::{Choice, LogError, Place, Revision};

/// How many records stand on a page.
pub const PAGE: usize = 100;

/// The records as they were at a change.
pub struct Harvest<'h> {
    pub publication: &'h Publication,
    pub through: u64,
}

/// Records, and the place of the last one where more come after it.
pub struct Page {
    pub items: Vec<Item>,
    pub more_after: Option<Place>,
}

impl Harvest<'_> {
    /// One record; none where no version of it was ever published.
    pub async fn item(&self, identifier: &str) -> Result<Option<Item>, LogError> {
        if !identifier.starts_with(&self.publication.base().id()) {
            return Ok(None);
        }
        let revisions = self.publication.log().revision_of(identifier, self.through).await?;
        self.put_together(identifier, revisions).await
    }

    async fn put_together(
        &self,
        identifier: &str,
        revisions: Vec<Revision>,
    ) -> Result<Option<Item>, LogError> {
        let (base, log) = (self.publication.base(), self.publication.log());
        let mut published = Vec::with_capacity(revisions.len());
        for revision in revisions {
            // Most versions tell by themselves whether one was published before them.
            let is_plain = revision.after.is_some() || revision.follows;
            if is_plain || log.was_published(revision.record, self.through).await? {
                published.push(revision);
            }
        }
        Item::of(base, identifier, &published)
    }

    /// The changes between which the last changes of the records lie that were made in a time, the
    /// first one excluded.
    pub async fn window(&self, selection: &Selection) -> Result<(u64, u64), LogError> {
        let log = self.publication.log();
        let after = match selection.from.as_ref().map(Moment::before) {
            Some(moment) => log.change_at(moment).await?,
            None => 0,
        };
        let until = match selection.until {
            Some(moment) => log.change_at(moment.last).await?,
            None => self.through,
        };
        Ok((after, until.min(self.through)))
    }

    /// A page of the records after a place, of those whose last change is `until` or before it.
    pub async fn page(
        &self,
        set: Option<&Set>,
        after: Place,
        until: u64,
    ) -> Result<Page, LogError> {
        let log = self.publication.log();
        let Some(choice) = self.choice(set).await? else {
            return Ok(Page { items: Vec::new(), more_after: None });
        };
        let more = PAGE as i64 + 1;
        let mut listed = log.items(&choice, after, (until, self.through), more).await?;
        let has_more = listed.len() > PAGE;
        listed.truncate(PAGE);
        let more_after = listed.last().map(|(place, _)| *place).filter(|_| has_more);
        let records = listed.into_iter().map(|(_, record)| record).collect::<Vec<_>>();
        let asked = records.iter().cloned().collect();
        let mut found = log.revisions_of(&asked, self.through).await?;
        let mut items = Vec::with_capacity(records.len());
        for record in &records {
            let revisions = found.remove(record).unwrap_or_default();
            items.extend(self.put_together(record, revisions).await?);
        }
        Ok(Page { items, more_after })
    }

    /// The choice that a set is; none where nothing can be in it.
    async fn choice(&self, set: Option<&Set>) -> Result<Option<Choice>, LogError> {
        let publication = self.publication;
        Ok(Some(match set {
            None | Some(Set::Kinds | Set::Sources) => publication.choice(None, None),
            Some(Set::Kind(kind)) => publication.choice(Some(kind), None),
            Some(Set::Source(source)) => {
                let choice = publication.choice(None, Some(source));
                let graph = choice.graph.as_deref().unwrap_or_default();
                // Else the whole log would be searched for what is not there.
                if !publication.log().knows_graph(graph).await? {
                    return Ok(None);
                }
                choice
            }
        }))
    }
}
