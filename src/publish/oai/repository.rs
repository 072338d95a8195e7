//! The repository: requests of harvesters answered from the published log. OAI-PMH 2.0, section 4.
//! Knows no HTTP; a refusal is an answer too.

use super::ask::{self, Format, Listing, Request, Selection};
use super::dublin::named;
use super::harvest::{Harvest, Page};
use super::item::Item;
use super::names::Names;
use super::refusal::{Code, Refusal};
use super::set::Set;
use super::token::Token;
use super::write::{Told, Turn, Writer, Written, document};
use crate::iri::KINDS;
use crate::publish::catalog::Catalog;
use crate::publish::hashing::mark;
use crate::publish::publication::{Publication, PublishError};
use crate::store::{LogError, Place};
use jiff::Timestamp;
use oxigraph::model::Literal;
use std::collections::BTreeSet;

/// Everything this node publishes, for harvesters. Clones share it.
#[derive(Clone)]
pub struct Repository {
    publication: Publication,
    catalog: Catalog,
}

/// An answer.
#[derive(Debug)]
pub struct Answer {
    /// The XML document.
    pub body: String,
    /// Another tag, another content; the date of the answer is no part of it.
    pub tag: String,
}

/// What is told, and the change up to which it was read.
struct Found {
    told: Told,
    through: u64,
}

impl Repository {
    /// The repository of a publication; the catalogue knows who runs it.
    pub fn new(publication: Publication, catalog: Catalog) -> Self {
        Self { publication, catalog }
    }

    /// Answers a request with these arguments, verb included.
    ///
    /// Harvesters ask next time for what is new since the date of this answer. It is the present moment
    /// unless something is on its way that will bear an earlier one: then it is that earlier moment, so
    /// that nothing falls between two harvests.
    pub async fn answer(
        &self,
        arguments: Vec<(String, String)>,
        now: Timestamp,
    ) -> Result<Answer, PublishError> {
        let through = self.publication.through();
        let found = match ask::read(&arguments) {
            Ok(request) => self.found(request, through).await?,
            Err(refusals) => Found { told: Told::Refused(refusals), through },
        };
        let unread = self.publication.unread_since(found.through).await?;
        let date = unread.map_or(now, |unread| unread.min(now));
        let repository = self.clone();
        let write = move || {
            let writer =
                Writer { base: repository.publication.base(), catalog: &repository.catalog };
            let is_understood = match &found.told {
                Told::Refused(refusals) => refusals.iter().all(|one| one.code.is_understood()),
                _ => true,
            };
            let repeated = if is_understood { &arguments[..] } else { &[] };
            let content = writer.content(repeated, &found.told);
            let tag = format!("{:016x}", mark(&content));
            Answer { body: document(date, &content), tag }
        };
        Ok(tokio::task::spawn_blocking(write).await?)
    }

    async fn found(&self, request: Request, through: u64) -> Result<Found, LogError> {
        let told = match request {
            Request::Identify => Told::Identify(self.earliest().await?),
            Request::Formats { identifier: None } => Told::Formats,
            Request::Formats { identifier: Some(identifier) } => {
                match self.harvest(through).item(&identifier).await? {
                    Some(_) => Told::Formats,
                    None => unknown(&identifier),
                }
            }
            Request::Sets => Told::Sets(self.sets(through).await?),
            Request::Record { identifier, format } => {
                match self.harvest(through).item(&identifier).await? {
                    Some(item) => Told::Record(self.written(vec![item], format, through).await?),
                    None => unknown(&identifier),
                }
            }
            Request::List(listing, selection) => self.first(listing, selection, through).await?,
            Request::Resume(listing, text) => return self.next(listing, &text, through).await,
        };
        Ok(Found { told, through })
    }

    fn harvest(&self, through: u64) -> Harvest<'_> {
        Harvest { publication: &self.publication, through }
    }

    /// The moment of the first change.
    async fn earliest(&self) -> Result<Timestamp, LogError> {
        let Some(first) = self.publication.log().change(1).await? else {
            return Ok(Timestamp::UNIX_EPOCH);
        };
        first.at.parse().map_err(|_| LogError::Damaged {
            seq: 1,
            what: "the moment of the change cannot be read".to_owned(),
        })
    }

    /// All sets: every kind, and every source that has published something.
    async fn sets(&self, through: u64) -> Result<Vec<(Set, String)>, LogError> {
        let (base, log) = (self.publication.base(), self.publication.log());
        let mut sets = vec![Set::Kinds];
        sets.extend(KINDS.into_iter().map(Set::Kind));
        sets.push(Set::Sources);
        let graphs = log.publishing_graphs(&base.id(), through).await?;
        let sources: Vec<&str> = graphs.iter().filter_map(|graph| base.source_of(graph)).collect();
        sets.extend(sources.iter().map(|source| Set::Source((*source).to_owned())));
        let records = sources.iter().map(|source| base.record("attore", source)).collect();
        let names = Names::read(log, through, records).await?;
        let named = sets.into_iter().map(|set| {
            let own = match &set {
                Set::Source(source) => italian(names.of(&base.record("attore", source))),
                _ => None,
            };
            let name = own.map_or_else(|| set.name(), |name| name.value().to_owned());
            (set, name)
        });
        Ok(named.collect())
    }

    /// The first page of a list, which is the state at the last published change.
    async fn first(
        &self,
        listing: Listing,
        selection: Selection,
        through: u64,
    ) -> Result<Told, LogError> {
        let harvest = self.harvest(through);
        let (seq, until) = harvest.window(&selection).await?;
        let after = Place { seq, position: i64::MAX };
        let page = harvest.page(selection.set.as_ref(), after, until).await?;
        if page.items.is_empty() {
            let text = "no record was changed in this time in this set; leave arguments out, or ask \
                        for another time";
            return Ok(Told::Refused(vec![Refusal::new(Code::NoRecordsMatch, text)]));
        }
        let token = Token {
            listing,
            format: selection.format,
            set: selection.set,
            snapshot: through,
            until,
            after,
            count: 0,
        };
        self.turned(page, token).await
    }

    /// The page of a list that a token leads to.
    async fn next(&self, listing: Listing, text: &str, through: u64) -> Result<Found, LogError> {
        let refused = || Found { told: Told::Refused(vec![Refusal::token()]), through };
        let own = Token::read(text).filter(|t| t.listing == listing && t.snapshot <= through);
        let Some(token) = own else { return Ok(refused()) };
        let Some(seal) = self.seal(token.snapshot).await? else { return Ok(refused()) };
        if token.write(&seal) != text {
            return Ok(refused());
        }
        let harvest = self.harvest(token.snapshot);
        let page = harvest.page(token.set.as_ref(), token.after, token.until).await?;
        if page.items.is_empty() {
            return Ok(refused());
        }
        let through = token.snapshot;
        Ok(Found { told: self.turned(page, token).await?, through })
    }

    /// What binds tokens to the log up to a change: its chain of hashes, and this node's address.
    async fn seal(&self, seq: u64) -> Result<Option<String>, LogError> {
        let change = self.publication.log().change(seq).await?;
        Ok(change.map(|change| format!("{} {}", self.publication.base().as_str(), change.hash)))
    }

    /// A page as it is told, with the token for the one after it; `token` is that of the page itself.
    async fn turned(&self, page: Page, token: Token) -> Result<Told, LogError> {
        let Page { items, more_after } = page;
        let (cursor, listing, format) = (token.count, token.listing, token.format);
        let snapshot = token.snapshot;
        let count = cursor + items.len() as u64;
        let next = match (more_after, self.seal(snapshot).await?) {
            (Some(after), Some(seal)) => Some(Token { after, count, ..token }.write(&seal)),
            _ => None,
        };
        let is_whole = cursor == 0 && next.is_none();
        let turn = (!is_whole).then_some(Turn { cursor, token: next });
        Ok(match listing {
            Listing::Identifiers => Told::Headers(items, turn),
            Listing::Records => Told::Records(self.written(items, format, snapshot).await?, turn),
        })
    }

    /// Records with the names that their format shows.
    async fn written(
        &self,
        items: Vec<Item>,
        format: Format,
        through: u64,
    ) -> Result<Written, LogError> {
        let base = self.publication.base();
        let records: BTreeSet<String> = match format {
            Format::DublinCore => {
                let there = items.iter().filter(|item| item.statements.is_some());
                there.flat_map(|item| named(base, item)).collect()
            }
            Format::Rdf => BTreeSet::new(),
        };
        let names = Names::read(self.publication.log(), through, records).await?;
        Ok(Written { items, format, names })
    }
}

fn unknown(identifier: &str) -> Told {
    let text = format!("there is no record {identifier}; ListIdentifiers tells all");
    Told::Refused(vec![Refusal::new(Code::IdDoesNotExist, text)])
}

/// The Italian name, else any.
fn italian(names: &[Literal]) -> Option<&Literal> {
    names.iter().find(|name| name.language() == Some("it")).or_else(|| names.first())
}
